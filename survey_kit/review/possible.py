"""Whether a condition can hold at all: a sound answer, and never a guess.

A condition is followed like a logician would: `and` narrows what answers may be, `or` splits
the world in two, `not` turns a part round. A *world* says of some questions what their answers
may still be (`possible_values`). If no world is left, no interview fulfils the condition:
that is a proof. If worlds are left, nothing is said, since what is not understood (a function,
a path, another row of a repeat) is taken to be possible.

A question that is not asked is blank to all others. So whoever refers to its answer also needs
its gates to be open, and theirs, and so on: that is how a dead branch is found three questions
further down.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from survey_kit.review.narrowing import Narrowing
from survey_kit.review.possible_answers import answered_only, typed
from survey_kit.review.possible_values import met
from survey_kit.review.worlds import ANYTHING, MOST_WORLDS, World, Worlds, add, both

if TYPE_CHECKING:
    from survey_kit.questionnaire.expression import Node as Part
    from survey_kit.review.possible_values import Values
    from survey_kit.review.reviewed import Located, Reviewed

LONGEST_WAY = 60
"""How many questions that wait for one another are followed backwards at once."""


class Reasoner:
    """Reasons about one questionnaire; what it has worked out, it remembers."""

    def __init__(self, reviewed: Reviewed) -> None:
        self._reviewed = reviewed
        self._narrowing = Narrowing(reviewed)
        self._reach: dict[int, Worlds] = {}
        self._waiting = 0

    def reach(self, located: Located) -> Worlds:
        """The worlds in which a node is asked; none where no interview can reach it."""
        if located.order in self._reach:
            return self._reach[located.order]
        if self._waiting >= LONGEST_WAY:
            return ANYTHING
        self._waiting += 1
        self._reach[located.order] = ANYTHING
        around = self.reach(located.parents[-1]) if located.parents else ANYTHING
        relevant = located.node.relevant
        if relevant is not None and around:
            around = self.narrowed(around, relevant.tree, located)
            for name in relevant.answers:
                around = self._opened(around, name, located)
        self._reach[located.order] = around
        self._waiting -= 1
        return self._reach[located.order]

    def blocked_by(self, located: Located) -> str | None:
        """The question whose answer it needs, and which is not asked when it would be needed."""
        around = self.reach(located.parents[-1]) if located.parents else ANYTHING
        relevant = located.node.relevant
        if relevant is None or not around:
            return None
        worlds = self.narrowed(around, relevant.tree, located)
        for name in relevant.answers:
            worlds = self._opened(worlds, name, located) if worlds else worlds
            if not worlds:
                return name if self.narrowed(around, relevant.tree, located) else None
        return None

    def _opened(self, worlds: Worlds, name: str, here: Located) -> Worlds:
        """The worlds in which whoever has an answer to a question was also asked it."""
        asked = self._narrowing.in_scope(name, here)
        gate = self.reach(asked) if asked is not None else ANYTHING
        if gate == ANYTHING:
            return worlds
        found: list[World] = []
        for world in worlds:
            values = world.get(name)
            if values is None or values.blank:
                add(found, world)
                continue
            for other in gate:
                joint = both(world, other)
                if joint is not None:
                    add(found, joint)
            if len(found) > MOST_WORLDS:
                return worlds
        return tuple(found)

    def passing(self, located: Located, tree: Part) -> Worlds:
        """The worlds in which a question is asked, answered, and its constraint holds."""
        values = typed(located, self._reviewed)
        start = self.reach(located)
        if values is not None:
            start = tuple(
                {**world, located.node.name: answered}
                for world in start
                for answered in [answered_only(met(world.get(located.node.name, values), values))]
                if not answered.empty
            )
        return self.narrowed(start, tree, located)

    def refused(self, located: Located, tree: Part) -> Worlds:
        """The worlds in which some answer breaks a constraint."""
        values = typed(located, self._reviewed)
        start: Worlds = ANYTHING
        if values is not None:
            start = ({located.node.name: answered_only(values)},)
        return self.narrowed(start, tree, located, holding=False)

    def may_be(self, name: str, here: Located | None, worlds: Worlds) -> tuple[Values, ...]:
        """What the answer to a question may be, in each of several worlds; () if not known."""
        given = self._narrowing.given(name, here)
        if given is None:
            return ()
        return tuple(met(world[name], given) if name in world else given for world in worlds)

    def narrowed(
        self, worlds: Worlds, part: Part, here: Located | None, *, holding: bool = True
    ) -> Worlds:
        """The worlds that are left when a condition holds (or does not)."""
        return self._narrowing.narrowed(worlds, part, here, holding=holding)

    def given(self, name: str, here: Located | None) -> Values | None:
        """What the answer to a question may be in a valid interview; None if nothing is known."""
        return self._narrowing.given(name, here)
