"""How a study was made: for the method sheet of the workbook and the limits of the report."""

from __future__ import annotations

from collections.abc import Mapping

from survey_kit.study.manifest import versions
from survey_kit.study.prepare import Prepared
from survey_kit.study.settings import StudySettings
from survey_kit.tables.exporter import Line
from survey_kit.tables.method import method_lines
from survey_kit.tables.texts import whole_percent
from survey_kit.tables.variable import Variable


def method_of(settings: StudySettings, prepared: Prepared) -> tuple[Line, ...]:
    """The method, every number in it taken from the run itself."""
    analysis, corrected = prepared.analysis, prepared.corrected
    named = [f"{name} {number}" for name, number in versions().items() if number != "not installed"]
    return (
        Line(
            "Interviews",
            f"{len(prepared.raw):,} were read, {len(corrected.removed):,} were removed by the log "
            f"of corrections, {int((~prepared.complete).sum()):,} do not count as complete, "
            f"{len(analysis):,} are analysed.",
        ),
        Line(
            "Questionnaire",
            f"{prepared.questionnaire.name}, version {prepared.questionnaire.version}.",
        ),
        *method_lines(analysis),
        Line("Margins", _margins(settings, prepared)),
        Line("Versions", ", ".join(named) + "."),
    )


def _margins(settings: StudySettings, prepared: Prepared) -> str:
    """What the weights were adjusted to, and what that changed and cost."""
    report = prepared.weights
    if report is None or settings.margins is None:
        return "Weights are not adjusted to any."
    said = [
        (
            f"Weights are raked to {settings.margins.name} (SHA-256 in manifest.json) in "
            f"{report.iterations} rounds; the largest gap that is left is {report.gap:.1e} of a margin. "
            f"They run from {report.smallest:.2f} to {report.largest:.2f} of their mean."
        )
    ]
    smallest = prepared.analysis.rules.smallest_base
    variables = prepared.analysis.variables
    for name, rows in report.margins.groupby("variable", sort=False):
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


def _named(name: str, variables: Mapping[str, Variable]) -> tuple[str, Mapping[str, str]]:
    """The label of a margin's variable and of its categories; a margin may be of one choice."""
    if name in variables:
        return variables[name].label, variables[name].labels
    question, _, code = name.partition("/")
    if question in variables:
        chosen = variables[question]
        return f"{chosen.label}: {chosen.labels.get(code, code)}", {"1": "yes", "0": "no"}
    return name, {}
