"""A list to draw from: what it must be, and the text by which it is known again.

A frame of villages or households is checked before anything is drawn, and the columns that
decide about the selection are put into one text whose SHA-256 stands in the record. Numbers are
written so that a list read from CSV and from Excel is the same list.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from hashlib import sha256
from math import isfinite
from typing import TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design import faults
from survey_kit.errors import DesignError

Floats: TypeAlias = NDArray[np.float64]
Integers: TypeAlias = NDArray[np.intp]


def written(values: pd.Series) -> list[str]:
    """(N,) Each value as text: 12.0 is "12", a missing value ""."""
    missing = values.isna().tolist()
    return [
        "" if gone else _text(value) for value, gone in zip(values.tolist(), missing, strict=True)
    ]


def _text(value: object) -> str:
    if isinstance(value, float) and isfinite(value) and value.is_integer():
        return str(int(value))
    return str(value)


def fingerprint(frame: pd.DataFrame, columns: Sequence[str]) -> str:
    """SHA-256 of some columns of a list, row by row, in the order of the list."""
    digest = sha256(json.dumps(list(columns)).encode())
    texts = [written(frame[name]) for name in columns]
    for row in zip(*texts, strict=True):
        digest.update("\x1f".join(row).encode() + b"\n")
    return digest.hexdigest()


def fingerprint_of(names: Sequence[str]) -> str:
    """SHA-256 of the names of the drawn units, in their order."""
    return sha256("\n".join(names).encode()).hexdigest()


def of_interest(*names: str | None) -> list[str]:
    """The columns that decide about a selection, each once."""
    return list(dict.fromkeys(name for name in names if name is not None))


def added(stage: int) -> list[str]:
    """The columns that a stage adds to the rows it drew."""
    return [f"cluster_{stage}", f"chance_{stage}", f"certain_{stage}", "weight"]


def check_list(frame: pd.DataFrame, columns: Sequence[str], added: Sequence[str]) -> None:
    """Refuse a list that is empty, lacks a column, or has one that the selection will add."""
    if len(frame) == 0:
        raise DesignError("frame", "there are no rows", "Check the file it came from")
    for name in columns:
        faults.check_column(frame, name)
    for name in added:
        if name in frame.columns:
            raise DesignError(
                f"column '{name}'",
                "the frame has one already, and the selection adds one of this name",
                "Rename it, or leave it out",
            )


def check_complete(frame: pd.DataFrame, name: str) -> None:
    """Refuse a column with missing values."""
    missing = frame[name].isna().to_numpy(dtype=bool)
    if missing.any():
        raise DesignError(
            f"column '{name}'",
            f"it is empty in {faults.rows(frame, missing)}",
            "Complete the frame, or take these rows out and say so",
        )


def check_unique(frame: pd.DataFrame, key: str, within: Sequence[str]) -> None:
    """Refuse a key by which two rows (of one cluster) have the same name."""
    twice = np.asarray(frame.duplicated([*within, key], keep=False), dtype=bool)
    if twice.any():
        raise DesignError(
            f"key '{key}'",
            f"the same value stands in {faults.rows(frame, twice)}",
            "Take out what is listed twice, or name a column that is different in every row",
        )


def sizes_of(frame: pd.DataFrame, size: str | None) -> Floats:
    """(N,) The measure of size of each row; 1 if there is none."""
    if size is None:
        return np.ones(len(frame))
    faults.check_number(frame, size)
    sizes = frame[size].to_numpy(dtype=np.float64, na_value=np.nan)
    wrong = ~(np.isfinite(sizes) & (sizes > 0))
    if wrong.any():
        raise DesignError(
            f"size '{size}'",
            f"it is missing, infinite, 0 or negative in {faults.rows(frame, wrong)}, which could "
            "never be drawn by size",
            "Take them out of the frame and say so, or give them the smallest size there is",
        )
    return sizes


def sorted_rows(frame: pd.DataFrame, order: Sequence[str]) -> Integers:
    """(N,) The rows in the order of some columns; ties stay in the order of the list."""
    if not order:
        return np.arange(len(frame), dtype=np.intp)
    plain = frame[list(order)].reset_index(drop=True)
    try:
        return np.asarray(plain.sort_values(list(order), kind="stable").index, dtype=np.intp)
    except TypeError as error:
        raise DesignError(
            f"order {' and '.join(map(repr, order))}",
            "it mixes text with numbers or dates, so it has no order",
            "Make it all text or all numbers first",
        ) from error
