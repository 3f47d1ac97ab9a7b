"""A second interview gave another answer to a question whose answer does not change."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import pandas as pd

from survey_kit.cleaning.about_enumerators import about_enumerator
from survey_kit.cleaning.backcheck import (
    DIFFERENT,
    Blank,
    Plan,
    Range,
    compare,
    difference_rates,
)
from survey_kit.cleaning.backcheck_file import NO_ANSWER, paired, read_back_checks
from survey_kit.cleaning.backcheck_tests import stability
from survey_kit.cleaning.check import (
    NO_FILE,
    Check,
    Finding,
    Reach,
    Settings,
    as_findings,
    file,
    number,
    text,
    texts,
)
from survey_kit.cleaning.interview_parts import enumerator_part, enumerators, known_column
from survey_kit.cleaning.quota import cell_values
from survey_kit.cleaning.spelling import did_you_mean
from survey_kit.errors import StudyError
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.as_text import as_text
from survey_kit.responses.model import Responses

WHERE = "checks: back_check"
BLANKS = {blank.name.lower(): blank for blank in Blank}
_RANGE = re.compile(r"(.+):\s*(-?[\d.]+)(%?)\s+to\s+(-?[\d.]+)(%?)")
PLAIN = (Storage.CODE, Storage.CODES, Storage.INTEGER, Storage.DECIMAL, Storage.DATE)
"""An answer of these kinds may be told beside another one; a free text may not."""


@dataclass(frozen=True, eq=False)
class BackChecked:
    """What the back-checks say.

    comparisons
        Every pair of answers (`COMPARISONS`, then interview, enumerator, team, back_checker). It
        holds answers: it does not leave the place where the data are kept.
    by_question, by_enumerator, by_team, by_back_checker
        Rates of difference by type; the last three are empty where nobody is known.
    stability
        Tests and reliability of questions answered in numbers.
    pairs, strangers, ambiguous
        How many people were asked twice, how many back-checks are of nobody in the survey, and how many
        interviews share an id and could not be paired.
    """

    comparisons: pd.DataFrame
    by_question: pd.DataFrame
    by_enumerator: pd.DataFrame
    by_team: pd.DataFrame
    by_back_checker: pd.DataFrame
    stability: pd.DataFrame
    pairs: int
    strangers: int
    ambiguous: int


def back_checked(responses: Responses, settings: Settings) -> BackChecked | None:
    """All that the back-checks of a study say; None where no file is stated.

    Raises
    ------
    StudyError
        If the settings, the file and the questionnaire do not fit each other.
    FileProblem
        If the file cannot be read.
    """
    path = file(settings, "file")
    if path is None:
        return None
    plan = _plan(settings)
    back = read_back_checks(path, responses.questionnaire)
    survey, second, ambiguous = paired(responses, back, plan.types, text(settings, "id"), path.name)
    kept = {"interview": "interview"}
    for name, who in _people(responses, settings):
        survey = survey.assign(
            **{f" {name}": who.reindex(survey["interview"]).to_numpy(dtype=object)}
        )
        kept[name] = f" {name}"
    checker = text(settings, "back_checker")
    if checker and checker not in back.columns:
        known = map(str, back.columns)
        what = f"it has no column {checker!r}"
        raise StudyError(f"{path.name}", what, did_you_mean(checker, known))
    keep_back = {"back_checker": checker} if checker else {}
    pairs = compare(survey, second, plan, keep_survey=kept, keep_back=keep_back)
    return BackChecked(
        comparisons=pairs,
        by_question=difference_rates(pairs, ["question", "type"]),
        by_enumerator=_rates(pairs, "enumerator"),
        by_team=_rates(pairs, "team"),
        by_back_checker=_rates(pairs, "back_checker"),
        stability=stability(pairs, plan.types),
        pairs=int(second.index.isin(survey.index).sum()),
        strangers=int((~second.index.isin(survey.index)).sum()),
        ambiguous=ambiguous,
    )


def _people(responses: Responses, settings: Settings) -> Iterator[tuple[str, pd.Series[Any]]]:
    part = enumerator_part(responses, text(settings, "enumerator"), f"{WHERE}: enumerator")
    if part is not None:
        yield "enumerator", enumerators(responses, part.column)
    team = text(settings, "team")
    if team:
        column = known_column(responses, team, f"{WHERE}: team")
        asked = column in responses.frame.columns
        yield "team", cell_values(responses, column) if asked else responses.meta[column]


def _rates(pairs: pd.DataFrame, who: str) -> pd.DataFrame:
    if who not in pairs.columns:
        return pd.DataFrame(columns=[who, "type", "compared", "different", "rate", "low", "high"])
    return difference_rates(pairs, [who, "type"])


def _plan(settings: Settings) -> Plan:
    types = {key: kind for kind in (1, 2, 3) for key in texts(settings, f"type{kind}")}
    if not types:
        raise StudyError(WHERE, "no question is compared", "Name some in type1, type2 or type3")
    blank = text(settings, "blank")
    if blank not in BLANKS:
        words = did_you_mean(blank, BLANKS)
        raise StudyError(f"{WHERE}: blank", f"{blank!r} is not known", words)
    return Plan(
        types=types,
        ranges=dict(_range(written, types) for written in texts(settings, "within")),
        leave_out=frozenset({NO_ANSWER, *texts(settings, "leave_out")}),
        never_different=frozenset(texts(settings, "never_different")),
        blank=BLANKS[blank],
    )


def _range(written: str, types: dict[str, int]) -> tuple[str, Range]:
    found = _RANGE.fullmatch(written.strip())
    if found is None or found[3] != found[5] or not float(found[2]) <= 0 <= float(found[4]):
        raise StudyError(
            f"{WHERE}: within",
            f"{written!r} is no range around the first answer",
            "Write: ['rooms: -1 to 1', 'income: -10% to 10%']",
        )
    if found[1] not in types:
        words = did_you_mean(found[1], types)
        raise StudyError(f"{WHERE}: within", f"{found[1]!r} is not compared", words)
    return found[1], Range(float(found[2]), float(found[4]), relative=bool(found[3]))


def _reach(responses: Responses, settings: Settings) -> Reach:
    found = back_checked(responses, settings)
    if found is None:
        return Reach(runs=False, note="no file of back-checks; name it in the setting file")
    if not found.pairs:
        return Reach(
            runs=False,
            note=f"none of {found.strangers} back-checks has an id of the survey: look at the setting id",
        )
    share = found.pairs / max(len(responses), 1)
    parts = [
        f"{found.pairs} back-checks, {share:.0%} of the interviews",
        *(
            f"{row['question']} (type {row['type']}) {row['different']} of {row['compared']} differ"
            for row in found.by_question.to_dict("records")
        ),
        f"{found.strangers} back-checks have an id that no interview has"
        if found.strangers
        else "",
        f"{found.ambiguous} interviews share an id and were not compared"
        if found.ambiguous
        else "",
    ]
    return Reach(note="; ".join(filter(None, parts)))


def _find(responses: Responses, settings: Settings) -> pd.DataFrame:
    found = back_checked(responses, settings)
    if found is None:
        return as_findings(())
    one = found.comparisons[found.comparisons["type"] == 1]
    differ: list[dict[Any, Any]] = one[one["result"] == DIFFERENT].to_dict("records")
    return as_findings(
        [
            *(_difference(row, responses) for row in differ),
            *_enumerators(found.by_enumerator, settings),
        ]
    )


def _difference(row: dict[Any, Any], responses: Responses) -> Finding:
    key, interview = str(row["question"]), str(row["interview"])
    storage = responses.questionnaire.by_key[key].question.type.storage
    second = row["back_check"]
    if pd.isna(second):
        told = "; the back-check has no answer"
    elif storage in PLAIN:
        told = f"; the back-check has {f'{second:.10g}' if isinstance(second, float) else second}"
    else:
        told = ""
    (first,) = as_text(responses.frame.loc[[interview], key], storage).fillna("")
    return Finding(
        interview,
        key,
        str(first),
        "a second interview with the same person gave another answer to a question whose answer "
        "does not change",
        f"Ask which holds{told}",
    )


def _enumerators(rates: pd.DataFrame, settings: Settings) -> Iterator[Finding]:
    okrate = number(settings, "okrate")
    for row in rates.to_dict("records"):
        enough = row["compared"] >= number(settings, "least")
        if row["type"] == 1 and enough and row["low"] > okrate:
            yield about_enumerator(
                str(row["enumerator"]),
                f"{row['different']} of {row['compared']} answers to questions of type 1 differ in the "
                f"back-check ({row['rate']:.0%}, 95 % interval {row['low']:.0%} to {row['high']:.0%})",
            )


BACK_CHECK = Check(
    name="back_check",
    title="The back-check says otherwise",
    why=(
        "Asked again (in the `file` of back-checks, paired by the question `id`, or by the id of the interview), people "
        "give the same answers to the questions of `type1`. Those of `type2`, hard to ask, and of `type3`, "
        "which may change, are counted and tested, but are no findings. `within` allows numbers to be off: "
        "['rooms: -1 to 1', 'income: -10% to 10%'], ends included. Don't know and refusals, and the answers in "
        "`leave_out`, are not compared; answers in `never_different` are no difference; `blank` is back_check (what "
        "the back-check did not ask is not compared), either or neither. An enumerator is named where, of at least "
        "`least` answers of type 1, more than the share `okrate` differ, beyond the limits of chance. `team` "
        "and `back_checker` name columns for their rates. After bcstats (Innovations for Poverty Action)."
    ),
    find=_find,
    reach=_reach,
    settings=MappingProxyType(
        {
            "file": NO_FILE,
            "id": "",
            "type1": (),
            "type2": (),
            "type3": (),
            "within": (),
            "leave_out": (),
            "never_different": (),
            "blank": "back_check",
            "okrate": 0.1,
            "least": 10,
            "enumerator": "",
            "team": "",
            "back_checker": "",
        }
    ),
)
