"""The numbers: seconds and memory from cold Parquet, beside a scan of the same columns and peers.

    python benchmarks/estimation.py [612 100000 1000000 10000000] [--peers] [--folder DIR]

Every task runs in a process of its own, which opens the file and does it once: that is the
figure, without the imports; "cpu" are the seconds of all its threads. The scan is DuckDB's sum
of the columns that the task needs, in the same process afterwards, when the file is in memory.
`--peers` runs the same with R's `survey` and with svy, balance and ipfn as far as they are
installed (`install_peers.py`), up to the sizes in `LARGEST`; their CPU seconds are those of the
task after reading and describing the design, ours those of all of it. "x" is how many times as many.
The clock is of the machine as it is at the moment: CPU seconds and ratios are what to compare.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from estimation_peers import ESTIMATION_PEERS

from survey_kit.design.design import Design, Sampling
from survey_kit.design.engines.duckdb_engine import duckdb_source
from survey_kit.design.replicate_making import bootstrap
from survey_kit.design.sample import Sample
from survey_kit.estimation.from_source import means_of
from survey_kit.estimation.models.family import BINOMIAL
from survey_kit.estimation.models.regression_source import regression_of
from survey_kit.estimation.proportions import shares
from survey_kit.estimation.quantile_source import quantiles_of
from survey_kit.estimation.rao_scott import rao_scott
from survey_kit.estimation.replicated_source import replicated_of
from survey_kit.estimation.statistics.mean import MEAN
from survey_kit.weighting.rake import rake
from survey_kit.weighting.rake_source import rake_of, write_weights

SIZES = (612, 100_000, 1_000_000, 10_000_000)
CLUSTERS = {612: 9, 100_000: 50, 1_000_000: 250}
MOST = 500
"""Clusters of a stratum, of sizes that are not named."""
LARGEST = {"R": 100_000, "svy": 1_000_000, "balance": 10_000_000, "ipfn": 10_000_000}
"""Of how many rows a peer is asked at most."""
LARGEST_BOOK = 100_000
REPLICATES = 500
FACTORS = {"sex": 2, "age": 6, "educ": 5, "status": 4, "tenure": 3, "region": 12}
MARGINS = ("sex", "age", "educ", "status", "region")
DESIGN = Design(Sampling.PROBABILITY, weight="w", stratum="stratum", cluster="psu")
FORMULA = "y ~ " + " + ".join(f"C({name})" for name in FACTORS)
BANNERS, STUBS = 40, 60


def people(n: int) -> pd.DataFrame:
    """Rows of four strata: six factors, skewed weights, an outcome and an income."""
    draw = np.random.default_rng(1 + n)
    per = CLUSTERS.get(n, MOST)
    stratum = draw.choice(4, n, p=[0.4, 0.3, 0.2, 0.1]).astype(np.int8)
    place = np.minimum((draw.random(n) ** 1.3 * per).astype(np.int32), per - 1)
    psu = stratum.astype(np.int32) * per + place
    common = draw.normal(0, 0.4, 4 * per)[psu]
    data: dict[str, Any] = {"stratum": stratum, "psu": psu}
    for name, levels in FACTORS.items():
        edges = np.cumsum(draw.dirichlet(np.full(levels, 3.0)))
        x = draw.random(n)
        if name in {"educ", "status"}:
            x = np.clip(x + 0.08 * common, 0, 0.999999)
        data[name] = np.minimum(np.searchsorted(edges, x), levels - 1).astype(np.int8)
    scale = np.array([20, 45, 80, 160.0])[stratum]
    data["w"] = np.round(np.exp(draw.normal(0, 0.7, n)) * scale, 4)
    eta = -0.7 + 0.5 * data["sex"] + 0.15 * data["age"] - 0.2 * data["educ"] + common
    data["y"] = (draw.random(n) < 1 / (1 + np.exp(-eta))).astype(np.int8)
    log_income = 6.5 + 0.12 * data["educ"] + 0.3 * common + draw.normal(0, 0.8, n)
    data["income"] = np.round(np.exp(log_income), 2)
    return pd.DataFrame(data)


def book(n: int) -> pd.DataFrame:
    """The design, and questions for a book of tables."""
    draw = np.random.default_rng(7 + n)
    drawn = people(n)[["stratum", "psu", "w"]]
    common = draw.normal(0, 0.4, int(drawn["psu"].max()) + 1)[drawn["psu"].to_numpy()]
    questions: dict[str, Any] = {}
    for number in range(BANNERS):
        levels = int(draw.integers(2, 7))
        questions[f"b{number}"] = (draw.random(n) * levels).astype(np.int8)
    for number in range(STUBS):
        levels = int(draw.integers(2, 9))
        share = np.clip(draw.random(n) + 0.1 * common, 0, 0.9999)
        questions[f"s{number}"] = (share * levels).astype(np.int8)
    return pd.concat([drawn, pd.DataFrame(questions)], axis=1)


def table(path: Path) -> object:
    """A two-way table with joint covariance, and Rao-Scott's test of it."""
    cube = duckdb_source(path, DESIGN).cube(["educ", "status"])
    return shares(cube, "educ", by="status").standard_error, rao_scott(cube, "educ", "status").p


