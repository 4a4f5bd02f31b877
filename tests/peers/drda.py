"""Between IBM's Db2 client and Apache Derby: what the two do not understand of each other.

    python -m tests.peers.drda LISTENING_PORT DERBY_PORT

Three repairs of the protocol (DRDA), then two translations that make Derby answer as a Db2 would:
the text of statements, and the numbers of errors. Nothing of this is in the product.
"""

from __future__ import annotations

import asyncio
import re
import struct
import sys
from collections.abc import Callable

Parameters = list[tuple[int, bytes]]

ACCRDB, ACCRDBRM, DSCSQLSTT, SQLSTT = 0x2001, 0x2201, 0x2008, 0x2414
PRDID, QRYINSID, TYPDEFOVR = 0x112E, 0x215B, 0x35
HEADER = 6

# Derby's SQLSTATE → SQLCODE and SQLSTATE of Db2.
ERRORS = {
    "42X05": (-204, "42704"),  # no such table
    "42X04": (-206, "42703"),  # no such column
    "42502": (-551, "42501"),  # no right to read it
    "40XL1": (-913, "57033"),  # locked by another for too long
}
DERBY_NUMBERS = (-20001, -30001)
"""What Derby gives instead, by severity."""

_JOURNAL = re.compile(r"QSYS2\.DISPLAY_JOURNAL\(([^()]*)\)")
_JOURNAL_PARAMETERS = {
    "JOURNAL_LIBRARY": "VARCHAR(10)",
    "JOURNAL_NAME": "VARCHAR(10)",
    "STARTING_RECEIVER_LIBRARY": "VARCHAR(10)",
    "STARTING_RECEIVER_NAME": "VARCHAR(10)",
    "STARTING_SEQUENCE": "DECIMAL(21,0)",
    "JOURNAL_CODES": "VARCHAR(20)",
    "OBJECT_LIBRARY": "VARCHAR(10)",
    "OBJECT_NAME": "VARCHAR(10)",
    "OBJECT_OBJTYPE": "VARCHAR(10)",
    "OBJECT_MEMBER": "VARCHAR(10)",
}
_TERM = r"((?:p|c)\.\"[^\"]+\"|\?)"
_SIZED = r"(?:VAR)?CHAR\((\d+)\)"
_READ_IN_PAGE = rf"CAST\(CAST\({_TERM} AS {_SIZED} FOR BIT DATA\) AS {_SIZED} CCSID (\d+)\)"
_WRITTEN_IN_PAGE = rf"CAST\(CAST\({_TERM} AS {_SIZED} CCSID (\d+)\) AS {_SIZED} FOR BIT DATA\)"
_TRANSLATIONS = {
    r"\bSYSCAT\.TABLES\b": "STANDIN.TABLES",
    r"\bRRN\((\w+)\)": r"\1.RRN_",
    r"\bCHAR\(((?:[^(),]|\([^()]*\))+), (?:ISO|JIS)\)": r"CHAR(\1)",
    r"\bCURRENT (DATE|TIMESTAMP) \+ 2 DAYS": r"CURRENT_\1",
    r"(\"[^\"]+\")/(\"[^\"]+\")": r"\1.\2",
    _READ_IN_PAGE: r"APP.FROM_PAGE(\1, \4)",
    _WRITTEN_IN_PAGE: r"APP.TO_PAGE(CAST(\1 AS VARCHAR(1000)), \3, \2)",
    r"VARGRAPHIC\((\d+)\) CCSID 1200": r"VARCHAR(\1)",
}


def translated(sql: str) -> str:
    """A statement of Db2 in words that Derby knows."""
    sql = re.sub(r"\b(?:UX|U&)'([\\0-9A-F]*)'", _characters, sql)
    for pattern, replacement in _TRANSLATIONS.items():
        sql = re.sub(pattern, replacement, sql)
    return _JOURNAL.sub(lambda m: f"QSYS2.DISPLAY_JOURNAL({_positional(m[1])})", sql)


