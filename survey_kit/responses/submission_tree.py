"""The form as a tree of nodes, each of which knows where the text of a submission goes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

from survey_kit.questionnaire.model import Group, Item, Question, Questionnaire, Repeat
from survey_kit.questionnaire.model import Node as FormNode
from survey_kit.responses.matching import holds_answers
from survey_kit.responses.metadata import metadata_name

Leaf: TypeAlias = tuple[int, str, bool]


@dataclass(slots=True)
class FormNodeSlot:
    """Where the text of a node goes.

    slot
        Position in the row of its frame; -1 for a group, and for what is not known.
    repeat
        Name of the repeat that begins here, or "".
    known
        Whether the questionnaire has it.
    leaves
        A node below as it is written, ``age>17``, -> its slot, its text, and whether an end follows.
    groups
        The beginning of a group below as it is written -> the group.
    """

    path: str
    slot: int = -1
    repeat: str = ""
    known: bool = True
    metadata: str = ""
    children: dict[str, FormNodeSlot] = field(default_factory=dict[str, "FormNodeSlot"])
    is_group: bool = False
    leaves: dict[str, Leaf] = field(default_factory=dict[str, "Leaf"])
    groups: dict[str, FormNodeSlot] = field(default_factory=dict[str, "FormNodeSlot"])


def keys_of(questionnaire: Questionnaire, repeat: str | None) -> list[str]:
    """The questions of the rows of a repeat, or of the interviews, in order."""
    return [item.key for item in questionnaire.items if holds_answers(item, repeat)]


def form_tree(questionnaire: Questionnaire, keys: Mapping[str, list[str]]) -> FormNodeSlot:
    """The form as a tree of nodes, each knowing its place in a row."""
    slots = {key: slot for names in keys.values() for slot, key in enumerate(names)}
    by_path = {(*item.path, item.question.name): item for item in questionnaire.items}
    root = FormNodeSlot("")
    waiting: list[tuple[FormNodeSlot, tuple[str, ...], FormNode]] = [
        (root, (), node) for node in questionnaire.nodes
    ]
    while waiting:
        above, path, node = waiting.pop()
        here = (*path, node.name)
        below = above.children.setdefault(node.name, FormNodeSlot("/".join(here)))
        match node:
            case Question():
                below.slot = slots.get(by_path[here].key, -1)
                if node.type.name == "audit":
                    meta = root.children.setdefault("meta", FormNodeSlot("meta"))
                    meta.children["audit"] = below
            case Group():
                below.is_group = True
                waiting += [(below, here, child) for child in node.nodes]
            case Repeat():
                below.repeat = node.name
                # Forms keep beside a repeat how many rows it is to have; its rows say so themselves.
                counted = f"{node.name}_count"
                above.children.setdefault(counted, FormNodeSlot("/".join((*path, counted))))
                waiting += [(below, here, child) for child in node.nodes]
    return root


def declare(root: FormNodeSlot, path: str, item: Item, keys: Mapping[str, list[str]]) -> None:
    """Give a node to a question, where it stands in the repeat in which the question is asked."""
    *groups, name = path.split("/")
    above, repeat = root, ""
    for group in groups:
        above = above.children.setdefault(group, FormNodeSlot(f"{above.path}/{group}".strip("/")))
        repeat = above.repeat or repeat
    slots = keys.get(repeat, [])
    if repeat == (item.repeats[-1] if item.repeats else "") and item.key in slots:
        node = above.children.setdefault(name, FormNodeSlot(path))
        node.slot = slots.index(item.key) if node.slot < 0 else node.slot


def unknown_node(above: FormNodeSlot, tag: str) -> FormNodeSlot:
    """A node that stands under another spelling, is metadata, or is not in the form.

    It is remembered below the node above it, so that the next submission finds it at once.
    """
    plain = tag.rpartition(":")[2]
    known = above.children.get(plain)
    if known is None:
        path = f"{above.path}/{plain}" if above.path else plain
        name = metadata_name(path)
        known = FormNodeSlot(path, known=False, metadata=name)
    above.children[tag] = known
    return known
