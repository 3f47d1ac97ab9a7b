"""Draws codes: one of a list, several of a list, or all of it in order.

Several codes: a person first gives, or does not give, an answer that stands alone
("none", "refused"); otherwise each code is chosen by itself, with a person's
inclination to choose many, and the effect of the place, added to its log odds. Adding
noise of variance τ² pulls a share towards a half, so log odds are first stretched by
√(1 + 0.346 τ²), the usual approximation of the logistic-normal integral.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from survey_kit.responses.evaluate import truth
from survey_kit.responses.model import Rows
from survey_kit.responses.simulation.likely import log_odds, shares_of_many, weights_of_one
from survey_kit.responses.simulation.scope import Unfinished, as_text
from survey_kit.responses.simulation.solving import alternatives, choose

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from survey_kit.questionnaire.model import Choice, Item, Questionnaire
    from survey_kit.responses.simulation.calibration import Calibration
    from survey_kit.responses.simulation.scope import Scope

    Floats = NDArray[np.float64]
    Truths = NDArray[np.bool_]
    Positions = NDArray[np.int64]
    Words = NDArray[np.object_]

USUAL_NUMBER = 2.5
"""How many codes people choose on average where nothing is said."""
USUALLY_ALONE = 0.05
"""Share of people who choose a code such as "none" where nothing is said."""
STRETCH = 0.346
SMALLEST = 1e-300
"""A weight below this is none: a share of it would be rounded to a choice that is not offered."""
SLACK = 0.002
TIMES_ASKED_AGAIN = 12
"""Whoever chooses nothing is asked again; after that, one code is chosen for them."""
THINNER_FROM, ANY_NUMBER_FROM, GUIDED_FROM = 3, 8, 12
"""Tries after which fewer codes, then any number of them, then those the constraint names are chosen."""


class OneCode:
    """Draws one code of those that the form offers."""

    def __init__(self, item: Item, scope: Scope, calibration: Calibration, site: Floats) -> None:
        choices = scope.everything.questionnaire.choices(item.question)
        weights = weights_of_one(choices, calibration, item.key, scope) * np.exp(site)
        self._codes = _codes(choices)
        self._item, self._scope = item, scope
        self._weights = _among_offered(weights, scope.offered(item), choices)

    def draw(self, rows: Positions, attempt: int, rng: np.random.Generator) -> Words:
        """(len(rows),) a code, None where none is offered."""
        weights = self._weights[rows]
        if attempt >= ANY_NUMBER_FROM:
            weights = (weights > 0).astype(np.float64)
        if attempt >= GUIDED_FROM and attempt % 2:
            weights = _as_demanded(self._item, self._scope, self._codes, rows, weights, rng)
        return self._codes[_pick(weights, rng)]


class SeveralCodes:
    """Draws any number of codes of those that the form offers, in the order of the list."""

    def __init__(self, item: Item, scope: Scope, calibration: Calibration, site: Floats) -> None:
        choices = scope.everything.questionnaire.choices(item.question)
        plan = calibration.plan(item.key)
        usual = min(0.4, USUAL_NUMBER / max(1, len(choices)))
        alone = stands_alone(item, scope)
        shares = shares_of_many(choices, calibration, item.key, scope, usual)
        if not plan.likely.shares:
            rarely = [USUALLY_ALONE if choice.missing is None else 1.0 for choice in choices]
            shares = np.where(alone, np.minimum(shares, rarely), shares)
        offered = scope.offered(item)
        shares = np.where(offered, shares, 0.0)
        self._codes = _codes(choices)
        self._alone = np.where(alone, shares, 0.0)
        left = 1 - np.minimum(self._alone.sum(axis=1, keepdims=True), 0.99)
        wanted = np.where(alone | ~offered, 0.0, np.minimum(shares / left, 0.99))
        self._shares = _before_asking_again(wanted)
        self._spare = np.where(offered & ~alone, self._shares + 1e-6, 0.0)
        self._spare[self._spare.sum(axis=1) == 0] = offered[self._spare.sum(axis=1) == 0]
        self._together = plan.likely.together or 0.0
        self._site = site
        self._offered = offered
        self._item, self._scope = item, scope

    def draw(self, rows: Positions, attempt: int, rng: np.random.Generator) -> Words:
        """(len(rows),) codes joined by spaces, None where none is offered."""
        if attempt >= GUIDED_FROM and attempt % 2:
            return self._counted(rows, rng)
        shares = self._shares[rows]
        stretch = np.sqrt(1 + STRETCH * self._together**2)
        inclination = rng.normal(0.0, self._together, (len(rows), 1)) if self._together else 0.0
        logits = log_odds(shares) * stretch + inclination + self._site[rows]
        if attempt >= THINNER_FROM:
            logits = logits - 0.5 * (attempt - THINNER_FROM)
        if attempt >= ANY_NUMBER_FROM:
            logits = np.zeros_like(logits) + rng.normal(0.0, 2.0, (len(rows), 1))
        likely = np.where(shares > 0, 1 / (1 + np.exp(-logits)), 0.0)
        chosen = rng.random(shares.shape) < likely
        for _ in range(TIMES_ASKED_AGAIN):
            empty = np.flatnonzero(~chosen.any(axis=1))
            if not len(empty):
                break
            chosen[empty] = rng.random((len(empty), shares.shape[1])) < likely[empty]
        nothing = ~chosen.any(axis=1)
        alone = self._alone[rows]
        sole = _pick(np.column_stack([alone, 1 - np.minimum(alone.sum(axis=1), 1.0)]), rng)
        only_one = np.where(nothing, _pick(self._spare[rows], rng), -1)
        by_itself = sole < shares.shape[1]
        only_one = np.where(by_itself & (sole >= 0), sole, only_one)
        one = only_one >= 0
        chosen[one] = False
        chosen[np.flatnonzero(one), only_one[one]] = True
        return _joined(chosen, self._codes)

    def _counted(self, rows: Positions, rng: np.random.Generator) -> Words:
        """(len(rows),) as many codes as the constraint takes, those it demands among them."""
        among = alternatives(self._item.question.constraint, self._scope, self._item.key)
        which = choose(among, rows, rng)
        offered = self._offered[rows]
        chosen = np.zeros(offered.shape, dtype=np.bool_)
        for number, each in enumerate(among):
            here = np.flatnonzero(which == number)
            if not len(here):
                continue
            codes = self._codes[:-1]
            keys = rng.random((len(here), len(codes)))
            keys += 2.0 * np.isin(codes, each.with_codes) - 4.0 * np.isin(codes, each.without_codes)
            keys = np.where(offered[here], keys, -np.inf)
            ends, most = each.of("count"), offered[here].sum(axis=1)
            low = np.where(ends.lowest_open, ends.lowest + 1, ends.lowest)[rows[here]]
            high = np.where(ends.highest_open, ends.highest - 1, ends.highest)[rows[here]]
            low = np.fmax(np.nan_to_num(low), max(1, len(each.with_codes)))
            high = np.fmin(high, most)
            many = np.floor(low + rng.random(len(here)) * (np.maximum(high - low, 0) + 1))
            place = np.argsort(np.argsort(-keys, axis=1, kind="stable"), axis=1, kind="stable")
            chosen[here] = (place < many[:, np.newaxis]) & offered[here]
        return _joined(chosen, self._codes)


class Ranking:
    """Draws all codes that the form offers, the likelier ones earlier."""

    def __init__(self, item: Item, scope: Scope, calibration: Calibration, site: Floats) -> None:
        choices = scope.everything.questionnaire.choices(item.question)
        weights = weights_of_one(choices, calibration, item.key, scope) * np.exp(site)
        self._codes = _codes(choices)
        self._offered = scope.offered(item)
        self._weights = np.log(np.maximum(weights, 1e-9))

    def draw(self, rows: Positions, attempt: int, rng: np.random.Generator) -> Words:
        """(len(rows),) all codes joined by spaces. A Gumbel draw sorts by weight with chance."""
        del attempt
        keys = self._weights[rows] + rng.gumbel(size=(len(rows), len(self._codes) - 1))
        keys = np.where(self._offered[rows], keys, -np.inf)
        order = np.argsort(-keys, axis=1, kind="stable")
        words = [
            " ".join(self._codes[line[np.isfinite(key[line])]]) or None
            for line, key in zip(order, keys, strict=True)
        ]
        return np.array(words, dtype=object)


def stands_alone(item: Item, scope: Scope) -> Truths:
    """(choices,) bool. Which codes the form lets nobody combine with another.

    Found by asking the constraint itself about every pair of codes; where it also looks
    at other answers, these are blank. A code for a missing answer always stands alone.
    """
    questionnaire = scope.everything.questionnaire
    choices = questionnaire.choices(item.question)
    alone = np.array([choice.missing is not None for choice in choices], dtype=np.bool_)
    constraint = item.question.constraint
    if constraint is None or len(choices) <= 1:
        return alone
    codes = [choice.code for choice in choices]
    pairs = [(one, other) for one in codes for other in codes if one != other]
    answers = [*codes, *(f"{one} {other}" for one, other in pairs)]
    fits = _fits(constraint_of=item, answers=answers, questionnaire=questionnaire)
    pair_fits = fits[len(codes) :].reshape(len(codes), len(codes) - 1)
    return alone | (fits[: len(codes)] & ~pair_fits.any(axis=1))


def _fits(*, constraint_of: Item, answers: list[str], questionnaire: Questionnaire) -> Truths:
    item = constraint_of
    names = pd.Index([f"{position}" for position in range(len(answers))], name="interview")
    column = {item.key: as_text(np.array(answers, dtype=object))}
    if not item.repeats:
        trial = Unfinished(questionnaire, pd.DataFrame(column, index=names), {})
        return truth(item.question.constraint, trial, this=item.key)  # type: ignore[arg-type]
    levels = [names, *([1] * len(names) for _ in item.repeats)]
    index = pd.MultiIndex.from_arrays(levels, names=["interview", *item.repeats])
    rows = pd.DataFrame(column, index=index)
    repeats = {item.repeats[-1]: Rows(rows, rows)}
    trial = Unfinished(questionnaire, pd.DataFrame(index=names), repeats)
    return truth(item.question.constraint, trial, this=item.key, repeat=item.repeats[-1])  # type: ignore[arg-type]


def _as_demanded(  # noqa: PLR0917 - all of one question
    item: Item,
    scope: Scope,
    codes: Words,
    rows: Positions,
    weights: Floats,
    rng: np.random.Generator,
) -> Floats:
    """(len(rows), choices) the weights of the codes that an alternative of the constraint names."""
    among = alternatives(item.question.constraint, scope, item.key)
    which = choose(among, rows, rng)
    found = weights.copy()
    for number, each in enumerate(among):
        named = np.isin(codes[:-1], [*each.texts, *each.with_codes])
        if named.any():
            found[which == number] *= named
    return np.where(found.sum(axis=1, keepdims=True) > 0, found, weights)


def _before_asking_again(wanted: Floats) -> Floats:
    r"""(m, choices) The shares q with which codes are to be drawn so that `wanted` comes out.

    Whoever chooses nothing is asked again, so a share becomes :math:`q / (1 - \prod (1 - q))`.
    Turned round by iteration; where the shares add up to no more than 1 there is no solution,
    and they are left as they are.
    """
    shares = wanted
    possible = wanted.sum(axis=1, keepdims=True) > 1 + SLACK
    for _ in range(8):
        somebody = 1 - np.prod(1 - shares, axis=1, keepdims=True)
        nearer = np.where(possible, wanted * somebody, wanted)
        change = float(np.abs(nearer - shares).max(initial=0.0))
        shares = nearer
        if change < SLACK:
            break
    return shares


def _among_offered(weights: Floats, offered: Truths, choices: tuple[Choice, ...]) -> Floats:
    """Weights of what is offered; where nothing likely is, all that is offered alike."""
    kept = np.where(offered & (weights >= SMALLEST), weights, 0.0)
    regular = offered & np.array([choice.missing is None for choice in choices])
    for otherwise in (regular, offered):
        nothing = kept.sum(axis=1) == 0
        kept[nothing] = otherwise[nothing]
    return kept


def _pick(weights: Floats, rng: np.random.Generator) -> Positions:
    """(m,) int. A column by weight; -1 where all weights of a row are 0."""
    sums = weights.cumsum(axis=1)
    total = sums[:, -1] if weights.shape[1] else np.zeros(len(weights))
    position = (sums <= (rng.random(len(weights)) * total)[:, np.newaxis]).sum(axis=1)
    return np.where(total > 0, np.minimum(position, weights.shape[1] - 1), -1)


def _codes(choices: tuple[Choice, ...]) -> Words:
    """The codes, and last None, so that position -1 is no answer."""
    return np.array([*(choice.code for choice in choices), None], dtype=object)


def _joined(chosen: Truths, codes: Words) -> Words:
    """(m,) the chosen codes as one text, each different set of them joined once."""
    packed = np.packbits(chosen, axis=1)
    packed = np.ascontiguousarray(packed).view([("", packed.dtype)] * packed.shape[1]).reshape(-1)
    _, first, inverse = np.unique(packed, return_index=True, return_inverse=True)
    words = [" ".join(codes[:-1][chosen[row]]) or None for row in first]
    return np.array(words, dtype=object)[inverse.reshape(-1)]
