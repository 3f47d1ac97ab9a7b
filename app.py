"""The explorer of one study: widgets in here, everything they show in survey_kit.explorer.

    survey-kit explore analysis/community_perceptions

or  streamlit run app.py -- STUDY
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from html import escape
from pathlib import Path
from typing import Any

import streamlit as st

from survey_kit.errors import SurveyKitError
from survey_kit.explorer import crosstab, pages
from survey_kit.findings import style
from survey_kit.findings.claim import Claim
from survey_kit.findings.html import evidence_line
from survey_kit.study import analysis_of
from survey_kit.study.settings import StudySettings, read_study
from survey_kit.tables.analysis import Analysis
from survey_kit.tables.as_html import table_html

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
LARGEST_BANNER = 3

STYLE = f"""<style>
.top-notice {{ background: {style.NOTICE}; color: #fff; font-weight: bold; margin: 0;
  padding: .5rem 1rem; position: fixed; top: 3.75rem; left: 0; right: 0; z-index: 99;
  text-align: center; }}
[data-testid="stMainBlockContainer"] {{ padding-top: 8rem; }}
{style.CLAIMS}{style.TABLES}</style>"""


def main() -> None:
    """The explorer, from the study named on the command line to the page asked for."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else _shipped()
    st.set_page_config(page_title="Survey explorer", layout="wide")
    st.html(STYLE)
    try:
        settings = read_study(folder)
        _notice(settings.notice)
        st.caption(settings.title)
        themes = pages.theme_pages(settings.folder, settings.themes)
    except SurveyKitError as error:
        st.error(str(error))
        return
    listed = [
        st.Page(
            partial(_guarded, partial(_theme_page, settings, page)),
            title=page.title,
            url_path=page.key,
            default=position == 0,
        )
        for position, page in enumerate(themes)
    ]
    tabulate = partial(_guarded, partial(_crosstab_page, settings))
    listed.append(st.Page(tabulate, title="Crosstab", url_path="crosstab", default=not themes))
    st.navigation(listed, position="top").run()


def _shipped() -> Path:
    return Path(__file__).parent / "analysis" / "community_perceptions"


def _notice(notice: str) -> None:
    if notice:
        st.html(f'<p class="top-notice" role="note">{escape(notice)}</p>')


def _guarded(show: Callable[[], None]) -> None:
    """Show a page; what survey_kit refuses is a sentence on it, below the notice."""
    try:
        show()
    except SurveyKitError as error:
        st.error(str(error))


@st.cache_resource(show_spinner="Reading the study …", max_entries=4)
def _analysis(folder: str, changed: int) -> Analysis:  # noqa: ARG001 - what it is kept by
    return analysis_of(Path(folder))


def _analysis_of(settings: StudySettings) -> Analysis:
    changed = max((path.stat().st_mtime_ns for path in settings.folder.iterdir()), default=0)
    return _analysis(str(settings.folder), changed)


@st.cache_resource(show_spinner="Reading the findings …", max_entries=32)
def _contents(
    folder: str,  # noqa: ARG001 - what it is kept by
    key: str,  # noqa: ARG001
    _page: pages.ThemePage,
    _read: Analysis,
) -> pages.Contents:
    return pages.contents(_page, _read)


def _theme_page(settings: StudySettings, page: pages.ThemePage) -> None:
    analysis = _analysis_of(settings)
    shown = _contents(str(settings.folder), f"{page.key} {analysis.data_hash}", page, analysis)
    st.title(shown.title)
    for claim in shown.claims:
        _claim(claim)
    _footer(shown.footer, analysis)


def _claim(claim: Claim) -> None:
    st.subheader(claim.heading, divider="gray")
    st.html(f'<p class="statement">{escape(claim.statement)}</p>')
    if claim.chart is not None:
        _chart(claim.chart, claim.alternative, key=f"chart {claim.name}")
    if claim.caveat:
        st.html(f'<p class="caveat">{escape(claim.caveat)}</p>')
    with st.expander("The table behind it"):
        _table(claim)
    st.html(f'<p class="evidence">{escape(evidence_line(claim))}</p>')


