"""Whatever is handed over wrongly: one clear message, exit code 3, and nothing half-written."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest

from survey_kit.cli import main

BLOCK = re.compile(r"^```\w+ (\S+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)

Command = Callable[..., tuple[int, str, str]]


@pytest.fixture(scope="session")
def made(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The study of the tutorial, with simulated answers."""
    from survey_kit.forms.read import read_questionnaire
    from survey_kit.responses.simulate import Calibration, simulate
    from survey_kit.responses.submissions import write_submissions

    folder = tmp_path_factory.mktemp("water")
    for name, text in BLOCK.findall((root / "docs/tutorial.md").read_text(encoding="utf-8")):
        (folder / name).write_text(text, encoding="utf-8")
    usual = Calibration()  # few refuse
    made = simulate(read_questionnaire(folder / "water.yaml"), 120, seed=1, calibration=usual)
    write_submissions(made, folder / "answers.zip")
    return folder


@pytest.fixture
def study(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the study, in which the test may break something."""
    folder = tmp_path / "study"
    shutil.copytree(made, folder)
    monkeypatch.chdir(folder)
    return folder


@pytest.fixture
def survey_kit(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Command:
    """The command line, in this process: arguments -> exit code, stdout, stderr."""

    def command(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["survey-kit", *arguments])
        monkeypatch.setattr(sys, "excepthook", sys.__excepthook__)
        left = leave(main)
        if not isinstance(left, SystemExit):
            left = leave(lambda: sys.excepthook(type(left), left, left.__traceback__))
        told = capsys.readouterr()
        assert isinstance(left, SystemExit)
        return int(left.code or 0), told.out, told.err

    return command


def leave(what: Callable[[], object]) -> BaseException:
    with pytest.raises((SystemExit, Exception)) as left:
        what()
    return left.value


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def refused(survey_kit: Command, study: Path) -> str:
    """Run the study, see it refused without a trace, and return what was said."""
    before = sorted(path.name for path in study.iterdir())

    code, out, err = survey_kit("run", ".", "--out", "results", "--quiet")

    assert code == 3, err
    assert out == ""
    assert "Traceback" not in err
    assert sorted(path.name for path in study.iterdir()) == before
    return err.strip()


def test_a_study_that_is_right_runs(survey_kit: Command, study: Path):
    code, out, _ = survey_kit("run", ".", "--out", "results", "--quiet")

    assert code == 0
    assert "120 read, 0 removed" in out
    assert (study / "results" / "manifest.json").is_file()


def test_an_unknown_key_in_the_study(survey_kit: Command, study: Path):
    edit(study / "study.yaml", "complete:", "compleet:")

    said = refused(survey_kit, study)

    assert said.startswith(
        "study.yaml, line 9: compleet: there is no such key; did you mean 'complete'?"
    )


def test_every_name_that_leads_nowhere_is_said_at_once(survey_kit: Command, study: Path):
    edit(study / "study.yaml", "complete: ${consent}", "complete: ${consnt}")
    edit(study / "study.yaml", "  intervals: modelled", "  intervals: modelled\n  cluster: village")
    edit(study / "study.yaml", "by: [district]", "by: [distrikt]\n  rows: [far, nothing]")
    edit(study / "study.yaml", "tables:", "protection:\n  classes: {nobody: plain}\ntables:")

    said = refused(survey_kit, study)

    assert said.splitlines() == [
        (
            "study.yaml, complete: there is no question called 'consnt'; did you mean 'consent'?"
            " Write the name as the questionnaire has it."
        ),
        (
            "study.yaml, design.cluster: there is no question called 'village'. Write the name as"
            " the questionnaire has it."
        ),
        (
            "study.yaml, protection.classes: there is no question called 'nobody'. Write the name as"
            " the questionnaire has it."
        ),
        (
            "study.yaml, tables.rows: there is no question called 'nothing'. Write the name as the"
            " questionnaire has it."
        ),
        (
            "study.yaml, tables.by: there is no question called 'distrikt'; did you mean 'district'?"
            " Write the name as the questionnaire has it."
        ),
    ]
    code, out, _ = survey_kit("check", ".")
    assert code == 1
    assert out.splitlines() == [
        *(f"Q002 error: {line}" for line in said.splitlines()),
        "study: 5 errors",
    ]


def test_a_check_finds_what_no_reader_refuses(survey_kit: Command, study: Path):
    edit(
        study / "water.yaml",
        "selected(${sources}, 'well')\n        c",
        "selected(${sources}, 'wells')\n        c",
    )

    code, out, _ = survey_kit("check", ".")

    assert code == 1
    assert (
        "Q201 error: water.yaml, line 42, question 'minutes', relevant: 'wells' is no choice of"
        " 'sources'. Did you mean 'well'?\n"
    ) in out
    assert "Q101 error: water.yaml, line 42, question 'minutes': nobody is asked it" in out
    assert out.endswith("study: 2 errors, 1 note; 6 questions, 3 lists, 2 languages\n")


def test_a_questionnaire_that_contradicts_itself(survey_kit: Command, study: Path):
    edit(
        study / "water.yaml",
        "selected(${sources}, 'well')\n        constraint",
        "selected(${source}, 'well')\n        constraint",
    )

    said = refused(survey_kit, study)

    assert "water.yaml, line" in said
    assert "source" in said
    assert "sources" in said


def test_an_export_without_a_column_that_the_study_needs(survey_kit: Command, study: Path):
    assert survey_kit("simulate", "water.yaml", "-n", "60", "--out", "answers.csv")[0] == 0
    edit(study / "answers.csv", "consent,district", "agreed,quarter")
    edit(study / "study.yaml", "answers.zip", "answers.csv")
    rest = (
        " needs. Was it exported from an older version of the form? If the column has another name,"
        " say so under responses, columns."
    )

    assert refused(survey_kit, study) == (
        f"answers.csv: there is no column for 'consent', which complete{rest}"
    )

    edit(study / "answers.csv", "agreed,", "consent,")

    assert refused(survey_kit, study) == (
        f"answers.csv: there is no column for 'district', which margins.csv{rest}"
    )


def test_an_export_of_another_form(survey_kit: Command, study: Path):
    edit(study / "water.yaml", "questionnaire: water", "questionnaire: schools")

    said = refused(survey_kit, study)

    assert "answers.zip" in said
    assert "water" in said
    assert "schools" in said


def test_a_table_of_another_survey(survey_kit: Command, study: Path):
    (study / "answers.csv").write_text("colour,size\nred,1\nblue,2\n", encoding="utf-8")
    edit(study / "study.yaml", "answers.zip", "answers.csv")

    said = refused(survey_kit, study)

    assert said.startswith("answers.csv")
    assert "red" not in said


@pytest.mark.parametrize(
    "name", ["answers.zip", "water.yaml", "margins.csv", "corrections.csv", "study.yaml"]
)
def test_an_empty_file(survey_kit: Command, study: Path, name: str):
    (study / name).write_bytes(b"")

    assert name in refused(survey_kit, study)


@pytest.mark.parametrize("name", ["answers.zip", "answers.xlsx", "answers.csv"])
def test_a_file_that_is_not_what_its_suffix_says(survey_kit: Command, study: Path, name: str):
    (study / name).write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(range(256)))
    edit(study / "study.yaml", "answers.zip", name)

    assert name in refused(survey_kit, study)


def test_a_margin_that_does_not_add_up(survey_kit: Command, study: Path):
    edit(study / "margins.csv", "0.6", "0.7")

    said = refused(survey_kit, study)

    assert "district" in said
    assert "1.1" in said


def test_a_margin_with_a_category_that_nobody_has(survey_kit: Command, study: Path):
    edit(study / "margins.csv", "district,north,0.6", "district,north,0.5\ndistrict,east,0.1")

    said = refused(survey_kit, study)

    assert "district" in said
    assert "east" in said


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("sources", "people gave several answers to it, and a margin needs one category of each"),
        ("minutes", "it is a number, and a margin needs categories"),
    ],
)
def test_a_margin_that_does_not_put_everybody_into_one_category(
    survey_kit: Command, study: Path, name: str, kind: str
):
    (study / "margins.csv").write_text(
        f"variable,category,share\n{name},well,0.5\n{name},tap,0.5\n", encoding="utf-8"
    )

    said = refused(survey_kit, study)

    assert said.startswith(f"margins.csv, margin '{name}': {kind}. ")


def test_a_margin_may_be_of_one_choice_among_several(survey_kit: Command, study: Path):
    (study / "margins.csv").write_text(
        "variable,category,share\nsources/well,1,0.5\nsources/well,0,0.5\n", encoding="utf-8"
    )

    code, _, err = survey_kit("run", ".", "--out", "results", "--quiet")

    assert code == 0, err
    book = openpyxl.load_workbook(study / "results" / "tables.xlsx", read_only=True)
    told = " ".join(
        str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row
    )
    book.close()
    assert "Where does your water come from?: Well: yes from " in told


def test_a_rule_of_completeness_without_a_question(survey_kit: Command, study: Path):
    edit(study / "study.yaml", "complete: ${consent} = 'yes'", "complete: consent")

    assert refused(survey_kit, study) == (
        "study.yaml, complete: consent leads to no question. Write ${name} instead."
    )


@pytest.mark.parametrize("line", ["interview: key", "ignore: [a]", "columns: {a: minutes}"])
def test_columns_named_where_there_are_none(survey_kit: Command, study: Path, line: str):
    edit(study / "study.yaml", "file: answers.zip", f"file: answers.zip\n  {line}")
    key = line.partition(":")[0]

    assert refused(survey_kit, study) == (
        f"study.yaml, responses.{key}: answers.zip holds submissions, which have no columns to"
        f" name. Take {key} out."
    )


def test_a_correction_for_an_interview_that_does_not_exist(survey_kit: Command, study: Path):
    with (study / "corrections.csv").open("a", encoding="utf-8") as log:
        log.write("nobody,minutes,10,20,change,typing error,A,2026-11-21\n")

    said = refused(survey_kit, study)

    assert "corrections.csv" in said
    assert "2" in said
    assert "nobody" in said


def test_an_earlier_result_stays_when_a_run_fails(survey_kit: Command, study: Path):
    survey_kit("run", ".", "--out", "results", "--quiet")
    before = (study / "results" / "manifest.json").read_bytes()
    edit(study / "margins.csv", "0.6", "0.7")

    refused(survey_kit, study)

    assert (study / "results" / "manifest.json").read_bytes() == before


def test_a_folder_that_no_run_has_made_is_not_replaced(survey_kit: Command, study: Path):
    precious = study / "results" / "thesis.txt"
    precious.parent.mkdir()
    precious.write_text("years of work", encoding="utf-8")

    code, _, err = survey_kit("run", ".", "--out", "results", "--quiet")

    assert code == 2
    assert err.strip() == (
        "results: this is there already, and no run has made it. Name another folder with --out,"
        " or move this one away."
    )
    assert precious.read_text(encoding="utf-8") == "years of work"


def theme(study: Path, text: str) -> None:
    (study / "mine.py").write_text(text, encoding="utf-8")
    edit(study / "study.yaml", "tables:", "findings:\n  themes: [mine]\ntables:")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "def claims(analysis):\n    raise ValueError('the answer was 555-0100')\n",
            (
                "mine.py, line 2: the theme stopped here (ValueError at mine.py:2). Mend it;"
                " survey-kit --debug ... shows more (it may show answers)."
            ),
        ),
        (
            "1 / 0\n",
            (
                "mine.py, line 1: the theme stopped here (ZeroDivisionError at mine.py:1). Mend it;"
                " survey-kit --debug ... shows more (it may show answers)."
            ),
        ),
        (
            "def claims():\n    return []\n",
            "theme mine: claims does not take one value. Define claims(analysis).",
        ),
        (
            "def claims(analysis):\n    return None\n",
            "theme mine: claims returned something else than claims. Return a list of Claim.",
        ),
        (
            "def claims(analysis):\n    return ['more people than ever']\n",
            "theme mine: claims returned something else than claims. Return a list of Claim.",
        ),
        (
            "import sys\nsys.exit(0)\n",
            "study.yaml, findings.themes: a theme ended the program. Take sys.exit out of it.",
        ),
    ],
)
def test_a_theme_that_fails(
    survey_kit: Command,
    study: Path,
    monkeypatch: pytest.MonkeyPatch,
    text: str,
    said: str,
):
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    theme(study, text)

    assert refused(survey_kit, study) == said


def test_a_run_that_fails_leaves_no_folder_behind(survey_kit: Command, study: Path):
    edit(study / "margins.csv", "0.6", "0.7")

    code, _, _ = survey_kit("run", ".", "--out", "made/for/nothing", "--quiet")

    assert code == 3
    assert not (study / "made").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("run", ".", "--quiet", "--out", "notes/results"),
        ("tables", ".", "--out", "notes/tables.xlsx"),
        ("tables", ".", "--out", "folder.xlsx"),
        ("tables", ".", "--out", "tables.pdf"),
        ("build", "water.yaml", "--out", "notes"),
        ("convert", "water.yaml", "notes/water.xlsx"),
        ("convert", "water.yaml", "folder.xlsx"),
        ("simulate", "water.yaml", "-n", "3", "--out", "folder.zip"),
        ("simulate", "water.yaml", "-n", "3", "--out", "notes/answers.csv"),
        ("simulate", "water.yaml", "-n", "3", "--seed", "-1", "--out", "answers.csv"),
    ],
)
def test_a_place_where_nothing_can_be_written(
    survey_kit: Command, study: Path, arguments: tuple[str, ...]
):
    (study / "notes").write_text("a file", encoding="utf-8")
    (study / "folder.xlsx").mkdir()
    (study / "folder.zip").mkdir()
    before = sorted(path.name for path in study.rglob("*"))

    code, out, err = survey_kit(*arguments)

    assert (code, out) == (2, "")
    assert err
    assert "fault of this program" not in err
    assert sorted(path.name for path in study.rglob("*")) == before


@pytest.mark.parametrize(
    "arguments",
    [
        ("tables", ".", "--rows", "minutes", "--out", "new/tables.xlsx"),
        ("build", "water.yaml", "--out", "new/forms"),
        ("convert", "water.yaml", "new/water.xml"),
        ("simulate", "water.yaml", "-n", "3", "--out", "new/answers.sav"),
    ],
)
def test_a_new_folder_is_made_for_results(
    survey_kit: Command, study: Path, arguments: tuple[str, ...]
):
    code, _, err = survey_kit(*arguments)

    assert code == 0, err
    assert (study / "new").is_dir()
    assert not list((study / "new").glob(".*"))
