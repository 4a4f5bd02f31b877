"""Connections: how one is opened and proved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any, cast

from agent.errors import Misconfigured, SyncError
from connectors._sql_canary import sing
from connectors._sql_keeping import Keeping
from connectors._sql_session import DriverCursor, Session
from connectors._sql_writing import Writing
from connectors.odbc.failures import explain
from connectors.odbc.verdicts import verdict

if TYPE_CHECKING:
    from connectors.odbc.dialect import OdbcDialect
    from connectors.odbc.options import DriverConnection

LOCK_SECONDS = 20
"""How long a statement that writes waits for a row that another transaction holds."""

_kept, _kept_for_writing = Keeping(), Keeping()


def connect(options: DriverConnection, dialect: OdbcDialect) -> Session:
    """A connection that answers: one that waited, else a new one that passed the canary."""
    return _kept.session(options, lambda: _open(options, dialect))


def give_back(options: DriverConnection, session: Session) -> None:
    """The run is over: keep the connection if it is sound."""
    _kept.give_back(options, session)


def connect_for_writing(options: DriverConnection, dialect: OdbcDialect) -> Writing:
    """The same for a connection whose statements take effect together."""
    session = _kept_for_writing.session(options, lambda: _open_for_writing(options, dialect))
    return cast("Writing", session)


def give_back_writing(options: DriverConnection, session: Writing) -> None:
    """The delivery is over: keep the connection if it is sound."""
    _kept_for_writing.give_back(options, session)


class _Login:
    """A connection of the driver that was just opened, and how its errors are told."""

    def __init__(
        self, options: DriverConnection, dialect: OdbcDialect, *, autocommit: bool
    ) -> None:
        pyodbc = _import_pyodbc()
        self._secret = options.password.reveal() if options.password else ""
        self.where = options.server or options.dsn or options.database
        self._codes = dialect.codes
        self.failure: type[Exception] = pyodbc.Error
        try:
            connection = pyodbc.connect(
                connection_string(options, dialect, self._secret),
                autocommit=autocommit,
                timeout=int(options.connect_timeout),
            )
        except pyodbc.Error as error:
            # `from None`: the driver's exception may carry the connection string.
            raise self.explain(error) from None
        dialect.tune(connection, pyodbc, int(options.query_timeout))
        self.connection = (
            _Utf8Parameters(connection, pyodbc) if dialect.utf8_parameters else connection
        )

    def explain(self, error: Exception) -> SyncError:
        return explain(error, self.where, self._secret, self._codes)


def _open(options: DriverConnection, dialect: OdbcDialect) -> Session:
    login = _Login(options, dialect, autocommit=True)
    session = Session(login.connection, dialect, login.failure, login.explain)
    _make_ready(session, dialect, dialect.at_connect(int(options.query_timeout)), login.where)
    return session


def _open_for_writing(options: DriverConnection, dialect: OdbcDialect) -> Writing:
    dialect.keywords = {**dialect.keywords, **dialect.writing_keywords}
    login = _Login(options, dialect, autocommit=False)
    session = Writing(
        login.connection,
        dialect,
        login.failure,
        login.explain,
        verdict,
        transactional=dialect.transactional,
    )
    seconds = int(options.query_timeout)
    # Shorter than the statement's own: a lock is no fault of the database.
    patience = max(1, min(LOCK_SECONDS, seconds // 2))
    settings = (*dialect.at_connect(seconds), *dialect.at_writing(patience))
    _make_ready(session, dialect, settings, login.where)
    session.keep()  # else the first rollback takes the settings back
    return session


def _make_ready(
    session: Session, dialect: OdbcDialect, settings: Iterable[str], where: str
) -> None:
    try:
        for statement in settings:
            session.run(statement)
        dialect.prove(session)
        if dialect.canary:
            sing(session, dialect.canary, where)
    except SyncError:
        session.close()
        raise


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
                        f"a value of more than {self.LONGEST} characters meets accents in a "
                        "statement or a column name: this driver would break one of them",
                        hint="give the columns plain names in a view, and use the view",
                    )
        cursor: DriverCursor = self._connection.execute(sql, parameters)
        return cursor

    def commit(self) -> None:
        self._connection.commit()

    def rollback(self) -> None:
        self._connection.rollback()

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
