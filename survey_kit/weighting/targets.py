"""What weights should add up to, matched with who is in the sample.

Every fault is found before any is told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from survey_kit.design.drawn import Drawn
from survey_kit.design.faults import rows
from survey_kit.design.stage import Floats, Integers, sums_by
from survey_kit.errors import Fault, WeightingError

Margins = Mapping[str, Mapping[str, float]]

ROUNDED = 1e-6
"""How far shares may be from adding to 1, or totals from each other, relatively."""

PERCENT = 100.0


@dataclass(frozen=True, eq=False)
class Target:
    """One margin: its categories, what each should weigh, and the category of each row."""

    variable: str
    categories: tuple[str, ...]
    totals: Floats
    codes: Integers


def targets(
    sample: Drawn, margins: Margins, *, percent: float | None = PERCENT
) -> tuple[Target, ...]:
    """The margins in one unit: totals, or, if all are shares, shares of the sample's size.

    Parameters
    ----------
    percent
        The sum by which a margin is known to be of percentages; None if none is.

    Raises
    ------
    WeightingError
        With every fault: a category nobody has, or one the margin lacks; shares that do
        not add to 1; totals that disagree; a row without a category.
    """
    if not margins:
        raise WeightingError(
            "margins", "there are none", "Give at least one variable with its categories."
        )
    faults: list[Fault] = []
    found = [_target(sample, name, margin, faults) for name, margin in margins.items()]
    sums = {target.variable: float(target.totals.sum()) for target in found}
    whole = {name: s for name, s in sums.items() if not _are_shares(margins[name], percent)}
    for name, s in sums.items():
        if name not in whole and not _close(s, 1) and not _is_percent(s, percent):
            faults.append(
                Fault(f"margin '{name}'", f"its shares add to {s:.6g}, not to 1", "Check them.")
            )
    if whole:
        first, size = next(iter(whole.items()))
        faults.extend(
            Fault(
                "margins",
                f"the totals of '{first}' add to {size:,.10g} and those of '{name}' to {s:,.10g}",
                "They describe the same people, so make them agree.",
            )
            for name, s in whole.items()
            if not _close(s, size)
        )
    else:
        size = float(sample.people.sum())
    if faults:
        raise WeightingError.from_faults(faults)
    return tuple(
        Target(t.variable, t.categories, t.totals * (size / sums[t.variable]), t.codes)
        for t in found
    )


def _are_shares(margin: Mapping[str, float], percent: float | None) -> bool:
    """Whether figures are shares of 1 or percentages, not numbers of people."""
    figures = list(margin.values())
    return max(figures, default=0) <= 1 or _is_percent(sum(figures), percent)


def _is_percent(added: float, percent: float | None) -> bool:
    return percent is not None and _close(added, percent)


def _close(a: float, b: float) -> bool:
    return abs(a - b) <= ROUNDED * abs(b)


def _target(sample: Drawn, name: str, margin: Mapping[str, float], faults: list[Fault]) -> Target:
    where = f"margin '{name}'"
    levels = sample.levels(name)
    categories = tuple(str(category) for category in margin)
    totals = np.array([float(total) for total in margin.values()])
    missing = levels.codes < 0
    if missing.any():
        faults.append(
            Fault(
                where,
                f"its variable is missing in {rows(sample.data, missing)}",
                "Fill it in, or give it a category of its own in data and margin.",
            )
        )
    counts = sums_by(levels.codes[~missing], sample.people[~missing], len(levels.names))
    present = {level: int(n) for level, n in zip(levels.names, counts, strict=True) if n}
    for category, total in zip(categories, totals, strict=True):
        if not np.isfinite(total) or total < 0:
            what = "its figure is not a number of 0 or more"
            faults.append(Fault(f"{where}, category '{category}'", what, "Correct it."))
        elif total > 0 and category not in present:
            faults.append(
                Fault(
                    f"{where}, category '{category}'",
                    "nobody in the sample has it",
                    "Merge it with the category most like it, in data and margin.",
                )
            )
        elif total == 0 and category in present:
            faults.append(
                Fault(
                    f"{where}, category '{category}'",
                    f"its figure is 0, yet {present[category]} in the sample have it",
                    "Correct the figure, or leave those rows out of the sample.",
                )
            )
    for level, n in present.items():
        if level not in categories:
            faults.append(
                Fault(
                    f"{where}, category '{level}'",
                    f"{n} in the sample have it, but the margin lacks it",
                    "Add it to the margin, or merge it with another category in the data.",
                )
            )
    place = {category: number for number, category in enumerate(categories)}
    order = np.array([place.get(level, -1) for level in levels.names] or [-1], dtype=np.intp)
    return Target(name, categories, totals, np.where(missing, -1, order[levels.codes]))


def cells(wanted: Sequence[Target]) -> Integers:
    """(n,) The combination of categories of each row, numbered from 0."""
    cell = np.zeros(len(wanted[0].codes), dtype=np.intp)
    for target in wanted:
        combined = cell * len(target.categories) + target.codes
        cell = np.unique(combined, return_inverse=True)[1].astype(np.intp)
    return cell


def check_held(wanted: Sequence[Target], held: Sequence[tuple[Integers, Floats]]) -> None:
    """Refuse weights under which a category that should weigh something weighs nothing.

    Parameters
    ----------
    held
        For each target categories, and the weight of each of them.

    Raises
    ------
    WeightingError
        Naming every such category.
    """
    empty: list[Fault] = []
    for target, (codes, weights) in zip(wanted, held, strict=True):
        achieved = sums_by(codes, weights, len(target.categories))
        empty.extend(
            Fault(
                f"margin '{target.variable}', category '{target.categories[number]}'",
                "nobody in it is left",
                "Merge it with the category most like it, in data and margin; or take "
                "replicates that leave nobody out, such as Fay's.",
            )
            for number in np.flatnonzero((achieved <= 0) & (target.totals > 0))
        )
    if empty:
        raise WeightingError.from_faults(empty)


def listed(names: Sequence[str]) -> str:
    """Names as a sentence has them: "age, sex and place"."""
    if len(names) < TWO:
        return "".join(names)
    return f"{', '.join(names[:-1])} and {names[-1]}"


TWO = 2
