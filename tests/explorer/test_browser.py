"""The explorer in Debian's Chromium: every page, its notice, its download, and no other host."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.error import URLError
from urllib.parse import urlsplit

import openpyxl
import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
STUDY = ROOT / "analysis" / "community_perceptions"
CHROMIUM = "/usr/bin/chromium"
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PAGES = {
    "respondents": "Who was interviewed",
    "drivers": "Drivers",
    "information_needs": "Information needs",
    "regular_pathways": "Regular pathways",
    "crosstab": "Crosstab",
}
IDLE = '[data-testid="stApp"][data-test-script-state="notRunning"]'

pytestmark = pytest.mark.client


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A running explorer on a loopback port, stopped afterwards."""
    if not Path(CHROMIUM).is_file():
        pytest.skip("Chromium is not installed")
    port = free_port()
    command = [
        *(sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py")),
        *("--server.port", str(port), "--server.address", "127.0.0.1"),
        *("--server.headless", "true", "--", str(STUDY)),
    ]
    with subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            wait_until_healthy(f"http://127.0.0.1:{port}/_stcore/health")
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


def wait_until_healthy(url: str) -> None:
    end = time.monotonic() + 60
    while time.monotonic() < end:
        try:
            with urllib.request.urlopen(url, timeout=2) as answer:  # noqa: S310 - loopback
                if answer.status == 200:
                    return
        except (URLError, OSError):
            time.sleep(0.2)
    pytest.fail("the explorer did not start within a minute")


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as player:
        browser = player.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        opened = browser.new_page(viewport={"width": 1280, "height": 1600})
        opened.set_default_timeout(90_000)
        yield opened
        browser.close()


def go(page: Page, address: str) -> None:
    page.goto(address)
    page.wait_for_selector(".footer", state="attached")
    page.wait_for_selector(IDLE)


@pytest.fixture
def requested(page: Page) -> Iterator[list[str]]:
    """The hosts that the page asked anything of, while a test runs."""
    hosts: list[str] = []

    def note(request: object) -> None:
        parts = urlsplit(getattr(request, "url", ""))
        if parts.scheme not in {"data", "blob"}:
            hosts.append(parts.hostname or "")

    page.on("request", note)
    yield hosts
    page.remove_listener("request", note)


@pytest.mark.parametrize(("key", "title"), PAGES.items())
def test_every_page_shows_the_notice_and_asks_no_other_host(
    page: Page, address: str, requested: list[str], key: str, title: str
):
    go(page, f"{address}/{key}")

    folder = Path(os.environ.get("SCREENSHOTS", ROOT / "build" / "screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=str(folder / f"explorer_{key}.png"), full_page=True)
    assert page.inner_text("h1") == title
    page.mouse.wheel(0, 3000)
    assert page.locator(".top-notice").first.is_visible()
    assert page.locator(".top-notice").first.inner_text().startswith("SIMULATED DATA")
    assert page.locator('[data-testid="stException"], [data-testid="stAlert"]').count() == 0
    assert set(requested) == {"127.0.0.1"}


def test_charts_are_drawn_and_told_in_words(page: Page, address: str):
    go(page, f"{address}/drivers")
    page.wait_for_selector('[data-testid="stVegaLiteChart"] :is(canvas, svg)')

    charts = page.locator('[data-testid="stVegaLiteChart"]')
    assert charts.count() >= 4
    labelled = page.locator('[aria-label^="Dot chart of shares"]')
    assert labelled.count() == charts.count()


def test_the_crosstab_is_downloaded_as_a_workbook(page: Page, address: str, tmp_path: Path):
    go(page, f"{address}/crosstab?row=drivers&by=gender")

    with page.expect_download() as downloading:
        page.click('[data-testid="stDownloadButton"] button')
    path = tmp_path / "crosstab.xlsx"
    downloading.value.save_as(str(path))

    book = openpyxl.load_workbook(path)
    texts = [str(cell.value) for sheet in book for row in sheet for cell in row if cell.value]
    assert any(text.startswith("SIMULATED DATA") for text in texts)
    assert any("Why did you leave" in text for text in texts)


def test_the_address_of_a_crosstab_is_a_bookmark(page: Page, address: str):
    go(page, f"{address}/crosstab?row=info_sought&by=country_int&only=gender&with=woman")

    assert page.locator("table").first.is_visible()
    assert "Before leaving, did you look for any information" in page.inner_text("table >> nth=0")
    assert "only=gender" in page.url
