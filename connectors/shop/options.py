"""Where the shop is, who we are there, and which files may go there."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path

from pydantic import Field, model_validator

from agent.contract import Size
from agent.secrets import Secret
from connectors._http import HttpOptions, OAuth2Options, is_loopback


class Gzip(StrEnum):
    """When request bodies are packed."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


class ShopOptions(HttpOptions):
    """Where the shop is and who we are there."""

    token: Secret | None = Field(default=None, description="Bearer token.")
    oauth2: OAuth2Options | None = Field(
        default=None, description="OAuth2 client credentials, in place of a token."
    )
    signing_secret: Secret | None = Field(
        default=None,
        description="Secret (whsec_…) for Standard Webhooks signatures on what we send.",
    )
    next_signing_secret: Secret | None = Field(
        default=None, description="Signs as well while signing_secret is being replaced."
    )
    gzip: Gzip = Field(
        default=Gzip.AUTO,
        description="When request bodies are packed: always, never, or auto (not on this machine).",
    )
    batch_size: int = Field(
        default=500, ge=1, le=10_000, description="How many records a request carries at most."
    )
    largest_request: Size = Field(
        default=8_000_000, ge=1, description="How many bytes a request carries at most, unpacked."
    )
    contents: tuple[Path, ...] = Field(
        default=(),
        description="Folders from which files may be sent to the shop: those that the flows with "
        "pictures and documents read. Nothing outside them ever leaves.",
    )

    commands: bool = Field(
        default=False,
        description="Whether the shop may ask things of us: run or resync flows to and from it, "
        "pause them, tell how they do.",
    )

    @model_validator(mode="after")
    def _one_authorization(self) -> ShopOptions:
        if self.token and self.oauth2:
            raise ValueError("token and oauth2 exclude each other")
        if self.next_signing_secret and not self.signing_secret:
            raise ValueError("next_signing_secret needs signing_secret")
        return self

    @property
    def packs(self) -> bool:
        """Whether request bodies of some size are packed."""
        if self.gzip is Gzip.AUTO:
            return not is_loopback(self.url)
        return self.gzip is Gzip.ALWAYS
