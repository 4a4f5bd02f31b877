"""An OData service, version 4 or 2: SAP, Dynamics and many others."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from agent.contract import Kind
from connectors._odata.options import ODataOptions
from connectors._odata.source import ODataSource
from connectors._rest.access import ApiOptions


class ServiceOptions(ApiOptions):
    """Where the service is and who we are there."""

    version: Literal["4", "2"] = Field(
        default="4", description="Version of OData: 4, or 2 for older services."
    )


class ServiceSource(ODataSource[ServiceOptions, ODataOptions]):
    """Reads whatever service the connection names."""

    @property
    def version(self) -> Literal["4", "2"]:
        """As configured."""
        return self.connection.version


KIND = Kind(
    name="odata",
    summary="An OData service, version 4 or 2.",
    connection=ServiceOptions,
    source=ServiceSource,
    source_options=ODataOptions,
)
