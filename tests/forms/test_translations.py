"""Texts handed out and taken back: nothing lost, nothing overwritten in silence."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from survey_kit.errors import FileProblem
from survey_kit.forms.read import read_questionnaire
from survey_kit.forms.sheets import sheets
from survey_kit.forms.translations.refresh import refreshed
from survey_kit.forms.translations.returned import Merged, Outcome, merged
from survey_kit.forms.translations.returned_files import read_returned
from survey_kit.forms.translations.workbook_writer import HEADERS, translation_workbook
from survey_kit.forms.xform import xform
from survey_kit.forms.xlsform_writer import write_xlsform
from survey_kit.questionnaire.coverage import State, coverage
from survey_kit.questionnaire.fielded import fielded
from survey_kit.questionnaire.language_files import language_file_text
from survey_kit.questionnaire.model import Questionnaire
from survey_kit.questionnaire.spoken import in_languages, spoken
from survey_kit.questionnaire.translation import Status, Translation
from survey_kit.questionnaire.translations import ordered

DEFINITION = """\
questionnaire: water
title: {en: Water}
languages: {en: English, bn: বাংলা, ar: العربية}
translations:
  bn: {question/label:well: {status: reviewed, by: A. B., on: 2026-08-01}}
choices:
  yes_no:
    - {code: "yes", label: {en: "Yes", bn: হ্যাঁ}}
    - {code: "no", label: {en: "No"}}
interview:
  - name: well
    type: select_one yes_no
    label: {en: Is there a well?, bn: কুয়া আছে?}
  - name: far
    type: integer
    label: {en: "You said ${well}. How far is it?"}
    hint: {en: =1+1}
    relevant: ${well} = 'yes'
