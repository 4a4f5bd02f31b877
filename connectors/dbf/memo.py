"""Memos: long texts that a table keeps in a second file, .dbt or .fpt, in blocks.

A reader takes the number of the block in which a memo begins. It raises `ValueError` with the
reason where there is none.
"""

from __future__ import annotations

import struct
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, TypeAlias

from agent.errors import Rejected
from connectors.dbf.header import DBASE_IV

ReadMemo: TypeAlias = Callable[[int], bytes]

SUFFIXES = (".fpt", ".dbt")

_DBASE_III_BLOCK = 512
_END = b"\x1a"
_FOXPRO_MEMO = struct.Struct(">LL")
_DBASE_IV_MEMO = struct.Struct("<LL")
_DBASE_IV_MARK = 0x0008FFFF


@contextmanager
def memo_reader(table: Path, version: int, limit: int) -> Iterator[ReadMemo]:
    """The reader for the memos of a table, whose second file lies beside it."""
    path = next((found for each in SUFFIXES if (found := table.with_suffix(each)).is_file()), None)
    if path is None:
        yield without_memos
        return
    with path.open("rb") as file:
        memos = _MemoFile(file, limit)
        if path.suffix == ".fpt":
            yield _foxpro(memos)
        elif version in DBASE_IV:
            yield _dbase_iv(memos)
        else:
            yield _dbase_iii(memos)


def without_memos(block: int) -> bytes:
    """The reader where there is no second file."""
    raise ValueError(f"refers to memo block {block}, but no .fpt or .dbt came with the table")


class _MemoFile:
    def __init__(self, file: BinaryIO, limit: int) -> None:
        self._file, self._limit = file, limit

    def block_size(self, place: int, form: str) -> int:
        """What the file's header says; raises `Rejected` where it has none."""
        self._file.seek(place)
        found = self._file.read(2)
        if len(found) < 2:
            raise Rejected("SA-2051", "the table cannot be used: its memo file is cut off")
        size: int = struct.unpack(form, found)[0]
        return size

    def at(self, place: int, size: int) -> bytes:
        """So many bytes at a place."""
        self._file.seek(place)
        return self.next(size)

    def next(self, size: int) -> bytes:
        """The bytes behind those read last."""
        self.require_room(size)
        found = self._file.read(size)
        if len(found) < size:
            raise ValueError("refers to a memo that is cut off or outside the memo file")
        return found

    def up_to_end_mark(self, place: int) -> bytes:
        """Text up to the first end mark."""
        self._file.seek(place)
        text = b""
        while _END not in text:
            piece = self._file.read(_DBASE_III_BLOCK)
            if not piece:
                raise ValueError("refers to a memo that is cut off or outside the memo file")
            text += piece
            self.require_room(len(text) - _DBASE_III_BLOCK)
        return text.partition(_END)[0]

    def require_room(self, size: int) -> None:
        """Raise ValueError for a memo over the limit."""
        if size > self._limit:
            raise ValueError(f"has a memo of {size} bytes, {self._limit} are allowed")


def _foxpro(memos: _MemoFile) -> ReadMemo:
    block_size = memos.block_size(6, ">H")

    def read(block: int) -> bytes:
        _, length = _FOXPRO_MEMO.unpack(memos.at(block * block_size, _FOXPRO_MEMO.size))
        return memos.next(length)

    return read


def _dbase_iv(memos: _MemoFile) -> ReadMemo:
    block_size = memos.block_size(20, "<H") or _DBASE_III_BLOCK

    def read(block: int) -> bytes:
        place = block * block_size
        mark, length = _DBASE_IV_MEMO.unpack(memos.at(place, _DBASE_IV_MEMO.size))
        if mark != _DBASE_IV_MARK or length < _DBASE_IV_MEMO.size:
            raise ValueError(f"refers to memo block {block}, where no memo begins")
        return memos.next(length - _DBASE_IV_MEMO.size)

    return read


def _dbase_iii(memos: _MemoFile) -> ReadMemo:
    return lambda block: memos.up_to_end_mark(block * _DBASE_III_BLOCK)
