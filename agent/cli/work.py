"""Has flows run and waits for the end: by the daemon, or in this process under the lock."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from agent.cli.exit_codes import Exit, exit_code_of
from agent.cli.invocation import Access, InThisProcess, Invocation
from agent.cli.terminal import Progress

SHORTEST_NAP, LONGEST_NAP = 0.01, 0.15
"""Seconds between two looks at the work: what is soon done is soon noticed."""
NOT_ANSWERING = {"open", "halted"}
"""States of a target in which it is idle to wait for deliveries."""
_COUNTS = ("rows", "inserts", "updates", "deletes")
_BY_OUTCOME = {
    "ok": Exit.OK,
    "partial": Exit.PARTIAL,
    "held": Exit.PARTIAL,
    "interrupted": Exit.PARTIAL,
}


def run_flows(
    invocation: Invocation,
    agent: Access,
    flows: Sequence[str],
    scope: str,
    keys: Sequence[str] = (),
) -> Exit:
    """Run these flows one after the other and show what came of each; the exit status."""
    ended = []
    with invocation.terminal.progress() as bar:
        for flow in flows:
            job = agent.tell("request", flow=flow, scope=scope, keys=list(keys))["job"]
            ended.append(_done(agent, job, flow, bar))
    _show(invocation, ended)
    return max((_exit_code(each) for each in ended), default=Exit.OK)


def finish_job(invocation: Invocation, agent: Access, flow: str, job: int) -> Exit:
    """See a job through that was asked for already; in JSON mode without a word."""
    with invocation.terminal.progress() as bar:
        ended = _done(agent, job, flow, bar)
    if not invocation.terminal.as_json:
        _show(invocation, [ended])
    return _exit_code(ended)


def compare_flow(invocation: Invocation, agent: Access, flow: str) -> dict[str, Any]:
    """Compare a flow with its target and wait for that alone; how the run ended."""
    with invocation.terminal.progress() as bar:
        job = agent.tell("request", flow=flow, scope="verify")["job"]
        if isinstance(agent, InThisProcess):
            agent.run(job, _rows_shown(bar, flow))
        _await_run(agent, job, flow, bar)
    return agent.ask("progress", job=job)


def _done(agent: Access, job: int, flow: str, bar: Progress) -> dict[str, Any]:
    if isinstance(agent, InThisProcess):
        agent.run(job, _rows_shown(bar, flow))
    _await_run(agent, job, flow, bar)
    _await_delivery(agent, job, flow, bar)
    return _ended(agent, job, flow)


def _rows_shown(bar: Progress, flow: str) -> Callable[[int, int], None]:
    def show(rows: int, _changes: int) -> None:
        bar.update(rows, None, flow)

    return show


def _await_run(agent: Access, job: int, flow: str, bar: Progress) -> None:
    """Until the job's run is over."""
    naps = _naps()
    while (now := agent.ask("progress", job=job))["state"] in {"waiting", "running"}:
        bar.update(now.get("rows", 0), now.get("expected"), f"{flow}: {now['state']}")
        time.sleep(next(naps))


def _await_delivery(agent: Access, job: int, flow: str, bar: Progress) -> None:
    """Until its messages are delivered, or cannot be for now."""
    naps = _naps()
    most = 0
    while pending := agent.ask("progress", job=job)["pending"]:
        if _target(agent, flow)["state"] in NOT_ANSWERING:
            return
        most = max(most, pending)
        bar.update(most - pending, most, f"{flow}: delivering")
        time.sleep(next(naps))


def _naps() -> Iterator[float]:
    """Short ones at first, twice as long each time."""
    nap = SHORTEST_NAP
    while True:
        yield nap
        nap = min(2 * nap, LONGEST_NAP)


def _ended(agent: Access, job: int, flow: str) -> dict[str, Any]:
    """How a run went and what became of its messages."""
    found = agent.ask("progress", job=job)
    run = found["run"]
    parked = agent.ask("messages", flow=flow, state="parked", run=run, limit=1000)["messages"]
    trouble = _target(agent, flow)["last_error"] if found["pending"] else None
    return {
        "flow": flow,
        "run": run,
        "outcome": found["outcome"],
        "counts": found["counts"],
        "parked": len(parked),
        "pending": found["pending"],
        "code": found["code"] or (trouble or {}).get("code", ""),
        "reason": found["reason"] or (trouble or {}).get("reason", ""),
    }


def _target(agent: Access, flow: str) -> dict[str, Any]:
    status = agent.ask("status")
    name = next(each["target"] for each in status["flows"] if each["flow"] == flow)
    found: dict[str, Any] = next(each for each in status["targets"] if each["target"] == name)
    return found


def _exit_code(ended: dict[str, Any]) -> Exit:
    outcome = ended["outcome"]
    if outcome == "failed":
        return exit_code_of(ended["code"], "Unavailable")
    if outcome == "halted":
        return exit_code_of(ended["code"], "Misconfigured")
    if ended["pending"]:
        return exit_code_of(ended["code"], "Unavailable")
    return max(_BY_OUTCOME[outcome], Exit.PARTIAL if ended["parked"] else Exit.OK)


def _show(invocation: Invocation, ended: list[dict[str, Any]]) -> None:
    if invocation.terminal.as_json:
        invocation.terminal.document({"runs": ended})
        return
    invocation.terminal.table(
        ("flow", "run", "outcome", "rows", "new", "changed", "deleted", "parked", "waiting", "why"),
        [
            (
                each["flow"],
                each["run"],
                each["outcome"],
                *(each["counts"].get(name, 0) for name in _COUNTS),
                each["parked"],
                each["pending"],
                " ".join(filter(None, (each["code"], each["reason"]))),
            )
            for each in ended
        ],
    )
    for each in ended:
        if each["outcome"] == "held":
            invocation.terminal.talk(f"decide: syncagent hold approve {each['run']}, or hold drop")
        if each["outcome"] == "halted":
            invocation.terminal.talk(f"mend it, then: syncagent resume {each['flow']}")
        if each["parked"]:
            invocation.terminal.talk(f"look: syncagent outbox list --flow {each['flow']}")
