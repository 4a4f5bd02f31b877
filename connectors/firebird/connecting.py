"""How a Firebird session is opened."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from firebird.driver import Connection, DatabaseError, driver_config, get_api
from firebird.driver import connect as attach

from agent.errors import Misconfigured, SyncError
from connectors._sql_canary import sing
from connectors._sql_keeping import Keeping
from connectors._sql_session import Session
from connectors._sql_writing import Writing
from connectors.firebird.attachment import Attachment, WritingAttachment
from connectors.firebird.dialect import CANARY, FirebirdDialect
from connectors.firebird.failures import explain, verdict

if TYPE_CHECKING:
    from connectors.firebird import FirebirdConnection

_kept, _kept_for_writing = Keeping(), Keeping()


def connect(options: FirebirdConnection) -> Session:
    """A session that answers: one that waited, else a new one that passed the canary."""
    return _kept.session(options, lambda: _log_in(options))


def give_back(options: FirebirdConnection, session: Session) -> None:
    """The run is over: keep the session if it is sound."""
    _kept.give_back(options, session)


def connect_for_writing(options: FirebirdConnection) -> Writing:
    """The same for a session whose statements take effect together."""
    session = _kept_for_writing.session(options, lambda: _log_in_for_writing(options))
    return cast("Writing", session)


def give_back_writing(options: FirebirdConnection, session: Writing) -> None:
    """The delivery is over: keep the session if it is sound."""
    _kept_for_writing.give_back(options, session)


Explained = Callable[[Exception], SyncError]


def _attached(options: FirebirdConnection) -> tuple[Connection, Explained]:
    """Once; raises Misconfigured when refused, Unavailable when nobody answers."""
    where, secret = _where(options), options.password.reveal()
    _find_client(options.client_library)

    def explained(error: Exception) -> SyncError:
        return explain(error, where, secret)

    # The driver takes the time-out from its defaults only.
    driver_config.db_defaults.timeout.value = int(options.connect_timeout)
    try:
        connection = attach(
            f"{options.server}/{options.port}:{options.database}",
            user=options.user,
            password=secret,
            role=options.role or None,
            charset="UTF8",
        )
    except DatabaseError as error:
        raise explained(error) from None
    return connection, explained


def _where(options: FirebirdConnection) -> str:
    return f"{options.server}:{options.database}"


def _log_in(options: FirebirdConnection) -> Session:
    connection, explained = _attached(options)
    attachment = Attachment(connection, FirebirdDialect.begin[0])

    def running() -> frozenset[str] | None:
        try:
            return attachment.running()
        except DatabaseError as error:
            raise explained(error) from None

    dialect = FirebirdDialect(options.none_charset, running)
    session = Session(attachment, dialect, DatabaseError, explained)
    _prove(session, options)
    return session


def _log_in_for_writing(options: FirebirdConnection) -> Writing:
    connection, explained = _attached(options)
    dialect = FirebirdDialect(options.none_charset, lambda: None)
    session = Writing(WritingAttachment(connection), dialect, DatabaseError, explained, verdict)
    _prove(session, options)
    return session


def _prove(session: Session, options: FirebirdConnection) -> None:
    try:
        sing(session, CANARY, _where(options))
    except SyncError:
        session.close()
        raise


def _find_client(file: str) -> None:
    if file:
        driver_config.fb_client_library.value = file
    try:
        get_api()
    except Exception as error:  # the driver raises whatever the loader said
        raise Misconfigured(
            "SA-2211",
            f"Firebird's client library cannot be loaded: {error}",
            hint="install libfbclient2 (Debian, Ubuntu) or Firebird's client, or set "
            "client_library",
        ) from error
