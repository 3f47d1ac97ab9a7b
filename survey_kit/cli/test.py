"""survey-kit test QUESTIONNAIRE|STUDY: its tests, and random respondents, on both engines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from survey_kit.rehearsal.rehearse import Engines


@click.command("test")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("-k", "part", default="", help="Only tests with this in their name.")
@click.option(
    "--engine",
    type=click.Choice(("both", "ours", "javarosa")),
    default="both",
    show_default=True,
    help="Ours, that of the phones, or both held together.",
)
@click.option("--random", "number", type=click.IntRange(min=1), help="How many random interviews.")
@click.option(
    "--seed",
    type=click.IntRange(min=0),
    default=1,
    show_default=True,
    help="The same seed gives the same interviews.",
)
@click.option("--language", help="Code of the language whose minutes are estimated.")
@click.option("--pace", type=click.Path(path_type=Path), help="YAML: words a second and the like.")
@click.option("--json", "as_json", is_flag=True, help="Print the outcome as JSON.")
@click.option("--junit", type=click.Path(path_type=Path), help="Write the tests as JUnit XML.")
@click.option("--out", type=click.Path(path_type=Path), help="Write the report as .md or .html.")
def command(  # noqa: PLR0917 - as click hands them over
    path: Path,
    part: str,
    engine: Engines,
    number: int | None,
    seed: int,
    language: str | None,
    pace: Path | None,
    as_json: bool,
    junit: Path | None,
    out: Path | None,
) -> int:
    """Try a form before anybody is troubled with it.

    Its tests: block says what must follow from which answers. With --random, people who answer
    at random go through it: what nobody is ever asked, where nobody can go on, and how long it
    takes. Both on our engine and on JavaRosa, the engine of the phones, if Java is there.
    """
    from survey_kit.forms.read import read_questionnaire
    from survey_kit.rehearsal.minutes import read_pace
    from survey_kit.rehearsal.rehearse import Wanted, folders_of, rehearse
    from survey_kit.study.place import check_file, check_not_read, writing
    from survey_kit.study.settings import definition_at

    definition = definition_at(path)
    for each in (junit, out):
        if each is not None:
            check_file(each)
            check_not_read(each, definition, *([pace] if pace else []))
    wanted = Wanted(
        engines=engine,
        part=part,
        interviews=number or 0,
        seed=seed,
        language=language,
        pace=read_pace(pace) if pace is not None else None,
        folders=folders_of(definition),
    )
    done = rehearse(
        read_questionnaire(definition),
        wanted,
        progress=lambda line: click.echo(line, err=True),
    )
    for place, text in (
        (junit, done.junit),
        (out, lambda: done.page(out.suffix if out is not None else "")),
    ):
        if place is not None:
            with writing(place) as unfinished:
                unfinished.write_text(text(), encoding="utf-8")
    if as_json:
        click.echo(json.dumps(done.as_data(), indent=2, ensure_ascii=False))
    else:
        for line in done.lines():
            click.echo(line)
    return 0 if done.passed else 1