def _chart(specification: Mapping[str, Any], alternative: str, *, key: str) -> None:
    """A chart in its own look and size, with its words for those who cannot see it."""
    draw: Callable[..., object] = getattr(st, "vega_lite_chart")  # noqa: B009 - its type is partly unknown
    draw(spec=dict(specification), theme=None, width="content", alt=alternative, key=key)


def _table(claim: Claim) -> None:
    st.html(table_html(claim.table))


def _crosstab_page(settings: StudySettings) -> None:
    analysis = _analysis_of(settings)
    st.title("Crosstab")
    request = _request(analysis, settings)
    table = crosstab.crosstab(analysis, request)
    drawn = crosstab.chart(table)
    st.html(table_html(table))
    st.download_button(
        "Download as Excel workbook",
        data=partial(crosstab.crosstab_book, analysis, request),
        file_name=f"{table.name}.xlsx",
        mime=XLSX,
        on_click="ignore",
        key="download",
    )
    if drawn is not None:
        _chart(drawn.specification, drawn.alternative, key="chart crosstab")
    _footer(table.design, analysis)


def _request(analysis: Analysis, settings: StudySettings) -> crosstab.Request:
    """What the reader chose; every choice is in the address, so a bookmark is a table."""
    rows = crosstab.row_questions(analysis)
    banners = crosstab.banner_questions(analysis)
    filters = crosstab.filter_questions(analysis)
    left, right = st.columns(2)
    with left:
        first = crosstab.first_row(analysis, settings.tables.rows)
        row = _choice("Question in the rows", rows, key="row", default=first)
    with right:
        across = {name: label for name, label in banners.items() if name != row}
        usual = [name for name in settings.tables.by if name in across][:1]
        by = _choices("Questions across", across, key="by", default=usual)
    with left:
        everyone = {"": "Everyone"} | filters
        asked = _choice("Only people who answered", everyone, key="only", default="")
    if not asked:
        return crosstab.Request(row, tuple(by))
    with right:
        answers = crosstab.answers(analysis, asked)
        code = _choice("with", answers, key="with", default=next(iter(answers)))
    return crosstab.Request(row, tuple(by), {asked: code})


def _choice(label: str, options: Mapping[str, str], *, key: str, default: str) -> str:
    """One of several: shown by its label, in the address by its name.

    Streamlit's own binding to the address would write labels, which change with language.
    """
    names = list(options)
    asked = st.query_params.get(key, default)
    chosen = st.selectbox(
        label,
        names,
        index=names.index(asked if asked in options else default),
        format_func=lambda name: options[name],
        key=key,
    )
    _remember(key, [chosen], [default])
    return chosen


def _choices(
    label: str, options: Mapping[str, str], *, key: str, default: Sequence[str]
) -> list[str]:
    """Several of several, as `_choice`; an empty choice is remembered too."""
    asked = st.query_params.get_all(key) if key in st.query_params else default
    chosen = st.multiselect(
        label,
        list(options),
        default=[name for name in asked if name in options],
        format_func=lambda name: options[name],
        key=key,
        max_selections=LARGEST_BANNER,
    )
    _remember(key, chosen, default)
    return chosen


def _remember(key: str, chosen: Sequence[str], default: Sequence[str]) -> None:
    """Keep a choice in the address, and the address free of what is usual."""
    if list(chosen) != list(default):
        st.query_params[key] = list(chosen) or [""]
    elif key in st.query_params:
        del st.query_params[key]


def _footer(design: str, analysis: Analysis) -> None:
    st.divider()
    st.html(f'<p class="footer">{escape(design)}</p>')
    with st.expander("Why is a cell hidden?"):
        st.write(pages.why_hidden(analysis.rules))


main()
