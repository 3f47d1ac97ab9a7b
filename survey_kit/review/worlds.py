"""Worlds: what answers may still be, in each of the ways in which a condition can come about."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, TypeAlias

from survey_kit.review.possible_values import Values, joined, met

if TYPE_CHECKING:
    from survey_kit.questionnaire.expression import Node as Part

MOST_WORLDS = 64
"""Beyond this, a part of a condition is left out of the reasoning: nothing is proven by it."""

Key: TypeAlias = "str | tuple[Part, str]"
"""A question by its name, or something worked out, by how it is worked out and by whom."""
World: TypeAlias = Mapping[Key, Values]
Worlds: TypeAlias = tuple[World, ...]
ANYTHING: Worlds = (MappingProxyType[Key, Values]({}),)
"""One world, in which nothing is known."""


def both(one: World, other: World) -> World | None:
    """A world in which all of two worlds is so; None if there is none."""
    found = dict(one)
    for key, values in other.items():
        both = met(found[key], values) if key in found else values
        if both.empty:
            return None
        found[key] = both
    return found


def add(worlds: list[World], world: World) -> None:
    """Add a world, and make one of two that differ in a single answer."""
    for place, other in enumerate(worlds):
        if other.keys() != world.keys():
            continue
        apart = [key for key in world if world[key] != other[key]]
        if not apart:
            return
        if len(apart) == 1:
            one = joined(other[apart[0]], world[apart[0]])
            if one is not None:
                worlds[place] = {**world, apart[0]: one}
                return
    worlds.append(world)


def together(one: Worlds, other: Worlds) -> Worlds | None:
    """All of both; None if that is more than can be followed."""
    found = list(one)
    for world in other:
        add(found, world)
    return tuple(found) if len(found) <= MOST_WORLDS else None
