"""survey-kit doctor: what is installed, and what each extra would add."""

from __future__ import annotations

import platform
import shutil
from importlib.metadata import PackageNotFoundError, version

import click

from survey_kit import __version__

NEEDED = (
    "pandas",
    "numpy",
    "scipy",
    "statsmodels",
    "pyarrow",
    "pyreadstat",
    "ruamel.yaml",
    "defusedxml",
    "streamlit",
    "altair",
    "openpyxl",
    "xlsxwriter",
)
EXTRAS = {
    "forms": (("pyxform",), "XForms for ODK Collect"),
    "report": (
        ("python-docx", "vl-convert-python", "pillow"),
        "findings as HTML and Word, with charts",
    ),
    "scale": (("duckdb",), "Parquet and CSV larger than memory"),
    "spark": (("pyspark",), "samples that live on a Spark cluster"),
}
PROGRAMS = {
    "java": "ODK Validate, the field's own check of a form",
    "soffice": "a look at workbooks and documents as others see them",
    "uv": "a faster set-up",
}


@click.command("doctor")
def command() -> int:
    """Say what is here and what is not. Exit code 1 if something compulsory is missing."""
    click.echo(f"field-to-finding {__version__}, Python {platform.python_version()}")
    missing = [name for name in NEEDED if not _line(name, "")]
    for extra, (packages, what_for) in EXTRAS.items():
        for package in packages:
            _line(package, f"extra {extra}: {what_for}")
    for program, what_for in PROGRAMS.items():
        found = "found" if shutil.which(program) else "not found"
        click.echo(f"  {program:<20} {found:<12} {what_for}")
    return 1 if missing else 0


def _line(package: str, what_for: str) -> bool:
    try:
        installed = version(package)
    except PackageNotFoundError:
        click.echo(f"  {package:<20} {'missing':<12} {what_for}".rstrip())
        return False
    click.echo(f"  {package:<20} {installed:<12} {what_for}".rstrip())
    return True
