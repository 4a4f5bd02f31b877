"""What is being worked on: every line that is logged within says so, whoever writes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

_bound: ContextVar[Mapping[str, object]] = ContextVar("bound", default={})  # noqa: B039 - only read


@contextmanager
def bound(**fields: object) -> Iterator[None]:
    """Adds these fields to every line that is logged within.

    A function is asked when a line is written; what is None then is left out.
    """
    before = _bound.set({**_bound.get(), **fields})
    try:
        yield
    finally:
        _bound.reset(before)


def context() -> dict[str, object]:
    """The fields that hold at this moment."""
    asked = {name: each() if callable(each) else each for name, each in _bound.get().items()}
    return {name: each for name, each in asked.items() if each is not None}
