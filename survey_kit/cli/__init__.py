"""The command line: one file a command, each thin; results on stdout, progress on stderr.

Exit codes: 0 fine, 1 something was found, 2 the command was put wrongly, 3 bad input.
Commands are imported only when they are asked for, so that ``--help`` is at once.
"""

from __future__ import annotations

import os
import sys
import traceback
import warnings
from importlib import import_module
from pathlib import Path
from types import FrameType, TracebackType
from typing import NoReturn, TextIO, cast

import click

from survey_kit import __version__
from survey_kit.errors import Fault, FileProblem, StudyError, SurveyKitError

COMMANDS = {
    "init": "A small study that runs at once, in a new folder.",
    "plan": "How many people to ask, for a margin or a difference.",
    "run": "The whole life of a study, from questionnaire to finding.",
    "check": "Every fault of a questionnaire or study, with place and remedy.",
    "clean": "A raw file and its cleaning logs made into the cleaned one, and the proof that it is so.",
    "test": "The tests of a form, and random respondents, on both engines.",
    "diff": "What changed between two versions, and what it does to data collected.",
    "build": "Every form of a questionnaire: XLSForm, XForm, paper, codebook.",
    "convert": "A questionnaire from one format to another: .yaml, .xlsx, .xml.",
    "translate": "Translations out to those who translate, and in again; how complete they are.",
    "simulate": "Interviews that a questionnaire's own logic allows.",
    "code": "Open answers to those who code them, and in again; how far they agree.",
    "tables": "A crosstab book of a study.",
    "explore": "The explorer of a study, in the browser.",
    "doctor": "What is installed, and what each extra would add.",
}

PACKAGE = Path(__file__).parents[1]

THEME = "_theme_"
"""How the names of a study's own modules begin."""


class Commands(click.Group):
    """The commands, each loaded from its own file when it is wanted."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Names in the order of a survey's life."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        return cast("click.Command", import_module(f"survey_kit.cli.{cmd_name}").command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in ``--help``, without importing a single command."""
        del ctx
        with formatter.section("Commands"):
            formatter.write_dl(list(COMMANDS.items()))


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="survey-kit")
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
def group(debug: bool) -> None:
    """One toolkit for the whole life of a survey, from questionnaire to finding."""
    del debug


def main() -> NoReturn:
    """Run a command; show an error as a sentence and leave with its exit code."""
    arguments = [each for each in sys.argv[1:] if each != "--debug"]
    debug = len(arguments) < len(sys.argv) - 1
    if not debug:
        sys.excepthook = _say_where
        warnings.showwarning = _say_that
    try:
        outcome: object = group.main(
            arguments,
            prog_name=os.environ.get("SURVEY_KIT_COMMAND", "survey-kit"),
            standalone_mode=False,
        )
    except OSError as error:
        if debug:
            raise
        click.echo(str(_cannot_be_used(error)), err=True)
        sys.exit(FileProblem.exit_code)
    except SurveyKitError as error:
        if debug:
            raise
        click.echo(str(error), err=True)
        sys.exit(error.exit_code)
    except MemoryError:
        if debug:
            raise
        click.echo(str(_too_much()), err=True)
        sys.exit(FileProblem.exit_code)
    except click.ClickException as error:
        error.show()
        sys.exit(error.exit_code)
    except click.Abort:
        click.echo("stopped; nothing was left half-written", err=True)
        sys.exit(130)
    sys.exit(outcome if isinstance(outcome, int) else 0)


def _cannot_be_used(error: OSError) -> FileProblem:
    """What a system says of a file or a disk, with the name of the file and not its path."""
    name = error.filename if isinstance(error.filename, str) else ""
    return FileProblem(
        Path(name).name or "files",
        f"the system says: {error.strerror or 'no'}",
        "Check the file, its folder, and the room on the disk",
    )


def _too_much() -> Fault:
    return Fault(
        "the memory of this machine",
        "it does not hold all that was asked for",
        "Ask for fewer interviews, or split the file",
    )


def _say_where(
    kind: type[BaseException], error: BaseException, trace: TracebackType | None
) -> None:
    """A fault of the program, without its message: that could hold somebody's answer.

    Where it came about in a study's own theme, it is the theme's, and bad input.
    """
    del error
    frames = list(traceback.walk_tb(trace))
    place = f"{_file(frames[-1][0])}:{frames[-1][1]}" if frames else "?"
    themes = [each for each in frames if str(each[0].f_globals.get("__name__")).startswith(THEME)]
    if themes:
        where, line = themes[-1]
        fault = Fault(
            f"{_file(where)}, line {line}",
            f"the theme stopped here ({kind.__name__} at {place})",
            "Mend it; survey-kit --debug ... shows more (it may show answers)",
        )
        click.echo(str(fault), err=True)
        sys.exit(StudyError.exit_code)
    click.echo(
        f"survey-kit: a fault of this program ({kind.__name__} at {place}); nothing was left "
        "half-written. Run survey-kit --debug ... to see more (it may show answers), and report it.",
        err=True,
    )
    sys.exit(70)


def _say_that(  # noqa: PLR0917 - as the standard library calls it
    message: Warning | str,
    category: type[Warning],
    filename: str,
    lineno: int,
    file: TextIO | None = None,
    line: str | None = None,
) -> None:
    """A warning of the program, without its message and path; those of libraries are theirs."""
    del message, file, line
    if PACKAGE in Path(filename).parents:
        click.echo(
            f"survey-kit: a warning of this program ({category.__name__} at {Path(filename).name}:"
            f"{lineno}); please report it.",
            err=True,
        )


def _file(frame: FrameType) -> str:
    return Path(frame.f_code.co_filename).name
