"""The generated questionnaires of tests/questionnaire, and workbooks made on the spot."""

import importlib.util
from pathlib import Path

import openpyxl
import pytest

SHARED = Path(__file__).parents[3] / "shared"


@pytest.fixture(scope="session")
def questionnaires():
    """The strategy that the laws of tests/questionnaire use too."""
    path = Path(__file__).parents[1] / "questionnaire" / "conftest.py"
    spec = importlib.util.spec_from_file_location("generated_questionnaires", path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module.whole_questionnaires()


@pytest.fixture
def workbook(tmp_path):
    """Make a workbook from ``{sheet: [row, ...]}``; its path."""

    def make(sheets, name="form.xlsx"):
        book = openpyxl.Workbook()
        book.remove(book.active)
        for title, rows in sheets.items():
            sheet = book.create_sheet(title)
            for row in rows:
                sheet.append(row)
        path = tmp_path / name
        book.save(path)
        return path

    return make


@pytest.fixture(scope="session")
def shared_data():
    """The folder with real surveys beside the project."""
    folder = SHARED / "data"
    if not folder.is_dir():
        pytest.skip("the real surveys are not beside the project")
    return folder
