"""survey-kit explore STUDY: the Streamlit explorer, on this machine only."""

from __future__ import annotations

import socket
import subprocess
import sys
from pathlib import Path

import click

from survey_kit.errors import UsageError


@click.command("explore")
@click.argument("study", type=click.Path(path_type=Path))
@click.option("--port", type=click.IntRange(1, 65535), default=8501, show_default=True)
@click.option("--browser/--no-browser", default=True, help="Open a browser window.")
def command(study: Path, port: int, browser: bool) -> int:
    """Open the explorer of a study: who was interviewed, findings, crosstabs."""
    from survey_kit.study.settings import read_study

    read_study(study)
    app = Path(__file__).parents[2] / "app.py"
    if not app.is_file():
        raise UsageError(
            "survey-kit explore",
            "app.py is not beside the installed package",
            "Run it from a clone of the project: python3 run.py explore STUDY",
        )
    if _is_taken(port):
        raise UsageError(
            f"port {port}",
            "something else is served there, perhaps another explorer",
            "Close it, or name another port with --port",
        )
    return subprocess.run(
        [
            *(sys.executable, "-m", "streamlit", "run", str(app)),
            *("--server.address", "127.0.0.1", "--server.port", str(port)),
            *("--server.headless", "false" if browser else "true"),
            *("--browser.gatherUsageStats", "false"),
            *("--", str(study.resolve())),
        ],
        check=False,
    ).returncode


def _is_taken(port: int) -> bool:
    with socket.socket() as trial:
        return trial.connect_ex(("127.0.0.1", port)) == 0
