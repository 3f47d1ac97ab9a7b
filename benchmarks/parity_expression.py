"""The few R expressions that reference cases use: `sch.wide == 'Yes' & api00 > 600`.

Names may hold dots. Missing values stay missing, as in R.
"""

from __future__ import annotations

import itertools
import operator as operators
import re
from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd

TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+\.?\d*(?:[eE][-+]?\d+)?|\.\d+)|(?P<string>'[^']*'|\"[^\"]*\")"
    r"|(?P<operator>%in%|==|!=|<=|>=|&&|\|\||[-+*/^<>&|!(),=])|(?P<name>[A-Za-z.][\w.]*))"
)
POWER = {"|": 1, "&": 2, "%in%": 4, "in": 4, "+": 5, "-": 5, "*": 6, "/": 6, "^": 8}
COMPARE = 4
TRUTH = {"TRUE": 1.0, "T": 1.0, "FALSE": 0.0, "F": 0.0}
NAMED = {"ref", "breaks", "x"}
QUIET = {"drop"}
"""Categories that nobody is in are in no result of R's, or there without anybody."""
NEGATION = 3
SIGN = 7


class Unsupported(Exception):
    """A case asks for something that survey_kit does not do; the message says what."""


def evaluate(source: str, data: pd.DataFrame) -> pd.Series:
    """The value of an expression for every row.

    Raises
    ------
    Unsupported
        If it holds anything else than names of columns, constants, operators and the few
        functions known here.
    """
    value = _Parser(source, data).whole()
    if isinstance(value, pd.Series):
        return value
    return pd.Series([value] * len(data), index=data.index)


class _Parser:
    """Reads and computes in one go, operators by their power."""

    def __init__(self, source: str, data: pd.DataFrame) -> None:
        self.source, self.data = source, data
        self.tokens: list[tuple[str, str]] = []
        position = 0
        source = source.strip()
        while position < len(source):
            found = TOKEN.match(source, position)
            if found is None:
                raise Unsupported(f"expression {source!r}")
            kind = str(found.lastgroup)
            self.tokens.append((kind, found.group(kind)))
            position = found.end()
        self.at = 0

    def whole(self) -> Any:
        value = self.expression(0)
        if self.at != len(self.tokens):
            raise Unsupported(f"expression {self.source!r}")
        return value

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self, expected: str = "") -> tuple[str, str]:
        if self.at >= len(self.tokens) or (expected and self.peek() != expected):
            raise Unsupported(f"expression {self.source!r}")
        self.at += 1
        return self.tokens[self.at - 1]

    def expression(self, power: int) -> Any:
        left = self.first()
        while True:
            operator = self.peek()
            strength = POWER.get(operator, COMPARE if operator in _COMPARISONS else 0)
            if strength <= power:
                return left
            self.take()
            if operator in {"%in%", "in"}:
                left = _among(left, self.arguments() if operator == "in" else self.first())
            else:
                right = self.expression(strength - 1 if operator == "^" else strength)
                left = _binary(operator, left, right)

    def first(self) -> Any:
        kind, text = self.take()
        if kind == "number":
            return float(text)
        if kind == "string":
            return text[1:-1]
        if kind == "name" and self.peek() == "(":
            return _call(text, self.arguments(), self.data)
        if kind == "name" and text in self.data.columns:
            return self.data[text]
        if kind == "name" and text in TRUTH:
            return TRUTH[text]
        if kind == "operator":
            return self.prefixed(text)
        raise Unsupported(f"expression {self.source!r}")

    def prefixed(self, operator: str) -> Any:
        """(a), -a or !a."""
        match operator:
            case "(":
                value = self.expression(0)
                self.take(")")
                return value
            case "-":
                return -self.expression(SIGN)
            case "!":
                return 1 - number(self.expression(NEGATION))
        raise Unsupported(f"expression {self.source!r}")

    def arguments(self) -> list[Any]:
        """(a, b, c), where a bare word that is no column is a string."""
        self.take("(")
        found: list[Any] = []
        while self.peek() != ")":
            kind, text = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
            following = self.tokens[self.at + 1][1] if self.at + 1 < len(self.tokens) else ""
            if kind == "name" and following == "=":
                if text not in NAMED | QUIET:
                    raise Unsupported(f"argument {text}=")
                self.take()
                self.take("=")
                if text in QUIET:
                    self.take()
            elif kind == "name" and text not in self.data.columns and following in {",", ")"}:
                found.append(self.take()[1])
            else:
                found.append(self.expression(0))
            if self.peek() == ",":
                self.take(",")
        self.take(")")
        return found


def _numbers(value: Any) -> Any:
    """A category as the place of its level, from 1."""
    if isinstance(value, pd.Series) and isinstance(value.dtype, pd.CategoricalDtype):
        return value.cat.codes.astype(float).where(value.notna()) + 1
    return number(value)


def _relevelled(value: pd.Series, first: str) -> pd.Series:
    levels = value.astype("category")
    order = sorted(levels.cat.categories, key=lambda level: str(level) != first)
    return levels.cat.reorder_categories(order)


