"""DDI-Codebook 2.5: the data as microdata libraries catalogue them.

It describes the SPSS files, since a library hands those out: every variable by the name and with
the numbers that it has there, the question as it was asked in each language, who was asked it,
what each number means and which mean that there is no answer, the questions of several choices as
groups, and the weight. Numbers of people by answer are left out: a catalogue travels further than
the data, and one person in a category is one person.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from survey_kit.questionnaire.question_type import Storage
from survey_kit.responses.catalogue.universe import universe
from survey_kit.responses.model import Absence
from survey_kit.responses.simulation import SIMULATED
from survey_kit.responses.writers.labelled import Kind, tables
from survey_kit.responses.writers.spss import laid_out, measure

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from survey_kit.questionnaire.model import Item
    from survey_kit.responses.model import Responses
    from survey_kit.responses.writers.labelled import Column, Table
    from survey_kit.responses.writers.spss import Layout

NAMESPACE = "ddi:codebook:2_5"
SCHEMA = "http://www.ddialliance.org/Specification/DDI-Codebook/2.5/XMLSchema/codebook.xsd"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"
XML_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
LANGUAGE = re.compile(r"[A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*")
NOT_IN_XML = re.compile(r"[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")
WEIGHT = "weight"
"""The column beside the answers that holds the weight of an interview."""
DOMAINS = {
    Storage.CODE: "category",
    Storage.CODES: "multiple",
    Storage.INTEGER: "numeric",
    Storage.DECIMAL: "numeric",
    Storage.DATE: "datetime",
    Storage.DATETIME: "datetime",
    Storage.LOCATION: "geographic",
}
MISSING_VALUES = (
    "The numbers in the invalid range of a variable say why there is no answer, and are declared as "
    "missing values: not asked, left blank, refused and so on, as their labels say."
)


def write_ddi(responses: Responses, path: Path, *, data: Path, language: str) -> tuple[str, ...]:
    """A codebook of the files that the SPSS writer makes of the responses.

    Parameters
    ----------
    path
        Of the codebook.
    data
        The .sav file of the interviews; those of repeats lie beside it.
    language
        Of the labels in the data. Questions stand in every language of the form.

    Returns
    -------
    One sentence for whatever was left out.
    """
    questionnaire = responses.questionnaire
    root = ET.Element("codeBook", {"xmlns": NAMESPACE, "version": "2.5"})
    root.set("xmlns:xsi", INSTANCE)
    root.set("xsi:schemaLocation", f"{NAMESPACE} {SCHEMA}")
    if language_of := _language(language):
        root.set(XML_LANGUAGE, language_of)
    title = questionnaire.text(questionnaire.title, language, fallback=questionnaire.name)
    _document(root, title)
    laid = [(table, laid_out(table)) for table in tables(responses, data, language)]
    weighted = any(_weight_of(layout) for _, layout in laid)
    _study(root, responses, title, weighted=weighted)
    for number, (table, layout) in enumerate(laid, start=1):
        _file(root, f"F{number}", table, layout)
    described = ET.SubElement(root, "dataDscr")
    for number, (_, layout) in enumerate(laid, start=1):
        _groups(described, f"F{number}", layout)
    weight = next((name for _, layout in laid if (name := _weight_of(layout))), "")
    for number, (table, layout) in enumerate(laid, start=1):
        for name, column in zip(layout.names, layout.made, strict=True):
            _variable(described, (f"F{number}", name), column, (table, layout), weight)
    ET.indent(root, " ")
    ET.ElementTree(root).write(path, encoding="utf-8", xml_declaration=True)
    return ("numbers of people by answer are left out of ddi.xml, which is made to be public",)


def _document(root: ET.Element, title: str) -> None:
    citation = ET.SubElement(ET.SubElement(root, "docDscr"), "citation")
    _text(ET.SubElement(citation, "titlStmt"), "titl", f"Codebook: {title}")
    _text(ET.SubElement(citation, "prodStmt"), "software", "survey_kit")


def _study(root: ET.Element, responses: Responses, title: str, *, weighted: bool) -> None:
    questionnaire = responses.questionnaire
    study = ET.SubElement(root, "stdyDscr")
    citation = ET.SubElement(study, "citation")
    titles = ET.SubElement(citation, "titlStmt")
    _text(titles, "titl", title)
    for code, text in questionnaire.title.items():
        if text and text != title:
            _text(titles, "parTitl", text, code)
    _text(titles, "IDNo", questionnaire.name)
    if questionnaire.version:
        version = ET.SubElement(citation, "verStmt")
        _text(version, "version", f"form version {questionnaire.version}")
    about = ET.SubElement(ET.SubElement(study, "stdyInfo"), "sumDscr")
    _text(
        about,
        "anlyUnit",
        "The interview"
        + ("" if not responses.repeats else ", and in files of their own the rows of its repeats"),
    )
    _text(about, "dataKind", "Survey data")
    if weighted:
        collected = ET.SubElement(ET.SubElement(study, "method"), "dataColl")
        _text(collected, "weight", f"The variable '{WEIGHT}' is the weight of an interview.")
    if responses.report.format == SIMULATED:
        for note in responses.report.notes:
            _text(study, "notes", note)


def _file(root: ET.Element, identity: str, table: Table, layout: Layout) -> None:
    file = ET.SubElement(root, "fileDscr", {"ID": identity, "URI": table.path.name})
    about = ET.SubElement(file, "fileTxt")
    _text(about, "fileName", table.path.name)
    levels = list(map(str, table.frame.index.names))
    whose = (
        "One row for each interview."
        if len(levels) == 1
        else (f"One row for each '{levels[-1]}' of an interview, which is named in 'interview'.")
    )
    _text(about, "fileCont", whose)
    size = ET.SubElement(about, "dimensns")
    _text(size, "caseQnty", str(len(table.frame)))
    _text(size, "varQnty", str(len(layout.names)))
    _text(about, "fileType", "SPSS system file")
    if layout.shifts:
        _text(about, "dataMsng", MISSING_VALUES)


def _groups(described: ET.Element, file: str, layout: Layout) -> None:
    for number, each in enumerate(layout.sets, start=1):
        places = [layout.names.index(name) for name in each.columns]
        group = ET.SubElement(
            described,
            "varGrp",
            {
                "ID": f"{file}G{number}",
                "type": "multipleResp",
                "name": each.name.removeprefix("$"),
                "var": " ".join(_identity(file, layout, layout.names[place]) for place in places),
            },
        )
        _text(group, "labl", each.label)


def _variable(
    described: ET.Element,
    called: tuple[str, str],
    column: Column,
    whose: tuple[Table, Layout],
    weight: str,
) -> None:
    (file, name), (table, layout) = called, whose
    questionnaire = table.questionnaire
    about = {
        "ID": _identity(file, layout, name),
        "name": name,
        "files": file,
        "intrvl": "contin" if measure(column) == "scale" else "discrete",
    }
    if name == weight:
        about["wgt"] = "wgt"
    variable = ET.SubElement(described, "var", about)
    ET.SubElement(variable, "location", {"fileid": file})
    _text(variable, "labl", layout.labels.get(name, name))
    item = questionnaire.by_key.get(column.key) if column.key else None
    if item is not None and item.question.type.asked:
        _question(variable, item)
    shift = layout.shifts.get(name)
    if shift is not None:
        range_ = {"min": str(shift - max(Absence)), "max": str(shift - Absence.NOT_ASKED)}
        ET.SubElement(ET.SubElement(variable, "invalrng"), "range", range_)
    if item is not None:
        _text(variable, "universe", universe(item, questionnaire, table.language))
    _categories(variable, layout.value_labels.get(name, {}), shift)
    kind = "character" if column.kind is Kind.TEXT else "numeric"
    what = {"type": kind, "schema": "other", "otherSchema": "SPSS"}
    if column.kind in {Kind.DAY, Kind.MOMENT}:
        what["category"] = "date"
    ET.SubElement(variable, "varFormat", what)


def _question(variable: ET.Element, item: Item) -> None:
    question = item.question
    domain = DOMAINS.get(question.type.storage, "text")
    asked = ET.SubElement(variable, "qstn", {"responseDomainType": domain})
    for code, text in question.label.items():
        if text:
            _text(asked, "qstnLit", text, code)
    for code, text in question.hint.items():
        if text:
            _text(asked, "ivuInstr", text, code)


def _categories(variable: ET.Element, values: Mapping[int, str], shift: int | None) -> None:
    for number, label in values.items():
        missing = shift is not None and shift - max(Absence) <= number < shift
        category = ET.SubElement(variable, "catgry", {"missing": "Y"} if missing else {})
        _text(category, "catValu", str(number))
        _text(category, "labl", label)


def _identity(file: str, layout: Layout, name: str) -> str:
    return f"{file}V{layout.names.index(name) + 1}"


def _weight_of(layout: Layout) -> str:
    """The name of the weight among the columns, "" where there is none."""
    for name, column in zip(layout.names, layout.made, strict=True):
        if column.name == WEIGHT and not column.key and column.kind is Kind.NUMBER:
            return name
    return ""


def _language(code: str) -> str:
    return code if LANGUAGE.fullmatch(code) and code != "default" else ""


def _text(parent: ET.Element, tag: str, text: str, language: str = "") -> None:
    element = ET.SubElement(parent, tag)
    element.text = NOT_IN_XML.sub("", text)
    if code := _language(language):
        element.set(XML_LANGUAGE, code)
