"""A raw file and its logs, made into the cells that change: clean = replay(raw, log).

Nothing but these cells differs between the raw file and the cleaned one, and every one of them
has its reason: an entry of the log, or what follows from it by the form.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from survey_kit.cleaning.carried_over import CarryingOver, Edit, NewColumn
from survey_kit.cleaning.correction import Action, Correction
from survey_kit.cleaning.correction_log import Effect, sealed
from survey_kit.cleaning.correction_log import seal as seal_of
from survey_kit.cleaning.correction_targets import Column
from survey_kit.cleaning.corrections import BREAKS, Corrected, apply_corrections
from survey_kit.cleaning.log_on_columns import CellAt, PlainWeighed, weigh_on_columns
from survey_kit.cleaning.log_on_form import (
    Weighed,
    columns_of,
    weigh_on_form,
    with_places,
)
from survey_kit.cleaning.plain_choices import with_sisters
from survey_kit.cleaning.raw_file import RawFile
from survey_kit.cleaning.recode_other import spelt_as_changes
from survey_kit.cleaning.spelt_out import spelt_out
from survey_kit.cleaning.weighing import STOPS, Aim, Kind, Verdict, among_themselves
from survey_kit.cleaning.whose_entry import of_other_data, spelt_otherwise, with_known_ids
from survey_kit.cleaning.wide_rows import (
    by_question_and_row,
    onto_interviews,
    wide_rows,
    with_wide_rows,
)
from survey_kit.errors import CorrectionError, Fault
from survey_kit.responses.model import Responses

NO_FORM = (
    "without a form no calculation and no question that is no longer asked follows from a change: "
    "give it with --questionnaire"
)


@dataclass(frozen=True, eq=False)
class Cleaned:
    """What becomes of a raw file by its logs.

    verdicts
        One for each entry, in the order of the logs; of a rule, one for each interview.
    stated
        Cell -> the text that an entry itself asks for, without what follows from others.
    removed
        The interviews that go.
    log
        What was done, chained (`correction_log`), and its last hash.
    corrected
        The answers afterwards, where there is a form.
    of_other_data
        The logs of which not one interview is in the raw file.
    """

    raw: RawFile
    verdicts: tuple[Verdict, ...]
    edits: tuple[Edit, ...]
    new_columns: tuple[NewColumn, ...]
    stated: Mapping[CellAt, str]
    removed: tuple[str, ...]
    log: pd.DataFrame
    seal: str
    corrected: Corrected | None
    notes: tuple[str, ...] = ()
    of_other_data: tuple[Fault, ...] = ()

    @property
    def faults(self) -> tuple[str, ...]:
        """Why nothing may be written, each a sentence: of a log of other data, one."""
        strange = {fault.where for fault in self.of_other_data}
        return (
            *map(str, self.of_other_data),
            *(
                f"{verdict.kind.value}: {verdict.fault}"
                for verdict in self.stopped
                if verdict.kind is not Kind.UNKNOWN_INTERVIEW
                or verdict.entry.place.file not in strange
            ),
        )

    @property
    def stopped(self) -> tuple[Verdict, ...]:
        """The entries because of which nothing may be written."""
        return tuple(verdict for verdict in self.verdicts if verdict.stops)

    @property
    def changed(self) -> tuple[int, int]:
        """How many cells entries change, and how many follow from them.

        They are those of the file, or answers where the file has no cells of its own.
        """
        if self.raw.sheets:
            by_entries = sum(edit.entry for edit in self.edits)
            return by_entries, len(self.edits) - by_entries
        changed = self.log[self.log["effect"].eq(Effect.CHANGED.value)]["action"]
        by_entries = int(changed.isin([Action.CHANGE.value, Action.BLANK.value]).sum())
        return by_entries, len(changed) - by_entries

    @property
    def counts(self) -> dict[Kind, int]:
        """How many entries are of which kind."""
        found = Counter(verdict.kind for verdict in self.verdicts)
        return {kind: found[kind] for kind in Kind if found[kind]}


@dataclass(frozen=True)
class _Entry:
    """An entry that names one interview, its verdict, and whether the form knows its question."""

    entry: Correction
    verdict: Verdict
    on_form: bool

    @property
    def stands(self) -> bool:
        """Whether it is to be applied."""
        return self.verdict.kind not in STOPS and self.verdict.kind is not Kind.DUPLICATE


def clean_file(
    raw: RawFile,
    responses: Responses | None,
    entries: Sequence[Correction],
    *,
    source: str,
    column_rules: bool = False,
) -> Cleaned:
    """Hold every entry against the data, and work out every cell that changes.

    Entries that cannot be applied change nothing and stand in `stopped`: whoever writes a
    cleaned file has to look there first.

    Parameters
    ----------
    responses
        The answers of the raw file, read with their form; None where there is no form: then a
        question is a column, and nothing follows from a change.
    source
        The hash of the raw file, to which the log is sealed.
    column_rules
        Whether lines that change a column for everybody are meant.
    """
    notes = list(raw.notes)
    as_written = _without_recodings(responses, entries)
    entries = with_known_ids(as_written, raw.interviews)
    notes += spelt_otherwise(as_written, entries)
    wide = wide_rows(raw) if responses is not None else ()
    written, entries = entries, by_question_and_row(wide, entries)
    columns = columns_of(responses, entries) if responses is not None else {}
    whole = with_wide_rows(raw, wide)
    spelt, refused = spelt_out(whole, responses, entries, columns, column_rules=column_rules)
    if responses is None:
        notes.append(NO_FORM)
    else:
        spelt = with_places(raw, spelt, columns)
    on_form = [_is_on_form(entry, columns, raw, responses) for entry in spelt]
    plain = [entry for entry, is_form in zip(spelt, on_form, strict=True) if not is_form]
    gone = frozenset(entry.interview for entry in spelt if entry.action is Action.REMOVE)
    of_form = _weighed(responses, [e for e, is_form in zip(spelt, on_form, strict=True) if is_form])
    of_columns = weigh_on_columns(raw, plain, gone)
    judged = _judged(spelt, on_form, of_form, of_columns)
    corrected: Corrected | None = None
    edits = _plain_edits(raw, of_columns, judged)
    new_columns: tuple[NewColumn, ...] = ()
    stated = {edit.cell: edit.new for edit in edits}
    if responses is None:
        edits = with_sisters(raw, edits)
    else:
        there = frozenset(raw.interviews)
        kept = [e.entry for e in judged if e.on_form and e.stands and e.entry.interview in there]
        corrected = apply_corrections(responses, kept, source=source)
        pairs = [(each, columns[each.question]) for each in kept if each.question in columns]
        if raw.sheets:
            carried = CarryingOver(whole, responses, corrected, pairs).carried()
            carried = onto_interviews(raw, wide, carried)
            edits = [*carried.edits, *edits]
            new_columns = carried.new_columns
            stated |= carried.stated
            notes += carried.notes
        notes += _against_constraints(corrected)
    log = _log(corrected, of_columns, judged, source)
    removed = {e.entry.interview for e in judged if e.stands and e.entry.action is Action.REMOVE}
    return Cleaned(
        raw=raw,
        verdicts=_as_in_the_logs(written, (*refused, *(each.verdict for each in judged))),
        edits=tuple(edits),
        new_columns=new_columns,
        stated=stated,
        removed=tuple(each for each in raw.interviews if each in removed),
        log=log,
        seal=str(log["hash"].iloc[-1]) if len(log) else seal_of(source),
        corrected=corrected,
        notes=tuple(notes),
        of_other_data=of_other_data(entries, frozenset(raw.interviews)),
    )


def _against_constraints(corrected: Corrected) -> list[str]:
    """Which new values the form itself would refuse."""
    broken = corrected.log[corrected.log["note"].str.contains(BREAKS, regex=False)]
    return [
        f"{place}: {BREAKS} ({question})"
        for place, question in zip(broken["place"], broken["question"], strict=True)
    ]


def _without_recodings(
    responses: Responses | None, entries: Sequence[Correction]
) -> Sequence[Correction]:
    """The entries with every ``recode other`` spelt out; which needs the form."""
    faults: list[Fault] = []
    if responses is not None:
        entries = spelt_as_changes(responses.questionnaire, entries, faults)
    else:
        faults += [
            Fault(
                each.where,
                "what 'other' stands beside is in the form, and there is none",
                "Name it: --questionnaire FILE",
            )
            for each in entries
            if each.action is Action.RECODE
        ]
    if faults:
        raise CorrectionError.from_faults(faults)
    return entries


def _as_in_the_logs(
    entries: Sequence[Correction], verdicts: Sequence[Verdict]
) -> tuple[Verdict, ...]:
    order = {entry.place: number for number, entry in reversed(list(enumerate(entries)))}
    return tuple(sorted(verdicts, key=lambda verdict: order[verdict.entry.place]))


def _weighed(responses: Responses | None, entries: Sequence[Correction]) -> Weighed:
    return Weighed((), (), ()) if responses is None else weigh_on_form(responses, entries)


def _is_on_form(
    entry: Correction,
    columns: Mapping[str, Column],
    raw: RawFile,
    responses: Responses | None,
) -> bool:
    """Whether the form is asked about an entry; what it does not know may be a plain column."""
    if responses is None:
        return False
    if not entry.question or entry.action is Action.REMOVE or entry.question in columns:
        return True
    return all(sheet.column_called(entry.question) is None for sheet in raw.sheets)


def _judged(
    entries: Sequence[Correction],
    on_form: Sequence[bool],
    of_form: Weighed,
    of_columns: PlainWeighed,
) -> list[_Entry]:
    """Every entry with its verdict, once they have been held against each other too."""
    forms = zip(of_form.verdicts, of_form.aims, strict=True)
    plain = zip(of_columns.weighed.verdicts, of_columns.weighed.aims, strict=True)
    verdicts: list[Verdict] = []
    aims: list[Aim | None] = []
    for is_form in on_form:
        verdict, aim = next(forms if is_form else plain)
        verdicts.append(verdict)
        aims.append(aim)
    among = among_themselves(entries, aims)
    return [
        _Entry(entry, among.get(number, verdict), is_form)
        for number, (entry, verdict, is_form) in enumerate(
            zip(entries, verdicts, on_form, strict=True)
        )
    ]


def _plain_edits(raw: RawFile, of_columns: PlainWeighed, judged: Sequence[_Entry]) -> list[Edit]:
    plain = [each for each in judged if not each.on_form]
    edits: dict[CellAt, Edit] = {}
    for each, cell, text in zip(plain, of_columns.cells, of_columns.texts, strict=True):
        changes = each.verdict.kind in {Kind.APPLIED, Kind.NORMALISED, Kind.NOT_STATED}
        if cell is None or not changes:
            continue
        sheet = raw.sheets[cell.sheet]
        old = sheet.text(cell.row, cell.column)
        if text != old:
            name = sheet.header[cell.column]
            edits[cell] = Edit(cell, each.entry.interview, each.entry.row, name, old, text, True)
    return list(edits.values())


def _log(
    corrected: Corrected | None, of_columns: PlainWeighed, judged: Sequence[_Entry], source: str
) -> pd.DataFrame:
    """The rows of the form's log and those of plain columns, chained anew."""
    rows: list[dict[str, str]] = []
    if corrected is not None:
        rows += [
            {str(column): str(text) for column, text in row.items()}
            for row in corrected.log.to_dict("records")
        ]
    plain = [each for each in judged if not each.on_form]
    for each, text in zip(plain, of_columns.texts, strict=True):
        if each.stands:
            rows.append(_plain_row(each, text))
    return sealed(rows, source)


def _plain_row(each: _Entry, text: str) -> dict[str, str]:
    entry = each.entry
    changed = each.verdict.kind in {Kind.APPLIED, Kind.NORMALISED, Kind.NOT_STATED}
    removed = each.verdict.kind is Kind.REMOVED
    effect = Effect.REMOVED if removed else Effect.CHANGED if changed else Effect.NOTHING
    return {
        "interview": entry.interview,
        "row": entry.row,
        "question": entry.question,
        "old_stated": entry.old,
        "new": text if entry.action is Action.CHANGE else entry.new,
        "action": entry.action.value,
        "match": each.verdict.kind.value,
        "why": entry.why,
        "who": entry.who,
        "when": entry.when,
        "place": str(entry.place),
        "effect": effect.value,
        "note": each.verdict.what,
    }
