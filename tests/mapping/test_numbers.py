from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import Misconfigured, Rejected
from agent.mapping.numbers import DIGITS, decimal_parser
from agent.mapping.refusal import Refused

Take = Callable[..., Any]

COMMA = {"decimal_mark": ",", "group_mark": "."}


@pytest.mark.parametrize(
    ("value", "options", "expected"),
    [
        ("1.234,56", COMMA, "1234.56"),
        ("1234,56", COMMA, "1234.56"),
        ("-1.234.567,8", COMMA, "-1234567.8"),
        ("1.234", COMMA, "1234"),
        ("12,50", {"decimal_mark": ","}, "12.5"),
        ("12,50", {"decimal_mark": ",", "scale": "2"}, "12.50"),
        ("12,50-", {"decimal_mark": ","}, "-12.5"),
        (",5", {"decimal_mark": ","}, "0.5"),
        ("+007.10", {"scale": "2"}, "7.10"),
        ("1 234.5", {"group_mark": " "}, "1234.5"),
        ("1'234.5", {"group_mark": "'"}, "1234.5"),
        ("-0,00", {"decimal_mark": ",", "scale": "2"}, "0.00"),
        (".50", {}, "0.5"),
        (5, {"scale": "2"}, "5.00"),
        (0.1, {"scale": "2"}, "0.10"),
        (39.5, {}, "39.5"),
        (1e22, {}, "10000000000000000000000"),
        (Decimal("1.0"), {}, "1"),
        (Decimal("1.00"), {}, "1"),
        (Decimal("1E+2"), {"scale": "1"}, "100.0"),
        (Decimal("-0.000"), {}, "0"),
        (Decimal("9.5000"), {"scale": "2"}, "9.50"),
        (Decimal("2.345"), {"scale": "2", "round": "true"}, "2.35"),
        (Decimal("-2.345"), {"scale": "2", "round": "true"}, "-2.35"),
        ("0.004", {"scale": "2", "round": "true"}, "0.00"),
        ("99.995", {"scale": "2", "round": "true"}, "100.00"),
    ],
)
def test_a_decimal_is_exact_and_written_one_way(
    take: Take, value: object, options: dict[str, Any], expected: object
) -> None:
    assert take(value, type="decimal", **options) == expected


@pytest.mark.parametrize(
    ("value", "options"),
    [
        ("12,x", {"decimal_mark": ","}),
        ("1.234,56", {"decimal_mark": ","}),  # the point may be a group mark, may be a slip
        ("1.234", {"decimal_mark": ","}),
        ("12,50", {}),
        ("1,234.56", {}),
        ("1.23,4", COMMA),  # groups have three digits
        ("1..234", COMMA),
        ("1.2345", COMMA),
        ("12 50", {}),
        ("１２", {}),  # noqa: RUF001 - full-width digits
        ("٣", {}),
        ("1e5", {}),
        ("1_000", {}),
        ("0x10", {}),
        ("--5", {}),
        ("-5-", {}),
        ("5.", {}),
        (".", {}),
        ("-", {}),
        ("NaN", {}),
        ("Infinity", {}),
        ("€ 5", {}),
        ("9" * (DIGITS + 1), {}),
        (Decimal("1E+50"), {}),
        (Decimal("1E-50"), {}),
        (Decimal("1E+999999"), {}),
        (10**400, {}),
        (1e300, {}),
        (b"5", {}),
        (True, {}),
    ],
)
def test_what_is_not_plainly_a_decimal_is_refused_not_guessed(
    take: Take, value: object, options: dict[str, Any]
) -> None:
    with pytest.raises(Rejected) as caught:
        take(value, type="decimal", **options)
    assert caught.value.code == "SA-3102"
    assert 'field "attributes.x": ' in caught.value.reason


def test_an_integer_too_large_to_print_is_refused_all_the_same(take: Take) -> None:
    with pytest.raises(Rejected, match="a number of 16610 bits has more than 38 digits"):
        take(10**5000, type="decimal")


def test_the_reason_names_the_marks_and_the_hint_the_way_out(take: Take) -> None:
    with pytest.raises(Rejected) as caught:
        take("1.234,56", type="decimal", decimal_mark=",")
    assert caught.value.reason == (
        'field "attributes.x": "1.234,56" is not a decimal number (decimal mark ",")'
    )
    assert caught.value.hint == 'if "." is meant, declare decimal_mark or group_mark'


def test_further_digits_are_refused_unless_rounding_is_declared(take: Take) -> None:
    with pytest.raises(Rejected, match="has more than 2 digits after the decimal mark") as caught:
        take("9.999", type="decimal", scale="2")
    assert caught.value.code == "SA-3103"


