"""Connections: how one is opened and proved."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from agent.errors import Misconfigured, SyncError
from connectors._sql_canary import sing
from connectors._sql_keeping import Keeping
from connectors._sql_session import DriverCursor, Session
from connectors.odbc.failures import explain

if TYPE_CHECKING:
    from connectors.odbc.dialect import OdbcDialect
    from connectors.odbc.options import DriverConnection

_kept = Keeping()


def connect(options: DriverConnection, dialect: OdbcDialect) -> Session:
    """A connection that answers: one that waited, else a new one that passed the canary."""
    return _kept.session(options, lambda: _open(options, dialect))


def give_back(options: DriverConnection, session: Session) -> None:
    """The run is over: keep the connection if it is sound."""
    _kept.give_back(options, session)


def _open(options: DriverConnection, dialect: OdbcDialect) -> Session:
    pyodbc = _import_pyodbc()
    secret = options.password.reveal() if options.password else ""
    where = options.server or options.dsn or options.database
    try:
        connection = pyodbc.connect(
            connection_string(options, dialect, secret),
            autocommit=True,
            timeout=int(options.connect_timeout),
        )
    except pyodbc.Error as error:
        # `from None`: the driver's exception may carry the connection string.
        raise explain(error, where, secret, dialect.codes) from None
    dialect.tune(connection, pyodbc, int(options.query_timeout))
    if dialect.utf8_parameters:
        connection = _Utf8Parameters(connection, pyodbc)
    session = Session(
        connection,
        dialect,
        pyodbc.Error,
        lambda error: explain(error, where, secret, dialect.codes),
    )
    try:
        for statement in dialect.at_connect(int(options.query_timeout)):
            session.run(statement)
        dialect.prove(session)
        if dialect.canary:
            sing(session, dialect.canary, where)
    except SyncError:
        session.close()
        raise
    return session


class _Utf8Parameters:
    """A connection of MariaDB's driver, which breaks one of two things.

    Sent as UTF-16, text parameters of more than 127 characters arrive broken. Sent as UTF-8, they
    are whole, but then the driver manager reads the statement itself as Latin-1. So a statement
    chooses by its own text, and the one combination that is left is refused.
    """

    LONGEST = 127

    def __init__(self, connection: Any, pyodbc: Any) -> None:
        self._connection, self._pyodbc = connection, pyodbc

    def execute(self, sql: str, parameters: Sequence[Any] = ()) -> DriverCursor:
        if sql.isascii():
            self._connection.setencoding("utf-8", ctype=self._pyodbc.SQL_CHAR)
        else:
            self._connection.setencoding("utf-16le", ctype=self._pyodbc.SQL_WCHAR)
            for value in parameters:
                if len(str(value).encode("utf-16-le")) > 2 * self.LONGEST:
                    raise Misconfigured(
                        "SA-2116",
                        f"a key of more than {self.LONGEST} characters meets accents in a query or "
                        "a column name: this driver would break one of them",
                        hint="give the columns plain names in a view, and read the view",
                    )
        cursor: DriverCursor = self._connection.execute(sql, parameters)
        return cursor

    def close(self) -> None:
        self._connection.close()


def _import_pyodbc() -> Any:
    try:
        import pyodbc  # noqa: PLC0415 - only a flow that needs a driver needs unixODBC
    except ImportError as error:
        raise Misconfigured(
            "SA-2103",
            f"ODBC cannot be used on this machine: {error}",
            hint="install unixODBC: apt-get install unixodbc (Debian, Ubuntu), dnf install "
            "unixODBC (Fedora, RHEL)",
        ) from error
    pyodbc.pooling = False  # the driver manager's own pool would hand out unproved connections
    pyodbc.setDecimalSeparator(".")  # never the machine's: 39,5 has become 395
    return pyodbc


def connection_string(options: DriverConnection, dialect: OdbcDialect, secret: str) -> str:
    """Keywords of the dialect, then those of the configuration, which win."""
    driver = options.driver or dialect.driver
    if not driver and not options.dsn:
        raise Misconfigured(
            "SA-2102", "no driver is named", hint="set driver or dsn of the connection"
        )
    words = {"DSN": options.dsn} if options.dsn else {"Driver": driver}
    words |= {
        **dialect.address(options.server, str(options.port or ""), options.database),
        "UID": options.user,
        "PWD": dialect.password(secret),
        **dialect.keywords,
        **options.keywords,
    }
    return ";".join(
        f"{name}={value if name in dialect.unquoted else _quoted(value)}"
        for name, value in words.items()
        if value
    )


def _quoted(value: str) -> str:
    plain = not set(value) & set(";{}[]()?*=!@, ") and value == value.strip()
    return value if plain else "{" + value.replace("}", "}}") + "}"
