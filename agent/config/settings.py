"""What the engine itself understands in the configuration: everything but the kinds' own options.

Every field has a description: reference docs and JSON Schema come from here.
"""

from __future__ import annotations

import zoneinfo
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from cronsim import CronSim, CronSimError
from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    WithJsonSchema,
    model_validator,
)

from agent.detect import GuardLimits
from agent.language import Language
from agent.mapping.spec import MappingSpec, Notation, Totals
from agent.quantities import Duration, Share, Size, seconds
from agent.quiet import QuietWindow
from agent.secrets import Secret

LANES = {"orders": 0, "stock": 1, "prices": 2, "products": 3}
"""Names of lanes; what stands in a lower one is delivered first."""
LANE_OF = {"order": "orders", "order_status": "orders", "stock": "stock", "price": "prices"}
"""Entity → lane; the others go with the products."""


class Settings(BaseModel):
    """A section: frozen, unknown keys forbidden."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def _cron(text: str) -> str:
    try:
        CronSim(text, datetime(2000, 1, 1, tzinfo=UTC))
    except CronSimError as error:
        raise ValueError(
            f"not a cron expression ({str(error).lower()}); write it like `30 2 * * *`"
        ) from None
    return text


def _rhythm(value: object) -> float | str:
    """A time such as `24h` becomes seconds, five fields a cron expression."""
    text = str(value)
    return _cron(text) if " " in text.strip() else seconds(value)


def _time_zone(name: str) -> str:
    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("not a time zone; write it like Europe/Rome") from None
    return name


def _day(value: object) -> date:
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError("not a day; write it like 2027-01-31") from None


def _lane(value: object) -> int:
    if isinstance(value, str) and value in LANES:
        return LANES[value]
    if not str(value).isdecimal() or int(str(value)[:3]) > 9:
        raise ValueError(f"must be one of {', '.join(LANES)} or a number from 0 to 9")
    return int(str(value))


def _off(value: object) -> object:
    return None if value == "off" else value


Cron: TypeAlias = Annotated[str, AfterValidator(_cron)]
"""Five fields: minute, hour, day, month, weekday."""
Rhythm: TypeAlias = Annotated[
    float | str,
    BeforeValidator(_rhythm),
    WithJsonSchema({"type": ["string", "number"], "examples": ["24h", "30 2 * * *"]}),
]
"""Seconds between two times, or a cron expression."""
Day: TypeAlias = Annotated[date, BeforeValidator(_day)]
TimeZone: TypeAlias = Annotated[str, AfterValidator(_time_zone)]
Lane: TypeAlias = Annotated[
    int,
    BeforeValidator(_lane),
    WithJsonSchema({"type": ["string", "integer"], "examples": [*LANES, "5"]}),
]


class Site(Settings):
    """Which installation this is."""

    name: str = Field(
        "default", min_length=1, max_length=100, description="Name under which the shop sees it"
    )
    time_zone: TimeZone = Field("UTC", description="Time zone of all schedules: Europe/Rome")
    language: Language = Field(
        "en", description="Language in which people are told something: en, it"
    )


class Delivery(Settings):
    """How a connection is delivered to; the numbers that suit most are the defaults."""

    senders: int = Field(2, ge=1, le=32, description="Requests that may be under way at once")
    batch_size: int = Field(
        500, ge=1, le=10_000, description="Messages a request; never more than the target takes"
    )
    rate: float = Field(
        0.0, ge=0, le=10_000, description="Requests a second over all senders; 0: no limit"
    )
    burst: int = Field(
        1, ge=1, le=1000, description="Requests that may follow each other at once after a pause"
    )
    backoff_base: Duration = Field(
        1.0, gt=0, description="First wait after a failure; doubles from there, with full jitter"
    )
    backoff_cap: Duration = Field(300.0, gt=0, description="Longest wait between two attempts")
    breaker_failures: int = Field(
        5, ge=1, description="Failures in a row after which the target is left alone for a while"
    )
    breaker_cooldown: Duration = Field(
        5.0, gt=0, description="How long it is left alone before one message probes it"
    )
    lease: Duration = Field(
        600.0,
        ge=10,
        description="How long a batch belongs to its sender: several times the total time-out",
    )

    @model_validator(mode="after")
    def _base_below_cap(self) -> Delivery:
        if self.backoff_base > self.backoff_cap:
            raise ValueError("backoff_base is longer than backoff_cap")
        return self


class Reading(Settings):
    """How a connection may be read, so that an old server is not overrun."""

    quiet: tuple[QuietWindow, ...] = Field(
        (),
        description="Times at which it is left alone, in the site's time zone, such as the nightly "
        "batch of an ERP; only what a person or the shop asks for is read then",
    )
    parallel: int = Field(
        4, ge=1, le=32, description="Flows that may read it at once; the others wait for their turn"
    )
    rows_per_second: float = Field(
        0.0, ge=0, le=10_000_000, description="Rows a second at most; 0: no limit"
    )
    queries_per_minute: float = Field(
        0.0,
        ge=0,
        le=1_000_000,
        description="Queries (batches of rows) a minute at most; 0: no limit",
    )


class Credentials(Settings):
    """What is known of the way we log in to a connection; it stands beside the kind's own keys."""

    expires: Day | None = Field(
        None,
        description="The day on which its token, password or key ends: 2027-01-31. An alert comes "
        "30, 14 and 7 days ahead. What tells its end itself need not be named: certificates, and "
        "tokens in the form of a JWT",
    )


