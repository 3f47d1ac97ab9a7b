"""Do other engines compute what R computes? The reference cases, summed by each of them.

    python benchmarks/parity_engines.py DIR [numpy] [polars] [arrow] [duckdb]

The cases are those of `parity.py`, read and compared by the same code; only what is computed
from sums over cells is computed by the engine instead of from rows. Each engine is held against
R, and against the others to 1e-9. Cases that no cube can do are listed with the reason.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import cache, partial
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp
from typing import Any

import numpy as np
import pandas as pd
import parity
from parity_compare import largest_difference
from parity_design import Library
from parity_expression import Unsupported

from survey_kit.design.design import Design
from survey_kit.design.engines.duckdb_engine import duckdb_source
from survey_kit.design.engines.frame_engine import frame_source
from survey_kit.design.sample import Sample
from survey_kit.design.source import Source
from survey_kit.errors import SurveyKitError
from survey_kit.estimation import (
    from_source,
    goodness_of_fit,
    quantile,
    quantile_source,
    rao_scott,
)
from survey_kit.estimation.models import regression, regression_source
from survey_kit.weighting import calibrate, rake, rake_source

# the package has modules that are called as the functions in them
ESTIMATE: Any = import_module("survey_kit.estimation.estimate").estimate
AGREE = 1e-9
MODELS = {"svyglm", "regTermTest", "psrsq", "svypredmeans"}
MODELS_AGREE = 2e-4
"""R stops fitting a step before the last digits; models of patterns take one step more."""
SLOW = "spark"
"""The engine that is asked only if it is named."""
ASKED = "asked about"
USERS = ("t_test", "variances", "agreement", "group_means")
"""Modules of the library that estimate means of a sample themselves."""

Made = Callable[[pd.DataFrame, Design, Mapping[str, Sequence[str]]], Source]

REASONS = {
    "svyranktest": "people of one rank are averaged in the order of their rows",
    "svycoxph": "the times of all who are still at risk are needed row by row",
    "svyolr": "its thresholds are fitted to rows",
    "svyloglin": "its tests take the rows' own covariance",
    "svystandardize": "weights change within groups of rows",
    "calibrate": "its auxiliary variables are numbers of rows",
    "trimWeights": "every weight is looked at by itself",
    "kish_deff": "it is about the weights of rows, not about answers",
    "as.svrepdesign": "replicates are numbered as R numbers rows; see test_cube_replicates.py",
    "svycralpha": "it has no design, only values of rows",
    "MIcombine": "it combines results, and has no data",
}
"""Why cases of a function of R are not computed from sums."""


@dataclass
class Through:
    """Computes from sums by one engine what would be computed from rows, and counts it."""

    made: Made
    folder: Path
    computed: int = 0
    raked: dict[int, tuple[Sample, Any]] = field(default_factory=dict[int, tuple[Sample, Any]])

    def source(self, sample: Sample, columns: Sequence[str], where: Any) -> tuple[Source, Any]:
        """The sample somewhere else, and which of its rows are asked about there."""
        if sample.replicates is not None:
            raise Unsupported("not from a cube: the weights of replicates came with the rows")
        if sample.joint is not None:
            raise Unsupported("not from a cube: the chances of pairs go by the order of rows")
        design, margins = sample.design, None
        if sample.calibration is not None:
            if id(sample.calibration) not in self.raked:
                raise Unsupported("not from a cube: the weights were made row by row")
            start, margins = self.raked[id(sample.calibration)]
            design = start.design
        drawn = (
            design.weight,
            design.stratum,
            *design.clusters,
            *design.populations,
            design.squared_chances,
        )
        names = [*(name for name in drawn if name), *columns, *(margins or ())]
        data = sample.data[list(dict.fromkeys(names))].reset_index(drop=True)
        if where is not None:
            data = data.assign(**{ASKED: np.asarray(where).astype(int)})
        data, categories = _of_names(data)
        found = self.made(data, design, categories)
        self.computed += 1
        if margins is not None:
            found = rake_source.rake_of(found, margins).source
        return found, None if where is None else {ASKED: ["1"]}

    def estimate(
        self, statistic: Any, sample: Any, columns: Any, *, by: Any = None, where: Any = None
    ) -> Any:
        source, inside = self.source(sample, [*columns, *(by or ())], where)
        return from_source.estimate_of(statistic, source, columns, by=by or (), where=inside)

    def rao_scott(self, sample: Any, row: str, column: str, *, where: Any = None, **kw: Any) -> Any:
        source, inside = self.source(sample, [row, column], where)
        return from_source.rao_scott_of(source, row, column, where=inside, **kw)

    def goodness_of_fit(self, sample: Any, column: str, shares: Any, *, where: Any = None) -> Any:
        source, inside = self.source(sample, [column], where)
        return from_source.goodness_of_fit_of(source, column, shares, where=inside)

    def quantile(
        self,
        sample: Any,
        columns: Any,
        at: Any,
        *,
        by: Any = None,
        where: Any = None,
        **keywords: Any,
    ) -> Any:
        source, inside = self.source(sample, [*columns, *(by or ())], where)
        return quantile_source.quantiles_of(
            source, columns, at, by=by or (), where=inside, **keywords
        )

    def rake(self, sample: Any, margins: Any, **keywords: Any) -> Any:
        """Raked by the engine, and its weights written to a file and read again."""
        ordinary = rake.rake(sample, margins, **keywords)
        return replace(ordinary, sample=self._reweighted(sample, margins, ordinary.sample))

    def poststratify(self, sample: Any, cells: Any, **keywords: Any) -> Any:
        ordinary = calibrate.poststratify(sample, cells, **keywords)
        groups = sample.data[next(iter(cells))].astype(str).to_numpy()
        cells_of = pd.Series(sample.weights).groupby(groups)
        if (cells_of.max() > cells_of.min()).any():
            raise Unsupported("not from a cube: where weights vary, residuals are weighted by them")
        return replace(ordinary, sample=self._reweighted(sample, cells, ordinary.sample))

    def _reweighted(self, sample: Sample, margins: Any, ordinary: Sample) -> Sample:
        if sample.design.weight is None:
            raise Unsupported("not from a cube: weights that follow from a population")
        source, _ = self.source(sample, list(margins), None)
        path = Path(mkdtemp(dir=self.folder)) / "weights.parquet"
        raked = rake_source.rake_of(source, margins).source
        rake_source.write_weights(raked, path, columns=())
        weights = pd.read_parquet(path)["raked weight"].to_numpy()
        name = str(ordinary.design.weight)
        found = replace(ordinary, data=ordinary.data.assign(**{name: weights}))
        self.raked[id(ordinary.calibration)] = (sample, margins)
        return found

    def regression(
        self,
        formula: str,
        sample: Any,
        *,
        where: Any = None,
        offset: Any = None,
        **keywords: Any,
    ) -> Any:
        """The model of rows, its numbers those of the engine."""
        made = regression.regression(formula, sample, where=where, offset=offset, **keywords)
        source, inside = self.source(
            sample, [str(name) for name in _named(sample, formula, offset)], where
        )
        found = regression_source.regression_of(
            formula, source, where=inside, offset=offset, **keywords
        )
        return replace(
            made,
            coefficients=found.coefficients,
            naive=found.naive,
            deviance=found.deviance,
            null_deviance=found.null_deviance,
            dispersion=found.dispersion,
        )


def _named(sample: Sample, formula: str, offset: str | None) -> list[str]:
    """The columns that a formula mentions."""
    return [str(name) for name in sample.data.columns if str(name) in f"{formula} {offset or ''}"]


@contextmanager
def put_in_place(through: Through) -> Generator[None]:
    """While a case runs, what is computed from rows is computed from sums."""
    functions = {
        ESTIMATE: through.estimate,
        rao_scott.rao_scott: through.rao_scott,
        goodness_of_fit.goodness_of_fit: through.goodness_of_fit,
        quantile.quantile: through.quantile,
        rake.rake: through.rake,
        calibrate.poststratify: through.poststratify,
        regression.regression: through.regression,
    }
    users = [
        module
        for name, module in list(sys.modules.items())
        if (name.startswith("parity_") and name != "parity_engines")
        or name in {f"survey_kit.estimation.{own}" for own in USERS}
    ]
    changed: list[tuple[Any, str, Any]] = []
    for module in users:
        for name, value in list(vars(module).items()):
            fits = value is not regression.regression or module.__name__ == "parity_models"
            if callable(value) and fits and any(value is each for each in functions):
                changed.append((module, name, value))
                setattr(module, name, functions[value])
    try:
        yield
    finally:
        for module, name, value in changed:
            setattr(module, name, value)


@contextmanager
def read_through(made: Made) -> Generator[None]:
    """While a case runs, the rows of its sample are what an engine reads into memory."""
    ordinary = parity.asked

    def read(case: dict[str, Any], library: Library) -> Any:
        given = ordinary(case, library)
        frame, categories = _of_names(given.sample.data.reset_index(drop=True))
        source = made(frame, given.sample.design, categories)
        sample = source.sample(tuple(frame.columns), joint=given.sample.joint)
        return replace(given, sample=sample)

    parity.asked = read
    try:
        yield
    finally:
        parity.asked = ordinary


def _of_names(data: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, list[str]]]:
    """Columns of categories as their names, and the order of the categories."""
    categories: dict[str, list[str]] = {}
    for name in data.columns:
        if isinstance(data[name].dtype, pd.CategoricalDtype):
            categories[name] = [str(level) for level in data[name].cat.categories]
            data[name] = data[name].astype(object).where(data[name].notna(), None)
    return data, categories


def in_pandas(frame: pd.DataFrame, design: Design, categories: Any) -> Source:
    return frame_source(frame, design, categories=categories)


def in_polars(frame: pd.DataFrame, design: Design, categories: Any) -> Source:
    polars: Any = import_module("polars")
    return frame_source(polars.from_pandas(frame), design, categories=categories)


def in_arrow(frame: pd.DataFrame, design: Design, categories: Any) -> Source:
    arrow: Any = import_module("pyarrow")
    return frame_source(arrow.Table.from_pandas(frame), design, categories=categories)


def in_duckdb(folder: Path, frame: pd.DataFrame, design: Design, categories: Any) -> Source:
    path = folder / "rows.parquet"
    frame.to_parquet(path)
    return duckdb_source(path, design, categories=categories)


def in_spark(folder: Path, frame: pd.DataFrame, design: Design, categories: Any) -> Source:
    engine: Any = import_module("survey_kit.design.engines.spark_engine")
    session = spark_session()
    session.catalog.clearCache()
    frame.to_parquet(folder / "rows.parquet")
    session.read.parquet(str(folder / "rows.parquet")).createOrReplaceTempView("rows")
    return engine.spark_source(session, "rows", design, categories=categories)


@cache
def spark_session() -> Any:
    """Spark on this machine, on one thread."""
    builder = import_module("pyspark.sql").SparkSession.builder.master("local[1]")
    session = (
        builder.config("spark.ui.enabled", "false")
        .config("spark.sql.shuffle.partitions", "1")
        .config("spark.driver.host", "127.0.0.1")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    return session


def engines(folder: Path) -> dict[str, Made]:
    """What makes a source of a frame, by the name of the engine."""
    return {
        "numpy": in_pandas,
        "polars": in_polars,
        "arrow": in_arrow,
        "duckdb": partial(in_duckdb, folder),
        "spark": partial(in_spark, folder),
    }


@dataclass(frozen=True)
class Verdict:
    """What became of a case, and what was computed.

    "agree": from sums; "rows": from rows that the engine read into memory, as it cannot be from
    sums; "differ"; "not": by neither.
    """

    name: str
    word: str
    detail: str
    result: Any = None

    def __str__(self) -> str:
        return f"{self.word:<8} {self.name:<32} {self.detail}"


def judge(case: dict[str, Any], library: Library, made: Made, folder: Path) -> Verdict:
    """A case computed by an engine, against R."""
    through, kept = Through(made, folder), dict[str, Any]()

    def keep(expected: Any, result: Any) -> Any:
        kept["result"] = result
        return largest_difference(expected, result)

    before, parity.largest_difference = parity.largest_difference, keep
    try:
        with put_in_place(through):
            found = parity.judge(case, library)
        # of a rank test the means would be an engine's, but the scores those of rows
        if not through.computed or found.word == "unsupported" or case["fn"] == "svyranktest":
            with read_through(made):
                found = parity.judge(case, library)
            reason = REASONS.get(case["fn"], "")
            if case["design"]["type"] == "replicate":
                reason = "the weights of replicates came with the rows"
            word = {"agree": "rows", "unsupported": "not"}.get(found.word, found.word)
            return Verdict(case["id"], word, reason or found.detail, kept.get("result"))
    finally:
        parity.largest_difference = before
    if case["fn"] in MODELS and found.word == "differ":
        difference, where, _ = largest_difference(case["result"], kept["result"])
        if difference > MODELS_AGREE and case["fn"] == "svyglm":
            # a number near 0 may be far off relatively, and near where its error is looked at
            difference, where = _beside_errors(case["result"], kept["result"]), "beside errors"
        word = "agree" if difference <= MODELS_AGREE else "differ"
        detail = f"as far as R was fitted: {difference:.1e} at {where}"
        return Verdict(case["id"], word, detail, kept["result"])
    return Verdict(case["id"], found.word, found.detail, kept["result"])


def _beside_errors(theirs: Any, ours: Any) -> float:
    """How far effects and their covariances are apart, in standard errors."""
    names = list(theirs["coef"])
    error = np.array([theirs["se"][name] for name in names])
    gap = [(theirs["coef"][name] - ours["coef"][name]) for name in names] / error
    found = [np.abs(gap).max(), abs(theirs["deviance"] / ours["deviance"] - 1)]
    found += [abs(ours["se"][name] / theirs["se"][name] - 1) for name in names]
    if theirs.get("vcov"):
        between = np.array(theirs["vcov"]["data"]) - np.array(ours["vcov"])
        found.append(np.abs(between / np.outer(error, error)).max())
    return float(max(found))


def apart(case: dict[str, Any], one: Any, other: Any) -> tuple[float, str]:
    """How far two engines are apart, relatively, and where."""
    theirs = {name: one[name] for name in case["result"] if name in one}
    difference, where, _ = largest_difference(_plain(theirs), other)
    return difference, where


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(each) for key, each in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(each) for each in value]
    return value.item() if isinstance(value, np.generic) else value


def main(arguments: list[str]) -> int:
    if not arguments:
        sys.exit("usage: python benchmarks/parity_engines.py DIR [ENGINE ...]")
    folder = parity.folder_of(Path(arguments[0]))
    library, failed = Library(folder), 0
    with TemporaryDirectory() as temporary:
        every = engines(Path(temporary))
        names = arguments[1:] or [name for name in every if name != SLOW]
        counts = {name: dict.fromkeys(("agree", "rows", "differ", "not"), 0) for name in names}
        for path in sorted((folder / "cases").glob("*.json")):
            case = json.loads(path.read_text(encoding="utf-8"))
            first: Verdict | None = None
            for name in names:
                verdict = judge(case, library, every[name], Path(temporary))
                counts[name][verdict.word] += 1
                gap = ""
                if first is not None and first.result is not None and verdict.result is not None:
                    difference, where = apart(case, first.result, verdict.result)
                    if difference > AGREE:
                        failed += 1
                        gap = f"; from {names[0]} {difference:.1e} at {where}"
                if first is None or verdict.word != first.word or gap:
                    print(f"{name:<8} {verdict}{gap}")
                first = first or verdict
    for name, each in counts.items():
        print(
            f"{name}: {each['agree'] + each['rows']} agree ({each['agree']} from sums, "
            f"{each['rows']} from columns read into memory), {each['differ']} differ, "
            f"{each['not']} not computed"
        )
        failed += each["differ"]
    return 1 if failed else 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SurveyKitError as refusal:
        sys.exit(str(refusal))
