"""Runs the tasks of `estimation.py` in R's `survey`, svy, balance and ipfn, where installed."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable
from functools import partial
from pathlib import Path

import pandas as pd
from install_peers import python_of

Targets = dict[str, dict[str, float]]
Seconds = Callable[[str, Path, Targets], float | None]

R_TABLES = 8
"""Of the book of 2,400: the rest is as long again."""
R_TASKS = {
    "table": "{svymean(~interaction(educ, status), d); svychisq(~educ+status, d)}",
    "means": "svyby(~income, ~region+sex, d, svymean)",
    "logistic": "svyglm(y~sex+age+educ+status+tenure+region, d, family=quasibinomial())",
    "rake": (
        "rake(d, lapply(names(tg), function(v) as.formula(paste0('~', v))), "
        "lapply(names(tg), function(v) setNames(data.frame(names(tg[[v]]), "
        "nrow(x) * unlist(tg[[v]])), c(v, 'Freq'))), control=list(maxit=100, epsilon=1e-8))"
    ),
    "book": (
        f"for (i in 0:{R_TABLES - 1}) {{ s <- paste0('s', i); b <- paste0('b', i); "
        "svyby(as.formula(paste0('~', s)), as.formula(paste0('~', b)), d, svymean); "
        "suppressWarnings(svychisq(as.formula(paste0('~', s, '+', b)), d)) }"
    ),
}
WHAT = {
    "svy": {"table", "means", "logistic", "rake", "book"},
    "balance": {"rake"},
    "ipfn": {"rake"},
}
"""What each package is asked for."""


def of_r(task: str, path: Path, targets: Targets) -> float | None:
    """CPU seconds that R's survey takes for the task, after reading and design."""
    rscript = shutil.which("Rscript")
    if rscript is None:
        return None
    path = path.with_name(f"book_{path.name}") if task == "book" else path
    csv = path.with_suffix(".csv")
    if not csv.exists():
        pd.read_parquet(path).to_csv(csv, index=False)
    margins = ", ".join(
        f"{name}=list({', '.join(f'`{code}`={share!r}' for code, share in margin.items())})"
        for name, margin in targets.items()
    )
    code = (
        "suppressMessages(library(survey)); "
        f"x <- read.csv('{csv}'); tg <- list({margins}); "
        "for (v in setdiff(names(x), c('stratum','psu','w','y','income'))) x[[v]] <- factor(x[[v]]); "
        "d <- svydesign(id=~psu, strata=~stratum, weights=~w, data=x); "
        f"t <- proc.time(); invisible({R_TASKS[task]}); e <- proc.time() - t; cat(e[[1]] + e[[2]])"
    )
    done = subprocess.run([rscript, "-e", code], capture_output=True, text=True, check=False)
    if done.returncode:
        return None
    return float(done.stdout) * (2400 / R_TABLES if task == "book" else 1)


def of_package(package: str, task: str, path: Path, targets: Targets) -> float | None:
    """CPU seconds of a package of Python; None where it is not installed, or does not do the task."""
    python = python_of("svy" if package == "svy" else "balance")
    if task not in WHAT[package] or not python.exists():
        return None
    script = Path(__file__).with_name("peer_task.py")
    command = [python, script, package, task, path, json.dumps(targets)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return None
    return float(json.loads(done.stdout.splitlines()[-1])["seconds"])


ESTIMATION_PEERS: dict[str, Seconds] = {
    "R": of_r,
    "svy": partial(of_package, "svy"),
    "balance": partial(of_package, "balance"),
    "ipfn": partial(of_package, "ipfn"),
}
"""What times a task, by the name of the peer."""
