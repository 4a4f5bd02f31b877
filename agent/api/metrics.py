"""What Prometheus scrapes at `/metrics`: counters since the start, and how things stand.

Names and units follow Prometheus's conventions. Counters come from the figures of the KPIs, which
are written once a minute; gauges are those of this moment.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from agent.kpi import FLOW, TARGET, Figures, typical
from agent.store import Subject

if TYPE_CHECKING:
    from prometheus_client.core import HistogramMetricFamily, Metric

    from agent.api.engine import Engine

PATH = "/metrics"
PROCESSING = (0.1, 0.5, 1, 5, 10, 30, 60, 300, 900, 3600, 21_600, 86_400)
CALLS = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60)
"""Upper limits of the histograms, in seconds; the durations are known to five percent."""

_FLOW_COUNTERS = (
    ("syncagent_runs", "Runs, polls that found nothing among them", "runs"),
    ("syncagent_failed_runs", "Runs that failed or were halted", "failed_runs"),
    ("syncagent_rows_read", "Rows read from the source", "rows"),
    ("syncagent_changes", "Changes found", "changes"),
    ("syncagent_rows_refused", "Rows that the mapping refused", "refused_rows"),
)
_TARGET_COUNTERS = (
    ("syncagent_calls", "Requests made to a target", "calls"),
    ("syncagent_failed_calls", "Batches that a target left without a whole answer", "failed_calls"),
)
_OUTCOMES = ("delivered", "refused", "unanswered")
_STATES = ("pending", "parked", "held")


def exposition(engine: Engine) -> tuple[bytes, str]:
    """The text for Prometheus, and its content type."""
    from prometheus_client import (  # noqa: PLC0415 - only where somebody scrapes
        CONTENT_TYPE_LATEST,
        CollectorRegistry,
        generate_latest,
    )
    from prometheus_client.registry import Collector  # noqa: PLC0415 - the same

    class OfThisMoment(Collector):
        def collect(self) -> Iterable[Metric]:
            return families(engine)

    registry = CollectorRegistry(auto_describe=False)
    registry.register(OfThisMoment())
    return generate_latest(registry), CONTENT_TYPE_LATEST


def families(engine: Engine) -> Iterator[Metric]:
    """All metrics as they are now."""
    return _metrics(engine.status(), engine.figures.since_start())


def _metrics(status: Mapping[str, Any], totals: Mapping[Subject, Figures]) -> Iterator[Metric]:
    yield from _about_the_agent(status)
    flows = {each["flow"]: each for each in status["flows"]}
    targets = {each["target"]: each for each in status["targets"]}
    yield from _about_flows(flows)
    yield from _counted("flow", _FLOW_COUNTERS, FLOW, flows, totals)
    yield _records(flows, totals)
    yield _spread("flow", "syncagent_processing_seconds", PROCESSING, FLOW, flows, totals)
    yield from _about_targets(targets)
    yield from _counted("target", _TARGET_COUNTERS, TARGET, targets, totals)
    yield _spread("target", "syncagent_call_seconds", CALLS, TARGET, targets, totals)


def _about_the_agent(status: Mapping[str, Any]) -> Iterator[Metric]:
    from prometheus_client.core import (  # noqa: PLC0415 - see above
        GaugeMetricFamily,
        InfoMetricFamily,
    )

    told = {"version": status["version"], "site": status["site"]}
    yield InfoMetricFamily("syncagent_build", "Which agent this is", value=told)
    for name, what, value in (
        ("syncagent_start_time_seconds", "When it started", _seconds(status["started_at"])),
        ("syncagent_store_bytes", "Size of the store", status["store"]["bytes"]),
        ("syncagent_disk_free_bytes", "Free disk there", status["store"]["disk_free_bytes"]),
    ):
        yield GaugeMetricFamily(name, what, value=value)


def _about_flows(flows: Mapping[str, Mapping[str, Any]]) -> Iterator[Metric]:
    from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415 - see above

    messages = GaugeMetricFamily(
        "syncagent_messages", "Messages that are not delivered", labels=["flow", "state"]
    )
    halted = GaugeMetricFamily("syncagent_flow_halted", "1: a person must act", labels=["flow"])
    looked = GaugeMetricFamily(
        "syncagent_flow_last_success_timestamp_seconds",
        "When the source was last read to its end; 0: never",
        labels=["flow"],
    )
    for name, flow in flows.items():
        for state in _STATES:
            messages.add_metric([name, state], flow[state])
        halted.add_metric([name], float(bool(flow["halted"])))
        looked.add_metric([name], _seconds(flow["last_good_run_at"]))
    yield from (messages, halted, looked)


def _about_targets(targets: Mapping[str, Mapping[str, Any]]) -> Iterator[Metric]:
    from prometheus_client.core import GaugeMetricFamily  # noqa: PLC0415 - see above

    up = GaugeMetricFamily(
        "syncagent_target_up", "0: it does not answer, or is halted", labels=["target"]
    )
    for name, target in targets.items():
        up.add_metric([name], float(target["state"] not in {"open", "halted"}))
    yield up


def _counted(
    label: str,
    counters: Iterable[tuple[str, str, str]],
    kind: int,
    names: Iterable[str],
    totals: Mapping[Subject, Figures],
) -> Iterator[Metric]:
    from prometheus_client.core import CounterMetricFamily  # noqa: PLC0415 - see above

    for metric, what, count in counters:
        family = CounterMetricFamily(metric, what, labels=[label])
        for name in names:
            figures = totals.get(Subject(kind, name), Figures())
            family.add_metric([name], figures.counts.get(count, 0))
        yield family


def _records(flows: Iterable[str], totals: Mapping[Subject, Figures]) -> Metric:
    from prometheus_client.core import CounterMetricFamily  # noqa: PLC0415 - see above

    family = CounterMetricFamily(
        "syncagent_records", "Attempts to deliver a record", labels=["flow", "outcome"]
    )
    for name in flows:
        counts = totals.get(Subject(FLOW, name), Figures()).counts
        for outcome in _OUTCOMES:
            family.add_metric([name, outcome], counts.get(outcome, 0))
    return family


def _spread(
    label: str,
    metric: str,
    limits: Iterable[float],
    kind: int,
    names: Iterable[str],
    totals: Mapping[Subject, Figures],
) -> HistogramMetricFamily:
    from prometheus_client.core import HistogramMetricFamily  # noqa: PLC0415 - see above

    what = {
        FLOW: "From taking a change over until the target accepted it",
        TARGET: "From the first request of a batch to its last verdict",
    }[kind]
    family = HistogramMetricFamily(metric, what, labels=[label])
    for name in names:
        times = totals.get(Subject(kind, name), Figures()).times
        buckets = [
            (str(float(limit)), sum(many for each, many in times.items() if typical(each) <= limit))
            for limit in limits
        ]
        family.add_metric(
            [name],
            buckets=[*buckets, ("+Inf", sum(times.values()))],
            sum_value=sum(typical(each) * many for each, many in times.items()),
        )
    return family


def _seconds(moment: str | None) -> float:
    return datetime.fromisoformat(moment).timestamp() if moment else 0.0
