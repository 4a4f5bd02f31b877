"""How a Firebird session is opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

from firebird.driver import DatabaseError, driver_config, get_api
from firebird.driver import connect as attach

from agent.errors import Misconfigured, SyncError
from connectors._sql_canary import sing
from connectors._sql_keeping import Keeping
from connectors._sql_session import Session
from connectors.firebird.attachment import Attachment
from connectors.firebird.dialect import CANARY, FirebirdDialect
from connectors.firebird.failures import explain

if TYPE_CHECKING:
    from connectors.firebird import FirebirdConnection

_kept = Keeping()


def connect(options: FirebirdConnection) -> Session:
    """A session that answers: one that waited, else a new one that passed the canary."""
    return _kept.session(options, lambda: _log_in(options))


def give_back(options: FirebirdConnection, session: Session) -> None:
    """The run is over: keep the session if it is sound."""
    _kept.give_back(options, session)


def _log_in(options: FirebirdConnection) -> Session:
    """Once; raises Misconfigured when refused, Unavailable when nobody answers."""
    where, secret = f"{options.server}:{options.database}", options.password.reveal()
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
    attachment = Attachment(connection, FirebirdDialect.begin[0])

    def running() -> frozenset[str] | None:
        try:
            return attachment.running()
        except DatabaseError as error:
            raise explained(error) from None

    dialect = FirebirdDialect(options.none_charset, running)
    session = Session(attachment, dialect, DatabaseError, explained)
    try:
        sing(session, CANARY, where)
    except SyncError:
        session.close()
        raise
    return session


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
