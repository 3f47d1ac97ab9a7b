"""A condition on the data, in words: ``age > 17 and sex == 'f'`` is true or false for each row.

It is read, never run: names of columns, numbers, words in quotation marks, + - * /,
comparisons, ``in``, ``and``, ``or`` and ``not``; also ``&``, ``|``, ``!`` and ``=`` as R and SPSS
write them, with the meaning that they have there. A name that is no plain word stands in
backticks. Of a comparison with something missing it is not known whether it is true, nor
whether its opposite is; a condition is met where it is known to be (as in SQL, and as R's
`subset` and a filter of SPSS leave out what is missing).
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any, TypeAlias

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey_kit.design.sample import Sample, floats_of
from survey_kit.errors import EstimationError

Flags: TypeAlias = NDArray[np.bool_]

PIECES = re.compile(
    r"""`[^`]*`|'[^']*'|"[^"]*"|&&?|\|\|?|!(?!=)|<>|<=|>=|==|!=|=|[^`'"&|!<>=]+|."""
)
SPELT: Mapping[str, str] = {
    "&": " and ",
    "&&": " and ",
    "|": " or ",
    "||": " or ",
    "!": " not ",
    "<>": "!=",
    "=": "==",
}
ORDERS: Mapping[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
}
ARITHMETIC: Mapping[type[ast.operator], np.ufunc] = {
    ast.Add: np.add,
    ast.Sub: np.subtract,
    ast.Mult: np.multiply,
    ast.Div: np.divide,
}
MIRRORED: Mapping[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.Gt,
    ast.LtE: ast.GtE,
    ast.Gt: ast.Lt,
    ast.GtE: ast.LtE,
}


@dataclass(frozen=True, eq=False)
class _Said:
    """(n,) each: whether it is true, and whether it is known to be true or false."""

    true: Flags
    known: Flags

    def __invert__(self) -> _Said:
        return _Said(self.known & ~self.true, self.known)

    def __and__(self, other: _Said) -> _Said:
        no = (self.known & ~self.true) | (other.known & ~other.true)
        return _Said(self.true & other.true, (self.known & other.known) | no)

    def __or__(self, other: _Said) -> _Said:
        return ~(~self & ~other)


Part: TypeAlias = "_Said | pd.Series | NDArray[np.float64] | float | str | list[float | str]"


def flags_of(values: pd.Series) -> tuple[Flags, Flags] | None:
    """(n,) whether it is true, and (n,) whether that is known; None if it is not true or false.

    True and False of any storage, or 1 and 0, with anything missing.

    >>> flags_of(pd.Series([True, None, False]))
    (array([ True, False, False]), array([ True, False,  True]))
    """
    known = values.notna().to_numpy(dtype=np.bool_)
    if values.dtype == object:
        if not all(isinstance(each, bool | np.bool_) for each in values[known]):
            return None
        return (values.where(known, other=False)).to_numpy(dtype=np.bool_), known
    if not pd.api.types.is_numeric_dtype(values) or pd.api.types.is_complex_dtype(values):
        return None
    numbers = floats_of(values)
    if not np.isin(numbers[known], (0, 1)).all():
        return None
    return np.asarray(numbers == 1, dtype=np.bool_), known


def met(condition: str, sample: Sample) -> Flags:
    """(n,) bool. Where a condition is known to be true.

    Raises
    ------
    EstimationError
        If it cannot be read, names a column or a category that is not there, or compares what
        cannot be compared.
    """
    return _Condition.of(condition, sample).met()


