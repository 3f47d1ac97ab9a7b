"""The interview: questions, groups and repeats, each checked where it stands."""

from __future__ import annotations

from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

from survey_kit.questionnaire.expressions import ExpressionReader, truth_word
from survey_kit.questionnaire.model import Group, Node, Privacy, Question, Repeat
from survey_kit.questionnaire.question_type import QuestionType, Storage, question_types
from survey_kit.questionnaire.raw import Kind
from survey_kit.questionnaire.type_names import (
    FILE_SUFFIXES,
    NoSuchType,
    TypeName,
    type_named,
)
from survey_kit.questionnaire.words import is_xml_name, meant, name_remedy

if TYPE_CHECKING:
    from collections.abc import Mapping

    from survey_kit.questionnaire.expression import Expression
    from survey_kit.questionnaire.faults import Faults
    from survey_kit.questionnaire.model import ChoiceList, Place
    from survey_kit.questionnaire.raw import RawNode
    from survey_kit.questionnaire.texts import TextBuilder

_PRIVACY = {privacy.value: privacy for privacy in Privacy}


def privacy_named(text: str, place: Place, thing: str, faults: Faults) -> Privacy | None:
    """The class that a word names; an unknown word is a fault, no word is no class yet."""
    if text and text not in _PRIVACY:
        faults.doubt(
            place,
            thing,
            f"there is no privacy class called '{text}'",
            meant(text, _PRIVACY, otherwise=f"The classes are {', '.join(_PRIVACY)}"),
        )
    return _PRIVACY.get(text)


