"""What KoboToolbox cannot take: pyxform 3.0.0, which it pins, and Enketo, its web form.

From pyxform's own list of changes between 3.0.0 and 4.5.0, and from Enketo's.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from survey_kit.questionnaire.words import REFERENCE
from survey_kit.review.feature import lacking, parameters_of
from survey_kit.review.reviewed import trigger_of
from survey_kit.review.rule import Notice, Rule, Severity, Spot

if TYPE_CHECKING:
    from survey_kit.questionnaire.model import Question
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
        if located.repeats and "save_to" in question.extra:
            yield Notice(located.spot, "an answer in a repeat is saved to an entity")


def _instance_id(reviewed: Reviewed) -> Iterator[Notice]:
    for written in reviewed.written:
        if "instanceID" in written.expression.answers:
            yield Notice(written.spot, "it refers to ${instanceID}")


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

INSTANCE_ID = Rule(
    code="Q815",
    name="kobo-instance-id",
    severity=Severity.ERROR,
    summary="${instanceID} in an expression (pyxform 4.2)",
    why=_PYXFORM,
    remedy="Calculate uuid() once, and refer to that",
    check=_instance_id,
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
