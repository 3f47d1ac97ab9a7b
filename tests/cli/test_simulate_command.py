"""survey-kit simulate writes what its suffix says, says that it is simulated, and says it twice."""

from __future__ import annotations

import json
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result

from survey_kit.cli.simulate import command
from survey_kit.errors import UsageError
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.read import read_responses

FORM = """
questionnaire: stall
version: "1"
title: {en: Stall}
languages: {en: English}
choices:
  fruits: [{code: fig, label: {en: Fig}}, {code: pear, label: {en: Pear}}]
interview:
  - {name: fruit, type: select_one fruits, label: {en: Fruit}, required: true}
  - {name: price, type: integer, label: {en: Price}, required: true, constraint: . > 0 and . < 50}
  - repeat: buyer
    label: {en: Buyer}
    questions:
      - {name: paid, type: integer, label: {en: Paid}, constraint: . > 0 and . < 50}
"""


@pytest.fixture
def form(tmp_path: Path) -> Path:
    path = tmp_path / "stall.yaml"
    path.write_text(FORM, encoding="utf-8")
    return path


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(command, [*map(str, words)])


OUTS = {
    "zip": ("s.zip",),
    "folder": ("s",),
    "kobo-csv": ("s.csv", "--as", "kobo-csv", "--headers", "name"),
    "kobo-xlsx": ("s.xlsx",),
    "central": ("s.zip", "--as", "central"),
    "csv": ("s.csv",),
    "parquet": ("s.parquet",),
    "sav": ("s.sav",),
    "dta": ("s.dta",),
}


@pytest.mark.parametrize("kind", list(OUTS))
@pytest.mark.parametrize("number", ["0", "1", "7"])
def test_every_kind_of_output_is_written_and_the_same_seed_gives_the_same_bytes(
    kind: str, number: str, form: Path, tmp_path: Path
):
    name, *options = OUTS[kind]

    made = [
        run(form, "-n", number, "--seed", "3", "--out", tmp_path / place / name, *options)
        for place in ("one", "two")
    ]

    assert [each.exit_code for each in made] == [0, 0], made[0].output
    files = sorted(each for each in (tmp_path / "one").rglob("*") if each.is_file())
    assert files
    for file in files:
        twin = tmp_path / "two" / file.relative_to(tmp_path / "one")
        if kind not in ("sav", "dta"):  # these formats hold the moment at which they were written
            assert file.read_bytes() == twin.read_bytes(), file.name
    said = [each for each in files if "README" in each.name]
    assert said or kind in ("zip", "central")
    assert all("SIMULATED DATA" in each.read_text(encoding="utf-8") for each in said)


def test_a_calibration_with_faults_leaves_a_ledger_beside_the_data(form: Path, tmp_path: Path):
    start = run(form, "--write-calibration", tmp_path / "cal.yaml")
    text = (tmp_path / "cal.yaml").read_text(encoding="utf-8")
    (tmp_path / "faults.yaml").write_text(
        f"{text}faults:\n  - {{fault: duplicates, number: 2}}\n", encoding="utf-8"
    )

    made = run(
        form, "-n", "9", "--calibration", tmp_path / "faults.yaml", "--out", tmp_path / "s.zip"
    )

    assert (start.exit_code, made.exit_code) == (0, 0), made.output
    assert len(read_responses(tmp_path / "s.zip", read_yaml(form))) == 11
    ledger = (tmp_path / "s.zip.faults.csv").read_text(encoding="utf-8").splitlines()
    assert ledger[0] == "kind,interview,question,before,planted,check,found_at"
    assert [line.partition(",")[0] for line in ledger[1:]] == ["duplicate", "duplicate"]


def test_parquet_says_in_its_metadata_that_nobody_was_asked(form: Path, tmp_path: Path):
    run(form, "-n", "3", "--out", tmp_path / "s.parquet")

    about = json.loads(pq.read_schema(tmp_path / "s.parquet").metadata[b"survey_kit"])
    assert about["notes"] == ["Nobody gave these answers: they are simulated."]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (
            ("-n", "3", "--out", "s.txt"),
            "interviews cannot be written as .txt. Give --out one of the suffixes .csv, .dta, .parquet",
        ),
        (
            ("-n", "3", "--out", "s.csv", "--as", "xml"),
            "xml is not written to a file ending in '.csv'. Give --out a name with .zip or no suffix.",
        ),
        (
            ("--out", "s.csv"),
            "it does not say how many interviews, or where to write them. Give -n 100 --out",
        ),
    ],
)
def test_what_cannot_be_done_is_said_before_anything_is(
    words: tuple[str, ...], said: str, form: Path
):
    result = run(form, *words)

    assert isinstance(result.exception, UsageError)
    assert said in str(result.exception)


def test_a_folder_that_is_there_is_left_alone(form: Path, tmp_path: Path):
    (tmp_path / "mine").mkdir()

    result = run(form, "-n", "1", "--out", tmp_path / "mine")

    assert isinstance(result.exception, UsageError)
    assert "this is there already. Name another folder with --out" in str(result.exception)
