"""What changed in a form as a whole: its id, its version, its languages, what is made of it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from survey_kit.questionnaire.model import Derived, Place, Questionnaire
from survey_kit.versions.both import Both, written
from survey_kit.versions.change import About, Change, Kind, Severity
from survey_kit.versions.condition import same

BREAKING, COMPATIBLE, COSMETIC = Severity.BREAKING, Severity.COMPATIBLE, Severity.COSMETIC
_SERIOUS = ("public_key", "submission_url", "name", "instance_xmlns", "namespaces", "encrypt")
"""Settings that decide how, where and under which names answers are kept."""
_FORM_SHEETS = ("entities", "osm", "external_choices")


def form_changes(both: Both) -> Iterator[Change]:
    """Everything about the form as a whole but for its version."""
    old, new = both.old, both.new
    if old.name != new.name and _is_file_name(old) and _is_file_name(new):
        yield _form(
            new.source,
            COMPATIBLE,
            Kind.FORM_ID,
            old.name,
            new.name,
            why="neither form says its id, so that of its file serves: under another file name a"
            " server takes it for another form",
            remedy="Write form_id into its settings",
            look=True,
        )
    elif old.name != new.name:
        yield _form(
            new.source,
            BREAKING,
            Kind.FORM_ID,
            old.name,
            new.name,
            why="servers take it for another form, and its submissions say another name",
            remedy="Keep the form id; the version is what tells versions apart",
        )
    for text in both.texts(old.title, new.title):
        yield _form(new.source, COSMETIC, Kind.TITLE, text.old, text.new, why="a heading")
    yield from _languages(old, new, both)
    for name in dict.fromkeys((*old.settings, *new.settings)):
        if name == "form_id":
            continue
        before, after = old.settings.get(name, ""), new.settings.get(name, "")
        if before != after:
            serious = name in _SERIOUS
            yield _form(
                new.source,
                COMPATIBLE if serious else COSMETIC,
                Kind.SETTING,
                f"{name}: {before}",
                f"{name}: {after}",
                why="how, where or under which names answers are kept"
                if serious
                else "how the form is shown",
                look=serious,
            )
    for name in dict.fromkeys((*old.sheets, *new.sheets)):
        if old.sheets.get(name) != new.sheets.get(name):
            yield _sheet(name, both)


def _is_file_name(form: Questionnaire) -> bool:
    """Whether a form seems to be called after its file, having no id of its own."""
    return form.source is not None and form.name == form.source.file.rpartition(".")[0]


def _sheet(name: str, both: Both) -> Change:
    serious = name.casefold() in _FORM_SHEETS
    before, after = both.old.sheets.get(name), both.new.sheets.get(name)
    return _form(
        both.new.source,
        COMPATIBLE if serious else COSMETIC,
        Kind.SHEET,
        f"{name}: {len(before)} rows" if before is not None else "",
        f"{name}: {len(after)} rows" if after is not None else "",
        why="phones and servers act on this sheet" if serious else "nothing on the phone uses it",
        look=serious,
    )


def _languages(old: Questionnaire, new: Questionnaire, both: Both) -> Iterator[Change]:
    paired_old = {pair[0] for pair in both.languages}
    paired_new = {pair[1] for pair in both.languages}
    for code, name in new.languages.items():
        if code not in paired_new:
            why = "more people can be asked in their language"
            yield _form(new.source, COSMETIC, Kind.LANGUAGE_ADDED, "", f"{name} ({code})", why=why)
    for code, name in old.languages.items():
        if code not in paired_old:
            why = "people who were asked in it before are asked in another language, or not at all"
            yield _form(
                new.source,
                COMPATIBLE,
                Kind.LANGUAGE_REMOVED,
                f"{name} ({code})",
                "",
                why=why,
                look=True,
            )
    if both.languages and (old.language, new.language) not in both.languages:
        why = "the form opens in another language"
        yield _form(new.source, COSMETIC, Kind.LANGUAGE_FIRST, old.language, new.language, why=why)


def _form(
    place: Place | None,
    severity: Severity,
    kind: Kind,
    old: str,
    new: str,
    *,
    why: str,
    remedy: str = "",
    look: bool = False,
) -> Change:
    return Change(severity, kind, About.FORM, "", old, new, why, remedy, place=place, look=look)


def version_unchanged(both: Both, changes: Iterable[Change]) -> Iterator[Change]:
    """A form that changed and kept its version: phones do not fetch it, and no interview tells."""
    shown = [change for change in changes if change.on_the_phone]
    if not shown or both.old.version != both.new.version:
        return
    version = both.new.version
    if not version:
        yield _form(
            both.new.source,
            COMPATIBLE,
            Kind.VERSION_UNCHANGED,
            "",
            "",
            why="neither form says its version: unless the server sets one, phones do not fetch the "
            "new form, and interviews cannot be told apart",
            remedy="Give every form a version",
            look=True,
        )
        return
    yield _form(
        both.new.source,
        BREAKING,
        Kind.VERSION_UNCHANGED,
        version,
        version,
        why="phones do not fetch a form whose version they have, and nothing tells old interviews "
        "from new ones",
        remedy="Give the new form a new version",
    )


def analysis_changes(both: Both) -> Iterator[Change]:
    """What is made of the answers: derived variables, margins, tests."""
    olds = {each.name: each for each in both.old.derived}
    news = {each.name: each for each in both.new.derived}
    for name, derived in news.items():
        if name not in olds:
            why = "it is worked out anew for all interviews"
            yield _derived(derived, COMPATIBLE, Kind.ADDED, "", _definition(derived), why=why)
        else:
            yield from _changed(both, olds[name], derived)
    for name, derived in olds.items():
        if name not in news:
            why = "nothing that was collected is lost, but tables that were made of it cannot be made again"
            yield _derived(derived, COMPATIBLE, Kind.REMOVED, _definition(derived), "", why=why)
    before, after = both.old.weight_margins, both.new.weight_margins
    if before != after:
        why = "weights are adjusted to other figures: numbers change"
        yield _form(
            both.new.source, COMPATIBLE, Kind.MARGINS, written(before), written(after), why=why
        )
    yield from _trust(both)
    if both.old.tests != both.new.tests:
        counts = (f"{len(form.tests)} tests" for form in (both.old, both.new))
        why = "tests say what the form does, and change nothing in it"
        yield _form(both.new.source, COSMETIC, Kind.TESTS, *counts, why=why)


def _trust(both: Both) -> Iterator[Change]:
    """Languages in which texts are drafts that were not, or are none any more."""
    for code in both.new.languages:
        before = both.old.translations.get(code, {})
        after = both.new.translations.get(code, {})
        if code in both.old.languages and before != after:
            yield _form(
                both.new.source,
                COSMETIC,
                Kind.TRUST,
                f"{code}: something said of {len(before)} texts",
                f"{code}: something said of {len(after)} texts",
                why="how far texts may be trusted is said otherwise; the texts are not changed by it",
            )


def _changed(both: Both, old: Derived, new: Derived) -> Iterator[Change]:
    if _rules(old) != _rules(new):
        alike = _codes(old) == _codes(new) and all(
            same(before, after, both.names_old, both.names_new)
            for before, after in zip(
                (old.base, *(case.when for case in old.cases)),
                (new.base, *(case.when for case in new.cases)),
                strict=True,
            )
        )
        yield _derived(
            new,
            COSMETIC if alike else COMPATIBLE,
            Kind.DEFINITION,
            _definition(old),
            _definition(new),
            why="written otherwise, worth the same"
            if alike
            else "it is worked out anew for all interviews, so old and new ones stand side by side; "
            "numbers published before are not comparable",
            look=not alike,
        )
    if old.privacy is not new.privacy:
        words = [each.value if each else "not classed" for each in (old.privacy, new.privacy)]
        why = "it is protected otherwise than before"
        yield _derived(new, COMPATIBLE, Kind.PRIVACY, *words, why=why, look=True)
    labels = [
        text
        for before, after in zip(
            (old.label, *(case.label for case in old.cases)),
            (new.label, *(case.label for case in new.cases)),
            strict=False,
        )
        for text in both.texts(before, after)
    ]
    for text in labels:
        yield _derived(new, COSMETIC, Kind.LABEL, text.old, text.new, why="a heading in tables")


def _rules(derived: Derived) -> tuple[str, ...]:
    """Base and cases as they are written."""
    return (str(derived.base), *(f"{case.code}: {case.when}" for case in derived.cases))


def _codes(derived: Derived) -> tuple[str, ...]:
    return tuple(case.code for case in derived.cases)


def _definition(derived: Derived) -> str:
    cases = "; ".join(f"{case.code} if {case.when}" for case in derived.cases)
    return f"of {derived.base}: {cases}" if derived.base else cases


def _derived(
    derived: Derived,
    severity: Severity,
    kind: Kind,
    old: str,
    new: str,
    *,
    why: str,
    look: bool = False,
) -> Change:
    change = _form(derived.source, severity, kind, old, new, why=why, look=look)
    return replace(change, about=About.DERIVED, subject=derived.name)
