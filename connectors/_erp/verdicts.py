"""What becomes of each message of a delivery, where one may fail and the others pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

from agent.errors import Rejected, SyncError, Unavailable
from agent.model import Message, Receipt
from connectors._template import NotThereYet

ANSWERED = {"SA-5212", "SA-5358"}
"""Failures that may be of one record, and need not hold up the others."""

T = TypeVar("T")


@contextmanager
def nothing_written() -> Iterator[None]:
    """What fails in here has only asked."""
    try:
        yield
    except SyncError as error:
        error.untouched = True
        raise


@contextmanager
def written_already() -> Iterator[None]:
    """What fails in here comes after the effect, whatever it says of itself."""
    try:
        yield
    except SyncError as error:
        error.untouched = False
        raise


def one_by_one(
    items: Sequence[T], message_of: Callable[[T], Message], act: Callable[[T], Receipt]
) -> Iterator[Receipt]:
    """A receipt each. A failure that may be of one record holds up that one; a second one all."""
    postponed: SyncError | None = None
    for item in items:
        message = message_of(item)
        try:
            yield act(item)
        except Rejected as refused:
            yield refusal(message, refused)
        except NotThereYet as missing:
            yield missing.receipt(message)
        except Unavailable as error:
            if postponed or error.code not in ANSWERED:
                raise _both(postponed, error) from None
            postponed = error
    if postponed:
        raise postponed


def _both(first: SyncError | None, second: SyncError) -> SyncError:
    """The one to raise of two: the other side is untouched only where both say so."""
    return first if first and not first.untouched else second


def refusal(message: Message, refused: SyncError) -> Receipt:
    """The receipt of a message that is parked."""
    reason = f"{refused.reason}: {refused.hint}" if refused.hint else refused.reason
    return Receipt(message.id, accepted=False, code=refused.code, reason=reason)
