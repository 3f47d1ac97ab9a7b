"""The older forms of a study, and what is to become of answers whose meaning changed.

versions: [../instruments/water/versions/*.yaml]
pool:
  sources: {pond: surface}
  hours: same
  shoe: left_behind
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from survey_kit.errors import StudyError
from survey_kit.questionnaire.yaml_tree import Mapped, Scalar
from survey_kit.responses.pool_rules import NO_RULES, PoolRules

if TYPE_CHECKING:
    import pandas as pd

    from survey_kit.questionnaire.model import Questionnaire
    from survey_kit.study.section import Section

SAME, LEFT_BEHIND = "same", "left_behind"


@dataclass(frozen=True)
class OlderForm:
    """A file with an older form. `version` is what interviews call it, where the file does not."""

    file: Path
    version: str | None = None


@dataclass(frozen=True)
class Older:
    """What a study says of older versions of its form."""

    forms: tuple[OlderForm, ...] = ()
    rules: PoolRules = field(default=NO_RULES)


def older_section(study: Section, newest: Path) -> Older:
    """The keys `versions` and `pool`; what is wrong with them is noted in the section."""
    return Older(tuple(_forms(study, newest)), _rules(study))


def older_forms(older: Older) -> tuple[Questionnaire, ...]:
    """The older forms, read.

    Raises
    ------
    BadInput
        Whatever is wrong with one of them.
    StudyError
        If one of them does not say its version, and the study does not either.
    """
    from survey_kit.forms.read import read_for_answers

    found: list[Questionnaire] = []
    for each in older.forms:
        form = read_for_answers(each.file)
        if each.version is not None:
            form = replace(form, version=each.version)
        if not form.version:
            raise StudyError(
                "study.yaml, versions",
                f"{each.file.name} does not say its version, so no interview can be told to be its",
                f"Write  versions: {{VERSION: {each.file.name}}}  with the version as interviews say it",
            )
        found.append(form)
    return tuple(found)


def _forms(study: Section, newest: Path) -> Iterator[OlderForm]:
    match study.tree_at("versions"):
        case Mapped():
            for version, text in study.mapping("versions").items():
                for file in _files(study, text, newest):
                    yield OlderForm(file, version)
        case _:
            for text in study.texts("versions"):
                for file in _files(study, text, newest):
                    yield OlderForm(file)


def _files(study: Section, text: str, newest: Path) -> list[Path]:
    """The files that a path with or without stars stands for, but for the newest form itself."""
    path = (study.folder / text).resolve()
    found = [path]
    if "*" in text:
        plain = [part for part in Path(text).parts if "*" not in part]
        start = (study.folder / Path(*plain[: _first_star(text)])).resolve()
        pattern = str(Path(*Path(text).parts[_first_star(text) :]))
        found = sorted(each for each in start.glob(pattern) if each.is_file())
    found = [each for each in found if each != newest.resolve() or "*" not in text]
    if not found or not all(each.is_file() for each in found):
        study.fault(
            "versions",
            f"there is no form at {text}",
            "Correct the path; it starts at the folder of study.yaml",
        )
        return []
    return found


def _first_star(text: str) -> int:
    return next(place for place, part in enumerate(Path(text).parts) if "*" in part)


def _rules(study: Section) -> PoolRules:
    section = study.section("pool")
    if section is None:
        return NO_RULES
    codes: dict[str, Mapping[str, str]] = {}
    same: set[str] = set()
    left: set[str] = set()
    for name in section.keys:
        tree = section.tree_at(name)
        if isinstance(tree, Mapped):
            codes[name] = MappingProxyType(section.mapping(name))
        elif isinstance(tree, Scalar) and tree.text == SAME:
            same.add(name)
        elif isinstance(tree, Scalar) and tree.text == LEFT_BEHIND:
            left.add(name)
        else:
            section.fault(
                name,
                "this is no rule",
                f"Write {{OLD CODE: NEW CODE}}, or {SAME}, or {LEFT_BEHIND}",
            )
    return PoolRules(MappingProxyType(codes), frozenset(same), frozenset(left))


def counted_by_version(meta: pd.DataFrame) -> dict[str, int]:
    """Version -> how many interviews were made with it; "" for those that do not say."""
    versions = meta["version"].fillna("").astype("str")
    return {str(version): int(count) for version, count in sorted(versions.value_counts().items())}


def told(counts: Mapping[str, int], newest: str, known: Mapping[str, object]) -> str:
    """The interviews by version for a summary; "" where all were made with the newest form.

    An interview that does not say its version counts as made with the newest.
    """
    parts: list[str] = []
    for version, count in counts.items():
        if version in ("", newest):
            continue
        how = "read with its own form" if version in known else "a version that no form describes"
        parts.append(f"{count:,} of version {version} ({how})")
    return ", ".join(parts)
