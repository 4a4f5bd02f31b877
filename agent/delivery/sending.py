"""One claimed batch on its way: what the target says about each message, by bisecting if need be.

Nothing here waits, remembers or knows the store: messages in, verdicts out.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from agent.contract import AnyTarget, Doubt
from agent.errors import Misconfigured, Rejected, SyncError, Unavailable
from agent.model import Message, Receipt

log = logging.getLogger(__name__)

SUSPICIOUS_ATTEMPTS = 2
"""Earlier attempts after which a connector's crash makes us look for the message that causes it."""

LONGEST_REASON = 300

IN_DOUBT = "SA-5010"
"""The code of what may have been written already, and nobody can be asked."""


Bind = Callable[[Message, str], None]


class DoorClosed(Exception):
    """Raised by the gate: no further request may be made under this claim."""


@dataclass(slots=True)
class Outcome:
    """What is known of a batch. Messages in none of the lists are *not known*; `error` says why."""

    accepted: dict[str, Receipt] = field(default_factory=dict)
    rejected: dict[str, Receipt] = field(default_factory=dict)
    waiting: dict[str, Receipt] = field(default_factory=dict)
    """Nothing was done: they need something that is not there yet."""
    touched: set[str] = field(default_factory=set)
    """Messages without a verdict that may have had their effect."""
    error: SyncError | None = None
    interrupted: bool = False
    """The gate closed before everything was sent."""

    @property
    def answered(self) -> bool:
        """Whether the other side said anything about any message."""
        return bool(self.accepted or self.rejected or self.waiting)

    def join(self, later: Outcome) -> None:
        """What came of the next batch of the same claim."""
        self.accepted |= later.accepted
        self.rejected |= later.rejected
        self.waiting |= later.waiting
        self.touched |= later.touched
        self.error, self.interrupted = later.error, later.interrupted

    def unsettled(self, messages: Iterable[Message]) -> list[Message]:
        """Those of `messages` that have no verdict."""
        settled = self.accepted.keys() | self.rejected.keys() | self.waiting.keys()
        return [message for message in messages if message.id not in settled]

    def note(self, receipt: Receipt) -> None:
        """A verdict."""
        if receipt.accepted:
            self.accepted[receipt.message_id] = receipt
        elif receipt.waits:
            self.waiting[receipt.message_id] = receipt
        else:
            self.refuse(receipt.message_id, receipt.code, receipt.reason)

    def refuse(self, message_id: str, code: str, reason: str) -> None:
        """Note that this message is at fault; whoever refuses in silence gets words lent."""
        self.rejected[message_id] = Receipt(
            message_id,
            accepted=False,
            code=code or "SA-5002",
            reason=reason or "the target refused it without a reason",
        )


def send(
    target: AnyTarget, messages: Sequence[Message], gate: Callable[[], None], bind: Bind
) -> Outcome:
    """Deliver, halving what is refused as a whole until the message at fault stands alone.

    `gate` is passed before every request; it waits for the limiter or raises `DoorClosed`. `bind`
    is told the target's own id of a record that was found there.
    Halves carry the same ids and bytes, so that a half which had been taken over after all has
    no second effect.
    """
    outcome = Outcome()
    crashes = _Crashes(messages, outcome)
    parts = [list(messages)]
    while parts:
        part = parts.pop()
        try:
            _request(target, part, gate, bind, outcome, again=len(part) < len(messages))
        except Rejected as refusal:
            if len(part) == 1:
                _refuse_alone(part[0], refusal, outcome)
            else:
                parts += _halves(outcome.unsettled(part))
        except (Unavailable, Misconfigured) as error:
            outcome.error = error
            break
        except DoorClosed:
            outcome.interrupted = True
            break
        except Exception as crash:  # noqa: BLE001 - a bug of a connector must not stop the others
            if not crashes.note(part, crash) or target.doubt is Doubt.HOLD:
                break
            if len(part) > 1:
                parts += _halves(outcome.unsettled(part))
    crashes.settle()
    return outcome


