"""Every number that the books show, computed once more by R's survey package.

R gets the people, their strata and clusters and the margins, and nothing that we computed:
base weights are 1, and R rakes. What it finds (`r_agrees.R`) is held against the sheet
Data of the workbook as it is handed out, cell by cell.
"""

from __future__ import annotations

import csv
import math
import shutil
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from survey_kit.study.life import banner_over, live
from survey_kit.study.manifest import Record
from survey_kit.study.prepare import prepare
from survey_kit.study.settings import Intervals, StudySettings, read_study
from survey_kit.tables.analysis import Analysis
from survey_kit.tables.table import Status, Table
from survey_kit.tables.tidy import COLUMNS
from survey_kit.weighting.margins import read_margins

pytestmark = pytest.mark.client

SCRIPT = Path(__file__).with_name("r_agrees.R")
CLOSE = 1e-6
LEVEL = 0.05
_SHOWN = {Status.SHOWN.value or "shown", Status.SMALL_BASE.value}

Numbers = dict[tuple[str, str, str, str], float]


@dataclass
class Tally:
    """What R found; how many numbers of each kind agreed with it, and which did not."""

    r: Numbers
    agreed: dict[str, int] = field(default_factory=dict[str, int])
    differ: list[str] = field(default_factory=list[str])

    def hold(self, what: str, where: str, *, ours: float, theirs: float, slack: float) -> None:
        if abs(ours - theirs) <= slack + CLOSE * max(1.0, abs(theirs)):
            self.agreed[what] = self.agreed.get(what, 0) + 1
        else:
            self.differ.append(f"{where}, {what}: {ours} here, {theirs} in R")


CASES = {
    "the shipped study": ("analysis/community_perceptions", Intervals.MODELLED),
    "households": ("tests/studies/iraq_households", Intervals.NONE),
    "households, with intervals": ("tests/studies/iraq_households", Intervals.MODELLED),
}


@pytest.mark.parametrize("case", CASES)
def test_r_finds_every_number_that_a_book_shows(
    case: str, root: Path, shared: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
):
    assert shared.is_dir()
    study, intervals = CASES[case]
    settings = replace(read_study(root / study), intervals=intervals, themes=())
    if settings.weighting is None:
        # a neighbourhood with one interview would have no variance
        settings = replace(settings, design=replace(settings.design, stratum=None))
    rscript = with_survey()
    live(settings, tmp_path / "results")
    analysis = prepare(settings, Record(), lambda _: None).analysis
    tables = book_of(settings, analysis)
    write_input(settings, analysis, tables, tmp_path)

    subprocess.run([rscript, str(SCRIPT), str(tmp_path)], check=True, timeout=900)

    tally = Tally(numbers_of_r(tmp_path))
    compare(tally, tables, shown_in(tmp_path / "results/tables.xlsx"))
    total = sum(tally.agreed.values())
    kinds = ", ".join(f"{count} {what}" for what, count in sorted(tally.agreed.items()))
    with capsys.disabled():
        sys.stdout.write(
            f"\n{case}: {total} numbers agree with R, {len(tally.differ)} differ ({kinds})\n"
        )
    assert tally.differ == []
    assert total > 1000


def with_survey() -> str:
    """Rscript, where R and its survey package are there."""
    found = shutil.which("Rscript")
    if found is None:
        pytest.skip("Rscript is not installed")
    if subprocess.run(
        [found, "-e", "library(survey)"], capture_output=True, check=False
    ).returncode:
        pytest.skip("R has no package survey")
    return found


def book_of(settings: StudySettings, analysis: Analysis) -> list[Table]:
    """The tables of the book: the same calls as `survey-kit run` makes."""
    return [
        analysis.crosstab(row, banner_over(row, settings.tables.by), name=f"t{number:03d}")
        for number, row in enumerate(settings.tables.rows or analysis.variables, start=1)
    ]


def write_input(
    settings: StudySettings, analysis: Analysis, tables: Sequence[Table], folder: Path
) -> None:
    """What `r_agrees.R` reads."""
    data, design = analysis.sample.data, analysis.sample.design
    variables = list(analysis.variables.values())
    safe = {
        column: f"v{place}"
        for place, column in enumerate(column for each in variables for column in each.columns)
    }
    margins: Mapping[str, Mapping[str, float]] = (
        read_margins(settings.weighting.files[0]) if settings.weighting else {}
    )
    people = data[list(safe)].rename(columns=safe)
    people["stratum"] = "all" if design.stratum is None else data[design.stratum]
    people["cluster"] = data[design.clusters[0]] if design.clusters else range(len(data))
    people.to_csv(folder / "people.csv", index=False)
    lines = [
        (safe[name], code, share) for name, of in margins.items() for code, share in of.items()
    ]
    write(folder / "margins.csv", ("variable", "category", "share"), lines)
    if analysis.uncertainty != "none":
        (folder / "uncertain").touch()
    columns: list[tuple[object, ...]] = []
    cells: list[tuple[object, ...]] = []
    for table, row in zip(tables, analysis.variables.values(), strict=True):
        banner = banner_over(row.name, settings.tables.by)
        groups = list(dict.fromkeys(column.group for column in table.columns if column.group))
        shown = dict(zip(groups, banner_of(analysis, banner, groups), strict=True))
        for j, column in enumerate(table.columns):
            variable = safe[shown[column.group]] if column.group else ""
            compared = int(bool(column.letter))
            columns.append(
                (table.name, row.kind.name, column.group, variable, column.code, j, compared)
            )
        for i, line in enumerate(table.rows):
            several = len(row.columns) > 1
            source = row.columns[row.codes.index(line.code)] if several else row.columns[0]
            cells.append((table.name, i, safe[source], line.code))
    header = ("table", "kind", "group", "variable", "codes", "column", "compared")
    write(folder / "columns.csv", header, columns)
    write(folder / "cells.csv", ("table", "row", "column", "codes"), cells)