class NodeBuilder:
    """Builds nodes; `expressions` is shared, so that every text is parsed once."""

    def __init__(self, lists: Mapping[str, ChoiceList], texts: TextBuilder, faults: Faults) -> None:
        self._lists = lists
        self._texts = texts
        self._faults = faults
        self.expressions = ExpressionReader(faults)

    def build(self, raws: tuple[RawNode, ...]) -> tuple[Node, ...]:
        """The nodes of one level, their names checked against each other."""
        seen: dict[str, RawNode] = {}
        for raw in raws:
            self._check_name(raw, seen)
        return tuple(self._node(raw) for raw in raws)

    def _check_name(self, raw: RawNode, seen: dict[str, RawNode]) -> None:
        kind = raw.kind.value
        if not raw.name:
            self._faults.doubt(raw.place, "", f"a {kind} has no name", "Give it one")
        elif not is_xml_name(raw.name):
            self._faults.doubt(
                raw.place,
                f"{kind} '{raw.name}'",
                "this cannot be a name in a form",
                name_remedy(raw.name),
            )
        elif raw.name == "meta" or (raw.kind is Kind.REPEAT and raw.name == "data"):
            self._faults.doubt(
                raw.place,
                f"{kind} '{raw.name}'",
                "every form has something of this name already",
                "Give it another name",
            )
        elif raw.name in seen:
            first = seen[raw.name].place
            self._faults.doubt(
                raw.place,
                f"{kind} '{raw.name}'",
                f"the name is taken by the {seen[raw.name].kind.value} at {first}",
                "Give one of the two another name",
            )
        seen.setdefault(raw.name, raw)

    def _node(self, raw: RawNode) -> Node:
        thing = f"{raw.kind.value} '{raw.name}'"
        match raw.kind:
            case Kind.QUESTION:
                return self._question(raw, thing)
            case Kind.GROUP:
                return Group(
                    name=raw.name,
                    nodes=self.build(raw.nodes),
                    label=self._text(raw, "label", thing),
                    relevant=self._bound(raw, "relevant", thing),
                    appearance=raw.cells.get("appearance") or None,
                    loop=self._loop(raw, thing),
                    extra=MappingProxyType(dict(raw.extra)),
                    source=raw.place,
                )
            case Kind.REPEAT:
                return Repeat(
                    name=raw.name,
                    nodes=self.build(raw.nodes),
                    label=self._text(raw, "label", thing),
                    relevant=self._bound(raw, "relevant", thing),
                    count=self._expression(raw, "count", thing),
                    appearance=raw.cells.get("appearance") or None,
                    extra=MappingProxyType(dict(raw.extra)),
                    source=raw.place,
                )

    def _question(self, raw: RawNode, thing: str) -> Question:
        named = self._type(raw, thing)
        kind = named.type
        cells = raw.cells
        if kind.name == "calculate":
            self._check_calculation(raw, thing)
        if kind.name == "audit" and raw.name != "audit":
            self._faults.doubt(
                raw.place, thing, "phones know the audit by its name alone", "Call it audit"
            )
        return Question(
            name=raw.name,
            type=kind,
            label=self._text(raw, "label", thing),
            hint=self._text(raw, "hint", thing),
            choices=named.choices,
            relevant=self._bound(raw, "relevant", thing),
            constraint=self._bound(raw, "constraint", thing),
            constraint_message=self._text(raw, "constraint_message", thing),
            required=self.expressions.read_condition(
                cells.get("required", ""), raw.place, f"{thing}, required"
            ),
            required_message=self._text(raw, "required_message", thing),
            calculation=self._bound(raw, "calculation", thing),
            choice_filter=self._expression(raw, "choice_filter", thing),
            default=cells.get("default") or None,
            read_only=self._read_only(raw, thing),
            appearance=cells.get("appearance") or None,
            parameters=cells.get("parameters") or None,
            media=self._texts.media(raw.media, raw.place, thing),
            privacy=privacy_named(cells.get("privacy", ""), raw.place, thing, self._faults),
            file=named.file,
            external_list=named.external_list,
            choices_from=named.choices_from,
            or_other=named.or_other,
            spelling=named.spelling,
            extra=_extra(raw),
            source=raw.place,
        )

    def _type(self, raw: RawNode, thing: str) -> TypeName:
        text = raw.cells.get("type", "")
        match type_named(text):
            case NoSuchType(what, remedy):
                self._faults.doubt(raw.place, thing, what, remedy)
                return TypeName(question_types()["text"], spelling=text or None)
            case TypeName() as named:
                if named.type.platform:
                    self._faults.elsewhere(
                        raw.place,
                        thing,
                        f"only {named.type.platform} knows the type '{named.type.name}'",
                        "Leave the row out of forms for ODK and Kobo",
                    )
                named = self._from_where(named)
                if named.choices is not None:
                    self._check_list(raw, thing, named.type, named.choices)
                elif raw.cells.get("choice_filter") and not named.type.takes_choices:
                    self._faults.doubt(
                        raw.place,
                        thing,
                        f"a question of type '{named.type.name}' has no choices to filter",
                        "Remove the choice_filter, or make it a select_one or select_multiple",
                    )
                return named

    def _from_where(self, named: TypeName) -> TypeName:
        """A list that is none, but called like a file, is a file."""
        name = named.choices
        if name is None or name in self._lists or not name.endswith(FILE_SUFFIXES):
            return named
        return replace(named, choices=None, file=name, spelling=named.text)

    def _loop(self, raw: RawNode, thing: str) -> str | None:
        name = raw.cells.get("loop") or None
        if name is not None:
            self._faults.doubt(
                raw.place,
                thing,
                "it is asked in a loop, which only pyxform spells out",
                "Use a repeat, or write its questions out once for each choice",
            )
        return name

    def _check_list(self, raw: RawNode, thing: str, kind: QuestionType, name: str) -> None:
        found = self._lists.get(name)
        if found is None:
            self._faults.doubt(
                raw.place,
                thing,
                f"there is no list called '{name}'",
                meant(name, self._lists, otherwise="Add it to the choices"),
            )
        elif kind.storage is Storage.CODES:
            for choice in found.choices:
                if any(sign.isspace() for sign in choice.code):
                    self._faults.doubt(
                        choice.source or raw.place,
                        f"list '{name}', choice '{choice.code}'",
                        f"the code has a space in it, but {thing} joins codes by spaces",
                        f"Call it '{'_'.join(choice.code.split())}'",
                    )

    def _check_calculation(self, raw: RawNode, thing: str) -> None:
        if not (raw.cells.get("calculation") or raw.cells.get("default")):
            self._faults.doubt(
                raw.place, thing, "there is nothing to calculate", "Give it a calculation"
            )

    def _read_only(self, raw: RawNode, thing: str) -> bool:
        text = raw.cells.get("read_only", "")
        word = truth_word(text)
        if text and word is None:
            self._faults.doubt(raw.place, thing, f"read_only is '{text}'", "Write true or false")
        return word is True

    def _text(self, raw: RawNode, key: str, thing: str) -> Mapping[str, str]:
        return self._texts.build(raw.texts.get(key, {}), raw.place, f"{thing}, {key}")

    def _bound(self, raw: RawNode, key: str, thing: str) -> Expression | None:
        return self.expressions.read_bound(raw.cells.get(key, ""), raw.place, f"{thing}, {key}")

    def _expression(self, raw: RawNode, key: str, thing: str) -> Expression | None:
        return self.expressions.read(raw.cells.get(key, ""), raw.place, f"{thing}, {key}")


def _extra(raw: RawNode) -> Mapping[str, str]:
    """What has no meaning here, with a class of privacy that nobody knows."""
    privacy = raw.cells.get("privacy", "")
    unknown = {"privacy": privacy} if privacy and privacy not in _PRIVACY else {}
    return MappingProxyType({**raw.extra, **unknown})
