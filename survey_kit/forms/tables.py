"""The tables that stand in files beside a definition, each read when it is first asked for.

CSV, GeoJSON and the XML of an instance become the same thing: rows under named columns, as
JavaRosa reads them (CsvExternalInstance, GeoJsonExternalInstance).
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from xml.etree import ElementTree as ET

from survey_kit.errors import FileProblem
from survey_kit.forms.attachments import find_attachment
from survey_kit.questionnaire.table import Table

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

SUFFIXES = (".csv", ".geojson", ".xml")
LARGEST = 200_000_000
"""Bytes. A larger file is no table that a phone could hold."""


@dataclass(frozen=True, eq=False)
class AttachedTables(Mapping[str, Table]):
    """Name of a table -> table, for the files beside a definition.

    Iterating names nothing: which files there are shows only when one is asked for.
    """

    definition: Path
    _read: dict[str, Table] = field(default_factory=dict[str, Table])

    def __getitem__(self, name: str) -> Table:
        if name not in self._read:
            stem = name.removesuffix(".csv")
            found = (find_attachment(f"{stem}{suffix}", self.definition) for suffix in SUFFIXES)
            path = next((each for each in found if each is not None), None)
            if path is None:
                raise KeyError(name)
            self._read[name] = read_table(path)
        return self._read[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._read)

    def __len__(self) -> int:
        return len(self._read)


def read_table(path: Path) -> Table:
    """The table in a file.

    Raises
    ------
    FileProblem
        If the file cannot be read, or is not what its suffix says.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise FileProblem(
                path.name,
                f"it has more than {LARGEST // 1_000_000} megabytes",
                "Keep only the rows and columns that the form looks up",
            )
        raw = path.read_bytes()
    except OSError as error:
        raise FileProblem(
            path.name, "there is no such file, or it cannot be read", "Check its name and folder"
        ) from error
    read = _READERS.get(path.suffix.casefold(), _csv)
    try:
        return read(path, raw)
    except (
        ValueError,
        KeyError,
        TypeError,
        IndexError,
        ET.ParseError,
        csv.Error,
    ) as error:
        raise FileProblem(
            path.name,
            f"it is not what its ending '{path.suffix}' says",
            "Save it again from the program that made it",
        ) from error


def _csv(path: Path, raw: bytes) -> Table:
    text = raw.decode("utf-8-sig")
    first = text.split("\n", maxsplit=1)[0]
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in first else ",")
    header = next(lines, list[str]())
    rows = [line for line in lines if line]
    columns = {
        name: tuple(line[place] if place < len(line) else "" for line in rows)
        for place, name in enumerate(header)
    }
    return Table(path.stem, columns, len(rows))


def _geojson(path: Path, raw: bytes) -> Table:
    whole = json.loads(raw)
    if whole["type"] != "FeatureCollection":
        raise ValueError("no FeatureCollection")
    items: list[dict[str, str]] = []
    for feature in cast("list[dict[str, Any]]", whole["features"]):
        item = {"geometry": _coordinates(feature["geometry"])}
        for name, value in cast("dict[str, Any]", feature.get("properties") or {}).items():
            item[name] = "" if value is None else _word(value)
        if feature.get("id") is not None:
            item["id"] = _word(feature["id"])
        items.append(item)
    return _of_items(path.stem, items)


def _word(value: object) -> str:
    """A value of JSON as text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value)


def _coordinates(geometry: dict[str, Any]) -> str:
    """Points as a form writes them: latitude, longitude, altitude and accuracy."""
    given = geometry["coordinates"]
    match geometry["type"]:
        case "Point":
            points: list[list[Any]] = [given]
        case "LineString":
            points = given
        case "Polygon":
            points = given[0] if given else list[list[Any]]()
        case other:
            raise ValueError(f"no places of type {other}")
    return "; ".join(f"{point[1]} {point[0]} 0 0" for point in points)


def _xml(path: Path, raw: bytes) -> Table:
    """A root, its rows, and in each row its columns; what lies deeper is left out."""
    if b"<!DOCTYPE" in raw or b"<!ENTITY" in raw:
        raise ValueError("it defines entities")
    root = ET.fromstring(raw)  # noqa: S314 - no entities can be defined in it
    items = [{_plain(cell.tag): cell.text or "" for cell in row} for row in root]
    return _of_items(path.stem, items)


def _plain(tag: str) -> str:
    return tag.rpartition("}")[2]


def _of_items(name: str, items: Sequence[Mapping[str, str]]) -> Table:
    names = dict.fromkeys(column for item in items for column in item)
    columns = {column: tuple(item.get(column) for item in items) for column in names}
    return Table(name, columns, len(items))


_READERS: dict[str, Callable[[Path, bytes], Table]] = {".geojson": _geojson, ".xml": _xml}
