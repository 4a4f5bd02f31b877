"""How far a list of changes was read: a moment or a number, and what may become the next one.

The next mark must lie below everything that could still change unseen while the list is read:

- A stamp counts up to the moment at which the server gave its first answer, by its own clock. What
  is changed later has a later stamp, whichever pages were read by then.
- Pages that are *counted* and come in the order of the stamps are torn by a change made meanwhile:
  the record moves to the end, all move up, and one slips past. Then only the first page is sure.
- A number knows no moment. In ascending order the highest is sure; else that of the first page.

What is stamped early and committed late is what `overlap` is for.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from typing import Annotated, TypeAlias
from zoneinfo import ZoneInfo

from pydantic import AfterValidator, Field, field_validator

from agent.contract import Duration, Options
from agent.errors import Misconfigured
from agent.model import Json
from connectors._rest.paging import Page
from connectors._rest.records import MISSING, take

Mark: TypeAlias = datetime | Decimal
MILLISECONDS = 100_000_000_000
"""A Unix time above it counts milliseconds: as seconds it would be the year 5138."""


def _known_zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (KeyError, ValueError, OSError) as error:  # ZoneInfoNotFoundError is a KeyError
        raise ValueError(f"unknown time zone {name!r}; write it like Europe/Rome") from error
    return name


TimeZone = Annotated[str, AfterValidator(_known_zone)]


class MarkOptions(Options):
    """How a record tells when it changed, and how the mark is written."""

    field: str = Field(
        default="",
        description="Field of a record that holds when it changed, or a number that grows. Left "
        "out, the server's clock at the time of asking counts.",
    )
    format: str = Field(
        default="iso",
        description="How the mark is written: `iso`, `unix`, `unix_ms`, `number`, or a pattern "
        "such as `%Y-%m-%d %H:%M:%S`.",
    )
    time_zone: TimeZone = Field(
        default="UTC", description="Time zone of stamps that name none, and of the mark."
    )
    overlap: Duration | None = Field(
        default=None,
        ge=0,
        description="How far before the mark to ask again: a time (5m when left out), or a bare "
        "number for numbers (0). What is read twice costs nothing.",
    )

    @field_validator("format")
    @classmethod
    def _known_format(cls, text: str) -> str:
        if "%" not in text and text not in {"iso", "unix", "unix_ms", "number"}:
            raise ValueError("must be iso, unix, unix_ms, number or a pattern with %")
        return text


class ChangesOptions(MarkOptions):
    """How only what changed is asked for."""

    parameters: dict[str, str] = Field(
        default={},
        description="Parameters added then; `{since}` is the mark: `modified_after: '{since}'`.",
    )
    body: str = Field(
        default="", description="JSON body then, in place of the usual one, with `{since}` in it."
    )


class Marks:
    """The marks of one pass."""

    def __init__(self, options: MarkOptions, cursor: str) -> None:
        self._options = options
        self._zone = ZoneInfo(options.time_zone)
        self.last = self._parsed(cursor)
        """The mark of the last pass; None asks for everything."""
        self._highest: Mark | None = None
        self._highest_of_first: Mark | None = None
        self._previous: Mark | None = None
        self._ascending = True
        self._counted = False
        self._pages = 0
        self._began: datetime | None = None

    def since(self) -> str:
        """The mark, moved back by the overlap, as the server wants it; "" where there is none."""
        options = self._options
        if self.last is None:
            return ""
        if isinstance(self.last, Decimal):
            return f"{self.last - Decimal(options.overlap or 0):f}"
        overlap = 300.0 if options.overlap is None else options.overlap
        try:
            moment = (self.last - timedelta(seconds=overlap)).astimezone(self._zone)
        except OverflowError:
            moment = self.last
        if options.format == "unix":
            return str(int(moment.timestamp()))
        if options.format == "unix_ms":
            return str(int(moment.timestamp()) * 1000)
        if options.format == "iso":
            text = moment.replace(microsecond=0).isoformat()
            return text.removesuffix("+00:00") + "Z" if text.endswith("+00:00") else text
        return moment.strftime(options.format)

    def note(self, page: Page) -> None:
        """Take a page's stamps in."""
        self._pages += 1
        self._counted = self._counted or page.counted
        if self._began is None:
            self._began = page.at or datetime.now(UTC)
        for record in page.records:
            mark = self._mark_of(record)
            if mark is None:
                continue
            if self._previous is not None and _lower(mark, self._previous):
                self._ascending = False
            self._previous = mark
            if self._highest is None or _lower(self._highest, mark):
                self._highest = mark
        if self._pages == 1:
            self._highest_of_first = self._highest

    def cursor(self) -> str:
        """The cursor after the pass; "" (everything anew) where no record had a stamp."""
        mark = self._sure()
        if mark is None or (self.last is not None and _lower(mark, self.last)):
            mark = self.last
        return "" if mark is None else self._written(mark)

    def cursor_at(self, moment: datetime) -> str | None:
        """The cursor as it stood at a moment; None where the mark is a number."""
        if self._options.format == "number":
            return None
        return self._written(moment if moment.tzinfo else moment.replace(tzinfo=UTC))

    def _sure(self) -> Mark | None:
        if not self._options.field:
            return self._began
        torn = self._pages > 1 and self._counted and self._ascending
        if self._options.format == "number":
            if self._pages > 1 and (torn or not self._ascending):
                return self._highest_of_first
            return self._highest
        mark = self._highest_of_first if torn else self._highest
        if isinstance(mark, datetime) and self._began is not None:
            return min(mark, self._began)
        return mark

    def _mark_of(self, record: Json) -> Mark | None:
        found = take(record, self._options.field) if self._options.field else None
        if found is MISSING or found is None or found == "":
            return None
        try:
            if self._options.format == "number":
                return _number(found)
            return self._moment(found)
        except (ValueError, ArithmeticError, OSError):
            raise Misconfigured(
                "SA-2411",
                f"{found!r:.60} in {self._options.field!r} cannot be a mark "
                f"of the format {self._options.format}",
                hint="correct field or format under changes",
            ) from None

    def _moment(self, found: Json) -> datetime:
        if isinstance(found, int | Decimal) or self._options.format.startswith("unix"):
            seconds = _number(found)
            return datetime.fromtimestamp(
                float(seconds / 1000 if abs(seconds) > MILLISECONDS else seconds), UTC
            )
        moment = self._parsed_text(str(found))
        return (moment if moment.tzinfo else moment.replace(tzinfo=self._zone)).astimezone(UTC)

    def _parsed_text(self, text: str) -> datetime:
        if "%" in self._options.format:
            try:
                return datetime.strptime(text, self._options.format)  # noqa: DTZ007 - zone follows
            except ValueError:
                pass
        return datetime.fromisoformat(text)

    def _parsed(self, cursor: str) -> Mark | None:
        """The mark in a cursor; None for one of another field or form: start over."""
        try:
            kept = json.loads(cursor)
            if kept["field"] != self._options.field:
                return None
            if self._options.format == "number":
                return Decimal(kept["number"])
            return datetime.fromisoformat(kept["since"])
        except (ValueError, KeyError, TypeError, ArithmeticError):
            return None

    def _written(self, mark: Mark) -> str:
        kept = {"field": self._options.field}
        if isinstance(mark, Decimal):
            kept["number"] = f"{mark:f}"
        else:
            kept["since"] = mark.astimezone(UTC).isoformat()
        return json.dumps(kept, ensure_ascii=False, separators=(",", ":"))


def _number(found: Json) -> Decimal:
    number = Decimal(str(found))  # "True" is none
    if not number.is_finite() or abs(number.adjusted()) > 40:
        raise ValueError(found)
    return number


def _lower(one: Mark, other: Mark) -> bool:
    return one < other  # type: ignore[operator]  # marks of one pass are of one type
