"""The rules of disclosure control: how few people are too few to be shown."""

from __future__ import annotations

from dataclasses import dataclass

from survey_kit.errors import ProtectionError

_SMALLEST_BASE = 10
_SMALLEST_CELL = 5


@dataclass(frozen=True)
class Rules:
    """How many people a number needs behind it.

    The defaults are the thresholds of safe-setting output checking (SDC handbook,
    chapter 5): ten people under a percentage or mean, five in a cell. They may be raised
    freely; going below them needs a reason, which travels with the outputs.

    Parameters
    ----------
    smallest_base
        Under a column with fewer people nothing is shown.
    smallest_cell
        A count of 1 up to one less than this is not shown, nor what would give it away.
    warn_base
        A column with fewer people is shown, and marked as resting on few.
    reason
        Why a threshold is below its default.

    Raises
    ------
    ProtectionError
        If a threshold is below its default and no reason is given, or makes no sense.
    """

    smallest_base: int = _SMALLEST_BASE
    smallest_cell: int = _SMALLEST_CELL
    warn_base: int = 30
    reason: str = ""

    def __post_init__(self) -> None:
        for name, value, least in (
            ("smallest_base", self.smallest_base, _SMALLEST_BASE),
            ("smallest_cell", self.smallest_cell, _SMALLEST_CELL),
        ):
            if value < 1:
                raise ProtectionError(
                    f"protection, {name}",
                    "a threshold is a number of people from 1",
                    f"Write {least}, or more",
                )
            if value < least and not self.reason.strip():
                raise ProtectionError(
                    f"protection, {name}",
                    f"{value} is below the default of {least}, and no reason is given",
                    f"Add  reason:  saying who decided and why, or write {least} or more",
                )
        if self.smallest_base < self.smallest_cell:
            raise ProtectionError(
                "protection, smallest_base",
                "it is smaller than smallest_cell, so a column could be shown that no cell of "
                "may be",
                f"Write {self.smallest_cell} or more",
            )

    def in_words(self) -> str:
        """The rules as one sentence for the method page."""
        words = (
            f"Nothing is shown of groups of fewer than {self.smallest_base} people, no count "
            f"below {self.smallest_cell}, and no number from which such a count could be worked "
            f"out; numbers that rest on fewer than {self.warn_base} people are marked."
        )
        return (
            f"{words} Thresholds below the default, because: {self.reason}"
            if self.reason
            else words
        )
