r"""EBCDIC code pages of AS400 systems that Python lacks: importing this module registers them.

All pages of the Latin-1 family hold the same 256 characters; each deals 50 of them out in its own
way. A euro page is its elder with € instead of ¤. As in Python's own cp037 and cp500, 0x15 is NEL
(U+0085) and 0x25 is the line feed.

Source: IBM's tables as ICU carries them. glibc's `iconv` agrees, but for slips in three pages that
its own euro pages do not have (IBM278: É and \, IBM871: þ and Þ, IBM285: ¯).
"""

# ruff: noqa: RUF001 - the acute accent is meant

from __future__ import annotations

import codecs
import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from typing_extensions import Buffer  # collections.abc has it from Python 3.12 on

_PLACES = bytes.fromhex(
    "43444748494a4f515458595a5b5f6367696a7071797b7c808c"
    "8e909c9e9fa0a1acaeb1b5babbbcbdbec0cccdd0dcdde0ecfc"
)
"""Where a page may differ from cp500."""


class _Page(NamedTuple):
    euro_page: int
    characters: str


_PAGES = {
    273: _Page(1141, r"{àåçñÄ!éèì~Ü$^[ÅÑöøÉ`#§Øðþ°æÆ¤µßÐÞ£@¬|¯¨´ä¦òü}ùÖ\]"),
    277: _Page(1142, r"äà}çñ#!éèìß¤Å^Ä$Ñø¦É`ÆØ@ðþ°{[]µüÐÞ£§¬|¯¨´æöòå~ù\ÖÜ"),
    278: _Page(1143, r"{à}çñ§!`èìß¤Å^#$Ñöø\éÄÖØðþ°æÆ]µüÐÞ£[¬|¯¨´ä¦òå~ùÉ@Ü"),
    280: _Page(1144, r"ä{å\ñ°!]}~ßé$^ÄÅÑòøÉù£§Øðþ[æÆ¤µìÐÞ#@¬|¯¨´àö¦èü`çÖÜ"),
    284: _Page(1145, r"äàåç¦[|éèìß]$¬ÄÅ#ñøÉ`Ñ@Øðþ°æÆ¤µ¨ÐÞ£§^!¯~´{öò}üù\ÖÜ"),
    285: _Page(1146, r"äàåçñ$|éèìß!£¬ÄÅÑ¦øÉ`#@Øðþ°æÆ¤µ¯ÐÞ[§^]~¨´{öò}üù\ÖÜ"),
    297: _Page(1147, r"ä@å\ñ°!{}ìß§$^ÄÅÑùøÉµ£àØðþ[æÆ¤`¨ÐÞ#]¬|¯~´éöòèü¦çÖÜ"),
    500: _Page(1148, r"äàåçñ[!éèìß]$^ÄÅÑ¦øÉ`#@Øðþ°æÆ¤µ~ÐÞ£§¬|¯¨´{öò}üù\ÖÜ"),
    871: _Page(1149, r"äàåçñÞ!éèìßÆ$ÖÄÅÑ¦øÉð#ÐØ`{°}]¤µö@[£§¬|¯¨\þ~òæüù´^Ü"),
}
_TABLES = {number: page.characters for number, page in _PAGES.items()} | {
    page.euro_page: page.characters.replace("¤", "€") for page in _PAGES.values()
}
PAGES = frozenset(_TABLES) - {273, 500}
"""What Python lacks of them; `cp280`, `ibm280` and `ccsid280` all name page 280."""

_NAME = re.compile(r"(?:cp|ibm|ccsid)_?0{0,2}(\d{3,4})").fullmatch


def decoding_table(number: int) -> str:
    """The 256 characters of a page, byte by byte."""
    table = [bytes([byte]).decode("cp500") for byte in range(256)]
    for place, character in zip(_PLACES, _TABLES[number], strict=True):
        table[place] = character
    return "".join(table)


def is_text_encoding(name: str) -> bool:
    """Whether text of this encoding can be decoded."""
    try:
        bytes(4).decode(name)
    except (LookupError, ValueError):
        return False
    return True


@cache
def _codec(number: int) -> codecs.CodecInfo:
    decoding = decoding_table(number)
    encoding = codecs.charmap_build(decoding)

    def encode(text: str, errors: str = "strict") -> tuple[bytes, int]:
        return codecs.charmap_encode(text, errors, encoding)

    def decode(data: Buffer, errors: str = "strict") -> tuple[str, int]:
        return codecs.charmap_decode(data, errors, decoding)

    class Encoder(codecs.IncrementalEncoder):
        def encode(self, text: str, final: bool = False) -> bytes:  # noqa: ARG002 - a byte each
            return encode(text, self.errors)[0]

    class Decoder(codecs.IncrementalDecoder):
        def decode(self, data: Buffer, final: bool = False) -> str:  # noqa: ARG002 - a byte each
            return decode(data, self.errors)[0]

    return codecs.CodecInfo(
        encode,
        decode,
        incrementalencoder=Encoder,
        incrementaldecoder=Decoder,
        name=f"cp{number}",
    )


def _find(name: str) -> codecs.CodecInfo | None:
    found = _NAME(name)
    return _codec(int(found[1])) if found and int(found[1]) in PAGES else None


codecs.register(_find)