class Schedule(Settings):
    """When a flow runs by itself. Without any of it: on events and on request only."""

    every: Duration | None = Field(None, ge=1, description="Time between two runs: 5m")
    cron: Cron | None = Field(
        None, description="Times of runs as five cron fields: */10 7-19 * * *"
    )
    full: Rhythm | None = Field(
        None, description="When to look at every row again: 24h, or cron fields such as 30 2 * * *"
    )
    verify: Rhythm | None = Field(
        None,
        description="When to compare the target with what it should hold: 24h, or cron fields such "
        "as 30 3 * * *",
    )
    time_zone: TimeZone | None = Field(None, description="Time zone of cron; the site's by default")

    @model_validator(mode="after")
    def _one_rhythm(self) -> Schedule:
        if self.every is not None and self.cron is not None:
            raise ValueError("every and cron exclude each other")
        return self


class Guard(Settings):
    """When a run waits for a person.

    A share counts against the records known before the run. A limit trips only when both the share
    and the number are exceeded, so that a small table may change as a whole.
    """

    delete_share: Share = Field(0.05, description="Share of the known records that may vanish")
    delete_count: int = Field(20, ge=0, description="So many may vanish whatever their share")
    change_share: Share = Field(0.5, description="Share of the known records that may change")
    change_count: int = Field(1000, ge=0, description="So many may change whatever their share")
    jump_field: str = Field("", description="Number field to watch for jumps: price")
    jump_factor: Decimal = Field(
        Decimal(3), gt=1, le=1000, description="Growing or shrinking by more than this is a jump"
    )
    jump_count: int = Field(0, ge=0, description="So many jumps are let through")

    def limits(self) -> GuardLimits:
        """The same as plain numbers, for the engine."""
        return GuardLimits(**dict(self))


GuardOrOff: TypeAlias = Annotated[
    Guard | None, BeforeValidator(_off, json_schema_input_type=Guard | Literal["off"])
]


class Lookup(Settings):
    """A table in which a flow looks values up; `connection` and its kind's keys stand beside this.

    Its columns are read as `NAME.column`; where there is no such key they are null.
    """

    by: tuple[str, ...] = Field(
        min_length=1,
        description="Columns of the flow's row that make the key of the table, in its order",
    )


class Until(Settings):
    """Which statuses of which flow say that the ERP's stock shows an order, or never will."""

    flow: str = Field(description="A flow of `order_status`")
    status: tuple[str, ...] = Field(
        min_length=1, description="Statuses such as shipped and cancelled"
    )


