"""The EBCDIC pages that Python lacks, byte by byte against the C library's."""

import codecs
import io
import shutil
import subprocess

import pytest

from agent.code_pages import PAGES, decoding_table, is_text_encoding
from agent.mapping.texts import decoder

EVERY_BYTE = bytes(range(256))
EURO_PAGE_OF = {277: 1142, 278: 1143, 280: 1144, 284: 1145, 285: 1146, 297: 1147, 871: 1149}
GLIBC_SLIPS = {278: "É\\", 285: "¯", 871: "þÞ"}
"""Characters that glibc has elsewhere in these pages, though not in their euro pages."""


def iconv(number: int) -> str:
    if not shutil.which("iconv"):
        pytest.skip("needs the command iconv of the C library")
    done = subprocess.run(
        ["iconv", "-f", f"IBM{number:03}", "-t", "UTF-16LE"],
        input=EVERY_BYTE,
        capture_output=True,
        check=True,
    )
    return done.stdout.decode("utf-16-le")


@pytest.mark.parametrize("number", sorted(PAGES))
def test_page_says_what_the_c_library_says(number: int) -> None:
    slips = GLIBC_SLIPS.get(number, "")
    differing = {
        ours
        for ours, theirs in zip(decoding_table(number), iconv(number), strict=True)
        if ours != theirs
    }
    assert differing == set(slips)


@pytest.mark.parametrize(("number", "euro"), EURO_PAGE_OF.items())
def test_euro_page_is_its_elder_with_a_euro_sign(number: int, euro: int) -> None:
    assert decoding_table(number).replace("¤", "€") == iconv(euro)


@pytest.mark.parametrize("number", sorted(PAGES))
def test_every_byte_comes_back(number: int) -> None:
    text = EVERY_BYTE.decode(f"cp{number}")
    assert len(set(text)) == 256
    assert text.encode(f"cp{number}") == EVERY_BYTE


@pytest.mark.parametrize("name", ["cp280", "CP280", "ibm280", "IBM-280", "ccsid280", "cp00280"])
def test_page_goes_by_several_names(name: str) -> None:
    assert codecs.lookup(name).name == "cp280"


@pytest.mark.parametrize("name", ["cp281", "ibm28", "cp1150", "xcp280", "hex", "no such"])
def test_other_names_stay_unknown(name: str) -> None:
    assert not is_text_encoding(name)


def test_python_keeps_its_own_pages() -> None:
    assert codecs.lookup("cp037").name == "cp037"
    assert codecs.lookup("cp500").encode.__module__ == "encodings.cp500"


def test_text_is_read_and_written_piece_by_piece() -> None:
    file = io.BytesIO()
    with io.TextIOWrapper(file, encoding="cp1144", newline="") as text:
        text.write("Però 12,50 €\n")
        text.flush()
        data = file.getvalue()
    assert data == "Però 12,50 €\n".encode("cp1144")
    assert codecs.getincrementaldecoder("cp1144")().decode(data) == "Però 12,50 €\n"


def test_character_that_a_page_lacks_is_an_error() -> None:
    with pytest.raises(UnicodeEncodeError):
        "€".encode("cp280")


def test_column_of_an_as400_is_decoded_by_its_page() -> None:
    assert decoder("cp280")(b"\xd7\x85\x99\x6a") == "Però"
    assert decoder("cp1144")("è €".encode("cp1144")) == "è €"
