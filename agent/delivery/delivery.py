"""One target: claim what is due, deliver it, settle the verdicts. The only retry of the system."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from math import inf
from random import Random
from threading import Thread
from types import MappingProxyType
from typing import Any

from agent.clock import Clock
from agent.contract import AnyTarget, Gate, can
from agent.delivery.connection import Connection, MakeTarget, TargetNotBuilt, Targets, WrapTarget
from agent.delivery.door import LONGEST_NAP, Door, Nap, Pass
from agent.delivery.lending import QuestionGate, SenderGate, StoredBindings
from agent.delivery.sending import DoorClosed, Outcome, send
from agent.delivery.settings import DeliverySettings
from agent.delivery.status import (
    DeliveryEvent,
    DeliveryState,
    DeliveryStatus,
    EventKind,
    Tally,
)
from agent.entities import PERSONAL_ENTITIES
from agent.errors import Misconfigured, Rejected, SyncError, Unavailable
from agent.kpi import Meter
from agent.log_context import bound
from agent.model import Message, State
from agent.store import Claim, Store, Unknown

log = logging.getLogger(__name__)

PROBE_SIZE = 10
"""Messages in a batch that finds out whether the target answers."""

CLAIM_SECONDS, MOST_REQUESTS = 0.2, 8
"""A claim is about so much work, and at most so many requests: a quick target costs few commits, a
slow one holds few messages, behind which nothing urgent has to wait."""

MOST_LINES = 100
"""Lines about single messages that one claim may write."""

INTERRUPTED = "SA-5005"
"""The code of what was claimed and not sent after all."""

RECHECK = 5.0
"""Seconds until a sender looks again where nothing will wake it."""


_NO_WRAPPERS: Mapping[str, WrapTarget] = MappingProxyType({})


class Delivery:
    """The senders of one target connection.

    Senders claim by lease, so a crash at any point leaves nothing to rescue: what was not settled
    comes again with the same id and bytes. `makers` says for each flow what makes its target.
    `on_event` is called by sender threads and must not block or raise. `tally` goes on counting
    where a delivery takes the place of another.
    """

    def __init__(
        self,
        *,
        name: str,
        store: Store,
        makers: Mapping[str, MakeTarget],
        wrappers: Mapping[str, WrapTarget] = _NO_WRAPPERS,
        settings: DeliverySettings,
        clock: Clock,
        random: Random,
        on_event: Callable[[DeliveryEvent], None] | None = None,
        meter: Meter | None = None,
        tally: Tally | None = None,
    ) -> None:
        self.name = name
        self._store = store
        self._settings = settings
        self._clock = clock
        self._meter = meter or Meter(clock)
        self._door = Door(settings, clock, random, lambda: self._meter.requested(name))
        self._gate = SenderGate(self._door)
        self._connection = Connection(makers, wrappers, StoredBindings(store, name), self._gate)
        self._tally = tally or Tally(clock)
        self._on_event = on_event
        self._requests_a_claim = 1
        self._threads: list[Thread] = []

    def start(self) -> None:
        """Start the senders; they run until `drain`."""
        self._threads = [
            Thread(target=self._serve, name=f"deliver-{self.name}-{number}", daemon=True)
            for number in range(1, self._settings.senders + 1)
        ]
        for thread in self._threads:
            thread.start()

    def wake(self) -> None:
        """Messages for this target were committed."""
        self._door.wake()

    def drain(self, seconds: float) -> bool:
        """Claim no more and let what is in flight finish. False: not within `seconds`.

        A batch still under way then keeps its lease; it comes again when that has expired.
        """
        self._door.close()
        empty = self._door.wait_until_empty(seconds)
        for thread in self._threads if empty else ():
            thread.join()
        self._connection.renew()
        return empty

    def run_until_idle(self, deadline: float = inf) -> None:
        """Deliver what is due, without `start`; returns when nothing can be sent now.

        `deadline` is monotonic: no batch is begun after it.
        """
        others = [
            Thread(target=self._work, args=(deadline,), name=f"deliver-{self.name}-{number}")
            for number in range(2, self._settings.senders + 1)
        ]
        for thread in others:
            thread.start()
        try:
            self._work(deadline)
        except BaseException:
            self._door.close()
            raise
        finally:
            for thread in others:
                thread.join()

    def resume(self) -> None:
        """A person fixed what halted the target, or wants it tried now: start with one probe."""
        self._connection.renew()
        if self._door.resume():
            self._tell(EventKind.RESUMED)

    def tell_target(self, status: dict[str, Any]) -> bool:
        """Let the target know how the agent does, through the same door as everything else.

        False where it cannot hear it, or cannot be reached now. Raises what the target raises.
        """
        leave = self._door.enter()
        if isinstance(leave, Nap):
            return False
        try:
            with self._connection.lend() as targets, self._gate.held_by(leave):
                if not can(targets.first, "heartbeat"):
                    return False
                self._door.request(leave)
                targets.first.heartbeat(status)
                return True
        except TargetNotBuilt as failure:
            raise failure.error from failure
        except DoorClosed:
            return False
        finally:
            self._door.leave(leave)

    def gate_for_questions(self) -> Gate:
        """What keeps somebody who asks the target within the limits of its deliveries."""
        return QuestionGate(self._door)

    def status(self) -> DeliveryStatus:
        """What the senders are doing at this moment."""
        state, until = self._state()
        return self._tally.status(self.name, state, until, self._door.halted)

    def _state(self) -> tuple[DeliveryState, int | None]:
        obstacle, now = self._door.obstacle(), self._clock.now_ms()
        if obstacle and obstacle.seconds == inf:
            return obstacle.state, None
        if self._tally.in_flight:
            return DeliveryState.SENDING, None
        if obstacle:
            return obstacle.state, now + int(obstacle.seconds * 1000)
        due = self._store.messages.next_due(self.name)
        if due is None:
            return DeliveryState.IDLE, None
        return DeliveryState.WAITING, max(due, now)

    def _serve(self) -> None:
        while not self._door.closed:
            if nap := self._turn():
                self._door.rest(nap)

    def _work(self, deadline: float) -> None:
        while (left := deadline - self._clock.monotonic()) > 0:
            nap = self._turn()
            if nap is None:
                continue
            if nap.for_others:
                self._door.rest(nap, at_most=left)
            elif self._door.is_empty:
                return
            else:
                # Others still hold a batch, and may give some of it back.
                self._door.wait_until_empty(min(left, LONGEST_NAP))

    def _turn(self) -> Nap | None:
        """Claim, send and settle one batch. A nap: there was none to send."""
        leave = self._door.enter()
        if isinstance(leave, Nap):
            return leave
        try:
            return self._claim_and_send(leave)
        except Exception as error:  # noqa: BLE001 - a sender that ends in silence is worse than any
            return self._store_failed(error, leave)
        finally:
            self._door.leave(leave)

    def _claim_and_send(self, leave: Pass) -> Nap | None:
        if nap := self._nothing_due(leave):
            return nap
        try:
            with self._connection.lend() as targets, self._gate.held_by(leave):
                claim = self._claim(targets, leave)
                if not claim.messages:
                    return self._nothing_due(leave) or Nap(
                        DeliveryState.WAITING, RECHECK, leave.seen
                    )
                with self._tally.flight(len(claim.messages)):
                    self._deliver(targets, claim, leave)
        except TargetNotBuilt as failure:
            self._conclude(Outcome(error=failure.error))
        return None

    def _nothing_due(self, leave: Pass) -> Nap | None:
        due = self._store.messages.next_due(self.name)
        if due is None:
            return Nap(DeliveryState.IDLE, inf, leave.seen)
        seconds = (due - self._clock.now_ms()) / 1000
        if seconds > self._settings.longest_wait:
            # The wall clock was set back, perhaps by a year: what waits is not to wait for it.
            self._store.decisions.retry(target=self.name, state=State.PENDING)
            return None
        return Nap(DeliveryState.WAITING, seconds, leave.seen) if seconds > 0 else None

    def _most(self, batch_size: int) -> int:
        """Messages in one request to a target that takes so many."""
        return min(self._settings.batch_size, batch_size)

    def _claim(self, targets: Targets, leave: Pass) -> Claim:
        most = self._most(targets.batch_size)
        requests = 1 if targets.leaves_doubt else self._requests_a_claim
        return self._store.messages.claim(
            self.name,
            min(most, PROBE_SIZE) if leave.probe else most * requests,
            now=self._clock.now_ms(),
            lease_ms=int(self._settings.lease * 1000),
        )

    def _deliver(self, targets: Targets, claim: Claim, leave: Pass) -> None:
        outcome, unknown = self._send(targets, claim.messages, leave)
        accepted, rejected = list(outcome.accepted.values()), list(outcome.rejected.values())
        with self._store.transaction():
            now = self._clock.now_ms()  # in here times go up from commit to commit: KPIs rely on it
            self._store.messages.settle(claim.token, accepted, rejected, unknown, now)
        self._tally.settled(len(accepted), len(rejected))
        if rejected or unknown:
            self._count_failures(claim.messages, outcome, unknown)
        self._log_verdicts(claim.messages, outcome)
        if accepted:
            self._tell(EventKind.DELIVERED, len(accepted))
        if rejected:
            first = rejected[0]
            self._tell(EventKind.PARKED, len(rejected), Rejected(first.code, first.reason))
        if unknown:
            self._tell(EventKind.POSTPONED, len(unknown), outcome.error)

    def _send(
        self, targets: Targets, messages: list[Message], leave: Pass
    ) -> tuple[Outcome, list[Unknown]]:
        """Send a claim request by request, up to the first that fails; what became of it."""
        started, requests, whole = self._clock.monotonic(), 0, Outcome()
        sent: list[Message] = []
        for target, batch in self._batches(targets, messages, whole):
            if whole.error or whole.interrupted:
                break
            began = self._clock.monotonic()
            with bound(target=self.name, **_named(batch)):
                outcome = send(target, batch, lambda: self._door.request(leave), self._bind)
            if outcome.answered or outcome.error:
                took = self._clock.monotonic() - began
                self._meter.answered(self.name, took, failed=outcome.error is not None)
            self._conclude(outcome)
            whole.join(outcome)
            sent += batch
            requests += 1
        seconds = (self._clock.monotonic() - started) / max(requests, 1)
        self._requests_a_claim = max(1, min(MOST_REQUESTS, int(CLAIM_SECONDS / (seconds or 1e-9))))
        unknown = self._unknown(whole.unsettled(sent), whole) + self._waiting(sent, whole)
        begun = {message.id for message in sent}
        rest = [message for message in whole.unsettled(messages) if message.id not in begun]
        return whole, unknown + self._unknown(rest, Outcome(interrupted=True))

    def _bind(self, message: Message, reference: str) -> None:
        self._store.bindings.bind(self.name, message.entity, [(message.key, reference)])

    def _batches(
        self, targets: Targets, messages: list[Message], outcome: Outcome
    ) -> Iterator[tuple[AnyTarget, list[Message]]]:
        """What goes out together, in order; what nobody knows how to write is refused."""
        by_target: dict[int, tuple[AnyTarget, list[Message]]] = {}
        for message in messages:
            target = targets.of(message.flow)
            if target is None:
                reason = f'the flow "{message.flow}" is not configured any more'
                outcome.refuse(message.id, "SA-5008", reason)
            else:
                by_target.setdefault(id(target), (target, []))[1].append(message)
        for target, theirs in by_target.values():
            most = self._most(target.batch_size)
            for start in range(0, len(theirs), most):
                yield target, theirs[start : start + most]

    def _log_verdicts(self, messages: list[Message], outcome: Outcome) -> None:
        """A line for each message that was refused, and with `debug` for each that was taken.

        What is said about people stays in the store: their line names the message and the code.
        """
        verdicts = {**outcome.rejected}
        if log.isEnabledFor(logging.DEBUG):
            verdicts |= outcome.accepted
        if not verdicts:
            return
        met = ((each, verdicts[each.id]) for each in messages if each.id in verdicts)
        for message, receipt in islice(met, MOST_LINES):
            reason = "" if message.entity in PERSONAL_ENTITIES else receipt.reason
            about = {
                "target": self.name,
                "flow": message.flow,
                "entity": message.entity,
                "message_id": message.id,
                "key": message.key,
                "code": receipt.code,
                "reason": reason,
                "reference": receipt.reference,
            }
            level = logging.DEBUG if receipt.accepted else logging.INFO
            log.log(
                level,
                "message %s",
                "delivered" if receipt.accepted else "refused",
                extra={name: value for name, value in about.items() if value},
            )

    def _count_failures(
        self, messages: list[Message], outcome: Outcome, unknown: list[Unknown]
    ) -> None:
        """What was refused, and what got no verdict though it was sent."""
        unanswered = {
            each.message_id
            for each in unknown
            if each.code != INTERRUPTED and each.message_id not in outcome.waiting
        }
        refused = Counter(each.flow for each in messages if each.id in outcome.rejected)
        silent = Counter(each.flow for each in messages if each.id in unanswered)
        for flow in refused.keys() | silent.keys():
            self._meter.failed(flow, refused=refused[flow], unanswered=silent[flow])

    def _waiting(self, messages: list[Message], outcome: Outcome) -> list[Unknown]:
        """When those are looked at again that need something which is not there yet."""
        now = self._clock.now_ms()
        return [
            Unknown(
                message.id,
                now + int(self._door.delay(message.attempts) * 1000),
                receipt.code,
                receipt.reason,
                untouched=True,
            )
            for message in messages
            if (receipt := outcome.waiting.get(message.id))
        ]

    def _unknown(self, messages: list[Message], outcome: Outcome) -> list[Unknown]:
        """When each message without a verdict is due again, and why it has none."""
        now = self._clock.now_ms()
        if outcome.interrupted:
            error: SyncError = Unavailable(INTERRUPTED, "sending was interrupted")
        else:
            error = outcome.error or Unavailable("SA-5001", "the target gave no answer for it")
        return [
            Unknown(
                message.id,
                now + int(self._delay(message, outcome) * 1000),
                error.code,
                error.reason,
                untouched=message.id not in outcome.touched,
            )
            for message in messages
        ]

    def _delay(self, message: Message, outcome: Outcome) -> float:
        """Seconds until its next attempt. What the door keeps back anyway need not wait besides."""
        if outcome.interrupted or isinstance(outcome.error, Misconfigured):
            return 0.0
        if isinstance(outcome.error, Unavailable) and outcome.error.retry_after is not None:
            return self._door.pause()
        return self._door.delay(message.attempts)

    def _conclude(self, outcome: Outcome) -> None:
        """Tell the door before anything else is sent: halt, open, pause or close the circuit."""
        if outcome.error:
            self._tally.failed(outcome.error)
        change = self._door.judge(outcome)
        if change in {EventKind.HALTED, EventKind.OPENED}:
            self._connection.renew()
        if change:
            self._tell(change, error=outcome.error)

    def _store_failed(self, error: Exception, leave: Pass) -> Nap | None:
        """Our own side failed. A full or locked disk may pass; anything else halts the target."""
        log.error("delivery to %s: %s", self.name, error, exc_info=error)
        if isinstance(error, Unavailable):
            self._tally.failed(error)
            return Nap(DeliveryState.WAITING, RECHECK, leave.seen)
        if not isinstance(error, SyncError):
            error = SyncError(
                "SA-5101",
                f"delivery stopped unexpectedly: {type(error).__name__}: {error}",
                hint="the log has the details; resuming the target tries again",
            )
        self._tally.failed(error)
        if self._door.halt(error):
            self._tell(EventKind.HALTED, error=error)
        return None

    def _tell(self, kind: EventKind, count: int = 0, error: SyncError | None = None) -> None:
        if self._on_event:
            self._on_event(DeliveryEvent(kind, self.name, count, error))


def _named(batch: list[Message]) -> dict[str, object]:
    """What lines about a request say of its messages."""
    if len(batch) == 1:
        return {"message_id": batch[0].id, "entity": batch[0].entity}
    return {"messages": f"{batch[0].id} to {batch[-1].id}", "entity": batch[0].entity}
