"""What changed in a question that both forms have."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from survey_kit.questionnaire.expression import Expression
from survey_kit.questionnaire.model import Item, Place, Privacy, Question, Texts
from survey_kit.questionnaire.question_type import QuestionType, Storage
from survey_kit.versions.both import Both, holds_data
from survey_kit.versions.change import About, Change, Kind, Severity
from survey_kit.versions.condition import Relation, relation, same
from survey_kit.versions.matching import RENAMED_FROM, Pair
from survey_kit.versions.wording import Likeness

BREAKING, COMPATIBLE, COSMETIC = Severity.BREAKING, Severity.COMPATIBLE, Severity.COSMETIC

_POOLED_TYPES = frozenset({(Storage.INTEGER, Storage.DECIMAL)})
"""Storages that differ, where every old answer is a new one as it stands."""

_KEPT_APART = frozenset(
    {"select_multiple", "rank", "geopoint", "start-geopoint", "geotrace", "geoshape"}
)
"""Types that are stored alike and do not mean the same."""

_SAME_THING = ({"geopoint", "start-geopoint"},)

_LOGIC_COLUMNS = ("trigger", "bind::", "instance::", "save_to", "repeat_count", "control::")
"""Beginnings of columns without a meaning here that change what is stored."""

_ACCEPTS = ("start", "end", "step", "randomize", "seed")
"""Parameters that change which answers are possible or in which order they are read."""

_STRICTNESS = {Privacy.PLAIN: 0, Privacy.QUASI: 1, Privacy.SENSITIVE: 2, Privacy.IDENTIFIER: 3}


@dataclass(frozen=True)
class Told:
    """What a change of a condition is, told for one kind of condition."""

    kind: Kind
    narrower: str
    wider: str
    other: str


ASKED = Told(
    Kind.RELEVANT,
    "fewer people are asked: old answers have a larger base than new ones",
    "more people are asked: old answers have a smaller base than new ones",
    "other people are asked: old and new answers have different bases",
)
ACCEPTED = Told(
    Kind.CONSTRAINT,
    "answers that were accepted before are refused now; old ones stay as they are, and the check"
    " of constraints would find them",
    "more answers are accepted than before",
    "other answers are accepted than before; the check of constraints would judge old ones by it",
)
OFFERED = Told(
    Kind.CHOICE_FILTER,
    "fewer choices are offered than before",
    "choices are offered that were not before",
    "other choices are offered than before",
)
OBLIGED = Told(
    Kind.REQUIRED,
    "it may be left blank where it could not before",
    "it may not be left blank where it could before",
    "it may be left blank in other cases than before",
)


def question_changes(both: Both, pair: Pair) -> Iterator[Change]:
    """Everything that changed in one question but for its place and its choices."""
    old, new = pair.old.question, pair.new.question
    change = Changed.question(pair.new)
    if pair.renamed:
        yield _renamed(change, pair, guessed=pair.new.key in both.matching.guessed)
    elif pair.old.key != pair.new.key:
        yield change.by(
            COMPATIBLE,
            Kind.COLUMN_NAME,
            pair.old.key,
            pair.new.key,
            why="its column has another name, since two questions now share one, or no longer do",
        )
    if old.type.name != new.type.name:
        yield _type(change, old.type, new.type)
    yield from _texts(both, change, old, new)
    yield from _logic(both, change, pair)
    yield from _rest(change, old, new)


@dataclass(frozen=True)
class Changed:
    """Makes the changes of one question or group."""

    about: About
    subject: str
    place: Place | None

    @classmethod
    def question(cls, item: Item) -> Changed:
        """For the changes of a question."""
        return cls(About.QUESTION, item.key, item.question.source)

    def by(
        self,
        severity: Severity,
        kind: Kind,
        old: object,
        new: object,
        *,
        why: str,
        remedy: str = "",
        look: bool = False,
    ) -> Change:
        """One change."""
        return Change(
            severity,
            kind,
            self.about,
            self.subject,
            _said(old),
            _said(new),
            why,
            remedy,
            place=self.place,
            look=look,
        )


def _said(value: object) -> str:
    return "" if value is None else str(value)


def _renamed(change: Changed, pair: Pair, *, guessed: bool) -> Change:
    old, new = pair.old.question.name, pair.new.question.name
    if not holds_data(pair.old):
        return change.by(COSMETIC, Kind.RENAMED, old, new, why="it holds no answers")
    if guessed:
        return change.by(
            BREAKING,
            Kind.RENAMED,
            old,
            new,
            why="type, wording and choices are the same, and nothing says that it is the same question:"
            " old answers are not found under the new name",
            remedy=f"If it is, write  {RENAMED_FROM[0]}: {old}  among its columns (in YAML under extra)",
        )
    return change.by(
        COMPATIBLE,
        Kind.RENAMED,
        old,
        new,
        why="the form says so: old interviews are read with the old form and pooled under the new name",
        remedy="List the old form under versions in study.yaml",
        look=True,
    )


def _type(change: Changed, old: QuestionType, new: QuestionType) -> Change:
    if old.storage is Storage.NOTHING:
        why = "it held no answers before"
        severity = COSMETIC if new.storage is Storage.NOTHING else COMPATIBLE
        return change.by(severity, Kind.TYPE, old.name, new.name, why=why)
    if new.storage is Storage.NOTHING:
        why = "it holds no answers any more, so those that were given have no home"
        return change.by(
            BREAKING, Kind.TYPE, old.name, new.name, why=why, remedy="Keep it under its name"
        )
    apart = bool({old.name, new.name} & _KEPT_APART) and {old.name, new.name} not in _SAME_THING
    if (old.storage is new.storage and not apart) or (old.storage, new.storage) in _POOLED_TYPES:
        why = "every old answer is one that the new type takes"
        return change.by(COMPATIBLE, Kind.TYPE, old.name, new.name, why=why)
    what = f"old answers are {old.storage.value}, new ones {new.storage.value}"
    if old.storage is new.storage:
        what = "the two types are stored alike and mean different things"
    remedy = "Give the new question a name of its own"
    return change.by(BREAKING, Kind.TYPE, old.name, new.name, why=what, remedy=remedy)


def _texts(both: Both, change: Changed, old: Question, new: Question) -> Iterator[Change]:
    for text in both.texts(old.label, new.label):
        small = text.likeness in (Likeness.SPELT, Likeness.NEAR) or not text.old
        if not text.old:
            why = "the text was missing"
        elif not text.new:
            why = "the text is missing now: nobody can be asked in this language"
        elif small:
            why = "only how it is spelt, or an explanation in brackets"
        else:
            why = "it is worded otherwise, so it may be answered otherwise"
        kind = Kind.TRANSLATION if text.language else Kind.LABEL
        severity = COSMETIC if small else COMPATIBLE
        said = f"{text.language}: " if text.language else ""
        before, after = f"{said}{text.old}", f"{said}{text.new}"
        yield change.by(severity, kind, before, after, why=why, look=not small)
    for kind, before, after in (
        (Kind.HINT, old.hint, new.hint),
        (Kind.MESSAGE, old.constraint_message, new.constraint_message),
        (Kind.MESSAGE, old.required_message, new.required_message),
    ):
        for text in both.texts(before, after):
            said = f"{text.language}: " if text.language else ""
            why = "it is read beside the question"
            yield change.by(COSMETIC, kind, f"{said}{text.old}", f"{said}{text.new}", why=why)
    if _plain(old.media) != _plain(new.media):
        why = "another picture, voice or film beside the same words"
        yield change.by(COSMETIC, Kind.MEDIA, _media(old.media), _media(new.media), why=why)


def _plain(media: Mapping[str, Texts]) -> dict[str, dict[str, str]]:
    return {kind: dict(texts) for kind, texts in media.items()}


def _media(media: Mapping[str, Texts]) -> str:
    return ", ".join(f"{kind} {name}" for kind, by in media.items() for name in by.values())


def _logic(both: Both, change: Changed, pair: Pair) -> Iterator[Change]:
    old, new = pair.old.question, pair.new.question
    yield from _asked(both, change, pair)
    yield from condition(both, change, ACCEPTED, old.constraint, new.constraint)
    yield from condition(both, change, OFFERED, old.choice_filter, new.choice_filter)
    yield from _required(both, change, old, new)
    if _source(old.calculation) == _source(new.calculation):
        return
    if same(old.calculation, new.calculation, both.names_old, both.names_new):
        why = "written otherwise, worth the same"
        yield change.by(COSMETIC, Kind.CALCULATION, old.calculation, new.calculation, why=why)
    else:
        yield change.by(
            BREAKING,
            Kind.CALCULATION,
            old.calculation,
            new.calculation,
            why="old results were worked out by another rule and stand in the same column",
            remedy="Give the new calculation a name of its own; or say in study.yaml, under pool, "
            f"{change.subject}: same, if the results are the same",
        )


def _asked(both: Both, change: Changed, pair: Pair) -> Iterator[Change]:
    """A question's own relevant; those of groups around it too, where it changed its place."""
    old, new = pair.old, pair.new
    own = _source(old.question.relevant), _source(new.question.relevant)
    if own[0] == own[1] and old.path == new.path:
        return
    found = relation(
        (*old.gates, old.question.relevant),
        (*new.gates, new.question.relevant),
        both.names_old,
        both.names_new,
    )
    if own[0] == own[1] and found is Relation.SAME:
        return
    if old.path == new.path:
        yield from condition(both, change, ASKED, old.question.relevant, new.question.relevant)
        return
    before, after = (
        _all((*old.gates, old.question.relevant)),
        _all((*new.gates, new.question.relevant)),
    )
    yield from _told(change, ASKED, before, after, found)


