r"""Rates by enumerator beside those of the others, as a funnel: wide where there are few interviews.

Of an enumerator with O events in m chances, where the others' rates let one expect E,

.. math:: p = P\left(\mathrm{Bin}(m/\psi, E/m) \ge O/\psi\right), \quad
          \psi = \hat\phi \left(1 + E / E_{ref}\right)

with :math:`\hat\phi \ge 1` the overdispersion (answers of one interview hang together; Pearson's
:math:`X^2` over interviews within enumerators, divided by its degrees of freedom) and
:math:`E_{ref}` what was expected of the others, whose rates are not exact either. Expected is worked out question
by question among those who were asked, so nobody stands out for having asked other questions.
Funnel plots with overdispersion: Spiegelhalter 2005 (Statistics in Medicine 24, 1185-1202).

Amounts (minutes, choices picked) are compared by Welch's t-test, on a logarithmic scale.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias, cast

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.cleaning.enumerator_variance import adjusted
from survey_kit.cleaning.fieldwork import asked_questions
from survey_kit.questionnaire.model import Choice, Item
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.model import Absence, Responses

RATES = (
    "measure",
    "enumerator",
    "interviews",
    "events",
    "chances",
    "value",
    "low",
    "high",
    "expected",
    "p",
    "adjusted",
)
"""Columns of a table of rates."""

SHARES = {
    "dont_know": "answers \u201cdon't know\u201d",
    "refused": "answers refused",
    "missing": "questions left blank",
    "other": "choices of \u201cother\u201d",
}
"""Measure -> what is counted, of the questions that were asked."""
AMOUNTS = {
    "minutes": "minutes an interview",
    "choices": "choices picked where several may be, against the usual number",
}
"""Measure -> what is measured of each interview."""

NOT_ASKED = (Absence.NOT_ASKED, Absence.NOT_IN_VERSION, Absence.NOT_KNOWN)
OTHER = ("other", "others", "other_specify", "autre", "otro", "96", "77")
"""Codes that forms use for a choice that is not in the list, where its label says so too."""
OTHER_LABELS = ("other", "autre", "otro", "أخرى", "اخرى", "غير ذلك")

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Share:
    """Events among chances, of each interview.

    events, chances, expected
        (n,) how many, of how many, and how many by the rates of each question over everybody.
    """

    events: Floats
    chances: Floats
    expected: Floats


def shares(responses: Responses, leave_out: tuple[str, ...] = ()) -> dict[str, Share]:
    """What is counted of each interview, by the measures of `SHARES`; those without events left out.

    `leave_out` names questions that are not put to people, such as the enumerator's code.
    """
    keys = [key for key in asked_questions(responses) if key not in leave_out]
    absence = responses.absence[keys].to_numpy()
    asked = ~np.isin(absence, NOT_ASKED)
    found = {
        name: _share(absence == state, asked)
        for name, state in (
            ("dont_know", Absence.DONT_KNOW),
            ("refused", Absence.REFUSED),
            ("missing", Absence.BLANK),
        )
    }
    chosen, offered = _other(responses)
    found["other"] = _share(chosen, offered)
    return {name: share for name, share in found.items() if share.events.sum()}


def _share(events: NDArray[np.bool_], chances: NDArray[np.bool_]) -> Share:
    events = events & chances
    rates = events.sum(axis=0) / np.maximum(chances.sum(axis=0), 1)
    return Share(
        events.sum(axis=1).astype(np.float64),
        chances.sum(axis=1).astype(np.float64),
        chances @ rates,
    )


def _other(responses: Responses) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """(n, q) where "other" was chosen, and where it could have been, of every such question."""
    chosen: list[NDArray[np.bool_]] = []
    answered: list[NDArray[np.bool_]] = []
    for item in responses.questionnaire.items:
        if item.key not in responses.frame.columns or not item.question.type.asked:
            continue
        code = other_code(item, responses.questionnaire.choices(item.question))
        if code:
            answers = responses.frame[item.key]
            numbers, distinct = pd.factorize(answers)
            has = np.array(
                [code in str(each).split() for each in distinct] + [False], dtype=np.bool_
            )
            chosen.append(has[numbers])
            present = responses.absence[item.key].to_numpy() == Absence.PRESENT
            answered.append(present & answers.notna().to_numpy(dtype=np.bool_))
    nothing = np.zeros((len(responses), 0), dtype=np.bool_)
    return (
        np.column_stack(chosen) if chosen else nothing,
        np.column_stack(answered) if answered else nothing,
    )


def other_code(item: Item, choices: tuple[Choice, ...]) -> str:
    """The code of a question's choice "other", "" where it has none."""
    if item.question.or_other:
        return "other"
    for choice in choices:
        labels = [label.casefold().strip() for label in choice.label.values()]
        says = any(label.startswith(OTHER_LABELS) for label in labels)
        code = choice.code.casefold()
        if code == OTHER[0] or (says and (code in OTHER or code.startswith(OTHER[0]))):
            return choice.code
    return ""


def choices_picked(responses: Responses) -> Floats:
    """(n,) Choices picked in questions that take several, divided by the usual number; NaN if none."""
    ratio = np.zeros(len(responses))
    number = np.zeros(len(responses))
    for item in responses.questionnaire.items:
        if item.question.type.storage is not Storage.CODES or item.key not in responses.frame:
            continue
        present = responses.absence[item.key].to_numpy() == Absence.PRESENT
        numbers, distinct = pd.factorize(responses.frame[item.key])
        counts = np.array([len(str(each).split()) for each in distinct] + [0], dtype=np.float64)
        picked = counts[numbers]
        if picked[present].sum():
            ratio[present] += picked[present] / picked[present].mean()
            number[present] += 1
    return np.where(number > 0, ratio / np.maximum(number, 1), np.nan)


