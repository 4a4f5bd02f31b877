"""The report of a month for the customer: one page of HTML without anything beside it, to print."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from agent.kpi import periods
from agent.kpi.figures import FLOW, TARGET, THE_AGENT, Kpi, kpis
from agent.kpi.periods import Period
from agent.kpi.report_words import MONTHS, WORDS
from agent.kpi.sums import Sums
from agent.language import Language
from agent.store import Subject

UNKNOWN = "-"
UNITS = (("h", 3600), ("min", 60), ("s", 1))


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the curve: its number, and how high its two columns are, in percent."""

    number: int
    delivered: int
    failed: int
    height: float
    failed_height: float


def report_html(
    sums: Sums, site: str, zone: tzinfo, month: str, language: Language, now: int
) -> str:
    """The page. Raises `Rejected` SA-7480 where that is no month."""
    period = periods.month(month, zone)

    def kpis_of(period: Period) -> dict[Subject, Kpi]:
        return kpis(sums.rows(period, zone))

    found = kpis_of(period)
    first = datetime.fromtimestamp(period.start / 1000, zone)
    page: str = _template().render(
        words=WORDS[language],
        language=language,
        site=site,
        month=f"{MONTHS[language][first.month - 1]} {first.year}",
        made_at=datetime.fromtimestamp(now / 1000, zone).strftime("%Y-%m-%d %H:%M"),
        unfinished=now < period.end,
        whole=found.get(THE_AGENT),
        before=kpis_of(_month_before(first, zone)).get(THE_AGENT),
        year_before=kpis_of(_same_month(first, zone)).get(THE_AGENT),
        flows=_of(found, FLOW),
        targets=_of(found, TARGET),
        days=_days([kpis_of(day) for day in period.steps("day", zone)]),
        **forms(language),
    )
    return page


def _template() -> Any:
    from jinja2 import Environment, PackageLoader  # noqa: PLC0415 - once a month

    environment = Environment(
        loader=PackageLoader("agent.kpi", "."),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html")


def _of(found: Mapping[Subject, Kpi], kind: int) -> list[tuple[str, Kpi]]:
    return [(subject.name, each) for subject, each in sorted(found.items()) if subject.kind == kind]


def _month_before(first: datetime, zone: tzinfo) -> Period:
    year, number = divmod(first.year * 12 + first.month - 2, 12)
    return periods.month(f"{year:04d}-{number + 1:02d}", zone)


def _same_month(first: datetime, zone: tzinfo) -> Period:
    return periods.month(f"{first.year - 1:04d}-{first.month:02d}", zone)


def _days(found: Iterable[Mapping[Subject, Kpi]]) -> list[Day]:
    counts = []
    for day in found:
        whole = day.get(THE_AGENT)
        each = whole.counts if whole else {}
        counts.append((each.get("delivered", 0), _failed(each)))
    most = max((sum(each) for each in counts), default=0) or 1
    return [
        Day(number, delivered, failed, 100 * delivered / most, 100 * failed / most)
        for number, (delivered, failed) in enumerate(counts, start=1)
    ]


def _failed(counts: Mapping[str, int]) -> int:
    return counts.get("refused", 0) + counts.get("unanswered", 0)


def forms(language: Language) -> dict[str, Callable[..., str]]:
    """How numbers are written, by name: 1,234.5 or 1.234,5."""

    def number(value: float | None, digits: int = 0) -> str:
        if value is None:
            return UNKNOWN
        text = f"{value:,.{digits}f}"
        return text.translate(str.maketrans(",.", ".,")) if language == "it" else text

    def percent(value: float | None) -> str:
        """Cut, not rounded: 99.996 % is not 100."""
        return UNKNOWN if value is None else f"{number(int(round(value * 10_000, 6)) / 100, 2)} %"

    def error_percent(value: float | None) -> str:
        """Rounded up: one error in a million is not none."""
        return (
            UNKNOWN
            if value is None
            else f"{number(math.ceil(round(value * 10_000, 6)) / 100, 2)} %"
        )

    def duration(value: float | None) -> str:
        """In the unit that fits."""
        if value is None:
            return UNKNOWN
        unit, size = next(
            ((unit, size) for unit, size in UNITS if value >= 2 * size), ("ms", 0.001)
        )
        return f"{number(value / size, 1 if value < 100 * size else 0)} {unit}"

    return {each.__name__: each for each in (number, percent, error_percent, duration)}
