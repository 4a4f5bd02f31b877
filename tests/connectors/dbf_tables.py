"""dBase tables for tests, as the file format says them."""

from __future__ import annotations

import struct
from collections.abc import Sequence

DBASE_III, DBASE_III_MEMO, DBASE_IV_MEMO, VISUAL_FOXPRO = 0x03, 0x83, 0x8B, 0x30
Columns = Sequence[tuple[str, str, int, int]]
"""Name, type, length and decimals of each column."""


def table(
    columns: Columns, records: Sequence[bytes], version: int = DBASE_III, language: int = 0x03
) -> bytes:
    """A dBase table; each record begins with its deletion mark."""
    size = 1 + sum(length for _, _, length, _ in columns)
    head = struct.pack("<B3xLHH", version, len(records), 33 + 32 * len(columns), size)
    fields = b"".join(
        struct.pack("<11sc4xBB14x", name.encode(), kind.encode(), length, decimals)
        for name, kind, length, decimals in columns
    )
    return (
        head.ljust(29, b"\0")
        + bytes([language, 0, 0])
        + fields
        + b"\r"
        + b"".join(records)
        + b"\x1a"
    )


def dbase_iv_memos(texts: Sequence[bytes]) -> tuple[bytes, list[int]]:
    """A memo file of dBase IV and the block in which each memo begins."""
    blocks, content = [], struct.pack("<L", 0).ljust(20, b"\0") + struct.pack("<H", 512)
    content = content.ljust(512, b"\0")
    for text in texts:
        blocks.append(len(content) // 512)
        memo = struct.pack("<LL", 0x0008FFFF, len(text) + 8) + text
        content += memo.ljust(-(-len(memo) // 512) * 512, b"\0")
    return content, blocks