"""


@pytest.fixture
def water(tmp_path: Path) -> Questionnaire:
    path = tmp_path / "water.yaml"
    path.write_text(DEFINITION, encoding="utf-8")
    return read_questionnaire(path)


def handed_out(whole: Questionnaire, folder: Path, **filled: dict[str, tuple[str, str]]) -> Path:
    """A workbook with some cells filled in: column -> place -> (sheet, text)."""
    path = folder / "out.xlsx"
    languages = [code for code in whole.languages if code != whole.language]
    path.write_bytes(translation_workbook(whole, languages))
    book = load_workbook(path)
    for column, cells in filled.items():
        for place, (sheet, text) in cells.items():
            for row in book[sheet].iter_rows(min_row=2):
                if row[0].value == place:
                    row[HEADERS.index(column)].value = text
                    row[HEADERS.index(column)].data_type = "s"
    book.save(path)
    return path


def outcome(found: Merged, place: str, language: str = "bn") -> Outcome:
    return next(
        each.outcome for each in found.changes if (each.language, each.spot) == (language, place)
    )


def test_a_new_text_is_a_draft_until_somebody_is_named_who_checked_it(
    water: Questionnaire, tmp_path: Path
):
    path = handed_out(
        water,
        tmp_path,
        translation={"title": ("bn", "পানি")},
        status={"title": ("bn", "reviewed")},
    )
    back = read_returned(path, water)

    unnamed = merged(water, back)
    named = merged(water, back, reviewer="R. Begum", on="2026-08-02")

    assert outcome(named, "title") is Outcome.NEW
    assert unnamed.questionnaire.title["bn"] == "পানি"
    assert unnamed.questionnaire.translations["bn"]["title"] == Translation(Status.DRAFT)
    assert named.questionnaire.translations["bn"]["title"] == Translation(
        Status.REVIEWED, by="R. Begum", on="2026-08-02"
    )


def test_a_text_that_is_written_anew_is_no_longer_reviewed(water: Questionnaire, tmp_path: Path):
    path = handed_out(
        water,
        tmp_path,
        translation={"question/label:well": ("bn", "এখানে কুয়া আছে?")},
        status={"question/label:well": ("bn", "draft")},
    )

    found = merged(water, read_returned(path, water))

    change = next(each for each in found.changes if each.spot == "question/label:well")
    assert (change.outcome, change.before, change.after) == (
        Outcome.CHANGED,
        "কুয়া আছে?",
        "এখানে কুয়া আছে?",
    )
    assert found.questionnaire.translations["bn"]["question/label:well"].status is Status.DRAFT


def test_a_translation_that_loses_a_name_is_not_taken_over(water: Questionnaire, tmp_path: Path):
    path = handed_out(water, tmp_path, translation={"question/label:far": ("bn", "কত দূর?")})

    found = merged(water, read_returned(path, water))

    assert found.questionnaire == water
    assert [str(each) for each in found.problems] == [
        "out.xlsx, sheet bn, row 6: bn question/label:far: markup lost: ${well} is missing"
    ]


def test_a_translation_of_a_text_that_changed_meanwhile_comes_back_stale(
    water: Questionnaire, tmp_path: Path
):
    path = handed_out(water, tmp_path, translation={"title": ("bn", "পানি")})
    changed = in_languages(water, {"en": {"title": "Water and health"}})

    found = merged(changed, read_returned(path, changed), reviewer="R. Begum")

    assert found.questionnaire.translations["bn"]["title"] == Translation(
        Status.STALE, source="Water"
    )
    change = next(each for each in found.changes if each.spot == "title")
    assert str(change) == "bn title: new, but the text it was made from has changed"


def test_what_two_people_changed_is_a_conflict_and_stays(water: Questionnaire, tmp_path: Path):
    path = handed_out(water, tmp_path, translation={"question/label:well": ("bn", "কুয়া?")})
    meanwhile = in_languages(water, {"bn": {"question/label:well": "পানির কুয়া আছে?"}})

    found = merged(meanwhile, read_returned(path, meanwhile))

    assert outcome(found, "question/label:well") is Outcome.CONFLICT
    assert found.questionnaire == meanwhile


def test_what_others_changed_meanwhile_is_not_undone(water: Questionnaire, tmp_path: Path):
    path = handed_out(water, tmp_path)
    meanwhile = in_languages(water, {"bn": {"question/label:well": "পানির কুয়া আছে?"}})

    found = merged(meanwhile, read_returned(path, meanwhile))

    assert found.problems == ()
    assert found.questionnaire == meanwhile


def test_a_translation_is_not_taken_out_by_emptying_its_cell(water: Questionnaire, tmp_path: Path):
    path = handed_out(water, tmp_path, translation={"question/label:well": ("bn", "")})

    found = merged(water, read_returned(path, water))

    assert outcome(found, "question/label:well") is Outcome.EMPTIED
    assert found.questionnaire == water


def test_a_text_that_is_gone_is_told(water: Questionnaire, tmp_path: Path):
    path = handed_out(water, tmp_path, translation={"title": ("bn", "পানি")})
    without = replace(water, title={})

    found = merged(without, read_returned(path, without))

    assert outcome(found, "title") is Outcome.UNKNOWN
    assert found.questionnaire == without


def test_every_cell_is_a_text_and_only_three_columns_stand_open(
    water: Questionnaire, tmp_path: Path
):
    book = load_workbook(handed_out(water, tmp_path))

    for sheet in book.worksheets[1:]:
        assert sheet.protection.sheet
        for row in sheet.iter_rows(min_row=2):
            assert {cell.data_type for cell in row} <= {"s", "n"}
            assert all(cell.value is None for cell in row if cell.data_type == "n")
            open_cells = [HEADERS[at] for at, cell in enumerate(row) if not cell.protection.locked]
            assert open_cells == ["translation", "status", "comment"]
    hints = [row[3].value for row in book["bn"].iter_rows(min_row=2)]
    assert "=1+1" in hints


def test_a_language_that_is_written_from_right_to_left_has_such_a_sheet(
    water: Questionnaire, tmp_path: Path
):
    book = load_workbook(handed_out(water, tmp_path))

    assert bool(book["ar"].sheet_view.rightToLeft)
    assert not book["bn"].sheet_view.rightToLeft


def test_only_what_is_needed_can_be_handed_out(water: Questionnaire, tmp_path: Path):
    path = tmp_path / "needed.xlsx"
    path.write_bytes(translation_workbook(water, ["bn"], needed=True))

    places = [row[0].value for row in load_workbook(path)["bn"].iter_rows(min_row=2)]

    assert tuple(places) == coverage(water)["bn"].places(State.MISSING)


def test_the_context_says_who_is_asked(water: Questionnaire, tmp_path: Path):
    book = load_workbook(handed_out(water, tmp_path))

    context = {row[0].value: row[1].value for row in book["bn"].iter_rows(min_row=2)}

    assert context["choice/label:yes_no/no"] == "an answer that can be chosen (yes_no), text"
    assert str(context["question/label:far"]).startswith(
        "question (answer: a whole number), text; asked if "
    )


def test_a_workbook_of_somebody_else_is_refused(water: Questionnaire, tmp_path: Path):
    path = tmp_path / "form.xlsx"
    write_xlsform(water, path)

    with pytest.raises(FileProblem) as caught:
        read_returned(path, water)

    assert str(caught.value) == (
        "form.xlsx: no sheet in it was handed out for translation. Its first row must hold place, "
        "where it stands, earlier text, text, translation, status, comment and as handed out."
    )


def test_a_po_file_says_its_language_in_its_name_or_its_head(water: Questionnaire, tmp_path: Path):
    text = language_file_text(water, "bn")
    named, unnamed = tmp_path / "water.bn.po", tmp_path / "back.po"
    named.write_text(text.replace('"Language: bn\\n"', '"Language: bn_BD\\n"'), encoding="utf-8")
    unnamed.write_text(text, encoding="utf-8")

    assert {each.language for each in read_returned(named, water)} == {"bn"}
    assert {each.language for each in read_returned(unnamed, water)} == {"bn"}
    unnamed.write_text(text.replace('"Language: bn\\n"\n', ""), encoding="utf-8")
    assert {each.language for each in read_returned(unnamed, water, "ar")} == {"ar"}
    with pytest.raises(FileProblem) as caught:
        read_returned(unnamed, water)

    assert str(caught.value) == (
        "back.po: neither its name nor its head says which language it is in. "
        "Name it with --language."
    )


def test_a_po_file_whose_head_names_another_language_is_refused(
    water: Questionnaire, tmp_path: Path
):
    path = tmp_path / "bn.po"
    path.write_text(language_file_text(water, "ar"), encoding="utf-8")

    with pytest.raises(FileProblem) as caught:
        read_returned(path, water)

    assert str(caught.value) == (
        "bn.po: it is taken for বাংলা, and its head says 'ar'. "
        "Correct the line Language: in its head, its name, or --language."
    )


def test_a_text_that_came_back_in_two_versions_is_a_conflict_and_nothing_changes(
    water: Questionnaire, tmp_path: Path
):
    one = handed_out(water, tmp_path, translation={"title": ("bn", "পানি")})
    first = read_returned(one, water)
    other = [replace(each, text="জল") if each.spot == "title" else each for each in first]

    found = merged(water, [*first, *other])

    (conflict,) = found.problems
    assert (conflict.spot, conflict.outcome) == ("title", Outcome.CONFLICT)
    assert str(conflict) == (
        "out.xlsx, sheet bn, row 2: bn title: conflict: "
        "out.xlsx, sheet bn, row 2 translates it otherwise"
    )
    assert "bn" not in found.questionnaire.title


def test_a_row_left_as_it_went_out_says_nothing_against_one_that_was_filled_in(
    water: Questionnaire, tmp_path: Path
):
    filled = read_returned(handed_out(water, tmp_path, translation={"title": ("bn", "পানি")}), water)
    left = [replace(each, text=each.given or "") for each in filled]

    found = merged(water, [*left, *filled, *filled])

    assert found.questionnaire.title["bn"] == "পানি"
    assert len(found.changes) == len(filled)


def test_a_po_entry_that_is_no_longer_fuzzy_is_reviewed_by_whom_is_named(
    water: Questionnaire, tmp_path: Path
):
    path = tmp_path / "bn.po"
    draft = replace(water, translations={"bn": {"question/label:well": Translation(Status.DRAFT)}})
    text = language_file_text(draft, "bn")
    path.write_text(text.replace("#, fuzzy\n", ""), encoding="utf-8")

    found = merged(draft, read_returned(path, draft), reviewer="R. Begum", on="2026-08-02")

    assert text.count("#, fuzzy") == 1
    assert found.questionnaire.translations["bn"]["question/label:well"] == Translation(
        Status.REVIEWED, by="R. Begum", on="2026-08-02"
    )


def test_what_is_known_of_translations_survives_in_a_workbook(water: Questionnaire, tmp_path: Path):
    path = tmp_path / "form.xlsx"
    write_xlsform(water, path)

    assert read_questionnaire(path).translations == water.translations


def test_a_draft_has_one_name_in_every_column_of_the_form(tmp_path: Path):
    headers = ["type", "name", "label::English (en)", "label::বাংলা (bn)", "guidance_hint::বাংলা (bn)"]
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "survey"
    sheet.append([*headers, "note to self"])
    sheet.append(["text", "well", "Is there a well?", "কুয়া আছে?", "দেখুন", "x"])
    known = book.create_sheet("translations")
    known.append(["language", "place", "status", "source", "by", "on", "comment"])
    known.append(["bn", "question/label:well", "draft"])
    path = tmp_path / "form.xlsx"
    book.save(path)

    ready = fielded(read_questionnaire(path))

    survey = sheets(ready)[0]
    assert survey.headers == tuple(
        header.replace("বাংলা", "বাংলা – draft") for header in [*headers, "note to self"]
    )
    assert xform(ready).xml.count("<translation") == 2


FILED = DEFINITION.split("choices:", maxsplit=1)[0].split("translations:", maxsplit=1)[0].replace(
    "bn: বাংলা, ar: العربية", "bn: {name: বাংলা, file: languages/bn.po}"
) + (
    "interview:\n  - {name: well, type: text, label: {en: Is there a well?}}\n"
    "  - {name: far, type: integer, label: {en: How far is it?}}\n"
)


def filed(folder: Path, definition: str) -> str:
    """Write a definition, bring its language file up to date, and give that back."""
    path = folder / "water.yaml"
    path.write_text(definition, encoding="utf-8")
    (found,) = refreshed(path)
    (folder / "languages").mkdir(exist_ok=True)
    (folder / found.file).write_text(found.text, encoding="utf-8")
    return found.text


def test_a_language_file_is_begun_and_brought_up_to_date(tmp_path: Path):
    begun = filed(tmp_path, FILED)
    file = tmp_path / "languages" / "bn.po"
    file.write_text(begun.replace('"How far is it?"\nmsgstr ""', '"How far is it?"\nmsgstr "দূর?"'))

    stale = filed(tmp_path, FILED.replace("How far is it?", "How many minutes is it?"))

    assert begun.count('msgstr ""') == 4  # the head of the file, the title and two questions
    assert (
        '#, fuzzy\n#| msgid "How far is it?"\nmsgctxt "question/label:far"\n'
        'msgid "How many minutes is it?"\nmsgstr "দূর?"\n'
    ) in stale
    assert coverage(read_questionnaire(tmp_path / "water.yaml"))["bn"].places(State.STALE) == (
        "question/label:far",
    )


def test_a_translation_moves_with_a_question_that_is_renamed_and_waits_for_one_taken_out(
    tmp_path: Path,
):
    begun = filed(tmp_path, FILED)
    file = tmp_path / "languages" / "bn.po"
    file.write_text(begun.replace('"How far is it?"\nmsgstr ""', '"How far is it?"\nmsgstr "দূর?"'))

    moved = filed(tmp_path, FILED.replace("name: far", "name: distance"))
    without = filed(tmp_path, FILED.split("  - {name: far", maxsplit=1)[0])
    back = filed(tmp_path, FILED)

    assert 'msgctxt "question/label:distance"\nmsgid "How far is it?"\nmsgstr "দূর?"' in moved
    assert '#~ msgid "How far is it?"\n#~ msgstr "দূর?"' in without
    assert 'msgctxt "question/label:far"\nmsgid "How far is it?"\nmsgstr "দূর?"' in back
    assert "#~" not in back


_TEXT = st.text("abc =+-@\"'\nবাংলা", min_size=1, max_size=12).map(str.strip).filter(bool)


@st.composite
def translated(draw: st.DrawFn, questionnaires: st.SearchStrategy[Questionnaire]) -> Questionnaire:
    """A questionnaire with drafts in every other language than the first."""
    whole = draw(questionnaires)
    texts = {
        code: {
            each.place: draw(st.one_of(st.just(""), _TEXT))
            if each.texts.get(whole.language)
            else ""
            for each in spoken(whole)
        }
        for code in whole.languages
        if code != whole.language
    }
    known = {
        code: {place: Translation(Status.DRAFT) for place, text in of.items() if text}
        for code, of in texts.items()
    }
    with_texts = in_languages(whole, texts)
    return replace(with_texts, translations=ordered(with_texts, known))


@settings(max_examples=8, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_what_goes_out_and_comes_back_untouched_changes_nothing(
    data: st.DataObject, questionnaires: st.SearchStrategy[Questionnaire], tmp_path: Path
):
    whole = data.draw(translated(questionnaires))
    languages = [code for code in whole.languages if code != whole.language]
    if not languages:
        return
    book = tmp_path / "out.xlsx"
    book.write_bytes(translation_workbook(whole, languages))
    file = tmp_path / "out.po"
    file.write_text(language_file_text(whole, languages[0]), encoding="utf-8", newline="\n")

    for back in (read_returned(book, whole), read_returned(file, whole, languages[0])):
        found = merged(whole, back, reviewer="R. Begum")

        assert found.questionnaire == whole
        assert {each.outcome for each in found.changes} <= {Outcome.SAME}


@settings(max_examples=8, suppress_health_check=list(HealthCheck), deadline=None)
@given(data=st.data())
def test_changing_one_text_makes_exactly_its_translations_stale(
    data: st.DataObject, questionnaires: st.SearchStrategy[Questionnaire], tmp_path: Path
):
    from survey_kit.questionnaire.faults import Faults
    from survey_kit.questionnaire.language_files import raw_translations, read_entries
    from survey_kit.questionnaire.translations import with_translations

    whole = data.draw(translated(questionnaires))
    languages = [code for code in whole.languages if code != whole.language]
    both = [
        each.place
        for each in spoken(whole)
        if languages and each.texts.get(whole.language) and each.texts.get(languages[0])
    ]
    if not both:
        return
    place = data.draw(st.sampled_from(both))
    file = tmp_path / "out.po"
    file.write_text(language_file_text(whole, languages[0]), encoding="utf-8", newline="\n")
    changed = in_languages(whole, {whole.language: {place: "something else altogether"}})
    faults = Faults()
    raws = raw_translations(read_entries(file, file.name), file.name, languages[0], faults)

    read = with_translations(changed, raws, faults)

    stale = [
        each
        for each, known in read.translations[languages[0]].items()
        if known.status is Status.STALE
    ]
    assert faults.all == ()
    assert stale == [place]


def test_a_po_file_without_places_is_refused_at_its_first_entry(
    water: Questionnaire, tmp_path: Path
):
    path = tmp_path / "bn.po"
    text = language_file_text(water, "bn")
    kept = [line for line in text.split("\n") if not line.startswith("msgctxt")]
    path.write_text("\n".join(kept), encoding="utf-8")

    with pytest.raises(FileProblem) as caught:
        read_returned(path, water)

    assert str(caught.value).endswith(
        "this entry has no msgctxt, so nobody can tell where its text stands. "
        "Translate in the file that was handed out."
    )
