"""The weights of a study: from the interviews that count to a sample that stands for somebody.

What study.yaml states becomes a chain of steps, taken by `weighting.chain` and recorded
there. Where a step makes up for non-response the chain begins with everybody who was to be
interviewed, and those who do not count leave in that step; otherwise it begins with those
who count.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.sample import Sample
from survey_kit.errors import CannotEvaluate, StudyError
from survey_kit.study.names import check_columns
from survey_kit.study.section import did_you_mean
from survey_kit.study.settings import Intervals, StudySettings
from survey_kit.study.weighting_section import (
    Answering,
    Begin,
    Fit,
    Rescaling,
    StatedReplicates,
    StatedStep,
    Trimming,
)
from survey_kit.tables.variable import Kind, Variable
from survey_kit.tables.variables import analysis_frame

if TYPE_CHECKING:
    from survey_kit.responses.model import Responses
    from survey_kit.weighting.chain import Weighted
    from survey_kit.weighting.step import Step
    from survey_kit.weighting.targets import Margins

COUNTS = "counts as complete"
"""The column that is true of those who count, in a chain that begins with everybody."""


@dataclass(frozen=True, eq=False)
class Beginning:
    """Where the chain begins.

    responses, frame, variables
        Of everybody whom it begins with.
    counted
        (n,) bool. Who of them counts.
    """

    responses: Responses
    frame: pd.DataFrame
    variables: Mapping[str, Variable]
    counted: NDArray[np.bool_]


def weigh_study(
    settings: StudySettings,
    everybody: Responses,
    complete: NDArray[np.bool_],
    frame: pd.DataFrame,
    variables: Mapping[str, Variable],
) -> tuple[Sample, Weighted | None]:
    """The sample of those who count, with its weights, and how they came about.

    Parameters
    ----------
    everybody
        All interviews after the corrections; `complete` is (n,) bool: who counts.
    frame, variables
        Those of `tables.variables.analysis_frame`, of those who count.

    Raises
    ------
    BadInput
        If a step names what is not there, its margins do not fit, or it cannot be taken.
    """
    counted = everybody.only(complete)
    stated = settings.weighting
    if stated is None:
        return _sample(settings, frame, counted, ()), None
    from survey_kit.weighting.chain import weigh
    from survey_kit.weighting.margins import read_margins

    margins = {path: read_margins(path) for path in stated.files}
    for path, margin in margins.items():
        check_columns(settings, counted, margin, path.name)
        for name in margin:
            _can_be_weighted_to(name, path.name, frame, variables)
    check_columns(settings, counted, stated.columns, "weighting")
    begin = Beginning(counted, frame, variables, np.ones(len(counted), dtype=bool))
    if stated.answering is not None:
        begin = _before_answering(settings, stated.answering, everybody, complete)
    sample = _sample(settings, begin.frame, begin.responses, stated.columns, begin.counted)
    named = _design_names(begin.frame, stated.columns)
    steps = [_step(each, named, margins) for each in stated.steps]
    if stated.replicates is not None and settings.intervals is not Intervals.NONE:
        sample = _replicated(sample, stated.replicates)
    weighted = weigh(sample, steps)
    return _of_those_who_count(weighted.sample, frame), weighted


def _of_those_who_count(sample: Sample, frame: pd.DataFrame) -> Sample:
    """The same sample over the frame of those who count: the same people in the same order."""
    new = sample.data[[each for each in sample.data.columns if each not in frame.columns]]
    return replace(sample, data=frame.join(new))


def _before_answering(
    settings: StudySettings,
    step: Answering,
    everybody: Responses,
    complete: NDArray[np.bool_],
) -> Beginning:
    """Everybody who was to be interviewed, whether or not they count.

    Raises
    ------
    StudyError
        If somebody who counts was not to be interviewed.
    """
    there = np.ones(len(everybody), dtype=bool)
    if step.among is not None:
        there = _truth(step.among, "study.yaml, weighting: nonresponse: among", everybody)
    outside = int((complete & ~there).sum())
    if outside:
        raise StudyError(
            "study.yaml, weighting: nonresponse: among",
            f"{outside} interviews count, and were not to be made by this rule",
            "Make it true of everybody who counts; a question not asked is neither yes nor no",
        )
    met = everybody.only(there)
    frame, variables = analysis_frame(
        met, overrides=settings.protection.classes, language=settings.language
    )
    return Beginning(met, frame, variables, complete[there])


def _truth(rule: str, where: str, responses: Responses) -> NDArray[np.bool_]:
    from survey_kit.questionnaire.parser import parse
    from survey_kit.responses.evaluate import truth

    expression = parse(rule, where)
    unknown = [name for name in expression.answers if name not in responses.questionnaire.by_key]
    if unknown:
        raise StudyError(
            where,
            f"there is no question called {unknown[0]!r}"
            f"{did_you_mean(unknown[0], responses.questionnaire.by_key)}",
            "Write the name as the questionnaire has it",
        )
    try:
        return truth(expression, responses)
    except CannotEvaluate as error:
        fault = error.faults[0]
        raise StudyError(where, fault.what, fault.remedy) from error


def _sample(
    settings: StudySettings,
    frame: pd.DataFrame,
    responses: Responses,
    named: Iterable[str],
    counted: NDArray[np.bool_] | None = None,
) -> Sample:
    """The sample, with the columns that the design and the steps name.

    Strata and clusters are needed to compute with, also where they may not be shown; they
    come straight from the answers, under names of their own, and no table can ask for them.
    Where no interval is shown, no variance is estimated, so strata and clusters are checked
    for and then left aside.
    """
    design = settings.design
    added: dict[str, Any] = {}

    def column(name: str) -> str:
        added[f"{name} (design)"] = responses.frame[name]
        return f"{name} (design)"

    known = replace(
        design,
        weight=column(design.weight) if design.weight else None,
        stratum=column(design.stratum) if design.stratum else None,
        cluster=tuple(column(each) for each in design.clusters) or None,
        population=tuple(column(each) for each in design.populations) or None,
    )
    for name in _design_names(frame, named):
        if name not in frame.columns:
            column(name)
    if counted is not None:
        added[COUNTS] = counted
    if settings.intervals is Intervals.NONE:
        known = replace(known, stratum=None, cluster=None, population=None)
    return Sample(frame.assign(**added), known)


def _design_names(frame: pd.DataFrame, named: Iterable[str]) -> Mapping[str, str]:
    """What a question is called in the sample: itself, or beside the variables."""
    return {name: name if name in frame.columns else f"{name} (design)" for name in named}


def _step(
    stated: StatedStep,
    named: Mapping[str, str],
    margins: Mapping[Path, Margins],
) -> Step:
    """A step that `weighting.chain.weigh` takes."""
    from survey_kit.weighting.base_weight import BaseWeights, Chances, Rescale
    from survey_kit.weighting.trim import Trim

    match stated:
        case Begin("chances", columns):
            return Chances(tuple(named[each] for each in columns))
        case Begin(_, columns):
            return BaseWeights(named[columns[0]])
        case Answering():
            return _answering(stated, named)
        case Fit():
            return _fit(stated, named, margins)
        case Trimming(lower, upper, unit, strict):
            return Trim(lower=lower, upper=upper, unit=unit, strict=strict)
        case Rescaling(total):
            return Rescale(total)


def _answering(stated: Answering, named: Mapping[str, str]) -> Step:
    from survey_kit.estimation.models.response import LogisticResponse
    from survey_kit.weighting.nonresponse import NonResponse, Propensity

    if stated.model is None:
        return NonResponse(COUNTS, tuple(named[each] for each in stated.cells))
    return Propensity(COUNTS, LogisticResponse(stated.model), stated.classes)


def _fit(stated: Fit, named: Mapping[str, str], margins: Mapping[Path, Margins]) -> Step:
    from survey_kit.weighting.calibrate import Calibrate, PostStratify
    from survey_kit.weighting.rake import Rake

    none: Margins = {}
    wanted = margins[stated.margins] if stated.margins is not None else none
    match stated.kind:
        case "rake":
            return Rake(wanted)
        case "poststratify":
            return PostStratify(wanted)
        case "calibrate":
            return Calibrate(
                wanted,
                {named[name]: total for name, total in stated.totals.items()},
                distance=stated.distance,
                bounds=stated.bounds,
                bounds_on=stated.bounds_on,
                together=named[stated.together] if stated.together else None,
            )


def _replicated(sample: Sample, stated: StatedReplicates) -> Sample:
    from survey_kit.design.replicate_making import bootstrap
    from survey_kit.design.replicates import jackknife

    if stated.kind == "jackknife":
        return jackknife(sample)
    return bootstrap(sample, stated.number, seed=stated.seed)


def _can_be_weighted_to(
    name: str, file: str, frame: pd.DataFrame, variables: Mapping[str, Variable]
) -> None:
    """Refuse a margin of something that does not put everybody into one category."""
    kind = variables[name].kind if name in variables else None
    if kind is Kind.NUMBER:
        raise StudyError(
            f"{file}, margin {name!r}",
            "it is a number, and a margin needs categories",
            "Derive groups from it in the questionnaire, under analysis, derived",
        )
    if kind is Kind.MANY:
        raise StudyError(
            f"{file}, margin {name!r}",
            "people gave several answers to it, and a margin needs one category of each",
            "Weight to a question with one answer",
        )
    if name not in frame.columns:
        near = did_you_mean(name, [*variables, *map(str, frame.columns)])
        raise StudyError(
            file,
            f"there is no variable called {name!r}{near}",
            "Write the names as the questionnaire has them",
        )
