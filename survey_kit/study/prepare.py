"""From the files of a study to its weighted, protected view: what the explorer needs.

definition -> answers -> checks -> corrections -> who counts -> weights -> Analysis
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from survey_kit.errors import CannotEvaluate, CorrectionError, Fault, StudyError
from survey_kit.protection.rules import Rules
from survey_kit.responses.withdrawn import is_withdrawn, standing
from survey_kit.study.manifest import Record, hash_of_frame, hash_of_path
from survey_kit.study.names import check_columns, check_names
from survey_kit.study.settings import Answers, StudySettings
from survey_kit.study.versions import counted_by_version, older_forms
from survey_kit.study.weigh import weigh_study
from survey_kit.study.withdrawals import entries_of_others, refuse_later_ones, taken_back
from survey_kit.tables.analysis import Analysis
from survey_kit.tables.variables import analysis_frame, left_out

if TYPE_CHECKING:
    from survey_kit.cleaning.corrections import Corrected
    from survey_kit.cleaning.rounds import Round
    from survey_kit.cleaning.run_checks import Checked
    from survey_kit.questionnaire.model import Questionnaire
    from survey_kit.responses.model import Responses
    from survey_kit.weighting.chain import Weighted

Progress = Callable[[str], None]

WEIGHT = "weight"
"""The column that holds the weights, in the analysis and in the files that leave."""


@dataclass(frozen=True, eq=False)
class Prepared:
    """A study as far as its weights.

    `complete` is (n,) bool over the corrected interviews: who counts. `analysis` holds
    only those. `weights` is None where nothing was weighted.
    """

    questionnaire: Questionnaire
    raw: Responses
    checked: Checked
    corrected: Corrected
    complete: NDArray[np.bool_]
    analysis: Analysis
    weights: Weighted | None
    round: Round | None = None
    """What is new in this round of checks, where the study keeps a record of rounds."""


def prepare(settings: StudySettings, record: Record, progress: Progress) -> Prepared:
    """Read, check, correct and weight.

    Raises
    ------
    BadInput
        Whatever is wrong with the definition, the answers, the corrections, the design
        or the margins, each in its own words.
    """
    questionnaire = read_definition(settings, record, progress)
    raw = _read(settings, questionnaire, record, progress)
    checked = _check(settings, raw, record, progress)
    applied = _correct(settings, raw, record, progress)
    now = _round(settings, checked, applied)
    corrected = _coded(settings, applied, record)
    complete = _complete(settings, corrected.responses, record)
    analysis, weights = _weigh(settings, corrected.responses, complete, record, progress)
    return Prepared(questionnaire, raw, checked, corrected, complete, analysis, weights, now)


def read_definition(settings: StudySettings, record: Record, progress: Progress) -> Questionnaire:
    """The questionnaire, with every name in the study checked against it."""
    from survey_kit.forms.read import read_for_answers

    progress("questionnaire")
    with record.step("questionnaire") as step:
        questionnaire = read_for_answers(settings.questionnaire)
        check_names(settings, questionnaire)
        step.rows_out = len(questionnaire.items)
        step.detail = {
            "version": questionnaire.version,
            "lists": len(questionnaire.lists),
            "not_understood": [str(fault) for fault in questionnaire.not_understood],
            "only_elsewhere": [str(fault) for fault in questionnaire.only_elsewhere],
        }
    return questionnaire


def _read(
    settings: StudySettings, questionnaire: Questionnaire, record: Record, progress: Progress
) -> Responses:
    from survey_kit.responses.match_report import match_report
    from survey_kit.responses.pool import read_versions
    from survey_kit.responses.read import ReadOptions

    progress("responses")
    with record.step("responses") as step:
        answers = settings.answers
        _columns_are_there_to_be_named(answers)
        options = ReadOptions(
            interview=answers.interview,
            ignore=answers.ignore,
            columns=answers.columns,
            encoding=answers.encoding,
        )
        raw = read_versions(
            answers.file,
            questionnaire,
            older_forms(settings.older),
            options=options,
            rules=settings.older.rules,
        )
        check_columns(settings, raw)
        raw = taken_back(settings, raw)
        report = raw.report
        step.rows_in, step.rows_out = report.rows_read, len(raw)
        step.hash = hash_of_frame(raw.frame)
        step.detail = {
            "format": report.format,
            "versions": counted_by_version(raw.meta),
            "columns_in": report.columns_read,
            "columns": dict(report.counts),
            "matched_by": dict(report.stages),
            "unmatched_columns": dict(report.unmatched),
            "questions_without_column": list(report.unseen),
            "unreadable_answers": len(raw.unreadable),
            "withdrawn": int(is_withdrawn(raw).sum()),
            "fit": list(match_report(raw).sentences()),
            "notes": list(report.notes),
        }
    return raw


def _columns_are_there_to_be_named(answers: Answers) -> None:
    """Refuse settings about columns where the answers have none: they would be ignored."""
    from survey_kit.responses.read import reader_of

    if not answers.file.exists() or reader_of(answers.file).name != "openrosa":
        return
    named = {
        "interview": answers.interview,
        "ignore": answers.ignore,
        "columns": answers.columns,
        "encoding": answers.encoding,
    }
    for key, value in named.items():
        if value:
            raise StudyError(
                f"study.yaml, responses.{key}",
                f"{answers.file.name} holds submissions, which have no columns to name",
                f"Take {key} out",
            )


def _check(settings: StudySettings, raw: Responses, record: Record, progress: Progress) -> Checked:
    from survey_kit.cleaning.run_checks import run_checks

    progress("checks")
    with record.step("checks") as step:
        checked = run_checks(
            raw, settings.checks, classes=settings.protection.classes, folder=settings.folder
        )
        step.rows_in = step.rows_out = int((~is_withdrawn(raw)).sum())
        findings = checked.findings
        step.detail = {
            "findings": len(findings),
            "by_check": {str(k): int(v) for k, v in findings["check"].value_counts().items()},
            "checks": [
                {"check": str(row["check"]), "ran": bool(row["ran"]), "note": str(row["note"])}
                for row in checked.summary.to_dict("records")
            ],
        }
    return checked


def _correct(
    settings: StudySettings, raw: Responses, record: Record, progress: Progress
) -> Corrected:
    from survey_kit.cleaning.corrections import BREAKS, apply_corrections
    from survey_kit.cleaning.log_reading import LogOptions, read_logs

    progress("corrections")
    with record.step("corrections") as step:
        log = settings.corrections
        options = LogOptions(interview=settings.answers.interview)
        if log is not None:
            options = replace(options, columns=log.columns, actions=log.actions)
        logs = read_logs([log.file] if log else [], options=options)
        if logs.broken:
            raise CorrectionError.from_faults(
                Fault(
                    f"{each.place}, row {each.broken}",
                    "this log was sealed, and is not as it was sealed from here on",
                    "Restore it; new corrections go into a file of their own beside it",
                )
                for each in logs.broken
            )
        corrections = entries_of_others(raw, logs.entries)
        corrected = apply_corrections(raw, corrections, source=hash_of_path(settings.answers.file))
        refuse_later_ones(settings, corrected.responses)
        step.rows_in, step.rows_out = len(raw), len(corrected.responses)
        step.taken_away = {"removed by the log": len(corrected.removed)}
        step.hash = hash_of_frame(corrected.responses.frame)
        actions = corrected.log["action"].value_counts()
        step.detail = {
            "entries": len(corrections),
            "logs": [str(each) for each in logs.read],
            "notes": list(logs.notes),
            "entries_of_withdrawn_interviews": len(logs.entries) - len(corrections),
            "by_action": {str(action): int(count) for action, count in actions.items()},
            "seal_of_log": corrected.seal,
            "against_the_forms_constraint": int(
                corrected.log["note"].str.contains(BREAKS, regex=False).sum()
            ),
        }
    return corrected


def _round(settings: StudySettings, checked: Checked, corrected: Corrected) -> Round | None:
    """What is new since the last round. A second run on one day is the same round again."""
    if settings.rounds is None:
        return None
    from survey_kit.cleaning.rounds import read_record, this_round
    from survey_kit.cleaning.settled import settled_in

    today = date.today().isoformat()  # noqa: DTZ011 - the day of whoever runs it
    before = read_record(settings.rounds)
    earlier = before[before["first"] != today]
    secret = settings.protection.key
    return this_round(
        checked.findings,
        earlier,
        corrected.log,
        name=today,
        key=secret.read_bytes() if secret else b"",
        settled=settled_in([settings.corrections.file] if settings.corrections else []),
        summed=checked.summed,
    )


def read_and_correct(settings: StudySettings, record: Record, progress: Progress) -> Responses:
    """The corrected answers of a study, before anything is counted or coded."""
    questionnaire = read_definition(settings, record, progress)
    raw = _read(settings, questionnaire, record, progress)
    return _correct(settings, raw, record, progress).responses


def _coded(settings: StudySettings, corrected: Corrected, record: Record) -> Corrected:
    """With a question of codes beside each open question that is coded."""
    if not settings.coding:
        return corrected
    from survey_kit.study.coding import coded

    with record.step("coding") as step:
        responses, told = coded(settings, corrected.responses)
        step.rows_in = step.rows_out = len(responses)
        step.detail = {"questions": list(told)}
    return replace(corrected, responses=responses)


def _complete(settings: StudySettings, responses: Responses, record: Record) -> NDArray[np.bool_]:
    from survey_kit.questionnaire.parser import parse
    from survey_kit.responses.evaluate import truth

    with record.step("who counts") as step:
        if settings.complete is None:
            complete = np.ones(len(responses), dtype=bool)
        else:
            expression = parse(settings.complete, "study.yaml, complete")
            try:
                complete = truth(expression, responses)
            except CannotEvaluate as error:
                fault = error.faults[0]
                raise StudyError("study.yaml, complete", fault.what, fault.remedy) from error
        gone = is_withdrawn(responses)
        complete = complete & ~gone
        step.rows_in, step.rows_out = len(responses), int(complete.sum())
        step.taken_away = {"not complete": int((~complete & ~gone).sum())}
        if gone.any():
            step.taken_away["withdrawn"] = int(gone.sum())
        if not complete.any():
            raise StudyError(
                "study.yaml, complete",
                f"none of {len(responses)} interviews is complete by this rule",
                "Check the rule, and whether the answers are of this study",
            )
    return complete


def _weigh(
    settings: StudySettings,
    everybody: Responses,
    complete: NDArray[np.bool_],
    record: Record,
    progress: Progress,
) -> tuple[Analysis, Weighted | None]:
    progress("weights")
    complete = complete[~is_withdrawn(everybody)]
    everybody = standing(everybody)
    counted = everybody.only(complete)
    with record.step("variables") as step:
        protection = settings.protection
        frame, variables = analysis_frame(
            counted, overrides=protection.classes, language=settings.language
        )
        aside = left_out(counted, overrides=protection.classes)
        step.rows_in = step.rows_out = len(frame)
        step.hash = data_hash = hash_of_frame(frame)
        step.detail = {"variables": len(variables), "left_out": dict(aside)}
    with record.step("weights") as step:
        sample, weighted = weigh_study(settings, everybody, complete, frame, variables)
        step.rows_in = step.rows_out = len(sample)
        step.detail = {"effective_sample_size": round(effective_size(sample.weights), 1)}
        if weighted is not None:
            step.detail |= {"variance": weighted.variance, "steps": _steps_taken(weighted)}
    analysis = Analysis(
        title=settings.title,
        questionnaire=counted.questionnaire,
        sample=sample,
        variables=variables,
        rules=Rules(
            smallest_base=protection.smallest_base,
            smallest_cell=protection.smallest_cell,
            warn_base=protection.warn_base,
            reason=protection.reason,
        ),
        language=settings.language,
        simulated=settings.notice,
        data_hash=data_hash,
        uncertainty=settings.intervals.value,
        level=settings.tables.level,
        left_out=aside,
        classes=protection.classes,
        banner=settings.tables.by,
    )
    return analysis, weighted


def _steps_taken(weighted: Weighted) -> list[dict[str, object]]:
    return [
        {
            "step": each.title,
            "rows": each.after.n,
            "design_effect": round(each.after.design_effect, 4),
            "smallest_weight": round(each.after.smallest, 4),
            "largest_weight": round(each.after.largest, 4),
            "trimmed": each.cut,
            "iterations": each.iterations,
            "largest_gap": each.gap,
        }
        for each in weighted.reports
    ]


def effective_size(weights: NDArray[np.float64]) -> float:
    """(Σ w)² / Σ w²: how many equally weighted people the weights are worth (Kish 1965)."""
    return float(weights.sum() ** 2 / (weights**2).sum())


def inputs_of(settings: StudySettings) -> Mapping[str, Path]:
    """The files that a study reads, by what they are."""
    files: dict[str, Path | None] = {
        "study": settings.file,
        "questionnaire": settings.questionnaire,
        "responses": settings.answers.file,
        "corrections": settings.corrections.file if settings.corrections else None,
        **{
            f"{check}, {setting}": settings.folder / value
            for check, stated in settings.checks.items()
            if stated
            for setting, value in stated.items()
            if isinstance(value, str) and (settings.folder / value).is_file()
        },
        **{f"codes of {each.question}": each.frame for each in settings.coding},
        **{
            "margins" if number == 1 else f"margins {number}": each
            for number, each in enumerate(
                settings.weighting.files if settings.weighting else (), start=1
            )
        },
        **{
            f"older form {number}": each.file
            for number, each in enumerate(settings.older.forms, start=1)
        },
    }
    return {name: path for name, path in files.items() if path is not None and path.exists()}
