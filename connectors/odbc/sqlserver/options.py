"""What a configuration says about a SQL Server, and about a flow that reads from it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from pydantic import Field, model_validator

from agent.contract import Options
from connectors._sql import SqlOptions
from connectors.odbc.options import DriverConnection


class SqlServerConnection(DriverConnection):
    """Where the server is and how to get in."""

    server: str = Field(
        default="",
        description=r"Host name or address; `host\INSTANCE` for a named instance without a port.",
    )
    windows_authentication: bool = Field(
        default=False,
        description="Log in as the account that the agent's service runs under, instead of user "
        "and password.",
    )
    encrypt: Literal["strict", "yes", "no"] = Field(
        default="yes",
        description="Encrypt what crosses the network. `strict` needs SQL Server 2022, `no` is for "
        "servers too old for TLS 1.2.",
    )
    trust_server_certificate: bool = Field(
        default=False,
        description="Take any certificate, as a server has that nobody gave one. FreeTDS checks "
        "none unless freetds.conf tells it to, so it asks for this to be said.",
    )
    replica: bool = Field(
        default=False,
        description="Read from a readable secondary of an availability group where the listener "
        "offers one. A secondary can tell changes by `cursor` only.",
    )

    @property
    def is_freetds(self) -> bool:
        """Whether the driver is FreeTDS: it has keywords of its own."""
        return any(name in self.driver.casefold() for name in ("freetds", "tdsodbc"))

    @model_validator(mode="after")
    def _one_way_in(self) -> SqlServerConnection:
        if self.windows_authentication and (self.user or self.password):
            raise ValueError("give either windows_authentication, or user and password")
        return self

    @model_validator(mode="after")
    def _no_blind_trust(self) -> SqlServerConnection:
        if self.is_freetds and self.encrypt != "no" and not self.trust_server_certificate:
            raise ValueError(
                "FreeTDS checks no certificate by itself: use Microsoft's driver, or a dsn whose "
                "freetds.conf names a `ca file`, or say trust_server_certificate: true"
            )
        return self

    @property
    def driver_keywords(self) -> Mapping[str, str]:
        """All this in the words of the driver."""
        own = _freetds(self) if self.is_freetds else _microsoft(self)
        # Both drivers know `server,port`; only FreeTDS has a keyword for the port.
        address = f"{self.server},{self.port}" if self.port else self.server
        return {
            **own,
            "Server": address,
            "Port": "",
            "Trusted_Connection": "yes" if self.windows_authentication else "",
            "ApplicationIntent": "ReadOnly" if self.replica else "",
            "APP": "SyncAgent",
        }


def _microsoft(options: SqlServerConnection) -> dict[str, str]:
    return {
        "Encrypt": options.encrypt,
        "TrustServerCertificate": "yes" if options.trust_server_certificate else "no",
    }


def _freetds(options: SqlServerConnection) -> dict[str, str]:
    return {
        "TDS_Version": "7.4",  # older ones know neither datetime2 nor long texts
        "ClientCharset": "UTF-8",
        "Encryption": "off" if options.encrypt == "no" else "require",
    }


class ChangeTracking(Options):
    """How SQL Server's own list of changes is read."""

    ignore_context: str = Field(
        default="",
        max_length=128,
        description="Leave out what was written WITH CHANGE_TRACKING_CONTEXT of this text (its "
        "bytes in UTF-8), or of these bytes (`0x...`): our own orders, for example.",
    )

    @property
    def context(self) -> bytes:
        """The bytes that mark our own writes; none where nothing is left out."""
        if self.ignore_context.startswith("0x"):
            return bytes.fromhex(self.ignore_context[2:])
        return self.ignore_context.encode()

    @model_validator(mode="after")
    def _is_context(self) -> ChangeTracking:
        try:
            length = len(self.context)
        except ValueError:
            raise ValueError("ignore_context: after 0x only pairs of digits 0-9, a-f") from None
        if length > 128:
            raise ValueError("ignore_context: a context has at most 128 bytes")
        return self


class SqlServerOptions(SqlOptions):
    """What to read, and how a change is found."""

    change_tracking: ChangeTracking | None = Field(
        default=None,
        description="Let the server list what changed, deletes included (`change_tracking: {}`). "
        "The table must have Change Tracking enabled, and the database snapshot isolation.",
    )

    @model_validator(mode="after")
    def _one_way_to_look(self) -> SqlServerOptions:
        if self.change_tracking is None:
            return self
        if self.cursor:
            raise ValueError("give either cursor or change_tracking")
        if not self.table:
            raise ValueError("change_tracking is of a table, a query has none")
        return self

    @model_validator(mode="after")
    def _nests(self) -> SqlServerOptions:
        if self.query and self.query.split(None, 1)[0].casefold() == "with":
            raise ValueError("SQL Server takes no WITH inside a statement: make a view of it")
        return self
