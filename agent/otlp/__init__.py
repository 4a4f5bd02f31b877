"""Figures, logs and runs to an OpenTelemetry collector, by OTLP over HTTP.

Its messages are filled in here, from `opentelemetry-proto` alone: what the SDK would count is
counted already. They are imported when something is sent.
"""

from agent.otlp.exporter import Exporter
from agent.otlp.lines import Lines

__all__ = ["Exporter", "Lines"]
