"""Who is asked about, and of which columns: as `survey_kit.design.asked` reads it."""

from survey_kit.design.asked import (
    Where,
    asked_rows,
    categories_named,
    check_sample,
    columns_named,
    sample_first,
)

__all__ = [
    "Where",
    "asked_rows",
    "categories_named",
    "check_sample",
    "columns_named",
    "sample_first",
]
