"""An Oracle database from 12.1, over Oracle's own Python driver: no client is installed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field, model_validator

from agent.contract import Duration, Kind, Options
from agent.errors import Misconfigured
from agent.secrets import Secret
from connectors._sql import SqlOptions
from connectors._sql_session import Session
from connectors._sql_source import SqlSource
from connectors._sql_writing import SqlTarget, SqlTargetOptions, Writing

if TYPE_CHECKING:
    from types import ModuleType


class OracleConnection(Options):
    """Where the database is and how to get in."""

    server: str = Field(default="", description="Host name or address.")
    port: int = Field(default=1521, ge=1, le=65535, description="The listener's TCP port.")
    service: str = Field(default="", description="The service name, such as `ORCLPDB1`.")
    sid: str = Field(default="", description="The instance's SID, where there is no service name.")
    dsn: str = Field(
        default="",
        description="Instead of server and service: an Easy Connect string "
        "(`tcps://db.example:2484/erp?wallet_location=/etc/wallet`) or a whole descriptor.",
    )
    user: str = Field(description="A user that may only read.")
    password: Secret = Field(description="A reference to the password.")
    connect_timeout: Duration = Field(default=10.0, ge=1, description="For connecting.")
    query_timeout: Duration = Field(default=300.0, ge=1, description="For one round trip.")

    @model_validator(mode="after")
    def _reachable(self) -> OracleConnection:
        if bool(self.dsn) == bool(self.server):
            raise ValueError("give either dsn, or server with service or sid")
        if self.server and bool(self.service) == bool(self.sid):
            raise ValueError("give either service or sid")
        return self


class OracleSource(SqlSource[OracleConnection, SqlOptions]):
    """Reads tables, views and queries; ORA_ROWSCN can stand for a stamp that a table lacks."""

    def open_session(self) -> Session:
        """A session that passed the canary, in this run or an earlier one."""
        session: Session = _connecting().connect(self.connection)
        return session

    def release(self, session: Session) -> None:
        """Keep a sound session for the next run."""
        _connecting().give_back(self.connection, session)


class OracleTarget(SqlTarget[OracleConnection]):
    """Writes rows, or calls procedures in blocks of PL/SQL."""

    def open_writing(self) -> Writing:
        """A session that passed the canary."""
        session: Writing = _connecting().connect_for_writing(self.connection)
        return session

    def release(self, session: Writing) -> None:
        """Keep a sound session for the next delivery."""
        _connecting().give_back_writing(self.connection, session)


def _connecting() -> ModuleType:
    try:
        from connectors.oracle import connecting  # noqa: PLC0415 - needs the extra
    except ModuleNotFoundError as error:
        raise Misconfigured(
            "SA-2221",
            f"Oracle cannot be reached from this machine: {error}",
            hint="pip install 'syncagent[oracle]'",
        ) from error
    return connecting


KIND = Kind(
    name="oracle",
    summary="An Oracle database from 12.1, without Oracle's client",
    connection=OracleConnection,
    source=OracleSource,
    source_options=SqlOptions,
    target=OracleTarget,
    target_options=SqlTargetOptions,
)
