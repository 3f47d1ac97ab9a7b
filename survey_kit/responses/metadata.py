"""What a file says about an interview beside its answers: its id, when it was sent, its version.

Servers add columns of their own. Those named here are known; of these only what the
toolkit needs is carried on, and what could lead to a person (devices, phones, users,
notes written on the server) is not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import Enum
from types import MappingProxyType


class Carried(Enum):
    """What becomes of a column of metadata."""

    INTERVIEW = "it may name the interview"
    MOMENT = "a moment, in `Responses.meta`"
    TEXT = "text, in `Responses.meta`"
    ROW = "a place among the rows of a repeat"
    ABSENCE = "why answers of the row are absent"
    NOT = "not carried on"


INTERVIEW_IDS = (
    "_uuid",
    "uuid",
    "meta/instanceid",
    "instanceid",
    "key",
    "__id",
    "_submission__uuid",
    "interview",
    "_id",
)
"""Columns that may hold the id of the interview, the first that is there being used."""

PLACE_IN_A_REPEAT = "[]"
"""What the columns are that survey_kit names after a repeat; no column is spelt like this."""

VERSION_AGAIN = re.compile(r"_version__[0-9]{3}")
"""What Kobo calls the version where a form that was imported had one already, ``_version__001``."""

NEWEST_VERSION = "__version__"
"""What Kobo calls the version of the form itself, beside those of the forms that it was made from."""

SET_OF = "set/of"
"""Beginning of SurveyCTO's columns that name the rows of a repeat, ``SET-OF-person``."""

METADATA: Mapping[str, tuple[str, Carried]] = MappingProxyType(
    {
        **{name: (name, Carried.INTERVIEW) for name in INTERVIEW_IDS},
        "_submission_time": ("submitted", Carried.MOMENT),
        "submissiondate": ("submitted", Carried.MOMENT),
        "__system/submissiondate": ("submitted", Carried.MOMENT),
        "_submission__submission_time": ("submitted", Carried.MOMENT),
        "start": ("start", Carried.MOMENT),
        "starttime": ("start", Carried.MOMENT),
        "end": ("end", Carried.MOMENT),
        "endtime": ("end", Carried.MOMENT),
        "today": ("today", Carried.MOMENT),
        "_submitted": ("submitted", Carried.MOMENT),
        "timestamp": ("submitted", Carried.MOMENT),
        "_version": ("version", Carried.TEXT),
        "__version__": ("version", Carried.TEXT),
        "formversion": ("version", Carried.TEXT),
        "formdef_version": ("version", Carried.TEXT),
        "_version_": ("version", Carried.TEXT),
        "__system/formversion": ("version", Carried.TEXT),
        "reviewstate": ("review", Carried.TEXT),
        "__system/reviewstate": ("review", Carried.TEXT),
        "_validation_status/label": ("review", Carried.TEXT),
        "_validation_status": ("review", Carried.TEXT),
        "meta/deprecatedid": ("replaces", Carried.TEXT),
        "_index": ("_index", Carried.ROW),
        "_parent_index": ("_parent_index", Carried.ROW),
        "_parent_table_name": ("_parent_table_name", Carried.ROW),
        "parent_key": ("parent_key", Carried.ROW),
        PLACE_IN_A_REPEAT: (PLACE_IN_A_REPEAT, Carried.ROW),
        "_absence": ("_absence", Carried.ABSENCE),
        **{
            name: (name, Carried.NOT)
            for name in (
                "_id",
                "_notes",
                "_tags",
                "_status",
                "_submitted_by",
                "_attachments",
                "_geolocation",
                "_xform_id_string",
                "_bamboo_dataset_id",
                "_submission__id",
                "_submission__validation_status",
                "_submission__notes",
                "_submission__status",
                "_submission__submitted_by",
                "_submission___version__",
                "_submission__tags",
                "meta/rootuuid",
                "meta/instancename",
                "meta/audit",
                "instancename",
                "deviceid",
                "devicephonenum",
                "subscriberid",
                "simserial",
                "sim_serial",
                "phonenumber",
                "username",
                "email",
                "audit",
                "submitterid",
                "submittername",
                "attachmentspresent",
                "attachmentsexpected",
                "status",
                "edits",
                "formhub/uuid",
                "_media_all_received",
                "_media_count",
                "_total_media",
                "_edited",
                "_last_edited",
                "_date_modified",
                "_duration",
                "_review_status",
                "_review_comment",
                "_supplementaldetails",
                SET_OF,
                "caseid",
                "simid",
                "duration",
                "review_quality",
                "review_comments",
                "review_corrections",
                *(
                    f"__system/{each}"
                    for each in (
                        "updatedat",
                        "deletedat",
                        "submitterid",
                        "submittername",
                        "attachmentspresent",
                        "attachmentsexpected",
                        "status",
                        "deviceid",
                        "edits",
                    )
                ),
            )
        },
    }
)


def metadata_name(column: str) -> str:
    """The name under which a column of metadata is known, or "" where it is none.

    Letters in capitals, the X that R puts before an underscore, and dots or dashes in
    the place of slashes make no difference.

    >>> metadata_name("X_submission_time"), metadata_name("SubmissionDate"), metadata_name("age")
    ('_submission_time', 'submissiondate', '')
    >>> metadata_name("SET-OF-person"), metadata_name("set.of.person")
    ('set/of', 'set/of')
    """
    name = column.casefold()
    if re.match(r"x[._]", name):
        name = name[1:]
    with_slashes = re.sub(r"[.\-:]", "/", name)
    for spelt in (name, with_slashes):
        if spelt in METADATA:
            return spelt
    if VERSION_AGAIN.fullmatch(name):
        return "_version_"
    return SET_OF if with_slashes.startswith(f"{SET_OF}/") else ""
