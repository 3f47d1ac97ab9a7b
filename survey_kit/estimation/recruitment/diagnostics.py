r"""Whether recruitment ran as its estimators assume: homophily, convergence, bottlenecks, seeds.

Each is a frame to be drawn or read. After Gile, Johnston and Salganik (2015, "Diagnostics for
respondent-driven sampling", Journal of the Royal Statistical Society A 178:241-269): estimates
should have settled as people came in (convergence), and not differ between trees (bottleneck).

Homophily of a group is Heckathorn's (2002, "Respondent-driven sampling II", Social Problems
49:11-34): with s the share of its recruits that are its own and P its share of the population,
:math:`(s - P)/(1 - P)` where s is at least P, otherwise :math:`(s - P)/P`; 1 where it recruits only
its own, 0 where as chance would have it, -1 where none of its own.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from survey_kit.design.sample import Sample
from survey_kit.design.stage import Integers, sums_by
from survey_kit.estimation.recruitment.estimators import check_sample, links_between
from survey_kit.estimation.recruitment.tree import Recruitment
from survey_kit.estimation.statistic import Floats


def homophily(sample: Sample, tree: Recruitment, column: str) -> pd.DataFrame:
    """How much the groups of a column recruit their own.

    Returns
    -------
    DataFrame
        name, share (RDS-II), links (from people of the group), own (share of them that lead to
        it), homophily, and ratio: links that stay in a group over those that would if recruits
        came from the groups regardless of the recruiter's; for all groups together, in every
        row. NaN for a group that recruited nobody.
    """
    check_sample(sample, tree)
    answers = sample.levels(column)
    size = len(answers.names)
    links = links_between(tree, answers.codes, size)
    share = _shares(answers.codes, 1 / tree.degree, size)
    made = links.sum(axis=1)
    own = np.diag(links) / np.where(made > 0, made, np.nan)
    room = np.where(own >= share, 1 - share, share)
    expected = float(made @ links.sum(axis=0)) / max(float(made.sum()), 1.0)
    return pd.DataFrame(
        {
            "name": answers.names,
            "share": share,
            "links": made.astype(np.intp),
            "own": own,
            "homophily": (own - share) / np.where(room > 0, room, np.nan),
            "ratio": float(np.trace(links)) / expected if expected > 0 else np.nan,
        }
    )


def convergence(sample: Sample, tree: Recruitment, column: str) -> pd.DataFrame:
    """RDS-II shares of the first person, the first two, and so on in the order of recruitment.

    Returns
    -------
    DataFrame
        One row for each person who answered and each category: recruited (how many so far),
        name, share; apart (from the share of all), which should have become small long before
        the end.
    """
    check_sample(sample, tree)
    answers = sample.levels(column)
    rows = np.argsort(tree.order, kind="stable")
    return _cumulative(rows[answers.codes[rows] >= 0], answers.codes, tree, answers.names)


def bottleneck(sample: Sample, tree: Recruitment, column: str) -> pd.DataFrame:
    """The same within the tree of each seed: trees that settle apart hardly met.

    Returns
    -------
    DataFrame
        seed (its id), then as `convergence`; apart is from the share of the whole sample.
    """
    check_sample(sample, tree)
    answers = sample.levels(column)
    whole = _shares(answers.codes, 1 / tree.degree, len(answers.names))
    rows = np.argsort(tree.order, kind="stable")
    parts: list[pd.DataFrame] = []
    for seed in tree.seeds:
        own = rows[(tree.seed[rows] == seed) & (answers.codes[rows] >= 0)]
        part = _cumulative(own, answers.codes, tree, answers.names, whole)
        part.insert(0, "seed", tree.person[int(seed)])
        parts.append(part)
    return pd.concat(parts, ignore_index=True)


def seeds(tree: Recruitment) -> pd.DataFrame:
    """One row for each seed: its people, their share of the sample, and how far its tree reached.

    Returns
    -------
    DataFrame
        seed, n (with itself), share (of all people), weight (share of the weights 1/d), waves.
    """
    inverse = 1 / tree.degree
    own = [tree.seed == seed for seed in tree.seeds]
    return pd.DataFrame(
        {
            "seed": [tree.person[int(seed)] for seed in tree.seeds],
            "n": [int(each.sum()) for each in own],
            "share": [float(each.mean()) for each in own],
            "weight": [float(inverse[each].sum() / inverse.sum()) for each in own],
            "waves": [int(tree.wave[each].max()) for each in own],
        }
    )


def _shares(codes: Integers, weights: Floats, size: int) -> Floats:
    there = codes >= 0
    sums = sums_by(codes[there], weights[there], size)
    return sums / sums.sum() if sums.sum() > 0 else np.full(size, np.nan)


def _cumulative(
    rows: Integers,
    codes: Integers,
    tree: Recruitment,
    names: tuple[str, ...],
    whole: Floats | None = None,
) -> pd.DataFrame:
    """Shares of the first so many of these rows."""
    size = len(names)
    chosen = np.zeros((len(rows), size))
    chosen[np.arange(len(rows)), codes[rows]] = 1 / tree.degree[rows]
    sums = chosen.cumsum(axis=0)
    share = sums / sums.sum(axis=1, keepdims=True)
    end = whole if whole is not None else share[-1] if len(share) else np.zeros(size)
    return pd.DataFrame(
        {
            "recruited": np.repeat(np.arange(1, len(rows) + 1), size),
            "name": np.tile(np.array(names, dtype=object), len(rows)),
            "share": share.ravel(),
            "apart": (share - end).ravel(),
        }
    )
