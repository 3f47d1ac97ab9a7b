"""The same interviews as XML and as a flat table are the same responses, absences included.

What a table cannot hold is the rows of repeats. All else the replay of the form finds out: a table
does not say whether an empty cell was asked, and the XML does.
"""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.as_text import as_text
from survey_kit.responses.model import Responses
from survey_kit.responses.read import read_responses
from survey_kit.responses.simulate import simulate
from survey_kit.responses.submissions import write_submissions

FORM = Path(__file__).parents[2] / "instruments" / "community_perceptions" / "questionnaire.yaml"


@pytest.fixture(scope="module")
def questionnaire() -> Questionnaire:
    return read_yaml(FORM)


def as_table(responses: Responses, *, choice: str, yes: str, no: str) -> pd.DataFrame:
    """One row an interview, with whole paths and with a column for each single choice."""
    columns: dict[str, pd.Series] = {}
    for key in map(str, responses.frame.columns):
        item = responses.questionnaire.by_key[key]
        path = "/".join((*item.path, item.question.name))
        answers = as_text(responses.frame[key], item.question.type.storage)
        columns[path] = answers
        if item.question.type.storage is Storage.CODES:
            chosen = answers.fillna("").str.split()
            for each in responses.questionnaire.choices(item.question):
                made = [
                    ("" if not codes else yes if each.code in codes else no) for codes in chosen
                ]
                columns[f"{path}{choice}{each.code}"] = pd.Series(made, index=answers.index)
    table = pd.DataFrame(columns)
    return table.assign(
        _uuid=responses.frame.index,
        __version__=responses.meta["version"],
        _submission_time=as_text(responses.meta["submitted"], Storage.DATETIME),
    )


@settings(max_examples=2, deadline=None)
@given(
    seed=st.integers(0, 2**20), interviews=st.integers(1, 20), marks=st.sampled_from(["10", "TF"])
)
def test_xml_and_table_give_the_same_responses(
    questionnaire: Questionnaire,
    tmp_path_factory: pytest.TempPathFactory,
    seed: int,
    interviews: int,
    marks: str,
):
    folder = tmp_path_factory.mktemp("both")
    made = simulate(questionnaire, interviews, seed=seed)

    write_submissions(made, folder / "interviews.zip")
    table = as_table(made, choice="/", yes=marks[0], no=marks[1])
    table.to_csv(folder / "interviews.csv", index=False, sep=";")
    from_xml = read_responses(folder / "interviews.zip", questionnaire)
    from_table = read_responses(folder / "interviews.csv", questionnaire)

    order = list(made.frame.index)
    pd.testing.assert_frame_equal(from_xml.frame.loc[order], made.frame)
    pd.testing.assert_frame_equal(from_table.frame, made.frame)
    pd.testing.assert_frame_equal(from_xml.absence.loc[order], made.absence)
    pd.testing.assert_frame_equal(from_table.absence, made.absence)
    assert from_table.report.counts["unmatched"] == 0
    assert all(len(rows.frame) == 0 for rows in from_table.repeats.values())
    assert from_table.report.rows_elsewhere == tuple(questionnaire.repeats)