def _all(expressions: tuple[Expression | None, ...]) -> str:
    return " and ".join(f"({each.source})" for each in expressions if each is not None)


def condition(
    both: Both, change: Changed, told: Told, old: Expression | None, new: Expression | None
) -> Iterator[Change]:
    """What a change of a condition does."""
    if _source(old) == _source(new):
        return
    found = relation((old,), (new,), both.names_old, both.names_new)
    yield from _told(change, told, _source(old), _source(new), found)


def _told(change: Changed, told: Told, old: str, new: str, found: Relation) -> Iterator[Change]:
    match found:
        case Relation.SAME:
            why = "written otherwise; it holds in the same cases"
            yield change.by(COSMETIC, told.kind, old, new, why=why)
        case Relation.NARROWER:
            yield change.by(COMPATIBLE, told.kind, old, new, why=told.narrower, look=True)
        case Relation.WIDER:
            yield change.by(COMPATIBLE, told.kind, old, new, why=told.wider, look=True)
        case Relation.OTHER:
            yield change.by(COMPATIBLE, told.kind, old, new, why=told.other, look=True)


def _required(both: Both, change: Changed, old: Question, new: Question) -> Iterator[Change]:
    """None is never required; for all other conditions None always holds."""
    before, after = _source(old.required), _source(new.required)
    if before == after:
        return
    if not before or not after:
        why = OBLIGED.wider if after else OBLIGED.narrower
        yield change.by(COMPATIBLE, Kind.REQUIRED, before, after, why=why)
        return
    found = relation((old.required,), (new.required,), both.names_old, both.names_new)
    yield from _told(change, OBLIGED, before, after, found)


