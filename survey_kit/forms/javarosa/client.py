"""A form in the hands of JavaRosa: answers in, and of every node what the phone makes of it.

`JavaRosa` is one Java process for many forms. `JavaForm` is a form in it, with one interview
at a time. A place is written ``/data/roster[2]/age``: only repeats carry a position, from 1,
and where it is missing, the first is meant. Rows that are not there yet are made.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, Self

from survey_kit.errors import DefinitionError
from survey_kit.forms.javarosa.process import JavaFault, JavaProcess

_SECONDS = 120.0
_AT_ONCE = 25

Answers = Sequence[tuple[str, str]]
"""(place, answer as the form holds it) in the order of the interview; "" is blank."""


class Node(NamedTuple):
    """What JavaRosa says of one node.

    `kind` is question, data (a leaf that nothing in the form shows), group or repeat.
    `constraint` is None where the node has no constraint or no answer, `choices` are the
    codes on offer, None where the question has none, or was not asked; `label` likewise.
    """

    path: str
    kind: str
    relevant: bool
    value: str
    constraint: bool | None
    required: bool
    read_only: bool
    choices: list[str] | None
    label: str | None


class Value(NamedTuple):
    """What an expression is worth: kind is number, text, truth or moment (ms since 1970)."""

    kind: str
    text: str


@dataclass(frozen=True)
class Finished:
    """The end of an interview.

    `stopped` is the first node, on going through the form again, that may not be left as it
    is, `why` is "required" or "constraint"; both are None where all is well.
    """

    xml: str
    stopped: str | None
    why: str | None


@dataclass(frozen=True)
class Reported:
    """Of one interview: what became of each answer ("ok", or why not), and every node."""

    verdicts: tuple[str, ...]
    nodes: tuple[Node, ...]


@dataclass(frozen=True)
class Respondent:
    """Somebody who answers at random.

    `blank` is how often a question is left blank that may be, `more` how often there is one
    more row where the enumerator is asked, up to `rows`; `tries` how many answers are tried
    where a constraint refuses. `pool` holds answers worth trying, by path without positions;
    questions in `leave`, paths too, are left as they are: the form works them out.
    """

    seed: int = 1
    blank: float = 0.1
    more: float = 0.5
    rows: int = 4
    tries: int = 40
    pool: Mapping[str, Sequence[str]] = field(default_factory=lambda: MappingProxyType({}))
    leave: Sequence[str] = ()


class Asked(NamedTuple):
    """One question as it was put: choices on offer (-1: none to offer), answers refused."""

    path: str
    offered: int
    refused: int
    answered: bool


@dataclass(frozen=True)
class Walked:
    """One random interview.

    `stuck` is the question where nobody could go on, and `why`; None where the end was
    reached. `nodes` is empty and `xml` is None unless they were asked for. Before the nodes are
    reported, everything is worked out once more, as when a saved form is opened again: JavaRosa
    does not work out a row again because another one has changed. `stale` are the paths of values
    that were not up to date until then.
    """

    asked: tuple[Asked, ...]
    stuck: str | None
    why: str | None
    nodes: tuple[Node, ...]
    xml: str | None
    stale: tuple[str, ...] = ()


class JavaForm:
    """A form in a Java process, and the interview that is being held with it."""

    def __init__(
        self, process: JavaProcess, number: int, *, languages: tuple[str, ...], root: str
    ) -> None:
        self._process = process
        self._number = number
        self.languages = languages
        """The languages as the XForm names them."""
        self.root = root
        """The name with which every path begins."""

    def begin(
        self,
        *,
        language: str | None = None,
        moment: datetime | None = None,
        instance_id: str | None = None,
        seed: int | None = None,
    ) -> None:
        """Begin an interview; the last one is forgotten.

        `moment` is when it starts and ends, for the metadata; `today()` and `now()` go by the
        clock of this machine unless the form was loaded with a moment. `seed` is for `random()`.
        """
        self._ask("begin", language=language, now=_milliseconds(moment), id=instance_id, seed=seed)

    def put(self, answers: Answers) -> tuple[str, ...]:
        """Put answers in whatever the form thinks of them: "ok" or "unreadable" for each."""
        return tuple(self._ask("answer", answers=answers, enter=False)["verdicts"])

    def enter(self, answers: Answers) -> tuple[str, ...]:
        """Put answers in as an enumerator can.

        Returns
        -------
        For each "ok", or why it was not taken: "not asked", "not offered", "refused" (by its
        constraint), "required" (it may not be blank), "unreadable".
        """
        return tuple(self._ask("answer", answers=answers, enter=True)["verdicts"])

    def report(self, *, choices: bool = True, labels: bool = False) -> tuple[Node, ...]:
        """Every node of the interview in the order of the form."""
        rows = self._ask("report", choices=choices, labels=labels)["nodes"]
        return tuple(Node(*row) for row in rows)

    def settle(self) -> None:
        """Go through the form without an answer: repeats get the rows that their count says."""
        self._ask("settle")

    def evaluate(self, path: str, expression: str) -> Value:
        """What an expression, with paths and not ${names}, is worth at a place."""
        return Value(*self._ask("evaluate", path=path, expression=expression)["value"])

    def holds(self, path: str, answer: str) -> bool:
        """Whether the constraint of a question allows an answer."""
        return bool(self._ask("holds", path=path, answer=answer)["holds"])

    def offered(self, path: str) -> list[str] | None:
        """Codes of the choices on offer; None where the question has none."""
        return self._ask("offered", path=path)["codes"]

    def finish(self) -> Finished:
        """Go through the form once more, as a phone does before it sends, and end."""
        reply = self._ask("finish")
        return Finished(reply["xml"], reply["stopped"], reply["why"])

    def interviews(
        self,
        many: Sequence[Answers],
        *,
        moment: datetime | None = None,
        choices: bool = True,
        labels: bool = False,
        language: str | None = None,
    ) -> Iterator[Reported]:
        """Many interviews: of each, answers that are put in, and the report of its nodes.

        Between the two the form is gone through once, as in `settle`, and everything is worked
        out once more, as when a saved form is opened again.
        """
        waiting = iter(many)
        while several := list(islice(waiting, _AT_ONCE)):
            reply = self._ask(
                "interviews",
                interviews=several,
                choices=choices,
                labels=labels,
                enter=False,
                language=language,
                now=_milliseconds(moment),
            )
            for one in reply["interviews"]:
                yield Reported(tuple(one["verdicts"]), tuple(Node(*row) for row in one["nodes"]))

    def walk(
        self,
        interviews: int,
        respondent: Respondent | None = None,
        *,
        nodes: bool = False,
        choices: bool = False,
        xml: bool = False,
        moment: datetime | None = None,
        language: str | None = None,
    ) -> Iterator[Walked]:
        """Random respondents, gone through the form as an enumerator would.

        Relevance, constraints, required questions, choice filters and repeats are respected.
        The same seed gives the same interviews, whatever `nodes`, `choices` and `xml` ask for
        beside them.
        """
        who = respondent or Respondent()
        for first in range(0, interviews, _AT_ONCE):
            reply = self._ask(
                "walk",
                first=first,
                interviews=min(_AT_ONCE, interviews - first),
                seed=who.seed,
                blank=who.blank,
                more=who.more,
                rows=who.rows,
                tries=who.tries,
                pool={path: list(answers) for path, answers in who.pool.items()},
                leave=list(who.leave),
                nodes=nodes,
                choices=choices,
                xml=xml,
                language=language,
                now=_milliseconds(moment),
            )
            for one in reply["interviews"]:
                yield Walked(
                    asked=tuple(Asked(*row) for row in one["asked"]),
                    stuck=one["stuck"],
                    why=one["why"],
                    nodes=tuple(Node(*row) for row in one.get("nodes", ())),
                    xml=one.get("xml"),
                    stale=tuple(one.get("stale", ())),
                )

    def forget(self) -> None:
        """Let the process forget the form."""
        self._ask("forget")

    def _ask(self, task: str, **more: object) -> dict[str, Any]:
        return self._process.ask(task, form=self._number, **more)


class JavaRosa:
    """One Java process with JavaRosa 5.1 in it, for any number of forms.

    >>> with JavaRosa() as javarosa:  # doctest: +SKIP
    ...     form = javarosa.load(xform(questionnaire).xml)
    ...     form.begin()
    ...     form.enter([("/data/age", "34")])
    ...     form.report()
    """

    def __init__(self, *, seconds: float = _SECONDS, zone: str = "UTC") -> None:
        """Start it. `seconds` is how long one question may take, `zone` the time zone.

        Raises
        ------
        MissingExtra
            If pyxform, which brings JavaRosa, is not installed.
        UsageError
            If Java is not installed.
        """
        self._process = JavaProcess(seconds=seconds, zone=zone)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """End the process."""
        self._process.close()

    def load(
        self, xml: str, folders: Sequence[Path] = (), *, moment: datetime | None = None
    ) -> JavaForm:
        """A form, with the folders in which its files lie.

        With a `moment`, `today()` and `now()` are that moment: they are written into the form
        as dates, since JavaRosa goes by the clock of the machine.

        Raises
        ------
        DefinitionError
            If JavaRosa does not take the form.
        """
        text = xml if moment is None else with_moment(xml, moment)
        paths = [str(folder.resolve()) for folder in folders]
        try:
            reply = self._process.ask("load", xform=text, folders=paths)
        except JavaFault as fault:
            raise DefinitionError(
                "XForm",
                f"JavaRosa does not take it: {fault.said or fault.kind}",
                "Change the definition, not the XForm, and build it again",
            ) from fault
        return JavaForm(
            self._process,
            reply["form"],
            languages=tuple(reply["languages"]),
            root=reply["root"],
        )

    def validate(self, xml: str) -> tuple[str, ...]:
        """What ODK Validate says of an XForm, as it says it."""
        return tuple(self._process.ask("validate", xform=xml)["said"])


_NOW = re.compile(r"(?<![\w:.-])(today|now)\(\s*\)")


def with_moment(xml: str, moment: datetime) -> str:
    """An XForm in which `today()` and `now()` are a date and a moment.

    >>> print(with_moment("now() - today()", datetime(2026, 11, 21, 9, 30)))
    date-time('2026-11-21T09:30:00.000Z') - date('2026-11-21')
    """
    fixed = {
        "today": f"date('{moment:%Y-%m-%d}')",
        "now": f"date-time('{moment:%Y-%m-%dT%H:%M:%S}.000Z')",
    }
    return _NOW.sub(lambda found: fixed[found[1]], xml)


def _milliseconds(moment: datetime | None) -> int | None:
    """Milliseconds since 1970 of a moment; one without a zone is taken as UTC."""
    if moment is None:
        return None
    from datetime import UTC

    return int((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
