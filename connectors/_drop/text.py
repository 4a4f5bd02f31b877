"""From the bytes of a text file to its lines, as bytes: a line that is known is never decoded."""

from __future__ import annotations

import codecs
from collections.abc import Iterable, Iterator
from functools import cache
from typing import BinaryIO

from agent.errors import Rejected

CHUNK = 2**20
"""Bytes read at a time."""

_UTF_8 = {"utf-8", "utf-8-sig"}


@cache
def line_encoding(encoding: str) -> str:
    """The encoding in which lines of such a file are handed on.

    Line ends, delimiters and quotes can be found in the raw bytes of UTF-8 and of single-byte
    encodings that contain ASCII. Everything else (UTF-16, EBCDIC, Asian encodings) comes as UTF-8.
    """
    if codecs.lookup(encoding).name in _UTF_8:
        return "utf-8"
    ascii_bytes = bytes(range(128))
    ascii_as_it_is = ascii_bytes.decode(encoding, "replace").encode() == ascii_bytes
    return encoding if ascii_as_it_is and is_single_byte(encoding) else "utf-8"


@cache
def is_single_byte(encoding: str) -> bool:
    """Whether every byte is a character of its own."""
    return codecs.lookup(encoding).name not in _UTF_8 and all(
        len(bytes([byte, 0x7C]).decode(encoding, "replace")) == 2 for byte in range(256)
    )


@cache
def is_ebcdic(encoding: str) -> bool:
    """Whether digits are written as 0xF0 to 0xF9."""
    return is_single_byte(encoding) and bytes(range(0xF0, 0xFA)).decode(encoding) == "0123456789"


def chunks(file: BinaryIO, encoding: str) -> Iterator[bytes]:
    """The contents in `line_encoding`, without a byte order mark.

    EBCDIC files end their lines with NEL as often as with LF: both come as LF. Raises `Rejected`
    where an encoding that has to be rewritten cannot be read.
    """
    target = line_encoding(encoding)
    if target == encoding or codecs.lookup(encoding).name in _UTF_8:
        first = file.read(CHUNK)
        yield first.removeprefix(codecs.BOM_UTF8) if target == "utf-8" else first
        while piece := file.read(CHUNK):
            yield piece
        return
    decoder, before = codecs.getincrementaldecoder(encoding)(), 0
    next_line = "\x85" if is_ebcdic(encoding) else "\n"
    try:
        while piece := file.read(CHUNK):
            yield decoder.decode(piece).replace(next_line, "\n").encode(target)
            before += len(piece)
        yield decoder.decode(b"", final=True).encode(target)
    except UnicodeError as error:
        raise Rejected(
            "SA-2009",
            f"not {encoding} near byte {before + getattr(error, 'start', 0) + 1}: "
            f"{getattr(error, 'reason', error)}",
            hint="declare the encoding that the export really uses",
        ) from error


def blocks_of_lines(pieces: Iterable[bytes], limit: int) -> Iterator[bytes]:
    """The same bytes, cut at line ends; a missing last line end is supplied.

    Raises `Rejected` for a line of more than `limit` bytes.
    """
    rest = b""
    for piece in pieces:
        end = piece.rfind(b"\n") + 1
        if end:
            yield rest + piece[:end]
            rest = piece[end:]
        else:
            rest += piece
            if len(rest) > limit:
                raise endless("a line", limit)
    if rest:
        yield rest + b"\n"


def lines(file: BinaryIO, encoding: str, limit: int) -> Iterator[tuple[int, bytes]]:
    """Each line that is not empty, with its number, in `line_encoding` and without its end."""
    number = 0
    for block in blocks_of_lines(chunks(file, encoding), limit):
        for line in block.split(b"\n")[:-1]:
            number += 1
            if content := line.removesuffix(b"\r"):
                yield number, content


def endless(what: str, limit: int, hint: str = "") -> Rejected:
    """A line, or what may span lines, has no end."""
    return Rejected("SA-2010", f"{what} goes on for more than {limit} bytes", hint=hint)
