"""What KoboToolbox cannot take: pyxform 3.0.0, which it pins, and Enketo, its web form.

From pyxform's own list of changes between 3.0.0 and 4.5.0, and from Enketo's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from survey_kit.questionnaire.model import Question
from survey_kit.questionnaire.words import REFERENCE
from survey_kit.review.feature import lacking, parameters_of
from survey_kit.review.reviewed import trigger_of
from survey_kit.review.rule import Notice, Rule, Severity, Spot

if TYPE_CHECKING:
    from survey_kit.review.reviewed import Located, Reviewed

_PYXFORM = "Kobo converts with pyxform 3.0.0, which refuses it or leaves it out."
_RANGE = frozenset({"placeholder", "tick_interval", "tick_labelset"})
_GEO = frozenset({"incremental", "reference-geometry"})


def _triggers(_: Located, question: Question) -> str:
    names = REFERENCE.findall(trigger_of(question))
    return f"it has {len(names)} triggers" if len(names) > 1 else ""


def _range(_: Located, question: Question) -> str:
    if question.type.name != "range":
        return ""
    found = sorted(_RANGE & set(parameters_of(question)))
    return f"it has the parameter {found[0]}" if found else ""


def _geo(_: Located, question: Question) -> str:
    if not question.type.name.startswith("geo"):
        return ""
    found = sorted(_GEO & set(parameters_of(question)))
    return f"it has the parameter {found[0]}" if found else ""


def _entities(reviewed: Reviewed) -> Iterator[Notice]:
    rows = reviewed.whole.sheets.get("entities", ())
    declared = [row for row in rows[1:] if any(row)]
    if len(declared) > 1:
        yield Notice(reviewed.top.part("entities"), f"{len(declared)} entities are declared")
        return
    for located, question in reviewed.questions:
        saved = question.extra.get("save_to", "")
        if located.repeats and saved:
            yield Notice(located.spot, "an answer in a repeat is saved to an entity")
        elif "#" in saved:
            yield Notice(located.spot, f"save_to names the entity of a property ('{saved}')")


def _client_editable(reviewed: Reviewed) -> Iterator[Notice]:
    if "client_editable" in reviewed.whole.settings:
        yield Notice(
            Spot(reviewed.top.place, "settings, client_editable"), "the setting is not known"
        )


def _external(_: Located, question: Question) -> str:
    called = any(word.startswith("ex:") for word in (question.appearance or "").split())
    return "it opens another app, which Kobo's web form cannot" if called else ""


def _audit(_: Located, question: Question) -> str:
    return "the audit is recorded by Collect alone, not by Kobo's web form" * (
        question.type.name == "audit"
    )


def _same_name(reviewed: Reviewed) -> Iterator[Notice]:
    siblings: dict[tuple[int, str], str] = {(-1, "meta"): "meta"}
    sections: dict[str, str] = {}
    for located in reviewed.nodes:
        name = located.node.name
        around = located.parents[-1].order if located.parents else -1
        first = siblings.setdefault((around, name.casefold()), name)
        if first != name:
            yield Notice(located.spot, f"its name differs from '{first}' in capitals alone")
        elif located.question is None:
            other = sections.setdefault(name, str(located.spot.place))
            if other != str(located.spot.place):
                yield Notice(located.spot, f"the group or repeat at {other} has this name too")


def _empty(reviewed: Reviewed) -> Iterator[Notice]:
    for located in reviewed.nodes:
        if not isinstance(located.node, Question) and not located.node.nodes:
            yield Notice(located.spot, "nothing is in it")


TRIGGERS = lacking(
    "Q811",
    "kobo-triggers",
    profile="kobo",
    summary="Several triggers of one question (pyxform 4.1)",
    why=_PYXFORM,
    remedy="Name one trigger, such as a calculation that joins the others",
    uses=_triggers,
    severity=Severity.ERROR,
)

RANGE = lacking(
    "Q812",
    "kobo-range",
    profile="kobo",
    summary="Ticks and placeholders of a range (pyxform 4.4)",
    why=_PYXFORM,
    remedy="Keep start, end and step",
    uses=_range,
    severity=Severity.ERROR,
)

GEO = lacking(
    "Q813",
    "kobo-geometry",
    profile="kobo",
    summary="incremental (pyxform 4.2) or reference-geometry (4.5) of a position",
    why=_PYXFORM,
    remedy="Leave the parameter out",
    uses=_geo,
    severity=Severity.ERROR,
)

ENTITIES = Rule(
    code="Q814",
    name="kobo-entities",
    severity=Severity.ERROR,
    summary="Entities from repeats (pyxform 4.1), or several entities (4.3)",
    why=_PYXFORM,
    remedy="Declare one entity, outside of repeats",
    check=_entities,
    profile="kobo",
)

CLIENT_EDITABLE = Rule(
    code="Q816",
    name="kobo-client-editable",
    severity=Severity.WARNING,
    summary="The setting client_editable (pyxform 3.1)",
    why=_PYXFORM,
    remedy="Leave it out; Kobo has its own permission for editing",
    check=_client_editable,
    profile="kobo",
)

SAME_NAME = Rule(
    code="Q819",
    name="kobo-same-name",
    severity=Severity.ERROR,
    summary="Two names side by side that differ in capitals alone, or two groups of one name",
    why=_PYXFORM,
    remedy="Give one of the two another name",
    check=_same_name,
    profile="kobo",
)

EMPTY = Rule(
    code="Q820",
    name="kobo-empty-group",
    severity=Severity.ERROR,
    summary="A group without a question (pyxform 4.2)",
    why="pyxform 3.0.0, with which Kobo converts, stops with a fault of its own.",
    remedy="Remove the group, or put a question into it",
    check=_empty,
    profile="kobo",
)

EXTERNAL_APP = lacking(
    "Q817",
    "kobo-external-app",
    profile="kobo",
    summary="A question that opens another app on the phone",
    why="Only KoboCollect can do so.",
    remedy="Collect with the app, or give people another way to answer",
    uses=_external,
)

AUDIT = lacking(
    "Q818",
    "kobo-audit",
    profile="kobo",
    summary="An audit log",
    why="Enketo, Kobo's web form, keeps none.",
    remedy="Expect none of interviews that come over the web",
    uses=_audit,
    severity=Severity.NOTE,
)
