"""Jobs as people see them: what is being done, what waits, what runs by itself next."""

from __future__ import annotations

from typing import Literal

from agent.api.engine import Engine
from agent.api.operation import Answer
from agent.board import job_board
from agent.errors import Rejected
from agent.model import State
from agent.runs import run_as_dict


def jobs(engine: Engine) -> Answer:
    """What is being done with an estimate, what waits, and what runs by itself next."""
    now = engine.clock.now_ms()
    return job_board(engine.queue, engine.runner, now, engine.store.pauses.in_force(now))


def cancel(engine: Engine, by: str, job: int = 0, flow: str = "", waiting: str = "") -> Answer:
    """Take back a job that waits, or end the one that is being done.

    It is named by its number. What has none is named by its flow: what is being done for it, or
    with `waiting` what a schedule or an event asks of it, by its scope.
    """
    if job:
        at_work = {each.job.id: each.job.flow for each in engine.runner.at_work()}
        found = engine.queue.cancel(job) or engine.runner.cancel(at_work.get(job, ""), by)
        nothing = f"job {job} neither waits nor is being done"
    elif waiting:
        found = engine.queue.forgo(flow, waiting)
        nothing = f"no schedule or event waits for {flow}: {waiting}"
    else:
        found = engine.runner.cancel(flow, by)
        nothing = f"nothing is being done for {flow}"
    if not found:
        raise Rejected("SA-7105", nothing, hint="syncagent jobs list")
    return {"job": job or None, "flow": flow or None}


def progress(engine: Engine, job: int) -> Answer:
    """How far a job got, and how many messages of its flow are still to be delivered."""
    found = engine.runner.progress(job)
    counts = engine.store.messages.counts().get(found.get("flow", ""), {})
    return {**found, "pending": counts.get(State.PENDING, 0)}


def runs(engine: Engine, flow: str = "", limit: int = 20, before: int | None = None) -> Answer:
    """The last runs, newest first; `before` is the last one of the page before."""
    found = engine.store.runs.list(flow or None, limit, before)
    if flow and not found and flow not in engine.config.flows:
        known = ", ".join(sorted(engine.config.flows))
        raise Rejected("SA-7104", f'there is no flow "{flow}"', hint=f"flows: {known}")
    return {"runs": [run_as_dict(each) for each in found]}


def run(engine: Engine, run: int) -> Answer:
    """One run with its counts."""
    try:
        return run_as_dict(engine.store.runs.get(run))
    except KeyError:
        raise Rejected("SA-7002", f"there is no run {run}", hint="syncagent runs") from None


def held(engine: Engine, flow: str = "") -> Answer:
    """The runs that wait for a person, of one flow or of all."""
    found = [each for each in engine.store.runs.held() if flow in {"", each.flow}]
    return {"runs": [run_as_dict(each) for each in found]}


def request(
    engine: Engine,
    flow: str,
    scope: Literal["differential", "full", "resend", "keys", "since", "verify"] = "differential",
    keys: list[str] = [],  # noqa: B006 - only read
) -> Answer:
    """Ask for a run of a flow; the number of the job."""
    return {"job": engine.request(flow, scope, keys)}
