"""A questionnaire as plain texts, lists and mappings, ready to be written as YAML.

The keys of everything come in the order in which an author would write them, and what
says nothing is left out: so two definitions that differ in one question differ in one
block of lines.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

from survey_kit.questionnaire.build import NO_LANGUAGE
from survey_kit.questionnaire.model import Group, Question, Questionnaire, Repeat
from survey_kit.questionnaire.type_names import type_text
from survey_kit.questionnaire.yaml_allow import COLUMN, SHEET, allow_of
from survey_kit.questionnaire.yaml_keys import CHOICE

if TYPE_CHECKING:
    from collections.abc import Mapping

    from survey_kit.questionnaire.expression import Expression
    from survey_kit.questionnaire.model import (
        Choice,
        Derived,
        FormTest,
        Node,
        Texts,
    )
    from survey_kit.questionnaire.translation import Translation

Plain: TypeAlias = "str | bool | list[Plain] | dict[str, Plain]"

_LINE = 96


class Line(dict[str, Plain]):
    """A mapping that is written on one line where it is short."""

    @property
    def is_short(self) -> bool:
        """Whether it fits on a line, and holds nothing that needs several."""
        return _length(self) <= _LINE


def plain(questionnaire: Questionnaire) -> dict[str, Plain]:
    """The whole definition under the keys of the YAML format."""
    writer = _Writer(questionnaire)
    return writer.whole()


class _Writer:
    def __init__(self, questionnaire: Questionnaire) -> None:
        self._whole = questionnaire
        self._unnamed = dict(questionnaire.languages) == {NO_LANGUAGE: NO_LANGUAGE}

    def whole(self) -> dict[str, Plain]:
        whole = self._whole
        return _without_nothing(
            {
                "questionnaire": whole.name,
                "version": whole.version,
                "title": self._texts(whole.title),
                "languages": Line() if self._unnamed else Line(whole.languages),
                "translations": plain_translations(whole.translations),
                "settings": dict[str, Plain](whole.settings),
                "choices": {
                    name: [self._choice(choice) for choice in each.choices]
                    for name, each in whole.lists.items()
                },
                "interview": [self._node(node) for node in whole.nodes],
                "analysis": _without_nothing(
                    {
                        "weight_margins": list[Plain](whole.weight_margins),
                        "derived": [self._derived(each) for each in whole.derived],
                    }
                ),
                "tests": [_test(each) for each in whole.tests],
                "allow": [Line(each) for each in allow_of(whole.sheets)],
                "sheets": {
                    name: [list[Plain](row) for row in rows]
                    for name, rows in whole.sheets.items()
                    if not (name == SHEET and allow_of(whole.sheets))
                },
            }
        )

    def _choice(self, choice: Choice) -> Line:
        spoken = {key: text for key, text in choice.columns.items() if key not in CHOICE}
        others = Line({key: text for key, text in choice.columns.items() if key in CHOICE})
        return Line(
            {
                "code": choice.code,
                **_without_nothing(
                    {
                        "label": self._texts(choice.label),
                        "missing": choice.missing.value if choice.missing else "",
                        "media": self._media(choice.media),
                        **spoken,
                        "columns": others,
                    }
                ),
            }
        )

    def _node(self, node: Node) -> dict[str, Plain]:
        match node:
            case Question():
                return self._question(node)
            case Group() | Repeat():
                count = node.count if isinstance(node, Repeat) else None
                return {
                    "repeat" if isinstance(node, Repeat) else "group": node.name,
                    **_without_nothing(
                        {
                            "label": self._texts(node.label),
                            "relevant": _source(node.relevant),
                            "count": _source(count),
                            "loop": (node.loop or "") if isinstance(node, Group) else "",
                            "appearance": node.appearance or "",
                            "allow": node.extra.get(COLUMN, ""),
                            "extra": _extra(node),
                        }
                    ),
                    "questions": [self._node(each) for each in node.nodes],
                }

    def _question(self, node: Question) -> dict[str, Plain]:
        return {
            "name": node.name,
            "type": type_text(node),
            **_without_nothing(
                {
                    "label": self._texts(node.label),
                    "hint": self._texts(node.hint),
                    "media": self._media(node.media),
                    "required": _truth(node.required),
                    "required_message": self._texts(node.required_message),
                    "relevant": _source(node.relevant),
                    "constraint": _source(node.constraint),
                    "constraint_message": self._texts(node.constraint_message),
                    "calculation": _source(node.calculation),
                    "choice_filter": _source(node.choice_filter),
                    "default": node.default or "",
                    "read_only": node.read_only or "",
                    "appearance": node.appearance or "",
                    "parameters": node.parameters or "",
                    "privacy": node.privacy.value if node.privacy else "",
                    "allow": node.extra.get(COLUMN, ""),
                    "extra": _extra(node),
                }
            ),
        }

    def _derived(self, each: Derived) -> dict[str, Plain]:
        return {
            "name": each.name,
            **_without_nothing(
                {
                    "label": self._texts(each.label),
                    "base": _source(each.base),
                    "privacy": each.privacy.value if each.privacy else "",
                    "cases": [
                        Line(
                            {
                                "code": case.code,
                                **_without_nothing({"label": self._texts(case.label)}),
                                "when": case.when.source,
                            }
                        )
                        for case in each.cases
                    ],
                }
            ),
        }

    def _texts(self, texts: Texts) -> Plain:
        return texts.get(NO_LANGUAGE, "") if self._unnamed else Line(texts)

    def _media(self, media: Mapping[str, Texts]) -> Line:
        return Line({kind: self._texts(files) for kind, files in media.items()})


def _test(test: FormTest) -> dict[str, Plain]:
    return {
        "name": test.name,
        **_without_nothing(
            {
                "answers": Line(test.answers),
                "asked": list[Plain](test.asked),
                "not_asked": list[Plain](test.not_asked),
                "values": Line(test.values),
                "refused": list[Plain](test.refused),
                **({} if test.ends is None else {"ends": test.ends}),
            }
        ),
    }


def plain_translations(
    translations: Mapping[str, Mapping[str, Translation]],
) -> dict[str, Plain]:
    """What is known of each translation, by language and place."""
    return {
        code: {place: _translation(each) for place, each in places.items()}
        for code, places in translations.items()
    }


def _translation(each: Translation) -> Plain:
    """The word alone, where there is nothing to add to it."""
    more = {"source": each.source, "by": each.by, "on": each.on, "comment": each.comment}
    said: dict[str, Plain] = {key: text for key, text in more.items() if text}
    return Line({"status": each.status.value, **said}) if said else each.status.value


def _extra(node: Node) -> dict[str, Plain]:
    return {column: text for column, text in node.extra.items() if column != COLUMN}


def _source(expression: Expression | None) -> str:
    return expression.source if expression else ""


def _truth(expression: Expression | None) -> str | bool:
    """True and false where no expression is needed."""
    source = _source(expression)
    return source == "true()" if source in ("true()", "false()") else source


def _without_nothing(entries: dict[str, Plain]) -> dict[str, Plain]:
    return {key: value for key, value in entries.items() if value or value is False}


def _length(value: Plain) -> int:
    """The length on one line; endless where a text has several lines or a list stands in it."""
    match value:
        case bool():
            return 5
        case str():
            return _LINE + 1 if "\n" in value else len(value) + 2
        case list():
            return _LINE + 1
        case dict():
            return sum(len(key) + 4 + _length(each) for key, each in value.items())
