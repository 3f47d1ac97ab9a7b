"""R's formulas: their terms, and the columns that R makes of them.

What R computes inside a formula (`sqrt(x)`, `trust == 'low'`, `cut(x, ...)`) becomes a column
of the data here, so that the formula that survey_kit reads names columns and the functions it
shares with R. Where R codes the same categories in another way (`a:b` without `a`, `a/b`), its
columns are made one by one: the model is the same, and its coefficients can be compared.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from parity_expression import Unsupported, evaluate

from survey_kit.design.sample import Sample
from survey_kit.estimation.models import formula as formulas

TOKEN = re.compile(
    r"\s*(?P<part>%in%|[-+*/:^()]|\d+\.?\d*|(?:==|!=|<=|>=|[<>])|'[^']*'|\"[^\"]*\"|[A-Za-z.][\w.]*)"
)
SHARED = {"poly", "ns", "bs", "scale"}
COMPARES = re.compile(r"==|!=|<=|>=|[<>]|%in%\s*c\(|!")
Term = tuple[str, ...]


@dataclass
class Terms:
    """The terms of the right side of a formula, in R's order, with its offset."""

    terms: list[Term]
    intercept: bool
    offset: str | None
    atoms: list[str] = field(default_factory=list[str])


def r_terms(words: str) -> Terms:
    """Read the right side."""
    return _Reader(words).whole()


def plain(name: str) -> str:
    """A name without the spaces and quotes that R and we set differently."""
    return re.sub(r"[\s`\"']", "", name).replace("**", "^")


class _Reader:
    def __init__(self, words: str) -> None:
        self.source, self.tokens = words, self._split(words)
        self.at = 0
        self.atoms: list[str] = []
        self.offsets: list[str] = []
        self.intercept = True

    @staticmethod
    def _split(words: str) -> list[str]:
        """Operators, parentheses, numbers, and whole calls as one piece each."""
        found: list[str] = []
        at = 0
        while at < len(words.rstrip()):
            match = TOKEN.match(words, at)
            if match is None:
                raise Unsupported(f"formula {words!r}")
            part, at = match["part"], match.end()
            if re.match(r"[A-Za-z.]", part) and words[at : at + 1] == "(":
                end = _closing(words, at)
                part, at = part + words[at:end], end
            found.append(part)
        return found

    def whole(self) -> Terms:
        terms = self.sum_of()
        if self.at != len(self.tokens):
            raise Unsupported(f"formula {self.source!r}")
        order = {atom: place for place, atom in enumerate(self.atoms)}
        found: list[Term] = []
        for term in terms:
            made = tuple(sorted(term, key=lambda atom: order[atom]))
            if made and made not in found:
                found.append(made)
        found.sort(key=len)
        offset = " + ".join(self.offsets) or None
        return Terms(found, self.intercept, offset, self.atoms)

    def peek(self) -> str:
        return self.tokens[self.at] if self.at < len(self.tokens) else ""

    def take(self) -> str:
        self.at += 1
        if self.at > len(self.tokens):
            raise Unsupported(f"formula {self.source!r}")
        return self.tokens[self.at - 1]

    def sum_of(self) -> list[frozenset[str]]:
        terms: list[frozenset[str]] = []
        sign = self.take() if self.peek() in {"+", "-"} else "+"
        while True:
            if self.peek() in {"0", "1"} and self.tokens[self.at + 1 : self.at + 2] in (
                [], ["+"], ["-"], [")"],
            ):  # fmt: skip
                self.intercept = (self.take() == "1") == (sign == "+")
            else:
                found = self.crossed()
                terms = (
                    [*terms, *found]
                    if sign == "+"
                    else [each for each in terms if each not in found]
                )
            if self.peek() not in {"+", "-"}:
                return terms
            sign = self.take()

    def crossed(self) -> list[frozenset[str]]:
        left = self.within()
        while self.peek() in {"*", "/"}:
            if self.take() == "*":
                right = self.within()
                left = [*left, *right, *_pairs(left, right)]
            else:
                right = self.within()
                whole = frozenset(atom for term in left for atom in term)
                left = [*left, *_pairs([whole], right)]
        return left

    def within(self) -> list[frozenset[str]]:
        left = self.interaction()
        while self.peek() == "%in%":
            self.take()
            left = _pairs(left, self.interaction())
        return left

    def interaction(self) -> list[frozenset[str]]:
        left = self.power()
        while self.peek() == ":":
            self.take()
            left = _pairs(left, self.power())
        return left

    def power(self) -> list[frozenset[str]]:
        left = found = self.piece()
        if self.peek() == "^":
            self.take()
            for _ in range(int(self.take()) - 1):
                found = [*found, *_pairs(found, left)]
        return list(dict.fromkeys(found))

    def piece(self) -> list[frozenset[str]]:
        part = self.take()
        if part == "(":
            end = self._inner_end()
            inside = self.tokens[self.at : end]
            if COMPARES.search(" ".join(inside)):
                self.at = end + 1
                return self.atom("(" + " ".join(inside) + ")")
            found = self.sum_of()
            if self.take() != ")":
                raise Unsupported(f"formula {self.source!r}")
            return found
        if part.startswith("offset("):
            self.offsets.append(part[len("offset(") : -1])
            return []
        if not re.match(r"[A-Za-z.]", part):
            raise Unsupported(f"formula {self.source!r}")
        if self.peek() in {"==", "!=", "<", ">", "<=", ">="}:
            part = f"{part} {self.take()} {self.take()}"
        return self.atom(part)

    def _inner_end(self) -> int:
        depth = 1
        for at in range(self.at, len(self.tokens)):
            depth += {"(": 1, ")": -1}.get(self.tokens[at], 0)
            if depth == 0:
                return at
        raise Unsupported(f"formula {self.source!r}")

    def atom(self, text: str) -> list[frozenset[str]]:
        if text not in self.atoms:
            self.atoms.append(text)
        return [frozenset([text])]