@dataclass(frozen=True)
class _Condition:
    """A condition as it was written, as it is read, and which column each name in it is."""

    written: str
    read: ast.expr
    columns: Mapping[str, str]
    sample: Sample

    @classmethod
    def of(cls, condition: str, sample: Sample) -> _Condition:
        columns: dict[str, str] = {}
        pieces: list[str] = []
        for piece in PIECES.findall(condition.strip()):
            if piece.startswith("`"):
                word = f"column_{len(columns)}_"
                columns[word] = piece.strip("`")
                pieces.append(word)
            else:
                pieces.append(SPELT.get(piece, piece))
        try:
            read = ast.parse("".join(pieces).strip(), mode="eval").body
        except (SyntaxError, ValueError) as error:
            raise _unread(condition, "it cannot be read") from error
        return cls(condition, read, columns, sample)

    def met(self) -> Flags:
        return self._said(self.read).true

    def _fault(self, what: str, remedy: str) -> EstimationError:
        return EstimationError(f"where '{self.written}'", what, remedy)

    def _said(self, node: ast.expr) -> _Said:
        """What is true or false."""
        match node:
            case ast.BoolOp(op=op, values=[first, *others]):
                found = self._said(first)
                for each in others:
                    other = self._said(each)
                    found = found & other if isinstance(op, ast.And) else found | other
                return found
            case ast.UnaryOp(op=ast.Not() | ast.Invert(), operand=operand):
                return ~self._said(operand)
            case ast.Compare(left=left, ops=ops, comparators=rights):
                found = _everywhere(self.sample)
                for op, right in zip(ops, rights, strict=True):
                    found &= self._compared(left, op, right)
                    left = right
                return found
            case ast.Name(id=name):
                flags = flags_of(self._column(name))
                if flags is None:
                    raise self._fault(
                        f"'{self.columns.get(name, name)}' is not true or false",
                        "Compare it with something, such as: age > 17",
                    )
                return _Said(*flags)
            case _:
                raise self._fault(
                    "it does not say what is true or false of a row",
                    "Compare columns, such as: age > 17 and sex == 'f'",
                )

    def _compared(self, left: ast.expr, op: ast.cmpop, right: ast.expr) -> _Said:
        if isinstance(op, ast.In | ast.NotIn):
            return self._among(left, right, isinstance(op, ast.In))
        if type(op) not in ORDERS:
            raise _unread(self.written, "it cannot be read")
        one, other = self._value(left), self._value(right)
        if isinstance(one, str) and isinstance(other, pd.Series):
            one, other, op = other, one, MIRRORED.get(type(op), type(op))()
        if isinstance(one, pd.Series):
            return self._of_words(one, op, other)
        if isinstance(one, str | list) or isinstance(other, str | list | pd.Series):
            raise self._fault(
                "it compares a number with words", "Compare numbers with numbers, words with words."
            )
        a, b = np.broadcast_arrays(np.asarray(one), np.asarray(other))
        a, b = (np.broadcast_to(each, (len(self.sample),)) for each in (a, b))
        known = ~(np.isnan(a) | np.isnan(b))
        return _Said(np.asarray(ORDERS[type(op)](a, b), dtype=np.bool_) & known, known)

    def _among(self, left: ast.expr, right: ast.expr, inside: bool) -> _Said:
        several = self._value(right)
        one = self._value(left)
        if not isinstance(several, list) or isinstance(one, str | list):
            raise self._fault(
                "what stands behind 'in' is no list",
                "Write for instance: region in ['north', 'east']",
            )
        if isinstance(one, pd.Series):
            found = ~_everywhere(self.sample)
            for each in several:
                found |= self._of_words(one, ast.Eq(), each)
            return found if inside else ~found
        if any(isinstance(each, str) for each in several):
            raise self._fault(
                "it compares a number with words", "Compare numbers with numbers, words with words."
            )
        numbers = np.broadcast_to(np.asarray(one, dtype=np.float64), (len(self.sample),))
        found = _Said(np.isin(numbers, np.array(several, dtype=np.float64)), ~np.isnan(numbers))
        return found if inside else ~found

    def _of_words(self, column: pd.Series, op: ast.cmpop, other: Part) -> _Said:
        """A column of categories, or of dates, against a word."""
        known = column.notna().to_numpy(dtype=np.bool_)
        if pd.api.types.is_datetime64_any_dtype(column.dtype):
            return self._of_dates(column, op, other)
        if isinstance(other, pd.Series) and isinstance(op, ast.Eq | ast.NotEq):
            both = known & other.notna().to_numpy(dtype=np.bool_)
            same = (column.astype(str) == other.astype(str)).to_numpy(dtype=np.bool_)
            return _Said(both & (same == isinstance(op, ast.Eq)), both)
        if not isinstance(op, ast.Eq | ast.NotEq) or not isinstance(other, str | float):
            raise self._fault(
                f"'{column.name}' holds categories, which have no order here",
                "Name those that are meant, such as: region in ['north', 'east']",
            )
        levels = self.sample.levels(str(column.name))
        name = f"{other:g}" if isinstance(other, float) else other
        if name not in levels.names:
            close = get_close_matches(name, levels.names, n=1)
            raise self._fault(
                f"'{column.name}' has no category '{name}'",
                f"Did you mean '{close[0]}'?" if close else "Check how it is spelt.",
            )
        same = levels.codes == levels.names.index(name)
        return _Said(known & (same == isinstance(op, ast.Eq)), known)

    def _of_dates(self, column: pd.Series, op: ast.cmpop, other: Part) -> _Said:
        known = column.notna().to_numpy(dtype=np.bool_)
        if isinstance(other, pd.Series):
            days: Any = other
            known = known & other.notna().to_numpy(dtype=np.bool_)
        else:
            try:
                days = pd.Timestamp(other if isinstance(other, str) else "")
            except ValueError:
                days = pd.NaT
            if days is pd.NaT:
                raise self._fault(
                    f"'{column.name}' holds dates, and is compared with something else",
                    "Write a date as '2024-12-31'.",
                )
            days = days.tz_localize(getattr(column.dtype, "tz", None))
        true = ORDERS[type(op)](column, days).to_numpy(dtype=np.bool_)
        return _Said(np.asarray(true & known, dtype=np.bool_), known)

    def _value(self, node: ast.expr) -> Part:
        """What is compared: numbers, a column of something else, a word, or a list."""
        match node:
            case ast.Constant(value=bool() | int() | float() as value):
                return float(value)
            case ast.Constant(value=str() as value):
                return value
            case ast.Name(id=name):
                return _plain(self._column(name))
            case ast.List(elts=several) | ast.Tuple(elts=several) | ast.Set(elts=several):
                values = [self._value(each) for each in several]
                return [value for value in values if isinstance(value, str | float)]
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -self._number(operand)
            case ast.BinOp(left=left, op=op, right=right) if type(op) in ARITHMETIC:
                with np.errstate(divide="ignore", invalid="ignore"):
                    one, other = self._number(left), self._number(right)
                    return np.asarray(ARITHMETIC[type(op)](one, other), dtype=np.float64)
            case _:
                raise _unread(self.written, f"'{ast.unparse(node)}' is nothing that it can compare")

    def _number(self, node: ast.expr) -> NDArray[np.float64]:
        value = self._value(node)
        if isinstance(value, str | list | pd.Series):
            raise self._fault("it computes with words", "Compute with columns of numbers.")
        return np.asarray(value, dtype=np.float64)

    def _column(self, word: str) -> pd.Series:
        name = self.columns.get(word, word)
        if name not in self.sample.data.columns:
            known = [str(each) for each in self.sample.data.columns]
            close = get_close_matches(name, known, n=1)
            raise self._fault(
                f"there is no column '{name}'",
                f"Did you mean '{close[0]}'?" if close else "Put words in quotation marks.",
            )
        return self.sample.data[name]


def _plain(column: pd.Series) -> Part:
    """Numbers, of true and false too, or the column itself if it holds something else."""
    flags = flags_of(column)
    if flags is not None:
        return np.where(flags[1], flags[0].astype(np.float64), np.nan)
    return floats_of(column) if pd.api.types.is_numeric_dtype(column) else column


def _everywhere(sample: Sample) -> _Said:
    yes = np.ones(len(sample), dtype=np.bool_)
    return _Said(yes, yes)


def _unread(condition: str, what: str) -> EstimationError:
    return EstimationError(
        f"where '{condition}'", what, "Write it as: age > 17 and region in ['north', 'east']"
    )
