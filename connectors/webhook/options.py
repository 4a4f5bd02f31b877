"""Options: where we are called, how a caller shows who it is, what an event says."""

from __future__ import annotations

import ipaddress
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, StringConstraints, model_validator

from agent.contract import Duration, Options, Size
from agent.secrets import Secret

Header = Annotated[str, StringConstraints(to_lower=True, pattern=r"^[!#-'*+.^_`|~0-9A-Za-z-]+$")]


class HmacOptions(Options):
    """A signature over the body in a header, in the way of the system that calls."""

    secret: Secret = Field(description="The key that both sides know.")
    header: Header = Field(description="Header that carries the signature.")
    algorithm: Literal["sha256", "sha512", "sha1"] = Field(
        default="sha256", description="Digest of the HMAC: sha256, sha512 or sha1."
    )
    encoding: Literal["hex", "base64"] = Field(
        default="hex", description="How the signature is written: hex or base64."
    )
    prefix: str = Field(
        default="", description="Text before the signature in its header, such as `sha256=`."
    )
    signed: str = Field(
        default="{body}",
        description="What is signed: `{body}`, or with `{timestamp}` and `{id}` such as "
        "`{timestamp}.{body}`.",
    )
    timestamp_header: Header | None = Field(
        default=None,
        description="Header with the unix time (seconds or milliseconds) at which it was signed.",
    )

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        if self.signed.count("{body}") != 1:
            raise ValueError("signed must hold {body}, once")
        if ("{timestamp}" in self.signed) != (self.timestamp_header is not None):
            raise ValueError("timestamp_header and {timestamp} in signed go together")
        return self


class WebhookConnection(Options):
    """Where we are called and by whom."""

    host: str = Field(
        default="127.0.0.1",
        description="Address of this machine to listen at; any but 127.0.0.1 needs a certificate.",
    )
    port: int = Field(
        ge=1, le=65535, description="TCP port; connections may share one, each with its own path."
    )
    path: str = Field(
        pattern=r"^/[A-Za-z0-9._~/-]*$", description="Path of the address: `/erp/articles`."
    )
    certificate: Path | None = Field(
        default=None, description="PEM file with the certificate that callers see, and its chain."
    )
    certificate_key: Path | None = Field(
        default=None,
        description="PEM file with its private key, where the certificate's file does not hold it.",
    )
    signing_secret: Secret | None = Field(
        default=None, description="Secret (whsec_…) of Standard Webhooks signatures."
    )
    next_signing_secret: Secret | None = Field(
        default=None, description="Believed as well while signing_secret is being replaced."
    )
    hmac: HmacOptions | None = Field(
        default=None, description="Another signature over the body, in place of signing_secret."
    )
    token: Secret | None = Field(
        default=None, description="Bearer token of callers that cannot sign."
    )
    tolerance: Duration = Field(
        default=300.0, gt=0, description="How far the time of a signature may be from ours."
    )
    id_header: Header | None = Field(
        default=None,
        description="Header with the event's own id, by which an event sent twice is known; "
        "Standard Webhooks have webhook-id.",
    )
    id_path: str = Field(
        default="", description="Where the id stands in the body instead: `event.id`."
    )
    largest_body: Size = Field(
        default=1_000_000, ge=1, le=100_000_000, description="How many bytes an event may have."
    )
    request_timeout: Duration = Field(
        default=10.0, gt=0, le=300, description="Longest time that a request may take to come in."
    )
    requests_per_minute: float = Field(
        default=600.0, ge=1, description="Requests that one caller may make."
    )
    most_waiting: int = Field(
        default=10_000,
        ge=1,
        description="Events not taken over yet, above which callers are told to come later.",
    )
    wakes: str = Field(
        default="",
        description="Flow to run when an event comes, in place of reading the event itself.",
    )
    record_path: str = Field(
        default="", description="With wakes: where the records with the keys stand in the body."
    )
    key_path: tuple[str, ...] = Field(
        default=(),
        description="With wakes: fields of a record that make the key, in the order of that "
        "flow's key. Only these keys are read; without it, what changed.",
    )

    @model_validator(mode="after")
    def _holds_together(self) -> Self:
        ways = [name for name in ("signing_secret", "hmac", "token") if getattr(self, name)]
        if len(ways) != 1:
            raise ValueError("give one of signing_secret, hmac and token")
        if self.next_signing_secret and not self.signing_secret:
            raise ValueError("next_signing_secret needs signing_secret")
        if self.id_path and (self.id_header or self.signing_secret):
            raise ValueError("the id stands in one place: id_path or a header")
        if self.id_header and self.signing_secret:
            raise ValueError("with signing_secret the id is webhook-id")
        if self.hmac and "{id}" in self.hmac.signed and not self.id_header:
            raise ValueError("{id} in signed needs id_header")
        if self.certificate_key and not self.certificate:
            raise ValueError("certificate_key needs certificate")
        if (self.key_path or self.record_path) and not self.wakes:
            raise ValueError(
                "key_path and record_path need wakes; what a flow reads is said in its source"
            )
        if not self.certificate and not _is_loopback(self.host):
            raise ValueError(
                "other machines may call only encrypted: give certificate and certificate_key, "
                "or listen at 127.0.0.1"
            )
        return self


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


class EventOptions(Options):
    """Which rows the events hold."""

    key: tuple[str, ...] = Field(
        min_length=1, description="Fields that make the key, in order; dots lead into objects."
    )
    columns: tuple[str, ...] = Field(
        default=(),
        description="Further fields that the flow reads. `@event.id`, `@event.received_at` and "
        "`@event.body.…` tell of the event around the record.",
    )
    optional: tuple[str, ...] = Field(
        default=(), description="Fields that may be left out; they then count as null."
    )
    record_path: str = Field(
        default="", description="Where the record, or the list of records, stands: `data.items`."
    )
    page_size: int = Field(
        default=500, ge=1, le=10_000, description="Events that are held in memory at once."
    )
