"""How long an interview takes: words, choices, answers, languages, and a pace of one's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from survey_kit.errors import StudyError
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.rehearsal.minutes import Pace, Reading, read_pace

TWO_LANGUAGES = """\
questionnaire: pace
version: "1"
languages: {en: English, th: ไทย}
choices:
  yes_no:
    - {code: "yes", label: {en: "Yes", th: ใช่}}
    - {code: "no", label: {en: "No", th: ไม่}}
interview:
  - {name: age, type: integer, label: {en: How old are you now?, th: คุณอายุเท่าไรแล้ว}}
  - {name: ok, type: select_one yes_no, label: {en: Is it good?, th: มันดีไหม}}
  - {name: long, type: select_one yes_no, appearance: minimal, label: {en: Which one?, th: อันไหน}}
  - {name: sum, type: calculate, calculation: "${age} + 1"}
"""


def test_a_question_takes_its_words_its_answer_and_moving_on(
    definition: Callable[[str], Questionnaire],
):
    form = definition(TWO_LANGUAGES)
    reading = Reading(form, "en", Pace())

    assert reading.question(form.by_key["age"]) == 5 / 2.0 + 4.0 + 1.5
    assert reading.choices(form.by_key["ok"]) == (0.5, 0.5)
    assert reading.question(form.by_key["sum"]) == 0
    assert reading.reads_out(form.by_key["ok"])
    assert not reading.reads_out(form.by_key["long"])


def test_the_same_form_takes_as_long_in_every_language(
    definition: Callable[[str], Questionnaire],
):
    form = definition(TWO_LANGUAGES)
    texts = [
        *(item.question.label for item in form.items),
        *(choice.label for choice in form.lists["yes_no"].choices),
    ]
    english, thai = Reading(form, "en", Pace()), Reading(form, "th", Pace())

    seconds = [
        sum(one.seconds(each.get(one.language, "")) for each in texts) for one in (english, thai)
    ]

    assert seconds[0] == pytest.approx(seconds[1])


def test_a_pace_of_ones_own_is_read_from_a_file(tmp_path: Path):
    path = tmp_path / "pace.yaml"
    path.write_text("words_a_second: 2.5\nanswers: {text: 40}\n")

    pace = read_pace(path)

    assert pace == replace(Pace(answers={**Pace().answers, "text": 40.0}), words_a_second=2.5)


def test_a_pace_that_is_no_number_is_refused(tmp_path: Path):
    path = tmp_path / "pace.yaml"
    path.write_text("words_a_second: fast\nanswer: {text: 40}\n")

    with pytest.raises(StudyError) as caught:
        read_pace(path)

    assert [str(fault) for fault in caught.value.faults] == [
        "pace.yaml, line 2, pace: there is no key 'answer'. Did you mean 'answers'?",
        "pace.yaml, line 1, words_a_second: this is no number above 0. Write seconds, as in 4.5.",
    ]
