"""Dates and times: from declared formats, from the numbers of old systems, from drivers."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from operator import itemgetter
from typing import Any, Literal, NamedTuple

from agent.mapping.problem import Invalid
from agent.mapping.refusal import Raw, Refused

Moment = date | datetime | time

NAMED_FORMATS = {
    "CYYMMDD": "%c%y%m%d",
    "YYYYMMDD": "%Y%m%d",
    "YYMMDD": "%y%m%d",
    "HHMMSS": "%H%M%S",
    "HHMM": "%H%M",
}
"""The formats of numeric date and time columns. C is the century: 0 for 19xx, 1 for 20xx."""

SENTINEL_DATES = (
    "0", "000000", "0000000", "00000000", "9999999", "99999999",
    "0001-01-01", "0000-00-00", "9999-12-31",
)  # fmt: skip
"""What old systems write for "no date"."""

_PARTS = {
    "c": ("century", "[01]"),
    "Y": ("year", "[0-9]{4}"),
    "y": ("short", "[0-9]{2}"),
    "m": ("month", "[0-9]{1,2}"),
    "d": ("day", "[0-9]{1,2}"),
    "H": ("hour", "[0-9]{1,2}"),
    "M": ("minute", "[0-9]{1,2}"),
    "S": ("second", "[0-9]{1,2}"),
    "f": ("fraction", "[0-9]{1,6}"),
}
_DIRECTIVE = re.compile(r"%(.)|([^%]+)", re.DOTALL)
_ISO = {
    "date": re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}"),
    "datetime": re.compile(
        r"[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"
        r"(Z|[+-][0-9]{2}:?[0-9]{2})?)?"
    ),
    "time": re.compile(r"[0-9]{2}:[0-9]{2}(:[0-9]{2}(\.[0-9]{1,6})?)?"),
}
_ISO_FORMATS = {"date": "%Y-%m-%d", "datetime": "%Y-%m-%d %H:%M:%S", "time": "%H:%M:%S"}
_ISO_TEMPLATES = {"date": "%s-%s-%s", "datetime": "%s-%s-%sT%s:%s:%s"}
_FIRST_SHORT_YEAR = 40  # Two digits mean 1940 to 2039, as on IBM i.

MomentType = Literal["date", "datetime", "time"]


class _Format(NamedTuple):
    """A declared format as a pattern; `width` is its length where it is digits only, else 0."""

    match: Callable[[str], re.Match[str] | None]
    width: int


class _Layout(NamedTuple):
    """A format in which every part stands at a fixed place: its parts are cut out."""

    fits: Callable[[str], object]
    iso: Callable[[str], str]
    """The same parts as ISO 8601."""


def moment_parser(
    kind: MomentType,
    *,
    formats: Sequence[str] = (),
    least: str | None = None,
    most: str | None = None,
) -> Callable[[Any], str]:
    """A function from a value to ISO 8601 text. Several formats are tried in order."""
    compiled = [_compiled(text, kind) for text in formats]
    written = ", ".join(formats) or "ISO 8601"
    low, high = _bound("min", least, kind), _bound("max", most, kind)
    # The first format is tried first in any case; what it does not read takes the long way.
    layout = _layout(formats[0] if formats else _ISO_FORMATS[kind], kind)
    if low is not None or high is not None:
        layout = None

    def parse(value: Raw) -> str:
        if layout is not None and type(value) is str and layout.fits(value):
            text = layout.iso(value)
            if _exists(text):
                return text
        moment = None if type(value) is str else _native(value, kind)
        if moment is None:
            text = value if type(value) is str else _digits(value, kind)
            moment = _read(text, compiled, kind) if compiled else _from_iso(text, kind)
            if moment is None:
                raise Refused("SA-3105", f"is not a {kind} ({written})", _format_hint(value))
        if low is not None or high is not None:
            _require_between(moment, low, high)
        return moment.isoformat()

    return parse


def _layout(text: str, kind: MomentType) -> _Layout | None:
    """The layout of a format that writes a date, or date and time, with every part in full."""
    pattern, end, places = "", 0, dict[str, slice]()
    for directive, literal in _DIRECTIVE.findall(NAMED_FORMATS.get(text, text)):
        width = {"Y": 4, "m": 2, "d": 2, "H": 2, "M": 2, "S": 2}.get(directive)
        if directive and width is None:
            return None
        if width:
            places[directive] = slice(end, end + width)
        pattern += f"[0-9]{{{width}}}" if width else re.escape(literal)
        end += width or len(literal)
    parts = {"date": "Ymd", "datetime": "YmdHMS", "time": ""}[kind]
    if not parts or set(places) != set(parts):
        return None
    fits = re.compile(pattern).fullmatch
    if text == _ISO_FORMATS[kind]:
        return _Layout(fits, lambda value: value.replace(" ", "T"))
    template, cut = _ISO_TEMPLATES[kind], itemgetter(*(places[part] for part in parts))
    return _Layout(fits, lambda value: template % cut(value))


def _exists(text: str) -> bool:
    """Whether the calendar and the clock have this ISO 8601 moment."""
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True


def _native(value: Raw, kind: MomentType) -> Moment | None:
    """A driver's own date or time as the kind that is wanted; None for anything else."""
    if isinstance(value, datetime):
        return value.date() if kind == "date" else value if kind == "datetime" else value.timetz()
    if isinstance(value, date) and kind != "time":
        return value if kind == "date" else datetime(value.year, value.month, value.day)  # noqa: DTZ001 - a source's local time stays as it is
    return value if isinstance(value, time) and kind == "time" else None


