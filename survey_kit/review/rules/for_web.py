"""What forms in a browser cannot do: ODK Web Forms 0.24 and Enketo 9, as measured.

Web Forms is what ODK Central shows since 2026.2. Its own feature matrix and our trials are the
source; each rule says which of the two lacks what.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from survey_kit.questionnaire.direction import right_to_left
from survey_kit.questionnaire.words import REFERENCE
from survey_kit.review.feature import lacking, words_in
from survey_kit.review.rule import Notice, Rule, Severity, Spot

if TYPE_CHECKING:
    from survey_kit.questionnaire.model import Question
    from survey_kit.review.reviewed import Located, Reviewed

_ENOUGH = 5_000
"""Letters by which a language is known for the direction of its writing."""
_CALENDARS = frozenset(
    {"ethiopian", "coptic", "islamic", "bikram-sambat", "myanmar", "persian", "buddhist"}
)
_DEVICE = frozenset({"deviceid", "subscriberid", "simserial", "phonenumber"})


def _direction(reviewed: Reviewed) -> Iterator[Notice]:
    for code, name in reviewed.whole.languages.items():
        said = (each.texts.get(code, "") for each in reviewed.spoken if not each.media)
        text = REFERENCE.sub("", " ".join(said)[:_ENOUGH])
        if right_to_left(code, text):
            yield Notice(
                reviewed.top.part(f"language '{code}'").named(code),
                f"{name} is written from right to left, and Web Forms shows it from left to right",
            )


def _pages(reviewed: Reviewed) -> Iterator[Notice]:
    if "pages" in reviewed.whole.settings.get("style", "").split():
        yield Notice(
            Spot(reviewed.top.place, "settings, style"),
            "the form is parted into pages, and Web Forms shows all of it on one",
        )


def _encrypted(reviewed: Reviewed) -> Iterator[Notice]:
    if reviewed.whole.settings.get("public_key"):
        yield Notice(
            Spot(reviewed.top.place, "settings, public_key"),
            "interviews are to be encrypted, and Web Forms sends them in clear",
        )


def _autoplay(_: Located, question: Question) -> str:
    found = any(key.rpartition("::")[2] == "autoplay" for key in question.extra)
    return "its sound is to play by itself" if found else ""


def _uploads(_: Located, question: Question) -> str:
    kinds = {"audio": "a recording", "video": "a video", "file": "a file"}
    what = kinds.get(question.type.name, "")
    return f"it asks for {what}" if what else ""


def _drawings(_: Located, question: Question) -> str:
    found = sorted(words_in(question) & {"signature", "draw", "annotate"})
    return f"it asks for a drawing ('{found[0]}')" if found else ""


def _barcode(_: Located, question: Question) -> str:
    return "it reads a barcode" if question.type.name == "barcode" else ""


def _background(_: Located, question: Question) -> str:
    kinds = {
        "background-audio": "a recording of the interview",
        "audit": "an audit log",
        "background-geopoint": "positions in the background",
    }
    what = kinds.get(question.type.name, "")
    return f"it needs {what}" if what else ""


def _device(_: Located, question: Question) -> str:
    return "a browser knows nothing of the telephone" if question.type.name in _DEVICE else ""


def _calendar(_: Located, question: Question) -> str:
    found = sorted(words_in(question) & _CALENDARS)
    return f"it shows the calendar '{found[0]}'" if found else ""


def _last_saved(_: Located, question: Question) -> str:
    sources = [question.default or ""]
    sources += [
        each.source
        for each in (question.calculation, question.relevant, question.constraint)
        if each is not None
    ]
    found = any("last-saved#" in source for source in sources)
    return "it takes the answer of the interview before" if found else ""


def _guidance(_: Located, question: Question) -> str:
    found = any(key.split("::")[0] == "guidance_hint" for key in question.extra) or bool(
        getattr(question, "guidance_hint", None)
    )
    return "its guidance for enumerators is not shown" if found else ""


def _app(_: Located, question: Question) -> str:
    called = any(
        word.startswith(("ex:", "printer:")) for word in (question.appearance or "").split()
    )
    return "it opens another app" if called else ""


DIRECTION = Rule(
    code="Q821",
    name="web-right-to-left",
    severity=Severity.WARNING,
    summary="A language that is written from right to left (Web Forms has no direction)",
    why="Punctuation, numbers and choices stand on the wrong side (web-forms#480).",
    remedy="Use Enketo or Collect for it, or set the direction on the page around the form",
    check=_direction,
    profile="web",
)

PAGES = Rule(
    code="Q822",
    name="web-pages",
    severity=Severity.NOTE,
    summary="Pages (Web Forms shows one long page)",
    why="People who answer by themselves see everything that is still to come.",
    remedy="Keep web forms short, or use Enketo",
    check=_pages,
    profile="web",
)

ENCRYPTED = Rule(
    code="Q823",
    name="web-encryption",
    severity=Severity.ERROR,
    summary="A public key (Web Forms sends in clear)",
    why="What was promised to be unreadable on the server is readable there.",
    remedy="Use Collect or Enketo, or do not offer the form on the web",
    check=_encrypted,
    profile="web",
)

AUTOPLAY = lacking(
    "Q824",
    "web-autoplay",
    profile="web",
    summary="Sound that plays by itself (Web Forms: no)",
    why="Who waits for it hears nothing.",
    remedy="Tell people to press play",
    uses=_autoplay,
    severity=Severity.NOTE,
)

UPLOADS = lacking(
    "Q825",
    "web-uploads",
    profile="web",
    summary="A recording, video or file as an answer (Web Forms: upload only, or not yet)",
    why="Web Forms 0.22 cannot take it; Enketo's own component takes a file but cannot record.",
    remedy="Do not require it on the web",
    uses=_uploads,
)

DRAWINGS = lacking(
    "Q826",
    "web-drawing",
    profile="web",
    summary="A signature or drawing (Web Forms: no)",
    why="It becomes the upload of a picture.",
    remedy="Do not require it on the web",
    uses=_drawings,
)

BARCODE = lacking(
    "Q827",
    "web-barcode",
    profile="web",
    summary="A barcode (Web Forms and Enketo: typed in by hand, or not at all)",
    why="A browser has no reader for it.",
    remedy="Ask for the number as text as well",
    uses=_barcode,
)

BACKGROUND = lacking(
    "Q828",
    "web-background",
    profile="web",
    summary="Recording in the background: audio, audit, positions (Web Forms: no)",
    why="It stays empty, so checks that rest on it say nothing of web interviews.",
    remedy="Do not count on it for web interviews",
    uses=_background,
)

DEVICE = lacking(
    "Q829",
    "web-device",
    profile="web",
    summary="The number of the telephone or SIM card",
    why="A browser gives a made-up number or none.",
    remedy="Ask for the enumerator's code instead",
    uses=_device,
    severity=Severity.NOTE,
)

CALENDAR = lacking(
    "Q830",
    "web-calendar",
    profile="web",
    summary="A calendar other than the Gregorian (Web Forms: no)",
    why="People see a calendar that they may not know (web-forms#315).",
    remedy="Ask for year and month in words they know",
    uses=_calendar,
)

LAST_SAVED = lacking(
    "Q831",
    "web-last-saved",
    profile="web",
    summary="The answer of the interview before (Web Forms: no)",
    why="There is none in a browser, so it is blank (web-forms#306).",
    remedy="Do not depend on it",
    uses=_last_saved,
)

GUIDANCE = lacking(
    "Q832",
    "web-guidance",
    profile="web",
    summary="Guidance for enumerators (Web Forms: not shown)",
    why="What an enumerator needs to know is not on the screen.",
    remedy="Put it into the hint",
    uses=_guidance,
    severity=Severity.NOTE,
)

OTHER_APP = lacking(
    "Q833",
    "web-other-app",
    profile="web",
    summary="A question that opens another app on the phone",
    why="A browser cannot.",
    remedy="Give people another way to answer",
    uses=_app,
)
