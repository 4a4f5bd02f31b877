"""How the agent does, in one JSON object: the verdict, flows, targets, store, configuration."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

from agent import __version__
from agent.clock import utc_text
from agent.config import Config
from agent.delivery import Delivery, DeliveryStatus
from agent.errors import SyncError
from agent.model import State
from agent.runs import run_as_dict
from agent.store import Alert, FlowPause, Store
from agent.verdict import Verdict, verdict
from agent.verify import SCOPE as VERIFY
from agent.verify import as_dict as comparison_as_dict

TOO_OLD = "freshness"
"""The kind of alert that says of a flow that the target's data is older than it may be."""


def overview(
    *,
    config: Config,
    store: Store,
    deliveries: Mapping[str, Delivery],
    next_due: Callable[[str], int | None],
    looked_at: Mapping[str, int],
    now: int,
    started_at: int,
    reload_problem: SyncError | None,
    closed_doors: Sequence[SyncError],
    alerts: Sequence[Alert],
) -> dict[str, Any]:
    """Everything `syncagent status` shows. Times are ISO 8601 in UTC, null for never."""
    counts, paused = store.messages.counts(), store.pauses.in_force(now)
    late = {
        alert.facts["where"]
        for alert in store.alerts.open()
        if alert.kind == TOO_OLD and alert.gone_at is None
    }
    flows = [
        {
            **_flow(config, store, name, counts.get(name, {}), looked_at.get(name, 0)),
            "paused": _pause(paused.get(name)),
            "late": name in late,
            "next_due_at": _time(next_due(name)),
        }
        for name in config.flows
    ]
    targets = [_target(store, delivery.status()) for delivery in deliveries.values()]
    doors = [_error(error) for error in closed_doors]
    waiting = [alert.kind for alert in alerts if not alert.acknowledged_at]
    found = verdict(flows, targets, _error_if_any(reload_problem), doors, waiting)
    return {
        "site": config.site.name,
        "version": __version__,
        "verdict": in_words(found),
        "finding": found._asdict(),
        "now": _time(now),
        "time_zone": config.site.time_zone,
        "started_at": _time(started_at),
        "flows": flows,
        "targets": targets,
        "store": _store(store),
        "configuration": {
            "path": str(config.path),
            "digest": config.digest[:12],
            "problem": _error_if_any(reload_problem),
        },
        "closed_doors": doors,
        "open_alerts": len(alerts),
    }


def told_to_others(status: Mapping[str, Any], flows: Collection[str]) -> dict[str, Any]:
    """What of a status another system may know: of its own flows, and nothing of this machine."""
    own = [
        {**each, "paused": each["paused"] and {"until": each["paused"]["until"]}}
        for each in status["flows"]
        if each["flow"] in flows
    ]
    told = {name: status[name] for name in ("site", "version", "now", "started_at")}
    return {**told, "verdict": in_words(verdict(own, [])), "flows": own}


def _flow(
    config: Config, store: Store, name: str, counts: Mapping[State, int], looked_at: int
) -> dict[str, Any]:
    flow, state = config.flows[name], store.flows.get(name)
    runs = store.runs.list(name, limit=20)
    read = [run for run in runs if run.scope != VERIFY]
    good = next((run for run in read if run.outcome in {"ok", "partial", "approved"}), None)
    compared = store.verifications.summary(name)
    return {
        "flow": name,
        "enabled": flow.enabled,
        "entity": flow.entity,
        "source": flow.source.connection.name,
        "target": flow.target.connection.name,
        "known": store.known.count(name),
        **{str(kind): counts.get(kind, 0) for kind in (State.PENDING, State.PARKED, State.HELD)},
        "halted": state.halted,
        "last_run": run_as_dict(runs[0]) if runs else None,
        "allowed_age": flow.freshness,
        "last_good_run_at": _time(max(looked_at, (good.finished_at or 0) if good else 0)),
        "full_pass_at": _time(state.full_pass_at),
        "verification": comparison_as_dict(compared),
    }


def _pause(pause: FlowPause | None) -> dict[str, Any] | None:
    if pause is None:
        return None
    return {
        "since": utc_text(pause.since),
        "until": _time(pause.until),
        "asked_by": pause.asked_by,
        "by": pause.by,
        "reason": pause.reason,
    }


def _target(store: Store, status: DeliveryStatus) -> dict[str, Any]:
    count, size = store.messages.open_load(status.target)
    return {
        "target": status.target,
        "state": str(status.state),
        "until": _time(status.until),
        "open_messages": count,
        "open_bytes": size,
        "in_flight": status.in_flight,
        "delivered": status.delivered,
        "parked": status.parked,
        "messages_per_second": round(status.rate, 1),
        "last_success_at": _time(status.last_success),
        "last_error": _error_if_any(status.last_error),
        "last_error_at": _time(status.last_error_at),
    }


def _store(store: Store) -> dict[str, Any]:
    wal = store.path.with_name(store.path.name + "-wal")
    return {
        "path": str(store.path),
        "bytes": store.path.stat().st_size,
        "wal_bytes": wal.stat().st_size if wal.exists() else 0,
        "disk_free_bytes": shutil.disk_usage(store.path.parent).free,
    }


def in_words(found: Verdict) -> str:
    """A verdict in English, for terminals and other systems."""
    values = dict(found.values)
    if found.about == "parked":
        values["records"] = "record" if values["count"] == 1 else "records"
    return _SENTENCES[found.about].format(**values)


_SENTENCES = {
    "halted": "{name} is halted: {reason} (once mended: syncagent resume)",
    "held": "{flows}: a run waits for approval (syncagent hold list)",
    "configuration": "the changed configuration was refused, the last good one is in force",
    "door": "{code} {reason}",
    "unreachable": "{name} does not answer; messages waiting: {count}",
    "disk": "the disk of the store is almost full: nothing new is read until there is room",
    "parked": "{count} {records} did not go through (syncagent outbox list --state parked)",
    "failed": "the last run failed: {flows}",
    "alerts": "open alerts: {count} (syncagent alerts list)",
    "paused": "all is well; paused: {flows}",
    "well": "all is well",
}


def _error(error: SyncError) -> dict[str, str]:
    return {"code": error.code, "reason": error.reason, "hint": error.hint}


def _error_if_any(error: SyncError | None) -> dict[str, str] | None:
    return None if error is None else _error(error)


def _time(milliseconds: int | None) -> str | None:
    return utc_text(milliseconds) if milliseconds else None
