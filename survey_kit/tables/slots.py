"""What becomes a row or a column: answers that too few gave are put together.

Hiding a rare answer costs more than that answer: another has to be hidden with it, often
a large one, or it could be had by subtraction. So rare answers, and columns of too few
people, first join each other; only what is still too small joins the next smallest. What
was put together is named in a note, and nothing is lost from a total.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.sample import Sample
from survey_kit.protection.rules import Rules
from survey_kit.tables.variable import Variable

NO_ANSWER = ""
"""The code of a column of those who are in the table and not in the banner's question."""
NO_ANSWER_LABEL = "Not asked or no answer"
_READABLE = 60


@dataclass(frozen=True)
class Slot:
    """One row or column of one-choice answers: its label, and the codes in it."""

    label: str
    codes: tuple[str, ...]

    @property
    def code(self) -> str:
        """The code, or the codes joined by spaces."""
        return " ".join(self.codes)


def row_slots(
    variable: Variable, counts: Mapping[str, int], rules: Rules, *, banner: bool
) -> tuple[Slot, ...]:
    """The rows of a one-choice question.

    Parameters
    ----------
    counts
        Unweighted number of people of each code in the base of the table.
    banner
        Whether groups of people stand beside the column of everyone. An answer of six
        people that falls into groups of five and one cannot be shown: the one is six less
        five. So more answers are put together there.
    """
    base = sum(counts.values())
    enough = 2 * rules.smallest_cell - 2 if banner else rules.smallest_cell
    codes = tuple(variable.codes)
    if base < rules.smallest_base:
        return _slots(variable, codes, ())
    rare = [code for code in codes if 0 < counts[code] < enough]
    common = any(0 < base - counts[code] < enough for code in codes)
    together = _together(rare, counts, enough, most=base - enough) if rare or common else ()
    return _slots(variable, codes, together)


def column_slots(variable: Variable, counts: Mapping[str, int], rules: Rules) -> tuple[Slot, ...]:
    """The columns of a one-choice question; codes that nobody has are left out.

    `counts` also counts `NO_ANSWER`.
    """
    codes = tuple(code for code in (*variable.codes, NO_ANSWER) if counts.get(code, 0))
    small = [code for code in codes if counts[code] < rules.smallest_base]
    base = sum(counts.values())
    together = _together(small, counts, rules.smallest_base, most=base - 1) if small else ()
    return _slots(variable, codes, together)


def _together(
    small: Sequence[str], counts: Mapping[str, int], enough: int, *, most: int
) -> tuple[str, ...]:
    """The codes to put together, () where it would leave nothing to compare."""
    chosen = list(small)
    total = sum(counts[code] for code in chosen)
    others = sorted(
        (code for code, count in counts.items() if count and code not in chosen),
        key=lambda code: counts[code],
    )
    for code in others:
        if total >= enough and len(chosen) > 1:
            break
        chosen.append(code)
        total += counts[code]
    return tuple(chosen) if len(chosen) > 1 and enough <= total <= most else ()


def _slots(variable: Variable, codes: Sequence[str], together: Sequence[str]) -> tuple[Slot, ...]:
    """One slot a code, and those put together in one at the end."""
    single = [Slot(_label(variable, code), (code,)) for code in codes if code not in together]
    if not together:
        return tuple(single)
    ordered = tuple(code for code in codes if code in together)
    label = "; ".join(_label(variable, code) for code in ordered)
    if len(label) > _READABLE:
        label = f"{len(ordered)} answers put together"
    return (*single, Slot(label, ordered))


def _label(variable: Variable, code: str) -> str:
    return NO_ANSWER_LABEL if code == NO_ANSWER else variable.labels.get(code, code)


def put_together_note(variable: Variable, slots: Sequence[Slot]) -> str:
    """What was put together, in words; "" where nothing was."""
    for slot in slots:
        if len(slot.codes) > 1:
            names = "; ".join(_label(variable, code) for code in slot.codes)
            return (
                f"{variable.label}: put together because too few people gave some of these "
                f"answers: {names}."
            )
    return ""


def count_codes(sample: Sample, variable: Variable, inside: NDArray[np.bool_]) -> dict[str, int]:
    """Unweighted number of people of each code among some rows."""
    levels = sample.levels(variable.columns[0])
    held = inside & (levels.codes >= 0)
    counts = np.bincount(levels.codes[held], minlength=len(levels.names))
    counted = dict(zip(levels.names, counts, strict=True))
    return {code: int(counted.get(code, 0)) for code in variable.codes}


def recoded(sample: Sample, columns: Mapping[str, tuple[str, Sequence[Slot]]]) -> Sample:
    """The sample with a further column for each question whose answers were put together.

    Parameters
    ----------
    columns
        Name of the new column -> (column of the question, slots). The new column holds the
        code of the slot; a missing answer is in the slot of `NO_ANSWER`, where there is one.
    """
    if not columns:
        return sample
    added: dict[str, NDArray[np.object_]] = {}
    for name, (source, slots) in columns.items():
        slot_of = {code: slot.code for slot in slots for code in slot.codes}
        answers, distinct = pd.factorize(sample.data[source])
        names = [slot_of.get(str(code)) for code in distinct]
        added[name] = np.array([*names, slot_of.get(NO_ANSWER)], dtype=object)[answers]
    return replace(sample, data=sample.data.assign(**added))
