"""What study.yaml says about weights, and what becomes of it."""

from __future__ import annotations

from pathlib import Path
from textwrap import dedent

import numpy as np
import openpyxl
import pytest

from survey_kit.errors import StudyError, SurveyKitError
from survey_kit.study.manifest import Record
from survey_kit.study.method import method_of
from survey_kit.study.prepare import Prepared, prepare
from survey_kit.study.settings import StudySettings, read_study
from survey_kit.study.weighting_section import (
    Answering,
    Begin,
    Fit,
    Rescaling,
    StatedReplicates,
    Trimming,
)
from survey_kit.tables.exporters.weighting_sheets import write_weighting

QUESTIONNAIRE = """\
questionnaire: water
version: "1"
languages: {en: English}
choices:
  yes_no: [{code: 'yes', label: {en: 'Yes'}}, {code: 'no', label: {en: 'No'}}]
  districts: [{code: north, label: {en: North}}, {code: south, label: {en: South}}]
  sexes: [{code: f, label: {en: Woman}}, {code: m, label: {en: Man}}]
interview:
  - {name: district, type: select_one districts, label: {en: District}, privacy: plain}
  - {name: village, type: text, label: {en: Village}, privacy: identifier}
  - {name: chance, type: decimal, label: {en: Chance}, privacy: identifier}
  - {name: old_enough, type: select_one yes_no, label: {en: Adult}, privacy: plain}
  - {name: consent, type: select_one yes_no, label: {en: Consent}, privacy: plain}
  - name: sex
    type: select_one sexes
    label: {en: Sex}
    relevant: ${consent} = 'yes'
    privacy: plain
  - {name: size, type: integer, label: {en: People}, relevant: "${consent} = 'yes'", privacy: plain}
  - {name: well, type: select_one yes_no, label: {en: Well}, relevant: "${consent} = 'yes'", privacy: plain}
"""

STUDY = """\
study: water
title: Water
questionnaire: water.yaml
responses: {file: answers.csv, interview: id}
complete: ${consent} = 'yes'
design: {sampling: probability, stratum: district, cluster: village}
protection: {smallest_base: 1, smallest_cell: 1, reason: a test}
"""

CHANCE = {"north": 0.1, "south": 0.05}


def _lines() -> list[str]:
    """240 interviews in 12 villages; every fifth in the north and every tenth in the south declined."""
    lines = ["id,district,village,chance,old_enough,consent,sex,size,well"]
    for number in range(240):
        district = "north" if number % 2 else "south"
        village = f"{district[0]}{(number // 2) % 6}"
        declined = (number // 2) % (5 if district == "north" else 10) == 0
        young = number % 40 == 0
        consent = "no" if declined or young else "yes"
        rest = (
            f"{'f' if number % 3 else 'm'},{1 + number % 7},{'yes' if number % 4 else 'no'}"
            if consent == "yes"
            else ",,"
        )
        adult = "no" if young else "yes"
        lines.append(
            f"i{number:03d},{district},{village},{CHANCE[district]},{adult},{consent},{rest}"
        )
    return lines


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "water.yaml").write_text(QUESTIONNAIRE, encoding="utf-8")
    (tmp_path / "answers.csv").write_text("\n".join(_lines()) + "\n", encoding="utf-8")
    (tmp_path / "margins.csv").write_text(
        "variable,category,total\nsex,f,1200\nsex,m,1300\n", encoding="utf-8"
    )
    return tmp_path


def _settings(folder: Path, weighting: str) -> StudySettings:
    (folder / "study.yaml").write_text(STUDY + dedent(weighting), encoding="utf-8")
    return read_study(folder)


def _prepared(folder: Path, weighting: str) -> Prepared:
    return prepare(_settings(folder, weighting), Record(), lambda _: None)


def _refused(folder: Path, weighting: str) -> list[str]:
    with pytest.raises(SurveyKitError) as caught:
        _prepared(folder, weighting)
    return str(caught.value).splitlines()


