"""A question of several choices is one thing in SPSS, and stays one in the file."""

import shutil
import struct
import subprocess
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from survey_kit.errors import FileProblem
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.model import Responses
from survey_kit.responses.read import read_responses
from survey_kit.responses.writer import writers
from survey_kit.responses.writers.response_sets import ResponseSet, add_response_sets, record_of


def test_a_set_holds_the_choices_of_a_question_but_not_those_that_refuse_it(
    responses: Responses, tmp_path: Path
):
    writers()["sav"].write(responses, tmp_path / "r.sav", "en")

    _, meta = pyreadstat.read_sav(tmp_path / "r.sav")
    assert meta.mr_sets == {
        "water": {
            "type": "D",
            "is_dichotomy": True,
            "counted_value": 1,
            "label": "Where does your water come from?",
            "variable_list": ["water_piped", "water_well", "water_0_75"],
        }
    }
    _, meta = pyreadstat.read_sav(tmp_path / "r.journey.sav")
    assert list(meta.mr_sets) == ["why"]


def test_a_set_changes_nothing_else_in_the_file(tmp_path: Path):
    frame = pd.DataFrame({"w_1": [1.0, 0.0], "w_2": [0.0, 1.0], "name": ["x" * 300, "y"]})
    about = {"column_labels": ["One", "Two", "Nàme"], "note": ["a note", "another"]}
    labels = {"w_1": {0: "No", 1: "Yes, that one"}, "w_2": {1: "1234567"}}
    pyreadstat.write_sav(
        frame,
        tmp_path / "r.sav",
        variable_value_labels=labels,
        missing_ranges={"w_1": [{"lo": -9, "hi": -1}]},
        **about,
    )
    before, meta = pyreadstat.read_sav(tmp_path / "r.sav")

    add_response_sets(tmp_path / "r.sav", [ResponseSet("$w", "Wäter", ("w_1", "w_2"))])

    after, again = pyreadstat.read_sav(tmp_path / "r.sav")
    pd.testing.assert_frame_equal(after, before)
    assert again.mr_sets["w"]["label"] == "Wäter"
    for name in ("column_labels", "notes", "variable_value_labels", "missing_ranges"):
        assert getattr(again, name) == getattr(meta, name)
    assert [path.name for path in tmp_path.iterdir()] == ["r.sav"]


def test_a_set_counts_the_bytes_of_its_label_and_names_columns_in_small_letters():
    made = record_of([ResponseSet("$w", "é", ("LONG_NAME",))], {"LONG_NAME": "LONG_1"})

    assert made[:16] == struct.pack("<4i", 7, 7, 1, len(made) - 16)
    assert made[16:] == "$w=D1 1 2 é long_1\n".encode()


def test_a_file_cut_short_is_refused(tmp_path: Path):
    pyreadstat.write_sav(pd.DataFrame({"a": [1.0]}), tmp_path / "r.sav")
    (tmp_path / "r.sav").write_bytes((tmp_path / "r.sav").read_bytes()[:190])

    with pytest.raises(FileProblem) as caught:
        add_response_sets(tmp_path / "r.sav", [ResponseSet("$a", "", ("a",))])

    assert str(caught.value) == "r.sav: its dictionary is cut short. Write it again."


def test_a_long_question_gives_way_to_the_name_of_the_choice(tmp_path: Path):
    (tmp_path / "f.yaml").write_text(
        f"""\
questionnaire: f
version: "1"
title: {{en: F}}
languages: {{en: English}}
choices:
  c:
    - {{code: a, label: {{en: A well}}}}
    - {{code: b, label: {{en: A tap}}}}
interview:
  - {{name: water, type: select_multiple c, label: {{en: {"Why " * 100}}}}}
"""
    )
    (tmp_path / "e.csv").write_text("water,KEY\na b,x\n")
    read = read_responses(tmp_path / "e.csv", read_yaml(tmp_path / "f.yaml"))

    writers()["sav"].write(read, tmp_path / "r.sav", "en")
    notes = writers()["dta"].write(read, tmp_path / "r.dta", "en")

    _, meta = pyreadstat.read_sav(tmp_path / "r.sav")
    assert meta.column_names_to_labels["water_a"].endswith("Why W…: A well")
    assert len(meta.column_names_to_labels["water_b"].encode()) <= 256
    assert notes == ("labels of columns cut at 80 signs: 2 ('water_a', 'water_b')",)


@pytest.mark.client
def test_pspp_shows_the_sets_and_leaves_out_what_was_not_answered(
    responses: Responses, tmp_path: Path
):
    pspp = shutil.which("pspp")
    if pspp is None:
        pytest.skip("pspp is not installed")
    writers()["sav"].write(responses, tmp_path / "r.sav", "en")
    syntax = "GET FILE='r.sav'.\nMRSETS /DISPLAY NAME=ALL.\nFREQUENCIES water_well members.\n"
    (tmp_path / "show.sps").write_text(syntax)

    subprocess.run([pspp, "show.sps", "-o", "out.csv"], cwd=tmp_path, check=True)

    shown = (tmp_path / "out.csv").read_text(encoding="utf-8")
    assert "warning" not in shown
    sets = shown.split("\n\n")[0]
    assert "$water,Where does your water come from?,Dichotomies,1," in sets
    assert [name in sets for name in ("water_piped", "water_0_75", "water__99")] == [
        True,
        True,
        False,
    ]
    assert "Missing,Does not know,1,33.3%" in shown
    assert "Not asked,1,33.3%" in shown
