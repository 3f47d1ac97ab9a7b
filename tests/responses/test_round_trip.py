"""The law of reading: what is written in a shape is read back as it was, as far as the shape can say.

Over small forms drawn at random and interviews simulated with them. What a shape cannot hold is
stated beside it: `LOSES` is the whole list.
"""

from __future__ import annotations

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.absence_in_words import BEYOND_THE_FORM
from survey_kit.responses.empty import empty_answers
from survey_kit.responses.matching import METADATA_LEFT_OUT
from survey_kit.responses.model import Absence, Responses, Rows
from survey_kit.responses.read import read_responses
from survey_kit.responses.simulate import simulate
from survey_kit.responses.submissions import write_submissions
from survey_kit.responses.writer import writers

Write = Callable[[Responses, Path], object]


def by(name: str) -> Write:
    return lambda made, path: writers()[name].write(made, path, "en")


SHAPES: dict[str, Write] = {
    "r.zip": write_submissions,
    "central.zip": by("central"),
    "kobo.xlsx": by("kobo-xlsx"),
    "kobo.csv": by("kobo-csv"),
    "plain.csv": by("csv"),
    "r.parquet": by("parquet"),
    "r.sav": by("sav"),
    "r.dta": by("dta"),
}
OURS = ("plain.csv", "r.parquet", "r.sav", "r.dta")
"""What survey_kit writes for others to work with."""
LOSES = {
    "order of choosing": {"r.sav", "r.dta"},
    "rows of repeats": {"kobo.csv"},
}
TYPES = (
    "select_one l",
    "select_multiple l",
    "integer",
    "decimal",
    "text",
    "date",
    "geopoint",
    "rank l",
)
CODES = st.sampled_from(["a", "b", "001", "0.75", "1e5", "-99", "yes", "NA_", "2"])


@st.composite
def forms(draw: st.DrawFn) -> str:
    """A form of a few questions of any types, in a group or a repeat, some asked after an answer."""
    codes = draw(st.lists(CODES, min_size=2, max_size=4, unique=True))
    lines = [
        "questionnaire: small",
        'version: "1"',
        "title: {en: Small}",
        "languages: {en: English}",
    ]
    lines += ["choices:", "  l:"]
    refused = draw(st.integers(-1, len(codes) - 1))
    for place, code in enumerate(codes):
        missing = ", missing: refused" if place == refused else ""
        lines.append(f'    - {{code: "{code}", label: {{en: "Label {code}"}}{missing}}}')
    lines += ["interview:", "  - {name: gate, type: select_one l, label: {en: Gate}}"]
    for number, kind in enumerate(draw(st.lists(st.sampled_from(TYPES), min_size=1, max_size=5))):
        asked = f", relevant: \"${{gate}} = '{codes[0]}'\"" if draw(st.booleans()) else ""
        lines.append(
            f"  - {{name: q{number}, type: {kind}, label: {{en: Question {number}}}{asked}}}"
        )
    if draw(st.booleans()):
        lines += ["  - repeat: row", "    label: {en: Row}", "    questions:"]
        kinds = draw(st.lists(st.sampled_from(TYPES[:6]), min_size=1, max_size=3))
        lines += [
            f"      - {{name: r{number}, type: {kind}, label: {{en: In a row {number}}}, required: true}}"
            for number, kind in enumerate(kinds)
        ]
    return "\n".join(lines) + "\n"


def comparable(frame: pd.DataFrame, form: Questionnaire, shape: str) -> pd.DataFrame:
    """Several choices in the order of the list, where a shape does not keep that of choosing."""
    if shape not in LOSES["order of choosing"]:
        return frame
    changed: dict[str, pd.Series] = {}
    for key in map(str, frame.columns):
        question = form.by_key[key].question
        if question.type.storage is Storage.CODES and question.type.name != "rank":
            codes = [choice.code for choice in form.choices(question)]
            cells = [
                " ".join(sorted(str(cell).split(), key=codes.index)) or None
                for cell in frame[key].fillna("")
            ]
            changed[key] = pd.Series(cells, index=frame.index, dtype="str")
    return frame.assign(**changed)