def test_every_step_is_read(folder: Path):
    stated = _settings(
        folder,
        """\
        weighting:
          steps:
            - chances: [chance]
            - nonresponse: {model: district, classes: 3, among: "not(${old_enough} = 'no')"}
            - trim: {lower: 0.2, upper: 5, unit: median, strict: false}
            - calibrate:
                margins: margins.csv
                totals: {size: 9000}
                distance: logit
                bounds: [0.3, 3]
                together: village
            - poststratify: margins.csv
            - rake: margins.csv
            - rescale: interviews
            - rescale: 1000
          replicates: bootstrap
          number: 20
          seed: 3
        """,
    ).weighting

    assert stated is not None
    file = folder.resolve() / "margins.csv"
    assert stated.steps == (
        Begin("chances", ("chance",)),
        Answering((), "district", 3, "not(${old_enough} = 'no')"),
        Trimming(0.2, 5, "median", strict=False),
        Fit("calibrate", file, {"size": 9000}, "logit", (0.3, 3), "factor", "village"),
        Fit("poststratify", file),
        Fit("rake", file),
        Rescaling(None),
        Rescaling(1000),
    )
    assert stated.replicates == StatedReplicates("bootstrap", 20, 3)
    assert stated.files == (file,)
    assert stated.columns == ("chance", "size", "village")


def test_a_file_of_margins_alone_is_raking(folder: Path):
    stated = _settings(folder, "weighting: {margins: margins.csv}\n").weighting

    assert stated is not None
    assert stated.steps == (Fit("rake", folder.resolve() / "margins.csv"),)


def test_those_who_count_take_over_the_weight_of_those_who_do_not(folder: Path):
    prepared = _prepared(
        folder,
        """\
        weighting:
          steps:
            - chances: chance
            - nonresponse: {cells: [district], among: "not(${old_enough} = 'no')"}
        """,
    )

    answers = [line.split(",") for line in _lines()[1:]]
    eligible = {d: sum(a[1] == d and a[4] == "yes" for a in answers) for d in CHANCE}
    counted = {d: sum(a[1] == d and a[5] == "yes" for a in answers) for d in CHANCE}
    by_hand = {d: eligible[d] / counted[d] / CHANCE[d] for d in CHANCE}
    sample = prepared.analysis.sample
    assert sum(counted.values()) == len(sample)
    assert list(sample.data.index) == [a[0] for a in answers if a[5] == "yes"]
    expected = sample.data["district"].astype(str).map(by_hand).to_numpy(dtype=float)
    np.testing.assert_allclose(sample.weights, expected, rtol=1e-12)
    assert prepared.weights is not None
    assert [each.after.n for each in prepared.weights.reports] == [
        sum(eligible.values()),
        sum(counted.values()),
    ]


def test_errors_count_every_step_where_replicates_are_asked_for(folder: Path):
    steps = """\
    weighting:
      steps:
        - nonresponse: {cells: [district]}
        - rake: margins.csv
      replicates: jackknife
    """
    prepared = _prepared(folder, steps)
    sample = prepared.analysis.sample

    assert sample.replicates is not None
    assert len(sample.replicates) == 12
    females = (sample.data["sex"] == "f").to_numpy()
    for number in range(12):
        assert sample.replicates.weights(number)[females].sum() == pytest.approx(1200)
    (told,) = [
        line.text
        for line in method_of(_settings(folder, steps), prepared)
        if line.heading == "Weighting"
    ]
    assert told.startswith(
        "Weights were made in 2 steps: 1. Non-response adjustment by 'counts as complete' within "
        "district; 2. Raking to sex"
    )
    assert (
        "Standard errors come from 12 replicates (JKn), each of which went through all 2 steps."
        in told
    )
    assert "Sex: Woman from " in told


def test_the_workbook_holds_every_figure_of_the_chain(folder: Path, tmp_path: Path):
    prepared = _prepared(folder, "weighting: {margins: margins.csv}\n")
    assert prepared.weights is not None
    path = tmp_path / "weighting.xlsx"
    write_weighting(prepared.weights, path, title="Water", notice="=SIMULATED")

    book = openpyxl.load_workbook(path)
    assert book.sheetnames == ["Weighting", "Margins", "Weights", "Notes"]
    rows = list(book["Margins"].iter_rows(min_row=4, values_only=True))
    assert rows[0] == ("Step", "Variable", "Category", "n", "Before", "After", "Target")
    shares = {row[2]: row[5] for row in rows[1:]}
    assert shares == {"f": pytest.approx(0.48), "m": pytest.approx(0.52)}
    assert book["Margins"]["A2"].data_type == "s"


