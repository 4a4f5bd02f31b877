"""What kind of container a workbook is, and whether a zip archive may be unpacked."""

from __future__ import annotations

from pathlib import Path
from zipfile import BadZipFile, ZipFile

from connectors.excel.refusal import Refusal

MOST_PARTS = 10_000
MOST_RATIO = 300
"""Unpacked to packed bytes. Real sheets stay below 100; deflate itself ends at 1,032."""
SMALL = 2**24
"""Bytes below which the ratio does not matter."""
OLE = bytes.fromhex("d0cf11e0a1b11ae1")
"""How xls files begin, and encrypted workbooks of the newer formats."""


def container_of(path: Path, most: int) -> str:
    """`xlsx`, `xlsb`, `ods` or `xls`; raises `Refusal` for what must not or cannot be opened.

    `most` is how many bytes all parts of a zip archive may have together when unpacked, as its
    central directory tells. Whoever lies there runs into the limits of the process.
    """
    with path.open("rb") as file:
        if file.read(len(OLE)) == OLE:
            return _ole(path)
    try:
        with ZipFile(path) as archive:
            parts = archive.infolist()
    except BadZipFile as error:
        raise Refusal("SA-2032", f"no workbook, or a damaged one: {error}") from error
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts)
    if len(parts) > MOST_PARTS:
        raise Refusal("SA-2033", f"the workbook has {len(parts)} parts, {MOST_PARTS} are allowed")
    if unpacked > most:
        raise Refusal("SA-2033", f"unpacked it has {unpacked} bytes, {most} are allowed")
    if unpacked > SMALL and unpacked > MOST_RATIO * packed:
        raise Refusal(
            "SA-2033", f"it is packed {unpacked // max(1, packed)} times, {MOST_RATIO} are allowed"
        )
    names = {part.filename for part in parts}
    for kind, part_name in (
        ("xlsx", "xl/workbook.xml"),
        ("xlsb", "xl/workbook.bin"),
        ("ods", "content.xml"),
    ):
        if part_name in names:
            return kind
    raise Refusal("SA-2032", "a zip archive, but no workbook")


def _ole(path: Path) -> str:
    """A workbook of the newer formats that is encrypted stands in a container of the older one."""
    from olefile import OleFileIO  # noqa: PLC0415 - for these only

    try:
        with OleFileIO(str(path)) as container:
            encrypted = container.exists("EncryptedPackage")
    except (OSError, ValueError, LookupError) as error:
        raise Refusal("SA-2032", f"no workbook, or a damaged one: {error}") from error
    if encrypted:
        raise Refusal("SA-2031", "the workbook is protected by a password")
    return "xls"
