"""IBM i (AS/400) where no ODBC driver can be installed: over Mapepire's server."""

from __future__ import annotations

import ssl
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import truststore
from pydantic import Field

from agent.contract import Duration, Finding, Kind, Options
from agent.errors import Misconfigured, SyncError
from agent.secrets import Secret
from connectors._db2 import word
from connectors._http.tls import tls_failure
from connectors._ibmi.catalogue import NO_CONVERSION
from connectors._ibmi.dialect import IbmiDialect, canary, reading
from connectors._ibmi.naming import Naming
from connectors._ibmi.options import CodePage, IbmiOptions
from connectors._ibmi.source import IbmiSource
from connectors._sql_dialect import Column
from connectors._sql_session import Session

if TYPE_CHECKING:
    from connectors.mapepire.driver import Connection

ISOLATIONS = {
    "none": "none",
    "cs": "read committed",
    "ur": "read uncommitted",
    "rs": "repeatable read",
    "rr": "serializable",
}
_NOT_IN_JSON = {"DECIMAL", "NUMERIC", "DECFLOAT", "BIGINT"}


class MapepireConnection(Options):
    """Where Mapepire's server is and how to get in."""

    server: str = Field(description="Name or address of the system; the certificate must name it.")
    port: int = Field(default=8076, ge=1, le=65535, description="TCP port of Mapepire's server.")
    user: str = Field(description="A user profile that may only read.")
    password: Secret = Field(description="A reference to the password.")
    ca_file: Path | None = Field(
        default=None,
        description="PEM file with the server's own certificate or its authority's, trusted "
        "besides those of the operating system.",
    )
    libraries: tuple[str, ...] = Field(
        default=(),
        description="The library list, first the default library; `*LIBL` stands for the user's "
        "own list.",
    )
    naming: Naming = Field(
        default="sql",
        description="`sql`: LIBRARY.FILE, a bare name stands in the first library. `system`: "
        "LIBRARY/FILE, a bare name is looked for along the library list.",
    )
    isolation: Literal["cs", "ur", "rs", "rr", "none"] = Field(
        default="cs",
        description="`cs` reads committed rows. `ur` and `none` read what may be rolled back.",
    )
    ccsid: CodePage = Field(
        default=NO_CONVERSION,
        description="Code page of columns that the system marks as 65535 (no conversion): 1144 "
        "Italian with euro, 280 Italian, 37, 500. Left out: bytes, for the mapping's `encoding`.",
    )
    properties: dict[str, str] = Field(
        default={}, description="Further properties of IBM's JDBC driver (JTOpen), by their names."
    )
    connect_timeout: Duration = Field(default=10.0, ge=1, description="For connecting.")
    query_timeout: Duration = Field(default=300.0, ge=1, description="For one statement.")

    @property
    def job_properties(self) -> dict[str, str]:
        """Properties of the job, those of the configuration last."""
        # With a first entry that is empty no library is the default: the list is searched.
        listed = ("" if self.naming == "sql" else ",") + ",".join(self.libraries)
        return {
            "naming": self.naming,
            **({"libraries": listed} if self.libraries else {}),
            "transaction isolation": ISOLATIONS[self.isolation],
            # Without it single statements run at *NONE, whatever the isolation says.
            "true autocommit": "true",
            "access": "read only",
            "date format": "iso",
            "decimal separator": ".",
            "translate binary": "false",
            **self.properties,
        }


class MapepireDialect(IbmiDialect):
    """Exact numbers cross as text: in JSON a decimal may become a binary fraction."""

    def value(self, column: Column, sql: str) -> str:
        """Digits and a point."""
        return f"RTRIM(CHAR({sql}))" if word(column) in _NOT_IN_JSON else super().value(column, sql)

    def mark(self, column: Column, sql: str) -> str:
        """The same."""
        return self.value(column, sql)

    def parameter(self, column: Column, mark: object) -> object:
        """Checked to be a number, and sent as text."""
        bound = super().parameter(column, mark)
        return str(bound) if isinstance(bound, Decimal) else bound


class MapepireSource(IbmiSource[MapepireConnection]):
    """Reads a file of IBM i through Mapepire."""

    def open_session(self) -> Session:
        """A connection that passed the canary."""
        options = self.connection
        dialect = MapepireDialect(reading(options.naming, options.ccsid, self.options))
        session = _connect(options, dialect)
        question, answer = canary("RTRIM(CHAR({}))", "39.50")
        try:
            found = session.first(*question)
        except SyncError:
            session.close()
            raise
        if found != answer:
            session.close()
            raise Misconfigured(
                "SA-2106",
                f"{options.server}: values arrive spoilt: {found!r:.80}",
                hint="remove properties that change numbers, dates or texts",
            )
        return session

    def release(self, session: Session) -> None:
        """Hang up."""
        session.close()

    def check(self) -> Iterator[Finding]:
        """Also an isolation that reads what may be rolled back."""
        yield from super().check()
        if self.connection.isolation in {"ur", "none"}:
            yield Finding("isolation", "not safe: rows are read that may be rolled back: use cs")


def _connect(options: MapepireConnection, dialect: MapepireDialect) -> Session:
    try:
        from connectors.mapepire import driver, failures  # noqa: PLC0415 - needs the extra package
    except ImportError as error:
        raise Misconfigured(
            "SA-2125",
            "the package mapepire-python is not installed",
            hint="pip install syncagent[mapepire]",
        ) from error
    where, secret = f"{options.server}:{options.port}", options.password.reveal()
    address = driver.Address(
        options.server, options.port, _tls(options), options.connect_timeout, options.query_timeout
    )
    try:
        connection: Connection = driver.Connection(
            address, options.user, secret, options.job_properties
        )
    except ssl.SSLError as error:
        raise tls_failure(error, options.server) from error
    except driver.MapepireError as error:
        raise failures.explain(error, where, secret, connecting=True) from None
    return Session(
        connection, dialect, driver.MapepireError, lambda e: failures.explain(e, where, secret)
    )


def _tls(options: MapepireConnection) -> ssl.SSLContext:
    context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    if options.ca_file:
        try:
            context.load_verify_locations(options.ca_file)
        except (OSError, ssl.SSLError) as error:
            raise Misconfigured(
                "SA-5227",
                f"ca_file {options.ca_file} cannot be used: {error.strerror or error}",
                hint="it must be a PEM file that the service's user may read",
            ) from error
    return context


KIND = Kind(
    name="mapepire",
    summary="IBM i (AS/400) over Mapepire, where no ODBC driver can be installed",
    connection=MapepireConnection,
    source=MapepireSource,
    source_options=IbmiOptions,
)
