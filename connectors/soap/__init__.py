"""A web service that speaks SOAP, as its WSDL describes it."""

from __future__ import annotations

from agent.contract import Kind
from connectors.soap.options import SoapConnection, SoapOptions
from connectors.soap.source import SoapSource
from connectors.soap.target import SoapTarget
from connectors.soap.target_options import SoapTargetOptions

__all__ = ["KIND"]

KIND = Kind(
    name="soap",
    summary="A web service that speaks SOAP, described by a WSDL.",
    connection=SoapConnection,
    source=SoapSource,
    source_options=SoapOptions,
    target=SoapTarget,
    target_options=SoapTargetOptions,
)
