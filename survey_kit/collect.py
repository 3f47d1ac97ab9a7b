"""A folder of plug-ins: one file each, found by being there.

A question type, check, statistic, reader, writer or exporter is one module-level
value in one file of its folder. `collect` imports the folder and returns the values
by name; nobody keeps a list.
"""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Protocol, TypeVar, cast


class Named(Protocol):
    """Anything that says what it is called."""

    @property
    def name(self) -> str:
        """The name by which a user asks for it."""
        ...


T = TypeVar("T", bound=Named)


def collect(folder: str, kind: type[T]) -> dict[str, T]:
    """Every value of one kind in the modules of a package, by its name.

    Parameters
    ----------
    folder
        The dotted name of a package, such as ``survey_kit.cleaning.checks``.
    kind
        The class whose instances are the plug-ins.

    Returns
    -------
    dict
        name -> plug-in, in the order of the names.

    Raises
    ------
    RuntimeError
        If two plug-ins share a name: a fault of the program, not of its input.
    """
    return cast("dict[str, T]", dict(_collect(folder, kind)))


@cache
def _collect(folder: str, kind: type) -> dict[str, Named]:
    package = import_module(folder)
    found: dict[str, Named] = {}
    for info in sorted(iter_modules(package.__path__), key=lambda each: each.name):
        module = import_module(f"{folder}.{info.name}")
        for value in vars(module).values():
            if not isinstance(value, kind):
                continue
            named = cast("Named", value)
            if found.setdefault(named.name, named) is not named:
                raise RuntimeError(f"{folder}: two plug-ins are called {named.name!r}")
    return dict(sorted(found.items()))