class OrdersLookup(Settings):
    """What orders take from the stock before the ERP shows it, as a table: `NAME.quantity`."""

    orders: str = Field(description="The flow that takes the orders over")
    by: tuple[str, ...] = Field(
        min_length=1,
        max_length=2,
        description="Columns of the flow's row that hold the article and, where each has sums of "
        "its own, the warehouse",
    )
    warehouse: str = Field(
        "", description="With two columns: the warehouse of order lines that name none"
    )
    until: Until | None = Field(
        None,
        description="When an order ceases to count, where the ERP lowers its stock later than "
        "the order is written; by default when it is written",
    )
    lag: Duration = Field(
        0.0,
        ge=0,
        description="How long an order counts on after that, where the stock is read from a copy "
        "that may be as old, such as an exported file",
    )


class TwoWay(Settings):
    """Records that may be changed on both sides: this flow brings back what another one takes."""

    other: str = Field(alias="with", description="The flow of the other direction")
    conflicts: str = Field(
        "newest",
        description="Where both sides changed the same field: newest, hold (a person decides), or "
        "the name of a flow, whose source wins",
    )
    owners: dict[str, str] = Field(
        default_factory=dict,
        description="Field → the flow whose source alone may change it; what the other side "
        "changes there is written back",
    )
    match: tuple[str, ...] = Field(
        (),
        description="Fields by which a record of one side is known on the other when they meet for "
        "the first time, the surest first: vat_number, email",
    )
    apart: tuple[str, ...] = Field(
        (),
        description="Fields that each side has for itself, such as its own number: neither "
        "compared nor sent",
    )
    changed_at: str = Field(
        "", description="Field that says when a record was changed; else it counts when it was seen"
    )
    skew: Duration = Field(
        60.0,
        ge=0,
        description="Changes no further apart than this count as at once, for clocks differ; then "
        "the source of the other flow wins",
    )
    deletes: Literal["propagate", "deactivate", "ignore"] = Field(
        "ignore",
        description="What becomes of a record that vanishes on one side: propagate (deleted), "
        "deactivate (`active` off), ignore (it stays)",
    )


class FlowSettings(Settings):
    """One line of traffic; `source`, `target` and `lookups` stand beside these keys."""

    enabled: bool = Field(default=True, description="Whether the flow runs")
    preset: str = Field(
        "",
        description="A ready flow of the source's kind: options of the source, entity and mapping; "
        "what the flow says itself wins, key by key in `source` and `mapping`",
    )
    entity: str = Field(description="What the records are: product, price, stock, customer …")
    mapping: MappingSpec = Field(description="Field of the entity → column, or how it is made")
    where: str = Field(
        "", description="Expression over `row`; a row for which it is false is left out"
    )
    delete_when: str = Field(
        "", description="Expression over `row`; a row for which it is true counts as deleted"
    )
    notation: Notation = Field(
        Notation(), description="How the source writes numbers and dates, unless a field says so"
    )
    hook: Path | None = Field(
        None, description="Python file whose `map_row` does what the mapping cannot say"
    )
    schedule: Schedule | None = Field(None, description="When the flow runs by itself")
    watch: bool = Field(
        default=True, description="Whether an event of the source wakes the flow (on, off)"
    )
    guard: GuardOrOff = Field(Guard(), description="When a run waits for a person; `off` for never")
    lane: Lane | None = Field(
        None,
        description="What is delivered first: orders, stock, prices, products or 0 to 9; by "
        "default after the entity",
    )
    coalesce: bool | None = Field(
        None,
        description="Whether a newer change replaces an unsent older one of the same key; by "
        "default yes, for orders no",
    )
    batch_size: int = Field(
        2000, ge=1, le=100_000, description="Changes that are taken over in one transaction"
    )
    joins: str = Field(
        "",
        description="Another flow whose records this one brings too, over another way: the same "
        "key is the same record, taken over once",
    )
    two_way: TwoWay | None = Field(
        None, description="Records that are changed on both sides; in one flow of the two"
    )
    totals: Totals | None = Field(
        None,
        description="For orders: what does not add up within a tolerance waits for a person",
    )
    newer_by: str = Field(
        "",
        description="Field of the record that tells a newer state from an older one (updated_at, "
        "or a counter): an older state that comes late is passed over",
    )
    freshness: Duration | None = Field(
        None,
        ge=60,
        description="How old what the target has may get before an alert says so, also where "
        "nothing fails: 30m",
    )

    def schedule_in(self, time_zone: str) -> Schedule:
        """The schedule with its time zone: its own, else the site's."""
        schedule = self.schedule or Schedule()
        return schedule.model_copy(update={"time_zone": schedule.time_zone or time_zone})

    def lane_number(self) -> int:
        """The lane that is named, else that of the entity."""
        return LANES[LANE_OF.get(self.entity, "products")] if self.lane is None else self.lane

    def supersedes(self) -> bool:
        """Whether a newer change replaces an unsent older one: never for orders, unless said."""
        return self.entity != "order" if self.coalesce is None else self.coalesce


