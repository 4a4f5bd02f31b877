"""The support bundle: what those who help need to see of an agent."""

from __future__ import annotations

import base64
from collections import Counter
from typing import Any

from agent import __version__
from agent.api.engine import Engine
from agent.api.inquiries import check as checked
from agent.api.jobs import jobs
from agent.api.kpis import kpi
from agent.api.operation import Answer
from agent.clock import utc_text
from agent.config import ConfigurationProblems
from agent.runs import run_as_dict
from agent.support import Bundle, Outside, configuration_outside, environment
from agent.telemetry.backwards import newest
from agent.telemetry.place import log_path
from agent.telemetry.reading import Wanted

RUNS, LINES = 300, 4_000
LOG_BYTES = 8 << 20


def support_bundle(engine: Engine, check: bool = False) -> Answer:
    """A zip file for support, in base64: no secrets, no personal data, a few megabytes at most.

    `check` reaches every system first and puts in what each answered.
    """
    now = utc_text(engine.clock.now_ms())
    outside, config = Outside(engine.config), engine.config
    bundle = Bundle(__version__, now, config.site.name)
    bundle.add("environment.json", "versions, drivers, system", environment())
    bundle.add("status.json", "flows, systems, store", outside.told(engine.status()))
    bundle.add("configuration.yaml", "in force; no secrets", configuration_outside(config.text))
    bundle.add("configuration.json", "its history, problems", outside.told(_configuration(engine)))
    bundle.add("messages.json", "how many in which state", _messages(engine))
    bundle.add("causes.json", "why records are parked", outside.told(_causes(engine)))
    bundle.add("runs.json", f"the last {RUNS} runs", outside.told(_runs(engine)))
    bundle.add("jobs.json", "what is done and waits", outside.told(jobs(engine)))
    bundle.add("alerts.json", "open alerts, by kind", _alerts(engine))
    bundle.add("kpis.json", "figures of a week by day", kpi(engine, since="7d", by="day"))
    bundle.add("log.jsonl", "the end of the log, newest first", _log(engine, outside))
    if check:
        bundle.add("check.json", "what systems answered", outside.told(checked(engine)))
    zipped = base64.b64encode(bundle.zipped()).decode()
    return {"name": f"syncagent-support-{now[:19].replace(':', '')}Z.zip", "zip": zipped}


def _configuration(engine: Engine) -> dict[str, Any]:
    refused = engine.reload_problem
    problems = refused.problems if isinstance(refused, ConfigurationProblems) else []
    return {
        "digest": engine.config.digest,
        "refused": refused and refused.code,
        "problems": [problem._asdict() for problem in problems],
        "history": [
            {"at": utc_text(row.at), "digest": row.digest, "changes": dict(row.changes)}
            for row in engine.store.configurations.list()
        ],
    }


def _messages(engine: Engine) -> dict[str, dict[str, int]]:
    counts = engine.store.messages.counts()
    return {flow: {str(state): n for state, n in each.items()} for flow, each in counts.items()}


def _causes(engine: Engine) -> list[dict[str, Any]]:
    return [
        {"flow": each.flow, "code": each.code, "count": each.count, "reason": each.reason}
        for each in engine.store.causes.parked()
    ]


def _runs(engine: Engine) -> list[dict[str, Any]]:
    return [run_as_dict(each) for each in engine.store.runs.list(None, RUNS)]


def _alerts(engine: Engine) -> dict[str, int]:
    return dict(Counter(str(each.kind) for each in engine.store.alerts.open()))


def _log(engine: Engine, outside: Outside) -> str:
    """The last lines; none where the journal has them."""
    config = engine.config
    path = log_path(config.log.file, config.path, config.store.path.parent)
    found = newest(path, Wanted(), LINES, most=LOG_BYTES).lines if path else []
    return outside.log(found)
