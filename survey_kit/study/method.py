"""How a study was made, in sentences: for the method sheet, the report and the limits box."""

from __future__ import annotations

from survey_kit.design.wording import wording
from survey_kit.study.manifest import versions
from survey_kit.study.prepare import Prepared, effective_size
from survey_kit.study.settings import Intervals, StudySettings


def method_lines(settings: StudySettings, prepared: Prepared) -> tuple[str, ...]:
    """The method, one paragraph a line, every number taken from the run itself."""
    analysis = prepared.analysis
    corrected = prepared.corrected
    said = wording(settings.design.sampling, len(analysis), "")
    lines = [
        (
            f"Interviews: {len(prepared.raw):,} were read, {len(corrected.removed):,} were removed by "
            f"the log of corrections, {int((~prepared.complete).sum()):,} do not count as complete, "
            f"and {len(analysis):,} are analysed."
        ),
        f"Questionnaire: {prepared.questionnaire.name}, version {prepared.questionnaire.version}.",
        f"Sample: {said.footer}",
        _weighting(settings, prepared),
        _intervals(settings, said.interval, said.assumption),
        f"Protection: {analysis.rules.in_words()}",
        f"Source: answers with SHA-256 {analysis.data_hash}; "
        + ", ".join(
            f"{name} {number}" for name, number in versions().items() if number != "not installed"
        )
        + ".",
    ]
    if settings.notice:
        lines.insert(0, settings.notice)
    return tuple(line for line in lines if line)


def _weighting(settings: StudySettings, prepared: Prepared) -> str:
    weights = prepared.analysis.sample.weights
    size = effective_size(weights)
    if settings.margins is None:
        return "Weights: none; every interview counts alike."
    return (
        f"Weights: raked to {settings.margins.name}. They run from {weights.min():.2f} to "
        f"{weights.max():.2f}; the {len(weights):,} interviews are worth {size:,.0f} equally "
        "weighted ones (Kish 1965). Adjusting to margins does not make a sample representative."
    )


def _intervals(settings: StudySettings, name: str, assumption: str) -> str:
    match settings.intervals:
        case Intervals.NONE:
            return "Intervals: none are shown, because the way people were chosen supports none."
        case Intervals.DESIGN:
            return (
                f"Intervals: {name}, by linearisation between clusters within strata; shares by the "
                "beta method (Korn and Graubard 1998). Differences: t tests on the joint "
                "covariance, adjusted by Holm; whole tables: Rao and Scott's F (1984)."
            )
        case Intervals.MODELLED:
            return f"Intervals, letters and tests are modelled. {assumption}"
