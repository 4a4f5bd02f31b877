"""Open alerts, who takes care of them, and whether they arrive."""

from __future__ import annotations

from typing import Any

from agent.api.engine import Engine
from agent.api.operation import Answer
from agent.clock import utc_text
from agent.store import Alert


def alerts(engine: Engine) -> Answer:
    """What people have to know and is not over, oldest first.

    `no_ping`: why the dead man's switch was not reached; "" where it was, or there is none.
    """
    pulse = engine.alerts.pulse
    missed = str(pulse.problem) if pulse and pulse.problem else ""
    return {"alerts": [_alert(each) for each in engine.store.alerts.open()], "no_ping": missed}


def alert_history(engine: Engine, limit: int = 50, before: int | None = None) -> Answer:
    """What is over, newest first; `before` is the number of the last one on the page before."""
    return {"alerts": [_alert(each) for each in engine.store.alerts.history(limit, before)]}


def acknowledge(engine: Engine, alert: int, by: str) -> Answer:
    """Somebody takes care of an alert: no more reminders."""
    engine.alerts.acknowledge(alert, by)
    return {"alert": alert, "by": by}


def test_alerts(engine: Engine) -> Answer:
    """Send a test to every address of the alerts now, and say which of them work."""
    tried = engine.alerts.test().items()
    return {
        "addresses": [{"address": name, "problem": error and str(error)} for name, error in tried]
    }


def _alert(alert: Alert) -> dict[str, Any]:
    return {
        "alert": alert.number,
        "kind": alert.kind,
        **alert.facts,
        "opened_at": utc_text(alert.opened_at),
        "told": alert.told,
        "told_to": list(alert.told_to),
        "last_told_at": utc_text(alert.last_told_at) if alert.told else None,
        "escalated": alert.escalated,
        "acknowledged_by": alert.acknowledged_by,
        "acknowledged_at": utc_text(alert.acknowledged_at) if alert.acknowledged_at else None,
        "gone_at": utc_text(alert.gone_at) if alert.gone_at else None,
    }
