"""One section of study.yaml, read key by key.

Every fault is noted with its line and none is raised until the whole file has been
read; a key that nobody asked for is a fault too, because a misspelt setting that is
ignored looks exactly like a setting that was applied.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import cast

from survey_kit.errors import Fault
from survey_kit.questionnaire.yaml_file import LineMap


@dataclass
class Section:
    """A mapping of study.yaml that is being read.

    `path` holds the keys that lead to it. `asked` collects the keys that were asked for.
    """

    file: Path
    values: Mapping[str, object]
    lines: LineMap
    faults: list[Fault]
    path: tuple[str, ...] = ()
    asked: set[str] = field(default_factory=set[str])

    def where(self, key: str = "") -> str:
        """The file and the line of a key, as a reader would say it."""
        line = self.lines.get((*self.path, key) if key else self.path)
        return f"{self.file.name}, line {line}" if line else self.file.name

    def name(self, key: str) -> str:
        """The key with the keys that lead to it: ``design.sampling``."""
        return ".".join((*self.path, key))

    def fault(self, key: str, what: str, remedy: str) -> None:
        """Note a fault at a key."""
        self.faults.append(Fault(self.where(key), f"{self.name(key)}: {what}", remedy))

    def take(self, key: str) -> object:
        """The value as it stands, None where it is absent."""
        self.asked.add(key)
        return self.values.get(key)

    def text(self, key: str) -> str | None:
        """A text; numbers count as the text that was written."""
        value = self.take(key)
        if value is None:
            return None
        if isinstance(value, (str, int, float)) and not isinstance(value, bool):
            return str(value)
        self.fault(key, "a text is needed here", "Write one text after the colon")
        return None

    def needed(self, key: str, example: str) -> str:
        """A text that has to be there."""
        value = self.text(key)
        if value is None:
            if key not in self.values:
                self.fault(key, "this is missing", f"Add a line such as  {key}: {example}")
            return ""
        return value

    def file_at(self, key: str) -> Path | None:
        """A path relative to the folder of study.yaml; it has to exist."""
        text = self.text(key)
        if text is None:
            return None
        path = (self.file.parent / text).resolve()
        if not path.exists():
            self.fault(
                key,
                f"there is nothing at {text}",
                "Correct the path; it starts at the folder of this file",
            )
        return path

    def number(self, key: str, default: float, *, least: float = 0.0) -> float:
        """A number not below a least one."""
        value = self.take(key)
        if value is None:
            return default
        if isinstance(value, (int, float)) and not isinstance(value, bool) and value >= least:
            return float(value)
        self.fault(
            key,
            f"a number of at least {least:g} is needed here",
            f"Write a number, such as {default:g}",
        )
        return default

    def texts(self, key: str) -> tuple[str, ...]:
        """A list of texts; a single text counts as a list of one."""
        value = self.take(key)
        if value is None:
            return ()
        items = cast("list[object]", value) if isinstance(value, list) else [value]
        if any(isinstance(item, (dict, list)) or item is None for item in items):
            self.fault(
                key, "a list of texts is needed here", "Write [first, second] after the colon"
            )
            return ()
        return tuple(str(item) for item in items)

    def mapping(self, key: str) -> dict[str, str]:
        """Texts by text."""
        value = self.take(key)
        if value is None:
            return {}
        if isinstance(value, dict):
            return {str(k): str(v) for k, v in cast("dict[object, object]", value).items()}
        self.fault(
            key,
            "this needs a value for each of several names",
            "Write one `name: value` a line, indented",
        )
        return {}

    def one_of(self, key: str, words: Iterable[str], default: str | None) -> str:
        """One of a few words. Without a default the key has to be there."""
        allowed = tuple(words)
        value = self.text(key)
        if value is None:
            if default is None and key not in self.values:
                self.fault(key, "this is missing", f"Write one of: {', '.join(allowed)}")
            return default or allowed[0]
        if value not in allowed:
            self.fault(
                key,
                f"there is no {value!r}{_did_you_mean(value, allowed)}",
                f"Write one of: {', '.join(allowed)}",
            )
            return default or allowed[0]
        return value

    def section(self, key: str) -> Section | None:
        """A section inside this one."""
        value = self.take(key)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.fault(key, "this is a section with keys of its own", "Indent its keys below it")
            return None
        values = {str(k): v for k, v in cast("dict[object, object]", value).items()}
        return Section(self.file, values, self.lines, self.faults, (*self.path, key))

    def finish(self) -> None:
        """Note every key that nobody asked for."""
        for key in self.values:
            if key not in self.asked:
                known = ", ".join(sorted(self.asked))
                self.fault(
                    key,
                    f"there is no such key{_did_you_mean(key, self.asked)}",
                    f"The keys here are: {known}",
                )


def _did_you_mean(word: str, known: Iterable[str]) -> str:
    close = get_close_matches(word, list(known), n=1)
    return f"; did you mean {close[0]!r}?" if close else ""
