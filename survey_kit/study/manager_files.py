"""What a run writes for the data manager alone: quality, reading and weighting.

These files count people in small groups and name interviews; none of them is to be passed on.
"""

from __future__ import annotations

from survey_kit.responses.withdrawn import standing
from survey_kit.study.made import Made
from survey_kit.study.manifest import Record


def write_for_manager(made: Made, record: Record) -> None:
    """quality.xlsx, quality.html, reading.html, weighting.html and weighting.xlsx."""
    from survey_kit.cleaning.quality_workbook import write_quality

    settings, prepared = made.settings, made.prepared
    with record.step("quality.xlsx"):
        write_quality(
            prepared.round.findings if prepared.round else prepared.checked.findings,
            prepared.checked.summary,
            standing(prepared.raw),
            prepared.corrected.log,
            made.folder / "quality.xlsx",
            notice=settings.notice,
            language=settings.language,
            classes=settings.protection.classes,
            summed=prepared.round.summed if prepared.round else prepared.checked.summed,
        )
    _write_quality_page(made, record)
    _write_reading_page(made, record)
    _write_weighting(made, record)


def _write_quality_page(made: Made, record: Record) -> None:
    from survey_kit.cleaning.quality_page import quality_page

    settings, prepared = made.settings, made.prepared
    with record.step("quality.html"):
        page = quality_page(
            prepared.checked,
            standing(prepared.raw),
            title=settings.title,
            notice=settings.notice,
            language=settings.language,
            settings=settings.checks,
            folder=settings.folder,
            rounds=prepared.round,
        )
        (made.folder / "quality.html").write_text(page, encoding="utf-8")


def _write_reading_page(made: Made, record: Record) -> None:
    from survey_kit.study.reading_page import reading_page

    settings, prepared = made.settings, made.prepared
    with record.step("reading.html") as step:
        page = reading_page(
            prepared.raw,
            title=settings.title,
            notice=settings.notice,
            classes=settings.protection.classes,
        )
        (made.folder / "reading.html").write_text(page, encoding="utf-8")
        step.rows_in = len(prepared.raw)


def _write_weighting(made: Made, record: Record) -> None:
    """How the weights came about, as a page to read and a workbook to check."""
    settings, weighted = made.settings, made.prepared.weights
    if weighted is None:
        return
    from survey_kit.tables.exporters.weighting_sheets import write_weighting
    from survey_kit.weighting.report_html import weighting_page

    title = f"{settings.title}: weighting"
    with record.step("weighting.html"):
        page = weighting_page(weighted, title=title, notice=settings.notice)
        (made.folder / "weighting.html").write_text(page, encoding="utf-8")
    with record.step("weighting.xlsx"):
        path = made.folder / "weighting.xlsx"
        write_weighting(weighted, path, title=title, notice=settings.notice)
