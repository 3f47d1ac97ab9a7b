"""The other names that the types of XLSForm have had in twenty years.

They are those of pyxform 4.5 (``aliases.py`` and ``question_type_dictionary.py``), and some
that people write though pyxform refuses them.
"""

from __future__ import annotations

from types import MappingProxyType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

SELECTS: Mapping[str, str] = MappingProxyType(
    {
        "select_one": "select_one",
        "select_multiple": "select_multiple",
        "rank": "rank",
        "select_one_from_file": "select_one",
        "select_multiple_from_file": "select_multiple",
        "rank_from_file": "rank",
        "select_one_external": "select_one",
    }
)
"""Every name that is followed by whence its choices come -> the type that it is."""

_NAMES: Mapping[str, tuple[str, ...]] = {
    "select_one": (
        "select one",
        "select one from",
        "select one using",
        "select1",
        "q select1",
        "add select one prompt using",
    ),
    "select_multiple": (
        "select multiple",
        "select multiple from",
        "select multiple using",
        "select all that apply",
        "select all that apply from",
        "q select",
        "add select multiple prompt using",
    ),
    "select_one_from_file": ("select one from file",),
    "select_multiple_from_file": ("select multiple from file",),
    "integer": (
        "int",
        "q int",
        "add integer prompt",
        "percentage",
        "number of days in last month",
        "number of days in last six months",
        "number of days in last year",
    ),
    "decimal": ("add decimal prompt", "q decimal"),
    "text": ("string", "q string", "add text prompt", "select one external", "phone number"),
    "note": ("add note prompt", "q note"),
    "date": ("add date prompt", "q date"),
    "time": ("add time prompt",),
    "dateTime": (
        "datetime",
        "date time",
        "add date time prompt",
        "add datetime prompt",
        "q date time",
        "q datetime",
    ),
    "geopoint": ("gps", "location", "q location", "q geopoint", "add location prompt"),
    "geotrace": ("q geotrace",),
    "geoshape": ("q geoshape",),
    "image": ("photo", "q picture", "q image", "add image prompt", "add photo prompt"),
    "audio": ("q audio", "add audio prompt"),
    "video": ("q video", "add video prompt"),
    "file": ("add file prompt",),
    "barcode": ("add barcode prompt", "q barcode"),
    "acknowledge": ("add acknowledge prompt", "q acknowledge", "trigger"),
    "calculate": ("add calculate prompt", "calculation", "q calculate"),
    "deviceid": ("imei", "device id", "get device id", "uri:deviceid"),
    "phonenumber": ("get phone number", "phonenumber", "uri:phonenumber"),
    "simserial": ("get sim id", "sim id", "uri:simserial"),
    "subscriberid": ("get subscriber id", "subscriber id", "uri:subscriberid"),
    "username": ("uri:username",),
    "email": ("uri:email",),
    "start": ("get start time", "start time"),
    "end": ("get end time", "end time"),
    "today": ("get today",),
}

ALIASES: Mapping[str, str] = MappingProxyType(
    {each: each for each in SELECTS}
    | {alias: name for name, aliases in _NAMES.items() for alias in aliases}
)
"""Another name, in small letters and with spaces -> the one name."""

SAME_TO_PHONES: Mapping[str, str] = MappingProxyType(
    {
        "select one": "select_one",
        "select1": "select_one",
        "add select one prompt using": "select_one",
        "select all that apply": "select_multiple",
        "add select multiple prompt using": "select_multiple",
        "select one from file": "select_one_from_file",
        "select multiple from file": "select_multiple_from_file",
        "int": "integer",
        "imei": "deviceid",
        "photo": "image",
        "add image prompt": "image",
        "add photo prompt": "image",
        "add audio prompt": "audio",
        "add video prompt": "video",
        "add file prompt": "file",
    }
)
"""Spellings of which pyxform makes the very same form as of the usual one (its own aliases).

The others differ in small things: ``string`` takes no number of rows, ``gps`` no accuracy.
"""
