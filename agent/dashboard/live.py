"""Server-sent events: one word whenever something changed, nothing about what."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from hashlib import sha256

import anyio
from starlette.concurrency import run_in_threadpool

from agent.api.engine import Engine
from agent.api.operations import OPERATIONS

LOOK_EVERY = 2.0
LONGEST = 300.0
"""Seconds of one stream; a browser then comes again by itself, and shows its cookie anew."""
_TICK = 0.5
"""Seconds within which a stream notices that the agent ends."""


async def pulse(engine: Engine, stopping: Callable[[], bool]) -> AsyncIterator[str]:
    """`changed` when something did; a comment else, by which a broken connection shows."""
    known = await run_in_threadpool(_state, engine)
    yield "retry: 3000\n\n"
    for _ in range(int(LONGEST / LOOK_EVERY)):
        for _ in range(int(LOOK_EVERY / _TICK)):
            if stopping():
                return
            await anyio.sleep(_TICK)
        found = await run_in_threadpool(_state, engine)
        yield "event: changed\ndata: -\n\n" if found != known else ": nothing new\n\n"
        known = found


def _state(engine: Engine) -> str:
    """A digest of what pages show, without the clock."""
    status = OPERATIONS["status"].call(engine, {})
    targets = [
        {name: target[name] for name in ("target", "state", "open_messages", "delivered", "parked")}
        for target in status["targets"]
    ]
    shown = [
        status["flows"],
        targets,
        status["configuration"],
        status["closed_doors"],
        status["open_alerts"],
    ]
    return sha256(json.dumps(shown, sort_keys=True, default=str).encode()).hexdigest()
