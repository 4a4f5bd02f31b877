"""An OData service, version 4 or 2: SAP, Dynamics and many others."""

from __future__ import annotations

from agent.contract import Kind
from connectors.odata.options import ODataOptions, ServiceOptions
from connectors.odata.source import ODataSource

KIND = Kind(
    name="odata",
    summary="An OData service, version 4 or 2.",
    connection=ServiceOptions,
    source=ODataSource,
    source_options=ODataOptions,
)