def banner_of(analysis: Analysis, banner: Sequence[str], groups: Sequence[str]) -> list[str]:
    """The column of the data behind each group of a banner, by its label."""
    by_label = {analysis.variables[name].label: name for name in banner}
    return [analysis.variables[by_label[group]].columns[0] for group in groups]


def write(path: Path, header: Sequence[str], lines: Sequence[Sequence[object]]) -> None:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(header)
        writer.writerows(lines)


def numbers_of_r(folder: Path) -> Numbers:
    """(table, row, column, what) -> the number; NaN where R has none."""
    frame = pd.read_csv(
        folder / "numbers.tsv", sep="\t", dtype=str, keep_default_na=False, quoting=csv.QUOTE_NONE
    )
    keys = zip(frame["table"], frame["row"], frame["column"], frame["what"], strict=True)
    return {
        key: float(value) if value else math.nan
        for key, value in zip(keys, frame["value"], strict=True)
    }


def shown_in(path: Path) -> list[dict[str, object]]:
    """The lines of the sheet Data."""
    workbook = openpyxl.load_workbook(path, read_only=True)
    lines = [tuple(line) for line in workbook["Data"].iter_rows(values_only=True)]
    workbook.close()
    start = next(i for i, line in enumerate(lines) if line[: len(COLUMNS)] == COLUMNS)
    return [dict(zip(COLUMNS, line, strict=False)) for line in lines[start + 1 :]]


def compare(tally: Tally, tables: Sequence[Table], lines: list[dict[str, object]]) -> None:
    """Hold every shown number against R's."""
    place = 0
    for table in tables:
        for j in range(len(table.columns)):
            hold_base(tally, table, j, lines[place])
            place += 1
        for i in range(len(table.rows)):
            for j in range(len(table.columns)):
                hold_cell(tally, table, i, j, lines[place])
                place += 1
        for test in table.comparisons:
            key = (table.name, test.group, "")
            for what, ours in (
                ("F", test.statistic),
                ("numerator", test.numerator_df),
                ("denominator", test.denominator_df),
                ("p", test.p),
            ):
                theirs = tally.r[(*key, what)]
                where = f"{table.name}, {test.group}"
                tally.hold(f"test {what}", where, ours=ours, theirs=theirs, slack=0)
    assert place == len(lines)


def hold_base(tally: Tally, table: Table, j: int, line: dict[str, object]) -> None:
    assert (line["table"], line["column"]) == (table.name, table.columns[j].label)
    assert line["statistic"] == "base"
    for what, slack in (("n", 0.0), ("weighted", 0.5), ("effective", 0.5)):
        ours = line[what]
        if ours is None or table.columns[j].base.unweighted == 0:
            continue
        theirs = tally.r[table.name, "", str(j), what]
        where = f"{table.name}, base of {table.columns[j].label}"
        tally.hold(f"base {what}", where, ours=float(str(ours)), theirs=theirs, slack=slack)


def hold_cell(tally: Tally, table: Table, i: int, j: int, line: dict[str, object]) -> None:
    assert (line["row"], line["column"]) == (table.rows[i].label, table.columns[j].label)
    if line["status"] not in _SHOWN:
        assert {line[what] for what in ("value", "low", "high", "n", "letters")} == {None}
        return
    key = (table.name, str(i), str(j))
    where = f"{table.name}, {table.rows[i].label}, {table.columns[j].label}"
    half = step_of(table) / 2
    for what, slack in (("value", half), ("n", 0.0), ("low", half), ("high", half)):
        ours = line[what]
        if ours is not None:
            tally.hold(
                what, where, ours=float(str(ours)), theirs=tally.r[(*key, what)], slack=slack
            )
        elif what == "low" and (*key, "error") in tally.r:
            hold_no_interval(tally, where, key)
    hold_letters(tally, table, i, j, line)


def hold_no_interval(tally: Tally, where: str, key: tuple[str, str, str]) -> None:
    """No interval: the weights fix the share, or its clusters leave no degrees of freedom."""
    error, low = tally.r[(*key, "error")], tally.r[(*key, "low")]
    without = error < CLOSE or math.isnan(low)
    tally.hold("no interval", where, ours=0, theirs=0 if without else 1, slack=0)


def step_of(table: Table) -> float:
    """In which steps a table shows its shares; 0 where they are exact."""
    for note in table.notes:
        if note.startswith("Shares are shown in steps of "):
            return float(note.split()[6]) / 100
    return 0.0


def hold_letters(tally: Tally, table: Table, i: int, j: int, line: dict[str, object]) -> None:
    """A letter stands where R's adjusted p-value says so, and its column is shown."""
    column = table.columns[j]
    if not column.letter:
        return
    letters = str(line["letters"] or "")
    for k, other in enumerate(table.columns):
        if k == j or other.group != column.group or not other.letter:
            continue
        if table.cells[i][k].value is None:
            continue
        p = tally.r.get((table.name, str(i), str(j), f"above {k}"), math.nan)
        theirs = float(p < LEVEL)
        ours = float(other.letter in letters)
        where = f"{table.name}, {table.rows[i].label}, {column.label} over {other.label}"
        tally.hold("letter or none", where, ours=ours, theirs=theirs, slack=0)
