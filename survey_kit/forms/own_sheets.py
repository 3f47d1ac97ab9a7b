"""The two sheets that are ours: what is to be made of the answers, and the form's tests.

Other programs pass them by. A sheet of the same name that somebody else made has other
columns, and is kept as it is.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from survey_kit.forms.languages import language_of, suffixes
from survey_kit.questionnaire.model import Place
from survey_kit.questionnaire.raw import RawCase, RawDerived, RawTest

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from survey_kit.forms.workbook import SheetOfTexts
    from survey_kit.questionnaire.faults import Faults
    from survey_kit.questionnaire.model import Questionnaire, Texts

ANALYSIS = "analysis"
TESTS = "tests"
_ANALYSIS_COLUMNS = ("kind", "name", "code", "when", "privacy")
_TESTS_COLUMNS = ("test", "part", "question", "value")

Grid = tuple[tuple[str, ...], ...]


def analysis_grid(questionnaire: Questionnaire) -> Grid:
    """Titles, weight margins and derived variables as rows under a header; or no rows."""
    spoken = tuple(questionnaire.languages)

    def row(kind: str, name: str, texts: Texts, *cells: str) -> tuple[str, ...]:
        three = (*cells, "", "", "")[:3]
        return (kind, name, *three, *(texts.get(code, "") for code in spoken))

    rows: list[tuple[str, ...]] = []
    if set(questionnaire.title) - {questionnaire.language}:
        rows.append(row("title", "", questionnaire.title))
    rows.extend(row("weight_margin", name, {}) for name in questionnaire.weight_margins)
    for each in questionnaire.derived:
        base = each.base.source if each.base else ""
        privacy = each.privacy.value if each.privacy else ""
        rows.append(row("derived", each.name, each.label, "", base, privacy))
        rows.extend(
            row("case", each.name, case.label, case.code, case.when.source) for case in each.cases
        )
    if not rows:
        return ()
    labels = (
        f"label::{suffix}" if suffix else "label"
        for suffix in suffixes(questionnaire.languages).values()
    )
    return ((*_ANALYSIS_COLUMNS, *labels), *rows)


def tests_grid(questionnaire: Questionnaire) -> Grid:
    """The tests of the form as rows under a header; or no rows."""
    rows: list[tuple[str, ...]] = []
    for test in questionnaire.tests:
        before = len(rows)
        for part, cells in (("answers", test.answers), ("values", test.values)):
            rows.extend((test.name, part, name, value) for name, value in cells.items())
        for part, names in (
            ("asked", test.asked),
            ("not_asked", test.not_asked),
            ("refused", test.refused),
        ):
            rows.extend((test.name, part, name, "") for name in names)
        if test.ends is not None:
            rows.append((test.name, "ends", "", "true" if test.ends else "false"))
        if len(rows) == before:
            rows.append((test.name, "", "", ""))
    return (_TESTS_COLUMNS, *rows) if rows else ()


def is_ours(sheet: SheetOfTexts) -> bool:
    """Whether a sheet is one that these functions wrote."""
    header = sheet.rows[0] if sheet.rows else ()
    match sheet.name:
        case "analysis":
            return header[: len(_ANALYSIS_COLUMNS)] == _ANALYSIS_COLUMNS
        case "tests":
            return header == _TESTS_COLUMNS
        case _:
            return False


class AnalysisSheet:
    """What stands in our sheet of analyses."""

    def __init__(self, sheet: SheetOfTexts, file: str, faults: Faults) -> None:
        self.title: Mapping[str, str] = {}
        self.weight_margins: list[tuple[str, Place]] = []
        self._found: dict[str, tuple[Place, Texts, str, str]] = {}
        self._cases: dict[str, list[RawCase]] = defaultdict(list)
        self._codes = [
            language_of(header.removeprefix("label").removeprefix("::") or None)[0]
            for header in sheet.rows[0][len(_ANALYSIS_COLUMNS) :]
        ]
        for number, row in enumerate(sheet.rows[1:], start=2):
            if row:
                self._row(row, Place(file, sheet.name, number), faults)

    @property
    def derived(self) -> tuple[RawDerived, ...]:
        """The derived variables with their cases."""
        return tuple(
            RawDerived(name, place, label, base, privacy, tuple(self._cases[name]))
            for name, (place, label, base, privacy) in self._found.items()
        )

    def _row(self, row: Sequence[str], place: Place, faults: Faults) -> None:
        width = len(_ANALYSIS_COLUMNS)
        kind, name, code, when, privacy = (*row, "", "", "", "", "")[:width]
        label = {
            language: text for language, text in zip(self._codes, row[width:], strict=False) if text
        }
        match kind:
            case "title":
                self.title = label
            case "weight_margin":
                self.weight_margins.append((name, place))
            case "derived":
                self._found[name] = (place, label, when, privacy)
            case "case" if name in self._found:
                self._cases[name].append(RawCase(code, label, when, place))
            case "case":
                faults.add(
                    place,
                    f"case '{code}'",
                    f"no row above it is the derived variable '{name}'",
                    "Put the row under its variable",
                )
            case _:
                faults.add(
                    place,
                    "",
                    f"the kind is '{kind}'",
                    "Write title, weight_margin, derived or case",
                )


def read_tests(sheet: SheetOfTexts, file: str, faults: Faults) -> tuple[RawTest, ...]:
    """The tests in our sheet of tests."""
    parts: dict[str, dict[str, dict[str, str]]] = {}
    places: dict[str, Place] = {}
    for number, row in enumerate(sheet.rows[1:], start=2):
        if not row:
            continue
        name, part, question, value = (*row, "", "", "", "")[:4]
        place = Place(file, sheet.name, number)
        places.setdefault(name, place)
        found = parts.setdefault(name, {})
        if part in ("answers", "values", "asked", "not_asked", "refused"):
            found.setdefault(part, {})[question] = value
        elif part == "ends":
            found[part] = {"": value}
        elif part or question:
            faults.add(
                place,
                f"test '{name}'",
                f"the part is '{part}'",
                "Write answers, values, asked, not_asked, refused or ends",
            )
    return tuple(
        RawTest(
            name=name,
            place=places[name],
            answers=found.get("answers", {}),
            asked=tuple(found.get("asked", ())),
            not_asked=tuple(found.get("not_asked", ())),
            values=found.get("values", {}),
            refused=tuple(found.get("refused", ())),
            ends=found.get("ends", {}).get("", ""),
        )
        for name, found in parts.items()
    )
