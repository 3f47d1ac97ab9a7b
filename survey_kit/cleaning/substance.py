"""What a respondent said, without what the form or the enumerator filled in.

Two interviews are compared on this. Rosters count: their rows, in order, are one more
column each.
"""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from survey_kit.cleaning.interview_parts import ENUMERATOR_NAMES
from survey_kit.questionnaire.model import Item
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.model import Responses

SET_ASIDE = (Storage.FILE, Storage.LOCATION, Storage.NOTHING)


def substance(responses: Responses, ignore: Iterable[str] = ()) -> pd.DataFrame:
    """(n, k) of hashable values: the answers to the questions that are asked.

    Left out are what the form fills in, files, locations, the enumerator's code, and the
    questions in `ignore`. A repeat becomes one column of the hash of its rows in order.
    """
    left_out = {*ignore, *ENUMERATOR_NAMES}
    items = [item for item in responses.questionnaire.items if _counts(item, left_out)]
    outside = [i.key for i in items if not i.repeats and i.key in responses.frame.columns]
    answers = responses.frame[outside]
    inside = [name for name in responses.repeats if any(name in i.repeats[-1:] for i in items)]
    rosters = {
        f"repeat {name}": _roster(responses, name, [i.key for i in items if name in i.repeats[-1:]])
        for name in inside
    }
    return answers.assign(**rosters) if rosters else answers


def _counts(item: Item, left_out: set[str]) -> bool:
    kind = item.question.type
    return kind.asked and kind.storage not in SET_ASIDE and item.key not in left_out


def _roster(responses: Responses, name: str, keys: list[str]) -> pd.Series[str]:
    """(n,) text. The rows of a repeat, one after the other; NaN where there are none."""
    frame = responses.repeats[name].frame
    kept = frame[[key for key in keys if key in frame.columns]]
    positions = kept.reset_index(level=0, drop=True)
    marks = pd.util.hash_pandas_object(positions, index=True).astype("str")
    joined = marks.groupby(kept.index.get_level_values(0).to_numpy(), sort=False).agg(" ".join)
    return joined.reindex(responses.frame.index).astype("str")
