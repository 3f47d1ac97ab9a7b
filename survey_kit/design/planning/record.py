"""The record of a selection: all that is needed to draw the same sample again, in writing.

It holds the method, the seed, the counts, and the hash of the list; not the list, and none of
the names on it but those of strata and clusters. As JSON a program reads it (`read_record`), as
Markdown it goes into the report.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, fields
from datetime import date
from difflib import get_close_matches
from typing import Any, cast

from survey_kit import __version__
from survey_kit.collect import collect
from survey_kit.design.planning.chance import GENERATOR
from survey_kit.design.planning.method import SelectionMethod
from survey_kit.errors import DesignError

FORMAT = "survey-kit selection 1"


def methods() -> dict[str, SelectionMethod]:
    """Every method of selection, by its name."""
    return collect("survey_kit.design.planning.methods", SelectionMethod)


@dataclass(frozen=True)
class Part:
    """What was drawn in one stratum, or in one cluster of an earlier stage.

    units, drawn
        How many there are on the list, and how many were drawn.
    asked
        How many were to be drawn; more than `drawn` where a cluster was smaller.
    certain
        How many of them were taken because their size reached the interval.
    size
        The sum of their sizes; the number of units where size plays no part.
    """

    name: str
    units: int
    asked: int
    drawn: int
    certain: int
    size: float


@dataclass(frozen=True)
class StageRecord:
    """One stage of a selection.

    method, seed, on
        The name of the method, the seed, and the day as its author gave it.
    key, cluster, stratum, size, order
        Columns: the name of a unit; of its unit at the stage before; its stratum; its size;
        and by which the list was sorted before drawing.
    short
        What was to be done about clusters with too few units.
    rows, frame_hash
        Of the list: its length, and the SHA-256 of the columns above.
    drawn_hash
        The SHA-256 of the keys of the drawn units.
    """

    method: str
    seed: int
    on: str
    key: str
    cluster: str | None
    stratum: str | None
    size: str | None
    order: tuple[str, ...]
    short: str
    rows: int
    frame_hash: str
    drawn_hash: str
    parts: tuple[Part, ...]

    @property
    def drawn(self) -> int:
        """How many units were drawn."""
        return sum(part.drawn for part in self.parts)

    @property
    def certain(self) -> int:
        """How many units were taken because their size reached the interval."""
        return sum(part.certain for part in self.parts)

    @property
    def sentence(self) -> str:
        """What the section on methods may say of this stage."""
        words = methods()[self.method].words
        said = f"{self.drawn:,} of {self.rows:,} units were drawn by {words}"
        if self.size is not None:
            said += f" ('{self.size}')"
        if self.cluster is not None:
            said += f", within {len(self.parts):,} drawn clusters"
        elif self.stratum is not None:
            said += f", in {len(self.parts):,} strata ('{self.stratum}')"
        if self.order:
            said += f", from a list sorted by {' and '.join(map(repr, self.order))}"
        said += "."
        if self.certain:
            noun = "unit was" if self.certain == 1 else "units were"
            said += (
                f" {self.certain:,} {noun} as large as the interval, and taken with certainty; "
                "the others were drawn from the rest."
            )
        fewer = sum(part.drawn < part.asked for part in self.parts)
        if fewer:
            said += (
                f" {fewer:,} {'cluster' if fewer == 1 else 'clusters'} held fewer units than were "
                "to be drawn, and all of them were taken."
            )
        return said


@dataclass(frozen=True)
class SamplingRecord:
    """Every stage of a selection, the first one first."""

    stages: tuple[StageRecord, ...]
    version: str = __version__
    generator: str = GENERATOR

    @property
    def sentence(self) -> str:
        """What the section on methods may say."""
        if len(self.stages) == 1:
            return self.stages[0].sentence
        return " ".join(
            f"Stage {number}: {stage.sentence}" for number, stage in enumerate(self.stages, 1)
        )

    def as_json(self) -> str:
        """The record as text that `read_record` reads."""
        whole = {"format": FORMAT, **asdict(self)}
        return json.dumps(whole, indent=2, ensure_ascii=False) + "\n"

    def as_markdown(self) -> str:
        """The record for a report: sentences, and a table of strata or clusters."""
        lines = ["# Record of the selection", ""]
        for number, stage in enumerate(self.stages, 1):
            lines += [f"## Stage {number}", "", stage.sentence, "", *_facts(stage), ""]
            lines += _table(stage)
        lines += [
            f"Random numbers: {self.generator}; survey_kit {self.version}.",
            "The same list, in the same order of rows, gives the same sample again.",
            "",
        ]
        return "\n".join(lines)


def read_record(text: str) -> SamplingRecord:
    """The record that `as_json` wrote.

    Raises
    ------
    DesignError
        If it is no such record, lacks something, or names a method that is not there.
    """
    try:
        whole: object = json.loads(text)
    except json.JSONDecodeError as error:
        raise DesignError(
            f"record, line {error.lineno}", "it is not JSON", "Give the text that was written"
        ) from error
    if not isinstance(whole, dict) or cast("dict[str, object]", whole).get("format") != FORMAT:
        raise DesignError(
            "record",
            f"it does not say '{FORMAT}'",
            "Give the record that a selection of survey_kit wrote as JSON",
        )
    record = cast("dict[str, object]", whole)
    written = record.get("stages")
    if not isinstance(written, list) or not written:
        raise DesignError("record", "it holds no stage", "Give the whole of what was written")
    stages = tuple(
        _stage(number, stage) for number, stage in enumerate(cast("list[object]", written), 1)
    )
    return SamplingRecord(stages, str(record.get("version")), str(record.get("generator")))


def _stage(number: int, written: object) -> StageRecord:
    where = f"record, stage {number}"
    stage = _checked(where, written, StageRecord)
    method = stage["method"]
    if method not in methods():
        close = get_close_matches(str(method), methods(), n=1)
        hint = f"Did you mean '{close[0]}'?" if close else f"There are: {', '.join(methods())}."
        raise DesignError(where, f"there is no method of selection called '{method}'", hint)
    parts = tuple(Part(**_checked(where, part, Part)) for part in stage["parts"])
    if not parts:
        raise DesignError(where, "its 'parts' are empty", AS_WRITTEN)
    known: dict[str, Any] = {**stage, "order": tuple(stage["order"]), "parts": parts}
    return StageRecord(**known)


def _checked(where: str, written: object, kind: type) -> dict[str, Any]:
    """The fields of a value, every one there and of its kind."""
    if not isinstance(written, dict):
        raise DesignError(where, "something in it is not a list of names and values", AS_WRITTEN)
    found = cast("dict[str, Any]", written)
    wanted = [each.name for each in fields(kind)]
    for name in wanted:
        if name not in found:
            raise DesignError(where, f"it lacks '{name}'", AS_WRITTEN)
    for name, value in found.items():
        if name not in wanted:
            raise DesignError(where, f"'{name}' does not belong there", AS_WRITTEN)
        allowed = MAY_BE[name]
        if isinstance(value, bool) or not isinstance(value, allowed) or not _a_date(name, value):
            raise DesignError(where, f"'{name}' is not what it should be", AS_WRITTEN)
    return found


def _a_date(name: str, value: object) -> bool:
    if name != "on":
        return True
    try:
        date.fromisoformat(str(value))
    except ValueError:
        return False
    return True


TEXT, TEXT_OR_NOT, WHOLE = (str,), (str, type(None)), (int,)

MAY_BE: dict[str, tuple[type, ...]] = {
    **dict.fromkeys(("name", "method", "on", "key", "short", "frame_hash", "drawn_hash"), TEXT),
    **dict.fromkeys(("cluster", "stratum"), TEXT_OR_NOT),
    **dict.fromkeys(("seed", "rows", "units", "asked", "drawn", "certain"), WHOLE),
    **dict.fromkeys(("order", "parts"), (list,)),
    # of a stage the column of sizes, of a part their sum
    "size": (str, type(None), int, float),
}
"""What the values of a record may be, by their names."""

AS_WRITTEN = "Give the record as it was written"


def _facts(stage: StageRecord) -> list[str]:
    method = methods()[stage.method]
    facts = [
        ("method", f"{stage.method} ({method.source})"),
        ("seed", str(stage.seed)),
        ("date", stage.on),
        ("units are named by", stage.key),
        ("within", stage.cluster),
        ("strata", stage.stratum),
        ("size", stage.size),
        ("sorted by", ", ".join(stage.order)),
        ("list", f"{stage.rows:,} rows, SHA-256 {stage.frame_hash}"),
        ("drawn", f"{stage.drawn:,} units, SHA-256 {stage.drawn_hash}"),
    ]
    return [f"- {name}: {value}" for name, value in facts if value]


def _table(stage: StageRecord) -> list[str]:
    if stage.cluster is None and stage.stratum is None:
        return []
    first = "stratum" if stage.cluster is None else "cluster"
    lines = [f"| {first} | units | size | drawn | of these certain |", "|---|--:|--:|--:|--:|"]
    for part in stage.parts:
        name = part.name.replace("|", "\\|")
        lines.append(
            f"| {name} | {part.units:,} | {part.size:,.10g} | {part.drawn:,} | {part.certain:,} |"
        )
    return [*lines, ""]
