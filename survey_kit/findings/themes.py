"""A theme of a study: a file with a function `claims`, found by its name.

The library knows no particular study, so a theme is loaded from the study's folder by
path, under a private name; two studies may both have a theme called ``drivers``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from difflib import get_close_matches
from hashlib import sha256
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import MappingProxyType, ModuleType
from typing import TypeAlias, cast

from survey_kit.errors import StudyError
from survey_kit.findings.claim import Claim
from survey_kit.tables.analysis import Analysis

Theme: TypeAlias = Callable[[Analysis], list[Claim]]
"""What a theme's ``claims`` is."""


def load_themes(folder: Path, names: Sequence[str]) -> Mapping[str, Theme]:
    """The `claims` of each theme, in the order asked for.

    Parameters
    ----------
    folder
        Where the study lies: `drivers` is `folder / "drivers.py"`.

    Raises
    ------
    StudyError
        If a theme has no file, or its file no function called claims.
    """
    return MappingProxyType({name: _theme(folder, name) for name in names})


def title_of(name: str, theme: Theme) -> str:
    """The heading of a theme, before anything is computed: its module's THEME, or its name."""
    title: object = getattr(theme, "__globals__", {}).get("THEME")
    return title if isinstance(title, str) else name.replace("_", " ").capitalize()


def _theme(folder: Path, name: str) -> Theme:
    path = folder / f"{name}.py"
    if not name.isidentifier() or not path.is_file():
        there = sorted(each.stem for each in folder.glob("*.py"))
        near = get_close_matches(name, there, n=1)
        remedy = (
            f"Did you mean '{near[0]}'?"
            if near
            else f"Write {name}.py with a function claims(analysis), or take the theme out"
        )
        raise StudyError(f"theme {name}", f"there is no file {name}.py beside study.yaml", remedy)
    claims = getattr(_module(path, name), "claims", None)
    if not callable(claims):
        raise StudyError(
            f"theme {name}",
            f"{name}.py has no function called claims",
            "Define claims(analysis), which returns a list of Claim",
        )
    return cast("Theme", claims)


def _module(path: Path, name: str) -> ModuleType:
    folder = sha256(str(path.parent.resolve()).encode()).hexdigest()[:12]
    spec = spec_from_file_location(f"_theme_{folder}_{name}", path)
    if spec is None or spec.loader is None:
        raise StudyError(f"theme {name}", f"{name}.py cannot be imported", "Make it a Python file")
    module = module_from_spec(spec)
    try:
        spec.loader.exec_module(module)
    except (SyntaxError, ImportError) as error:
        raise StudyError(
            f"theme {name}", f"{name}.py cannot be imported ({error})", "Mend the file"
        ) from error
    return module