def means(path: Path) -> object:
    """A mean for each of 24 domains."""
    return means_of(duckdb_source(path, DESIGN), ["income"], by=["region", "sex"]).standard_error


def shares_wanted() -> dict[str, dict[str, float]]:
    """The five margins."""
    draw = np.random.default_rng(5)
    margins: dict[str, dict[str, float]] = {}
    for name in MARGINS:
        shares_of_margin = draw.dirichlet(np.full(FACTORS[name], 60.0))
        margins[name] = {str(code): float(p) for code, p in enumerate(shares_of_margin)}
    return margins


def raking(path: Path) -> object:
    """Raking to five margins, and the weights written to a file of their own."""
    raked = rake_of(duckdb_source(path, DESIGN), shares_wanted())
    write_weights(raked.source, path.with_suffix(".weights"), columns=())
    return raked.report.iterations


def logistic(path: Path) -> object:
    """A logistic regression on six factors, with the design's covariance."""
    found = regression_of(FORMULA, duckdb_source(path, DESIGN), family=BINOMIAL)
    return found.coefficients.standard_error


def median(path: Path) -> object:
    """A median and its interval."""
    return quantiles_of(duckdb_source(path, DESIGN), ["income"], [0.5]).standard_error


def bootstrapped(path: Path) -> object:
    """Two means from bootstrap replicates, each raked to the five margins."""
    source = duckdb_source(path, DESIGN)
    found = replicated_of(
        MEAN,
        source,
        ["y", "income"],
        lambda clusters: bootstrap(clusters, REPLICATES, seed=1),
        margins=shares_wanted(),
    )
    return found.standard_error


def tables(path: Path) -> object:
    """A book of 2,400 tables, each with standard errors and Rao-Scott's test."""
    return book_of(Sample(pd.read_parquet(path.with_name(f"book_{path.name}")), DESIGN))


def book_of(sample: Sample) -> float:
    """Every table of a book."""
    added = 0.0
    for banner in range(BANNERS):
        for stub in range(STUBS):
            found = shares(sample, f"s{stub}", by=f"b{banner}")
            added += float(found.standard_error[0]) + rao_scott(sample, f"s{stub}", f"b{banner}").p
    return added


def raked_tables(path: Path) -> object:
    """The same of raked people."""
    there = pd.read_parquet(path.with_name(f"book_{path.name}"))
    margins = pd.read_parquet(path, columns=list(MARGINS))
    raked = rake(Sample(pd.concat([there, margins], axis=1), DESIGN), shares_wanted())
    return book_of(raked.sample)


TASKS: dict[str, tuple[Callable[[Path], object], tuple[str, ...]]] = {
    "two-way table, Rao-Scott": (table, ("psu", "w", "educ", "status")),
    "mean by 24 domains": (means, ("psu", "w", "region", "sex", "income")),
    "rake 5 margins, write": (raking, ("w", *MARGINS)),
    "logistic, 6 factors": (logistic, ("psu", "w", "y", *FACTORS)),
    "median": (median, ("psu", "w", "income")),
    "500 raked bootstraps": (bootstrapped, ("psu", "w", "y", "income", *MARGINS)),
    "book of 2,400 tables": (tables, ()),
    "book of raked people": (raked_tables, ()),
}
PEER_TASKS = {
    "two-way table, Rao-Scott": "table",
    "mean by 24 domains": "means",
    "rake 5 margins, write": "rake",
    "logistic, 6 factors": "logistic",
    "book of 2,400 tables": "book",
}