def _pairs(left: Sequence[frozenset[str]], right: Sequence[frozenset[str]]) -> list[frozenset[str]]:
    return [a | b for a in left for b in right]


def _closing(words: str, at: int) -> int:
    """Where the parenthesis that opens here has closed."""
    depth = 0
    quote = ""
    for place in range(at, len(words)):
        letter = words[place]
        if letter in "'\"" and quote in {"", letter}:
            quote = "" if quote else letter
        depth += 0 if quote else {"(": 1, ")": -1}.get(letter, 0)
        if depth == 0:
            return place + 1
    raise Unsupported(f"formula {words!r}")


def with_columns(terms: Terms, data: pd.DataFrame) -> dict[str, str]:
    """For each atom what a formula of survey_kit calls it; `data` gets the columns it needs."""
    names: dict[str, str] = {}
    for atom in terms.atoms:
        called = re.match(r"([A-Za-z.][\w.]*)\(", atom)
        if atom in data.columns:
            names[atom] = f"`{atom}`"
        elif called and called[1] in SHARED and _simple(atom, data):
            names[atom] = _python(atom)
        else:
            made = _category(atom, evaluate(atom, data))
            data[plain(atom)] = made
            names[atom] = f"`{plain(atom)}`"
    return names


def _simple(atom: str, data: pd.DataFrame) -> bool:
    inside = atom[atom.index("(") + 1 :].split(",", maxsplit=1)[0].strip(" )")
    return inside in data.columns and "." not in inside


def _python(atom: str) -> str:
    """poly(x, 2, raw=TRUE) and ns(x, 3) with arguments as Python puts them."""
    return re.sub(r"\bc\(([^()]*)\)", r"[\1]", atom).replace("TRUE", "True")


