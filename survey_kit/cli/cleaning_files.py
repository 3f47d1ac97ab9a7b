"""What `survey-kit clean` reads and writes: a raw file, its logs, and what a study says of both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import click

from survey_kit.errors import FileProblem, UsageError

if TYPE_CHECKING:
    from survey_kit.cleaning.clean_file import Cleaned
    from survey_kit.cleaning.correction import Correction
    from survey_kit.cleaning.log_reading import LogOptions, Logs
    from survey_kit.cleaning.raw_file import RawFile, Sheet
    from survey_kit.questionnaire.model import Questionnaire
    from survey_kit.responses.model import Responses
    from survey_kit.responses.read import ReadOptions
    from survey_kit.study.settings import StudySettings

WRITERS = {
    ".csv": "csv",
    ".xlsx": "kobo-xlsx",
    ".zip": "central",
    ".parquet": "parquet",
    ".sav": "sav",
    ".dta": "dta",
}
"""How the answers of a raw file without cells of its own are written, by the suffix of OUT."""


NO_IDS = "no column names the interviews"
IDS = frozenset({"_uuid", "_submission__uuid"})
NUMBERS = frozenset({"_id", "_index", "_parent_index", "_submission__id"})
"""Columns of a layout that count its rows, and are no part of the answers."""


@dataclass(frozen=True)
class Asked:
    """What the person at the command line said."""

    raw: Path | None
    logs: tuple[Path, ...]
    deletions: tuple[Path, ...] = ()
    withdrawn: tuple[Path, ...] = ()
    questionnaire: Path | None = None
    study: Path | None = None
    interview: str | None = None
    encoding: str | None = None
    log_encoding: str | None = None
    log_sheets: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    actions: tuple[str, ...] = ()
    column_rules: bool = False
    anew: bool = False
    """Whether a file of SPSS or Stata is to be written in another format."""
    settings: StudySettings | None = field(default=None, compare=False)


@dataclass(frozen=True)
class CleanedAs:
    """What the person said of a cleaned file in which things are called otherwise than in the raw one.

    interview
        The column that names the interviews.
    sheets
        Those that hold answers; all that do, where none is named.
    """

    interview: str | None = None
    sheets: tuple[str, ...] = ()
    encoding: str | None = None


def with_study(asked: Asked) -> Asked:
    """What was asked for, with what the study says."""
    from survey_kit.study.settings import read_study

    settings = read_study(asked.study or Path())
    log = settings.corrections
    given = asked.logs or asked.deletions or asked.withdrawn or settings.withdrawn
    if log is None and not given:
        raise UsageError(
            str(settings.file), "the study has no log of corrections", "Name one with --log"
        )
    own = log is not None and not asked.logs
    return replace(
        asked,
        settings=settings,
        raw=asked.raw or settings.answers.file,
        questionnaire=asked.questionnaire or settings.questionnaire,
        logs=(log.file,) if log is not None and own else asked.logs,
        interview=asked.interview or settings.answers.interview,
        encoding=asked.encoding or settings.answers.encoding,
        columns=(*_pairs_as_text(log.columns if log and own else {}), *asked.columns),
        actions=(*_pairs_as_text(log.actions if log and own else {}), *asked.actions),
    )


def _pairs_as_text(pairs: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(f"{name}={value}" for name, value in pairs.items())


def options(asked: Asked) -> ReadOptions:
    from survey_kit.responses.read import ReadOptions

    answers = asked.settings.answers if asked.settings else None
    return ReadOptions(
        interview=asked.interview,
        ignore=answers.ignore if answers else (),
        columns=answers.columns if answers else {},
        encoding=asked.encoding,
    )


def cleaned(asked: Asked, *, to_compare: bool = False) -> tuple[Cleaned, Logs]:
    """The logs held against the raw file.

    With `to_compare`, answers in a file without cells of its own are laid out as tables: such a
    raw file cannot be written, but a cleaned one can be held against it.
    """
    from survey_kit.cleaning.clean_file import clean_file
    from survey_kit.cleaning.consent_withdrawn import without_withdrawn
    from survey_kit.cleaning.log_reading import LogOptions, read_logs
    from survey_kit.forms.or_other import with_others
    from survey_kit.forms.read import read_as_far_as_understood
    from survey_kit.study.manifest import hash_of_path
    from survey_kit.study.withdrawals import refuse_later_ones

    if asked.raw is None:
        raise UsageError("clean", "there is no raw file", "Name it with --raw")
    options = LogOptions(
        columns=_pairs("--column", asked.columns),
        actions=_pairs("--action", asked.actions),
        interview=asked.interview,
        encoding=asked.log_encoding or "",
        sheets=asked.log_sheets,
    )
    form = (
        with_others(read_as_far_as_understood(asked.questionnaire)) if asked.questionnaire else None
    )
    logs = read_logs(asked.logs, deletions=asked.deletions, options=options, form=form)
    raw, responses = _opened(asked.raw, form, asked)
    if to_compare and responses is not None and not raw.sheets:
        raw = as_tables(responses)
    entries, notes = without_withdrawn(
        logs.entries, _withdrawn(asked, responses, options), raw.interviews
    )
    raw = replace(raw, notes=(*raw.notes, *notes))
    made = clean_file(
        raw,
        responses,
        entries,
        source=hash_of_path(asked.raw),
        column_rules=asked.column_rules,
    )
    if asked.settings is not None and made.corrected is not None:
        refuse_later_ones(asked.settings, made.corrected.responses)
    return made, logs


def _withdrawn(
    asked: Asked, responses: Responses | None, options: LogOptions
) -> tuple[Correction, ...]:
    """The interviews that go because their consent was withdrawn: by a list, or by the study's rule."""
    from survey_kit.cleaning.consent_withdrawn import withdrawn_by_rule, withdrawn_in
    from survey_kit.responses.withdrawn import is_withdrawn
    from survey_kit.study.withdrawals import WHERE, taken_back

    found = withdrawn_in(asked.withdrawn, options=options)
    if asked.settings is None or responses is None or asked.settings.withdrawn is None:
        return found
    emptied = taken_back(asked.settings, responses)
    by_rule = emptied.frame.index[is_withdrawn(emptied)]
    return (*found, *withdrawn_by_rule(map(str, by_rule), WHERE))


