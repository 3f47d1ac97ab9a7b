"""The lines that a run prints at its end."""

from __future__ import annotations

import pandas as pd

from survey_kit.study.summary import WIDTH, _corrections, _wrapped


def test_a_statement_is_wrapped_without_losing_a_word_or_parting_a_number_from_its_sign():
    statement = "Asked for one reason, they named it most often " + "(12 of 34, 35 %) " * 20

    lines = _wrapped(statement)

    assert " ".join(" ".join(lines).split()) == "* " + statement.strip()
    assert all(len(line) <= WIDTH for line in lines)
    assert not any(line.strip().startswith("%") for line in lines)


def test_corrections_are_said_to_be_verified_only_as_far_as_the_log_states_old_values():
    log = pd.DataFrame(
        {
            "action": ["change", "blank", "cascade", "no action"],
            "effect": ["changed", "nothing changed", "changed", "nothing changed"],
            "match": ["equal", "not stated", "", "differs"],
        }
    )

    assert _corrections(log) == "1 answers corrected, the 1 old values stated verified"
    assert _corrections(log.iloc[:1]) == "1 answers corrected, every old value verified"
    assert _corrections(log.iloc[2:]) == "none"
