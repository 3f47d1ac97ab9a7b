"""Reads a code frame from a CSV file or a workbook: one row for each code, retired ones too.

    code, parent, label::en, label::bn, definition, include, exclude, example, missing,
    since, until, replaced_by

Only `code` and a label are needed. Every fault is found before any is told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from survey_kit.cleaning.coding.frame import Code, CodeFrame
from survey_kit.cleaning.spelling import did_you_mean
from survey_kit.errors import CodingError, Fault, FileProblem
from survey_kit.questionnaire.model import Missing
from survey_kit.responses.readers.text_table import TextTable, read_csv, read_workbook

COLUMNS = (
    "code",
    "parent",
    "label",
    "definition",
    "include",
    "exclude",
    "example",
    "missing",
    "since",
    "until",
    "replaced_by",
)
SHEET = "codes"
"""The sheet of a workbook that holds the frame, where there are several."""

TOKEN = re.compile(r"[^\W\d_][\w.-]*|\d[\w.-]*")
"""A code: letters of any script, digits, and _ . - inside; no spaces, as choices of a form."""

MISSING = {each.value: each for each in Missing}


def read_frame(path: Path) -> CodeFrame:
    """A code frame.

    Raises
    ------
    FileProblem
        If there is no such file, or it is neither CSV nor a workbook.
    CodingError
        With every fault of its rows.
    """
    table = _table(path)
    faults: list[Fault] = []
    columns = _columns(path.name, table.header, faults)
    if faults:
        raise CodingError.from_faults(faults)
    codes: dict[str, Code] = {}
    for number, row in enumerate(table.cells.itertuples(index=False), start=2):
        cells = {name: str(row[at]).strip() for name, at in columns.items()}
        if not any(cells.values()):
            continue
        where = f"{path.name}, row {number}"
        found = _code(where, cells, faults)
        if found.code in codes:
            faults.append(
                Fault(where, f"the code {found.code!r} stands here twice", "Keep one of the two")
            )
        codes.setdefault(found.code, found)
    if not codes:
        faults.append(Fault(path.name, "it holds no code", "Add a row for each code"))
    _references(path.name, codes, faults)
    if faults:
        raise CodingError.from_faults(faults)
    languages = [name.removeprefix("label::") for name in columns if name.startswith("label::")]
    return CodeFrame(path.stem, tuple(codes.values()), tuple(languages) or ("default",))


def _table(path: Path) -> TextTable:
    if not path.is_file():
        raise FileProblem(path.name, "there is no such file", "Check the path")
    if path.suffix.lower() in (".csv", ".tsv", ".txt"):
        return read_csv(path)
    if path.suffix.lower() not in (".xlsx", ".xlsm"):
        raise FileProblem(path.name, "it is neither CSV nor a workbook", "Save it as .csv or .xlsx")
    sheets = read_workbook(path)
    named = [each for each in sheets if each.name.strip().lower() == SHEET]
    return (named or sheets)[0]


def _columns(file: str, header: tuple[str, ...], faults: list[Fault]) -> Mapping[str, int]:
    """What each column is -> where it stands."""
    found: dict[str, int] = {}
    for at, heading in enumerate(header):
        name = heading.strip()
        first, _, language = name.partition("::")
        known = first.strip().lower().replace(" ", "_")
        if not name:
            continue
        if known not in COLUMNS or (language and known != "label"):
            faults.append(
                Fault(
                    f"{file}, column {name!r}",
                    "a code frame has no such column",
                    did_you_mean(known, COLUMNS),
                )
            )
            continue
        key = f"label::{language.strip()}" if known == "label" else known
        key = "label::default" if key == "label::" else key
        if key in found:
            faults.append(Fault(f"{file}, column {name!r}", "it stands here twice", "Keep one"))
        found[key] = at
    if "code" not in found:
        faults.append(Fault(file, "it has no column 'code'", "Name one so"))
    if not any(key.startswith("label::") for key in found):
        faults.append(
            Fault(file, "it has no column of labels", "Name one 'label', or 'label::en' and so on")
        )
    return found


def _code(where: str, cells: Mapping[str, str], faults: list[Fault]) -> Code:
    code = cells["code"]
    if not TOKEN.fullmatch(code):
        what = "a code is letters and digits, with _ . - inside, and no spaces"
        faults.append(Fault(where, what, "Write a short word, such as cost_too_high"))
    label = {
        name.removeprefix("label::"): text
        for name, text in cells.items()
        if name.startswith("label::") and text
    }
    if not label:
        faults.append(Fault(where, f"the code {code!r} has no label", "Write one"))
    missing = cells.get("missing", "")
    if missing and missing not in MISSING:
        remedy = did_you_mean(missing, MISSING)
        faults.append(Fault(where, f"'missing' cannot be {missing!r}", remedy))
    since, until = (_version(where, cells.get(name, ""), faults) for name in ("since", "until"))
    first = since or 1
    if until is not None and until <= first:
        what = f"it was given up in version {until}, and came in version {first}"
        faults.append(Fault(where, what, "Correct 'since' or 'until'"))
    replaced = tuple(cells.get("replaced_by", "").replace(",", " ").split())
    if replaced and until is None:
        what = "something replaces it, and no version says since when"
        faults.append(Fault(where, what, "Write in 'until' the first version without it"))
    return Code(
        code=code,
        label=label,
        parent=cells.get("parent", ""),
        definition=cells.get("definition", ""),
        include=cells.get("include", ""),
        exclude=cells.get("exclude", ""),
        example=cells.get("example", ""),
        missing=MISSING.get(missing),
        since=first,
        until=until,
        replaced_by=replaced,
    )


def _version(where: str, text: str, faults: list[Fault]) -> int | None:
    if not text:
        return None
    if text.isascii() and text.isdigit() and int(text) > 0:
        return int(text)
    faults.append(Fault(where, "a version is a whole number from 1", "Write 1, 2, 3 and so on"))
    return None


def _references(file: str, codes: Mapping[str, Code], faults: list[Fault]) -> None:
    """Parents and replacements that are there, and lead somewhere."""
    for code in codes.values():
        where = f"{file}, code {code.code!r}"
        faults += [
            Fault(where, f"there is no code {each!r}", did_you_mean(each, codes))
            for each in (code.parent, *code.replaced_by)
            if each and each not in codes
        ]
        if _comes_round(code.code, {c.code: (c.parent,) for c in codes.values()}):
            faults.append(Fault(where, "it stands above itself", "Correct the parents"))
        if _comes_round(code.code, {c.code: c.replaced_by for c in codes.values()}):
            faults.append(Fault(where, "it replaces itself", "Correct 'replaced_by'"))
        parent = codes.get(code.parent)
        if code.until is None and parent is not None and parent.until is not None:
            what = f"its parent {parent.code!r} was given up"
            faults.append(Fault(where, what, "Give it another parent"))


def _comes_round(start: str, after: Mapping[str, tuple[str, ...]]) -> bool:
    """Whether a walk along `after` comes back to where it began."""
    seen: set[str] = set()
    waiting = [each for each in after[start] if each]
    while waiting:
        code = waiting.pop()
        if code == start:
            return True
        if code not in seen and code in after:
            seen.add(code)
            waiting += [each for each in after[code] if each]
    return False
