"""A zip file that somebody else made, opened with care.

A zip may claim to be small and unfold to fill a disk, hold a hundred million entries, or
name a file outside its folder. Nothing is ever unpacked to disk here, and an archive that
goes beyond what a survey can need is refused before anything in it is read.
"""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from survey_kit.errors import FileProblem

MOST_ENTRIES = 2_000_000
MOST_BYTES = 16 * 2**30
MOST_BYTES_OF_AN_ENTRY = 4 * 2**30
LARGEST_RATIO = 400
SMALL = 2**20
"""Bytes under which a ratio says nothing: a small file of blanks shrinks to nearly nothing."""
ENCRYPTED = 0x1


def open_archive(path: Path, *, most_entries: int = MOST_ENTRIES) -> ZipFile:
    """A zip file, once its list of contents is known to be harmless. The caller closes it.

    Raises
    ------
    FileProblem
        If it is no zip file, or holds too many entries, too many bytes, an entry that
        unfolds more than 400 times, an encrypted entry, or a name outside the archive.
    """
    try:
        archive = ZipFile(path)
    except BadZipFile as error:
        raise FileProblem(
            path.name, "this is not a zip file, or it is cut short", "Copy or export it again"
        ) from error
    try:
        _inspect(archive.infolist(), path.name, most_entries)
    except FileProblem:
        archive.close()
        raise
    return archive


def _inspect(entries: list[ZipInfo], where: str, most_entries: int) -> None:
    if len(entries) > most_entries:
        raise FileProblem(
            where,
            f"it holds {len(entries):,} files, and at most {most_entries:,} are read",
            "Split it into several archives",
        )
    total = sum(entry.file_size for entry in entries)
    if total > MOST_BYTES:
        raise FileProblem(
            where,
            f"it unfolds to {total / 2**30:.0f} GB, and at most {MOST_BYTES / 2**30:.0f} are read",
            "Split it into several archives",
        )
    for entry in entries:
        _inspect_entry(entry, where)


def _inspect_entry(entry: ZipInfo, where: str) -> None:
    what = ""
    if _points_outside(entry.filename):
        what = "an entry's name points outside the archive"
    elif entry.flag_bits & ENCRYPTED:
        what = "it is locked with a password"
    elif entry.file_size > MOST_BYTES_OF_AN_ENTRY:
        what = f"an entry unfolds to {entry.file_size / 2**30:.0f} GB"
    elif entry.file_size > max(SMALL, LARGEST_RATIO * entry.compress_size):
        what = f"an entry unfolds to more than {LARGEST_RATIO} times its size"
    if what:
        raise FileProblem(where, what, "Make the archive again from files that you trust")


def _points_outside(filename: str) -> bool:
    plain = filename.replace("\\", "/")
    if not plain.startswith("/") and ".." not in plain and ":" not in plain:
        return False
    name = PurePosixPath(plain)
    return name.is_absolute() or ".." in name.parts or ":" in (name.parts or ("",))[0]
