"""study.yaml as a value: everything about one study that is not its questionnaire.

All paths in it start at its own folder. All faults of the file are raised at once.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from pathlib import Path
from types import MappingProxyType
from typing import Literal, TypeAlias

from survey_kit.design.design import Design, Lonely, Sampling
from survey_kit.errors import Fault, FileProblem, StudyError
from survey_kit.questionnaire.model import Privacy
from survey_kit.questionnaire.yaml_file import read_tree
from survey_kit.questionnaire.yaml_tree import Mapped, Scalar
from survey_kit.study.coding_section import StatedCoding, coding_section
from survey_kit.study.section import Section, as_number
from survey_kit.study.versions import Older, older_section
from survey_kit.study.weighting_section import StatedWeighting, weighting_section

Setting: TypeAlias = float | str | bool | tuple[str, ...]
_NOT_IN_NAMES = frozenset('/\\:*?"<>|\n\t')
"""Signs that some system does not take in the name of a folder."""

CheckSettings: TypeAlias = Mapping[str, Mapping[str, Setting] | Literal[False]]


class Intervals(Enum):
    """What may stand beside an estimate.

    MODELLED has to be asked for in a sample that is no probability sample; it is labelled
    so wherever it appears.
    """

    NONE = "none"
    MODELLED = "modelled"
    DESIGN = "design"


@dataclass(frozen=True)
class Answers:
    """Where the answers are, and what the file calls things.

    `columns` maps a column of the file to a question; `ignore` names columns that are
    known and left behind. `encoding` is that of a text file, where it cannot be found out.
    """

    file: Path
    interview: str | None
    ignore: tuple[str, ...]
    columns: Mapping[str, str]
    encoding: str | None = None


@dataclass(frozen=True)
class CorrectionLog:
    """The file of corrections, and how a foreign log's columns and actions are called."""

    file: Path
    columns: Mapping[str, str]
    actions: Mapping[str, str]


@dataclass(frozen=True)
class Protection:
    """What may be shown: thresholds, and classes that the questionnaire does not state.

    `key` is the file with the secret of the pseudonyms. Without one a new secret is made
    for each run and forgotten, so that the pseudonyms of two runs cannot be joined.
    """

    smallest_base: int = 10
    smallest_cell: int = 5
    warn_base: int = 30
    reason: str = ""
    key: Path | None = None
    classes: Mapping[str, Privacy] = field(default_factory=lambda: MappingProxyType({}))


@dataclass(frozen=True)
class Tables:
    """Which questions are tabulated by which; no rows means all that may be."""

    rows: tuple[str, ...] = ()
    by: tuple[str, ...] = ()
    level: float = 0.95


@dataclass(frozen=True)
class StudySettings:
    """One study.

    `complete` is an expression that holds for interviews that count; others are kept and
    counted, and are in no table. `withdrawn` is one that holds for interviews whose answers the
    person took back: they are emptied as they are read. `notice` stands on every screen, sheet, page and file.
    """

    file: Path
    folder: Path
    name: str
    title: str
    notice: str
    language: str | None
    questionnaire: Path
    answers: Answers
    corrections: CorrectionLog | None
    complete: str | None
    withdrawn: str | None
    checks: CheckSettings
    design: Design
    intervals: Intervals
    weighting: StatedWeighting | None
    protection: Protection
    tables: Tables
    themes: tuple[str, ...]
    older: Older = field(default_factory=Older)
    coding: tuple[StatedCoding, ...] = ()
    rounds: Path | None = None
    """The record of what earlier rounds of checks have found; it need not be there yet."""


def definition_at(path: Path) -> Path:
    """The file of a questionnaire: what stands at the path, or that of the study in a folder.

    Of a study only that is read: a form is tried and built before there are any answers.

    Raises
    ------
    FileProblem
        If a folder holds neither a study nor a ``questionnaire.yaml``.
    StudyError
        If the study names no questionnaire, or one that is not there.
    """
    if not path.is_dir() and path.name != "study.yaml":
        return path
    alone = path / "questionnaire.yaml"
    studies = (path / "study.yaml", path / "analysis" / "study.yaml")
    if alone.is_file() and not any(each.is_file() for each in studies):
        return alone
    faults: list[Fault] = []
    found = _section(_file(path), faults).needed_file("questionnaire", "questionnaire.yaml")
    if faults:
        raise StudyError.from_faults(faults)
    return found


