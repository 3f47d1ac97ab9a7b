"""One section of study.yaml, read key by key.

Every fault is noted with its line and none is raised until the whole file has been
read; a key that nobody asked for is a fault too, because a misspelt setting that is
ignored looks exactly like a setting that was applied.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from survey_kit.errors import Fault
from survey_kit.questionnaire.yaml_tree import Entry, Listing, Mapped, Scalar, Tree


@dataclass
class Section:
    """A mapping of study.yaml that is being read.

    `path` holds the keys that lead to it. `asked` collects the keys that were asked for.
    """

    folder: Path
    tree: Mapped
    faults: list[Fault]
    path: tuple[str, ...] = ()
    asked: dict[str, None] = field(default_factory=dict[str, None])

    def __post_init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        for entry in self.tree.entries:
            twice = entry.key in self.entries
            self.entries[entry.key] = entry
            if twice:
                self.fault(entry.key, "this key stands here twice", "Keep one of the two")

    @property
    def keys(self) -> tuple[str, ...]:
        """The keys that stand in the section."""
        return tuple(self.entries)

    def fault(self, key: str, what: str, remedy: str) -> None:
        """Note a fault at a key, or at the section where the key is not there."""
        place = self.entries[key].place if key in self.entries else self.tree.place
        found = Fault(str(place), f"{'.'.join((*self.path, key))}: {what}", remedy)
        if found not in self.faults:
            self.faults.append(found)

    def tree_at(self, key: str) -> Tree | None:
        """What stands at a key; None where it is absent or left empty."""
        self.asked[key] = None
        entry = self.entries.get(key)
        if entry is None or entry.value == Scalar("", entry.value.place):
            return None
        return entry.value

    def text(self, key: str) -> str | None:
        """A text."""
        match self.tree_at(key):
            case None:
                return None
            case Scalar(text):
                return text
            case Listing() | Mapped():
                self.fault(key, "a text is needed here", "Write one text after the colon")
                return None

    def needed(self, key: str, example: str) -> str:
        """A text that has to be there."""
        value = self.text(key)
        if value is None and self.tree_at(key) is None:
            self.fault(key, "this is missing", f"Add a line such as  {key}: {example}")
        return value or ""

    def file_at(self, key: str, *, folder: str = "") -> Path | None:
        """A path relative to the folder of study.yaml; it has to exist.

        It may be a folder only where `folder` says what a folder there would hold.
        """
        text = self.text(key)
        if text is None:
            return None
        path = (self.folder / text).resolve()
        if not path.exists():
            remedy = "Correct the path; it starts at the folder of study.yaml"
            self.fault(key, f"there is nothing at {text}", remedy)
        elif path.is_dir() and not folder:
            self.fault(key, f"{text} is a folder", "Name the file in it")
        return path

    def needed_file(self, key: str, example: str, *, folder: str = "") -> Path:
        """A path that has to be there."""
        path = self.file_at(key, folder=folder)
        return path or Path(self.needed(key, example))

    def number(self, key: str, default: float, *, least: float = 0.0) -> float:
        """A number not below a least one."""
        text = self.text(key)
        if text is None:
            return default
        number = as_number(text)
        if number is None or number < least:
            what = f"a number of at least {least:g} is needed here"
            self.fault(key, what, f"Write a number, such as {default:g}")
            return default
        return number

    def whole(self, key: str, default: int, *, least: int) -> int:
        """A whole number not below a least one."""
        number = self.number(key, default, least=least)
        if number != int(number):
            self.fault(key, "a whole number is needed here", f"Write a number, such as {default}")
        return int(number)

    def names(self, key: str) -> tuple[str, ...]:
        """A list of names, each of which may stand in it once."""
        names = self.texts(key)
        for name in dict.fromkeys(each for each in names if names.count(each) > 1):
            self.fault(key, f"{name} stands in it twice", "Leave one of them out")
        return names

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; a single text counts as a list of one."""
        match self.tree_at(key):
            case None:
                return ()
            case Scalar(text):
                return (text,)
            case Listing(elements) if all(isinstance(e, Scalar) for e in elements):
                return tuple(e.text for e in elements if isinstance(e, Scalar))
            case _:
                remedy = "Write [first, second] after the colon"
                self.fault(key, "a list of texts is needed here", remedy)
                return ()

    def mapping(self, key: str) -> dict[str, str]:
        """Texts by text."""
        match self.tree_at(key):
            case None:
                return {}
            case Mapped(entries) if all(isinstance(each.value, Scalar) for each in entries):
                return {e.key: e.value.text for e in entries if isinstance(e.value, Scalar)}
            case _:
                what = "this needs a value for each of several names"
                self.fault(key, what, "Write one  name: value  a line, indented")
                return {}

    def one_of(self, key: str, words: Iterable[str], default: str | None) -> str:
        """One of a few words. Without a default the key has to be there."""
        allowed = tuple(words)
        value = self.text(key)
        if self.tree_at(key) is None and default is None:
            self.fault(key, "this is missing", f"Write one of: {', '.join(allowed)}")
        elif value is not None and value not in allowed:
            what = f"there is no {value!r}{did_you_mean(value, allowed)}"
            self.fault(key, what, f"Write one of: {', '.join(allowed)}")
        return value if value in allowed else default or allowed[0]

    def section(self, key: str) -> Section | None:
        """A section inside this one."""
        tree = self.tree_at(key)
        if tree is None:
            return None
        if not isinstance(tree, Mapped):
            what = "this is a section with keys of its own"
            self.fault(key, what, "Indent its keys below it")
            return None
        return Section(self.folder, tree, self.faults, (*self.path, key))

    def finish(self) -> None:
        """Note every key that nobody asked for."""
        for key in self.entries:
            if key not in self.asked:
                what = f"there is no such key{did_you_mean(key, self.asked)}"
                self.fault(key, what, f"The keys here are: {', '.join(self.asked)}")


def as_number(text: str) -> float | None:
    """A finite number, or None."""
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """The end of a sentence that offers the nearest known word, if one is near."""
    close = get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
