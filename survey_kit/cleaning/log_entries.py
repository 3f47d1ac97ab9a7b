"""The rows of one table of a log, read as corrections under the header that was understood.

What a row does not say plainly is a fault of its own, so that all of them can be mended at once;
what is wrong with every row alike is said once.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from survey_kit.cleaning.correction import ACTIONS, Action, Correction
from survey_kit.cleaning.correction_log import CASCADE, RECALCULATED
from survey_kit.cleaning.corrections_file import MASKED
from survey_kit.cleaning.log_format import FIELDS, IGNORE, Header
from survey_kit.cleaning.log_lines import Line, LogTable
from survey_kit.cleaning.masking import is_mask
from survey_kit.cleaning.spelling import did_you_mean
from survey_kit.errors import Fault
from survey_kit.questionnaire.model import Place

ALL = "all_data"
YES = frozenset({"1", "yes", "y", "true", "x"})
FOLLOWED = frozenset({CASCADE, RECALCULATED})
ERRORS_OF_A_SPREADSHEET = frozenset({"#REF!", "#NAME?", "#VALUE!", "#DIV/0!", "#NULL!", "#NUM!"})
"""What stands in a cell whose formula cannot be worked out."""
SHORTENED = re.compile(r"[0-9](?:\.[0-9]+)?E\+[0-9]+")
"""A long number as Excel shows it, of which it has saved no more."""


@dataclass
class Wrong:
    """What is wrong with the rows of one table; what is wrong with several alike is one fault."""

    places: dict[tuple[str, str, str], list[Place]] = field(
        default_factory=dict[tuple[str, str, str], list[Place]]
    )

    def add(self, place: Place, what: str, remedy: str, *, column: str = "") -> None:
        """Note that something is wrong with a row."""
        self.places.setdefault((column, what, remedy), []).append(place)

    def told(self) -> Iterator[Fault]:
        """A fault for each thing that is wrong, at the first row that has it."""
        for (column, what, remedy), places in self.places.items():
            more = len(places) - 1
            rows = "1 more row" if more == 1 else f"{more} more rows"
            where = f"{places[0]}, {column}" if column else str(places[0])
            yield Fault(where, f"{what}; the same in {rows}" if more else what, remedy)


def entries_of(
    table: LogTable, at: int, means: Header, stated: Mapping[str, Action], faults: list[Fault]
) -> tuple[Correction, ...]:
    """The entries of a table, in its order.

    Parameters
    ----------
    at
        The position of its header among its lines.
    stated
        Word of the file -> action, where a person has said so.
    faults
        What is wrong is added here.
    """
    _refuse_merged(table, at, means, faults)
    wrong = Wrong()
    found = tuple(_entries(table.lines[at + 1 :], means, stated, wrong))
    faults.extend(wrong.told())
    return found


def _refuse_merged(table: LogTable, at: int, means: Header, faults: list[Fault]) -> None:
    """Of cells that are merged over several rows only the first holds anything."""
    header = table.lines[at].place.row or 0
    read = {place for place, ours in enumerate(means.fields) if ours != IGNORE}
    blocks = [b for b in table.facts.merged if b.first > header and not read.isdisjoint(b.columns)]
    if blocks:
        first = blocks[0]
        more = f", and {len(blocks) - 1} more blocks" if len(blocks) > 1 else ""
        where = Place(table.lines[at].place.file, table.name, first.first)
        what = f"cells of the rows {first.first} to {first.last} are merged{more}"
        remedy = "Only the first row of them holds the text: unmerge them, and fill in every row"
        faults.append(Fault(str(where), what, remedy))


def _entries(
    lines: Sequence[Line], means: Header, stated: Mapping[str, Action], wrong: Wrong
) -> Iterator[Correction]:
    for line in lines:
        if not any(cell.strip() for cell in line.cells):
            continue
        if any(cell.strip() for cell in line.cells[len(means.fields) :]):
            # Nobody knows which cell is which, so none is shown.
            what = "the row has more cells than the header"
            wrong.add(line.place, what, "Put a text that holds the separator in quotes")
            continue
        values = _values(line, means)
        if values["action"] in FOLLOWED:
            continue
        if means.format.refused is not None:
            wrong.add(line.place, *means.format.refused)
            continue
        if values["overruled"].casefold() in means.format.overrules:
            yield _correction(values | {"new": ""}, Action.KEEP, line.place)
            continue
        if "reviewed" in means.fields and values["reviewed"].casefold() not in YES:
            what = "nobody has reviewed this line"
            wrong.add(line.place, what, "Write 1 under reviewed, or take the line out")
            continue
        _check_texts(values, line.place, wrong)
        action = _action(values, means, stated, line.place, wrong)
        if action is not None:
            yield _correction(_of_choice(values, means), action, line.place)


def _of_choice(values: dict[str, str], means: Header) -> dict[str, str]:
    """The values of a line whose new value is a choice: the question is that choice, 1 or 0."""
    chosen = means.format.of_a_choice.get(values["action"].casefold())
    if chosen is None or not values["new"]:
        return values
    return values | {"choice": values["new"], "old": "", "new": chosen}


def _check_texts(values: Mapping[str, str], place: Place, wrong: Wrong) -> None:
    """What can be no id and no new value, whatever the action."""
    if not values["interview"]:
        wrong.add(place, "no interview is named", "Write the id of the interview")
    elif SHORTENED.fullmatch(values["interview"]):
        what = "the spreadsheet has shortened the id of the interview to a rounded number"
        wrong.add(place, what, "Make the column text, and copy the ids again from the data")
    if is_mask(values["new"]):
        wrong.add(place, *MASKED)
    if {values["new"], values["interview"], values["question"]} & ERRORS_OF_A_SPREADSHEET:
        what = "a formula stands here that cannot be worked out"
        wrong.add(place, what, "Mend it, or write the value itself")


def _values(line: Line, means: Header) -> dict[str, str]:
    """Field -> what the line says. Several columns of reasons become one."""
    values = dict.fromkeys(FIELDS, "")
    known = means.format
    for ours, cell in zip(means.fields, line.cells, strict=False):
        text = cell.strip()
        if ours == "interview" and text in known.everybody:
            values[ours] = ALL
        elif ours == IGNORE or text.casefold() in known.words_for_nothing:
            continue
        elif ours == "row" and known.rows_by_index:
            values[ours] = f"_index_{text}"
        else:
            values[ours] = "; ".join(filter(None, (values[ours], text))) if ours == "why" else text
    return values


def _action(
    values: Mapping[str, str],
    means: Header,
    stated: Mapping[str, Action],
    place: Place,
    wrong: Wrong,
) -> Action | None:
    """What a row says is to be done; of a log without such a column, by its new value."""
    word = values["action"].casefold()
    known = {**ACTIONS, **means.format.actions, **stated}
    if means.format.without is not None:
        return means.format.without
    if "action" not in means.fields:
        return _by_new_value(values, stated.get("", means.format.empty_means), place, wrong)
    for spelt in (word, re.sub(r"[\s_-]+", "_", word), re.sub(r"[\s_-]+", " ", word)):
        if spelt in known:
            return known[spelt]
    what = f"there is no action {values['action']!r}" if word else "the action is missing"
    remedy = did_you_mean(word, known, "Write change, blank, remove or no action.")
    if word:
        remedy = f"{remedy} Or say under actions what it means"
    wrong.add(place, what, remedy, column="action")
    return None


def _by_new_value(
    values: Mapping[str, str], empty_means: Action | None, place: Place, wrong: Wrong
) -> Action | None:
    if values["new"]:
        return Action.KEEP if values["new"] == values["old"] else Action.CHANGE
    if empty_means is None:
        wrong.add(
            place,
            "the log has no column of actions, and here no new value",
            "Say what an empty one means: --action =blank, or --action '=no action' (in a study "
            "under corrections: actions)",
        )
    return empty_means


def _correction(values: Mapping[str, str], action: Action, place: Place) -> Correction:
    question = "/".join(filter(None, (values["question"], values["choice"])))
    return Correction(
        interview=values["interview"].removeprefix("uuid:"),
        question=question,
        old="" if is_mask(values["old"]) else values["old"],
        new=values["new"],
        action=action,
        why=values["why"],
        who=values["who"],
        when=values["when"],
        row=values["row"],
        place=place,
    )
