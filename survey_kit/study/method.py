"""How a study was made: for the method sheet of the workbook and the limits of the report."""

from __future__ import annotations

from survey_kit.study.manifest import versions
from survey_kit.study.prepare import Prepared
from survey_kit.study.settings import StudySettings
from survey_kit.tables.exporter import Line
from survey_kit.tables.method import method_lines


def method_of(settings: StudySettings, prepared: Prepared) -> tuple[Line, ...]:
    """The method, every number in it taken from the run itself."""
    analysis, corrected = prepared.analysis, prepared.corrected
    named = [f"{name} {number}" for name, number in versions().items() if number != "not installed"]
    margins = (
        f"Weights are raked to {settings.margins.name}; its SHA-256 is in manifest.json. Adjusting to "
        "margins does not make a sample representative."
        if settings.margins
        else "Weights are not adjusted to any."
    )
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
        Line("Margins", margins),
        Line("Versions", ", ".join(named) + "."),
    )