def _digits(value: Raw, kind: MomentType) -> str:
    """The digits of a numeric column: 1261121, Decimal("1261121")."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        raise Refused("SA-3105", f"is not a {kind} but a {type(value).__name__}")
    try:
        number = int(value)
    except (ValueError, OverflowError):
        raise Refused("SA-3105", f"is not a {kind}") from None
    if number != value or not 0 <= number < 10**20:
        raise Refused("SA-3105", f"is not a {kind}")
    return str(number)


def _read(text: str, formats: Sequence[_Format], kind: MomentType) -> Moment | None:
    reason = ""
    for match, width in formats:
        found = match(text.zfill(width) if width and text.isascii() else text)
        if found is None:
            continue
        try:
            return _assembled(found.groupdict(), kind)
        except ValueError as error:
            reason = str(error)
    if reason:
        raise Refused("SA-3105", f"is not a {kind}: {reason}", _format_hint(text))
    return None


def _assembled(parts: dict[str, str], kind: MomentType) -> Moment:
    fraction = int(parts.get("fraction", "").ljust(6, "0"))
    hour, minute, second = (int(parts.get(name, 0)) for name in ("hour", "minute", "second"))
    if kind == "time":
        return time(hour, minute, second, fraction)
    month, day = int(parts["month"]), int(parts["day"])
    if kind == "date":
        return date(_year(parts), month, day)
    return datetime(_year(parts), month, day, hour, minute, second, fraction)  # noqa: DTZ001 - as above


def _year(parts: dict[str, str]) -> int:
    if "year" in parts:
        return int(parts["year"])
    short = int(parts["short"])
    if "century" in parts:
        return 1900 + 100 * int(parts["century"]) + short
    return short + (1900 if short >= _FIRST_SHORT_YEAR else 2000)


def _from_iso(text: str, kind: MomentType) -> Moment | None:
    if not _ISO[kind].fullmatch(text):
        return None
    try:
        if kind == "time":
            return time.fromisoformat(text)
        return (date if kind == "date" else datetime).fromisoformat(text)
    except ValueError as error:
        raise Refused("SA-3105", f"is not a {kind}: {error}", _format_hint(text)) from None


def _format_hint(value: Raw) -> str:
    if str(value) in SENTINEL_DATES:
        return "if it means no date, declare null_values: SENTINEL_DATES"
    return "declare how it is written: format"


def _require_between(moment: Moment, low: Moment | None, high: Moment | None) -> None:
    try:
        early = low is not None and moment < low  # type: ignore[operator]  # one kind both
        late = high is not None and moment > high  # type: ignore[operator]  # one kind both
    except TypeError:
        raise Refused("SA-3108", "has a UTC offset, min and max have none, or not both") from None
    if early:
        raise Refused("SA-3108", f"is before the minimum {low}")
    if late:
        raise Refused("SA-3108", f"is after the maximum {high}")


def _bound(key: str, text: str | None, kind: MomentType) -> Moment | None:
    if text is None:
        return None
    try:
        moment = _from_iso(text, kind)
    except Refused:
        moment = None
    if moment is None:
        raise Invalid("SA-3003", key, f'"{text}" is not a {kind}', "write it in ISO 8601")
    return moment


def _compiled(text: str, kind: MomentType) -> _Format:
    """A format as a regular expression: ASCII digits only, each directive once.

    One digit for a day is taken between separators (1/3/2026), never where directives touch.
    """
    pattern, width, names = "", 0, set[str]()
    tokens = _DIRECTIVE.findall(NAMED_FORMATS.get(text, text))
    for place, (directive, literal) in enumerate(tokens):
        if literal or directive == "%":
            pattern += re.escape(literal or "%")
            continue
        name, digits = _PARTS.get(directive, ("", ""))
        if not name or name in names:
            raise Invalid(
                "SA-3011",
                "format",
                f'"{text}" holds %{directive}, which cannot be used here',
                f"use %d %m %Y %y %H %M %S %f, or {', '.join(NAMED_FORMATS)}",
            )
        names.add(name)
        neighbours = tokens[max(place - 1, 0) : place] + tokens[place + 1 : place + 2]
        touching = any(each[0] not in {"", "%"} for each in neighbours)
        pattern += f"(?P<{name}>{digits.replace('1,2', '2') if touching else digits})"
        width += {"c": 1, "Y": 4, "f": 6}.get(directive, 2)
    _require_parts(text, names, kind)
    only_digits = all(directive not in {"", "%"} for directive, _ in tokens)
    return _Format(re.compile(pattern).fullmatch, width if only_digits else 0)


def _require_parts(text: str, names: set[str], kind: MomentType) -> None:
    has_date = {"month", "day"} <= names and bool({"year", "short"} & names)
    if (kind != "time" and not has_date) or (kind == "time" and "hour" not in names):
        wanted = "an hour" if kind == "time" else "day, month and year"
        raise Invalid(
            "SA-3011",
            "format",
            f'"{text}" does not give {wanted}',
            f"write it like %d/%m/%Y, or name one of {', '.join(NAMED_FORMATS)}",
        )
