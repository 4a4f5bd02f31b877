# ruff: noqa: DTZ001 - drivers give dates without a time zone
from collections.abc import Callable
from datetime import date, datetime, time, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.errors import Misconfigured, Rejected
from agent.mapping.dates import moment_parser

Take = Callable[..., Any]

ROME = timezone(timedelta(hours=1))


@pytest.mark.parametrize(
    ("value", "options", "expected"),
    [
        ("2026-11-21", {}, "2026-11-21"),
        (date(2026, 11, 21), {}, "2026-11-21"),
        (datetime(2026, 11, 21, 10, 30), {}, "2026-11-21"),
        ("21/11/2026", {"format": "%d/%m/%Y"}, "2026-11-21"),
        ("1/3/2026", {"format": "%d/%m/%Y"}, "2026-03-01"),
        ("21.11.26", {"format": ["%d/%m/%Y", "%d.%m.%y"]}, "2026-11-21"),
        ("100% 21-11-2026", {"format": "100%% %d-%m-%Y"}, "2026-11-21"),
        (1261121, {"format": "CYYMMDD"}, "2026-11-21"),
        (Decimal(1261121), {"format": "CYYMMDD"}, "2026-11-21"),
        (Decimal("1261121.00"), {"format": "CYYMMDD"}, "2026-11-21"),
        ("1261121", {"format": "CYYMMDD"}, "2026-11-21"),
        (991231, {"format": "CYYMMDD"}, "1999-12-31"),
        ("0991231", {"format": "CYYMMDD"}, "1999-12-31"),
        (20261121, {"format": "YYYYMMDD"}, "2026-11-21"),
        (50301, {"format": "YYMMDD"}, "2005-03-01"),
        (391231, {"format": "YYMMDD"}, "2039-12-31"),
        (400101, {"format": "YYMMDD"}, "1940-01-01"),
        (20240229.0, {"format": "YYYYMMDD"}, "2024-02-29"),
        (3042026, {"format": "%d%m%Y"}, "2026-04-03"),
        ("2026-11-21 10:00:00", {"format": "%Y-%m-%d %H:%M:%S"}, "2026-11-21"),
    ],
)
def test_a_date_is_taken_from_declared_forms(
    take: Take, value: object, options: dict[str, Any], expected: object
) -> None:
    assert take(value, type="date", **options) == expected


@pytest.mark.parametrize(
    ("value", "options", "rule"),
    [
        ("21/11/2026", {}, "is not a date (ISO 8601)"),
        ("20261121", {}, "is not a date (ISO 8601)"),
        ("2026-W47-6", {}, "is not a date (ISO 8601)"),
        ("2026-11-21 10:00", {}, "is not a date (ISO 8601)"),
        ("２０２６-11-21", {}, "is not a date"),  # noqa: RUF001 - full-width digits
        ("2026-02-30", {}, "is not a date: day is out of range for month"),
        ("0000-00-00", {}, "is not a date: "),
        ("31/02/2026", {"format": "%d/%m/%Y"}, "is not a date: day"),
        ("11/21/2026", {"format": "%d/%m/%Y"}, "is not a date: month must be in 1..12"),
        (20261341, {"format": "YYYYMMDD"}, "is not a date: month must be in 1..12"),
        (1126, {"format": "YYYYMMDD"}, "is not a date: year 0 is out of range"),
        (0, {"format": "CYYMMDD"}, "is not a date: month must be in 1..12"),
        (9999999, {"format": "CYYMMDD"}, "is not a date (CYYMMDD)"),
        (2260101, {"format": "CYYMMDD"}, "is not a date (CYYMMDD)"),
        (-1261121, {"format": "CYYMMDD"}, "is not a date"),
        (Decimal("1261121.5"), {"format": "CYYMMDD"}, "is not a date"),
        (Decimal("NaN"), {"format": "CYYMMDD"}, "is not a date"),
        (float("inf"), {"format": "CYYMMDD"}, "is not a date"),
        (10**30, {"format": "CYYMMDD"}, "is not a date"),
        (True, {"format": "CYYMMDD"}, "is not a date but a bool"),
        (time(10, 0), {}, "is not a date but a time"),
        (b"2026-11-21", {}, "is not a date but a bytes"),
    ],
)
def test_a_day_that_does_not_exist_is_refused_with_the_reason(
    take: Take, value: object, options: dict[str, Any], rule: str
) -> None:
    with pytest.raises(Rejected) as caught:
        take(value, type="date", **options)
    assert caught.value.code == "SA-3105"
    assert caught.value.reason.startswith('field "attributes.x": ')
    assert rule in caught.value.reason


@pytest.mark.parametrize(
    "value",
    [
        0, "0", Decimal(0), Decimal("0.00"), "00000000", 9999999, 99999999, "99999999",
        "0001-01-01", "0000-00-00", "9999-12-31", date(1, 1, 1), date(9999, 12, 31),
        datetime(9999, 12, 31), datetime(1, 1, 1), "0001-01-01 00:00:00", "9999-12-31T00:00:00",
    ],
)  # fmt: skip
def test_sentinels_mean_no_date_where_the_field_says_so(take: Take, value: object) -> None:
    options = {"type": "date", "format": "CYYMMDD"}
    assert take(value, null_values="SENTINEL_DATES", **options) is None


def test_a_sentinel_is_a_date_like_any_other_where_the_field_says_nothing(take: Take) -> None:
    assert take("9999-12-31", type="date") == "9999-12-31"
    with pytest.raises(Rejected) as caught:
        take(0, type="date", format="YYYYMMDD")
    assert caught.value.hint == "if it means no date, declare null_values: SENTINEL_DATES"


