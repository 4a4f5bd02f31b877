"""A Firebird database, over its native client: no ODBC driver is needed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import Field

from agent.contract import Duration, Kind, Options
from agent.errors import Misconfigured
from agent.secrets import Secret
from connectors._sql import SqlOptions
from connectors._sql_session import Session
from connectors._sql_source import SqlSource
from connectors._sql_writing import SqlTarget, SqlTargetOptions, Writing

if TYPE_CHECKING:
    from types import ModuleType


class FirebirdConnection(Options):
    """Where the database is and how to get in."""

    server: str = Field(default="localhost", description="Host name or address.")
    port: int = Field(default=3050, ge=1, le=65535, description="TCP port.")
    database: str = Field(
        min_length=1, description="The database's alias, or its path as the server sees it."
    )
    user: str = Field(description="A user that may only read.")
    password: Secret = Field(description="A reference to the password.")
    role: str = Field(default="", description="A role that holds the rights, where there is one.")
    none_charset: str = Field(
        default="",
        pattern=r"^\w*$",
        description="What texts that were declared without a character set (NONE) are in, in "
        "Firebird's words: `WIN1252`. UTF8 when left out.",
    )
    client_library: str = Field(
        default="",
        description="The file of Firebird's client library, where it is not found by itself.",
    )
    connect_timeout: Duration = Field(default=10.0, ge=1, description="For connecting.")


class FirebirdSource(SqlSource[FirebirdConnection, SqlOptions]):
    """Reads at one moment without keeping a writer waiting; every open transaction is seen."""

    def open_session(self) -> Session:
        """A session that passed the canary, in this run or an earlier one."""
        session: Session = _connecting().connect(self.connection)
        return session

    def release(self, session: Session) -> None:
        """Keep a sound session for the next run."""
        _connecting().give_back(self.connection, session)


class FirebirdTarget(SqlTarget[FirebirdConnection]):
    """Writes committed rows; a row that another transaction holds is waited for."""

    def open_writing(self) -> Writing:
        """A session that passed the canary."""
        session: Writing = _connecting().connect_for_writing(self.connection)
        return session

    def release(self, session: Writing) -> None:
        """Keep a sound session for the next delivery."""
        _connecting().give_back_writing(self.connection, session)


def _connecting() -> ModuleType:
    try:
        from connectors.firebird import connecting  # noqa: PLC0415 - needs the extra
    except ModuleNotFoundError as error:
        raise Misconfigured(
            "SA-2211",
            f"Firebird cannot be reached from this machine: {error}",
            hint="pip install 'syncagent[firebird]'",
        ) from error
    return connecting


KIND = Kind(
    name="firebird",
    summary="A Firebird database, over its native client",
    connection=FirebirdConnection,
    source=FirebirdSource,
    source_options=SqlOptions,
    target=FirebirdTarget,
    target_options=SqlTargetOptions,
)
