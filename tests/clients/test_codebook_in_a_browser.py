"""The codebook in Chromium: nothing of a form runs, nothing is fetched, and it can be searched."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from survey_kit.forms.build import build
from survey_kit.questionnaire.yaml_file import read_yaml

pytestmark = pytest.mark.client

HOSTILE = """\
questionnaire: hostile
version: "1"
title: {en: "</title><script>window.ran=1</script>", ar: "العنوان"}
languages: {en: English, ar: العربية, he: עברית}
choices:
  yn:
    - {code: "yes", label: {en: "<img src=http://elsewhere.example/x.png onerror=window.ran=2>Yes", ar: نعم}}
    - {code: "no", label: {en: "\\"><svg/onload=window.ran=3>", ar: "لا", he: "לא"}}
interview:
  - name: a
    type: select_one yn
    label: {en: "<script>window.ran=4</script> <a href=\\"javascript:window.ran=5\\">x</a>", ar: "<iframe src=http://elsewhere.example></iframe>"}
    hint: {en: "&lt;script&gt;window.ran=6&lt;/script&gt;"}
  - {name: well, type: text, label: {en: "' onmouseover='window.ran=7"}, relevant: "regex(${a}, '<script>window.ran=8</script>')"}
"""
INSIDE = """() => [...document.querySelectorAll('.tools label:has(input)')].map(label => {
  const box = label.querySelector('input').getBoundingClientRect(), all = label.getBoundingClientRect();
  return box.left >= all.left && box.right <= all.right;
})"""


@pytest.fixture
def page(tmp_path: Path):
    sync_api = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    if chromium is None:
        pytest.skip("Chromium is not installed")
    path = tmp_path / "hostile.yaml"
    path.write_text(HOSTILE, encoding="utf-8")
    built = build(read_yaml(path), tmp_path / "out", only=["codebook"])
    html = next(each.path for each in built.files if each.path.suffix == ".html")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        opened = browser.new_page(viewport={"width": 390, "height": 800})
        opened.asked_for = []
        opened.on("request", lambda request: opened.asked_for.append(request.url))
        opened.goto(html.as_uri())
        yield opened
        browser.close()


def test_no_text_of_a_form_runs_or_fetches_anything(page) -> None:
    page.wait_for_timeout(200)

    assert page.evaluate("window.ran") is None
    assert [url for url in page.asked_for if not url.startswith("file:")] == []
    assert page.evaluate("document.querySelectorAll('iframe,img,svg,object,a').length") == 0


def test_it_is_searched_and_says_when_nothing_is_found(page) -> None:
    shown = "() => [...document.querySelectorAll('article')].map(each => !each.hidden)"

    page.fill("#search", "WELL")
    found = page.evaluate(shown)
    page.fill("#search", "<script>nowhere")

    assert found == [False, True]
    assert page.evaluate(shown) == [False, False]
    assert page.is_visible("#none")


def test_each_language_has_its_own_box_and_a_telephone_needs_no_scrolling(page) -> None:
    assert page.evaluate(INSIDE) == [True, True, True]
    assert page.evaluate("document.documentElement.scrollWidth") <= 390

    page.uncheck("[data-language=ar]")

    assert not page.is_visible("text=نعم")
