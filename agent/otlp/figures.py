"""The metrics of `/metrics` as OTLP has them, under the same names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from agent.otlp.attributes import NANOSECONDS, attributes, resource, scope

if TYPE_CHECKING:
    from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
        ExportMetricsServiceRequest,
    )
    from prometheus_client.core import Metric
    from prometheus_client.samples import Sample


def figures(
    site: str, families: Iterable[Metric], started_at: int, now: int
) -> ExportMetricsServiceRequest:
    """All figures of this moment; counters count from the start on. Times are unix ms."""
    from opentelemetry.proto.collector.metrics.v1 import (  # noqa: PLC0415 - an extra
        metrics_service_pb2 as service,
    )
    from opentelemetry.proto.metrics.v1 import metrics_pb2 as form  # noqa: PLC0415 - the same

    span = {
        "start_time_unix_nano": started_at * NANOSECONDS,
        "time_unix_nano": now * NANOSECONDS,
    }
    found = [
        metric for family in families for metric in _metrics(form, family, span) if metric.name
    ]
    made_here = form.ScopeMetrics(scope=scope(), metrics=found)
    whole = form.ResourceMetrics(resource=resource(site), scope_metrics=[made_here])
    return service.ExportMetricsServiceRequest(resource_metrics=[whole])


def _metrics(form: Any, family: Metric, span: dict[str, int]) -> Iterator[Any]:
    """One of ours as one of theirs. What only names the agent stands in the resource."""
    told = {"name": family.name, "description": family.documentation}
    if family.type == "gauge":
        points = [_number(form, sample, span) for sample in family.samples]
        yield form.Metric(**told, gauge=form.Gauge(data_points=points))
    elif family.type == "counter":
        points = [_number(form, sample, span) for sample in family.samples]
        total = form.Sum(
            data_points=points,
            aggregation_temporality=form.AGGREGATION_TEMPORALITY_CUMULATIVE,
            is_monotonic=True,
        )
        yield form.Metric(**told, sum=total)
    elif family.type == "histogram":
        spread = form.Histogram(
            data_points=_spreads(form, family, span),
            aggregation_temporality=form.AGGREGATION_TEMPORALITY_CUMULATIVE,
        )
        yield form.Metric(**told, unit="s", histogram=spread)


def _number(form: Any, sample: Sample, span: dict[str, int]) -> Any:
    labels = attributes(sample.labels)
    return form.NumberDataPoint(attributes=labels, as_double=sample.value, **span)


def _spreads(form: Any, family: Metric, span: dict[str, int]) -> Iterator[Any]:
    """Prometheus counts each bucket with all that are below it, OTLP each by itself."""
    by_labels: dict[tuple[tuple[str, str], ...], dict[str, float]] = {}
    for sample in family.samples:
        labels = tuple(pair for pair in sample.labels.items() if pair[0] != "le")
        what = sample.labels.get("le") or sample.name.removeprefix(f"{family.name}_")
        by_labels.setdefault(labels, {})[what] = sample.value
    for labels, values in by_labels.items():
        total, count = values.pop("sum", 0.0), int(values.pop("count", 0))
        limits = [float(limit) for limit in values]
        counts = [0, *(int(value) for value in values.values())]
        yield form.HistogramDataPoint(
            attributes=attributes(dict(labels)),
            count=count,
            sum=total,
            explicit_bounds=limits[:-1],
            bucket_counts=[after - before for before, after in pairwise(counts)],
            **span,
        )
