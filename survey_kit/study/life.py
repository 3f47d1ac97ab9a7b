"""The whole life of one study, start to end, each step timed, counted and hashed.

    definition -> answers -> checks -> corrections -> weights -> forms -> tables -> findings -> files

Everything is written into a folder beside the target, which takes the target's place only
when the last file is done: nothing is left half-written.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from inspect import signature
from pathlib import Path
from typing import TYPE_CHECKING, cast

from survey_kit.errors import StudyError, UsageError
from survey_kit.findings.claim import Claim
from survey_kit.study.answers_out import write_answers
from survey_kit.study.made import Made
from survey_kit.study.manager_files import write_for_manager
from survey_kit.study.manifest import Record
from survey_kit.study.method import method_of
from survey_kit.study.place import check_file, replacing, writing
from survey_kit.study.prepare import Prepared, Progress, inputs_of, prepare
from survey_kit.study.settings import StudySettings
from survey_kit.study.summary import summary_of
from survey_kit.tables.analysis import Analysis
from survey_kit.tables.exporter import Book, Exporter, exporters
from survey_kit.tables.table import Table

if TYPE_CHECKING:
    from survey_kit.findings.themes import Theme

STEPS: tuple[str, ...] = (
    "questionnaire",
    "responses",
    "checks",
    "corrections",
    "weights",
    "forms",
    "tables",
    "findings",
    "files",
)
"""The steps as the progress bar shows them."""


@dataclass(frozen=True, eq=False)
class Life:
    """What a run leaves beside its files: the record of it, and a summary to print."""

    manifest: dict[str, object]
    summary: str


def live(settings: StudySettings, out: Path, *, progress: Progress = lambda _: None) -> Life:
    """Run a study and write everything it makes into a folder.

    Parameters
    ----------
    out
        The folder; what an earlier run left there is replaced.
    progress
        Called with the name of each step as it begins.

    Raises
    ------
    BadInput
        Whatever is wrong with the study's files; nothing is written then.
    UsageError
        If `out` holds something that no run has made.
    """
    record = Record()
    with replacing(out) as folder:
        prepared = prepare(settings, record, progress)
        _write_forms(prepared, folder, record, progress)
        tables = _tabulate(settings, prepared.analysis, record, progress)
        claims = _tell(settings, prepared.analysis, record, progress)
        progress("files")
        _write_files(Made(settings, prepared, folder), tables, claims, record)
        manifest = record.manifest(
            settings.name, settings.notice, dict(inputs_of(settings)), folder
        )
        text = json.dumps(manifest, indent=2, ensure_ascii=False)
        (folder / "manifest.json").write_text(text + "\n", encoding="utf-8")
    _remember_round(settings, prepared)
    return Life(manifest, summary_of(settings, prepared, claims, out))


def _remember_round(settings: StudySettings, prepared: Prepared) -> None:
    """Keep for the next round what has been found, once everything of this one is written."""
    if settings.rounds is None or prepared.round is None:
        return
    from survey_kit.cleaning.rounds import write_record

    with writing(settings.rounds) as unfinished:
        write_record(prepared.round.record, unfinished)


NO_FORM = "not made: phones with ODK or Kobo would not take the form as it is (`survey-kit check` says why)"
"""Of a form of another team that is only read: what it says beyond ODK's is left alone."""


def write_tables(
    settings: StudySettings, path: Path, *, rows: Sequence[str] = (), by: Sequence[str] = ()
) -> int:
    """A crosstab book with the rows and banner that are asked for; returns how many tables."""
    exporter = _exporter(path)
    check_file(path)
    record = Record()
    prepared = prepare(settings, record, lambda _: None)
    chosen = replace(
        settings.tables,
        rows=tuple(rows) or settings.tables.rows,
        by=tuple(by) or settings.tables.by,
    )
    narrowed = replace(settings, tables=chosen)
    tables = _tabulate(narrowed, prepared.analysis, record, lambda _: None)
    with writing(path) as unfinished:
        exporter.write(_book(narrowed, prepared, tables), unfinished)
    return len(tables)


def _write_forms(prepared: Prepared, folder: Path, record: Record, progress: Progress) -> None:
    from survey_kit.forms.build import build, build_forms

    progress("forms")
    with record.step("forms") as step:
        made, asked = folder / "forms", prepared.questionnaire
        fit = not (asked.not_understood or asked.only_elsewhere)
        written = build_forms(asked, made) if fit else ()
        codebook = build(asked, made, only=("codebook",)).files
        step.rows_in = len(asked.items)
        step.detail = {
            "forms": [path.name for path in (*written, *(c.path for c in codebook))],
            "for_phones": "made" if fit else NO_FORM,
        }


