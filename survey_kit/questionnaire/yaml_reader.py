"""From the tree of a YAML file to the raw definition: every key known, every value in shape."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from survey_kit.errors import FileProblem
from survey_kit.questionnaire import yaml_keys as keys
from survey_kit.questionnaire.build import NO_LANGUAGE
from survey_kit.questionnaire.faults import Faults
from survey_kit.questionnaire.raw import (
    Kind,
    RawCase,
    RawChoice,
    RawDerived,
    RawList,
    RawNode,
    RawQuestionnaire,
    RawTest,
)
from survey_kit.questionnaire.yaml_allow import read_allow, read_allowed
from survey_kit.questionnaire.yaml_languages import (
    note_cut_texts,
    read_languages,
    read_translations,
)
from survey_kit.questionnaire.yaml_shapes import Shapes
from survey_kit.questionnaire.yaml_tree import Mapped

if TYPE_CHECKING:
    from survey_kit.questionnaire.model import Texts
    from survey_kit.questionnaire.yaml_tree import Entry, Tree

_NODES = {"name": Kind.QUESTION, "group": Kind.GROUP, "repeat": Kind.REPEAT}
_KEYS = {Kind.QUESTION: keys.QUESTION, Kind.GROUP: keys.GROUP, Kind.REPEAT: keys.REPEAT}


def read_raw(tree: Tree) -> RawQuestionnaire:
    """The raw definition in a tree.

    Raises
    ------
    FileProblem
        If the tree is no questionnaire at all.
    """
    if not isinstance(tree, Mapped) or not (
        {entry.key for entry in tree.entries} & {"questionnaire", "interview"}
    ):
        raise FileProblem(
            tree.place.file,
            "this is YAML, but no questionnaire: it has neither questionnaire nor interview",
            "Check the name of the file",
        )
    return _Reader(tree).whole()


class _Reader:
    def __init__(self, tree: Mapped) -> None:
        self._tree = tree
        self._faults = Faults()
        self._shapes = Shapes(self._faults)
        self._language = NO_LANGUAGE
        self._codes: tuple[str, ...] = ()

    def whole(self) -> RawQuestionnaire:
        shapes = self._shapes
        found = shapes.block(self._tree, "", keys.WHOLE)
        languages, files = read_languages(found.get("languages"), shapes)
        self._language = next(iter(languages), NO_LANGUAGE)
        self._codes = tuple(languages)
        analysis = shapes.entry_block(found.get("analysis"), "analysis", keys.ANALYSIS)
        return RawQuestionnaire(
            name=shapes.text(found.get("questionnaire"), "questionnaire"),
            place=self._tree.place,
            version=shapes.text(found.get("version"), "version"),
            title=self._texts(found.get("title"), "title"),
            languages=languages,
            nodes=self._nodes(found.get("interview"), "interview"),
            lists=tuple(
                self._list(entry)
                for entry in shapes.free_block(found.get("choices"), "choices").values()
            ),
            weight_margins=tuple(
                (name, place)
                for name, place in shapes.placed_names(
                    analysis.get("weight_margins"), "weight_margins"
                )
            ),
            derived=tuple(
                self._derived(each) for each in shapes.listing(analysis.get("derived"), "derived")
            ),
            tests=tuple(self._test(each) for each in shapes.listing(found.get("tests"), "tests")),
            settings=shapes.cells(found.get("settings"), "settings"),
            sheets={
                name: tuple(
                    shapes.row(row, f"sheet '{name}'")
                    for row in shapes.listing(entry, f"sheet '{name}'")
                )
                for name, entry in shapes.free_block(found.get("sheets"), "sheets").items()
            }
            | read_allow(found.get("allow"), shapes),
            translations=read_translations(found.get("translations"), shapes),
            language_files=files,
            faults=self._faults.all,
        )

    def _list(self, entry: Entry) -> RawList:
        thing = f"list '{entry.key}'"
        choices = self._shapes.listing(entry, thing)
        return RawList(entry.key, entry.place, tuple(self._choice(each, thing) for each in choices))

    def _choice(self, tree: Tree, thing: str) -> RawChoice:
        shapes = self._shapes
        found = shapes.block(tree, f"{thing}, a choice", None)
        code = shapes.text(found.get("code"), f"{thing}, code")
        thing = f"{thing}, choice '{code}'"
        columns = {
            key: shapes.text(entry, f"{thing}, {key}")
            for key, entry in found.items()
            if key not in keys.CHOICE
        }
        return RawChoice(
            code=code,
            place=tree.place,
            label=self._texts(found.get("label"), f"{thing}, label"),
            missing=shapes.text(found.get("missing"), f"{thing}, missing"),
            media=self._media(found.get("media"), thing),
            columns={**columns, **shapes.cells(found.get("columns"), f"{thing}, columns")},
        )

    def _nodes(self, entry: Entry | None, thing: str) -> tuple[RawNode, ...]:
        nodes = (self._node(each, thing) for each in self._shapes.listing(entry, thing))
        return tuple(node for node in nodes if node is not None)

    def _node(self, tree: Tree, thing: str) -> RawNode | None:
        if not isinstance(tree, Mapped):
            self._faults.add(
                tree.place, thing, "this is no question, group or repeat", "Begin with - name:"
            )
            return None
        marks = [entry.key for entry in tree.entries if entry.key in _NODES]
        if len(set(marks)) != 1:
            self._faults.add(
                tree.place,
                thing,
                "this has " + (" and ".join(marks) if marks else "no name, group or repeat"),
                "Begin a question with name, a group with group and a repeat with repeat",
            )
            return None
        kind = _NODES[marks[0]]
        shapes = self._shapes
        name = next(
            shapes.text(entry, kind.value) for entry in tree.entries if entry.key == marks[0]
        )
        thing = f"{kind.value} '{name}'"
        found = shapes.block(tree, thing, _KEYS[kind])
        return RawNode(
            kind=kind,
            name=name,
            place=tree.place,
            texts={
                key: self._texts(found[key], f"{thing}, {key}")
                for key in keys.TEXTS
                if key in found
            },
            cells={
                key: shapes.text(found[key], f"{thing}, {key}")
                for key in (*keys.CELLS, "count", "loop")
                if key in found
            },
            media=self._media(found.get("media"), thing),
            extra=shapes.cells(found.get("extra"), f"{thing}, extra")
            | read_allowed(found.get("allow"), thing, shapes),
            nodes=self._nodes(found.get("questions"), thing),
        )

    def _derived(self, tree: Tree) -> RawDerived:
        shapes = self._shapes
        found = shapes.block(tree, "derived", keys.DERIVED)
        name = shapes.text(found.get("name"), "derived")
        thing = f"derived variable '{name}'"
        return RawDerived(
            name=name,
            place=tree.place,
            label=self._texts(found.get("label"), f"{thing}, label"),
            base=shapes.text(found.get("base"), f"{thing}, base"),
            privacy=shapes.text(found.get("privacy"), f"{thing}, privacy"),
            cases=tuple(
                self._case(each, f"{thing}, cases")
                for each in shapes.listing(found.get("cases"), f"{thing}, cases")
            ),
        )

    def _case(self, tree: Tree, thing: str) -> RawCase:
        found = self._shapes.block(tree, thing, keys.CASE)
        return RawCase(
            code=self._shapes.text(found.get("code"), thing),
            label=self._texts(found.get("label"), thing),
            when=self._shapes.text(found.get("when"), thing),
            place=tree.place,
        )

    def _test(self, tree: Tree) -> RawTest:
        shapes = self._shapes
        found = shapes.block(tree, "tests", keys.TEST)
        name = shapes.text(found.get("name"), "tests")
        thing = f"test '{name}'"
        return RawTest(
            name=name,
            place=tree.place,
            answers=shapes.answers(found.get("answers"), f"{thing}, answers"),
            asked=shapes.names(found.get("asked"), f"{thing}, asked"),
            not_asked=shapes.names(found.get("not_asked"), f"{thing}, not_asked"),
            values=shapes.answers(found.get("values"), f"{thing}, values"),
            refused=shapes.names(found.get("refused"), f"{thing}, refused"),
            ends=shapes.text(found.get("ends"), f"{thing}, ends"),
        )

    def _texts(self, entry: Entry | None, thing: str) -> Texts:
        if entry is None:
            return {}
        if isinstance(entry.value, Mapped):
            note_cut_texts(entry.value, thing, self._codes, self._faults)
            return self._shapes.cells(entry, thing)
        return {self._language: self._shapes.text(entry, thing)}

    def _media(self, entry: Entry | None, thing: str) -> Mapping[str, Texts]:
        found = self._shapes.entry_block(entry, f"{thing}, media", keys.MEDIA)
        return {kind: self._texts(files, f"{thing}, {kind}") for kind, files in found.items()}
