"""What the columns of an XLSForm mean, whatever they are called.

Twenty years have left most columns several names (``relevance``, ``bind::relevant``,
``Constraint Message``). Here each becomes one `Column`; what is not known stays as it is
written, because somebody else may know it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

EXTRA = "extra"
"""The field of a column that has no meaning here."""

_BIND: Mapping[str, tuple[str, ...]] = {
    "read_only": ("bind", "readonly"),
    "readonly": ("bind", "readonly"),
    "relevant": ("bind", "relevant"),
    "relevance": ("bind", "relevant"),
    "required": ("bind", "required"),
    "constraint": ("bind", "constraint"),
    "constraining_message": ("bind", "jr:constraintMsg"),
    "constraint_message": ("bind", "jr:constraintMsg"),
    "calculation": ("bind", "calculate"),
    "calculate": ("bind", "calculate"),
    "requiredmsg": ("bind", "jr:requiredMsg"),
    "required_message": ("bind", "jr:requiredMsg"),
    "appearance": ("control", "appearance"),
    "count": ("control", "jr:count"),
    "repeat_count": ("control", "jr:count"),
    "jr:count": ("control", "jr:count"),
    "body": ("control",),
    "caption": ("label",),
    "command": ("type",),
    "tag": ("name",),
    "value": ("name",),
}
_MEDIA: Mapping[str, tuple[str, ...]] = {
    kind: ("media", kind) for kind in ("image", "big-image", "audio", "video")
}
_SURVEY_FIELDS: Mapping[tuple[str, ...], str] = {
    ("type",): "type",
    ("name",): "name",
    ("label",): "label",
    ("hint",): "hint",
    ("bind", "required"): "required",
    ("bind", "jr:requiredMsg"): "required_message",
    ("bind", "relevant"): "relevant",
    ("bind", "constraint"): "constraint",
    ("bind", "jr:constraintMsg"): "constraint_message",
    ("bind", "calculate"): "calculation",
    ("choice_filter",): "choice_filter",
    ("control", "jr:count"): "repeat_count",
    ("default",): "default",
    ("bind", "readonly"): "read_only",
    ("control", "appearance"): "appearance",
    ("parameters",): "parameters",
    ("media", "image"): "media",
    ("media", "big-image"): "media",
    ("media", "audio"): "media",
    ("media", "video"): "media",
    ("privacy",): "privacy",
}
_CHOICE_FIELDS: Mapping[tuple[str, ...], str] = {
    ("list_name",): "list_name",
    ("name",): "name",
    ("label",): "label",
    ("media", "image"): "media",
    ("media", "big-image"): "media",
    ("media", "audio"): "media",
    ("media", "video"): "media",
    ("missing",): "missing",
}
_SETTINGS: Mapping[str, tuple[str, ...]] = {
    "id_string": ("form_id",),
    "set_form_id": ("form_id",),
    "title": ("form_title",),
    "set_form_title": ("form_title",),
}
_SETTINGS_FIELDS: Mapping[tuple[str, ...], str] = {
    (field,): field for field in ("form_id", "form_title", "version", "default_language")
}
SPOKEN = frozenset({"label", "hint", "constraint_message", "required_message", "media"})


@dataclass(frozen=True)
class Column:
    """One meaning: a field, the kind of medium or the unknown header, and a language.

    The language is its suffix as it is written: ``French (fr)``.
    """

    field: str
    part: str | None = None
    language: str | None = None

    @property
    def header(self) -> str:
        """The name under which it is written."""
        if self.field == EXTRA:
            return self.part or ""
        return "::".join(each for each in (self.field, self.part, self.language) if each)


@dataclass(frozen=True)
class SheetKind:
    """The fields and other names of fields in one kind of sheet."""

    fields: Mapping[tuple[str, ...], str]
    aliases: Mapping[str, tuple[str, ...]]

    def column(self, header: str, *, double_colons: bool) -> Column:
        """What a header means. A single colon parts it only where no header has two."""
        mark = "::" if double_colons or "::" in header else ":"
        tokens = [token.strip() for token in header.split(mark)]
        if "jr" in tokens[:-1]:
            at = tokens.index("jr")
            tokens[at : at + 2] = [f"jr:{tokens[at + 1]}"]
        whole = _snake(header)
        first = self.aliases.get(whole) or self.aliases.get(_snake(tokens[0]))
        if first is None:
            first = (_snake(tokens[0]),)
        rest = () if whole in self.aliases else tuple(tokens[1:])
        path = (*first, *rest)
        for length in (2, 1):
            field = self.fields.get(path[:length])
            if field is None:
                continue
            after = path[length:]
            part = path[1] if field == "media" else None
            if not after:
                return Column(field, part)
            if len(after) == 1 and after[0] and field in SPOKEN:
                return Column(field, part, after[0])
            break
        return Column(EXTRA, header)

    def columns(self, headers: Sequence[str]) -> tuple[Column, ...]:
        """What each header of a sheet means.

        Of two that mean the same, the one with the proper name does, or else the first; the
        other is a column like any that is not known. One without a header goes by its letter.
        """
        double = any("::" in header for header in headers)
        found: list[Column] = []
        for position, header in enumerate(headers):
            if not header:
                found.append(Column(EXTRA, f"column_{letters(position)}"))
                continue
            column = self.column(header, double_colons=double)
            if column in found and header == column.header:
                first = found.index(column)
                found[first] = Column(EXTRA, headers[first])
            found.append(Column(EXTRA, header) if column in found else column)
        return tuple(found)


SURVEY = SheetKind(_SURVEY_FIELDS, MappingProxyType({**_BIND, **_MEDIA}))
CHOICES = SheetKind(
    _CHOICE_FIELDS,
    MappingProxyType({"caption": ("label",), "value": ("name",), **_MEDIA}),
)
SETTINGS = SheetKind(_SETTINGS_FIELDS, _SETTINGS)


def letters(position: int) -> str:
    """The letters of a column.

    >>> letters(0), letters(26)
    ('A', 'AA')
    """
    found = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        found = chr(ord("A") + rest) + found
    return found


def _snake(text: str) -> str:
    return "_".join(text.split()).lower()
