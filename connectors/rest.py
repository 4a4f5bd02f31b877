"""A web API that answers JSON: any list of records behind an address."""

from __future__ import annotations

from agent.contract import Kind
from connectors._rest.access import ApiOptions
from connectors._rest.options import RestOptions
from connectors._rest.source import RestSource

KIND = Kind(
    name="rest",
    summary="A web API that answers JSON.",
    connection=ApiOptions,
    source=RestSource,
    source_options=RestOptions,
)
