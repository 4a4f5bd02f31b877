"""Packed, zoned and binary numbers: what a program wrote is read back to the last digit."""

from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.fixed.values import binary, number, packed, zoned

DIGITS = st.integers(1, 63)
SCALES = st.integers(0, 10)
SIGNED = st.integers(-(10**63) + 1, 10**63 - 1)


def exact(integer: int, scale: int) -> Decimal:
    with localcontext() as context:
        context.prec = 100
        return Decimal(integer).scaleb(-scale)


def as_packed(integer: int, plus: str = "c", minus: str = "d") -> bytes:
    digits = f"{abs(integer)}{minus if integer < 0 else plus}"
    return bytes.fromhex(digits.zfill(len(digits) + len(digits) % 2))


def as_zoned(integer: int, *, first: bool, ebcdic: bool) -> bytes:
    """As the signs stand in IBM's tables, written out."""
    digits = str(abs(integer)).zfill(5)
    place = 0 if first else len(digits) - 1
    plus, minus = "{ABCDEFGHI", "}JKLMNOPQR"
    sign = (minus if integer < 0 else plus)[int(digits[place])]
    text = digits[:place] + sign + digits[place + 1 :]
    return text.encode("cp037" if ebcdic else "ascii")


@given(SIGNED, SCALES)
def test_packed_decimal_is_read_back(integer: int, scale: int) -> None:
    assert packed(scale)(as_packed(integer)) == exact(integer, scale)


@given(SIGNED, SCALES, st.booleans(), st.booleans())
def test_zoned_decimal_is_read_back(integer: int, scale: int, first: bool, ebcdic: bool) -> None:
    decode = zoned(scale, "first" if first else "last", ebcdic=ebcdic)
    assert decode(as_zoned(integer, first=first, ebcdic=ebcdic)) == exact(integer, scale)


@given(st.integers(-(2**63), 2**63 - 1), SCALES, st.sampled_from(["big", "little"]))
def test_binary_number_is_read_back(integer: int, scale: int, order: str) -> None:
    decode = binary(scale, order, signed=True)  # type: ignore[arg-type]
    assert decode(integer.to_bytes(8, order, signed=True)) == exact(integer, scale)  # type: ignore[arg-type]


@given(SIGNED, SCALES, st.integers(0, 3), st.integers(0, 3))
def test_printed_number_is_read_back(integer: int, scale: int, before: int, behind: int) -> None:
    for text in (f"{integer:070d}", f"{abs(integer)}{'-' if integer < 0 else ''}"):
        padded = " " * before + text + " " * behind
        assert number(scale)(padded.encode()) == exact(integer, scale)


@given(st.binary(min_size=1, max_size=8))
def test_packed_bytes_are_right_or_refused(data: bytes) -> None:
    try:
        value = packed(0)(data)
    except ValueError:
        halves = data.hex()
        assert not halves[:-1].isdecimal() or halves[-1].isdecimal()
    else:
        assert str(abs(value)) == (data.hex()[:-1].lstrip("0") or "0")


@pytest.mark.parametrize(
    ("data", "value"),
    [
        ("01250C", "12.50"),
        ("01250D", "-12.50"),
        ("01250F", "12.50"),
        ("01250A", "12.50"),
        ("01250E", "12.50"),
        ("01250B", "-12.50"),
        ("0D", "0.00"),
        ("00000F", "0.00"),
    ],
)
def test_every_sign_of_a_packed_decimal(data: str, value: str) -> None:
    assert str(packed(2)(bytes.fromhex(data))) == value


@pytest.mark.parametrize("data", ["0125", "4040", "0A1C", "1C0C", "FF", "00"])
def test_bytes_that_are_no_packed_decimal_are_refused(data: str) -> None:
    with pytest.raises(ValueError, match="is no packed decimal"):
        packed(2)(bytes.fromhex(data))


@pytest.mark.parametrize(
    ("data", "ebcdic", "value"),
    [
        ("F0F1F2F5", True, "125"),
        ("F0F1F2C5", True, "125"),
        ("F0F1F2D5", True, "-125"),
        ("F0F1F2A5", True, "125"),
        ("F0F1F2B5", True, "-125"),
        ("30313235", False, "125"),
        ("3031327B", False, "120"),
        ("3031327D", False, "-120"),
        ("30313275", False, "-125"),
    ],
)
def test_every_sign_of_a_zoned_decimal(data: str, ebcdic: bool, value: str) -> None:
    assert str(zoned(0, "last", ebcdic=ebcdic)(bytes.fromhex(data))) == value


@pytest.mark.parametrize(
    ("data", "ebcdic"),
    [("404040F1", True), ("F1F2F3", False), ("313233", True), ("F1F2FA", True), ("312D35", False)],
)
def test_bytes_that_are_no_zoned_decimal_are_refused(data: str, ebcdic: bool) -> None:
    with pytest.raises(ValueError, match="is no zoned decimal"):
        zoned(0, "last", ebcdic=ebcdic)(bytes.fromhex(data))


@pytest.mark.parametrize("text", ["", " ", "1.5", "1,5", "-1-", "+1-", "1 2", "A", "1E3", "--1"])
def test_text_that_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no number"):
        number(2)(text.encode())


def test_unsigned_binary_number_has_no_sign() -> None:
    assert binary(0, "big", signed=False)(b"\xff\xff") == 65535
    assert binary(0, "big", signed=True)(b"\xff\xff") == -1