def _opened(
    path: Path, form: Questionnaire | None, asked: Asked
) -> tuple[RawFile, Responses | None]:
    from survey_kit.cleaning.raw_file import OTHER, RawFile, has_cells, is_of_a_package, open_raw
    from survey_kit.responses.pool import read_versions
    from survey_kit.responses.read import read_responses
    from survey_kit.study.versions import older_forms

    given = options(asked)
    responses: Responses | None = None
    if form is not None and asked.settings is not None:
        older = asked.settings.older
        responses = read_versions(path, form, older_forms(older), options=given, rules=older.rules)
    elif form is not None:
        responses = read_responses(path, form, options=given)
    if has_cells(path) and not (asked.anew and responses is not None and is_of_a_package(path)):
        return open_raw(path, form, given), responses
    if responses is None:
        raise UsageError(
            path.name,
            "without a form only tables are cleaned: CSV and XLSX",
            "Give the form with --questionnaire",
        )
    ids = tuple(str(each) for each in responses.frame.index)
    return RawFile(path, OTHER, (), ids, form=form), responses


def _pairs(option: str, texts: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        name, equals, value = text.rpartition("=")
        if not equals:
            raise UsageError(option, f"there is no = in {text!r}", "Write NAME=VALUE")
        found[name] = value
    return found


def broken(logs: Logs, raw: Path, sealed_by: str | None = None) -> list[str]:
    """What is wrong with the chains of chained logs.

    Parameters
    ----------
    sealed_by
        The seal that somebody wrote down when the log was written: a log from whose end rows were
        taken is a chain too, and ends in another.
    """
    from survey_kit.cleaning.correction_log import seal
    from survey_kit.study.manifest import hash_of_path

    found = [f"{each.place}: row {each.broken} is not as it was sealed" for each in logs.broken]
    own = seal(hash_of_path(raw))
    found += [
        f"{each.place}: it was sealed to another raw file"
        for each in logs.read
        if each.sealed_to and each.sealed_to != own and not each.broken
    ]
    ends = [each.seal for each in logs.read if each.seal]
    if sealed_by is not None and not any(end.startswith(sealed_by.strip()) for end in ends):
        found.append(
            f"no chained log ends in the seal {sealed_by}: rows went from its end, or came"
        )
    return found


def write_answers(cleaned: Cleaned, out: Path) -> None:
    from survey_kit.responses.writer import writers

    name = WRITERS.get(out.suffix.lower())
    if name is None or cleaned.corrected is None:
        raise UsageError(
            out.name,
            f"answers are not written as {out.suffix or 'a file without a suffix'}",
            f"Give it one of the suffixes {', '.join(WRITERS)}",
        )
    responses = cleaned.corrected.responses
    for note in writers()[name].write(responses, out, responses.questionnaire.language):
        click.echo(note, err=True)


def open_cleaned(
    path: Path, asked: Asked, form: Questionnaire | None, theirs: CleanedAs
) -> RawFile:
    """A cleaned file as tables, whatever format it is in.

    Raises
    ------
    FileProblem
        If no column of it names the interviews, or it has none of the sheets that are named.
    """
    names = [theirs.interview] if theirs.interview else dict.fromkeys((asked.interview, None))
    for name in names:
        given = replace(options(asked), interview=name, encoding=theirs.encoding or asked.encoding)
        opened = _with_ids(path, form, given, theirs.sheets)
        if opened is not None:
            return opened
    raise FileProblem(path.name, NO_IDS, "Name one with --cleaned-id COLUMN")


def _with_ids(
    path: Path, form: Questionnaire | None, given: ReadOptions, sheets: tuple[str, ...]
) -> RawFile | None:
    """A file as tables; None where no column of it names the interviews."""
    from survey_kit.cleaning.raw_file import has_cells, open_raw
    from survey_kit.responses.read import read_responses

    try:
        if form is None or has_cells(path):
            return open_raw(path, form, given, sheets=sheets)
        return as_tables(read_responses(path, form, options=given))
    except FileProblem as error:
        if error.faults[0].what == NO_IDS:
            return None
        raise


def check_same_interviews(raw: RawFile, clean: RawFile) -> None:
    """Refuse a cleaned file of which not one interview is in the raw file.

    Raises
    ------
    FileProblem
        If the two have no interview in common.
    """
    if clean.interviews and raw.interviews and set(raw.interviews).isdisjoint(clean.interviews):
        raise FileProblem(
            clean.path.name,
            f"none of its {len(clean.interviews)} interviews is in {raw.path.name}",
            "Check that the two belong together; if the ids stand in another column, name it with "
            "--cleaned-id or --interview",
        )


def as_tables(responses: Responses) -> RawFile:
    """Answers laid out as KoboToolbox exports them."""
    from survey_kit.cleaning.raw_file import open_raw
    from survey_kit.responses.writer import writers

    form = responses.questionnaire
    with TemporaryDirectory() as folder:
        path = Path(folder) / "answers.xlsx"
        writers()["kobo-xlsx"].write(responses, path, form.language)
        made = open_raw(path, form)
    tables = tuple(_answers_alone(each) for each in made.sheets)
    return replace(made, sheets=tables, laid_out=True)


def _answers_alone(sheet: Sheet) -> Sheet:
    """A table without what the layout that was made for it has beside answers and ids."""
    from survey_kit.responses.matching import Role

    kept = [
        place
        for place, (name, use) in enumerate(zip(sheet.header, sheet.uses, strict=True))
        if name in IDS or (name not in NUMBERS and use.role is not Role.METADATA)
    ]
    return replace(
        sheet,
        header=tuple(sheet.header[place] for place in kept),
        uses=tuple(replace(sheet.uses[old], position=new) for new, old in enumerate(kept)),
        cells=sheet.cells[kept].set_axis(range(len(kept)), axis=1),
    )