@pytest.mark.parametrize(
    ("weighting", "said"),
    [
        (
            "weighting: {steps: [{rake: margins.csv}], margins: margins.csv}",
            "weighting.margins: it stands beside steps. Write it as a step:  - rake: margins.csv",
        ),
        (
            "weighting: {replicates: jackknife}",
            (
                "weighting.margins: there is neither this nor steps. Add  margins: margins.csv, or "
                "steps"
            ),
        ),
        (
            "weighting: {steps: [{rak: margins.csv}]}",
            (
                "weighting.steps.1.rak: there is no such step. The steps are: chances, weights, "
                "nonresponse, poststratify, rake, calibrate, trim, rescale"
            ),
        ),
        (
            "weighting: {steps: [rake]}",
            (
                "weighting.steps: step 1 is not one step with its name. Write  - rake: margins.csv; "
                "the steps are: chances, weights, nonresponse, poststratify, rake, calibrate, trim, "
                "rescale"
            ),
        ),
        (
            "weighting: {steps: rake}",
            "weighting.steps: a list is needed here. Begin each step with a dash",
        ),
        (
            "weighting: {steps: [{rake: margins.csv}, {weights: chance}]}",
            "weighting.steps: chances and weights are what weights begin with. Put that step first",
        ),
        (
            "weighting: {steps: [{nonresponse: {cells: district}}, {nonresponse: {model: district}}]}",
            (
                "weighting.steps: non-response is made up for twice. Keep one such step: who does not "
                "count leaves with it"
            ),
        ),
        (
            "weighting: {margins: margins.csv, replicates: bootstrap}",
            (
                "weighting.replicates: a bootstrap is drawn by chance, and nothing says how to draw "
                "it again. Add  seed: 1, or any other whole number"
            ),
        ),
        (
            "weighting: {margins: margins.csv, seed: 3}",
            "weighting.seed: there are no replicates. Add  replicates: bootstrap",
        ),
        (
            "weighting: {steps: [{trim: {unit: mean}}]}",
            (
                "weighting.steps.1.trim.upper: no bound is given. Write  trim: {upper: 5, unit: "
                "median}"
            ),
        ),
        (
            "weighting: {steps: [{calibrate: {bounds: [1]}}]}",
            (
                "weighting.steps.1.calibrate.margins: nothing to calibrate to. Add  margins: "
                "margins.csv, or totals"
            ),
        ),
        (
            "weighting: {steps: [{rescale: 0}]}",
            (
                "weighting.steps.1.rescale: a number of people is needed here. Write one, or: "
                "interviews"
            ),
        ),
        (
            "weighting: {steps: [{nonresponse: {cells: [district], model: district}}]}",
            "weighting.steps.1.nonresponse.model: it stands beside cells. Keep one of the two",
        ),
    ],
)
def test_a_fault_of_the_section_says_what_to_write(folder: Path, weighting: str, said: str):
    with pytest.raises(StudyError) as caught:
        _settings(folder, weighting + "\n")

    assert str(caught.value.faults[0]).split(": ", 1)[1] == f"{said.removesuffix('.')}."


def test_a_question_that_is_not_there_is_said_before_an_answer_is_read(folder: Path):
    (folder / "answers.csv").write_text("", encoding="utf-8")

    assert _refused(folder, "weighting: {steps: [{nonresponse: {cells: [distrct]}}]}\n") == [
        (
            "study.yaml, weighting: nonresponse: cells: there is no question called 'distrct'; did "
            "you mean 'district'? Write the name as the questionnaire has it."
        )
    ]


def test_nobody_who_counts_may_be_out_of_reach(folder: Path):
    said = _refused(
        folder,
        "weighting: {steps: [{nonresponse: {cells: [district], among: \"${district} = 'north'\"}}]}\n",
    )

    assert said == [
        (
            "study.yaml, weighting: nonresponse: among: 108 interviews count, and were not to be made "
            "by this rule. Make it true of everybody who counts; a question not asked is neither yes "
            "nor no."
        )
    ]


def test_a_step_that_cannot_be_taken_is_named(folder: Path):
    (folder / "margins.csv").write_text("variable,category,total\nsex,f,1200\nsex,m,0\n")
    said = _refused(folder, "weighting: {steps: [{rescale: interviews}, {rake: margins.csv}]}\n")

    assert len(said) == 1
    assert said[0].startswith("step 2, margin 'sex', category 'm': its figure is 0, yet ")
