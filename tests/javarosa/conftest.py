"""JavaRosa as a judge: a form and commands in, its answers out. `Probe.java` is the other end."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from types import MappingProxyType

import numpy as np
import pandas as pd
import pytest

from survey_kit.questionnaire.model import (
    Choice,
    ChoiceList,
    Node,
    Question,
    Questionnaire,
    Repeat,
)
from survey_kit.questionnaire.parser import parse
from survey_kit.questionnaire.question_type import Storage, question_types
from survey_kit.responses.model import Rows

PROBE = Path(__file__).parent / "Probe.java"
LOGIC = ("relevant", "constraint", "calculation", "choice_filter")
CODES = ("1", "2", "01", "10", "a", "b")
TOWNS = {"t1": "1", "t2": "1", "t3": "2", "t4": "x", "t5": "01"}
TYPES_OF_JAVAROSA = {
    "integer": "int",
    "decimal": "decimal",
    "date": "date",
    "dateTime": "dateTime",
    "time": "time",
    "select_one": "select1",
    "select_multiple": "select",
}


@dataclass(frozen=True)
class Answers:
    """Answers to a questionnaire."""

    questionnaire: Questionnaire
    frame: pd.DataFrame
    repeats: Mapping[str, Rows]


@dataclass(frozen=True)
class Judge:
    """Makes small forms, and asks JavaRosa about them."""

    jar: Path
    folder: Path

    def ask(self, form: Questionnaire, commands: Sequence[str]) -> list[str]:
        """What JavaRosa answers to commands on the form that pyxform makes of it, line by line."""
        from pyxform.xls2xform import convert

        return self.ask_form(convert(_sheets(form), form_name="data").xform, commands)

    def ask_form(self, xform: str, commands: Sequence[str]) -> list[str]:
        """The same, of an XForm."""
        path = self.folder / "form.xml"
        path.write_text(xform, encoding="utf-8")
        done = subprocess.run(
            ["java", "-Duser.timezone=UTC", "-cp", str(self.jar), str(PROBE), str(path)],
            input="\n".join(commands) + "\n",
            capture_output=True,
            text=True,
            check=False,
            encoding="utf-8",
        )
        assert done.returncode == 0, done.stderr[-2000:]
        return done.stdout.splitlines()

    def question(self, name: str, kind: str, **more: str) -> Question:
        """A question; logic as text."""
        parsed = {what: parse(more[what], f"{name}, {what}") for what in LOGIC if what in more}
        return Question(name, question_types()[kind], choices=more.get("choices"), **parsed)

    def questionnaire(self, *nodes: Node) -> Questionnaire:
        """A form with the lists "codes" and "towns"."""
        lists = {
            "codes": ChoiceList("codes", tuple(Choice(code) for code in CODES)),
            "towns": ChoiceList(
                "towns",
                tuple(Choice(code, columns={"in": place}) for code, place in TOWNS.items()),
            ),
        }
        return Questionnaire("data", "1", {}, {"default": "default"}, nodes, lists=lists)

    def frame(
        self, form: Questionnaire, columns: Mapping[str, list[str]], index: pd.Index | None = None
    ) -> pd.DataFrame:
        """Answers as text, as their frame holds them."""
        typed = {
            key: _column(texts, form.by_key[key].question.type.storage)
            for key, texts in columns.items()
        }
        frame = pd.DataFrame(typed)
        return frame if index is None else frame.set_axis(index)

    def answers(
        self,
        form: Questionnaire,
        frame: pd.DataFrame,
        repeats: Mapping[str, Rows] = MappingProxyType({}),
    ) -> Answers:
        """Answers to a form."""
        return Answers(form, frame, repeats)

    def type_of(self, question: Question) -> str:
        """What `Probe.java` calls the type of a question."""
        return TYPES_OF_JAVAROSA.get(question.type.name, "string")


def _column(texts: list[str], storage: Storage) -> pd.Series:
    blank = [text or None for text in texts]
    if storage in (Storage.INTEGER, Storage.DECIMAL):
        numbers = [np.nan if text is None else float(text) for text in blank]
        return pd.Series(numbers, dtype="float64")
    if storage in (Storage.DATE, Storage.DATETIME):
        return pd.Series(pd.to_datetime(blank, format="ISO8601"))
    return pd.Series(blank, dtype="str")


def _sheets(form: Questionnaire) -> dict[str, list[dict[str, str]]]:
    """The form as an XLSForm."""
    rows: list[dict[str, str]] = []

    def add(node: Node) -> None:
        row = {"name": node.name, "label": node.name}
        for what in LOGIC:
            if (expression := getattr(node, what, None)) is not None:
                row[what] = expression.source
        if isinstance(node, Question):
            row["type"] = f"{node.type.name} {node.choices}" if node.choices else node.type.name
            rows.append(row)
            return
        kind = "repeat" if isinstance(node, Repeat) else "group"
        rows.append({**row, "type": f"begin_{kind}"})
        for each in node.nodes:
            add(each)
        rows.append({"type": f"end_{kind}"})

    for node in form.nodes:
        add(node)
    choices = [
        {
            "list_name": each.name,
            "name": choice.code,
            "label": choice.code,
            "in": choice.columns.get("in", ""),
        }
        for each in form.lists.values()
        for choice in each.choices
    ]
    return {"survey": rows, "choices": choices}


@pytest.fixture
def forms(tmp_path: Path) -> Judge:
    """The small forms alone, where JavaRosa need not be here."""
    return Judge(tmp_path, tmp_path)


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    """JavaRosa 5.1 inside ODK Validate, which comes with pyxform."""
    if shutil.which("javac") is None:
        pytest.skip("the Java compiler is not here")
    found = find_spec("pyxform")
    if found is None or found.origin is None:
        pytest.skip("pyxform is not here")
    package = Path(found.origin).parent
    return Judge(package / "validators" / "odk_validate" / "bin" / "ODK_Validate.jar", tmp_path)
