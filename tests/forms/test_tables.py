"""Tables beside a form, as JavaRosa reads them."""

from __future__ import annotations

from pathlib import Path

import pytest

from survey_kit.errors import FileProblem
from survey_kit.forms.tables import AttachedTables, read_table

PLACES = """{"type": "FeatureCollection", "features": [
{"type": "Feature", "id": 7, "geometry": {"type": "Point", "coordinates": [36.8, -1.25]},
 "properties": {"title": "First", "open": true, "worth": null}},
{"type": "Feature", "geometry": {"type": "LineString", "coordinates": [[0, 1], [2, 3]]},
 "properties": {"id": "two", "people": 1.5}}]}"""


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_csv_file_is_a_table(tmp_path: Path) -> None:
    path = write(tmp_path, "shops.csv", '\ufeffname,label\nsoap,"Soap, green"\nlamp\n')

    table = read_table(path)

    assert (table.name, table.rows) == ("shops", 2)
    assert table.columns == {"name": ("soap", "lamp"), "label": ("Soap, green", "")}


def test_a_csv_file_may_have_semicolons(tmp_path: Path) -> None:
    assert read_table(write(tmp_path, "a.csv", "a;b\n1;2\n")).columns == {"a": ("1",), "b": ("2",)}


def test_a_map_is_a_table_of_its_features(tmp_path: Path) -> None:
    table = read_table(write(tmp_path, "places.geojson", PLACES))

    assert table.columns == {
        "geometry": ("-1.25 36.8 0 0", "1 0 0 0; 3 2 0 0"),
        "title": ("First", None),
        "open": ("true", None),
        "worth": ("", None),
        "id": ("7", "two"),
        "people": (None, "1.5"),
    }


def test_an_xml_file_is_a_table_of_its_rows(tmp_path: Path) -> None:
    text = "<root><item><key>a</key><n/></item><item><key>b</key></item></root>"

    assert read_table(write(tmp_path, "s.xml", text)).columns == {
        "key": ("a", "b"),
        "n": ("", None),
    }


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.geojson", "{"),
        ("a.geojson", '{"type": "Feature"}'),
        ("a.geojson", '{"type": "FeatureCollection", "features": [{"geometry": null}]}'),
        ("a.xml", "<root>"),
        ("a.xml", '<!DOCTYPE r [<!ENTITY a "b">]><r>&a;</r>'),
    ],
)
def test_a_file_that_is_not_what_its_ending_says_is_refused(
    tmp_path: Path, name: str, text: str
) -> None:
    with pytest.raises(FileProblem) as caught:
        read_table(write(tmp_path, name, text))

    ending = name.removeprefix("a")
    assert str(caught.value) == (
        f"{name}: it is not what its ending '{ending}' says. "
        "Save it again from the program that made it."
    )


def test_a_table_is_read_when_it_is_asked_for(tmp_path: Path) -> None:
    tables = AttachedTables(tmp_path / "form.yaml")
    assert "shops" not in tables

    write(tmp_path, "shops.csv", "name\nsoap\n")

    assert tables["shops"].rows == 1
    assert tables["shops.csv"].rows == 1
    assert "../shops" not in tables
