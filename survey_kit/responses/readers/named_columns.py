"""What a study says of the columns of a file, held against the columns that are there."""

from __future__ import annotations

from collections.abc import Sequence

from survey_kit.errors import ResponsesError
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.words import meant
from survey_kit.responses.matching import holds_answers, without_byte_order_mark
from survey_kit.responses.read import ReadOptions


def check_options(
    headers: Sequence[Sequence[str]],
    file: str,
    questionnaire: Questionnaire,
    options: ReadOptions,
    repeats: Sequence[str],
) -> None:
    """Refuse what a study says of columns that the file does not have.

    Parameters
    ----------
    headers
        Of the interviews, and of the rows of each repeat in `repeats`.

    Raises
    ------
    ResponsesError
        If it names a column or question that does not exist, or gives one question twice.
    """
    plain = (without_byte_order_mark(name) for header in headers for name in header)
    header = {*(name for each in headers for name in each), *plain}
    named = (*options.columns, *options.ignore, *([options.interview] if options.interview else ()))
    for column in named:
        if column not in header:
            raise ResponsesError(
                file,
                f"the study names the column '{column}', which the file does not have",
                meant(column, header, otherwise="Check it against the first row of the file"),
            )
    for column, key in options.columns.items():
        _check_declared(column, key, file, questionnaire, repeats)
        if list(options.columns.values()).count(key) > 1:
            raise ResponsesError(
                file,
                f"the study gives two columns to the question '{key}'",
                "Take one of them out of  responses: columns",
            )


def _check_declared(
    column: str, key: str, file: str, questionnaire: Questionnaire, repeats: Sequence[str]
) -> None:
    item = questionnaire.by_key.get(key)
    if item is None:
        raise ResponsesError(
            file,
            f"the study gives a column to the question '{key}', which does not exist",
            meant(key, questionnaire.by_key, otherwise="Check it against the questionnaire"),
        )
    if not any(holds_answers(item, repeat) for repeat in (None, *repeats)):
        where = f"stands in the repeat '{item.repeats[-1]}'" if item.repeats else "has no answer"
        raise ResponsesError(
            file,
            f"the study gives the column '{column}' to the question '{key}', which {where}",
            "Name it under  responses: ignore  instead",
        )
