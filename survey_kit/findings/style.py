"""How tables and claims look on a screen: shared by the report and the explorer."""

from __future__ import annotations

NOTICE, ACCENT, INK, GREY = "#801650", "#28A197", "#0b0c0c", "#595959"

CLAIMS = f"""
.statement {{ font-size: 1.08rem; font-weight: bold; }}
.caveat {{ color: #3d4245; font-size: .92rem; border-left: 4px solid {ACCENT};
  padding-left: .8rem; }}
.sensitivity {{ color: #3d4245; font-size: .85rem; line-height: 1.4; overflow-wrap: anywhere; }}
.sensitivity p {{ margin: .6rem 0 .1rem; font-weight: bold; }}
.sensitivity ul {{ margin: 0; padding-left: 1.1rem; }}
.evidence, .footer {{ color: {GREY}; font-size: .75rem; overflow-wrap: anywhere; }}
"""

TABLES = f"""
.crosstab {{ margin: .5rem 0; overflow-x: auto; }}
.crosstab .notice {{ all: unset; display: block; color: {NOTICE}; font-size: .75rem;
  font-weight: bold; }}
.crosstab table {{ border-collapse: collapse; font-size: .82rem; line-height: 1.35; }}
.crosstab caption {{ text-align: left; font-weight: bold; padding: .3rem 0; color: {INK}; }}
.crosstab th, .crosstab td {{ padding: .25rem .6rem; border: 0;
  border-bottom: 1px solid #d0d0d0; text-align: right; vertical-align: top;
  font-variant-numeric: tabular-nums; }}
.crosstab th {{ font-weight: bold; }}
.crosstab th[scope=row] {{ text-align: left; font-weight: normal; min-width: 11rem; }}
.crosstab th[scope=colgroup] {{ text-align: center; border-bottom: 2px solid {GREY}; }}
.crosstab .base {{ background: #f3f2f1; }}
.crosstab .interval {{ color: {GREY}; white-space: nowrap; display: block; font-size: .74rem; }}
.crosstab .letters {{ color: {NOTICE}; }}
.crosstab .marker {{ color: {GREY}; font-style: italic; }}
.crosstab figcaption, .crosstab figcaption p, .crosstab figcaption li {{ color: {GREY};
  font-size: .75rem; line-height: 1.4; }}
.crosstab figcaption p {{ margin: .3rem 0; }}
.crosstab .notes {{ margin: .3rem 0; padding-left: 1.1rem; }}
.crosstab .notes li {{ margin: 0; }}
"""
