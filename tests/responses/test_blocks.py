"""A survey some interviews at a time."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from survey_kit.questionnaire.yaml_file import read_yaml
from survey_kit.responses.blocks import blocks
from survey_kit.responses.replay import asked, asked_in_repeat
from survey_kit.responses.simulate import simulate


@pytest.mark.parametrize("at_once", [1, 7, 20, 100])
def test_blocks_tell_together_what_the_whole_tells(root: Path, at_once: int) -> None:
    form = read_yaml(root / "tests" / "responses" / "household.yaml")
    whole = simulate(form, 20, seed=3)

    parts = list(blocks(whole, at_once))

    pd.testing.assert_frame_equal(pd.concat([asked(part) for part in parts]), asked(whole))
    for name in whole.repeats:
        inside = [asked_in_repeat(part, name) for part in parts]
        pd.testing.assert_frame_equal(pd.concat(inside), asked_in_repeat(whole, name))
