"""What intake must be told about a flow, about a job, and about how full it may get."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from agent.contract import AnySource
from agent.detect import GuardLimits
from agent.intake.lookups import LookupPlan
from agent.intake.pace import Pace
from agent.intake.reserved import Reserving
from agent.mapping import Mapping
from agent.two_way import Pair


@dataclass(frozen=True, slots=True)
class FlowPlan:
    """One flow, ready to run. `guard` None lets everything pass."""

    name: str
    entity: str
    target: str
    make_source: Callable[[], AnySource]
    mapping: Mapping
    guard: GuardLimits | None = None
    lane: int = 3
    coalesce: bool = True
    commit_rows: int = 5_000
    """Changes that are taken over in one transaction."""
    lookups: tuple[LookupPlan, ...] = ()
    """Tables in which values are looked up, in the order of their columns."""
    pace: Pace | None = None
    """How fast the source may be read; shared by the flows that read it."""
    pair: Pair | None = None
    """What it shares with the flow of the other direction, where records are changed on both sides;
    this flow reads `side`."""
    side: int = 0
    reserving: Reserving | None = None
    """What its records have to do with stock that is sold; None: nothing."""
    ledger: str = ""
    """Under whose name its records are known and its messages are made; "": its own."""
    shared: bool = False
    """Whether other flows bring records under the same name: none of them sees all there is."""
    newer_by: str = ""
    """Field of the record that tells a newer state from an older one."""
    quiet_until: Callable[[int], int | None] = lambda _: None
    """When the quiet of the source that holds at a moment ends, both in unix ms; None: no quiet."""

    def __post_init__(self) -> None:
        """A flow that joins no other one stands for itself."""
        if not self.ledger:
            object.__setattr__(self, "ledger", self.name)

    @property
    def targets(self) -> tuple[str, ...]:
        """Where a run may make messages for."""
        return self.pair.plan.targets if self.pair else (self.target,)

    @property
    def messages_of(self) -> str:
        """The flow under whose name the messages of its records stand."""
        return self.name if self.pair else self.ledger

    def record_key(self, key: str) -> str:
        """The key of its messages: another one where the sides of a pair have keys of their own."""
        return self.pair.record_key(self.side, key) if self.pair else key

    def sources(self) -> tuple[Callable[[], AnySource], ...]:
        """What makes the flow's own source, then those of its lookups."""
        return self.make_source, *(lookup.make_source for lookup in self.lookups)


@dataclass(frozen=True, slots=True)
class Task:
    """How much to read.

    `differential`: what changed. `full`: every row, compared. `resend`, `keys` and `since`:
    everything, only these keys, what changed since the earliest moment in `keys` (ISO 8601), each
    sent whether it differs or not.
    """

    scope: str = "differential"
    keys: tuple[str, ...] = ()
    urgent: bool = False
    """Whether somebody waits for it: it is done in quiet windows too."""
    send_equal: bool = True
    """Whether picked records are sent although they are equal to what was last taken over."""

    @property
    def everything_anew(self) -> bool:
        """Whether no row may be skipped because it is known."""
        return self.scope in {"full", "resend"}

    @property
    def forced(self) -> bool:
        """Whether equal records are sent again."""
        return self.scope == "resend" or (self.picked and self.send_equal)

    @property
    def picked(self) -> bool:
        """Whether only some rows are read, so that the cursor stays and no guard watches."""
        return self.scope in {"keys", "since"}


@dataclass(frozen=True, slots=True)
class IntakeLimits:
    """When reading has to wait. Delivery never does.

    Above the high-water mark of open messages (count or bytes) intake waits `patience` seconds for
    room and then ends its run cleanly. Below `disk_low` free bytes it does not read at all.
    """

    open_messages: int = 200_000
    open_bytes: int = 512_000_000
    disk_low: int = 500_000_000
    patience: float = 60.0
