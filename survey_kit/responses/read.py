"""Reading what came back: a folder, an archive or a table, as `Responses`.

Which reader takes a file is settled by looking into it, not by its name alone. A new
format is one file in `readers/` that holds a `Reader`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from survey_kit.collect import collect
from survey_kit.errors import FileProblem
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.responses.model import Responses


@dataclass(frozen=True)
class ReadOptions:
    """What a person has to say about a file that the file does not say itself.

    interview
        The column that names the interview, where it is not one of the usual ones.
    ignore
        Columns to leave out.
    columns
        Column of the file -> key of its question, where the two cannot be matched by name.
    version
        The version of the form with which the interviews were made, where no column says.
    encoding
        Of text files, such as ``cp1256``, where it cannot be found out.
    """

    interview: str | None = None
    ignore: tuple[str, ...] = ()
    columns: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    version: str | None = None
    encoding: str | None = None


@dataclass(frozen=True)
class Reader:
    """One format in which answers come back.

    `recognises` looks into a file: True where the file is of this format, False where it
    is of another, and a text where its suffix says this format but what is in it does not:
    the text says what is wrong. `read` may then take for granted that it is.
    """

    name: str
    title: str
    recognises: Callable[[Path], bool | str]
    read: Callable[[Path, Questionnaire, ReadOptions], Responses]


def readers() -> dict[str, Reader]:
    """Every reader by its name."""
    return collect("survey_kit.responses.readers", Reader)


def read_responses(
    path: Path, questionnaire: Questionnaire, *, options: ReadOptions | None = None
) -> Responses:
    """Answers from XML submissions, or from the tables or JSON that a platform exported.

    Parameters
    ----------
    path
        A folder or .zip of OpenRosa submissions or of .csv files, or one file in any of the
        formats of `readers()`. docs/reading.md says how each is known and what it loses.
    questionnaire
        The one the answers belong to.

    Returns
    -------
    Responses
        Every interview of the file. Its `report` accounts for every column and question.

    Raises
    ------
    FileProblem
        If the file is missing, empty, or not what its suffix says.
    ResponsesError
        If the answers belong to another questionnaire.
    """
    return reader_of(path).read(path, questionnaire, options or ReadOptions())


def reader_of(path: Path) -> Reader:
    """The reader that takes a file or folder, by what is in it.

    Raises
    ------
    FileProblem
        If the file is missing, empty, not what its suffix says, or in no format that is read.
    """
    if not path.exists():
        raise FileProblem(str(path), "there is no such file", "Check the path")
    if path.is_file() and path.stat().st_size == 0:
        raise FileProblem(path.name, "the file is empty", "Copy or export it again")
    known = readers()
    for reader in known.values():
        verdict = reader.recognises(path)
        if isinstance(verdict, str):
            raise FileProblem(path.name, verdict, "Export it again, or give it its right suffix")
        if verdict:
            return reader
    titles = "; ".join(reader.title for reader in known.values())
    raise FileProblem(path.name, "this is not a file of answers", f"It can be: {titles}")
