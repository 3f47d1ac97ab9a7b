"""Two versions of a questionnaire, compared question by question.

`compare(old, new)` is a function of two values. Its laws, which the tests hold it to: a form
does not differ from itself; what is added one way is removed the other way; and where nothing
is breaking, no answer of an interview made with the old form is lost under the new one.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from survey_kit.versions.both import Both
from survey_kit.versions.change import About, Change, Changes
from survey_kit.versions.choices import list_changes
from survey_kit.versions.matching import match
from survey_kit.versions.places import Moves, gone_and_new, repeats_renamed
from survey_kit.versions.questions import question_changes
from survey_kit.versions.whole_form import analysis_changes, form_changes, version_unchanged

if TYPE_CHECKING:
    from survey_kit.questionnaire.model import Questionnaire


def compare(old: Questionnaire, new: Questionnaire) -> Changes:
    """Everything that differs between two versions of a questionnaire.

    Parameters
    ----------
    old
        The form with which data were collected.
    new
        The form that takes its place.

    Returns
    -------
    Changes
        The form as a whole first, then questions and groups in the order of the new form,
        then lists, then what is made of the answers.
    """
    both = Both(old, new, match(old, new))
    found = [*form_changes(both), *_in_order(both), *list_changes(both), *analysis_changes(both)]
    return Changes(
        form=new.name,
        old=old.version,
        new=new.version,
        changes=(*version_unchanged(both, found), *found),
    )


def _in_order(both: Both) -> list[Change]:
    moves = Moves(both)
    found: list[Change] = [
        *gone_and_new(both),
        *moves.of(),
        *moves.order(),
        *repeats_renamed(both),
        *moves.groups(),
        *_questions(both),
    ]
    places = {item.key: place for place, item in enumerate(both.new.items)}
    after: dict[str, int] = {}
    last = -1
    for item in both.old.items:
        after[item.key] = last
        last = max(last, places.get(item.key, last))

    def place(change: Change) -> float:
        if change.about is not About.QUESTION:
            inside = [places[key] for key in change.questions if key in places]
            return min(inside, default=len(places)) - 0.5
        return places.get(change.subject, after.get(change.subject, len(places)) + 0.5)

    return sorted(found, key=place)


def _questions(both: Both) -> Iterator[Change]:
    for pair in both.matching.pairs:
        yield from question_changes(both, pair)