def _source(expression: Expression | None) -> str:
    return expression.source if expression is not None else ""


def _rest(change: Changed, old: Question, new: Question) -> Iterator[Change]:
    if old.default != new.default:
        why = "an answer that is there beforehand is often left as it is"
        yield change.by(COMPATIBLE, Kind.DEFAULT, old.default, new.default, why=why)
    if old.read_only != new.read_only:
        words = {True: "read only", False: "can be changed"}
        why = "who fills it in is another"
        yield change.by(
            COMPATIBLE, Kind.READ_ONLY, words[old.read_only], words[new.read_only], why=why
        )
    if old.parameters != new.parameters:
        yield _parameters(change, old.parameters or "", new.parameters or "")
    if old.spelling != new.spelling:
        why = "the same type by another name, of which phones take notice"
        yield change.by(COSMETIC, Kind.APPEARANCE, old.spelling, new.spelling, why=why)
    if old.appearance != new.appearance:
        why = "it looks otherwise on the phone"
        yield change.by(COSMETIC, Kind.APPEARANCE, old.appearance, new.appearance, why=why)
    if old.privacy is not new.privacy:
        yield _privacy(change, old.privacy, new.privacy)
    yield from columns(change, old.extra, new.extra)


def _parameters(change: Changed, old: str, new: str) -> Change:
    before, after = _pairs(old), _pairs(new)
    if any(before.get(name) != after.get(name) for name in _ACCEPTS):
        why = "other answers are possible, or stand in another order"
        return change.by(COMPATIBLE, Kind.PARAMETERS, old, new, why=why, look=True)
    return change.by(COSMETIC, Kind.PARAMETERS, old, new, why="how it works on the phone")


def _pairs(parameters: str) -> dict[str, str]:
    evened = parameters.replace(",", " ").replace(";", " ").split()
    return dict(each.split("=", 1) for each in evened if "=" in each)


def _privacy(change: Changed, old: Privacy | None, new: Privacy | None) -> Change:
    words = [each.value if each else "not classed" for each in (old, new)]
    if old is not None and new is not None and _STRICTNESS[new] < _STRICTNESS[old]:
        why = "it is protected less than when people answered it: what was promised to them?"
        return change.by(COMPATIBLE, Kind.PRIVACY, *words, why=why, look=True)
    why = "it is protected otherwise; data that left before were made with the old class"
    return change.by(COMPATIBLE, Kind.PRIVACY, *words, why=why, look=new is None)


def columns(change: Changed, old: Mapping[str, str], new: Mapping[str, str]) -> Iterator[Change]:
    """Columns without a meaning of their own here."""
    for name in dict.fromkeys((*old, *new)):
        before, after = old.get(name, ""), new.get(name, "")
        if before == after or name in RENAMED_FROM:
            continue
        logic = name.casefold().startswith(_LOGIC_COLUMNS)
        why = (
            "what is stored, or when, may change with it"
            if logic
            else "no answer depends on this column as far as is known here"
        )
        severity = COMPATIBLE if logic else COSMETIC
        yield change.by(
            severity, Kind.COLUMN, f"{name}: {before}", f"{name}: {after}", why=why, look=logic
        )
