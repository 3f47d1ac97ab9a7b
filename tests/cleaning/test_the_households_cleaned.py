"""The real household survey, with the 25 lines of its log that are at hand, in both its exports."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey_kit.cleaning.clean_file import clean_file
from survey_kit.cleaning.log_reading import read_logs
from survey_kit.cleaning.raw_file import open_raw
from survey_kit.cleaning.raw_writing import write_cleaned
from survey_kit.cleaning.verify_clean import verify_clean
from survey_kit.forms.read import read_as_far_as_understood
from survey_kit.responses.read import read_responses

FOLDER = Path(__file__).parents[2].parent / "shared/data/iraq_households"

pytestmark = [
    pytest.mark.shared,
    pytest.mark.client,
    pytest.mark.skipif(not FOLDER.is_dir(), reason="../shared/data/iraq_households is not here"),
]


@pytest.mark.parametrize("name", ["raw_data.csv", "raw_data_ona_label_style.xlsx"])
def test_the_sample_of_the_log_is_applied_and_proved(name: str, tmp_path: Path):
    form = read_as_far_as_understood(FOLDER / "form.xlsx")
    raw = open_raw(FOLDER / name, form)
    logs = read_logs([FOLDER / "cleaning_log_sample.csv"])

    cleaned = clean_file(raw, read_responses(FOLDER / name, form), logs.entries, source="raw")
    write_cleaned(cleaned, tmp_path / name)
    proof = verify_clean(cleaned, open_raw(tmp_path / name, form))

    assert [each.format for each in logs.read] == ["cleaningtools"]
    assert sum(cleaned.counts.values()) == len(logs.entries) == 25
    assert cleaned.stopped == ()
    assert len(cleaned.removed) == 6
    assert proof.differences == ()
    assert proof.interviews == 626
