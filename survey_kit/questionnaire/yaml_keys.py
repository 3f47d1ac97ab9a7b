"""The keys of the YAML format, and what belongs to each: the format on one page."""

from __future__ import annotations

WHOLE = (
    "questionnaire",
    "version",
    "title",
    "languages",
    "translations",
    "settings",
    "choices",
    "interview",
    "analysis",
    "tests",
    "allow",
    "sheets",
)
TEXTS = ("label", "hint", "constraint_message", "required_message")
"""Keys of a question that are said in several languages."""
CELLS = (
    "type",
    "required",
    "relevant",
    "constraint",
    "calculation",
    "choice_filter",
    "default",
    "read_only",
    "appearance",
    "parameters",
    "privacy",
)
QUESTION = ("name", *CELLS, *TEXTS, "media", "allow", "extra")
GROUP = ("group", "label", "relevant", "loop", "appearance", "allow", "extra", "questions")
REPEAT = ("repeat", "label", "relevant", "count", "appearance", "allow", "extra", "questions")
MEDIA = ("image", "big-image", "audio", "video")
CHOICE = ("code", "label", "missing", "media", "columns")
"""All other keys of a choice are columns for choice filters."""
ANALYSIS = ("weight_margins", "derived")
DERIVED = ("name", "label", "base", "privacy", "cases")
CASE = ("code", "label", "when")
TEST = ("name", "answers", "asked", "not_asked", "values", "refused", "ends")
LANGUAGE = ("name", "file")
"""A language that is kept in a file of its own."""
TRANSLATION = ("status", "source", "by", "on", "comment")
"""What is known of one translation; where it is the status alone, the word is enough."""
