"""One task of `estimation.py` in another package, run by that package's own Python.

    python benchmarks/peer_task.py PACKAGE TASK FILE TARGETS

Prints its CPU seconds after reading and describing the design, and the peak memory, as JSON.
It imports nothing of survey_kit, which is not installed there.
"""

from __future__ import annotations

import json
import logging
import sys
import time
import warnings
from pathlib import Path
from typing import Any

FACTORS = ("sex", "age", "educ", "status", "tenure", "region")
TABLES = 40
"""Of the book of 2,400: the rest is as long again."""


def of_svy(task: str, path: Path, targets: dict[str, dict[str, float]]) -> Any:
    """What runs the task in svy."""
    import polars as pl
    import svy

    if task == "book":
        path = path.with_name(f"book_{path.name}")
    data = pl.read_parquet(path)
    sample = svy.Sample(data, svy.Design(psu="psu", stratum="stratum", wgt="w"))
    if task == "rake":
        controls = {
            name: {int(code): share * len(data) for code, share in margin.items()}
            for name, margin in targets.items()
        }
        return lambda: sample.weighting.rake(controls=controls, tol=1e-8, max_iter=200)
    if task == "table":
        return lambda: sample.categorical.tabulate("educ", "status").to_polars()
    if task == "means":
        return lambda: sample.estimation.mean("income", by=["region", "sex"]).to_polars()
    if task == "book":
        pairs = [(f"s{number}", f"b{number}") for number in range(TABLES)]
        return lambda: [
            sample.categorical.tabulate(stub, banner, share_of="col") for stub, banner in pairs
        ]
    factors = [svy.Cat(name) for name in FACTORS]
    return lambda: sample.glm.fit(y="y", x=factors, family="binomial").to_polars()


def of_balance(task: str, path: Path, targets: dict[str, dict[str, float]]) -> Any:
    """What rakes in balance."""
    import pandas as pd
    from balance.weighting_methods.rake import prepare_marginal_dist_for_raking, rake

    assert task == "rake"  # noqa: S101 - balance is asked for nothing else
    data = pd.read_parquet(path, columns=[*targets, "w"])
    target = prepare_marginal_dist_for_raking(targets, max_length=20000)
    return lambda: rake(
        sample_df=data[list(targets)].astype(str),
        sample_weights=data["w"],
        target_df=target.drop(columns="id"),
        target_weights=pd.Series(1.0, index=target.index),
        variables=list(targets),
        transformations=None,
        convergence_threshold=1e-8,
        max_iterations=1000,
    )


def of_ipfn(task: str, path: Path, targets: dict[str, dict[str, float]]) -> Any:
    """What rakes in ipfn."""
    import pandas as pd
    from ipfn import ipfn

    assert task == "rake"  # noqa: S101 - ipfn does nothing else
    data = pd.read_parquet(path, columns=[*targets, "w"]).rename(columns={"w": "total"})
    aggregates = [
        pd.Series({int(code): share * len(data) for code, share in margin.items()}).rename_axis(
            name
        )
        for name, margin in targets.items()
    ]
    dimensions = [[name] for name in targets]
    made = ipfn.ipfn(
        data, aggregates, dimensions, convergence_rate=1e-8, max_iteration=500, verbose=0
    )
    return made.iteration


def main(package: str, task: str, file: str, targets: str) -> None:
    warnings.simplefilter("ignore")
    logging.disable(logging.WARNING)
    packages = {"svy": of_svy, "balance": of_balance, "ipfn": of_ipfn}
    run = packages[package](task, Path(file), json.loads(targets))
    before = time.process_time()
    run()
    seconds = time.process_time() - before
    status = Path("/proc/self/status").read_text(encoding="utf-8").splitlines()
    peak = next(float(line.split()[1]) / 1024 for line in status if line.startswith("VmHWM"))
    print(json.dumps({"seconds": seconds * (2400 / TABLES if task == "book" else 1), "peak": peak}))


if __name__ == "__main__":
    main(*sys.argv[1:])