def _tabulate(
    settings: StudySettings, analysis: Analysis, record: Record, progress: Progress
) -> list[Table]:
    progress("tables")
    with record.step("tables") as step:
        by = settings.tables.by
        asked = settings.tables.rows or tuple(analysis.variables)
        tables = [
            analysis.crosstab(row, banner_over(row, by), name=f"t{number:03d}")
            for number, row in enumerate(asked, start=1)
        ]
        if not tables:
            raise StudyError(
                "study.yaml, tables",
                "there is nothing that may be tabulated",
                "Class at least one question as quasi, sensitive or plain",
            )
        step.rows_in, step.rows_out = len(asked), len(tables)
    return tables


def banner_over(row: str, by: Sequence[str]) -> Sequence[str]:
    """The banner over a row: each pair of banner questions is crossed once, not both ways.

    Two tables of the same people, one turned against the other, hide different cells, and
    what one hides the other may show.
    """
    return by[by.index(row) + 1 :] if row in by else by


def _tell(
    settings: StudySettings, analysis: Analysis, record: Record, progress: Progress
) -> list[Claim]:
    from survey_kit.findings.themes import load_themes

    progress("findings")
    with record.step("findings") as step:
        try:
            themes = load_themes(settings.folder, settings.themes)
            claims = [
                claim for name, theme in themes.items() for claim in _claims(name, theme, analysis)
            ]
        except SystemExit as error:
            raise StudyError(
                "study.yaml, findings.themes",
                "a theme ended the program",
                "Take sys.exit out of it",
            ) from error
        step.rows_in, step.rows_out = len(themes), len(claims)
    return claims


def _claims(name: str, theme: Theme, analysis: Analysis) -> list[Claim]:
    """What a theme says. It is written for one study, so nothing is taken for granted."""
    try:
        signature(theme).bind(analysis)
    except TypeError as error:
        raise StudyError(
            f"theme {name}", "claims does not take one value", "Define claims(analysis)"
        ) from error
    told = cast("object", theme(analysis))
    found = cast("list[object]", told) if isinstance(told, list) else []
    claims = [each for each in found if isinstance(each, Claim)]
    if not isinstance(told, list) or len(claims) < len(found):
        raise StudyError(
            f"theme {name}", "claims returned something else than claims", "Return a list of Claim"
        )
    return claims


def _write_files(
    made: Made, tables: Sequence[Table], claims: Sequence[Claim], record: Record
) -> None:
    settings, prepared = made.settings, made.prepared
    write_for_manager(made, record)
    with record.step("tables.xlsx") as step:
        path = made.folder / "tables.xlsx"
        _exporter(path).write(_book(settings, prepared, tables), path)
        step.rows_in = len(tables)
    _write_findings(made, claims, record)
    write_answers(made, record)


def _exporter(path: Path) -> Exporter:
    by_suffix = {exporter.suffix: exporter for exporter in exporters().values()}
    suffix = path.suffix.lower()
    if suffix not in by_suffix:
        raise UsageError(
            str(path),
            f"tables cannot be written as {suffix or 'a file without a suffix'}",
            f"Give it one of the suffixes {', '.join(sorted(by_suffix))}",
        )
    return by_suffix[suffix]


def _book(settings: StudySettings, prepared: Prepared, tables: Sequence[Table]) -> Book:
    return Book(
        title=settings.title,
        tables=tuple(tables),
        method=method_of(settings, prepared),
        notice=settings.notice,
    )


def _write_findings(made: Made, claims: Sequence[Claim], record: Record) -> None:
    if not claims:
        return
    from survey_kit.findings.docx import write_docx
    from survey_kit.findings.html import write_html

    settings, prepared, folder = made.settings, made.prepared, made.folder
    method = [f"{line.heading}: {line.text}" for line in method_of(settings, prepared)]
    language = settings.language or prepared.questionnaire.language
    with record.step("findings.html") as step:
        step.rows_in = len(claims)
        write_html(
            claims,
            folder / "findings.html",
            title=settings.title,
            notice=settings.notice,
            method=method,
            language=language,
        )
    with record.step("findings.docx") as step:
        step.rows_in = len(claims)
        write_docx(
            claims,
            folder / "findings.docx",
            title=settings.title,
            notice=settings.notice,
            method=method,
            language=language,
        )