def _category(atom: str, values: pd.Series) -> pd.Series:
    """Yes and no as R's FALSE and TRUE, factor(x) as its sorted values."""
    inside = re.sub(r"^(?:I|factor|as\.factor)\((.*)\)$", r"\1", atom)
    if pd.api.types.is_numeric_dtype(values) and COMPARES.search(re.sub(r"\([^()]*\)", "", inside)):
        words = values.map({0.0: "FALSE", 1.0: "TRUE"})
        return words.astype(pd.CategoricalDtype(["FALSE", "TRUE"]))
    if re.match(r"(factor|as\.factor)\(", atom) and not isinstance(
        values.dtype, pd.CategoricalDtype
    ):
        levels = sorted(values.dropna().unique())
        words = [f"{each:g}" if isinstance(each, float) else str(each) for each in levels]
        return pd.Series(
            pd.Categorical.from_codes(
                pd.Categorical(values, categories=levels).codes, categories=words
            ),
            index=values.index,
        )
    return values


@dataclass(frozen=True)
class Coded:
    """R's columns of a model: (m, k), their names, and the terms they belong to."""

    matrix: NDArray[np.float64]
    names: list[str]
    terms: list[int]


def coded_as_r(
    terms: Terms, names: dict[str, str], sample: Sample, used: NDArray[np.bool_]
) -> Coded:
    """Every column as R's `model.matrix` makes it, without those that follow from others."""
    pieces: list[NDArray[np.float64]] = []
    labels: list[str] = []
    of: list[int] = []
    for number, term in enumerate(terms.terms):
        blocks = [_block(atom, term, terms, names, sample, used) for atom in term]
        made: list[tuple[str, Any]] = [("", np.ones(int(used.sum())))]
        for label, columns in blocks:
            made = [
                (f"{before}:{name}" if before else name, values * column)
                for name, column in zip(label, columns.T, strict=True)
                for before, values in made
            ]
        for label, column in made:
            pieces.append(column)
            labels.append(label)
            of.append(number)
    start = [np.ones(int(used.sum()))] if terms.intercept else []
    kept: list[int] = []
    for place, column in enumerate(pieces):
        tried = np.column_stack([*start, *(pieces[each] for each in kept), column])
        tried = tried / np.linalg.norm(tried, axis=0).clip(1e-300)
        if np.linalg.matrix_rank(tried, tol=1e-7) == tried.shape[1]:
            kept.append(place)
    return Coded(
        np.column_stack([pieces[each] for each in kept])
        if kept
        else np.empty((int(used.sum()), 0)),
        [labels[each] for each in kept],
        [of[each] for each in kept],
    )


def _block(  # noqa: PLR0917 - all that a column of R follows from
    atom: str,
    term: Term,
    terms: Terms,
    names: dict[str, str],
    sample: Sample,
    used: NDArray[np.bool_],
) -> tuple[list[str], NDArray[np.float64]]:
    """The columns of one factor of a term: levels but the first where its margin is there."""
    column = names[atom].strip("`")
    if column not in sample.data.columns:
        basis = formulas.predictors(f"0 + {names[atom]}", sample, used)
        return [plain(atom) + str(at + 1) for at in range(basis.matrix.shape[1])], basis.matrix
    values = sample.data.loc[used, column]
    if pd.api.types.is_numeric_dtype(values):
        return [plain(atom)], values.to_numpy(dtype=np.float64)[:, None]
    levels = sample.levels(column)
    rest = tuple(each for each in term if each != atom)
    contrast = (
        rest in terms.terms if rest else terms.intercept or _before(term, terms, names, sample)
    )
    places = range(1 if contrast else 0, len(levels.names))
    codes = levels.codes[used]
    return (
        [plain(atom) + levels.names[at] for at in places],
        np.column_stack([(codes == at).astype(np.float64) for at in places]),
    )


def _before(term: Term, terms: Terms, names: dict[str, str], sample: Sample) -> bool:
    """Whether, without an intercept, an earlier category already stands for it."""
    for each in terms.terms[: terms.terms.index(term)]:
        column = names[each[0]].strip("`")
        if (
            len(each) == 1
            and column in sample.data.columns
            and not pd.api.types.is_numeric_dtype(sample.data[column])
        ):
            return True
    return False