@pytest.mark.parametrize(
    ("value", "options", "expected"),
    [
        (datetime(2026, 11, 21, 10, 0, 5, 120000), {}, "2026-11-21T10:00:05.120000"),
        (datetime(2026, 11, 21, 10, 0, tzinfo=ROME), {}, "2026-11-21T10:00:00+01:00"),
        (date(2026, 11, 21), {}, "2026-11-21T00:00:00"),
        ("2026-11-21 10:00:05.5", {}, "2026-11-21T10:00:05.500000"),
        ("2026-11-21T10:00Z", {}, "2026-11-21T10:00:00+00:00"),
        ("2026-11-21", {}, "2026-11-21T00:00:00"),
        ("21/11/2026 9:05", {"format": "%d/%m/%Y %H:%M"}, "2026-11-21T09:05:00"),
        ("20261121100005", {"format": "%Y%m%d%H%M%S"}, "2026-11-21T10:00:05"),
        (
            "2026-11-21-10.00.05.12",
            {"format": "%Y-%m-%d-%H.%M.%S.%f"},
            "2026-11-21T10:00:05.120000",
        ),
    ],
)
def test_a_datetime_is_taken_from_declared_forms(
    take: Take, value: object, options: dict[str, Any], expected: object
) -> None:
    assert take(value, type="datetime", **options) == expected


@pytest.mark.parametrize(
    ("value", "options", "expected"),
    [
        (time(9, 5), {}, "09:05:00"),
        ("09:05", {}, "09:05:00"),
        ("09:05:07.25", {}, "09:05:07.250000"),
        (90507, {"format": "HHMMSS"}, "09:05:07"),
        (0, {"format": "HHMMSS"}, "00:00:00"),
        (Decimal(905), {"format": "HHMM"}, "09:05:00"),
        (datetime(2026, 1, 1, 9, 5), {}, "09:05:00"),
    ],
)
def test_a_time_is_taken_from_declared_forms(
    take: Take, value: object, options: dict[str, Any], expected: object
) -> None:
    assert take(value, type="time", **options) == expected


@pytest.mark.parametrize(
    ("value", "kind", "options"),
    [
        ("2026-11-21T25:00", "datetime", {}),
        ("2026-11-21T10", "datetime", {}),
        (246060, "time", {"format": "HHMMSS"}),
        ("9:5", "time", {}),
        (date(2026, 1, 1), "time", {}),
        (timedelta(hours=30), "time", {}),
    ],
)
def test_a_moment_that_does_not_exist_is_refused(
    take: Take, value: object, kind: str, options: dict[str, Any]
) -> None:
    with pytest.raises(Rejected) as caught:
        take(value, type=kind, **options)
    assert caught.value.code == "SA-3105"


@pytest.mark.parametrize(
    ("value", "options", "rule"),
    [
        ("1999-12-31", {"type": "date", "min": "2000-01-01"}, "is before the minimum 2000-01-01"),
        ("2100-01-01", {"type": "date", "max": "2099-12-31"}, "is after the maximum 2099-12-31"),
        ("10:00", {"type": "time", "max": "09:00"}, "is after the maximum 09:00:00"),
        (
            "2026-11-21T10:00Z",
            {"type": "datetime", "min": "2000-01-01T00:00"},
            "has a UTC offset, min and max have none, or not both",
        ),
    ],
)
def test_a_date_outside_its_limits_is_refused(
    take: Take, value: object, options: dict[str, Any], rule: str
) -> None:
    with pytest.raises(Rejected) as caught:
        take(value, **options)
    assert caught.value.code == "SA-3108"
    assert rule in caught.value.reason


@pytest.mark.parametrize(
    ("options", "text"),
    [
        ({"type": "date", "format": "%d/%m"}, '"%d/%m" does not give day, month and year'),
        ({"type": "date", "format": "HHMMSS"}, "does not give day, month and year"),
        ({"type": "time", "format": "YYYYMMDD"}, "does not give an hour"),
        ({"type": "date", "format": "%d %b %Y"}, "holds %b, which cannot be used here"),
        ({"type": "date", "format": "%d/%d/%Y"}, "holds %d, which cannot be used here"),
        ({"type": "date", "min": "1/1/2026"}, 'min: "1/1/2026" is not a date'),
        ({"type": "date", "max": "2026-13-01"}, 'max: "2026-13-01" is not a date'),
    ],
)
def test_a_format_that_gives_no_date_is_found_before_anything_runs(
    take: Take, options: dict[str, Any], text: str
) -> None:
    with pytest.raises(Misconfigured, match=text):
        take("", **options)


@given(day=st.dates(date(1940, 1, 1), date(2039, 12, 31)))
def test_every_day_of_the_century_survives_every_numeric_form(day: date) -> None:
    cyymmdd = int(day.strftime("%y%m%d")) + (1_000_000 if day.year >= 2000 else 0)
    for form, number in [
        ("CYYMMDD", cyymmdd),
        ("YYYYMMDD", int(day.strftime("%Y%m%d"))),
        ("YYMMDD", int(day.strftime("%y%m%d"))),
    ]:
        parse = moment_parser("date", formats=[form])
        assert parse(number) == parse(Decimal(number)) == parse(str(number)) == day.isoformat()


@given(moment=st.datetimes(min_value=datetime(1, 1, 1)))
def test_every_moment_survives_its_iso_text(moment: datetime) -> None:
    parse = moment_parser("datetime")
    assert parse(moment) == parse(moment.isoformat()) == parse(str(moment)) == moment.isoformat()
