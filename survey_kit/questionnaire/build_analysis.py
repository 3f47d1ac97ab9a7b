"""What is to be made of the answers: margins, derived variables, tests of the form.

Names are compared with the questions later, in `references`, when all are known.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

from survey_kit.questionnaire.build_nodes import privacy_named
from survey_kit.questionnaire.model import Case, Derived, FormTest
from survey_kit.questionnaire.words import is_name, name_remedy

if TYPE_CHECKING:
    from survey_kit.questionnaire.expressions import ExpressionReader
    from survey_kit.questionnaire.faults import Faults
    from survey_kit.questionnaire.raw import RawDerived, RawQuestionnaire, RawTest
    from survey_kit.questionnaire.texts import TextBuilder


def build_margins(raw: RawQuestionnaire, faults: Faults) -> tuple[str, ...]:
    """The names of the weight margins, in order."""
    names = [name for name, _ in raw.weight_margins]
    for position, (name, place) in enumerate(raw.weight_margins):
        if name in names[:position]:
            faults.add(
                place, "weight_margins", f"'{name}' stands there twice", "Remove one of the two"
            )
    return tuple(names)


def build_tests(raw: RawQuestionnaire, faults: Faults) -> tuple[FormTest, ...]:
    """The tests of the form, each with a name of its own."""
    names: set[str] = set()
    for test in raw.tests:
        if not test.name or test.name in names:
            what = "another test has this name" if test.name else "a test has no name"
            faults.add(test.place, f"test '{test.name}'", what, "Say in its name what it shows")
        names.add(test.name)
    return tuple(
        FormTest(
            name=test.name,
            answers=MappingProxyType(dict(test.answers)),
            asked=test.asked,
            not_asked=test.not_asked,
            values=MappingProxyType(dict(test.values)),
            refused=test.refused,
            ends=_ends(test, faults),
            source=test.place,
        )
        for test in raw.tests
    )


def _ends(test: RawTest, faults: Faults) -> bool | None:
    """Whether the interview can be finished; None where the test does not say."""
    said = test.ends.casefold()
    if said not in ("", "true", "false"):
        faults.add(
            test.place, f"test '{test.name}', ends", f"it says '{test.ends}'", "Write true or false"
        )
    return {"true": True, "false": False}.get(said)


def build_derived(
    raw: RawQuestionnaire, expressions: ExpressionReader, texts: TextBuilder, faults: Faults
) -> tuple[Derived, ...]:
    """The derived variables; those with a case that cannot be read lose that case and are noted."""
    seen: set[str] = set()
    built: list[Derived] = []
    for each in raw.derived:
        thing = f"derived variable '{each.name}'"
        _check_derived(each, thing, seen, faults)
        cases: list[Case] = []
        for case in each.cases:
            when = expressions.read(case.when, case.place, f"{thing}, case '{case.code}'")
            label = texts.build(case.label, case.place, f"{thing}, case '{case.code}'")
            if when is not None:
                cases.append(Case(case.code, label, when))
        built.append(
            Derived(
                name=each.name,
                label=texts.build(each.label, each.place, thing),
                cases=tuple(cases),
                base=expressions.read(each.base, each.place, f"{thing}, base"),
                privacy=privacy_named(each.privacy, each.place, thing, faults),
                source=each.place,
            )
        )
    return tuple(built)


def _check_derived(each: RawDerived, thing: str, seen: set[str], faults: Faults) -> None:
    if not each.name:
        faults.add(each.place, "", "a derived variable has no name", "Give it one")
    elif not is_name(each.name):
        faults.add(
            each.place,
            thing,
            "this cannot be a name",
            name_remedy(each.name),
        )
    elif each.name in seen:
        faults.add(
            each.place, thing, "another derived variable has this name", "Rename one of the two"
        )
    seen.add(each.name)
    if not each.cases:
        faults.add(each.place, thing, "it has no cases", "Say under cases what its values are")
    codes: set[str] = set()
    for case in each.cases:
        if not case.code:
            faults.add(case.place, thing, "a case has no code", "Give it a code")
        elif case.code in codes:
            faults.add(
                case.place,
                thing,
                f"the code '{case.code}' stands in it more than once",
                "Join the two cases with or",
            )
        codes.add(case.code)
        if not case.when:
            faults.add(
                case.place,
                f"{thing}, case '{case.code}'",
                "it does not say when it holds",
                "Add when with an expression",
            )
