"""How to read a book of tables: weighting, design, tests, letters, protection, source."""

from __future__ import annotations

from typing import TYPE_CHECKING

from survey_kit import __version__
from survey_kit.design.wording import wording
from survey_kit.tables.assumed import assumed
from survey_kit.tables.exporter import Line
from survey_kit.tables.pairs import FEWEST_EXPECTED

if TYPE_CHECKING:
    from survey_kit.tables.analysis import Analysis


def method_lines(analysis: Analysis) -> tuple[Line, ...]:
    """What a reader must know, line by line."""
    sample, design = analysis.sample, analysis.sample.design
    said = wording(design.sampling, len(sample), "")
    lines = [
        Line("Whom the numbers describe", said.footer),
        Line("Weights", _weights(analysis)),
        Line(
            "Bases",
            "n is the number of people asked who answered; the weighted base is what they "
            "stand for; the effective base is what they are worth after weighting: the sum of "
            "weights squared over the sum of squared weights (Kish). Percentages are weighted "
            "and rest on the people of their column. Who refused, did not know or left a "
            "question blank is not in its base.",
        ),
    ]
    if analysis.uncertainty == "none":
        lines.append(
            Line(
                "Intervals and tests",
                "None are shown: this kind of sample gives no measure of sampling error.",
            )
        )
    else:
        lines += _uncertainty(analysis, said.interval)
    lines += [
        Line("Protection", analysis.rules.in_words()),
        Line(
            "Markers",
            "'fewer than' a number: so few people gave this answer, or are in this column. "
            "'hidden': the number would give away another. A hidden number is nowhere in this "
            "file. Rare answers and small groups are put together where that shows more; a note "
            "under the table says which.",
        ),
        Line(
            "Source",
            f"{analysis.title}. Questionnaire {analysis.questionnaire.name}, version "
            f"{analysis.questionnaire.version}.",
        ),
    ]
    if analysis.data_hash:
        lines.append(Line("Answers (SHA-256)", analysis.data_hash))
    lines.append(Line("Made with", f"survey-kit {__version__}"))
    return tuple(lines)


def _weights(analysis: Analysis) -> str:
    weights = analysis.sample.weights
    n = len(weights)
    if n == 0 or weights.min() == weights.max():
        return "None: every person counts the same."
    effective = weights.sum() ** 2 / (weights**2).sum()
    return (
        f"People are weighted; the {n:,} interviews are worth {effective:,.0f} equally weighted "
        f"ones (design effect of weighting {n / effective:.2f})."
    )


def _uncertainty(analysis: Analysis, interval: str) -> list[Line]:
    level = f"{100 * analysis.level:g} %"
    threshold = f"{1 - analysis.level:.2g}"
    words = (
        f"Small figures below a number are its interval at {level}: {interval}. "
        "For shares it follows Korn and Graubard, for means Student's t, both with the variance "
        "between clusters. "
    )
    return [
        Line("Intervals", words.strip()),
        *(Line("Intervals assume", line) for line in assumed(analysis)),
        Line(
            "Letters",
            "Columns of one group carry letters A, B, C. A letter beside a share says: higher "
            f"than the column of that letter, p < {threshold}, in a t test with the joint "
            "covariance of both, on the degrees of freedom of the column that has fewer, adjusted "
            "by Holm for all pairs that are compared in the row within the group. "
            "Where people may be in several columns, that covariance counts those who are in both; "
            f"two such columns are compared where {analysis.rules.warn_base} people or more are in "
            f"the larger and not in the other. Columns with a base below {analysis.rules.warn_base}, "
            "of people without an answer to the banner's question, and the column of everyone are "
            "not compared: everybody of each column is in that one, so a column differs from it "
            "where it differs from the others. Nor are two shares compared where, were both columns "
            f"alike, fewer than {FEWEST_EXPECTED} people of one would be expected to give the "
            "answer, or not to give it: of a rare answer in a small column a test finds "
            "differences that are none. Expected is the share of both columns together, or the "
            "mean of their shares, unweighted, times the effective base. A note under the table "
            "counts such pairs; no letter there does not say that there is no difference.",
        ),
        Line(
            "Tests",
            "Under a table: does the answer differ between the columns of a group at all? The "
            "test of Rao and Scott, second order, as F; of questions with several answers that of "
            "all options together (Thomas and Decady). It is left out where it rests on a hidden "
            "number.",
        ),
    ]
