"""A web API that answers JSON: any list of records behind an address, read and written."""

from __future__ import annotations

from agent.contract import Kind
from connectors._rest.access import ApiOptions
from connectors._rest.options import RestOptions
from connectors._rest.source import RestSource
from connectors._rest.target import RestTarget
from connectors._rest.target_options import RestTargetOptions

KIND = Kind(
    name="rest",
    summary="A web API that answers JSON, read and written by templates.",
    connection=ApiOptions,
    source=RestSource,
    source_options=RestOptions,
    target=RestTarget,
    target_options=RestTargetOptions,
)
