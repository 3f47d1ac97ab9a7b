"""Languages in files of their own: what is read, what is refused, and that nothing is lost."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from survey_kit.errors import DefinitionError
from survey_kit.questionnaire.language_files import language_file_text, read_entries
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.spoken import in_languages, spoken
from survey_kit.questionnaire.translation import Status, Translation
from survey_kit.questionnaire.translations import ordered
from survey_kit.questionnaire.yaml_file import read_yaml, yaml_text

DEFINITION = """\
questionnaire: water
languages:
  en: English
  bn: {name: বাংলা, file: languages/bn.po}
choices:
  yes_no:
    - {code: "yes", label: {en: "Yes"}}
    - {code: "no", label: {en: "No"}}
interview:
  - name: well
    type: select_one yes_no
    label: {en: Is there a well?}
  - name: far
    type: integer
    label: {en: "You said ${well}. How far is it?"}
    hint: {en: In minutes on foot.}
"""


def written(folder: Path, entries: str, definition: str = DEFINITION) -> Path:
    (folder / "languages").mkdir(exist_ok=True)
    (folder / "languages" / "bn.po").write_text(entries, encoding="utf-8")
    path = folder / "water.yaml"
    path.write_text(definition, encoding="utf-8")
    return path


def faults(path: Path) -> str:
    with pytest.raises(DefinitionError) as caught:
        read_yaml(path)
    return str(caught.value)


def test_a_language_comes_from_its_file_with_what_is_known_of_each_text(tmp_path: Path):
    path = written(
        tmp_path,
        '# status: draft\nmsgctxt "question/label:well"\nmsgid "Is there a well?"\nmsgstr "কুয়া আছে?"\n\n'
        "# status: reviewed\n# by: A. B.\n# on: 2026-08-01\n# comment: asked twice\n"
        'msgctxt "choice/label:yes_no/yes"\nmsgid "Yes"\nmsgstr "হ্যাঁ"\n',
    )

    read = read_yaml(path)

    assert read.languages == {"en": "English", "bn": "বাংলা"}
    assert read.language_files == {"bn": "languages/bn.po"}
    assert read.by_key["well"].question.label == {"en": "Is there a well?", "bn": "কুয়া আছে?"}
    assert read.lists["yes_no"].choices[0].label["bn"] == "হ্যাঁ"
    assert read.translations["bn"] == {
        "question/label:well": Translation(Status.DRAFT),
        "choice/label:yes_no/yes": Translation(
            Status.REVIEWED, by="A. B.", on="2026-08-01", comment="asked twice"
        ),
    }


def test_a_translation_of_a_text_that_has_changed_is_used_and_stale(tmp_path: Path):
    path = written(
        tmp_path,
        '# status: reviewed\nmsgctxt "question/label:well"\nmsgid "Have you a well?"\nmsgstr "কুয়া?"\n',
    )

    read = read_yaml(path)

    assert read.by_key["well"].question.label["bn"] == "কুয়া?"
    assert read.translations["bn"]["question/label:well"] == Translation(
        Status.STALE, source="Have you a well?"
    )


def test_what_a_translators_program_calls_fuzzy_is_a_draft(tmp_path: Path):
    path = written(
        tmp_path, '#, fuzzy\nmsgctxt "question/label:well"\nmsgid "Is there a well?"\nmsgstr "ক"\n'
    )

    assert read_yaml(path).translations["bn"]["question/label:well"].status is Status.DRAFT


def test_a_text_that_the_questionnaire_does_not_have_is_a_fault(tmp_path: Path):
    path = written(tmp_path, '\nmsgctxt "question/label:wel"\nmsgid "Is there?"\nmsgstr "ক"\n')

    assert faults(path) == (
        "languages/bn.po, line 2, language 'bn': the questionnaire has no text at "
        "'question/label:wel'. Did you mean 'question/label:well'?"
    )


def test_a_file_that_is_not_there_is_a_fault(tmp_path: Path):
    path = written(tmp_path, "")
    (tmp_path / "languages" / "bn.po").unlink()

    assert faults(path) == (
        "water.yaml, line 4, language 'bn': there is no file languages/bn.po. Check its name, or "
        "run survey-kit translate with --refresh, which begins it."
    )


@pytest.mark.parametrize("name", ["/etc/passwd.po", "../bn.po", "languages/../../bn.po", "C:bn.po"])
def test_a_file_outside_the_folder_is_never_opened(tmp_path: Path, name: str):
    path = written(tmp_path, "", DEFINITION.replace("languages/bn.po", f'"{name}"'))

    assert faults(path) == (
        "water.yaml, line 4, language 'bn': the file is not in the folder of the definition. "
        "Write for instance languages/bn.po."
    )


def test_a_file_that_is_no_po_file_names_the_line(tmp_path: Path):
    path = written(tmp_path, 'msgctxt "title"\nmsgid "Water"\nhello\n')

    assert faults(path) == (
        "languages/bn.po, line 3: this does not belong into a PO file. Write msgctxt, msgid and "
        "msgstr, each followed by a text in double quotes."
    )


def test_a_file_in_another_encoding_is_a_fault(tmp_path: Path):
    path = written(tmp_path, "")
    (tmp_path / "languages" / "bn.po").write_bytes(b'msgid "\xe9"\n')

    assert faults(path) == (
        "languages/bn.po: the file is not text in UTF-8. Save it again as UTF-8."
    )


def test_a_place_twice_and_an_entry_without_one_are_faults(tmp_path: Path):
    entry = 'msgctxt "question/label:well"\nmsgid "Is there a well?"\nmsgstr "ক"\n\n'
    path = written(tmp_path, f'{entry}{entry}msgid "Yes"\nmsgstr "হ্যাঁ"\n')

    assert faults(path).splitlines() == [
        (
            "languages/bn.po, line 5, language 'bn': 'question/label:well' stands in line 1 already. "
            "Remove one of the two."
        ),
        (
            "languages/bn.po, line 9, language 'bn': the entry does not say where its text stands. "
            "Give it the msgctxt back that it had."
        ),
    ]


def test_a_name_in_a_translation_that_leads_nowhere_is_a_fault(tmp_path: Path):
    path = written(
        tmp_path,
        '\nmsgctxt "question/label:far"\nmsgid "You said ${well}. How far is it?"\n'
        'msgstr "${wel}: কত দূর?"\n',
    )

    assert faults(path) == (
        "languages/bn.po, line 2, language 'bn', question/label:far: there is no question called "
        "'wel'. Did you mean 'well'?"
    )


def test_a_text_beside_the_question_and_another_in_the_file_is_a_fault(tmp_path: Path):
    path = written(
        tmp_path,
        '\nmsgctxt "question/label:well"\nmsgid "Is there a well?"\nmsgstr "ক"\n',
        DEFINITION.replace("{en: Is there a well?}", "{en: Is there a well?, bn: খ}"),
    )

    assert faults(path) == (
        "languages/bn.po, line 2, language 'bn', question/label:well: another translation stands "
        "beside the question. Keep one of the two."
    )


def test_a_text_that_is_cut_at_its_comma_is_a_fault(tmp_path: Path):
    path = written(tmp_path, "", DEFINITION.replace("Is there a well?", "Is there, near, a well?"))

    assert faults(path).splitlines() == [
        f"water.yaml, line 12, question 'well', label: '{cut}' stands here as a language, without "
        "a text. Put a text with a comma into quotes, or take the key out."
        for cut in ("near", "a well?")
    ]


def test_the_first_language_has_no_file(tmp_path: Path):
    path = written(
        tmp_path,
        '\nmsgctxt "question/label:well"\nmsgid "Is there a well?"\nmsgstr "Well?"\n',
        DEFINITION.replace("en: English", "en: {name: English, file: languages/bn.po}"),
    )

    assert "this is the language that the others are translated from" in faults(path)


def test_a_status_that_nobody_knows_is_a_fault(tmp_path: Path):
    path = written(
        tmp_path,
        '\n# status: done\nmsgctxt "question/label:well"\nmsgid "Is there a well?"\nmsgstr "ক"\n',
    )

    assert faults(path) == (
        "languages/bn.po, line 3, language 'bn', question/label:well: the status is 'done'. "
        "Write draft, reviewed, stale or nothing."
    )


def test_what_is_known_of_a_translation_may_stand_in_the_definition(tmp_path: Path):
    definition = DEFINITION.replace("{name: বাংলা, file: languages/bn.po}", "বাংলা").replace(
        "{en: Is there a well?}", "{en: Is there a well?, bn: ক}"
    )
    known = "translations:\n  bn:\n    question/label:well: {status: reviewed, by: A. B.}\nchoices:"
    path = written(tmp_path, "", definition.replace("choices:", known))

    assert read_yaml(path).translations["bn"] == {
        "question/label:well": Translation(Status.REVIEWED, by="A. B.")
    }


_LINE = st.text(
    st.characters(exclude_categories=["Cs", "Cc"]) | st.sampled_from("\"\\\n\t=#'"), max_size=40
).map(str.strip)
_STATUS = st.builds(
    Translation, st.sampled_from([Status.DRAFT, Status.REVIEWED]), by=st.sampled_from(["", "A. B."])
)


@st.composite
def translated(draw: st.DrawFn, questionnaires: st.SearchStrategy[Questionnaire]) -> Questionnaire:
    """A questionnaire with translations, and something known of some of them."""
    whole = draw(questionnaires)
    first = whole.language
    texts: dict[str, dict[str, str]] = {}
    known: dict[str, dict[str, Translation]] = {}
    for each in spoken(whole):
        for code in [code for code in whole.languages if code != first]:
            text = draw(_LINE).replace("${", "") if each.texts.get(first) else ""
            texts.setdefault(code, {})[each.place] = text
            if text and draw(st.booleans()):
                known.setdefault(code, {})[each.place] = draw(_STATUS)
    with_texts = in_languages(whole, texts)
    return replace(with_texts, translations=ordered(with_texts, known))


@settings(max_examples=12, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_a_language_file_holds_every_text_as_it_was(
    data: st.DataObject, questionnaires: st.SearchStrategy[Questionnaire], tmp_path: Path
):
    whole = data.draw(translated(questionnaires))
    for code in [code for code in whole.languages if code != whole.language]:
        path = tmp_path / "language.po"
        path.write_text(language_file_text(whole, code), encoding="utf-8", newline="\n")

        entries = {each.spot: each for each in read_entries(path, path.name)}

        for each in spoken(whole):
            if each.texts.get(whole.language):
                assert entries[each.place].source == each.texts[whole.language]
                assert entries[each.place].text == each.texts.get(code, "")


@settings(max_examples=12, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_what_is_known_of_translations_survives_in_the_definition(
    data: st.DataObject, questionnaires: st.SearchStrategy[Questionnaire], tmp_path: Path
):
    whole = data.draw(translated(questionnaires))
    path = tmp_path / "whole.yaml"
    path.write_text(yaml_text(whole), encoding="utf-8", newline="\n")

    assert read_yaml(path) == whole
