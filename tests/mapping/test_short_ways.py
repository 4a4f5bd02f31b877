"""The short ways through the mapping give what the long ways give, or leave it to them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.mapping.dates import MomentType, moment_parser
from agent.mapping.numbers import decimal_parser, integer_parser
from agent.mapping.refusal import Refused

_NEVER = "%y?%m?%d"
"""A format that no text here has: it stands first, so that the next one takes the long way."""


def _outcome(parse: Callable[[Any], Any], value: str) -> object:
    try:
        return parse(value)
    except Refused as refusal:
        return refusal.code


_numbers = st.from_regex(r"[+-]?[0-9]{0,4}([.,][0-9]{0,4})?-?", fullmatch=True)
_dates = st.from_regex(r"[0-9]{2,4}[-/ ]?[0-9W]{1,2}[-/ ]?[0-9]{1,4}", fullmatch=True)
_times = st.from_regex(r"2026-0[0-9]-[0-3][0-9][ T][0-2][0-9]:[0-6][0-9]:[0-6][0-9+Z]")


@pytest.mark.parametrize("form", ["%Y-%m-%d", "%d/%m/%Y", "YYYYMMDD", "%d %m %Y"])
@given(text=_dates | st.dates().map(str) | st.text("0123456789-/", max_size=10))
def test_a_date_cut_out_is_the_date_matched(form: str, text: str) -> None:
    short, long = (
        moment_parser("date", formats=[form]),
        moment_parser("date", formats=[_NEVER, form]),
    )
    assert _outcome(short, text) == _outcome(long, text)


@pytest.mark.parametrize("form", ["%Y-%m-%d %H:%M:%S", "%d/%m/%Y %H:%M:%S", "%Y%m%d%H%M%S"])
@given(moment=st.datetimes(), text=_times)
def test_a_time_cut_out_is_the_time_matched(form: str, moment: Any, text: str) -> None:
    kind: MomentType = "datetime"
    short, long = moment_parser(kind, formats=[form]), moment_parser(kind, formats=[_NEVER, form])
    for value in (moment.strftime(form).zfill(14), text):
        assert _outcome(short, value) == _outcome(long, value)


@pytest.mark.parametrize("mark", [".", ","])
@pytest.mark.parametrize("scale", [None, 0, 2])
@given(text=_numbers)
def test_a_number_taken_as_it_stands_is_the_number_read(
    mark: str, scale: int | None, text: str
) -> None:
    short = decimal_parser(mark=mark, scale=scale)
    long = decimal_parser(mark=mark, scale=scale, least="-99999")  # bounds need the number itself
    assert _outcome(short, text) == _outcome(long, text)


@pytest.mark.parametrize("text", ["²", "\u0661", "", "-0", "+7", "007", "9" * 18, "9" * 19, "1_0"])
def test_an_integer_has_plain_digits(text: str) -> None:
    plain = text.lstrip("+-")
    fits = plain.isascii() and plain.isdigit() and int(plain) < 2**63
    assert _outcome(integer_parser(), text) == (int(text) if fits else "SA-3102")
