"""How a theme tells its findings: tables in, claims out, each with its evidence.

A `Teller` knows what is the same for every claim of a theme: whose answers these are,
what the sampling allows to be said of them, and the hash of the data. A theme says only
which table, which answer, and in which words.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from survey_kit.design.wording import wording
from survey_kit.errors import ProtectionError
from survey_kit.findings import reading
from survey_kit.findings import wording as words
from survey_kit.findings.audit import foreign_numbers
from survey_kit.findings.charts import Picture, counts_chart, groups_chart, shares_chart
from survey_kit.findings.claim import Claim, Evidence
from survey_kit.findings.sensitivity import Sensitivity
from survey_kit.tables.analysis import Analysis
from survey_kit.tables.table import Column, Table


@dataclass(frozen=True)
class Teller:
    """What all claims of one theme share.

    key
        Opens the name of each claim: "drivers" gives "drivers.prevalence".
    theme
        The heading under which they are told.
    people
        Whose shares these are: "respondents", or "people" where the sampling allows it.
    data_hash
        SHA-256 of the analysed answers.
    sensitivity
        Says how much a claim hangs on who happened to be asked; None where nobody asks.
    """

    key: str
    theme: str
    people: str
    data_hash: str
    sensitivity: Sensitivity | None = None

    def claim(
        self,
        name: str,
        statement: str,
        table: Table,
        *,
        title: str,
        chart: Picture | None = None,
        caveat: str = "",
        headline: bool = False,
        sensitivity: Iterable[str] = (),
    ) -> Claim:
        """A claim on a table; base and limits are added to the caveat.

        `sensitivity` are the lines that stand with its evidence.

        Raises
        ------
        ProtectionError
            If the table is not protected, or the statement has a number that it does not
            show.
        """
        reading.refuse_unprotected(table)
        foreign = foreign_numbers(statement, table)
        if foreign:
            raise ProtectionError(
                f"finding {self.key}.{name}",
                f"its sentence says {foreign[0]!r}, which table {table.name} does not show",
                "Take every number from the table; put words that hold digits into “quotes”",
            )
        limits = [f"Base: {_ended(table.base)}" if table.base else "", caveat, table.design]
        return Claim(
            name=f"{self.key}.{name}",
            theme=self.theme,
            statement=statement,
            caveat=" ".join(_ended(limit) for limit in limits if limit),
            table=table,
            evidence=Evidence(
                table=table.name,
                data_hash=self.data_hash,
                where=table.where,
                sensitivity=tuple(dict.fromkeys(sensitivity)),
                assumed=self.sensitivity.assumed if self.sensitivity and table.interval else (),
            ),
            chart=chart.specification if chart else None,
            alternative=chart.alternative if chart else "",
            headline=headline,
            title=title,
        )

    def ranking(
        self,
        name: str,
        table: Table,
        *,
        verb: str,
        title: str,
        top: int = 3,
        leave_out: Iterable[str] = (),
        whose: str = "",
        caveat: str = "",
        headline: bool = False,
    ) -> Claim:
        """Which answers are given most often; `whose` names the base where not all were asked."""
        out = tuple(leave_out)
        people = whose or self.people
        statement = words.ranking(table, people, verb=verb, top=top, leave_out=out)
        if statement is None:
            return self.claim(name, words.not_shown(title), table, title=title)
        return self.claim(
            name,
            statement,
            table,
            title=title,
            chart=shares_chart(table, title=title, leave_out=out),
            caveat=caveat,
            headline=headline,
            sensitivity=self._without_one(table, reading.ranked(table, leave_out=out)[0], headline),
        )

    def composition(
        self, name: str, table: Table, *, lead: str, title: str, caveat: str = ""
    ) -> Claim:
        """How many people of each kind were interviewed."""
        statement = words.composition(table, lead=lead)
        if statement is None:
            return self.claim(name, words.not_shown(title), table, title=title)
        chart = counts_chart(table, title=title)
        return self.claim(name, statement, table, title=title, chart=chart, caveat=caveat)

    def answer(
        self,
        name: str,
        table: Table,
        code: str,
        *,
        did: str,
        title: str,
        also: Iterable[tuple[str, str]] = (),
        caveat: str = "",
        headline: bool = False,
    ) -> Claim:
        """How many gave one answer: "32 % of respondents (...) looked for nothing."

        `did` ends the sentence, without its full stop; `also` holds further answers of the
        same table and what is said of those who gave them.
        """
        sentences = [
            sentence
            for each, words_of in ((code, did), *also)
            for sentence in [words.answer(table, each, self.people, did=words_of)]
            if sentence
        ]
        if not sentences:
            return self.claim(name, words.not_shown(title), table, title=title)
        return self.claim(
            name,
            " ".join(dict.fromkeys(sentences)),
            table,
            title=title,
            chart=shares_chart(table, title=title),
            caveat=caveat,
            headline=headline,
            sensitivity=self._without_one(table, reading.row_of(table, code), headline),
        )

    def difference(
        self,
        name: str,
        table: Table,
        codes: Sequence[str],
        *,
        subject: Callable[[str], str],
        among: Callable[[Column], str],
        title: str,
        caveat: str = "",
        headline: bool = False,
    ) -> Claim:
        """Whether groups differ in some answers; `subject` words the label of an answer."""
        labels = {row.code: row.label for row in table.rows}
        told = [
            sentence
            for code in codes
            if code in labels
            for sentence in [
                words.difference(table, code, subject=subject(labels[code]), among=among)
            ]
            if sentence
        ]
        if not told:
            return self.claim(name, words.not_shown(title), table, title=title)
        note = words.BEFORE_WEIGHTING
        once = [sentence.removesuffix(note) for sentence in told]
        return self.claim(
            name,
            " ".join(once) + (note if once != told else ""),
            table,
            title=title,
            chart=groups_chart(table, codes, title=title),
            caveat=caveat,
            headline=headline,
            sensitivity=[
                line
                for code in codes
                for row in [reading.row_of(table, code)]
                if row is not None and self.sensitivity
                for line in self.sensitivity.of_difference(table, row, subject(labels[code]), among)
            ],
        )

    def _without_one(self, table: Table, row: int | None, headline: bool) -> tuple[str, ...]:
        """How far the share of a headline moves without one site at a time.

        Of headlines alone: the fewer ranges are told, the less they tell together.
        """
        if row is None or not headline or self.sensitivity is None:
            return ()
        return self.sensitivity.of_share(table, row)


def teller(analysis: Analysis, key: str, theme: str) -> Teller:
    """The teller of one theme of a study."""
    sample = analysis.sample
    allowed = wording(sample.design.sampling, len(sample.data), analysis.title)
    return Teller(
        key=key,
        theme=theme,
        people=allowed.people,
        data_hash=analysis.data_hash,
        sensitivity=Sensitivity(analysis),
    )


def most_frequent(table: Table, top: int, *, leave_out: Iterable[str] = ()) -> tuple[str, ...]:
    """Codes of the answers given most often, as far as they may be shown."""
    rows = reading.ranked(table, leave_out=leave_out)[:top]
    return tuple(table.rows[i].code for i in rows)


def _ended(text: str) -> str:
    return text if text.endswith((".", "!", "?")) else f"{text}."
