"""A small household survey, read from submissions, for whatever is written of it."""

from pathlib import Path

import pytest

from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.model import Responses
from survey_kit.responses.read import read_responses

SUBMISSIONS = (
    """<consent>yes</consent><home><water>well piped</water><far>1.5</far><members>12</members>\
<litres>0.75</litres><moved>1959-01-31</moved><level>5</level></home>\
<person><age>40</age><work><job>Fisher</job></work><journey><place>Port</place><why>well</why>\
</journey><journey><place/><why/></journey></person><person><age/></person>""",
    "<consent>refused</consent>",
    """<consent>yes</consent><home><water>-99</water><far/><members>many</members><litres/>\
<level>1</level></home>""",
)


@pytest.fixture(scope="session")
def household() -> Questionnaire:
    return read_yaml(Path(__file__).parents[1] / "household.yaml")


@pytest.fixture
def responses(household: Questionnaire, tmp_path: Path) -> Responses:
    folder = tmp_path / "store"
    folder.mkdir()
    for number, answers in enumerate(SUBMISSIONS):
        document = (
            f'<data id="household" version="3"><start>2026-11-2{number}T10:11:12.250</start>{answers}'
            f"<meta><instanceID>i{number}</instanceID></meta></data>"
        )
        (folder / f"{number}.xml").write_text(document, encoding="utf-8")
    return read_responses(folder, household)
