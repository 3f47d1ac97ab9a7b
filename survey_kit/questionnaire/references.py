"""Every ${name} must lead to exactly one thing, and nothing may wait for itself."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from survey_kit.questionnaire.cycles import check_cycles
from survey_kit.questionnaire.expression import Expression, Path, walk
from survey_kit.questionnaire.in_row import InRow, in_row
from survey_kit.questionnaire.model import Group, Place, Question, Questionnaire, Repeat
from survey_kit.questionnaire.words import REFERENCE, is_name, listed, meant

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from survey_kit.questionnaire.faults import Faults
    from survey_kit.questionnaire.model import FormTest, Node

_NOWHERE = Place("questionnaire")
_IN_EVERY_FORM = ("instanceID", "instanceName")


def check_references(
    questionnaire: Questionnaire, margins: Iterable[tuple[str, Place]], faults: Faults
) -> None:
    """Note every reference to nothing or to several things, and every cycle.

    `margins` are the weight margins, each with its place.
    """
    checker = _Checker(questionnaire, faults)
    checker.check()
    for name, place in margins:
        checker.check_margin(name, place)
    check_cycles(questionnaire, faults)


class _Checker:
    """Holds what there is to refer to: name -> the paths at which it stands."""

    def __init__(self, questionnaire: Questionnaire, faults: Faults) -> None:
        self._whole = questionnaire
        self._faults = faults
        self._paths: dict[str, list[str]] = defaultdict(list)
        self._repeats: dict[str, Repeat] = {}
        for path, node in _everything(questionnaire.nodes, ()):
            for name in (node.name, *_made_by_the_form(node)):
                self._paths[name].append("/".join((*path, name)))
        for name in _IN_EVERY_FORM:
            self._paths.setdefault(name, [f"meta/{name}"])

    def check(self) -> None:
        for _, node in _everything(self._whole.nodes, ()):
            self._node(node)
        for choices in self._whole.lists.values():
            for choice in choices.choices:
                place = choice.source or _NOWHERE
                thing = f"list '{choices.name}', choice '{choice.code}'"
                for texts in (choice.label, *choice.media.values()):
                    self._texts(texts, place, thing)
        self._settings()
        self._derived()
        for test in self._whole.tests:
            self._test(test)

    def _node(self, node: Node) -> None:
        place = node.source or _NOWHERE
        thing = f"{type(node).__name__.lower()} '{node.name}'"
        self._expression(node.relevant, place, thing)
        self._texts(node.label, place, thing)
        match node:
            case Question():
                self._question(node, place, thing)
            case Repeat():
                self._expression(node.count, place, thing)
                first = self._repeats.setdefault(node.name, node)
                if first is not node:
                    self._faults.doubt(
                        place,
                        thing,
                        f"the name is taken by the repeat at {first.source}",
                        "Give one of the two another name",
                    )
            case Group():
                pass

    def _question(self, node: Question, place: Place, thing: str) -> None:
        for expression in (node.constraint, node.required, node.calculation, node.choice_filter):
            self._expression(expression, place, thing)
        spoken = (node.hint, node.constraint_message, node.required_message)
        for texts in (*spoken, *node.media.values()):
            self._texts(texts, place, thing)
        self._source(node.default or "", place, thing)
        if node.choices_from is not None:
            self._name(node.choices_from, place, thing)
        if node.choice_filter and node.choices and node.choices in self._whole.lists:
            columns = {"name", "label", "value"}.union(
                *(choice.columns for choice in self._whole.lists[node.choices].choices)
            )
            for name in dict.fromkeys(_bare_names(node.choice_filter)):
                if name not in columns:
                    self._faults.doubt(
                        place,
                        f"{thing}, choice_filter",
                        f"no choice of the list '{node.choices}' has a column '{name}'",
                        meant(name, columns, otherwise="Add the column to the choices"),
                    )

    def _expression(self, expression: Expression | None, place: Place, thing: str) -> None:
        if expression is not None:
            for name in expression.answers:
                self._name(name.removeprefix("last-saved#"), place, thing)

    def _texts(self, texts: Mapping[str, str], place: Place, thing: str) -> None:
        for text in texts.values():
            self._source(text, place, thing)

    def _source(self, text: str, place: Place, thing: str) -> None:
        if "${" in text:
            for name in dict.fromkeys(REFERENCE.findall(text)):
                self._name(name, place, thing)

    def _name(self, name: str, place: Place, thing: str) -> None:
        paths = self._paths.get(name, [])
        if not paths:
            self._faults.doubt(
                place,
                thing,
                f"there is no question called '{name}'",
                meant(name, self._paths, otherwise="Add the question, or remove the reference"),
            )
        elif len(set(paths)) > 1:
            self._faults.doubt(
                place,
                thing,
                f"${{{name}}} could mean {listed(dict.fromkeys(paths))}",
                "Give them different names",
            )

    def _settings(self) -> None:
        place = self._whole.source or _NOWHERE
        self._source(self._whole.settings.get("instance_name", ""), place, "instance_name")

    def _derived(self) -> None:
        for each in self._whole.derived:
            place = each.source or _NOWHERE
            thing = f"derived variable '{each.name}'"
            if each.name in self._paths:
                self._faults.add(
                    place,
                    thing,
                    "a question, group or repeat has this name",
                    "Give the derived variable another name",
                )
            self._texts(each.label, place, thing)
            self._expression(each.base, place, thing)
            for case in each.cases:
                self._expression(case.when, place, thing)
                self._texts(case.label, place, thing)

    def check_margin(self, name: str, place: Place) -> None:
        known = [*self._whole.by_key, *(each.name for each in self._whole.derived)]
        if name not in known:
            self._faults.add(
                place,
                "weight_margins",
                f"there is no question or derived variable called '{name}'",
                meant(name, known, otherwise="Remove it, or add the question"),
            )

    def _test(self, test: FormTest) -> None:
        derived = [each.name for each in self._whole.derived]
        named = {
            "answers": tuple(test.answers),
            "asked": test.asked,
            "not_asked": test.not_asked,
            "values": tuple(test.values),
            "refused": test.refused,
        }
        for part, names in named.items():
            known = [*self._whole.by_key, *(derived if part == "values" else ())]
            for name in names:
                thing = f"test '{test.name}', {part}"
                key, rows = in_row(name)
                if key not in known:
                    self._faults.add(
                        test.source or _NOWHERE,
                        thing,
                        f"there is no question called '{key}'",
                        meant(key, known, otherwise="Add the question, or remove it from the test"),
                    )
                    continue
                repeats = self._whole.by_key[key].repeats if key in self._whole.by_key else ()
                if rows and len(rows) != len(repeats):
                    self._faults.add(
                        test.source or _NOWHERE,
                        thing,
                        f"'{name}' names {len(rows)} rows, and the question stands in "
                        f"{len(repeats) or 'no'} repeats",
                        f"Write {InRow(key, (1,) * len(repeats))}",
                    )


def _everything(
    nodes: tuple[Node, ...], path: tuple[str, ...]
) -> Iterator[tuple[tuple[str, ...], Node]]:
    for node in nodes:
        yield path, node
        if not isinstance(node, Question):
            yield from _everything(node.nodes, (*path, node.name))


def _made_by_the_form(node: Node) -> tuple[str, ...]:
    """The names of what pyxform adds to a form for a question or repeat."""
    match node:
        case Question(name=name, or_other=True):
            return (f"{name}_other",)
        case Repeat(name=name, count=Expression(source=source)) if not REFERENCE.fullmatch(source):
            return (f"{name}_count",)
        case _:
            return ()


def _bare_names(expression: Expression) -> Iterator[str]:
    for node in walk(expression.tree):
        if isinstance(node, Path) and is_name(node.text):
            yield node.text
