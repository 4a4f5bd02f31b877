"""A web service that speaks SOAP, as its WSDL describes it."""

from __future__ import annotations

from agent.contract import Kind
from connectors.soap.options import SoapConnection, SoapOptions
from connectors.soap.source import SoapSource

__all__ = ["KIND"]

KIND = Kind(
    name="soap",
    summary="A web service that speaks SOAP, described by a WSDL.",
    connection=SoapConnection,
    source=SoapSource,
    source_options=SoapOptions,
)
