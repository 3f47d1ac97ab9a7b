"""survey-kit translate QUESTIONNAIRE: languages out to those who translate, and in again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

from survey_kit.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from survey_kit.forms.translations.returned import Change
    from survey_kit.questionnaire.model import Questionnaire


@click.command("translate")
@click.argument("questionnaire", type=click.Path(path_type=Path))
@click.option(
    "--out",
    type=click.Path(path_type=Path),
    help="Hand out: a workbook (.xlsx), a PO file (.po), or a folder for one workbook a language. "
    "With --in: the new questionnaire, where languages have no files of their own.",
)
@click.option(
    "--in",
    "files",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Take back: a workbook or a PO file. May be given several times.",
)
@click.option("--language", "languages", multiple=True, help="Only this language (its code).")
@click.option("--needed", is_flag=True, help="Hand out only what is missing or stale.")
@click.option("--reviewer", default="", help="Who checked what comes back as reviewed.")
@click.option("--refresh", is_flag=True, help="Bring the language files up to date.")
@click.option("--json", "as_json", is_flag=True, help="Print coverage or changes as JSON.")
def command(
    *,
    questionnaire: Path,
    out: Path | None,
    files: tuple[Path, ...],
    languages: tuple[str, ...],
    needed: bool,
    reviewer: str,
    refresh: bool,
    as_json: bool,
) -> int:
    """Say how complete each language is; with --out hand texts out, with --in take them back.

    Without an option: coverage, one line a language. Nothing that comes back is taken over in
    silence: every change is printed, and a text that does not fit changes nothing (exit code 1).
    """
    from survey_kit.forms.read import read_as_far_as_understood
    from survey_kit.study.place import check_not_read
    from survey_kit.study.settings import definition_at

    questionnaire = definition_at(questionnaire)
    if out is not None:
        check_not_read(out, questionnaire, *files)
    if refresh:
        _only(refresh=(out, files, needed, reviewer))
        return _refresh(questionnaire)
    read = read_as_far_as_understood(questionnaire)
    chosen = _chosen(read, languages)
    if files:
        return _take_back(
            read, questionnaire, files, chosen, out=out, reviewer=reviewer, as_json=as_json
        )
    if out is not None:
        return _hand_out(read, chosen, out, needed=needed)
    return _coverage(read, chosen, as_json=as_json)


def _only(refresh: tuple[object, ...]) -> None:
    if any(refresh):
        raise UsageError("--refresh", "it goes with no other option", "Run it alone")


def _chosen(read: Questionnaire, languages: Sequence[str]) -> tuple[str, ...]:
    """The languages that were asked for, or all but the one that is translated from."""
    others = tuple(code for code in read.languages if code != read.language)
    for code in languages:
        if code not in others:
            raise UsageError(
                f"--language {code}",
                "nobody translates into it",
                f"The languages are {', '.join(others)}" if others else "Declare one first",
            )
    return tuple(languages) or others


def _coverage(read: Questionnaire, chosen: Sequence[str], *, as_json: bool) -> int:
    from survey_kit.questionnaire.coverage import State, coverage, coverage_rows

    found = coverage(read)
    rows = coverage_rows(found)
    if as_json:
        places = {
            code: {state.value: each.places(state) for state in (State.MISSING, State.STALE)}
            for code, each in found.languages.items()
        }
        whole = [{**row, "places": places[str(row["language"])]} for row in rows]
        click.echo(json.dumps(whole, indent=2, ensure_ascii=False))
        return 0
    for row in rows:
        if row["language"] in (read.language, *chosen):
            click.echo(coverage_line(row))
    return 0


def coverage_line(row: dict[str, str | int]) -> str:
    """One language in words: ``bn (বাংলা): 985 texts: 12 missing, 970 draft, 3 stale``."""
    states = ("missing", "draft", "stale", "reviewed")
    said = [f"{row[state]} {state}" for state in states if row[state]]
    if not said:
        said = ["none missing"]
    if row["recordings"]:
        said.append(f"{row['recorded']} of {row['recordings']} questions recorded")
    return f"{row['language']} ({row['name']}): {row['texts']} texts: {', '.join(said)}"


def _hand_out(read: Questionnaire, chosen: Sequence[str], out: Path, *, needed: bool) -> int:
    from survey_kit.forms.translations.workbook_writer import translation_workbook
    from survey_kit.questionnaire.language_files import language_file_text
    from survey_kit.questionnaire.words import as_file_name
    from survey_kit.study.place import check_folder, writing

    if not chosen:
        raise UsageError(
            read.name, "it has one language only", "Declare another one under languages"
        )
    match out.suffix.casefold():
        case ".xlsx":
            made = {out: translation_workbook(read, chosen, needed=needed)}
        case ".po" if len(chosen) == 1:
            made = {out: language_file_text(read, chosen[0]).encode()}
        case ".po":
            raise UsageError(str(out), "a PO file holds one language", "Name it with --language")
        case "":
            check_folder(out)
            made = {
                out / f"{as_file_name(f'{read.name}.{code}')}.xlsx": translation_workbook(
                    read, [code], needed=needed
                )
                for code in chosen
            }
        case suffix:
            raise UsageError(
                str(out),
                f"texts are not handed out in a file ending in '{suffix}'",
                "Name a workbook (.xlsx), a PO file (.po) or a folder",
            )
    for path, content in made.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        with writing(path) as unfinished:
            unfinished.write_bytes(content)
        click.echo(path)
    return 0


def _take_back(
    read: Questionnaire,
    definition: Path,
    files: Sequence[Path],
    chosen: Sequence[str],
    *,
    out: Path | None,
    reviewer: str,
    as_json: bool,
) -> int:
    import datetime as dt

    from survey_kit.forms.translations.returned import merged
    from survey_kit.forms.translations.returned_files import read_returned
    from survey_kit.forms.translations.storage import stored

    today = dt.datetime.now().astimezone().date().isoformat()
    named = chosen[0] if len(chosen) == 1 else None
    returned = [each for file in files for each in read_returned(file, read, named)]
    back = [each for each in returned if each.language in chosen]
    if returned and not back:
        came = ", ".join(dict.fromkeys(each.language for each in returned))
        raise UsageError(
            f"--language {', '.join(chosen)}",
            f"what came back is in another language: {came}",
            "Leave --language out, or name that one",
        )
    result = merged(read, back, reviewer=reviewer, on=today)
    for path in stored(result, read, definition, out):
        click.echo(path, err=True)
    _tell(result.changes, as_json=as_json)
    unsigned = () if reviewer else result.unsigned(back)
    if unsigned:
        click.echo(
            f"{len(unsigned)} of them came back as reviewed, and stay drafts until --reviewer "
            "says who checked them",
            err=True,
        )
    return 1 if result.problems else 0


def _tell(changes: Sequence[Change], *, as_json: bool) -> None:
    from survey_kit.forms.translations.returned import Outcome

    told = [change for change in changes if change.outcome is not Outcome.SAME]
    if as_json:
        rows = [
            {
                "language": each.language,
                "place": each.spot,
                "outcome": each.outcome.value,
                "before": each.before,
                "after": each.after,
                "stale": each.stale,
                "why": each.why,
            }
            for each in told
        ]
        click.echo(json.dumps(rows, indent=2, ensure_ascii=False))
        return
    for each in told:
        click.echo(str(each))
        if each.outcome is Outcome.CHANGED:
            click.echo(f"  was: {each.before}")
            click.echo(f"  now: {each.after}")
    problems = sum(each.is_problem for each in told)
    click.echo(
        f"{len(told) - problems} taken over, {problems} not, {len(changes) - len(told)} as before"
    )


def _refresh(definition: Path) -> int:
    from survey_kit.forms.translations.refresh import refreshed
    from survey_kit.study.place import writing

    made = refreshed(definition)
    if not made:
        raise UsageError(
            definition.name,
            "no language of it is kept in a file of its own",
            "Write for instance  bn: {name: বাংলা, file: languages/bn.po}  under languages",
        )
    for each in made:
        path = definition.parent / each.file
        path.parent.mkdir(parents=True, exist_ok=True)
        with writing(path) as unfinished:
            unfinished.write_text(each.text, encoding="utf-8", newline="\n")
        click.echo(f"{each.file}: {each.begun} new, {each.moved} moved, {each.set_aside} set aside")
    return 0