def _request(
    target: AnyTarget,
    part: list[Message],
    gate: Callable[[], None],
    bind: Bind,
    outcome: Outcome,
    *,
    again: bool,
) -> None:
    """One delivery, and before it what is doubtful is settled, where the target needs it.

    What may have been written already is asked for; what the target does not answer for is not
    there. Where it cannot be asked a person decides.
    """
    doubtful = [message for message in part if again or message.doubtful]
    if doubtful and target.doubt is Doubt.ASK:
        gate()
        _look_up(target, doubtful, outcome, bind)
    elif target.doubt is Doubt.HOLD:
        for message in part:
            if message.doubtful:
                outcome.refuse(message.id, IN_DOUBT, "it may have been written already")
    rest = outcome.unsettled(part)
    if rest:
        gate()
        _deliver(target, rest, outcome)


def _look_up(target: AnyTarget, doubtful: list[Message], outcome: Outcome, bind: Bind) -> None:
    """Ask for what may be there.

    Where it may be an older state that is there, the record is known by its id from now on, and
    what replaces that state is written.
    """
    replacing = {message.id: message for message in doubtful if message.replaces}

    def verdicts() -> Iterator[Receipt]:
        for receipt in target.look_up(doubtful):
            message = replacing.get(receipt.message_id)
            if message is None or not receipt.accepted:
                yield receipt
            elif receipt.reference:
                bind(message, receipt.reference)

    _collect(verdicts(), doubtful, outcome)


def _deliver(target: AnyTarget, messages: list[Message], outcome: Outcome) -> None:
    outcome.touched.update(message.id for message in messages)
    try:
        _collect(target.deliver(messages), messages, outcome)
    except SyncError as error:
        # Refused as a whole means that nothing was done.
        if error.untouched or isinstance(error, Rejected):
            outcome.touched.difference_update(m.id for m in outcome.unsettled(messages))
        raise


def _collect(receipts: Iterable[Receipt], asked: list[Message], outcome: Outcome) -> None:
    """Take receipts by id as they come: those before an error stand, strangers are ignored.

    The first verdict on a message holds.
    """
    open_ids = {message.id for message in asked}
    for receipt in receipts:
        if receipt.message_id in open_ids:
            open_ids.discard(receipt.message_id)
            outcome.note(receipt)


def _halves(messages: list[Message]) -> list[list[Message]]:
    """Two halves, the one to be sent first at the end; none of nothing."""
    middle = (len(messages) + 1) // 2
    return [half for half in (messages[middle:], messages[:middle]) if half]


def _refuse_alone(message: Message, refusal: Rejected, outcome: Outcome) -> None:
    if outcome.unsettled([message]):
        outcome.refuse(message.id, refusal.code, refusal.reason)


class _Crashes:
    """A connector that fails unexpectedly, because of the target's state or of one message.

    At first it counts as an outage. Where a message of the batch had failed before, the batch is
    halved as for a refusal. A message that crashes the connector alone is blamed only if the same
    connector answered for others of the batch meanwhile; without that contrast nothing is parked,
    and the search ends after about twice the steps that one culprit takes.
    """

    def __init__(self, messages: Sequence[Message], outcome: Outcome) -> None:
        self._outcome = outcome
        self._search = any(message.attempts >= SUSPICIOUS_ATTEMPTS for message in messages)
        self._patience = 2 * len(messages).bit_length()
        self._alone: list[tuple[Message, str]] = []

    def note(self, part: list[Message], crash: Exception) -> bool:
        """Remember a crash. False: search no further."""
        reason = f"{type(crash).__name__}: {crash}".partition("\n")[0][:LONGEST_REASON]
        log.error("the connector failed on %d messages: %s", len(part), reason, exc_info=crash)
        self._outcome.error = Unavailable(
            "SA-5003",
            f"the connector failed unexpectedly: {reason}",
            hint="this is a fault of the connector; the log has the details",
        )
        if isinstance(crash, OSError) or not self._search:
            return False
        if len(part) == 1:
            self._alone.append((part[0], reason))
        self._patience -= 1
        return self._outcome.answered or self._patience > 0

    def settle(self) -> None:
        """Blame those that crashed alone while others went through."""
        if not self._outcome.answered or not self._alone:
            return
        for message, reason in self._alone:
            if self._outcome.unsettled([message]):
                self._outcome.refuse(
                    message.id, "SA-5004", f"the connector fails on this message: {reason}"
                )