@pytest.mark.parametrize(
    ("value", "options", "rule"),
    [
        ("-0.01", {"type": "decimal", "min": "0"}, "is less than the minimum 0"),
        ("100.01", {"type": "decimal", "max": "100"}, "is more than the maximum 100"),
        (0, {"type": "integer", "min": "1"}, "is less than the minimum 1"),
        (2, {"type": "integer", "max": "1.5"}, "is more than the maximum 1.5"),
    ],
)
def test_limits_are_compared_as_numbers(
    take: Take, value: object, options: dict[str, Any], rule: str
) -> None:
    with pytest.raises(Rejected, match=rule) as caught:
        take(value, **options)
    assert caught.value.code == "SA-3108"


def test_a_value_on_the_limit_passes(take: Take) -> None:
    assert take("10", type="decimal", min="10", max="10.00") == "10"


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"min": "low"}, 'min: "low" is not a number'),
        ({"max": "NaN"}, 'max: "NaN" is not a number'),
        ({"decimal_mark": ",", "group_mark": ","}, 'decimal_mark and group_mark are both ","'),
        ({"round": "true"}, "round: needs a scale"),
    ],
)
def test_options_that_contradict_are_found_before_anything_runs(
    take: Take, options: dict[str, Any], text: str
) -> None:
    with pytest.raises(Misconfigured, match=text) as caught:
        take("1", type="decimal", **options)
    assert caught.value.code == "SA-3003"


@pytest.mark.parametrize(
    ("value", "options", "expected"),
    [
        ("007", {}, 7),
        ("-7", {}, -7),
        ("7-", {}, -7),
        ("1.234", {"group_mark": "."}, 1234),
        (Decimal("5.00"), {}, 5),
        (5.0, {}, 5),
        (2**63 - 1, {}, 2**63 - 1),
    ],
)
def test_an_integer_is_taken_from_any_exact_form(
    take: Take, value: object, options: dict[str, Any], expected: object
) -> None:
    assert take(value, type="integer", **options) == expected


@pytest.mark.parametrize(
    "value", ["5.0", "5.", "1e3", "x", "²", 5.5, Decimal("5.5"), 2**63, "9" * 30, "9" * 50, True]
)
def test_what_is_not_an_integer_is_refused(take: Take, value: object) -> None:
    with pytest.raises(Rejected) as caught:
        take(value, type="integer")
    assert caught.value.code == "SA-3102"


MARKS = [(mark, group) for mark in ".," for group in ["", ".", ",", " ", "'"] if mark != group]
DECIMALS = st.builds(
    lambda digits, scale: Decimal(digits).scaleb(-scale),
    st.integers(-(10**24) + 1, 10**24 - 1),
    st.integers(0, 12),
)


@given(number=DECIMALS, marks=st.sampled_from(MARKS), grouped=st.booleans())
def test_every_decimal_survives_every_notation_exactly(
    number: Decimal, marks: tuple[str, str], grouped: bool
) -> None:
    mark, group = marks
    text = format(number, ",f" if group and grouped else "f")
    written = text.replace(",", "\0").replace(".", mark).replace("\0", group)
    parse = decimal_parser(mark=mark, group=group)
    assert Decimal(parse(written)) == number
    assert parse(written) == parse(number)


@given(number=DECIMALS, scale=st.integers(0, 14))
def test_a_scale_gives_equal_numbers_one_text(number: Decimal, scale: int) -> None:
    text = decimal_parser(scale=scale, rounded=True)(number)
    assert len(text.partition(".")[2]) == scale
    assert abs(Decimal(text) - number) * 2 <= Decimal(1).scaleb(-scale)


@given(
    number=st.floats(-1e15, 1e15).filter(lambda number: number == 0 or abs(number) > 1e-9),
)
def test_a_float_is_the_shortest_decimal_that_names_it(number: float) -> None:
    assert float(decimal_parser()(number)) == number


@given(text=st.text(alphabet="0123456789.,-+ '", max_size=12), marks=st.sampled_from(MARKS))
def test_no_text_is_taken_for_a_number_with_other_digits(text: str, marks: tuple[str, str]) -> None:
    mark, group = marks
    try:
        number = decimal_parser(mark=mark, group=group)(text)
    except Refused:
        return
    digits = [c for c in text.partition(mark)[0] if c.isdigit()]
    assert number.lstrip("-").partition(".")[0] == ("".join(digits).lstrip("0") or "0")
