"""Every name in study.yaml leads to something in the questionnaire.

What is misspelt is said before an answer is read, and all of it at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from survey_kit.errors import ExpressionError, Fault, StudyError
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.parser import parse
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.model import Responses
from survey_kit.study.section import did_you_mean
from survey_kit.study.settings import StudySettings

CODED = "_codes"
"""What the question of codes beside an open question is called after."""


def check_names(settings: StudySettings, questionnaire: Questionnaire) -> None:
    """Refuse a study that names what its questionnaire does not have.

    Raises
    ------
    StudyError
        With every such name, and whatever is wrong with the expressions of `complete` and `withdrawn`.
    """
    faults = [
        *_language(settings, questionnaire),
        *_rule("complete", settings.complete, questionnaire),
        *_rule("withdrawn", settings.withdrawn, questionnaire),
    ]
    answers = [
        item.key
        for item in questionnaire.items
        if not item.repeats and item.question.type.storage is not Storage.NOTHING
    ]
    for key, names in _in_the_design(settings).items():
        faults.extend(_unknown(key, names, answers))
    derived = [each.name for each in questionnaire.derived]
    for key, names in settings.weighting.named if settings.weighting else ():
        faults.extend(_unknown(key, names, [*answers, *derived]))
    codes = [f"{each.question}{CODED}" for each in settings.coding]
    variables = [*questionnaire.by_key, *derived, *codes]
    faults.extend(_unknown("protection.classes", settings.protection.classes, variables))
    faults.extend(_unknown("tables.rows", settings.tables.rows, variables))
    faults.extend(_unknown("tables.by", settings.tables.by, variables))
    if faults:
        raise StudyError.from_faults(faults)


def check_columns(
    settings: StudySettings, answers: Responses, others: Iterable[str] = (), key: str = ""
) -> None:
    """Refuse answers without a column that the study counts, weights or estimates with.

    Parameters
    ----------
    others, key
        Further questions, and what needs them.

    Raises
    ------
    StudyError
        With every question that study.yaml needs and the file has no column for.
    """
    unseen = answers.report.unseen
    needed = {
        "complete": _answers_of("complete", settings.complete),
        "withdrawn": _answers_of("withdrawn", settings.withdrawn),
        **_in_the_design(settings),
        key: tuple(others),
    }
    faults = [
        Fault(
            settings.answers.file.name,
            f"there is no column for {name!r}, which {key} needs",
            "Was it exported from an older version of the form? If the column has another name,"
            " say so under responses, columns",
        )
        for key, names in needed.items()
        for name in names
        if name in unseen
    ]
    if faults:
        raise StudyError.from_faults(faults)


def _in_the_design(settings: StudySettings) -> Mapping[str, tuple[str, ...]]:
    design = settings.design
    return {
        "design.weight": (design.weight,) if design.weight else (),
        "design.stratum": (design.stratum,) if design.stratum else (),
        "design.cluster": design.clusters,
        "design.population": design.populations,
    }


def _language(settings: StudySettings, questionnaire: Questionnaire) -> Iterator[Fault]:
    language = settings.language
    if language is not None and language not in questionnaire.languages:
        yield Fault(
            "study.yaml, language",
            f"the questionnaire has no language {language!r}",
            f"Its languages are: {', '.join(questionnaire.languages)}",
        )


def _answers_of(key: str, rule: str | None) -> tuple[str, ...]:
    return tuple(parse(rule, f"study.yaml, {key}").answers) if rule else ()


def _rule(key: str, rule: str | None, questionnaire: Questionnaire) -> Iterable[Fault]:
    try:
        return _unknown(key, _answers_of(key, rule), questionnaire.by_key)
    except ExpressionError as error:
        return error.faults


def _unknown(key: str, names: Iterable[str], known: Iterable[str]) -> Iterator[Fault]:
    there = tuple(known)
    for name in names:
        if name not in there:
            yield Fault(
                f"study.yaml, {key}",
                f"there is no question called {name!r}{did_you_mean(name, there)}",
                "Write the name as the questionnaire has it",
            )
