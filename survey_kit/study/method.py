"""How a study was made: for the method sheet of the workbook and the limits of the report."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from survey_kit.responses.withdrawn import is_withdrawn
from survey_kit.study.manifest import versions
from survey_kit.study.prepare import Prepared
from survey_kit.study.settings import Intervals, StudySettings
from survey_kit.tables.exporter import Line
from survey_kit.tables.method import method_lines
from survey_kit.tables.texts import whole_percent
from survey_kit.tables.variable import Variable
from survey_kit.weighting.targets import listed

if TYPE_CHECKING:
    import pandas as pd

    from survey_kit.weighting.chain import Weighted


def method_of(settings: StudySettings, prepared: Prepared) -> tuple[Line, ...]:
    """The method, every number in it taken from the run itself."""
    analysis, corrected = prepared.analysis, prepared.corrected
    gone = int(is_withdrawn(corrected.responses).sum())
    named = [f"{name} {number}" for name, number in versions().items() if number != "not installed"]
    return (
        Line(
            "Interviews",
            f"{len(prepared.raw):,} were read, {len(corrected.removed):,} were removed by the log "
            f"of corrections, {_withdrawn(gone)}{int((~prepared.complete).sum()) - gone:,} do not count as complete, "
            f"{len(analysis):,} are analysed.",
        ),
        Line(
            "Questionnaire",
            f"{prepared.questionnaire.name}, version {prepared.questionnaire.version}.",
        ),
        *method_lines(analysis),
        Line("Weighting", _weighting(settings, prepared)),
        Line("Versions", ", ".join(named) + "."),
    )


def _withdrawn(gone: int) -> str:
    return f"{gone:,} were withdrawn by those who gave them, " if gone else ""


def _weighting(settings: StudySettings, prepared: Prepared) -> str:
    """How the weights came about, and what that changed and cost."""
    weighted, stated = prepared.weights, settings.weighting
    if weighted is None or stated is None:
        return "Weights are not adjusted to anything."
    last = weighted.reports[-1].after
    files = listed([path.name for path in stated.files])
    said = [
        f"{_steps(weighted)}{f' (margins: {files}; SHA-256 in manifest.json)' if files else ''}.",
        f"They run from {last.smallest:.2f} to {last.largest:.2f} of their mean.",
    ]
    if settings.intervals is not Intervals.NONE:
        said.append(weighted.variance)
    if not stated.files:
        return " ".join(said)
    smallest = prepared.analysis.rules.smallest_base
    variables = prepared.analysis.variables
    for name, rows in _changed(weighted).groupby("variable", sort=False):
        label, labels = _named(str(name), variables)
        if (rows["n"] < smallest).any():
            said.append(f"{label}: not shown, as a category has few people.")
            continue
        changed = [
            f"{labels.get(str(row['category']), str(row['category']))} from "
            f"{whole_percent(row['before'])} to {whole_percent(row['after'])} %"
            for row in rows.to_dict("records")
        ]
        said.append(f"{label}: {', '.join(changed)}.")
    said.append("Adjusting to margins does not make a sample representative.")
    return " ".join(said)


def _steps(weighted: Weighted) -> str:
    """Each step with the rounds that it took."""
    told = [
        each.title
        + (f" in {each.iterations} rounds" if each.iterations > 1 else "")
        + (f" (largest gap left {each.gap:.1e})" if each.gap > 0 else "")
        + (f" ({each.cut} weights cut)" if each.cut else "")
        for each in weighted.reports
    ]
    if len(told) == 1:
        return f"Weights: {told[0]}"
    numbered = "; ".join(f"{number}. {step}" for number, step in enumerate(told, start=1))
    return f"Weights were made in {len(told)} steps: {numbered}"


def _changed(weighted: Weighted) -> pd.DataFrame:
    """A row for each category of every margin: people, and shares before the first step and after the last."""
    first, last = weighted.reports[0].margins, weighted.reports[-1].margins
    keys = ["variable", "category"]
    return last.drop(columns="before").merge(first[[*keys, "before"]], on=keys, how="left")


def _named(name: str, variables: Mapping[str, Variable]) -> tuple[str, Mapping[str, str]]:
    """The label of a margin's variable and of its categories; a margin may be of one choice."""
    if name in variables:
        return variables[name].label, variables[name].labels
    question, _, code = name.partition("/")
    if question in variables:
        chosen = variables[question]
        return f"{chosen.label}: {chosen.labels.get(code, code)}", {"1": "yes", "0": "no"}
    return name, {}
