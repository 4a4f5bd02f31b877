"""Where the dashboard listens and who reaches it: the section `dashboard`."""

from __future__ import annotations

from pathlib import Path

from pydantic import Field, model_validator

from agent.config.settings import Settings
from agent.quantities import Duration

LOOPBACK = ("127.0.0.1", "::1", "localhost")


class DashboardSettings(Settings):
    """The pages that show how the agent does and on which people decide."""

    port: int | None = Field(None, ge=1, le=65535, description="TCP port; without it no dashboard")
    host: str = Field(
        "127.0.0.1",
        description="Address to listen on; any other than this machine's own needs a certificate",
    )
    hosts: tuple[str, ...] = Field(
        (),
        description="Names under which browsers reach it, beside localhost and 127.0.0.1: "
        "sync.example.com",
    )
    certificate: Path | None = Field(None, description="PEM file with the certificate chain")
    certificate_key: Path | None = Field(None, description="PEM file with its private key")
    session: Duration = Field(
        43_200.0, ge=300, le=604_800, description="After so long people log in again"
    )

    @model_validator(mode="after")
    def _open_to_others_only_with_tls(self) -> DashboardSettings:
        if (self.certificate is None) != (self.certificate_key is None):
            raise ValueError("certificate and certificate_key belong together")
        if self.host not in LOOPBACK and self.certificate is None:
            raise ValueError(
                f"listening on {self.host} needs certificate and certificate_key, for passwords "
                "must not travel in the clear"
            )
        return self
