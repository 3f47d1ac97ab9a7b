"""A questionnaire as the sheets of an XLSForm: texts only, nothing about cells or files.

The columns come in one fixed order, except where the questionnaire was read from a
workbook: how that one was laid out is remembered (forms/layout.py) and used again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from survey_kit.errors import DefinitionError
from survey_kit.forms.columns import (
    CHOICES,
    EXTRA,
    SETTINGS,
    SPOKEN,
    SURVEY,
    Column,
    SheetKind,
)
from survey_kit.forms.languages import suffixes
from survey_kit.forms.layout import Layout
from survey_kit.forms.own_sheets import ANALYSIS, TESTS, analysis_grid, tests_grid
from survey_kit.forms.rows import END
from survey_kit.forms.translations.own_sheet import TRANSLATIONS, translations_grid
from survey_kit.questionnaire.model import Group, Question, Repeat
from survey_kit.questionnaire.type_names import type_text

if TYPE_CHECKING:
    from pathlib import Path

    from survey_kit.questionnaire.expression import Expression
    from survey_kit.questionnaire.model import Node, Place, Questionnaire, Texts

KINDS: Mapping[str, SheetKind] = {"survey": SURVEY, "choices": CHOICES, "settings": SETTINGS}
NO_DEFAULT = "none"
"""The setting default_language of a workbook that has languages but names none of them."""
FILE_NAME = "the file's name"
"""The setting form_id of a workbook that has none, and goes by the name of its file."""

_SURVEY_ORDER = (
    "type",
    "name",
    "label",
    "hint",
    "required",
    "required_message",
    "relevant",
    "constraint",
    "constraint_message",
    "calculation",
    "choice_filter",
    "repeat_count",
    "default",
    "read_only",
    "appearance",
    "parameters",
    "media",
    "privacy",
)
_EXPRESSIONS = frozenset(
    {"required", "relevant", "constraint", "calculation", "choice_filter", "repeat_count"}
)
_CURLY = frozenset("‘’“”")
_CHOICES_ORDER = ("list_name", "name", "label", "missing", "media")
_SETTINGS_ORDER = ("form_title", "form_id", "version", "default_language")

_ORDERS = {"survey": _SURVEY_ORDER, "choices": _CHOICES_ORDER, "settings": _SETTINGS_ORDER}

Cells = dict[Column, str]


@dataclass(frozen=True)
class Sheet:
    """A sheet: headers, and under them rows of as many texts. `places` says whence each row."""

    name: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    places: tuple[Place | None, ...] = ()

    @property
    def grid(self) -> tuple[tuple[str, ...], ...]:
        """The headers and the rows, as they stand in the sheet."""
        return (self.headers, *self.rows) if self.headers else self.rows


def name_of_file(path: Path) -> str:
    """The id of a form that says none: as pyxform makes it of the name of the file."""
    return "_".join(path.stem.split())


def for_file(questionnaire: Questionnaire, path: Path) -> Questionnaire:
    """Without its id, where it had none and goes by the name of this file as well."""
    unnamed = questionnaire.settings.get("form_id") == FILE_NAME
    if unnamed and questionnaire.name == name_of_file(path):
        return replace(questionnaire, name="")
    return questionnaire


def sheets(questionnaire: Questionnaire) -> tuple[Sheet, ...]:
    """Every sheet of the XLSForm, survey first.

    Raises
    ------
    DefinitionError
        If something in the questionnaire cannot be said in an XLSForm.
    """
    writer = _Writer(questionnaire)
    survey = list(writer.survey(questionnaire.nodes))
    _check_quotes(survey)
    choices = list(writer.choices())
    made = [writer.sheet("survey", survey)]
    if choices or "choices" in questionnaire.sheets:
        made.append(writer.sheet("choices", choices))
    made.append(writer.sheet("settings", [(writer.settings(), None)]))
    for name, grid in (
        (ANALYSIS, analysis_grid(questionnaire)),
        (TESTS, tests_grid(questionnaire)),
        (TRANSLATIONS, translations_grid(questionnaire)),
    ):
        if grid:
            _check_free(name, questionnaire)
            made.append(Sheet(name, grid[0], grid[1:]))
    made.extend(
        Sheet(name, (), rows) for name, rows in questionnaire.sheets.items() if name not in KINDS
    )
    return tuple(made)


def _check_quotes(rows: Sequence[tuple[Cells, Place | None]]) -> None:
    """Whatever reads an XLSForm makes curly quotes straight, which would end a text too early."""
    for cells, place in rows:
        for column, text in cells.items():
            if column.field in _EXPRESSIONS and _CURLY.intersection(text):
                raise DefinitionError(
                    f"{place or 'questionnaire'}, {column.field}",
                    "a curly quote stands in it, which no XLSForm keeps",
                    "Compare with a code that has none",
                )


def _check_free(name: str, questionnaire: Questionnaire) -> None:
    for other in questionnaire.sheets:
        if other.casefold() == name:
            raise DefinitionError(
                f"sheet {other}",
                f"the questionnaire needs a sheet called {name}, and the workbook has one already",
                "Rename the sheet of the workbook",
            )


def usual_headers(
    name: str, used: Iterable[Column], spoken: Sequence[str | None]
) -> tuple[Column, ...]:
    """The columns of a sheet that nobody laid out: those that are `used`, in the fixed order."""
    needed = dict.fromkeys(used)
    if name == "survey":
        labels = (Column("label", language=suffix) for suffix in spoken)
        needed = dict.fromkeys((Column("type"), Column("name"), *needed, *labels))
    return tuple(sorted(needed, key=lambda column: _rank(column, _ORDERS[name], spoken)))


def _rank(
    column: Column, order: Sequence[str], spoken: Sequence[str | None]
) -> tuple[int, str, int]:
    """Fields in their order, media by kind, languages as declared; others as they come."""
    field = order.index(column.field) if column.field in order else len(order)
    language = spoken.index(column.language) if column.language in spoken else len(spoken)
    part = (column.part or "") if column.field == "media" else ""
    return field, part, language


class _Writer:
    def __init__(self, questionnaire: Questionnaire) -> None:
        self._whole = questionnaire
        self._layouts = {
            name: Layout.remembered(name, questionnaire.sheets.get(name, ())) for name in KINDS
        }
        self._columns = {
            name: KINDS[name].columns(layout.headers) for name, layout in self._layouts.items()
        }
        self._suffixes = suffixes(questionnaire.languages, spoken_in(self._columns.values()))

    def sheet(self, name: str, rows: Sequence[tuple[Cells, Place | None]]) -> Sheet:
        """Rows under their headers: those of the workbook it came from, then all others."""
        layout, columns = self._layouts[name], self._columns[name]
        headers = list(layout.headers)
        used = (column for cells, _ in rows for column in cells)
        if not headers:
            columns = usual_headers(name, used, list(self._suffixes.values()))
            self._check(name, columns)
            headers = [column.header for column in columns]
        else:
            missing = [column for column in dict.fromkeys(used) if column not in columns]
            spoken = list(self._suffixes.values())
            missing.sort(key=lambda column: _rank(column, _ORDERS[name], spoken))
            self._check(name, missing)
            single = _by_single_colons(headers)
            headers.extend(
                column.header.replace("::", ":") if single else column.header for column in missing
            )
            columns = (*columns, *missing)
        grid = [tuple(cells.get(column, "") for column in columns) for cells, _ in rows]
        places = [place for _, place in rows]
        for number, kept in layout.kept:
            at = min(number - 2, len(grid))
            grid.insert(at, (*kept, *[""] * (len(columns) - len(kept)))[: len(columns)])
            places.insert(at, None)
        return Sheet(name, tuple(headers), tuple(grid), tuple(places))

    @staticmethod
    def _check(name: str, columns: Iterable[Column]) -> None:
        for column in columns:
            if KINDS[name].column(column.header, double_colons=True) != column:
                raise DefinitionError(
                    f"sheet {name}",
                    f"a column cannot be called '{column.header}' there: it means something else",
                    "Give the column another name",
                )

    def survey(self, nodes: Sequence[Node]) -> Iterator[tuple[Cells, Place | None]]:
        """The rows of the survey sheet, with begin and end."""
        for node in nodes:
            if isinstance(node, Question):
                yield self._question(node), node.source
                continue
            word = "repeat" if isinstance(node, Repeat) else "group"
            begins = f"begin_{word}"
            if isinstance(node, Group) and node.loop:
                word, begins = "loop", f"begin_loop over {node.loop}"
            yield self._section(node, begins), node.source
            yield from self.survey(node.nodes)
            ending = {
                header.removeprefix(END): text
                for header, text in node.extra.items()
                if header.startswith(END)
            }
            yield (
                {
                    Column("type"): f"end_{word}",
                    Column("name"): node.name,
                    **self._extra(ending, "survey"),
                },
                node.source,
            )

    def _question(self, node: Question) -> Cells:
        return _said(
            {
                Column("type"): type_text(node),
                Column("name"): node.name,
                **self._texts("label", node.label),
                **self._texts("hint", node.hint),
                Column("required"): _truth(node.required),
                **self._texts("required_message", node.required_message),
                Column("relevant"): _source(node.relevant),
                Column("constraint"): _source(node.constraint),
                **self._texts("constraint_message", node.constraint_message),
                Column("calculation"): _source(node.calculation),
                Column("choice_filter"): _source(node.choice_filter),
                Column("default"): node.default or "",
                Column("read_only"): "yes" if node.read_only else "",
                Column("appearance"): node.appearance or "",
                Column("parameters"): node.parameters or "",
                **self._media(node.media),
                Column("privacy"): node.privacy.value if node.privacy else "",
                **self._extra(node.extra, "survey"),
            }
        )

    def _section(self, node: Group | Repeat, word: str) -> Cells:
        beginning = {
            header: text for header, text in node.extra.items() if not header.startswith(END)
        }
        return _said(
            {
                Column("type"): word,
                Column("name"): node.name,
                **self._texts("label", node.label),
                Column("relevant"): _source(node.relevant),
                Column("repeat_count"): _source(node.count if isinstance(node, Repeat) else None),
                Column("appearance"): node.appearance or "",
                **self._extra(beginning, "survey"),
            }
        )

    def choices(self) -> Iterator[tuple[Cells, Place | None]]:
        """The rows of the choices sheet."""
        for each in self._whole.lists.values():
            for choice in each.choices:
                yield (
                    _said(
                        {
                            Column("list_name"): each.name,
                            Column("name"): choice.code,
                            **self._texts("label", choice.label),
                            Column("missing"): choice.missing.value if choice.missing else "",
                            **self._media(choice.media),
                            **self._extra(choice.columns, "choices"),
                        }
                    ),
                    choice.source,
                )

    def settings(self) -> Cells:
        """The one row of the settings sheet."""
        whole = self._whole
        ours = ("default_language", "form_id")
        others = {key: text for key, text in whole.settings.items() if key not in ours}
        return _said(
            {
                Column("form_title"): whole.text(whole.title),
                Column("form_id"): whole.name,
                Column("version"): whole.version,
                Column("default_language"): self._default_language(),
                **self._extra(others, "settings"),
            }
        )

    def _default_language(self) -> str:
        """The first language, unless the workbook it came from said something else."""
        said = self._whole.settings.get("default_language", "")
        if said == NO_DEFAULT:
            return ""
        return said or self._suffixes[self._whole.language] or ""

    def _texts(self, field: str, texts: Texts) -> Cells:
        return {Column(field, language=self._suffixes[code]): text for code, text in texts.items()}

    def _media(self, media: Mapping[str, Texts]) -> Cells:
        return {
            Column("media", kind, self._suffixes[code]): text
            for kind, files in media.items()
            for code, text in files.items()
        }

    def _extra(self, extra: Mapping[str, str], name: str) -> Cells:
        """Each under what its header means, so that a header is never written twice."""
        found: Cells = {}
        for header, text in extra.items():
            as_written = Column(EXTRA, header)
            column = KINDS[name].column(header, double_colons=True)
            known = name == "survey" or column.field == "missing"
            found[column if known and as_written not in self._columns[name] else as_written] = text
        return found


def spoken_in(sheets_of_columns: Iterable[Sequence[Column]]) -> tuple[str | None, ...]:
    """The languages of columns as they are written there, each once, in order."""
    return tuple(
        dict.fromkeys(
            column.language
            for columns in sheets_of_columns
            for column in columns
            if column.field in SPOKEN
        )
    )


def _by_single_colons(headers: Sequence[str]) -> bool:
    return any(":" in header for header in headers) and not any(
        "::" in header for header in headers
    )


def _source(expression: Expression | None) -> str:
    return expression.source if expression else ""


def _truth(expression: Expression | None) -> str:
    source = _source(expression)
    return {"true()": "yes", "false()": "no"}.get(source, source)


def _said(cells: Cells) -> Cells:
    return {column: text for column, text in cells.items() if text}