def rate_table(
    responses: Responses,
    times: pd.DataFrame,
    *,
    level: float = 0.95,
    leave_out: tuple[str, ...] = (),
) -> pd.DataFrame:
    """Every measure by enumerator.

    Parameters
    ----------
    times
        As `timeline` makes it; minutes are those of finished interviews.
    level
        Of the intervals.
    leave_out
        Questions that are not put to people, such as the enumerator's code.

    Returns
    -------
    (r, 11)
        With the columns `RATES`. Of a share: events, chances, the rate, its limits (exact
        binomial, for the overdispersed counts), the rate expected from the others, and the
        p-value of one as high. Of an amount: the geometric mean, its limits, that of the others,
        and the p-value of one as low. `adjusted` is over the whole table (false discovery rate).
    """
    who = times["enumerator"].to_numpy(dtype=object)
    known = times["enumerator"].notna().to_numpy(dtype=np.bool_)
    names, codes = np.unique(who[known].astype("str"), return_inverse=True)
    rows: list[tuple[object, ...]] = []
    for measure, share in shares(responses, leave_out).items():
        part = Share(share.events[known], share.chances[known], share.expected[known])
        rows.extend(_funnel(measure, part, codes, names, level))
    finished = known & times["finished"].to_numpy(dtype=np.bool_)
    minutes = np.where(finished, times["minutes"].to_numpy(dtype=np.float64), np.nan)
    picked = np.where(finished, choices_picked(responses), np.nan)
    for measure, amounts in (("minutes", minutes), ("choices", picked)):
        rows.extend(_means(measure, amounts[known], codes, names, level))
    table = pd.DataFrame(rows, columns=list(RATES))
    return table.assign(adjusted=adjusted(table["p"].to_numpy(dtype=np.float64)))


def _funnel(
    measure: str, share: Share, codes: NDArray[np.int64], names: NDArray[Any], level: float
) -> list[tuple[object, ...]]:
    from scipy.special import betainc

    number = len(names)
    events, chances, expected = (
        np.bincount(codes, weights=each, minlength=number)
        for each in (share.events, share.chances, share.expected)
    )
    interviews = np.bincount(codes, minlength=number)
    spread = overdispersion(share, codes, number)
    rest_events, rest_expected = events.sum() - events, expected.sum() - expected
    with np.errstate(divide="ignore", invalid="ignore"):
        due = expected * rest_events / rest_expected
        rate = np.clip(due / chances, 1e-12, 1 - 1e-12)
        psi = spread * (1 + expected / rest_expected)
        tail = cast("Floats", betainc(events / psi, (chances - events) / psi + 1, rate))
        p = np.where(events > 0, tail, 1.0)
        low, high = exact_limits(events / spread, chances / spread, level)
    judged = (chances > 0) & (rest_expected > 0)
    return [
        (
            measure,
            str(names[at]),
            int(interviews[at]),
            int(events[at]),
            int(chances[at]),
            float(events[at] / chances[at]),
            float(low[at]),
            float(high[at]),
            float(due[at] / chances[at]),
            float(p[at]),
            np.nan,
        )
        for at in np.flatnonzero(judged)
    ]


def overdispersion(share: Share, codes: NDArray[np.int64], number: int) -> float:
    """How much more interviews of one enumerator differ than single answers would; at least 1."""
    events = np.bincount(codes, weights=share.events, minlength=number)
    expected = np.bincount(codes, weights=share.expected, minlength=number)
    own = events / np.where(expected > 0, expected, 1)
    due = share.expected * own[codes]
    rate = due / np.maximum(share.chances, 1)
    variance = due * (1 - np.minimum(rate, 1))
    kept = variance > 0
    freedom = int(kept.sum()) - len(np.unique(codes[kept]))
    if freedom < 1:
        return 1.0
    squares = (share.events[kept] - due[kept]) ** 2 / variance[kept]
    return max(1.0, float(squares.sum()) / freedom)


def exact_limits(events: Floats, chances: Floats, level: float) -> tuple[Floats, Floats]:
    """Clopper and Pearson's limits (Biometrika 26, 1934); counts need not be whole."""
    from scipy.stats import beta

    tail = (1 - level) / 2
    left = chances - events
    low = np.where(events > 0, beta.ppf(tail, np.maximum(events, 1e-9), left + 1), 0.0)
    high = np.where(left > 0, beta.isf(tail, events + 1, np.maximum(left, 1e-9)), 1.0)
    return low, high


def _means(
    measure: str, amounts: Floats, codes: NDArray[np.int64], names: NDArray[Any], level: float
) -> list[tuple[object, ...]]:
    from scipy.stats import t, ttest_ind

    positive = amounts > 0
    logs, who = np.log(amounts[positive]), codes[positive]
    rows: list[tuple[object, ...]] = []
    for at, name in enumerate(names):
        own, others = logs[who == at], logs[who != at]
        if len(own) <= 1 or len(others) <= 1:
            continue
        middle, error = float(own.mean()), float(own.std(ddof=1) / np.sqrt(len(own)))
        reach = float(t.isf((1 - level) / 2, len(own) - 1)) * error
        p = (
            float(ttest_ind(own, others, equal_var=False, alternative="less").pvalue)
            if own.std() + others.std() > 0
            else 1.0
        )
        rows.append(
            (
                measure,
                str(name),
                len(own),
                0,
                len(own),
                float(np.exp(middle)),
                float(np.exp(middle - reach)),
                float(np.exp(middle + reach)),
                float(np.exp(others.mean())),
                p,
                np.nan,
            )
        )
    return rows
