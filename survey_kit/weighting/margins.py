"""Reads the margins that weights should fit, from a CSV file.

variable,category,share          or  percent, or  total
country,Niger,0.42
country,Libya,0.58
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from survey_kit.errors import Fault, FileProblem, WeightingError
from survey_kit.weighting.targets import PERCENT, ROUNDED

FIGURES = ("share", "percent", "total")


def read_margins(path: Path) -> Mapping[str, Mapping[str, float]]:
    """variable -> category -> share or total, in the order of the file.

    Percentages come back as shares. Other columns, such as a source, are ignored.

    Raises
    ------
    FileProblem
        If the file is missing, empty, or no text.
    WeightingError
        If a column is missing, or with every fault of the lines: no figure, a figure that
        is negative, a category twice, shares that do not add to 1.
    """
    lines = _lines(path)
    header = [name.strip().lower() for name in lines[0][1]]
    figures = [name for name in FIGURES if name in header]
    if "variable" not in header or "category" not in header or len(figures) != 1:
        raise WeightingError(
            path.name,
            "its first line does not name the columns variable, category and one of share, "
            "percent or total",
            "Write them there, separated by commas.",
        )
    figure = figures[0]
    faults: list[Fault] = []
    found: dict[str, dict[str, float]] = {}
    places = header.index("variable"), header.index("category"), header.index(figure)
    for number, cells in lines[1:]:
        _read_line(f"{path.name}, line {number}", cells, places, found, faults)
    if not found and not faults:
        faults.append(Fault(path.name, "it holds no margin", "Add a line for each category."))
    divisor = PERCENT if figure == "percent" else 1.0
    shares = {
        variable: {category: value / divisor for category, value in margin.items()}
        for variable, margin in found.items()
    }
    if figure != "total" and not faults:
        faults.extend(_sums(path.name, shares, figure))
    if faults:
        raise WeightingError.from_faults(faults)
    return shares


def _read_line(
    where: str,
    cells: list[str],
    places: tuple[int, int, int],
    found: dict[str, dict[str, float]],
    faults: list[Fault],
) -> None:
    """Add one line to the margins, or what is wrong with it to the faults."""
    if len(cells) <= max(places):
        what = f"it has {len(cells)} cells, and needs {max(places) + 1}"
        faults.append(Fault(where, what, "Complete it."))
        return
    variable, category, text = (cells[place].strip() for place in places)
    margin = found.setdefault(variable, {})
    if category in margin:
        what = f"category '{category}' of '{variable}' is there twice"
        faults.append(Fault(where, what, "Leave one of them out."))
        return
    try:
        value = float(text.removesuffix("%"))
    except ValueError:
        faults.append(Fault(where, "its figure is not a number", "Write it with a decimal point."))
        return
    if not 0 <= value < float("inf"):
        faults.append(Fault(where, "its figure is negative or infinite", "Correct it."))
        return
    margin[category] = value


def _sums(name: str, margins: Mapping[str, Mapping[str, float]], figure: str) -> list[Fault]:
    unit = PERCENT if figure == "percent" else 1
    return [
        Fault(
            f"{name}, margin '{variable}'",
            f"its {figure}s add to {sum(margin.values()) * unit:.6g}, not to {unit:g}",
            "Correct the figures, or call the column total if they are numbers of people.",
        )
        for variable, margin in margins.items()
        if abs(sum(margin.values()) - 1) > ROUNDED
    ]


def _lines(path: Path) -> list[tuple[int, list[str]]]:
    """Line numbers and cells of every line that is not blank."""
    if not path.is_file():
        raise FileProblem(path.name, "there is no such file", "Check the path.")
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise FileProblem(
            path.name, "it is not a text file in UTF-8", "Save it as CSV UTF-8."
        ) from error
    reader = csv.reader(text.splitlines())
    lines = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    if not lines:
        raise FileProblem(path.name, "it is empty", "Give a line for each category.")
    return lines
