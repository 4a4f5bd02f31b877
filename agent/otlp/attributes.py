"""What every message of OTLP has: who sends it, and values by name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from agent import __version__

if TYPE_CHECKING:
    from opentelemetry.proto.common.v1.common_pb2 import InstrumentationScope, KeyValue
    from opentelemetry.proto.resource.v1.resource_pb2 import Resource

NANOSECONDS = 1_000_000
"""In a millisecond."""


def attributes(values: Mapping[str, object]) -> Iterator[KeyValue]:
    """Names with values; what is None or empty is left out."""
    from opentelemetry.proto.common.v1.common_pb2 import (  # noqa: PLC0415 - an extra
        AnyValue,
        KeyValue,
    )

    for name, value in values.items():
        if value is None or value == "":
            continue
        if isinstance(value, bool):
            found = AnyValue(bool_value=value)
        elif isinstance(value, int):
            found = AnyValue(int_value=value)
        elif isinstance(value, float):
            found = AnyValue(double_value=value)
        else:
            found = AnyValue(string_value=str(value))
        yield KeyValue(key=name, value=found)


def resource(site: str) -> Resource:
    """Which agent it is, by the names that OpenTelemetry gives to such things."""
    from opentelemetry.proto.resource.v1.resource_pb2 import Resource  # noqa: PLC0415 - as above

    told = {
        "service.name": "syncagent",
        "service.version": __version__,
        "service.instance.id": site,
    }
    return Resource(attributes=attributes(told))


def scope() -> InstrumentationScope:
    """Who made it."""
    from opentelemetry.proto.common.v1.common_pb2 import (  # noqa: PLC0415 - as above
        InstrumentationScope,
    )

    return InstrumentationScope(name="syncagent", version=__version__)