@pytest.mark.parametrize("shape", list(SHAPES))
@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(text=forms(), seed=st.integers(0, 1_000))
def test_what_is_written_is_read_back(shape: str, text: str, seed: int):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "small.yaml").write_text(text, encoding="utf-8")
        form = read_yaml(Path(folder) / "small.yaml")
        made = simulate(form, 5, seed=seed)
        SHAPES[shape](made, Path(folder) / shape)

        again = read_responses(Path(folder) / shape, form)

    order = made.frame.index
    pd.testing.assert_frame_equal(
        comparable(again.frame.loc[order], form, shape),
        comparable(made.frame, form, shape),
        check_index_type=False,
    )
    pd.testing.assert_frame_equal(again.absence.loc[order], made.absence, check_index_type=False)
    if shape not in LOSES["rows of repeats"]:
        for name, rows in made.repeats.items():
            read = again.repeats[name].frame.reindex(rows.frame.index)
            assert len(again.repeats[name].frame) == len(rows.frame)
            pd.testing.assert_frame_equal(
                comparable(read, form, shape), comparable(rows.frame, form, shape)
            )
            why = again.repeats[name].absence.reindex(rows.frame.index)
            pd.testing.assert_frame_equal(why, rows.absence)
    assert set(again.report.unmatched.values()) <= {METADATA_LEFT_OUT}
    assert len(again.unreadable) == 0


def emptied(rows: Rows, form: Questionnaire, why: pd.DataFrame) -> Rows:
    """The same rows, empty wherever `why`, (n, k) int8, says something."""
    frame, absence = rows.frame.copy(), rows.absence.copy()
    for key in map(str, frame.columns):
        gone = why[key].ne(Absence.PRESENT.value)
        nothing = empty_answers(form.by_key[key], frame.index)
        frame[key] = frame[key].mask(gone, nothing)
        absence[key] = absence[key].mask(gone, why[key]).astype("int8")
    return Rows(frame, absence)


@pytest.mark.parametrize("shape", OURS)
@settings(max_examples=8, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(text=forms(), seed=st.integers(0, 1_000))
def test_reasons_that_no_form_can_tell_are_read_back_cell_by_cell(shape: str, text: str, seed: int):
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "small.yaml").write_text(text, encoding="utf-8")
        form = read_yaml(Path(folder) / "small.yaml")
        drawn, random = simulate(form, 6, seed=seed), np.random.default_rng(seed)

        def some(frame: pd.DataFrame) -> pd.DataFrame:
            reasons = random.choice([0, 0, 0, 0, *BEYOND_THE_FORM], frame.shape).astype(np.int8)
            return pd.DataFrame(reasons, index=frame.index, columns=frame.columns)

        top = emptied(Rows(drawn.frame, drawn.absence), form, some(drawn.frame))
        made = replace(
            drawn.with_frame(top.frame, top.absence),
            repeats={
                name: emptied(rows, form, some(rows.frame)) for name, rows in drawn.repeats.items()
            },
        )
        SHAPES[shape](made, Path(folder) / shape)

        again = read_responses(Path(folder) / shape, form)

    read = {"": Rows(again.frame, again.absence), **again.repeats}
    for name, rows in {"": top, **made.repeats}.items():
        order = rows.frame.index
        frame, why = read[name].frame.reindex(order), read[name].absence.reindex(order)
        pd.testing.assert_frame_equal(
            comparable(frame, form, shape), comparable(rows.frame, form, shape), check_dtype=False
        )
        untold = rows.absence.isin(BEYOND_THE_FORM)
        pd.testing.assert_frame_equal(why.where(untold), rows.absence.where(untold))
    assert set(again.report.unmatched.values()) <= {METADATA_LEFT_OUT}


def test_reasons_go_through_to_user_missing_values_of_packages_in_repeats_too(tmp_path: Path):
    form = read_yaml(Path(__file__).with_name("household.yaml"))
    (tmp_path / "s").mkdir()
    for version, age in (("2", ""), ("3", "<age/>"), ("3", "<age>7</age>"), ("3", "<age>x</age>")):
        place = len(list((tmp_path / "s").iterdir()))
        (tmp_path / "s" / f"{place}.xml").write_text(
            f'<data id="household" version="{version}"><consent>yes</consent><home><litres/></home>'
            f"<person>{age}<work><job>Any</job></work></person>"
            f"<meta><instanceID>i{place}</instanceID></meta></data>"
        )
    read = read_responses(tmp_path / "s", form)
    ages = read.repeats["person"].absence["age"].tolist()
    assert ages == [Absence.NOT_IN_VERSION, Absence.BLANK, Absence.PRESENT, Absence.UNREADABLE]

    writers()["sav"].write(read, tmp_path / "r.sav", "en")
    writers()["dta"].write(read, tmp_path / "r.dta", "en")

    import pyreadstat

    spss, meta = pyreadstat.read_sav(tmp_path / "r.person.sav", user_missing=True)
    stata, _ = pyreadstat.read_dta(tmp_path / "r.person.dta", user_missing=True)
    assert spss["age"].tolist() == [-1005, -1002, 7, -1006]
    assert meta.variable_value_labels["age"][-1005] == "Not in this version of the form"
    assert stata["age"].tolist() == ["e", "d", 7, "f"]
