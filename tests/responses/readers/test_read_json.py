"""JSON from Kobo and from Central holds repeats as lists, and so they are read.

The law: what Kobo's JSON and OData with $expand say of simulated interviews comes back the same in
answers, in reasons and in rows. Kobo leaves out empty cells, and OData writes null for them
whether they were asked or not: both are worked out from the form.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pandas as pd
import pytest

from survey_kit.errors import FileProblem
from survey_kit.questionnaire.model import Group, Question, Questionnaire, Repeat
from survey_kit.questionnaire.model import Node as FormNode
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.as_text import as_text
from survey_kit.responses.model import Responses, Rows
from survey_kit.responses.read import read_responses

Same = Callable[[Responses, Responses], None]
Place = tuple[Any, ...]


class Told:
    """The interviews as a server tells them; `odata` says in which of the two ways."""

    def __init__(self, made: Responses, *, odata: bool, expand: bool = True) -> None:
        self.made, self.odata, self.expand = made, odata, expand
        form = made.questionnaire
        self.keys: dict[tuple[str, ...], str] = {
            (*item.path, item.question.name): item.key for item in form.items
        }
        frames = [made.frame, *(rows.frame for rows in made.repeats.values())]
        self.texts = {
            str(key): as_text(frame[key], form.by_key[str(key)].question.type.storage)
            for frame in frames
            for key in frame.columns
        }

    def records(self) -> list[dict[str, Any]]:
        return [self._record((interview,)) for interview in self.made.frame.index]

    def _record(self, place: Place) -> dict[str, Any]:
        record = self._nodes(self.made.questionnaire.nodes, (), place)
        if self.odata:
            system = {"submissionDate": "2026-02-01T10:00:00.000Z", "submitterId": "23", "edits": 0}
            return {"__id": f"uuid:{place[0]}", "__system": system, **record}
        about = {"_id": 7, "_uuid": place[0], "__version__": "7", "_attachments": [{"id": 3}]}
        return {**record, **about, "_validation_status": {}, "_geolocation": [None, None]}

    def _nodes(
        self, nodes: tuple[FormNode, ...], path: tuple[str, ...], place: Place
    ) -> dict[str, Any]:
        told: dict[str, Any] = {}
        for node in nodes:
            here = (*path, node.name)
            name = node.name if self.odata else "/".join(here)
            if isinstance(node, Question):
                told |= self._answer(name, here, place)
            elif isinstance(node, Group):
                inside = self._nodes(node.nodes, here, place)
                told |= {name: inside} if self.odata else inside
            else:
                told |= self._repeat(name, node, here, place)
        return told

    def _repeat(
        self, name: str, node: Repeat, here: tuple[str, ...], place: Place
    ) -> dict[str, Any]:
        index = self.made.repeats[node.name].frame.index
        rows = [each for each in index if each[:-1] == place]
        lists = [self._nodes(node.nodes, here, row) for row in rows]
        if not self.odata:
            return {name: lists} if lists else {}
        link = {f"{name}@odata.navigationLink": f"Submissions('x')/{name}"}
        ids = {"__Submissions-id": f"uuid:{place[0]}", "__id": "ab12"}
        return {**link, **({name: [{**ids, **each} for each in lists]} if self.expand else {})}

    def _answer(self, name: str, here: tuple[str, ...], place: Place) -> dict[str, Any]:
        key = self.keys[here]
        if key not in self.texts:
            return {}
        text = self.texts[key].loc[place[0] if len(place) == 1 else place]
        if pd.isna(text):
            return {name: None} if self.odata else {}
        if not self.odata:
            return {name: text}
        match self.made.questionnaire.by_key[key].question.type.storage:
            case Storage.INTEGER | Storage.DECIMAL:
                return {name: json.loads(text)}
            case Storage.LOCATION:
                north, east, up, exact = (float(each) for each in text.split())
                about = {"accuracy": exact}
                point = {"type": "Point", "coordinates": [east, north, up], "properties": about}
                return {name: point}
            case _:
                return {name: text}


def positions_as_numbers(made: Responses) -> Responses:
    """JSON keeps of 21.440 the number, and not how many noughts were written."""
    form = made.questionnaire

    def plain(frame: pd.DataFrame) -> pd.DataFrame:
        spots = [
            key
            for key in frame.columns
            if form.by_key[key].question.type.storage is Storage.LOCATION
        ]
        return frame.assign(
            **{
                key: frame[key]
                .map(lambda text: " ".join(repr(float(each)) for each in text.split()), "ignore")
                .astype("str")
                for key in spots
            }
        )

    repeats = {name: Rows(plain(rows.frame), rows.absence) for name, rows in made.repeats.items()}
    return replace(made, frame=plain(made.frame), repeats=MappingProxyType(repeats))


def written(value: object, path: Path) -> Path:
    path.write_text(json.dumps(value, ensure_ascii=False), encoding="utf-8")
    return path


@pytest.mark.parametrize("envelope", ["page", "bare"])
def test_data_from_kobo_comes_back_whole(
    envelope: str, made: Responses, camp: Questionnaire, tmp_path: Path, the_same: Same
):
    records = Told(made, odata=False).records()
    whole = {"count": 12, "next": None, "previous": None, "results": records}

    again = read_responses(
        written(whole if envelope == "page" else records, tmp_path / "k.json"), camp
    )

    the_same(again, made)
    assert again.report.format == "json"
    assert again.report.notes == ()
    assert set(again.meta["version"]) == {"7"}
    assert set(again.report.unmatched.values()) == {"metadata, not carried on"}


def test_odata_comes_back_whole_but_for_the_noughts_of_positions(
    made: Responses, camp: Questionnaire, tmp_path: Path, the_same: Same
):
    whole = {"@odata.context": "x", "value": Told(made, odata=True).records()}

    again = read_responses(written(whole, tmp_path / "c.json"), camp)

    the_same(positions_as_numbers(again), positions_as_numbers(made))
    assert again.meta["submitted"].notna().all()
    assert set(again.report.unmatched.values()) == {"metadata, not carried on"}


def test_links_to_rows_are_not_rows(made: Responses, camp: Questionnaire, tmp_path: Path):
    whole = {"value": Told(made, odata=True, expand=False).records()}

    report = read_responses(written(whole, tmp_path / "c.json"), camp).report

    assert report.rows_elsewhere == ("person", "job", "animal")
    assert report.notes == (
        "the rows of the repeats are not in this file: 'person', 'job', 'animal'",
    )


def test_one_page_of_many_is_never_taken_for_all(
    made: Responses, camp: Questionnaire, tmp_path: Path
):
    records = Told(made, odata=False).records()
    page = {"count": 5000, "next": "https://example.org/?start=12", "results": records}

    report = read_responses(written(page, tmp_path / "k.json"), camp).report

    said = (
        "the file holds 12 interviews of 5000: it is one page of several, and the others have to be "
        "fetched too"
    )
    assert report.notes == (said,)


def test_numbers_are_kept_as_they_are_written(camp: Questionnaire, tmp_path: Path):
    (tmp_path / "k.json").write_text(
        '[{"consent": "yes", "home/litres": 0.10, "home/water": 0.75, "_uuid": "a", "extra": 1e5}]'
    )

    again = read_responses(tmp_path / "k.json", camp)

    assert again.frame["water"].tolist() == ["0.75"]
    assert again.frame["litres"].tolist() == [0.1]
    assert again.report.unmatched == {"extra": "not carried on: no such question"}


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (
            '[{"consent": "yes"',
            "a.json, line 1: it is not well-formed JSON. Fetch it again from the server.",
        ),
        (
            "[" * 100_000,
            "a.json: it is not well-formed JSON. Fetch it again from the server.",
        ),
        (
            '{"detail": "Not found."}',
            (
                "a.json: it holds no list of interviews. Hand over the answer of the server as it "
                "came: a list, or an object with 'results' or 'value'."
            ),
        ),
        (
            "<html>",
            (
                "a.json: its suffix says JSON, but it is none. Export it again, or give it its right "
                "suffix."
            ),
        ),
    ],
)
def test_what_is_no_export_is_refused(
    content: str, message: str, camp: Questionnaire, tmp_path: Path
):
    (tmp_path / "a.json").write_text(content)

    with pytest.raises(FileProblem) as caught:
        read_responses(tmp_path / "a.json", camp)

    assert str(caught.value) == message
