"""What changed in a list of choices.

A code is what data hold, its label is what people chose. So a code may not go, and may not
come to mean something else: it would turn old answers into answers that nobody gave.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from survey_kit.questionnaire.model import Choice, ChoiceList
from survey_kit.versions.both import Both, Taken, TextChange, written
from survey_kit.versions.change import About, Change, Kind, Severity
from survey_kit.versions.matching import longest_in_order
from survey_kit.versions.wording import Likeness, plain

_SAYS_NOTHING = "old answers hold this code, and under the new form nothing says what they meant"
_KEEP = (
    "Keep the code, if need be with a filter that no longer offers it; or say in study.yaml, "
    "under pool, which code takes its place"
)
_REVERSED = "Give the new meaning a new code"


def list_changes(both: Both) -> Iterator[Change]:
    """Changes in the lists of both forms, list by list."""
    for taken in both.taken:
        if taken.old is not None and taken.new is not None:
            yield from _Lists(both, taken.old, taken.new, taken.questions).changes()
        elif taken.names[0] != taken.names[1] or taken.old is not taken.new:
            yield _not_comparable(taken, both)
    used = {name for taken in both.taken for name in taken.names}
    used |= {
        each.choices
        for pair in both.matching.pairs
        for each in (pair.old.question, pair.new.question)
        if each.choices
    }
    for name, new in both.new.lists.items():
        old = both.old.lists.get(name)
        if name not in used and old is not None:
            for change in _Lists(both, old, new, ()).changes():
                why = "no question of both forms takes this list"
                yield replace(change, severity=Severity.COSMETIC, why=why, remedy="", look=False)


def _not_comparable(taken: Taken, both: Both) -> Change:
    first = taken.questions[0]
    return Change(
        Severity.COMPATIBLE,
        Kind.LIST_FILE,
        About.QUESTION,
        first,
        *taken.names,
        "the choices are not all known here, so whether every old code is still there cannot be seen",
        "Compare the two files, or put them beside the forms",
        place=both.new.by_key[first].question.source,
        questions=taken.questions,
        look=True,
    )


def _by_row(choices: ChoiceList) -> Mapping[str, Choice]:
    """The choices by code; one whose code stands in the list before has its number after it."""
    found: dict[str, Choice] = {}
    times: Counter[str] = Counter()
    for choice in choices.choices:
        times[choice.code] += 1
        again = times[choice.code]
        found[choice.code if again == 1 else f"{choice.code} ({again})"] = choice
    return found


@dataclass(frozen=True)
class _Lists:
    both: Both
    old: ChoiceList
    new: ChoiceList
    questions: tuple[str, ...]

    @cached_property
    def olds(self) -> Mapping[str, Choice]:
        """The old choices by code and number."""
        return _by_row(self.old)

    @cached_property
    def news(self) -> Mapping[str, Choice]:
        """The new choices by code and number."""
        return _by_row(self.new)

    def changes(self) -> Iterator[Change]:
        recoded = self._recoded
        for code, choice in self.olds.items():
            if code in recoded:
                yield self._code_changed(choice, self.news[recoded[code]])
            elif code not in self.news:
                yield self._removed(choice)
        came = set(recoded.values())
        for code, choice in self.news.items():
            if code in self.olds:
                yield from self._same_code(self.olds[code], choice)
            elif code not in came:
                yield self._added(choice)
        yield from self._order()

    def _change(
        self,
        severity: Severity,
        kind: Kind,
        old: str,
        new: str,
        why: str,
        *,
        remedy: str = "",
        choice: Choice,
        look: bool = False,
        code: str = "",
    ) -> Change:
        return Change(
            severity,
            kind,
            About.LIST,
            self.new.name,
            old,
            new,
            why,
            remedy,
            place=choice.source,
            questions=self.questions,
            look=look,
            code=code or choice.code,
        )

    @cached_property
    def _recoded(self) -> Mapping[str, str]:
        """Old code -> new code, where the code went and its label came back under another."""
        gone = {c: x for c, x in self.olds.items() if c not in self.news}
        came = {c: x for c, x in self.news.items() if c not in self.olds}
        found: dict[str, str] = {}
        for of_old, of_new in self.both.languages:
            labels: dict[str, list[str]] = {}
            for code, choice in came.items():
                labels.setdefault(plain(choice.label.get(of_new, "")), []).append(code)
            for code, choice in gone.items():
                said = plain(choice.label.get(of_old, ""))
                codes = labels.get(said, []) if said else []
                if code not in found and len(codes) == 1 and codes[0] not in found.values():
                    found[code] = codes[0]
        return found

    @property
    def _question(self) -> str:
        """The first question that takes the list, as an example of how to write a rule."""
        return self.questions[0] if self.questions else "QUESTION"

    def _label(self, choice: Choice, *, old: bool) -> str:
        form = self.both.old if old else self.both.new
        said = form.text(choice.label)
        return f"{choice.code} ({said})" if said else choice.code

    def _code_changed(self, old: Choice, new: Choice) -> Change:
        return self._change(
            Severity.BREAKING,
            Kind.CHOICE_RECODED,
            self._label(old, old=True),
            self._label(new, old=False),
            "old answers hold the old code, and new ones another for the same thing",
            remedy=f"Keep the code '{old.code}', or say in study.yaml, under pool, "
            f"{self._question}: {{{old.code}: {new.code}}}",
            choice=new,
            code=old.code,
        )

    def _removed(self, choice: Choice) -> Change:
        if choice.code in self.news:
            why = "the code stood there more than once, and still stands there"
            said = self._label(choice, old=True)
            kind = Kind.CHOICE_REMOVED
            return self._change(Severity.COMPATIBLE, kind, said, "", why, choice=choice, look=True)
        return self._change(
            Severity.BREAKING,
            Kind.CHOICE_REMOVED,
            self._label(choice, old=True),
            "",
            _SAYS_NOTHING,
            remedy=_KEEP,
            choice=choice,
        )

    def _added(self, choice: Choice) -> Change:
        return self._change(
            Severity.COMPATIBLE,
            Kind.CHOICE_ADDED,
            "",
            self._label(choice, old=False),
            "nobody could choose it before, so its share among old interviews is no share of people",
            choice=choice,
            look=True,
        )

    def _same_code(self, old: Choice, new: Choice) -> Iterator[Change]:
        texts = list(self.both.texts(old.label, new.label))
        yield from self._wording(old, new, texts)
        if old.missing is not new.missing:
            words = [each.value if each else "an answer" for each in (old.missing, new.missing)]
            yield self._change(
                Severity.COMPATIBLE,
                Kind.CHOICE_MISSING,
                f"{old.code}: {words[0]}",
                f"{new.code}: {words[1]}",
                "those who chose it are in the base of tables under one form and not under the other",
                choice=new,
                look=True,
            )
        if dict(old.columns) != dict(new.columns):
            yield self._change(
                Severity.COMPATIBLE,
                Kind.CHOICE_COLUMN,
                f"{old.code}: {_columns(old)}",
                f"{new.code}: {_columns(new)}",
                "choice filters look at these columns: the choice may be offered to others now",
                choice=new,
            )
        if {k: dict(v) for k, v in old.media.items()} != {k: dict(v) for k, v in new.media.items()}:
            yield self._change(
                Severity.COSMETIC,
                Kind.CHOICE_MEDIA,
                f"{old.code}: {_media(old)}",
                f"{new.code}: {_media(new)}",
                "another picture or voice for the same code",
                choice=new,
            )

    def _wording(self, old: Choice, new: Choice, texts: list[TextChange]) -> Iterator[Change]:
        said = [each for each in texts if each.old and each.new]
        taken = next((each for each in said if self._said_by_another(old, each)), None)
        if taken is not None:
            why = "the code now says what another code said: answers of both would be mixed up"
            yield self._meaning(old, new, taken, why)
            return
        anchored = len(said) < self._languages(old, new) or any(
            each.likeness is not Likeness.OTHER for each in said
        )
        other = [each for each in said if each.likeness is Likeness.OTHER]
        if other and not anchored:
            why = "the code is the same and says something else: old answers would be misread"
            yield self._meaning(old, new, other[0], why)
            return
        for each in texts:
            yield self._reworded(old, new, each)

    def _languages(self, old: Choice, new: Choice) -> int:
        """In how many languages the choice has a label in both forms."""
        return sum(
            bool(old.label.get(a)) and bool(new.label.get(b)) for a, b in self.both.languages
        )

    def _said_by_another(self, old: Choice, text: TextChange) -> bool:
        """Whether the new label of a code is the old one of another."""
        if text.likeness in (Likeness.SAME, Likeness.SPELT):
            return False
        language = next(
            a for a, b in self.both.languages if b == (text.language or self.both.new.language)
        )
        wanted = plain(text.new)
        return any(
            plain(choice.label.get(language, "")) == wanted
            for choice in self.old.choices
            if choice.code != old.code
        )

    def _meaning(self, old: Choice, new: Choice, text: TextChange, why: str) -> Change:
        return self._change(
            Severity.BREAKING,
            Kind.CHOICE_MEANING,
            f"{old.code} ({text.old})",
            f"{new.code} ({text.new})",
            why,
            remedy=f"{_REVERSED}; if it means the same, say so in study.yaml, under pool: "
            f"{self._question}: same",
            choice=new,
        )

    def _reworded(self, old: Choice, new: Choice, text: TextChange) -> Change:
        """Words that leave the meaning of the code as it was."""
        spelt = text.likeness is Likeness.SPELT or not text.old
        severity = Severity.COSMETIC if spelt else Severity.COMPATIBLE
        kind = Kind.CHOICE_TRANSLATION if text.language else Kind.CHOICE_WORDING
        why = "only how it is spelt" if spelt else "the code means the same, in other words"
        if not text.old:
            why = "the label was missing"
        elif not text.new:
            why = "the label is missing now"
        in_language = f" in {text.language}" if text.language else ""
        return self._change(
            severity,
            kind,
            f"{old.code} ({text.old})",
            f"{new.code}{in_language} ({text.new})",
            why,
            choice=new,
            look=not spelt,
        )

    def _order(self) -> Iterator[Change]:
        places = {code: place for place, code in enumerate(self.olds)}
        shared = [code for code in self.news if code in places]
        kept = longest_in_order([places[code] for code in shared])
        moved = [code for position, code in enumerate(shared) if position not in kept]
        if moved:
            before = [code for code in self.olds if code in self.news]
            yield self._change(
                Severity.COMPATIBLE,
                Kind.CHOICE_ORDER,
                written(before),
                written(shared),
                f"what stands first is chosen more often; moved: {written(moved)}",
                choice=self.news[moved[0]],
            )


def _columns(choice: Choice) -> str:
    return written(f"{name}={text}" for name, text in choice.columns.items())


def _media(choice: Choice) -> str:
    return written(f"{kind} {name}" for kind, by in choice.media.items() for name in by.values())
