"""survey-kit convert IN OUT: questionnaires from one format to another."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from survey_kit.errors import FileProblem, SurveyKitError, UsageError

if TYPE_CHECKING:
    from survey_kit.errors import Fault
    from survey_kit.forms.conversion import Converted, Format

KINDS = ("yaml", "xlsx", "xml")


@click.command("convert")
@click.argument("source", metavar="IN", type=click.Path(path_type=Path))
@click.argument("target", metavar="OUT", type=click.Path(path_type=Path))
@click.option("--to", "kind", type=click.Choice(KINDS), help="The format, where OUT is a folder.")
@click.option("--json", "as_json", is_flag=True, help="Print what was done as JSON.")
def command(source: Path, target: Path, kind: str | None, as_json: bool) -> int:
    """Write a questionnaire (.yaml, .xlsx) as .yaml, .xlsx or .xml (XForm), or a folder of them.

    Nothing is lost: whatever pyxform makes a form of comes back as it was. What it makes no
    form of is refused, every fault with its place and its remedy. With a folder, the
    sub-folders are made again in OUT, and every questionnaire in another format than --to is
    converted; the exit code is 1 if some were refused.
    """
    from survey_kit.forms.conversion import Format

    if source.is_dir():
        if kind is None:
            raise UsageError(
                str(source),
                "this is a folder, and what to make of it is not said",
                "Add --to yaml, --to xlsx or --to xml",
            )
        return _folder(source, target, Format(kind), as_json=as_json)
    wanted = _wanted(target, kind)
    if kind is not None and (target.is_dir() or target.suffix.lower() != f".{kind}"):
        target = target / f"{source.stem}.{kind}"
    _file(source, target, wanted, as_json=as_json)
    return 0


def _wanted(target: Path, kind: str | None) -> Format:
    from survey_kit.forms.conversion import Format

    suffix = target.suffix.lower().removeprefix(".")
    if kind is None and suffix not in KINDS:
        raise UsageError(
            str(target),
            f"a questionnaire cannot be written as {target.suffix or 'a file without a suffix'}",
            "Give OUT one of the suffixes .yaml, .xlsx, .xml, or say --to",
        )
    if kind is not None and suffix in KINDS and suffix != kind and not target.is_dir():
        raise UsageError(
            str(target), f"it ends in .{suffix}, but --to says {kind}", "Leave one of the two out"
        )
    return Format(kind or suffix)


def _file(source: Path, target: Path, wanted: Format, *, as_json: bool) -> None:
    from survey_kit.forms.conversion import convert
    from survey_kit.study.place import check_file

    check_file(target)
    if target.exists() and source.exists() and target.samefile(source):
        raise UsageError(str(target), "IN and OUT are the same file", "Name another OUT")
    converted = convert(source, wanted, target)
    _write(converted, target)
    for remark in converted.remarks:
        click.echo(remark, err=True)
    for fault in converted.kept:
        click.echo(f"kept as it is written: {fault}", err=True)
    if as_json:
        _print_json([_done(source.name, target, converted)], [])
    else:
        click.echo(target)


def _folder(source: Path, target: Path, wanted: Format, *, as_json: bool) -> int:
    from survey_kit.forms.conversion import convert, questionnaires_in
    from survey_kit.study.place import check_folder

    check_folder(target)
    found = list(questionnaires_in(source, wanted))
    if not found:
        raise UsageError(
            str(source),
            f"there is nothing in this folder to be written as .{wanted.value}",
            "Check its name, and --to",
        )
    inputs = {path.resolve() for path in found}
    done: dict[Path, dict[str, object]] = {}
    refused: list[dict[str, object]] = []
    lines: list[str] = []
    with click.progressbar(
        found, label=source.name, file=sys.stderr, hidden=not sys.stderr.isatty()
    ) as bar:
        for path in bar:
            name = str(path.relative_to(source))
            place = (target / name).with_suffix(f".{wanted.value}")
            try:
                if place.resolve() in inputs or place in done:
                    raise FileProblem(
                        name, f"'{place.name}' is there from another file", "Rename one of the two"
                    )
                converted = convert(path, wanted, place)
                _write(converted, place)
                done[place] = _done(name, place, converted)
            except SurveyKitError as error:
                refused.append({"file": name, "faults": _plain(error.faults)})
                said = " | ".join(str(fault).replace("\n", " ") for fault in error.faults)
                lines.append(f"{name}: {said}")
    for line in lines:
        click.echo(line, err=True)
    if as_json:
        _print_json(list(done.values()), refused)
    else:
        click.echo(f"{len(done)} of {len(found)} questionnaires converted, {len(refused)} refused")
    return 1 if refused else 0


def _write(converted: Converted, target: Path) -> None:
    """Put the file in its place, and itemsets.csv into the folder of its media."""
    from survey_kit.study.place import writing

    with writing(target) as unfinished:
        unfinished.write_bytes(converted.content)
    if converted.itemsets is not None:
        with writing(target.parent / f"{target.stem}-media" / "itemsets.csv") as unfinished:
            unfinished.write_text(converted.itemsets, encoding="utf-8", newline="")


def _done(name: str, target: Path, converted: Converted) -> dict[str, object]:
    return {
        "file": name,
        "written": str(target),
        "remarks": list(converted.remarks),
        "kept_as_written": _plain(converted.kept),
    }


def _plain(faults: tuple[Fault, ...]) -> list[dict[str, str]]:
    return [{"where": each.where, "what": each.what, "remedy": each.remedy} for each in faults]


def _print_json(done: list[dict[str, object]], refused: list[dict[str, object]]) -> None:
    report = {"converted": done, "refused": refused}
    click.echo(json.dumps(report, indent=2, ensure_ascii=False))
