"""Disclosure control of a crosstab: which counts to hide, so that nobody can work them out.

A count of few people is hidden (*few*). So that it cannot be had by subtraction from a
total, others that need no protection of their own are hidden with it (*complements*). How
many is enough is not guessed: for every hidden count the room is computed (`room.py`) that
everything shown leaves to it, and more is hidden until

    every hidden count could still be at least smallest_cell - 1 different numbers

to somebody who sees the whole table, knows these rules, and can reason. Markers are part
of what is seen: a count marked *few* is known to lie below the threshold, a complement to
reach it.

A zero is shown, unless it is hidden for another's sake; then it is marked *few*, so that
this marker never says "but somebody". Where *all but a few* gave an answer, the few who
did not are protected by hiding it.

What is hidden, in this order:

    column    base below smallest_base: everything in it, its base too
    row       answers given by few, or by all but few, of everyone: everywhere
    cell      1 .. smallest_cell - 1 people, or all but so many of the column
    and the complements of each; where those do not suffice, the whole group of columns

Outside its reach: tables that are subtracted from each other because they rest on
different people (a filter by North, one by South, and the table of everyone). Tables of the
same question and the same people agree: each group of columns is hidden by its own counts,
whatever stands beside it, but for an answer that had to be hidden everywhere.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from survey_kit.protection.counts import Counts, Group, Hidden, Mark
from survey_kit.protection.guard import Guard
from survey_kit.protection.rules import Rules

__all__ = ["Counts", "Group", "Hidden", "Mark", "Rules", "hide"]


def hide(counts: Counts, rules: Rules) -> Hidden:
    """Which cells and bases may not be shown."""
    hidden = Hidden(np.zeros_like(counts.cells), np.zeros_like(counts.bases))
    if counts.bases[0] < rules.smallest_base:
        hidden.cells[:] = Mark.FEW
        hidden.bases[:] = Mark.FEW
        return hidden
    for group in counts.groups:
        _hide_bases(counts, rules, group, hidden)
    if _hide_rows(counts, rules, hidden):
        return hidden
    for group in counts.groups:
        _hide_cells(counts, rules, group, hidden)
    pending = list(counts.groups)
    while pending:
        group = pending.pop()
        if Guard(counts, rules, group, hidden).protect():
            pending = [each for each in counts.groups if each is not group]
    return hidden


def few(count: NDArray[np.int64], threshold: int) -> NDArray[np.bool_]:
    """Whether counts are too small to be shown: from 1 to one less than the threshold."""
    return (count > 0) & (count < threshold)


def _hide_bases(counts: Counts, rules: Rules, group: Group, hidden: Hidden) -> None:
    """Hide columns with a small base, and as many others as keep it from being subtracted."""
    columns = np.array(group.columns, dtype=np.intp)
    bases = counts.bases[columns]
    small = few(bases, rules.smallest_base)
    if not group.partition:
        nearly_all = few(counts.bases[0] - bases, rules.smallest_base) & ~small
        # of a small total, two markers would tell a column of nearly all to a person or two
        tells = counts.bases[0] - rules.smallest_base < rules.smallest_cell - 1
        one_marker = bool(tells and nearly_all.any())
        _hide_columns(hidden, columns[small], Mark.COMPLEMENT if one_marker else Mark.FEW)
        _hide_columns(hidden, columns[nearly_all], Mark.COMPLEMENT)
        return
    if not small.any():
        return
    _hide_columns(hidden, columns[small], Mark.FEW)
    for j in columns[np.argsort(bases, kind="stable")]:
        if _bases_are_safe(counts, rules, columns, hidden):
            return
        if counts.bases[j] >= rules.smallest_base:
            _hide_columns(hidden, np.array([j]), Mark.COMPLEMENT)
    if not _bases_are_safe(counts, rules, columns, hidden):
        _hide_columns(hidden, columns, Mark.COMPLEMENT)


def _bases_are_safe(
    counts: Counts, rules: Rules, columns: NDArray[np.intp], hidden: Hidden
) -> bool:
    """Whether each hidden base could be smallest_cell - 1 numbers, their sum being known."""
    marks = hidden.bases[columns]
    marks, bases = marks[marks > 0], counts.bases[columns][marks > 0]
    small = marks == Mark.FEW
    least = np.where(small, 1, rules.smallest_base)
    most = np.where(small, rules.smallest_base - 1, counts.bases[0])
    lower = np.maximum(least, bases.sum() - (most.sum() - most))
    upper = np.minimum(most, bases.sum() - (least.sum() - least))
    return bool((upper - lower >= rules.smallest_cell - 2).all())


def _hide_columns(hidden: Hidden, columns: NDArray[np.intp], mark: Mark) -> None:
    hidden.bases[columns] = mark
    hidden.cells[:, columns] = mark


def _hide_rows(counts: Counts, rules: Rules, hidden: Hidden) -> bool:
    """Hide answers that few of everyone gave; True where nothing is left to be shown.

    Where rows add up, the others would give such a row away in every column: nothing but
    the bases is shown then. (Tables put rare answers together before it comes to this.)
    """
    everyone = counts.cells[:, 0]
    rare = counts.counted & few(everyone, rules.smallest_cell)
    common = counts.counted & few(counts.bases[0] - everyone, rules.smallest_cell)
    if counts.adds_up and (rare | common).any():
        hidden.cells[counts.counted] = Mark.COMPLEMENT
        return True
    hidden.cells[common] = Mark.COMPLEMENT
    hidden.cells[rare] = Mark.FEW
    return False


def _hide_cells(counts: Counts, rules: Rules, group: Group, hidden: Hidden) -> None:
    """Hide small cells, and cells of all but a few."""
    for j in group.columns:
        if hidden.bases[j]:
            continue
        cells, base = counts.cells[:, j], counts.bases[j]
        open_rows = counts.counted & (hidden.cells[:, 0] == Mark.SHOWN)
        small = few(cells, rules.smallest_cell)
        complement = few(base - cells, rules.smallest_cell)
        if not group.partition:
            others, others_base = counts.cells[:, 0] - cells, counts.bases[0] - base
            complement |= few(others, rules.smallest_cell)
            complement |= few(others_base - others, rules.smallest_cell) & (cells > 0)
        hidden.cells[open_rows & complement, j] = Mark.COMPLEMENT
        hidden.cells[open_rows & small, j] = Mark.FEW
