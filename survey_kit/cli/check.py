"""survey-kit check QUESTIONNAIRE|STUDY: what is wrong with a form before anybody is asked."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING

import click

from survey_kit.errors import DefinitionError, StudyError, UsageError

if TYPE_CHECKING:
    from survey_kit.questionnaire.model import Questionnaire
    from survey_kit.review.rule import Remark

_SEVERITIES = ("error", "warning", "note")


@click.command("check")
@click.argument("path", type=click.Path(path_type=Path))
@click.option(
    "--profile",
    "profiles",
    multiple=True,
    type=click.Choice(["collect", "kobo", "web"]),
    help="A target whose limits to check as well; may be given several times.",
)
@click.option(
    "--glossary",
    "glossaries",
    multiple=True,
    type=click.Path(path_type=Path),
    help="A CSV or YAML file of terms to avoid, added to the shipped ones.",
)
@click.option("--json", "as_json", is_flag=True, help="Print the findings as JSON.")
@click.option("--sarif", "as_sarif", is_flag=True, help="Print the findings as SARIF 2.1.0.")
@click.option("--all", "everything", is_flag=True, help="Show each finding, however many alike.")
@click.option(
    "--fail-on",
    type=click.Choice(_SEVERITIES),
    default="warning",
    show_default=True,
    help="Leave with exit code 1 from this severity on.",
)
def command(  # noqa: PLR0917 - click hands each option over
    path: Path,
    profiles: tuple[str, ...],
    glossaries: tuple[Path, ...],
    as_json: bool,
    as_sarif: bool,
    everything: bool,
    fail_on: str,
) -> int:
    """Read a questionnaire or a study and say everything that is wrong with it.

    Each finding has a code, a place and a remedy. Errors and warnings make the check fail (exit
    code 1), notes do not. What is meant as it is can be allowed in the form itself, with a
    reason; docs/check.md says how, and lists every code.
    """
    from survey_kit.review.report import lines, summary
    from survey_kit.review.review import counts

    if as_json and as_sarif:
        raise UsageError("check", "both --json and --sarif were asked for", "Ask for one of them")
    questionnaire, remarks, files = _findings(path, profiles, glossaries)
    if as_json or as_sarif:
        click.echo(_for_programs(questionnaire, remarks, files, as_sarif=as_sarif))
    else:
        from survey_kit.review.report import COLOURS, MOST_ALIKE

        for severity, line in lines(remarks, most=None if everything else MOST_ALIKE):
            head, mark, rest = line.partition(": ")
            styled = click.style(head, fg=COLOURS[severity]) if severity else head
            click.echo(f"{styled}{mark}{rest}")
        name = path.name or path.resolve().name
        size = f"; {_size(questionnaire)}" if questionnaire else ""
        click.echo(f"{name}: {summary(counts(remarks))}{size}")
    failing = _SEVERITIES[: _SEVERITIES.index(fail_on) + 1]
    return 1 if any(each.severity.value in failing for each in remarks) else 0


def _findings(
    path: Path, profiles: tuple[str, ...], glossaries: tuple[Path, ...]
) -> tuple[Questionnaire | None, tuple[Remark, ...], dict[str, Path]]:
    """The questionnaire, where it could be read; what was found; and where its files lie."""
    from survey_kit.review.faults import as_remarks
    from survey_kit.review.glossary import read_glossary, shipped_glossary
    from survey_kit.review.review import review
    from survey_kit.review.rules.faults import DEFINITION, STUDY

    files: dict[str, Path] = {}
    try:
        questionnaire, definition = _read(path, files)
        beside = [definition.with_name(f"glossary{suffix}") for suffix in (".csv", ".yaml")]
        own = (*glossaries, *(each for each in beside if each.is_file()))
        terms = [*shipped_glossary(), *(term for each in own for term in read_glossary(each))]
    except DefinitionError as error:
        return None, as_remarks(error.faults, DEFINITION), files
    except StudyError as error:
        return None, as_remarks(error.faults, STUDY), files
    found = review(
        questionnaire, profiles=profiles, glossary=terms, folder=definition.resolve().parent
    )
    return questionnaire, found, files


def _read(path: Path, files: dict[str, Path]) -> tuple[Questionnaire, Path]:
    """The questionnaire and its file, noted in `files`; of a study, its settings as well."""
    from survey_kit.forms.read import read_as_far_as_understood

    if not (path.is_dir() or path.name == "study.yaml"):
        files[path.name] = _from_here(path)
        return read_as_far_as_understood(path), path
    # What a study needs is slow to import, so a questionnaire alone does without.
    from survey_kit.study.names import check_names
    from survey_kit.study.settings import read_study

    file = path / "study.yaml" if path.is_dir() else path
    files[file.name] = _from_here(file)
    settings = read_study(path)
    files[settings.questionnaire.name] = _from_here(settings.questionnaire)
    questionnaire = read_as_far_as_understood(settings.questionnaire)
    check_names(settings, questionnaire)
    return questionnaire, settings.questionnaire


def _for_programs(
    questionnaire: Questionnaire | None,
    remarks: tuple[Remark, ...],
    files: dict[str, Path],
    *,
    as_sarif: bool,
) -> str:
    from survey_kit.review import report, sarif
    from survey_kit.review.coverage import coverage
    from survey_kit.review.reviewed import Reviewed
    from survey_kit.review.rule import rules

    if as_sarif:
        whole = sarif.as_sarif(remarks, rules(), files)
    else:
        languages = coverage(Reviewed(questionnaire)) if questionnaire else ()
        whole = report.as_json(remarks, rules(), languages)
    return json.dumps(whole, indent=2, ensure_ascii=False)


def _from_here(path: Path) -> Path:
    """The path as one would write it in the folder in which the command was run."""
    try:
        return Path(os.path.relpath(path.resolve()))
    except ValueError:
        return Path(path.name)


def _size(questionnaire: Questionnaire) -> str:
    return ", ".join(
        (
            _counted(len(questionnaire.items), "question"),
            _counted(len(questionnaire.lists), "list"),
            _counted(len(questionnaire.languages), "language"),
        )
    )


def _counted(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
