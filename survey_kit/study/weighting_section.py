"""The `weighting` of study.yaml as a value: which steps, in which order, and what errors count.

    weighting:
      steps:
        - nonresponse: {cells: [country]}
        - rake: margins.csv
        - trim: {upper: 5, unit: median}
      replicates: bootstrap
      seed: 1

A study that only rakes says `margins: margins.csv` instead. Nothing is computed here: the
steps name files and questions, and `study.weigh` takes them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias, cast, get_args

from survey_kit.questionnaire.yaml_tree import Listing, Mapped, Scalar
from survey_kit.study.section import Section, as_number

Distance: TypeAlias = Literal["linear", "raking", "logit", "entropy"]
Unit: TypeAlias = Literal["weight", "mean", "median"]
BoundsOn: TypeAlias = Literal["factor", "weight"]

PAIR = 2


@dataclass(frozen=True)
class Begin:
    """Weights of 1 over the product of chances, or those in a column. The first step."""

    kind: Literal["chances", "weights"]
    columns: tuple[str, ...]


@dataclass(frozen=True)
class Answering:
    """Those who count take over the weight of those who do not.

    cells
        Questions known of everybody; their combinations are the cells.
    model, classes
        Or the right-hand side of a model of who answered, and into how many classes of
        equally likely people to put everybody; None: the propensity itself.
    among
        An expression: who was to be interviewed at all; None: everybody in the file.
    """

    cells: tuple[str, ...] = ()
    model: str | None = None
    classes: int | None = None
    among: str | None = None


@dataclass(frozen=True)
class Fit:
    """Weights fitted to margins in a file, and to totals of numbers."""

    kind: Literal["poststratify", "rake", "calibrate"]
    margins: Path | None
    totals: Mapping[str, float] = field(default_factory=dict[str, float])
    distance: Distance = "linear"
    bounds: tuple[float, float] | None = None
    bounds_on: BoundsOn = "factor"
    together: str | None = None


@dataclass(frozen=True)
class Trimming:
    """Weights cut to bounds."""

    lower: float
    upper: float
    unit: Unit
    strict: bool


@dataclass(frozen=True)
class Rescaling:
    """Weights times one number. None: they add up to the number of interviews."""

    total: float | None


StatedStep: TypeAlias = Begin | Answering | Fit | Trimming | Rescaling


@dataclass(frozen=True)
class StatedReplicates:
    """How errors come to count the weighting: made before it, each taken through all steps."""

    kind: Literal["bootstrap", "jackknife"]
    number: int
    seed: int


@dataclass(frozen=True)
class StatedWeighting:
    """What the study says about its weights."""

    steps: tuple[StatedStep, ...]
    replicates: StatedReplicates | None = None

    @property
    def files(self) -> tuple[Path, ...]:
        """The files of margins, each once."""
        named = (each.margins for each in self.steps if isinstance(each, Fit))
        return tuple(dict.fromkeys(path for path in named if path is not None))

    @property
    def columns(self) -> tuple[str, ...]:
        """The questions that steps name outside files, formulas and expressions."""
        return tuple(dict.fromkeys(name for _, names in self.named for name in names))

    @property
    def named(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Those questions by where they are named, such as "weighting: nonresponse: cells"."""
        found: list[tuple[str, tuple[str, ...]]] = []
        for each in self.steps:
            match each:
                case Begin(kind, columns):
                    found.append((f"weighting: {kind}", columns))
                case Answering(columns):
                    found.append(("weighting: nonresponse: cells", columns))
                case Fit():
                    found.append((f"weighting: {each.kind}: totals", tuple(each.totals)))
                    if each.together:
                        found.append((f"weighting: {each.kind}: together", (each.together,)))
                case _:
                    pass
        return tuple(found)

    @property
    def answering(self) -> Answering | None:
        """The step that makes up for those who did not answer."""
        return next((each for each in self.steps if isinstance(each, Answering)), None)


def weighting_section(study: Section) -> StatedWeighting | None:
    """Read the section; None where the study has none."""
    section = study.section("weighting")
    if section is None:
        return None
    margins = section.file_at("margins")
    listing = section.tree_at("steps")
    steps = _steps(section, listing) if isinstance(listing, Listing) else ()
    if isinstance(listing, (Scalar, Mapped)):
        section.fault("steps", "a list is needed here", "Begin each step with a dash")
    if margins is not None and listing is not None:
        section.fault(
            "margins", "it stands beside steps", "Write it as a step:  - rake: margins.csv"
        )
    if margins is None and listing is None and section.text("margins") is None:
        section.fault(
            "margins", "there is neither this nor steps", "Add  margins: margins.csv, or steps"
        )
    if margins is not None:
        steps = (Fit("rake", margins),)
    _in_order(section, steps)
    found = StatedWeighting(steps, _replicates(section))
    section.finish()
    return found


def _in_order(section: Section, steps: tuple[StatedStep, ...]) -> None:
    """Faults of the list as a whole."""
    if any(isinstance(each, Begin) for each in steps[1:]):
        section.fault(
            "steps", "chances and weights are what weights begin with", "Put that step first"
        )
    if sum(isinstance(each, Answering) for each in steps) > 1:
        section.fault(
            "steps",
            "non-response is made up for twice",
            "Keep one such step: who does not count leaves with it",
        )


