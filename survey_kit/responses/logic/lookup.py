"""A table of the form made ready to be looked things up in: its columns as values, each once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from survey_kit.questionnaire.table import Table
from survey_kit.responses.logic.value import Codes, Texts, Truths


@dataclass(frozen=True, eq=False)
class Lookup:
    """A table. A column's words are all different, so that equal codes are equal texts."""

    table: Table
    _columns: dict[str, Texts] = field(default_factory=dict[str, Texts])
    _rows: dict[str, Mapping[str, Codes]] = field(default_factory=dict[str, "Mapping[str, Codes]"])

    def __len__(self) -> int:
        return self.table.rows

    def column(self, name: str) -> Texts | None:
        """(rows,) The texts of a column, None where there is no such column."""
        if name not in self._columns:
            words = self.table.columns.get(name)
            if words is None:
                return None
            texts = ["" if word is None else word for word in words]
            number = {word: place for place, word in enumerate(dict.fromkeys(texts))}
            codes = np.array([number[text] for text in texts], dtype=np.int64)
            self._columns[name] = Texts(codes, np.array([*number], dtype=object))
        return self._columns[name]

    def there(self, name: str) -> Truths:
        """(rows,) Whether a row has a cell in a column, be it an empty one."""
        words = self.table.columns.get(name, (None,) * self.table.rows)
        return np.array([word is not None for word in words], dtype=np.bool_)

    def rows_with(self, name: str) -> Mapping[str, Codes]:
        """Word of a column -> the rows that hold it, in order."""
        if name not in self._rows:
            column = self.column(name)
            found: dict[str, Codes] = {}
            if column is not None:
                order = np.argsort(column.codes, kind="stable")
                bounds = np.searchsorted(column.codes[order], np.arange(len(column.words) + 1))
                for code, word in enumerate(column.words):
                    found[str(word)] = order[bounds[code] : bounds[code + 1]].astype(np.int64)
            self._rows[name] = found
        return self._rows[name]
