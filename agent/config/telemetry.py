"""Where figures, logs and runs are sent besides: the section `telemetry`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, TypeAlias

from pydantic import AfterValidator, Field

from agent.config.settings import Settings
from agent.quantities import Duration
from agent.secrets import Secret


def _collector(text: str) -> str:
    if text and not re.fullmatch(r"https?://[^\s?#@]+", text):
        raise ValueError("not an address; write it like http://localhost:4318")
    return text.rstrip("/")


CollectorAddress: TypeAlias = Annotated[str, AfterValidator(_collector)]


class TelemetrySettings(Settings):
    """OpenTelemetry, by OTLP over HTTP; needs `syncagent[opentelemetry]`. Read at the start."""

    otlp: CollectorAddress = Field(
        "",
        description="Address of a collector, such as http://localhost:4318; `/v1/metrics`, "
        "`/v1/logs` and `/v1/traces` are put behind it",
    )
    headers: dict[str, Secret] = Field(
        default_factory=dict,
        description="Headers that the collector wants, such as Authorization, each a reference",
    )
    certificate_authority: Path | None = Field(
        None, description="PEM file with a company's own certificate authority"
    )
    every: Duration = Field(60.0, ge=1, le=3600, description="Time between two sendings")
    logs: bool = Field(default=True, description="Whether the lines of the log are sent")
    runs: bool = Field(default=True, description="Whether each run is sent as a trace")
