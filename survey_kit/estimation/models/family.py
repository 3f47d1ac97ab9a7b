"""What an outcome is like: how its variance follows its mean, and on which scale effects add up.

Rows of facts. The mathematics are those of statsmodels' families, looked up when a model
is fitted. A quasi-likelihood needs no family of its own: the covariance comes from the
design, never from the family, so a dispersion other than 1 changes nothing but itself.
"""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from typing import Any, Literal, TypeAlias

from survey_kit.errors import EstimationError

Link: TypeAlias = Literal[
    "identity",
    "log",
    "logit",
    "probit",
    "cloglog",
    "cauchit",
    "inverse",
    "sqrt",
    "inverse squared",
]

_LINKS: dict[str, str] = {
    "identity": "Identity",
    "log": "Log",
    "logit": "Logit",
    "probit": "Probit",
    "cloglog": "CLogLog",
    "cauchit": "Cauchy",
    "inverse": "InversePower",
    "sqrt": "Sqrt",
    "inverse squared": "InverseSquared",
}


@dataclass(frozen=True)
class Family:
    """One kind of outcome.

    shares
        Whether the outcome is yes or no, so that its mean lies between 0 and 1.
    counts
        Whether it is whole numbers of things or yes and no, for which a pseudo-R² exists.
    lowest
        The smallest value that the outcome may take; `open_below` if not even that one.
    """

    name: str
    link: Link
    links: tuple[Link, ...]
    statsmodels: str
    shares: bool = False
    counts: bool = False
    lowest: float | None = None
    open_below: bool = False

    def with_link(self, link: Link | None) -> Any:
        """The family of statsmodels, with a link of its own or the usual one.

        Raises
        ------
        EstimationError
            If such an outcome cannot have that link.
        """
        chosen = self.link if link is None else link
        if chosen not in self.links:
            raise EstimationError(
                f"family {self.name}",
                f"it has no link '{chosen}'",
                f"Choose one of: {', '.join(self.links)}.",
            )
        families: Any = import_module("statsmodels.genmod.families")
        return getattr(families, self.statsmodels)(link=getattr(families.links, _LINKS[chosen])())


GAUSSIAN = Family("gaussian", "identity", ("identity", "log", "inverse"), "Gaussian")
BINOMIAL = Family(
    "binomial",
    "logit",
    ("logit", "probit", "cloglog", "cauchit", "log", "identity"),
    "Binomial",
    shares=True,
    counts=True,
    lowest=0.0,
)
POISSON = Family("poisson", "log", ("log", "identity", "sqrt"), "Poisson", counts=True, lowest=0.0)
GAMMA = Family(
    "gamma", "inverse", ("inverse", "log", "identity"), "Gamma", lowest=0.0, open_below=True
)
INVERSE_GAUSSIAN = Family(
    "inverse gaussian",
    "inverse squared",
    ("inverse squared", "inverse", "log", "identity"),
    "InverseGaussian",
    lowest=0.0,
    open_below=True,
)
FAMILIES = {each.name: each for each in (GAUSSIAN, BINOMIAL, POISSON, GAMMA, INVERSE_GAUSSIAN)}

AS_R = {
    "quasibinomial": BINOMIAL,
    "quasipoisson": POISSON,
    "Gamma": GAMMA,
    "inverse.gaussian": INVERSE_GAUSSIAN,
}
"""What R calls them; the dispersion is estimated in any case."""


def family_of(family: Family | str) -> Family:
    """A family, or the one of that name: "binomial", "poisson", "gamma", ...

    Raises
    ------
    EstimationError
        If there is none of that name.
    """
    if isinstance(family, Family):
        return family
    known = {**FAMILIES, **AS_R}
    if family not in known:
        raise EstimationError(
            f"family {family!r}", "there is none", f"Choose one of: {', '.join(FAMILIES)}."
        )
    return known[family]
