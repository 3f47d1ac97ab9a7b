"""The workbook says what the tables say, cell by cell, and nothing more."""

from __future__ import annotations

import subprocess
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from openpyxl.utils import get_column_letter

from survey_kit.protection.rules import Rules
from survey_kit.tables.crosstab import crosstab
from survey_kit.tables.exporter import exporters
from survey_kit.tables.exporters.xlsx import sheet_names, write_xlsx
from survey_kit.tables.markers import base_marker, cell_marker
from survey_kit.tables.table import Status
from survey_kit.tables.tidy import COLUMNS, tidy

HIDDEN = (Status.TOO_FEW, Status.COMPLEMENT)
BY = ["gender", "region", "why"]


@pytest.fixture(scope="module")
def book(analysis):
    return analysis.book(
        [analysis.crosstab(row, BY) for row in analysis.variables]
        + [analysis.crosstab("age", ["region"], where="${age} >= 30", name="=1+1 [odd]: name")]
    )


@pytest.fixture(scope="module")
def path(book, tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "tables.xlsx"
    write_xlsx(book, path)
    return path


@pytest.fixture(scope="module")
def workbook(path):
    return openpyxl.load_workbook(path)


def written(value):
    """A number as XlsxWriter writes it: 16 digits."""
    return float(f"{value:.16G}") if isinstance(value, float) else value


def first_row(sheet):
    """The row of the bases, as a reader finds it."""
    return next(row for row in range(1, 40) if str(sheet.cell(row, 1).value).startswith("n ("))


def test_every_cell_of_every_table_is_read_back_as_it_is(book, workbook):
    for table, name in zip(book.tables, sheet_names(book.tables), strict=True):
        sheet = workbook[name]
        row = first_row(sheet)
        for j, column in enumerate(table.columns):
            read = [sheet.cell(row + line, j + 2).value for line in range(3)]
            base = column.base
            wanted = [base.unweighted, base.weighted, base.effective]
            assert read == [base_marker(table, j) if x is None else written(x) for x in wanted]
            assert sheet.cell(row - 2, j + 2).value == column.label
            assert (sheet.cell(row - 1, j + 2).value or "") == column.letter
        row += 3
        for i, label in enumerate(table.rows):
            cells = table.cells[i]
            assert sheet.cell(row, 1).value == label.label
            for j, cell in enumerate(cells):
                wanted = cell_marker(table, i, j) if cell.value is None else cell.value
                assert sheet.cell(row, j + 2).value == written(wanted)
            row += 1
            if any(cell.low is not None for cell in cells):
                shown = [sheet.cell(row, j + 2).value is not None for j in range(len(cells))]
                assert shown == [cell.low is not None for cell in cells]
                row += 1
            if any(cell.letters for cell in cells):
                read = [sheet.cell(row, j + 2).value or "" for j in range(len(cells))]
                assert read == [cell.letters for cell in cells]
                row += 1


def test_the_data_sheet_holds_the_same_numbers_in_one_real_table(book, workbook):
    sheet = workbook["Data"]
    (table,) = sheet.tables.values()
    lines = list(sheet[table.ref])

    assert tuple(cell.value for cell in lines[0]) == COLUMNS
    wanted = [
        [None if each == "" else written(each) for each in line]
        for table in book.tables
        for line in tidy(table).astype(object).where(lambda f: f.notna(), None).to_numpy().tolist()
    ]
    assert [[cell.value for cell in line] for line in lines[1:]] == wanted


def test_shares_are_numbers_with_a_percent_format_and_markers_are_texts(book, workbook):
    table, name = next(
        (table, name)
        for table, name in zip(book.tables, sheet_names(book.tables), strict=True)
        if table.name.startswith("why")
    )
    sheet = workbook[name]
    row = first_row(sheet) + 3

    assert sheet.cell(row, 2).number_format == "0%"
    assert isinstance(sheet.cell(row, 2).value, float)
    kinds = {cell.data_type for line in sheet for cell in line if cell.value is not None}
    assert kinds <= {"n", "s"}
    assert "fewer than 5" in {cell.value for line in sheet for cell in line}
    assert "hidden" in {cell.value for line in sheet for cell in line}
    assert table.protected


def test_no_hidden_number_is_anywhere_in_the_file(analysis, book, workbook, path):
    """An attacker reads every number and every text of the unzipped file."""
    shown = {len(book.tables), *range(1, len(book.tables) + 1)}
    hidden: set[float] = set()
    for table in book.tables:
        shown |= {n for c in table.columns for n in vars(c.base).values()}
        shown |= {n for row in table.cells for c in row for n in (c.value, c.low, c.high, c.n)}
        if table.where:
            continue
        row = next(name for name in analysis.variables if table.name.startswith(f"{name}_by"))
        bare = crosstab(
            analysis.sample,
            analysis.variable(row),
            [analysis.variable(each) for each in BY],
            name="bare",
            uncertainty="design",
            rules=Rules(),
        )
        for before, after in zip(bare.cells, table.cells, strict=True):
            for was, now in zip(before, after, strict=True):
                if now.status in HIDDEN:
                    hidden |= {was.value, was.low, was.high}

    read = {
        cell.value
        for sheet in workbook
        for line in sheet
        for cell in line
        if isinstance(cell.value, int | float)
    }
    with zipfile.ZipFile(path) as archive:
        everything = b"".join(archive.read(name) for name in archive.namelist()).decode()

    assert hidden
    assert read <= {written(number) for number in shown}
    assert not [n for n in hidden - shown if 0 < n < 1 and repr(n)[:12] in everything]
    assert "i000" not in everything
    assert "Anna" not in everything


def test_the_same_book_makes_the_same_bytes(book, path, tmp_path):
    write_xlsx(book, tmp_path / "again.xlsx")

    assert (tmp_path / "again.xlsx").read_bytes() == path.read_bytes()


def test_a_label_that_looks_like_a_formula_stays_a_text(analysis, tmp_path):
    table = analysis.crosstab("region")
    odd = replace(
        table, title="=HYPERLINK(1)", rows=tuple(replace(r, label="=1+1") for r in table.rows)
    )

    write_xlsx(analysis.book([odd]), tmp_path / "odd.xlsx")

    sheet = openpyxl.load_workbook(tmp_path / "odd.xlsx").worksheets[2]
    assert sheet.cell(first_row(sheet) + 3, 1).data_type == "s"
    assert sheet.cell(first_row(sheet) + 3, 1).value == "=1+1"


def test_sheet_names_are_short_unique_and_free_of_forbidden_letters(book):
    names = sheet_names(book.tables)

    assert len(set(names)) == len(names)
    assert all(len(name) <= 31 and not set("[]:*?/\\") & set(name) for name in names)
    assert names[-1] == f"{len(names)} =1+1 _odd__ name"


def test_every_sheet_carries_the_notice_and_can_be_printed(workbook):
    for sheet in workbook:
        texts = {cell.value for line in sheet.iter_rows(max_row=4) for cell in line}
        assert "SIMULATED DATA" in texts
        assert sheet.sheet_state == "visible"
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.paperSize == 9
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.sheet_view.showGridLines is False
        assert "SIMULATED DATA" in sheet.oddHeader.center.text


def test_headers_stay_in_sight_on_screen_and_on_paper(book, workbook):
    for name in sheet_names(book.tables):
        sheet = workbook[name]
        row = first_row(sheet)
        assert sheet.freeze_panes == f"{get_column_letter(2)}{row}"
        assert sheet.print_title_rows == f"${row - 3}:${row - 1}"


def test_contents_lead_to_every_table_and_back(book, workbook):
    contents = workbook["Contents"]
    links = [
        cell.hyperlink.location for line in contents for cell in line if cell.hyperlink is not None
    ]

    names = sheet_names(book.tables)
    assert links == [f"'{name}'!A1" for name in names]
    for name in names:
        back = [c.hyperlink.location for line in workbook[name] for c in line if c.hyperlink]
        assert back == ["'Contents'!A1"]


def test_the_method_page_says_how_the_numbers_are_protected_and_where_from(workbook):
    lines = dict(workbook["Method"].iter_rows(min_row=4, max_col=2, values_only=True))

    assert lines["Protection"].startswith("Nothing is shown of groups of fewer than 10 people")
    assert lines["Answers (SHA-256)"] == "0" * 64
    assert "Holm" in lines["Letters"]


def test_there_are_few_number_formats(path):
    """Excel loads at most 206 of them."""
    with zipfile.ZipFile(path) as archive:
        styles = archive.read("xl/styles.xml").decode()

    assert styles.count("<numFmt ") < 10


def test_the_exporter_is_found_by_being_in_its_folder():
    assert exporters()["xlsx"].suffix == ".xlsx"


@pytest.mark.client
def test_libreoffice_opens_the_workbook_and_prints_it(path, tmp_path):
    subprocess.run(
        [
            "soffice",
            "--headless",
            f"-env:UserInstallation=file://{tmp_path}/profile",
            "--convert-to",
            "pdf",
            "--outdir",
            tmp_path,
            path,
        ],
        check=True,
        capture_output=True,
        timeout=180,
    )

    assert (tmp_path / "tables.pdf").read_bytes().startswith(b"%PDF")
