"""JSON as servers hand it over: Kobo's and ONA's data, Central's OData with ``$expand=*``.

Both hold one object for each interview and a list of objects for each repeat. Kobo spells each
key with its whole path (``people/person/age``) and leaves out what is empty; Central nests groups
and writes positions as GeoJSON. Numbers are kept as they are written, never as floats.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeAlias, cast

import numpy as np
import pandas as pd

from survey_kit.errors import FileProblem
from survey_kit.questionnaire.model import Node as FormNode
from survey_kit.questionnaire.model import Question, Questionnaire, Repeat
from survey_kit.responses.model import Responses
from survey_kit.responses.read import Reader, ReadOptions
from survey_kit.responses.readers.related import Export, OfRepeat, read_export
from survey_kit.responses.readers.table import uses_of
from survey_kit.responses.readers.text_table import TextTable

LARGEST = 2**31
LISTS = ("results", "value")
"""Under what the interviews stand: in Kobo's and ONA's answers, in OData."""
NEXT = ("next", "@odata.nextLink")
ALL = ("count", "@odata.count")
LINK = "@odata.navigationLink"
OWN = "__"
"""Beginning of a key of OData that names a row or the row above, which the nesting says too."""
NO_LETTERS = re.compile("[\0\ud800-\udfff]")
"""What no file of text can hold: half of a pair, where a phone cut a picture in two, and nothing."""
SHAPES = frozenset({"Point", "LineString", "Polygon"})

Value: TypeAlias = "str | bool | list[Value] | dict[str, Value] | None"
Object: TypeAlias = dict[str, "Value"]


@dataclass
class _Rows:
    """The rows of one frame: their cells, and of each the row above and the place there."""

    cells: list[dict[str, str]] = field(default_factory=list[dict[str, str]])
    columns: dict[str, None] = field(default_factory=dict[str, None])
    mended: list[str] = field(default_factory=list[str])
    above: list[int] = field(default_factory=list[int])
    places: list[int] = field(default_factory=list[int])

    def table(self, name: str) -> TextTable:
        """The rows as a table of text."""
        columns = {
            place: pd.Series([row.get(column, "") for row in self.cells], dtype="str")
            for place, column in enumerate(self.columns)
        }
        frame = pd.DataFrame(columns, index=pd.RangeIndex(len(self.cells)))
        header = tuple(NO_LETTERS.sub("\ufffd", column) for column in self.columns)
        note = (
            f"cells with halves of letters, or bytes of nothing, put as \ufffd: {len(self.mended)}"
        )
        return TextTable(name, header, frame, (note,) if self.mended else ())


def _is_json(path: Path) -> bool | str:
    if path.suffix.lower() != ".json" or not path.is_file():
        return False
    with path.open("rb") as file:
        start = file.read(64).lstrip(b"\xef\xbb\xbf\xff\xfe\0 \t\r\n")
    return start[:1] in {b"[", b"{"} or "its suffix says JSON, but it is none"


def _read(path: Path, questionnaire: Questionnaire, options: ReadOptions) -> Responses:
    records, notes = _records(path)
    frames = _Frames(questionnaire)
    try:
        for record in records:
            frames.add(record)
    except RecursionError as error:
        raise FileProblem(
            path.name, "its objects are nested deeper than any form", "Fetch it again"
        ) from error
    there = [name for name in questionnaire.repeats if frames.holds(name)]
    rows_of: dict[str, OfRepeat] = {}
    for name in there:
        rows = frames.repeats[name]
        table = rows.table(name)
        above, places = np.array(rows.above, dtype=np.int64), np.array(rows.places, dtype=np.int64)
        uses = uses_of(table, questionnaire, options, name)
        rows_of[name] = OfRepeat(table, uses, above, places)
    top = frames.top.table("")
    export = Export(
        path.name, "json", top, uses_of(top, questionnaire, options, None), rows_of, notes
    )
    return read_export(export, questionnaire, options)


def _records(path: Path) -> tuple[Sequence[Object], tuple[str, ...]]:
    """The interviews, and what the file says of others that it does not hold."""
    if path.stat().st_size > LARGEST:
        raise FileProblem(
            path.name,
            f"it is larger than {LARGEST // 2**30} GB",
            "Fetch the raw submissions, or the interviews in several files",
        )
    doubled: Counter[str] = Counter()
    whole = _parsed(path, doubled)
    notes: list[str] = []
    found: Value = whole
    if isinstance(whole, dict):
        found = next((whole[name] for name in LISTS if name in whole), None)
        number = next((str(whole[name]) for name in ALL if whole.get(name)), "")
        more = any(whole.get(name) for name in NEXT)
        here = len(found) if isinstance(found, list) else 0
        if more or (number.isdigit() and int(number) > here):
            named = f" of {number}" if number.isdigit() else ""
            notes.append(
                f"the file holds {here} interviews{named}: it is one page of several, "
                "and the others have to be fetched too"
            )
    records = [each for each in found if isinstance(each, dict)] if isinstance(found, list) else []
    if not records or not isinstance(found, list) or len(records) != len(found):
        raise FileProblem(
            path.name,
            "it holds no list of interviews",
            "Hand over the answer of the server as it came: a list, or an object with 'results' "
            "or 'value'",
        )
    if doubled:
        names = ", ".join(f"'{name}'" for name in sorted(doubled)[:5])
        notes.append(f"keys that stand twice in one object, the last one read: {names}")
    return records, tuple(notes)


def _parsed(path: Path, doubled: Counter[str]) -> Value:
    def together(pairs: list[tuple[str, Value]]) -> Object:
        made = dict(pairs)
        if len(made) != len(pairs):
            doubled.update(
                name for name, count in Counter(name for name, _ in pairs).items() if count > 1
            )
        return made

    try:
        text = path.read_bytes()
        whole = json.loads(
            text.removeprefix(b"\xef\xbb\xbf"),
            object_pairs_hook=together,
            parse_float=str,
            parse_int=str,
            parse_constant=str,
        )
    except (ValueError, RecursionError) as error:
        place = f", line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise FileProblem(
            f"{path.name}{place}", "it is not well-formed JSON", "Fetch it again from the server"
        ) from error
    return cast("Value", whole)


class _Frames:
    """Reads objects one after the other into the rows of the interviews and of each repeat."""

    def __init__(self, questionnaire: Questionnaire) -> None:
        self._questionnaire = questionnaire
        self._by_path = {path: name for name, path in _paths(questionnaire).items()}
        self.top = _Rows()
        self.repeats = {name: _Rows() for name in questionnaire.repeats}
        self._linked: set[str] = set()
        self._listed: set[str] = set()

    def add(self, record: Object) -> None:
        """One interview."""
        self._row(self.top, record, "", above=0, place=1)

    def holds(self, repeat: str) -> bool:
        """Whether the file holds the rows of a repeat, and not only links to them."""
        around = (*self._questionnaire.repeats[repeat][1], repeat)
        return not any(name in self._linked and name not in self._listed for name in around)

    def _row(self, rows: _Rows, node: Object, path: str, *, above: int, place: int) -> None:
        cells: dict[str, str] = {}
        number = len(rows.cells)
        rows.cells.append(cells)
        rows.above.append(above)
        rows.places.append(place)
        self._walk(rows, cells, node, path, number)

    def _walk(
        self, rows: _Rows, cells: dict[str, str], node: Mapping[str, Value], path: str, number: int
    ) -> None:
        for key, value in node.items():
            here = key if "/" in key or not path else f"{path}/{key}"
            if here.endswith(LINK):
                self._linked.update(self._named(here.removesuffix(LINK)))
            elif path and key.startswith(OWN):
                continue
            elif isinstance(value, list) and here in self._by_path:
                self._list(value, here, number)
            elif isinstance(value, dict) and value.get("type") not in SHAPES:
                self._walk(rows, cells, _plain(key, value), here, number)
            else:
                rows.columns[here] = None
                cells[here] = text = _text(value)
                if not text.isascii() or "\0" in text:
                    cells[here] = NO_LETTERS.sub("\ufffd", text)
                    rows.mended += [here] if cells[here] != text else []

    def _list(self, value: list[Value], path: str, above: int) -> None:
        name = self._by_path[path]
        self._listed.add(name)
        for place, each in enumerate(value, start=1):
            node = each if isinstance(each, dict) else {}
            self._row(self.repeats[name], node, path, above=above, place=place)

    def _named(self, path: str) -> set[str]:
        return {self._by_path[path]} if path in self._by_path else set()


def _paths(questionnaire: Questionnaire) -> dict[str, str]:
    """Name of a repeat -> the names of the groups and repeats down to it, with slashes."""
    keys = {id(repeat): name for name, (repeat, *_) in questionnaire.repeats.items()}
    found: dict[str, str] = {}
    waiting: list[tuple[str, FormNode]] = [("", node) for node in questionnaire.nodes]
    while waiting:
        above, node = waiting.pop()
        if isinstance(node, Question):
            continue
        path = f"{above}/{node.name}" if above else node.name
        if isinstance(node, Repeat):
            found[keys[id(node)]] = path
        waiting += [(path, child) for child in node.nodes]
    return found


def _plain(key: str, value: Object) -> Object:
    """Of the review of Kobo, the label alone."""
    return {"label": value.get("label", "")} if key == "_validation_status" else value


def _text(value: Value) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "true" if value else "false"
        case str():
            return value
        case dict():
            return _position(value)
        case _:
            return json.dumps(value, ensure_ascii=False)


def _position(shape: Object) -> str:
    """GeoJSON as forms write it: latitude, longitude, altitude, accuracy; points joined by ``;``.

    >>> _position({"type": "Point", "coordinates": ["92.01", "21.44", "7"], "properties": {"accuracy": "4"}})
    '21.44 92.01 7 4'
    """
    points = shape.get("coordinates")
    if shape.get("type") == "Point":
        points = [points]
    if shape.get("type") == "Polygon":
        points = points[0] if isinstance(points, list) and points else []
    about = shape.get("properties")
    accuracy = about.get("accuracy") if isinstance(about, dict) else None
    accuracies = accuracy if isinstance(accuracy, list) else [accuracy]
    texts: list[str] = []
    for place, point in enumerate(points if isinstance(points, list) else []):
        numbers = [_text(each) for each in point] if isinstance(point, list) else []
        exact = accuracies[place] if place < len(accuracies) else None
        after = [exact] if exact is not None else []
        if len(numbers) < 2:  # noqa: PLR2004 - a longitude and a latitude
            continue
        height = [numbers[2] or "0"] if len(numbers) > 2 else ["0"] * bool(after)  # noqa: PLR2004
        texts.append(" ".join([numbers[1], numbers[0], *height, *map(_text, after)]))
    return ";".join(texts)


JSON = Reader(
    name="json",
    title="a .json file as Kobo, ONA or Central (OData) hand it over",
    recognises=_is_json,
    read=_read,
)
