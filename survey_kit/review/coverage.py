"""How much of a form each language covers: of texts that have one language, those that have this."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from survey_kit.review.reviewed import Reviewed


@dataclass(frozen=True)
class Coverage:
    """Of one language and one kind (label, hint, audio, ...): how many there are, and in all."""

    language: str
    kind: str
    present: int
    whole: int

    @property
    def share(self) -> float:
        """Between 0 and 1."""
        return self.present / self.whole if self.whole else 1.0

    def as_json(self) -> dict[str, Any]:
        """As a program reads it."""
        return {
            "language": self.language,
            "kind": self.kind,
            "present": self.present,
            "of": self.whole,
            "share": round(self.share, 4),
        }


def coverage(reviewed: Reviewed) -> Iterator[Coverage]:
    """One for each language and kind of text or file that the form uses, in that order."""
    whole: Counter[str] = Counter()
    present: Counter[tuple[str, str]] = Counter()
    for each in reviewed.spoken:
        whole[each.kind] += 1
        for language in reviewed.whole.languages:
            present[language, each.kind] += bool(each.texts.get(language))
    for language in reviewed.whole.languages:
        for kind, number in whole.items():
            yield Coverage(language, kind, present[language, kind], number)