def highest_memory() -> float:
    """Megabytes. The most that this process ever held (on Linux not what its parent did)."""
    status = Path("/proc/self/status")
    if status.exists():
        line = next(x for x in status.read_text().splitlines() if x.startswith("VmHWM"))
        return float(line.split()[1]) / 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def measured(task: str, path: Path) -> dict[str, float]:
    """In this process: seconds of the task, peak memory, seconds of the scan."""
    run, columns = TASKS[task]
    for name in ("duckdb", "formulaic", "statsmodels.genmod.families", "pyarrow.parquet"):
        import_module(name)
    before, cpu = time.perf_counter(), time.process_time()
    run(path)
    found = {
        "seconds": time.perf_counter() - before,
        "cpu": time.process_time() - cpu,
        "peak": highest_memory(),
        "scan": float("nan"),
    }
    if columns:
        import duckdb

        sums = ", ".join(f"SUM({name})" for name in columns)
        query = f"SELECT {sums} FROM read_parquet('{path}')"  # noqa: S608 - our own names
        connection = duckdb.connect()
        connection.execute(query).fetchall()
        before = time.perf_counter()
        connection.execute(query).fetchall()
        found["scan"] = time.perf_counter() - before
    return found


def peers(task: str, n: int, path: Path) -> dict[str, float]:
    """CPU seconds of every peer that is installed, does the task, and is asked at this size."""
    word = PEER_TASKS.get(task)
    if word is None:
        return {}
    found: dict[str, float] = {}
    for name, seconds_of in ESTIMATION_PEERS.items():
        if n <= LARGEST[name]:
            seconds = seconds_of(word, path, shares_wanted())
            if seconds is not None:
                found[name] = seconds
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sizes", nargs="*", type=int, default=SIZES)
    parser.add_argument(
        "--peers", action="store_true", help="beside R's survey, svy, balance, ipfn"
    )
    parser.add_argument("--folder", type=Path, help="where made-up data are kept")
    parser.add_argument("--one", nargs=2, metavar=("TASK", "FILE"), help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        print(json.dumps(measured(given.one[0], Path(given.one[1]))))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = given.folder or Path(temporary)
        folder.mkdir(parents=True, exist_ok=True)
        header = ("seconds", "cpu", "x scan", "peak MB", "ns/row")
        print(f"{'task':<26}{'rows':>12}" + "".join(f"{word:>9}" for word in header))
        for n in given.sizes:
            path = folder / f"{n}.parquet"
            if not path.exists():
                people(n).to_parquet(path, compression="zstd", row_group_size=1_000_000)
            small = n <= LARGEST_BOOK
            if small and not path.with_name(f"book_{path.name}").exists():
                book(n).to_parquet(path.with_name(f"book_{path.name}"))
            for task in TASKS:
                if task.startswith("book") and not small:
                    continue
                _print(task, n, path, with_peers=given.peers)


def _print(task: str, n: int, path: Path, *, with_peers: bool) -> None:
    """A line for a task: ours, then each peer and how many times as long it takes."""
    command = [sys.executable, __file__, "--one", task, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    ratio, per_row = found["seconds"] / found["scan"], found["seconds"] / n * 1e9
    beside = ""
    if with_peers:
        for name, seconds in peers(task, n, path).items():
            beside += f"  {name} {seconds:.2f} CPU s, x {seconds / found['cpu']:.3g}"
    print(
        f"{task:<26}{n:>12,}{found['seconds']:>9.2f}{found['cpu']:>9.2f}{ratio:>9.1f}"
        f"{found['peak']:>9.0f}{per_row:>9.0f}{beside}",
        flush=True,
    )


if __name__ == "__main__":
    main()
