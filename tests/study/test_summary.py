"""The lines that a run prints at its end."""

from __future__ import annotations

from survey_kit.study.summary import WIDTH, _wrapped


def test_a_statement_is_wrapped_without_losing_a_word_or_parting_a_number_from_its_sign():
    statement = "Asked for one reason, they named it most often " + "(12 of 34, 35 %) " * 20

    lines = _wrapped(statement)

    assert " ".join(" ".join(lines).split()) == "* " + statement.strip()
    assert all(len(line) <= WIDTH for line in lines)
    assert not any(line.strip().startswith("%") for line in lines)
