"""The shapes that values of a YAML file may have; whatever has another one is a fault."""

from __future__ import annotations

from typing import TYPE_CHECKING

from survey_kit.questionnaire.words import meant
from survey_kit.questionnaire.yaml_tree import Entry, Listing, Mapped, Scalar

if TYPE_CHECKING:
    from collections.abc import Iterable

    from survey_kit.questionnaire.faults import Faults
    from survey_kit.questionnaire.model import Place
    from survey_kit.questionnaire.yaml_tree import Tree


class Shapes:
    """Takes values out of a tree; a missing value is an empty one."""

    def __init__(self, faults: Faults) -> None:
        self._faults = faults

    def block(self, tree: Tree, thing: str, known: Iterable[str] | None) -> dict[str, Entry]:
        """The entries of a mapping by key. With `known`, any other key is a fault."""
        if isinstance(tree, Scalar) and not tree.text.strip():
            return {}
        if not isinstance(tree, Mapped):
            self._faults.add(
                tree.place, thing, "keys and values are missing here", "Write key: value"
            )
            return {}
        found: dict[str, Entry] = {}
        for entry in tree.entries:
            if entry.key in found:
                self._faults.add(
                    entry.place, thing, f"the key '{entry.key}' stands here twice", "Remove one"
                )
            elif known is not None and entry.key not in known:
                self._faults.add(
                    entry.place,
                    thing,
                    f"there is no key '{entry.key}'",
                    meant(entry.key, known, otherwise=f"The keys are {', '.join(known)}"),
                )
            else:
                found[entry.key] = entry
        return found

    def entry_block(
        self, entry: Entry | None, thing: str, known: Iterable[str]
    ) -> dict[str, Entry]:
        """As `block`, of the value of an entry that may be missing."""
        return self.block(entry.value, thing, known) if entry else {}

    def free_block(self, entry: Entry | None, thing: str) -> dict[str, Entry]:
        """As `block`, of an entry that may be missing, with any keys."""
        return self.block(entry.value, thing, None) if entry else {}

    def text(self, entry: Entry | None, thing: str) -> str:
        """A text."""
        return self._text(entry.value, thing) if entry else ""

    def _text(self, tree: Tree, thing: str) -> str:
        if isinstance(tree, Scalar):
            return tree.text.strip()
        self._faults.add(
            tree.place,
            thing,
            "a text was expected here, not a list or keys",
            'Write one text, and put it into quotes if it begins with a bracket: "..."',
        )
        return ""

    def cells(self, entry: Entry | None, thing: str) -> dict[str, str]:
        """Texts by key, those that say something."""
        found = {
            key: self.text(each, f"{thing}, {key}")
            for key, each in self.free_block(entry, thing).items()
        }
        return {key: text for key, text in found.items() if text}

    def answers(self, entry: Entry | None, thing: str) -> dict[str, str]:
        """Answers by question; several codes may be written as a list. An empty one is kept."""
        return {
            key: " ".join(self.names(each, f"{thing}, {key}"))
            if isinstance(each.value, Listing)
            else self.text(each, f"{thing}, {key}")
            for key, each in self.free_block(entry, thing).items()
        }

    def listing(self, entry: Entry | None, thing: str) -> tuple[Tree, ...]:
        """The elements of a list."""
        return self._elements(entry.value, thing) if entry else ()

    def _elements(self, tree: Tree, thing: str) -> tuple[Tree, ...]:
        if isinstance(tree, Listing):
            return tree.elements
        if not (isinstance(tree, Scalar) and not tree.text.strip()):
            self._faults.add(
                tree.place, thing, "a list was expected here", "Begin every element with a hyphen"
            )
        return ()

    def placed_names(self, entry: Entry | None, thing: str) -> tuple[tuple[str, Place], ...]:
        """Texts of a list, each with its place."""
        return tuple((self._text(each, thing), each.place) for each in self.listing(entry, thing))

    def names(self, entry: Entry | None, thing: str) -> tuple[str, ...]:
        """Texts of a list."""
        return tuple(name for name, _ in self.placed_names(entry, thing))

    def row(self, tree: Tree, thing: str) -> tuple[str, ...]:
        """The cells of one row of a sheet."""
        return tuple(self._text(each, thing) for each in self._elements(tree, thing))
