"""Runs as traces: one span each, with its counts and how it ended."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256
from typing import TYPE_CHECKING

from agent.otlp.attributes import NANOSECONDS, attributes, resource, scope
from agent.store import Run

if TYPE_CHECKING:
    from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

BAD = {"failed", "halted", "interrupted"}


def spans(site: str, runs: Sequence[Run]) -> ExportTraceServiceRequest:
    """Runs that are over. A run that is sent twice is the same span."""
    from opentelemetry.proto.collector.trace.v1 import (  # noqa: PLC0415 - an extra
        trace_service_pb2 as service,
    )
    from opentelemetry.proto.trace.v1 import trace_pb2 as form  # noqa: PLC0415 - the same

    found = []
    for run in runs:
        bad = run.outcome in BAD
        code = form.Status.STATUS_CODE_ERROR if bad else form.Status.STATUS_CODE_OK
        told = {
            "flow": run.flow,
            "run": run.id,
            "scope": run.scope,
            "asked_by": run.asked_by,
            "outcome": str(run.outcome),
            "code": run.code,
            **{f"count.{name}": count for name, count in run.counts.items()},
        }
        known_by = sha256(f"{site}|{run.id}|{run.started_at}".encode()).digest()
        found.append(
            form.Span(
                trace_id=known_by[:16],
                span_id=known_by[16:24],
                name=f"run {run.flow}",
                kind=form.Span.SPAN_KIND_INTERNAL,
                start_time_unix_nano=run.started_at * NANOSECONDS,
                end_time_unix_nano=(run.finished_at or run.started_at) * NANOSECONDS,
                attributes=attributes(told),
                status=form.Status(code=code),
            )
        )
    made_here = form.ScopeSpans(scope=scope(), spans=found)
    whole = form.ResourceSpans(resource=resource(site), scope_spans=[made_here])
    return service.ExportTraceServiceRequest(resource_spans=[whole])
