"""A collector that takes OTLP over HTTP and decodes what comes with the published messages."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from opentelemetry.proto.collector.logs.v1.logs_service_pb2 import ExportLogsServiceRequest
from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import ExportMetricsServiceRequest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.responses import Response

from tests.peers.http_server import Asked, answering

FORMS = {
    "/v1/metrics": ExportMetricsServiceRequest,
    "/v1/logs": ExportLogsServiceRequest,
    "/v1/traces": ExportTraceServiceRequest,
}


class Collector:
    """What came, and what is answered from now on."""

    def __init__(self) -> None:
        self.status = 200
        self.metrics: dict[str, Any] = {}
        """As last told, by name."""
        self.lines: list[Any] = []
        self.spans: list[Any] = []
        self.resources: list[dict[str, object]] = []
        self.headers: list[dict[str, str]] = []
        self.url = ""

    def answer(self, asked: Asked) -> Response:
        self.headers.append(dict(asked.headers))
        if self.status != 200:
            return Response(status_code=self.status)
        assert asked.headers["content-type"] == "application/x-protobuf"
        message = FORMS[asked.path]()
        message.ParseFromString(gzip.decompress(asked.body))
        self._keep(asked.path, message)
        return Response(b"", media_type="application/x-protobuf")

    def _keep(self, path: str, message: Any) -> None:
        if path == "/v1/metrics":
            (whole,) = message.resource_metrics
            self.metrics = {each.name: each for each in whole.scope_metrics[0].metrics}
        elif path == "/v1/logs":
            (whole,) = message.resource_logs
            self.lines += whole.scope_logs[0].log_records
        else:
            (whole,) = message.resource_spans
            self.spans += whole.scope_spans[0].spans
        self.resources.append(told(whole.resource))


def told(message: Any) -> dict[str, object]:
    """Attributes, by name."""
    return {
        each.key: getattr(each.value, each.value.WhichOneof("value")) for each in message.attributes
    }


@contextmanager
def collecting() -> Iterator[Collector]:
    """A collector, until the block ends."""
    collector = Collector()
    with answering(collector.answer) as peer:
        collector.url = peer.url
        yield collector
