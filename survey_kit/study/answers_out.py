"""The released answers of a study: the files, and what archives and validators want beside them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from survey_kit.responses.model import Responses, Rows
from survey_kit.responses.withdrawn import is_withdrawn
from survey_kit.study.made import Made
from survey_kit.study.manifest import Record
from survey_kit.study.prepare import WEIGHT

DATA_FILES = ("parquet", "sav", "dta", "csv")


def write_answers(made: Made, record: Record) -> None:
    """The answers of those who count. Who declined, or withdrew at the end, is a number only."""
    from survey_kit.protection.release import read_key, releasable
    from survey_kit.responses.writer import writers

    settings, prepared = made.settings, made.prepared
    responses = prepared.corrected.responses
    with record.step("release") as step:
        counted = responses.only(prepared.complete)
        meta = counted.meta.assign(**{WEIGHT: prepared.analysis.sample.weights})
        key = settings.protection.key
        released = releasable(
            replace(counted, meta=meta),
            settings.protection.classes,
            key=read_key(key, made.folder) if key else None,
        )
        leaving = in_order_of_pseudonyms(released.responses)
        step.rows_in, step.rows_out = len(responses), len(leaving)
        gone = int(is_withdrawn(responses).sum())
        step.taken_away = {"not complete": len(responses) - len(counted) - gone}
        if gone:
            step.taken_away["withdrawn"] = gone
        step.detail = {"pseudonyms": released.key, "treatment": list(released.treatment)}
    known = writers()
    language = settings.language or prepared.questionnaire.language
    for name in DATA_FILES:
        writer = known[name]
        path = made.folder / f"responses{writer.suffix}"
        with record.step(path.name) as step:
            notes = writer.write(leaving, path, language)
            step.rows_in = len(leaving)
            step.detail = {"notes": list(notes)}
    _write_catalogue(leaving, made.folder, language, record)


def _write_catalogue(leaving: Responses, folder: Path, language: str, record: Record) -> None:
    """What archives and validators want beside the data."""
    from survey_kit.responses.catalogue.data_package import write_data_package
    from survey_kit.responses.catalogue.ddi import write_ddi

    with record.step("ddi.xml") as step:
        data = folder / "responses.sav"
        notes = write_ddi(leaving, folder / "ddi.xml", data=data, language=language)
        step.detail = {"notes": list(notes)}
    with record.step("datapackage.json") as step:
        data = folder / "responses.csv"
        notes = write_data_package(
            leaving, folder / "datapackage.json", data=data, language=language
        )
        step.detail = {"notes": list(notes)}


def in_order_of_pseudonyms(released: Responses) -> Responses:
    """The lines in the order of their pseudonyms: that of coming in would say who is who."""
    order = released.frame.index.argsort()
    return replace(
        released,
        frame=released.frame.iloc[order],
        absence=released.absence.iloc[order],
        meta=released.meta.iloc[order],
        repeats={
            name: Rows(rows.frame.sort_index(), rows.absence.sort_index())
            for name, rows in released.repeats.items()
        },
    )