class Backup(Settings):
    """Copies of the store, made while it runs."""

    folder: Path = Field(Path("backup"), description="Where the copies go")
    every: Duration = Field(86400.0, ge=60, description="Time between two copies")
    keep: int = Field(7, ge=1, le=1000, description="How many copies are kept")


BackupOrOff: TypeAlias = Annotated[
    Backup | None, BeforeValidator(_off, json_schema_input_type=Backup | Literal["off"])
]


class StoreSettings(Settings):
    """The agent's own database, a file on a local disk."""

    path: Path = Field(Path("syncagent.db"), description="The file; never on a network share")
    keep_days: int = Field(
        30, ge=0, le=3650, description="Days that delivered messages, events and runs are kept"
    )
    keep_rows: int = Field(
        20_000, ge=0, description="Delivered messages kept at most, whatever their age"
    )
    high_water_messages: int = Field(
        500_000, ge=1, description="Open messages of a target above which reading waits"
    )
    high_water_bytes: Size = Field(
        2_000_000_000, ge=1_000_000, description="Bytes of open messages above which reading waits"
    )
    disk_low: Size = Field(
        500_000_000, description="Free disk below which reading waits; delivery goes on"
    )
    backup: BackupOrOff = Field(Backup(), description="Copies of the store; `off` for none")


class ApiSettings(Settings):
    """The local control API, through which the commands speak to the daemon."""

    socket: Path | None = Field(
        None,
        description="Unix socket; by default in systemd's runtime directory, else beside the "
        "store; not used where `port` is given",
    )
    host: Literal["127.0.0.1", "::1", "localhost"] = Field(
        "127.0.0.1", description="Loopback address, where `port` is given"
    )
    port: int | None = Field(
        None, ge=1, le=65535, description="TCP port instead of the socket; Windows has no other"
    )
    token: Secret | None = Field(
        None,
        description="Opens the TCP port for other programs, beside the token that the agent makes "
        "for its own commands",
    )
    metrics_token: Secret | None = Field(
        None, description="Opens /metrics on the TCP port and nothing else: for Prometheus"
    )


class LogSettings(Settings):
    """What is written about the work; never the value of a secret."""

    level: Literal["debug", "info", "warning", "error"] = Field(
        "info", description="What is written at least"
    )
    format: Literal["auto", "text", "json"] = Field(
        "auto", description="auto: text on a terminal, else one JSON object a line"
    )
    file: str = Field(
        "auto",
        min_length=1,
        description="A file for the same lines as JSON, readable for its owner only. auto: "
        "log/syncagent.log beside the store, none where the journal of systemd takes them; off: "
        "none",
    )
    rotate_at: Size = Field(
        10_000_000,
        ge=10_000,
        description="Bytes after which a new file is begun; so it is at midnight UTC",
    )
    keep_files: int = Field(14, ge=2, le=1000, description="Files kept, the current one among them")
