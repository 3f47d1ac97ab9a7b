"""All checks on one survey: what they found, and of each whether it could run at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import pandas as pd

from survey_kit.cleaning.check import COLUMNS, Check, Setting, Settings, as_findings, number
from survey_kit.cleaning.masking import NONE_STATED, masked
from survey_kit.cleaning.one_fact import said_once
from survey_kit.cleaning.spelling import did_you_mean
from survey_kit.cleaning.widespread import SHARED, WIDESPREAD, summed_up
from survey_kit.collect import collect
from survey_kit.errors import Fault, StudyError
from survey_kit.questionnaire.model import Privacy
from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.model import Responses
from survey_kit.responses.withdrawn import standing

LOOK_UP = "Look it up by the id of the interview"

SUMMARY = ("check", "title", "ran", "findings", "interviews", "note", "why")


def _nothing() -> pd.DataFrame:
    return pd.DataFrame({column: pd.Series(dtype="str") for column in COLUMNS})


@dataclass(frozen=True, eq=False)
class Checked:
    """What the checks found.

    findings
        (f, 7) with the columns `COLUMNS`, by check and then in the order of the interview.
    summed
        (g, 7) the findings for which a line among `findings` stands, since a check says the
        same of very many interviews; see `widespread`.
    summary
        (c, 7) one row for each check, with the columns `SUMMARY`: "ran" (bool), the number
        of "findings" and of "interviews" with any, and in "note" what it looked at, or why
        it did not run.
    """

    findings: pd.DataFrame
    summary: pd.DataFrame
    summed: pd.DataFrame = field(default_factory=_nothing)


def checks() -> dict[str, Check]:
    """Every check by its name."""
    return collect("survey_kit.cleaning.checks", Check)


def run_checks(
    responses: Responses,
    settings: Mapping[str, Mapping[str, object] | bool],
    *,
    classes: Mapping[str, Privacy] = NONE_STATED,
    folder: Path = Path(),
) -> Checked:
    """Run every check that is not turned off, on interviews whose answers nobody took back.

    Parameters
    ----------
    settings
        Check -> its settings where they differ from the defaults, or False to leave it out.
    classes
        Question -> class of privacy, where the study states one that the questionnaire
        does not. Answers that may identify somebody are masked in the findings.
    folder
        Where the paths of settings that are files start: the folder of the study.

    Raises
    ------
    StudyError
        For every unknown check, unknown setting and value of the wrong kind, at once.
    """
    responses = standing(responses)
    known = checks()
    chosen = _settings(known, settings, folder)
    tables: list[pd.DataFrame] = []
    behind: list[pd.DataFrame] = []
    rows: list[tuple[str, str, bool, int, int, str, str]] = []
    reached = {name: known[name].reach(responses, chosen[name]) for name in chosen}
    ran = {name: known[name].find(responses, chosen[name]) for name in chosen if reached[name].runs}
    found, left = said_once(ran)
    for name, check in known.items():
        if name not in chosen:
            rows.append((name, check.title, False, 0, 0, "turned off in the study", check.why))
            continue
        own = found.get(name, as_findings(()))
        share = number(chosen[name], WIDESPREAD)
        listed, summed = summed_up(name, own, len(responses), share)
        notes = (reached[name].note, _left(left.get(name, 0)), _summed(summed))
        note = "; ".join(filter(None, notes))
        rows.append(
            (name, check.title, reached[name].runs, len(listed), _interviews(own), note, check.why)
        )
        tables.append(listed.assign(check=name))
        behind.append(summed.assign(check=name))
    return Checked(
        findings=_fit_to_travel(_one_table(tables), responses, classes),
        summary=pd.DataFrame(rows, columns=list(SUMMARY)),
        summed=_fit_to_travel(_one_table(behind), responses, classes),
    )


def _one_table(tables: list[pd.DataFrame]) -> pd.DataFrame:
    filled = [table.reindex(columns=list(COLUMNS)) for table in tables if len(table)]
    return pd.concat(filled, ignore_index=True) if filled else _nothing()


def _left(number_: int) -> str:
    """How many findings are told with those of another check, in words; "" for none."""
    return f"{number_} more are told by another check of the same time" if number_ else ""


def _summed(summed: pd.DataFrame) -> str:
    """How many findings were summed up, in words; "" for none."""
    return f"{len(summed)} findings are told in a line for each kind" if len(summed) else ""


def _fit_to_travel(
    findings: pd.DataFrame, responses: Responses, classes: Mapping[str, Privacy]
) -> pd.DataFrame:
    """Findings with their answers masked, and suggestions from which one could be told.

    What is suggested for a text is a code of another question's list; for all other
    answers it is a neighbour of the answer itself.
    """
    by_key = responses.questionnaire.by_key
    hidden = masked(findings, "answer", responses.questionnaire, classes)
    texts = {k for k, item in by_key.items() if item.question.type.storage is Storage.TEXT}
    telling = (hidden != findings["answer"]) & ~findings["question"].isin(texts)
    suggestion = findings["suggestion"].mask(telling, LOOK_UP)
    return findings.assign(answer=hidden, suggestion=suggestion).astype("str")


def _interviews(found: pd.DataFrame) -> int:
    """How many interviews have a finding; those about an enumerator or a cell have none."""
    return int(found.loc[found["interview"] != "", "interview"].nunique())


def _settings(
    known: Mapping[str, Check], stated: Mapping[str, Mapping[str, object] | bool], folder: Path
) -> dict[str, Settings]:
    faults = [
        Fault(
            f"checks: {name}",
            f"there is no check called {name!r}",
            did_you_mean(name, known),
        )
        for name in stated
        if name not in known
    ]
    chosen: dict[str, Settings] = {}
    for name, check in known.items():
        match stated.get(name, True):
            case False:
                continue
            case True:
                chosen[name] = {**SHARED, **check.settings}
            case given:
                own = _own(check, given, folder, faults)
                chosen[name] = {**SHARED, **check.settings, **own}
    if faults:
        raise StudyError.from_faults(faults)
    return chosen


def _own(
    check: Check, given: Mapping[str, object], folder: Path, faults: list[Fault]
) -> dict[str, Setting]:
    """The settings of one check that were stated, each as the kind of its default."""
    accepted: dict[str, Setting] = {}
    for key, value in given.items():
        where = f"checks: {check.name}: {key}"
        known = {**check.settings, **SHARED}
        if key not in known:
            remedy = did_you_mean(key, known)
            faults.append(Fault(where, f"this check has no setting {key!r}", remedy))
            continue
        default = known[key]
        read = _as_kind(value, default)
        if read is None:
            faults.append(Fault(where, *_wrong_kind(default)))
        elif isinstance(read, Path):
            accepted[key] = folder / read
            if not (folder / read).exists():
                faults.append(Fault(where, f"there is no {read.name}", "Check the name"))
        else:
            accepted[key] = read
    return accepted


def _as_kind(value: object, default: Setting) -> Setting | None:
    match default:
        case bool():
            return value if isinstance(value, bool) else None
        case int() | float():
            if isinstance(value, (int, float)) and not isinstance(value, bool):
                return value
            return None
        case str():
            return value if isinstance(value, str) else None
        case Path():
            return Path(value) if isinstance(value, str) and value else None
        case tuple():
            items = cast("list[object]", value) if isinstance(value, (list, tuple)) else [value]
            plain = all(isinstance(item, (str, int, float)) for item in items)
            return tuple(str(item) for item in items) if plain else None


def _wrong_kind(default: Setting) -> tuple[str, str]:
    match default:
        case bool():
            return "true or false is needed here", "Write true or false"
        case int() | float():
            return "a number is needed here", f"Write a number, such as {default:g}"
        case str():
            return "a text is needed here", f"Write a text in quotes, such as {default!r}"
        case Path():
            return "a file is needed here", "Write its name, from the folder of the study"
        case tuple():
            return "a list is needed here", "Write [first, second]"