def _cut(value: pd.Series, breaks: list[float]) -> pd.Series:
    made = pd.cut(value, [float(each) for each in breaks])
    names = [f"({each.left:g},{each.right:g}]" for each in made.cat.categories]
    return made.cat.rename_categories(names)


def _call(name: str, arguments: list[Any], data: pd.DataFrame) -> Any:
    if name == "c":
        return arguments
    if name == "interaction":
        return _interaction(arguments)
    if name == "ifelse" and len(arguments) == 3:  # noqa: PLR2004 - test, yes, no
        test, yes, no = (_plain(each) for each in arguments)
        yes, no = (x if isinstance(x, pd.Series) else pd.Series(x, data.index) for x in (yes, no))
        return yes.where(test == 1, no).where(test.notna())
    if name in _OF_TWO and len(arguments) == 2:  # noqa: PLR2004 - both of them
        return _OF_TWO[name](*arguments)
    if name in _FUNCTIONS and len(arguments) == 1:
        return _FUNCTIONS[name](arguments[0])
    raise Unsupported(f"R function {name}()")


def _interaction(arguments: list[Any]) -> pd.Series:
    """Every combination of categories, the first varying fastest: a.b"""
    kinds = [each.astype("category") for each in arguments]
    levels = [[str(level) for level in kind.cat.categories] for kind in kinds]
    names = [".".join(each[::-1]) for each in itertools.product(*levels[::-1])]
    texts = [kind.astype(object).astype(str) for kind in kinds]
    joined = texts[0].str.cat(texts[1:], sep=".") if len(texts) > 1 else texts[0]
    known = pd.concat([kind.notna() for kind in kinds], axis=1).all(axis=1)
    return joined.where(known).astype(pd.CategoricalDtype(names))


def _binary(operator: str, a: Any, b: Any) -> Any:
    if operator in _COMPARISONS:
        if not isinstance(a, str) and not isinstance(b, str):
            a, b = (number(each) if _yes_or_no(each) else each for each in (a, b))
        a, b = _plain(a), _plain(b)
        result = _COMPARISONS[operator](a, b)
        return _keep_missing(result, a, b)
    if operator not in _ARITHMETIC:
        raise Unsupported(f"operator {operator}")
    return _ARITHMETIC[operator](number(a), number(b))


def _among(value: Any, choices: list[Any]) -> Any:
    value = _plain(value)
    if value.dtype == object:
        choices = [str(choice) for choice in choices]
    return value.isin(choices).astype(float)


def _yes_or_no(value: Any) -> bool:
    kind = value.dtype if isinstance(value, pd.Series) else None
    return isinstance(kind, pd.CategoricalDtype) and list(kind.categories) == ["FALSE", "TRUE"]


def _plain(value: Any) -> Any:
    """A categorical column as text."""
    if isinstance(value, pd.Series) and not pd.api.types.is_numeric_dtype(value.dtype):
        return value.astype(object)
    return value


def number(value: Any) -> Any:
    """Numbers; of TRUE and FALSE 1 and 0."""
    if _yes_or_no(value):
        return value.map({"FALSE": 0.0, "TRUE": 1.0}).astype(float)
    if isinstance(value, pd.Series):
        if not pd.api.types.is_numeric_dtype(value.dtype):
            raise Unsupported("arithmetic on text")
        return value.astype(float)
    return value


def _keep_missing(result: Any, *operands: Any) -> Any:
    if not isinstance(result, pd.Series):
        return result
    result = result.astype(float)
    for operand in operands:
        if isinstance(operand, pd.Series):
            result = result.where(operand.notna())
    return result


_COMPARISONS: dict[str, Callable[[Any, Any], Any]] = {
    "==": operators.eq,
    "!=": operators.ne,
    "<": operators.lt,
    ">": operators.gt,
    "<=": operators.le,
    ">=": operators.ge,
}
_ARITHMETIC: dict[str, Callable[[Any, Any], Any]] = {
    "&": lambda a, b: np.fmin(a, b).where((a == 0) | (b == 0) | (a.notna() & b.notna())),
    "|": lambda a, b: np.fmax(a, b).where((a == 1) | (b == 1) | (a.notna() & b.notna())),
    "+": operators.add,
    "-": operators.sub,
    "*": operators.mul,
    "/": operators.truediv,
    "^": operators.pow,
}
_FUNCTIONS: dict[str, Callable[[Any], Any]] = {
    "log": np.log,
    "exp": np.exp,
    "sqrt": np.sqrt,
    "abs": abs,
    "I": lambda a: a,
    "factor": lambda a: a,
    "as.factor": lambda a: a,
    "log2": np.log2,
    "log10": np.log10,
    "log1p": np.log1p,
    "round": np.round,
    "scale": lambda a: (a - a.mean()) / a.std(),
    "as.integer": _numbers,
    "as.character": _plain,
    "as.numeric": _numbers,
    "is.na": lambda a: a.isna().astype(float),
}
_OF_TWO: dict[str, Callable[[Any, Any], Any]] = {
    "pmin": np.minimum,
    "pmax": np.maximum,
    "relevel": _relevelled,
    "cut": _cut,
}
