"""Columns of single choices that the list does not have, or that are headed by a label.

Lists change between versions, and exports head a column by the label of its choice. Such a column is
known by what stands before it: the name of a question of several choices of the same file.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from survey_kit.questionnaire.model import Item, Questionnaire
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.column_use import BY_LABEL, OUTSIDE, ColumnUse
from survey_kit.responses.labels import codes_by_label, plain
from survey_kit.responses.spellings import Role, Spellings, mangle, without_byte_order_mark


def beyond_the_list(
    uses: list[ColumnUse],
    questionnaire: Questionnaire,
    spellings: Spellings,
    taken: set[tuple[str, str]],
    open_: list[bool],
) -> list[ColumnUse]:
    """Columns that follow a question of several choices by a label, or by a code not in its list."""
    parents = _parents(uses, questionnaire)
    settled = list(uses)
    for use in uses:
        if not open_[use.position]:
            continue
        for sign in re.finditer(r"[/.]", use.column):
            before, after = use.column[: sign.start()], use.column[sign.end() :]
            key = parents.get(before) or _several(before, spellings, questionnaire)
            code = _labelled(after, questionnaire.by_key[key], questionnaire) if key else ""
            stage = BY_LABEL if code else OUTSIDE
            if (
                not code
                and before in parents
                and not _may_be_a_question(use, sign, spellings, taken)
            ):
                code = after
            if key and code and (key, code) not in taken:
                taken.add((key, code))
                open_[use.position] = False
                settled[use.position] = replace(
                    use, role=Role.CHOICE, key=key, code=code, stage=stage, what=""
                )
                break
    return settled


def _parents(uses: Sequence[ColumnUse], questionnaire: Questionnaire) -> dict[str, str]:
    """What stands before the code of a choice in this file -> key of the question."""
    found: dict[str, str] = {}
    for use in uses:
        if use.role is Role.CHOICE and use.column.endswith(use.code):
            found[use.column[: -len(use.code) - 1]] = use.key
    for use in uses:
        if use.role is Role.QUESTION:
            if questionnaire.by_key[use.key].question.type.storage is Storage.CODES:
                found[use.column] = use.key
            else:
                found.pop(use.column, None)
    return found


def _several(name: str, spellings: Spellings, questionnaire: Questionnaire) -> str:
    """The key of the question of several choices that a name is, "" where it is none."""
    found = spellings.exact.get(without_byte_order_mark(name), ())
    if len(found) != 1 or found[0].role is not Role.QUESTION:
        return ""
    key = found[0].key
    return key if questionnaire.by_key[key].question.type.storage is Storage.CODES else ""


def _labelled(text: str, item: Item, questionnaire: Questionnaire) -> str:
    """The code of the choice with this label, in any language, "" where there is not one."""
    languages = codes_by_label(questionnaire.choices(item.question))
    for spell in (plain, mangle):
        wanted = spell(text)
        codes = {
            code for labels in languages for label, code in labels.items() if spell(label) == wanted
        }
        if codes:
            return codes.pop() if len(codes) == 1 else ""
    return ""


def _may_be_a_question(
    use: ColumnUse, sign: re.Match[str], spellings: Spellings, taken: set[tuple[str, str]]
) -> bool:
    """Whether a name with a full stop may be that of a question, mangled by R."""
    if sign.group() == "/":
        return False
    whole = spellings.mangled.get(mangle(without_byte_order_mark(use.column)), ())
    return any(each.role is Role.CHOICE or (each.key, each.code) not in taken for each in whole)
