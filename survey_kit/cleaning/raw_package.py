"""A file of SPSS or Stata with other values in some of its cells, and nothing else changed.

Its values are numbers that labels explain. So the number of a changed answer is the one that the
file uses for it elsewhere, or whose label says it; names, labels, declared missing values, formats
and measures are written as they were read.
"""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

import pandas as pd

from survey_kit.errors import FileProblem
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.responses.labels import plain

if TYPE_CHECKING:
    from survey_kit.cleaning.raw_file import Sheet
    from survey_kit.cleaning.raw_writing import TableChange

ZERO_OF = {
    ".sav": datetime(1582, 10, 14),  # noqa: DTZ001 - a package knows no zones
    ".dta": datetime(1960, 1, 1),  # noqa: DTZ001
}
"""The moment from which a package counts."""
SECOND = 1.0
MILLISECONDS = 1000.0
DAY = 24 * 60 * 60
DAYS_OF_SPSS = ("DATE", "ADATE", "EDATE", "SDATE", "JDATE", "DATETIME", "YMDHMS")


def write_package(
    raw: Path, out: Path, sheet: Sheet, change: TableChange, form: Questionnaire | None
) -> list[str]:
    """Write a data file as it was but for what changes; one in which nothing does is copied.

    Returns
    -------
    list
        What the file loses by it.

    Raises
    ------
    FileProblem
        If a new answer has no number in the file: no value of the column bears its label.
    """
    if not change:
        shutil.copyfile(raw, out)
        return []
    # pyreadstat's own annotations do not know pandas.
    pyreadstat: Any = import_module("pyreadstat")
    is_stata = raw.suffix.lower() == ".dta"
    read: Any = pyreadstat.read_dta if is_stata else pyreadstat.read_sav
    frame, about = read(str(raw), user_missing=True, disable_datetime_conversion=True)
    frame = cast("pd.DataFrame", frame)
    if len(frame) != len(sheet.cells):
        raise FileProblem(raw.name, "its rows changed meanwhile", "Clean it again")
    values = _Values(raw, sheet, frame, about, form)
    changed: dict[str, dict[int, object]] = {}
    for (row, column), text in change.cells.items():
        name = sheet.header[column]
        if name in frame.columns:
            changed.setdefault(name, {})[row] = values.of(column, text)
    for name, cells in changed.items():
        column = frame[name].astype(object)
        column.iloc[list(cells)] = list(cells.values())
        frame[name] = column if values.is_text(name) else _as_numbers(column, frame[name])
    for name, texts in change.columns.items():
        frame[name] = [texts.get(row, "") for row in range(len(frame))]
    if change.rows:
        frame = frame.drop(index=sorted(change.rows)).reset_index(drop=True)
    _write(pyreadstat, frame, about, out, is_stata=is_stata)
    sets = getattr(about, "mr_sets", None)
    return [f"{raw.name}: its multiple response sets ({len(sets)}) are not kept"] if sets else []


def _as_numbers(column: pd.Series, before: pd.Series) -> pd.Series:
    """Numbers as such again, of the type they had if they fit; Stata's letters stay as they are."""
    if column.map(lambda value: isinstance(value, str)).any():
        return column
    numbers = pd.to_numeric(column, errors="coerce")
    if numbers.isna().any() or not pd.api.types.is_integer_dtype(before.dtype):
        return numbers.astype("float64")
    fits = bool((numbers.astype(before.dtype) == numbers).all())
    return numbers.astype(before.dtype if fits else "float64")


def _write(pyreadstat: Any, frame: pd.DataFrame, about: Any, out: Path, *, is_stata: bool) -> None:
    shared = {
        "file_label": about.file_label or "",
        "column_labels": {**about.column_names_to_labels},
        "variable_value_labels": {
            name: labels
            for name, labels in about.variable_value_labels.items()
            if name in frame.columns
        },
    }
    if is_stata:
        pyreadstat.write_dta(
            frame,
            str(out),
            missing_user_values=about.missing_user_values,
            variable_format=_formats(about),
            version=15,
            **shared,
        )
        return
    pyreadstat.write_sav(
        frame,
        str(out),
        note=about.notes or None,
        missing_ranges=about.missing_ranges,
        variable_measure=about.variable_measure,
        variable_display_width=about.variable_display_width,
        variable_format=_formats(about),
        **shared,
    )


def _formats(about: Any) -> dict[str, str]:
    return {str(name): str(form) for name, form in about.original_variable_types.items() if form}


class _Values:
    """From the text of an answer, as the form spells it, to the value that the file holds for it."""

    def __init__(
        self, raw: Path, sheet: Sheet, frame: pd.DataFrame, about: Any, form: Questionnaire | None
    ) -> None:
        self._raw, self._sheet, self._frame, self._about = raw, sheet, frame, about
        self._form = form
        self._used: dict[int, Mapping[str, object]] = {}

    def is_text(self, name: str) -> bool:
        """Whether a column holds texts."""
        return self._about.readstat_variable_types.get(name) == "string"

    def of(self, column: int, text: str) -> object:
        """The value of a text."""
        name = self._sheet.header[column]
        if self.is_text(name):
            return text
        if not text:
            return float("nan")
        if column not in self._used:
            self._used[column] = {**self._labelled(column), **self._in_use(column)}
        if text in self._used[column]:
            return self._used[column][text]
        moment = self._moment(name, text)
        if moment is not None:
            return moment
        try:
            return float(text)
        except ValueError:
            raise FileProblem(
                self._raw.name,
                f"the column {name!r} has no value for the answer that the log gives it: none bears "
                "its label",
                "Add the value label to the file, or write the answers anew, as .xlsx or .csv",
            ) from None

    def _in_use(self, column: int) -> dict[str, object]:
        """Text -> the value by which the file says it, where it does."""
        texts = self._sheet.cells[column]
        values = self._frame[self._sheet.header[column]]
        pairs = pd.DataFrame({"text": texts.to_numpy(), "value": values.to_numpy(dtype=object)})
        once = pairs[pairs["text"].ne("")].drop_duplicates()
        once = once[~once["text"].duplicated(keep=False)]
        return dict(zip(once["text"].astype("str"), once["value"], strict=True))

    def _labelled(self, column: int) -> dict[str, object]:
        """Code -> the value whose label, or which itself, says it."""
        use, form = self._sheet.uses[column], self._form
        labels: Mapping[object, str] = self._about.variable_value_labels.get(
            self._sheet.header[column], {}
        )
        if form is None or use.key not in form.by_key:
            return {}
        found: dict[str, object] = {}
        for choice in form.choices(form.by_key[use.key].question):
            said = {plain(choice.code), *(plain(label) for label in choice.label.values())}
            meant = [value for value, label in labels.items() if plain(str(label)) in said]
            if len(meant) == 1:
                found[choice.code] = meant[0]
        return found

    def _moment(self, name: str, text: str) -> float | None:
        """A day or moment as the package counts it; None where the column holds none."""
        written = str(self._about.original_variable_types.get(name, "")).upper()
        zero = ZERO_OF[".dta" if self._raw.suffix.lower() == ".dta" else ".sav"]
        try:
            seconds = (datetime.fromisoformat(text) - zero).total_seconds()
        except ValueError:
            return None
        if written.startswith("%TC"):
            return seconds * MILLISECONDS
        if written.startswith(("%TD", "%D")):
            return seconds / DAY
        return seconds * SECOND if written.rstrip("0123456789.") in DAYS_OF_SPSS else None
