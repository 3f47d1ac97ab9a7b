"""A chart as a picture: SVG for a page, PNG for a document. No browser, no network."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from io import BytesIO
from typing import TYPE_CHECKING, Any

from survey_kit.errors import MissingExtra

if TYPE_CHECKING:
    from types import ModuleType

VEGA_LITE = "6.4"
"""The Vega-Lite that draws, of those that vl-convert carries."""

_IDENTIFIER = re.compile(r'(\bid="|url\(#|\bhref="#)')


def svg(specification: Mapping[str, Any], *, prefix: str) -> str:
    """The chart as one `<svg>` element to be put into a page.

    Parameters
    ----------
    prefix
        Put before every id inside, so that several charts can share a page.

    Raises
    ------
    MissingExtra
        If vl-convert is not installed.
    """
    drawn = _drawn(json.dumps(specification))
    start = drawn.index("<svg")
    return _IDENTIFIER.sub(lambda found: f"{found.group(1)}{prefix}-", drawn[start:])


def png(specification: Mapping[str, Any], *, ppi: int = 130) -> bytes:
    """The chart as a PNG picture.

    Raises
    ------
    MissingExtra
        If vl-convert is not installed.
    """
    drawn: bytes = _converter().svg_to_png(_drawn(json.dumps(specification)), ppi=ppi, scale=1)
    return _in_few_colours(drawn, ppi)


def _in_few_colours(picture: bytes, ppi: int) -> bytes:
    """The same picture with a palette: a tenth of the size, so that a report can be mailed."""
    from PIL import Image

    small = BytesIO()
    with Image.open(BytesIO(picture)) as full:
        opaque = Image.new("RGB", full.size, "white")
        opaque.paste(full, mask=full.getchannel("A") if full.mode == "RGBA" else None)
        opaque.quantize(colors=64, method=Image.Quantize.FASTOCTREE).save(
            small, "PNG", dpi=(ppi, ppi)
        )
    return small.getvalue()


@lru_cache(maxsize=256)
def _drawn(specification: str) -> str:
    """Drawn once, for the page and for the document."""
    drawn: str = _converter().vegalite_to_svg(
        specification, vl_version=VEGA_LITE, allowed_base_urls=[]
    )
    return drawn


def _converter() -> ModuleType:
    try:
        import vl_convert
    except ModuleNotFoundError as error:
        raise MissingExtra("a chart as a picture", "vl-convert-python", "report") from error
    return vl_convert