def _characters(constant: re.Match[str]) -> str:
    return "'" + bytes.fromhex(constant[1].replace("\\", "")).decode("utf-16-be") + "'"


def _positional(named: str) -> str:
    given = dict(re.findall(r"(\w+) => ('[^']*'|\d+)", named))
    return ", ".join(
        given.get(name, f"CAST(NULL AS {kind})") for name, kind in _JOURNAL_PARAMETERS.items()
    )


# The protocol


def _parameters(data: bytes) -> Parameters:
    found, place = [], 0
    while place + 4 <= len(data):
        length, code = struct.unpack_from(">HH", data, place)
        found.append((code, data[place + 4 : place + length]))
        place += length
    return found


def _packed(parameters: Parameters) -> bytes:
    return b"".join(struct.pack(">HH", len(v) + 4, code) + v for code, v in parameters)


def to_derby(body: bytes) -> bytes:
    """What the client sends, as Derby takes it."""
    code, data = _single(body)
    if code == ACCRDB:  # since 10.9 Derby lets only its own kind of client in
        kept = [(c, b"DNC10000" if c == PRDID else v) for c, v in _parameters(data)]
        return _packed([(code, _packed(kept))])
    if code == DSCSQLSTT:
        kept = [(c, v) for c, v in _parameters(data) if c != QRYINSID]
        return _packed([(code, _packed(kept))])
    if code == SQLSTT:  # absent mark, length, text; absent mark of the other character set
        length = struct.unpack_from(">I", data, 1)[0]
        sql = translated(data[5 : 5 + length].decode()).encode()
        return _packed([(code, data[:1] + struct.pack(">I", len(sql)) + sql + data[5 + length :])])
    return body


def to_client(body: bytes) -> bytes:
    """What Derby answers, as the client takes it."""
    code, data = _single(body)
    if code == ACCRDBRM:  # the client misses the code page of double bytes
        pages = _packed([(0x119C, b"\x04\xb8"), (0x119D, b"\x04\xb0"), (0x119E, b"\x04\xb8")])
        kept = [(c, pages if c == TYPDEFOVR else v) for c, v in _parameters(data)]
        return _packed([(code, _packed(kept))])
    for state, (number, of_db2) in ERRORS.items():
        for told in DERBY_NUMBERS:
            body = body.replace(_coded(told, state), _coded(number, of_db2))
    return body


def _single(body: bytes) -> tuple[int, bytes]:
    """The code and the data of the only object; code 0 where there are several."""
    length, code = struct.unpack_from(">HH", body)
    return (code, body[4:]) if length == len(body) else (0, b"")


def _coded(number: int, state: str) -> bytes:
    return struct.pack(">i", number) + state.encode()


async def _pump(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, fix: Callable[[bytes], bytes]
) -> None:
    try:
        while True:
            head = await reader.readexactly(HEADER)
            length = struct.unpack(">H", head[:2])[0]
            if length & 0x8000:  # of several segments: only rows are so long
                writer.write(head + await reader.readexactly(0x7FFF - HEADER))
                while length & 0x8000:
                    segment = await reader.readexactly(2)
                    length = struct.unpack(">H", segment)[0]
                    writer.write(segment + await reader.readexactly((length & 0x7FFF) - 2))
            else:
                body = await reader.readexactly(length - HEADER)
                body = fix(body)
                writer.write(struct.pack(">H", len(body) + HEADER) + head[2:] + body)
            await writer.drain()
    except (ConnectionError, asyncio.IncompleteReadError):
        pass
    finally:
        writer.close()


async def _serve(port: int, derby: int) -> None:
    async def conversation(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            of_derby, for_derby = await asyncio.open_connection("127.0.0.1", derby)
        except ConnectionError:  # not up yet
            writer.close()
            return
        await asyncio.gather(_pump(reader, for_derby, to_derby), _pump(of_derby, writer, to_client))

    async with await asyncio.start_server(conversation, "127.0.0.1", port) as server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), int(sys.argv[2])))