def read_study(path: Path) -> StudySettings:
    """Read the study.yaml of a folder (or of `analysis/` in it), or the file itself.

    Raises
    ------
    FileProblem
        If there is no such file, or it is no YAML.
    StudyError
        With every fault in it: unknown keys, missing keys, wrong words, missing files.
    """
    faults: list[Fault] = []
    file = _file(path)
    study = _section(file, faults)
    settings = StudySettings(
        file=file.resolve(),
        folder=file.parent.resolve(),
        name=_name(study),
        title=study.text("title") or study.text("study") or "",
        notice=study.text("notice") or "",
        language=study.text("language"),
        questionnaire=study.needed_file("questionnaire", "questionnaire.yaml"),
        answers=_answers(study),
        corrections=_corrections(study),
        complete=study.text("complete"),
        withdrawn=study.text("withdrawn"),
        checks=_checks(study),
        design=_design(study),
        intervals=_intervals(study),
        weighting=weighting_section(study),
        protection=_protection(study),
        tables=_tables(study),
        themes=_themes(study),
        coding=coding_section(study),
        rounds=_rounds(study),
    )
    settings = replace(settings, older=older_section(study, settings.questionnaire))
    study.finish()
    if faults:
        raise StudyError.from_faults(faults)
    return settings


def _file(path: Path) -> Path:
    """The study.yaml at a path, in a folder, or in ``analysis/`` in it."""
    file = path
    if path.is_dir():
        here, below = path / "study.yaml", path / "analysis" / "study.yaml"
        file = below if below.is_file() and not here.is_file() else here
    if not file.is_file():
        raise FileProblem(
            str(path),
            "there is no study.yaml here",
            "Name the folder of a study, such as analysis/community_perceptions",
        )
    return file


def _section(file: Path, faults: list[Fault]) -> Section:
    tree = read_tree(file)
    if not isinstance(tree, Mapped):
        raise StudyError(file.name, "a study is a mapping of keys", "Begin with  study: NAME")
    return Section(file.parent, tree, faults)


def _name(study: Section) -> str:
    """The name of the study, which is also that of its folder of results."""
    name = study.needed("study", study.folder.resolve().name)
    if name.startswith(".") or _NOT_IN_NAMES & set(name):
        study.fault(
            "study",
            "no folder of results can have this name",
            "Use letters, digits, spaces, _ and -, and begin with a letter or a digit",
        )
    return name


def _answers(study: Section) -> Answers:
    section = study.section("responses")
    if section is None:
        if study.tree_at("responses") is None:
            study.fault(
                "responses",
                "this section is missing",
                "Add  responses:  with  file: PATH  below it",
            )
        return Answers(Path(), None, (), {})
    answers = Answers(
        file=section.needed_file("file", "submissions.zip", folder="submissions"),
        interview=section.text("interview"),
        ignore=section.texts("ignore"),
        columns=section.mapping("columns"),
        encoding=section.text("encoding"),
    )
    section.finish()
    return answers


def _corrections(study: Section) -> CorrectionLog | None:
    section = study.section("corrections")
    if section is None:
        return None
    log = CorrectionLog(
        file=section.needed_file("file", "corrections.csv", folder="logs of corrections"),
        columns=section.mapping("columns"),
        actions=section.mapping("actions"),
    )
    section.finish()
    return log


def _rounds(study: Section) -> Path | None:
    text = study.text("rounds")
    if text is None:
        return None
    path = (study.folder / text).resolve()
    if path.suffix.lower() != ".csv" or not path.parent.is_dir():
        study.fault(
            "rounds",
            "the record of rounds is a CSV file in a folder that is there",
            "Write a name such as rounds.csv",
        )
    return path


