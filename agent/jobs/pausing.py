"""What a pause of a flow forbids, and how that is said."""

from __future__ import annotations

from agent.clock import utc_text
from agent.errors import Rejected
from agent.store import FlowPause, Store

BY_SHOP = "shop"
PAUSED, PAUSED_BY_SHOP = "SA-7108", "SA-5501"


def require_awake(store: Store, flow: str, now: int) -> None:
    """Raise `Rejected` where a flow is paused: who asks for a run shall know why there is none."""
    pause = store.pauses.get(flow, now)
    if pause is not None:
        raise Rejected(
            PAUSED_BY_SHOP if pause.asked_by == BY_SHOP else PAUSED,
            f'"{flow}" is {pause_in_words(pause)}',
            hint=f"{': '.join(filter(None, (pause.by, pause.reason)))}; syncagent resume {flow}",
        )


def pause_in_words(pause: FlowPause) -> str:
    """`paused until …`; other systems read it too, so it names nobody."""
    return f"paused until {utc_text(pause.until) if pause.until else 'it is resumed'}"