def _replicates(section: Section) -> StatedReplicates | None:
    kind = section.text("replicates")
    number = section.whole("number", 500, least=2)
    seed = section.text("seed")
    if kind is None:
        for key in ("number", "seed"):
            if section.text(key) is not None:
                section.fault(key, "there are no replicates", "Add  replicates: bootstrap")
        return None
    chosen = section.one_of("replicates", ("bootstrap", "jackknife"), "bootstrap")
    if chosen == "bootstrap" and seed is None:
        section.fault(
            "replicates",
            "a bootstrap is drawn by chance, and nothing says how to draw it again",
            "Add  seed: 1, or any other whole number",
        )
    return StatedReplicates(
        cast("Literal['bootstrap', 'jackknife']", chosen),
        number,
        section.whole("seed", 1, least=0),
    )


def _steps(section: Section, listing: Listing) -> tuple[StatedStep, ...]:
    found: list[StatedStep] = []
    for number, element in enumerate(listing.elements, start=1):
        one = isinstance(element, Mapped) and len(element.entries) == 1
        if not one or not isinstance(element, Mapped):
            section.fault(
                "steps",
                f"step {number} is not one step with its name",
                f"Write  - rake: margins.csv; the steps are: {', '.join(READERS)}",
            )
            continue
        path = (*section.path, f"steps.{number}")
        inner = Section(section.folder, element, section.faults, path)
        name = element.entries[0].key
        if name not in READERS:
            inner.fault(
                name,
                "there is no such step",
                f"The steps are: {', '.join(READERS)}",
            )
            continue
        made = READERS[name](inner, name)
        if made is not None:
            found.append(made)
    return tuple(found)


def _begin(at: Section, name: str) -> StatedStep | None:
    columns = at.names(name)
    if name == "weights" and len(columns) > 1:
        at.fault(name, "several columns", "Name one")
    if not columns:
        at.fault(name, "no question is named", f"Write  {name}: NAME")
        return None
    return Begin("chances" if name == "chances" else "weights", columns)


def _answering(at: Section, name: str) -> StatedStep | None:
    inner = _inside(at, name)
    if inner is None:
        return Answering()
    cells, model = inner.names("cells"), inner.text("model")
    classes = inner.whole("classes", 0, least=0)
    found = Answering(cells, model, classes or None, inner.text("among"))
    if cells and model is not None:
        inner.fault("model", "it stands beside cells", "Keep one of the two")
    if model is None and inner.text("classes") is not None:
        inner.fault("classes", "classes are of a model's propensities", "Add  model: NAME + NAME")
    inner.finish()
    return found


def _fit(at: Section, name: str) -> StatedStep | None:
    kind: Literal["poststratify", "rake"] = "rake" if name == "rake" else "poststratify"
    return Fit(kind, at.needed_file(name, "margins.csv"))


def _calibrate(at: Section, name: str) -> StatedStep | None:
    if isinstance(at.tree_at(name), Scalar):
        return Fit("calibrate", at.needed_file(name, "margins.csv"))
    inner = _inside(at, name)
    if inner is None:
        at.fault(name, "nothing to calibrate to", "Add  margins: margins.csv, or totals")
        return None
    margins = inner.file_at("margins")
    totals = _totals(inner)
    if margins is None and not totals and inner.text("margins") is None:
        inner.fault("margins", "nothing to calibrate to", "Add  margins: margins.csv, or totals")
    found = Fit(
        "calibrate",
        margins,
        totals,
        cast("Distance", inner.one_of("distance", get_args(Distance), "linear")),
        _bounds(inner),
        cast("BoundsOn", inner.one_of("bounds_on", get_args(BoundsOn), "factor")),
        inner.text("together"),
    )
    inner.finish()
    return found


def _totals(at: Section) -> dict[str, float]:
    found: dict[str, float] = {}
    for name, text in at.mapping("totals").items():
        value = as_number(text)
        if value is None:
            at.fault("totals", f"the total of {name} is not a number", "Write one, such as 1200")
        else:
            found[name] = value
    return found


def _bounds(at: Section) -> tuple[float, float] | None:
    texts = at.texts("bounds")
    if not texts:
        return None
    numbers = [value for value in map(as_number, texts) if value is not None]
    if len(numbers) != PAIR or len(texts) != PAIR:
        at.fault("bounds", "two numbers are needed here", "Write  bounds: [0.3, 3]")
        return None
    return numbers[0], numbers[1]


def _trim(at: Section, name: str) -> StatedStep | None:
    inner = _inside(at, name)
    if inner is None:
        at.fault(name, "no bound is given", "Write  trim: {upper: 5, unit: median}")
        return None
    if inner.text("upper") is None and inner.text("lower") is None:
        inner.fault("upper", "no bound is given", "Write  trim: {upper: 5, unit: median}")
    found = Trimming(
        lower=inner.number("lower", 0.0),
        upper=inner.number("upper", float("inf")),
        unit=cast("Unit", inner.one_of("unit", get_args(Unit), "weight")),
        strict=inner.one_of("strict", ("true", "false"), "true") == "true",
    )
    inner.finish()
    return found


def _rescale(at: Section, name: str) -> StatedStep | None:
    if at.text(name) == "interviews":
        return Rescaling(None)
    total = as_number(at.text(name) or "")
    if total is None or total <= 0:
        at.fault(name, "a number of people is needed here", "Write one, or: interviews")
        return None
    return Rescaling(total)


def _inside(at: Section, name: str) -> Section | None:
    """What a step says below its name; None where nothing stands there."""
    return at.section(name) if at.tree_at(name) is not None else None


READERS: Mapping[str, Callable[[Section, str], StatedStep | None]] = {
    "chances": _begin,
    "weights": _begin,
    "nonresponse": _answering,
    "poststratify": _fit,
    "rake": _fit,
    "calibrate": _calibrate,
    "trim": _trim,
    "rescale": _rescale,
}
"""Step -> what reads it."""