def _checks(study: Section) -> CheckSettings:
    """The settings of the checks as they stand; the checks know their own keys."""
    section = study.section("checks")
    if section is None:
        return {}
    found: dict[str, Mapping[str, Setting] | Literal[False]] = {}
    for name in section.keys:
        tree = section.tree_at(name)
        if isinstance(tree, Scalar):
            if tree.text == "false":
                found[name] = False
            elif tree.text != "true":
                section.fault(
                    name, "a check is left out with false", "Write false, or its settings below it"
                )
            continue
        inner = section.section(name)
        found[name] = {key: _setting(inner, key) for key in inner.keys} if inner else {}
    return found


def _setting(section: Section, key: str) -> Setting:
    tree = section.tree_at(key)
    if not isinstance(tree, Scalar):
        return section.texts(key)
    number = as_number(tree.text)
    if number is not None:
        return number
    return tree.text == "true" if tree.text in ("true", "false") else tree.text


def _design(study: Section) -> Design:
    section = study.section("design")
    if section is None:
        if study.tree_at("design") is None:
            words = ", ".join(sampling.value for sampling in Sampling)
            study.fault(
                "design",
                "this section is missing, and how people were chosen decides what may be said of them",
                f"Add  design:  with  sampling:  below it, one of: {words}",
            )
        return Design(sampling=Sampling.PURPOSIVE)
    clusters = section.names("cluster")
    populations = section.texts("population")
    design = Design(
        sampling=Sampling(section.one_of("sampling", [each.value for each in Sampling], None)),
        weight=section.text("weight"),
        stratum=section.text("stratum"),
        cluster=clusters or None,
        population=populations or None,
        nested=section.one_of("nested", ("true", "false"), "false") == "true",
        lonely=Lonely(section.one_of("lonely", [each.value for each in Lonely], "fail")),
    )
    section.asked["intervals"] = None
    section.finish()
    return design


def _intervals(study: Section) -> Intervals:
    section = study.section("design")
    if section is None:
        return Intervals.NONE
    probability = section.text("sampling") == Sampling.PROBABILITY.value
    default = Intervals.DESIGN if probability else Intervals.NONE
    chosen = Intervals(
        section.one_of("intervals", [each.value for each in Intervals], default.value)
    )
    if chosen is Intervals.DESIGN and not probability:
        section.fault(
            "intervals",
            "a design-based interval needs a probability sample",
            "Write modelled, which is labelled so wherever it appears, or none",
        )
    return chosen


def _protection(study: Section) -> Protection:
    section = study.section("protection")
    if section is None:
        return Protection()
    classes: dict[str, Privacy] = {}
    words = [each.value for each in Privacy]
    for name, word in section.mapping("classes").items():
        if word in words:
            classes[name] = Privacy(word)
        else:
            section.fault(
                "classes",
                f"{name}: there is no class {word!r}",
                f"Write one of: {', '.join(words)}",
            )
    standard = Protection()
    protection = Protection(
        smallest_base=section.whole("smallest_base", standard.smallest_base, least=1),
        smallest_cell=section.whole("smallest_cell", standard.smallest_cell, least=1),
        warn_base=section.whole("warn_base", standard.warn_base, least=1),
        reason=section.text("reason") or "",
        key=section.file_at("key"),
        classes=classes,
    )
    section.finish()
    return protection


def _tables(study: Section) -> Tables:
    section = study.section("tables")
    if section is None:
        return Tables()
    level = section.number("level", 0.95)
    if not 0.5 <= level < 1:  # noqa: PLR2004 - a level, as a share
        section.fault("level", "a level is a share such as 0.95", "Write 0.9, 0.95 or 0.99")
    tables = Tables(rows=section.names("rows"), by=section.names("by"), level=level)
    section.finish()
    return tables


def _themes(study: Section) -> tuple[str, ...]:
    section = study.section("findings")
    if section is None:
        return ()
    themes = section.names("themes")
    section.finish()
    return themes
