"""Options that every connection over HTTP has, and the rules for addresses."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from agent.contract import Duration, Finding, Options
from agent.secrets import Secret

LOOPBACK_NAMES = {"localhost", "127.0.0.1", "::1"}


def checked_address(text: str) -> str:
    """An address without user, query or fragment."""
    url = urlsplit(text)
    if url.scheme not in {"https", "http"} or not url.hostname:
        raise ValueError(f"not an address: {text!r}; write it like https://shop.example.com/sync")
    if url.username or url.password:
        raise ValueError("an address holds no user or password; use the options for them")
    if url.query or url.fragment:
        raise ValueError("an address ends before ? and #")
    if is_link_local(url.hostname):
        raise ValueError("link-local and metadata addresses are refused")
    return text.rstrip("/")


def _checked_url(text: str) -> str:
    """An https address; http only on this very machine."""
    address = checked_address(text)
    if urlsplit(address).scheme == "http" and not is_loopback(address):
        raise ValueError("http sends everything readable over the network; use https")
    return address


def is_loopback(url: str) -> bool:
    """Whether the address names this machine."""
    return urlsplit(url).hostname in LOOPBACK_NAMES


def is_link_local(host: str) -> bool:
    """Whether this IP address is link-local, as the metadata services of clouds are."""
    try:
        address = ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_link_local


def _checked_proxy(text: str) -> str:
    """Where a proxy stands; http will do, for what passes through it is encrypted by itself."""
    url = urlsplit(text)
    if url.scheme not in {"https", "http"} or not url.hostname or url.username:
        raise ValueError("write a proxy like http://proxy.example.com:3128, without a user")
    return text.rstrip("/")


Url = Annotated[str, AfterValidator(_checked_url)]
ProxyUrl = Annotated[str, AfterValidator(_checked_proxy)]


class HttpOptions(Options):
    """How to reach a server over HTTP."""

    url: Url = Field(description="Address of the server, https (http only for localhost).")
    ca_file: Path | None = Field(
        default=None,
        description="PEM file with a company's own certificate authority, trusted besides those "
        "of the operating system.",
    )
    client_certificate: Path | None = Field(
        default=None, description="PEM file with the certificate by which we show who we are."
    )
    client_key: Path | None = Field(
        default=None,
        description="PEM file with its private key, where the certificate's file does not hold it.",
    )
    client_key_password: Secret | None = Field(
        default=None, description="Password of the private key."
    )
    proxy: ProxyUrl | None = Field(
        default=None, description="Address of a forward proxy that must be passed."
    )
    proxy_user: str | None = Field(default=None, description="User for the proxy.")
    proxy_password: Secret | None = Field(default=None, description="Password for the proxy.")
    connect_timeout: Duration = Field(
        default=10.0, gt=0, description="Longest time until the connection stands."
    )
    read_timeout: Duration = Field(
        default=30.0, gt=0, description="Longest silence while an answer is awaited."
    )
    total_timeout: Duration = Field(
        default=120.0, gt=0, description="Longest time for one request and its whole answer."
    )

    def endings(self) -> Iterator[Finding]:
        """Until when the server's certificate is valid, where it shows one."""
        if urlsplit(self.url).scheme != "https":
            return
        from connectors._http.authorization import Request  # noqa: PLC0415 - it needs this module
        from connectors._http.client import Client  # noqa: PLC0415 - 100 ms, once a day

        with closing(Client(self)) as client:
            ends = client.exchange(Request("HEAD", self.url)).certificate_ends()
        if ends:
            days = (ends - datetime.now(UTC)).days
            told = f"valid until {ends:%Y-%m-%d}, {days} days"
            yield Finding("certificate", told, until=ends.date())

    @model_validator(mode="after")
    def _belong_together(self) -> HttpOptions:
        if self.client_key and not self.client_certificate:
            raise ValueError("client_key needs client_certificate")
        if self.client_key_password and not self.client_certificate:
            raise ValueError("client_key_password needs client_certificate")
        if (self.proxy_user or self.proxy_password) and not self.proxy:
            raise ValueError("proxy_user and proxy_password need proxy")
        if bool(self.proxy_user) != bool(self.proxy_password):
            raise ValueError("proxy_user and proxy_password go together")
        return self
