"""PostgreSQL tells: LISTEN on a channel, and each NOTIFY wakes the flow.

ODBC has no notifications, so this speaks PostgreSQL's own protocol through psycopg. A lost
connection is opened again; what was told meanwhile is found by waking once after each connecting.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from agent.errors import Misconfigured
from connectors.odbc.options import DriverConnection

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0
"""Seconds until a lost connection is opened again: doubled each time, up to the longest."""
_TICK = 0.5
"""Seconds after which a listener looks whether it is to end."""
_TLS = ("sslmode", "sslrootcert", "sslcert", "sslkey")


class Listening:
    """A thread that listens until it is closed."""

    def __init__(self, options: DriverConnection, channel: str, wake: Callable[[], None]) -> None:
        """Raises `Misconfigured` SA-2140 where psycopg is not installed."""
        try:
            import psycopg  # noqa: PLC0415 - only where a flow listens
        except ImportError as error:
            raise Misconfigured(
                "SA-2140",
                "`listen` needs the package psycopg",
                hint='pip install "syncagent[listen]", or leave `listen` out and poll',
            ) from error
        self._psycopg = psycopg
        self._options = options
        self._channel = channel
        self._wake = wake
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._serve, name="listen", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Listen no more."""
        self._closed.set()
        self._thread.join()

    def _serve(self) -> None:
        pause = FIRST_PAUSE
        while not self._closed.is_set():
            try:
                with self._connect() as connection:
                    pause = FIRST_PAUSE
                    self._listen(connection)
            except self._psycopg.Error:
                # The runs of the flow tell people what is wrong with the database.
                self._closed.wait(pause)
                pause = min(LONGEST_PAUSE, 2 * pause)

    def _listen(self, connection: Any) -> None:
        connection.execute(
            self._psycopg.sql.SQL("LISTEN {}").format(self._psycopg.sql.Identifier(self._channel))
        )
        self._wake()
        while not self._closed.is_set():
            if any(True for _ in connection.notifies(timeout=_TICK, stop_after=1)):
                self._wake()

    def _connect(self) -> Any:
        options = self._options
        tls: dict[str, Any] = {
            name.lower(): value for name, value in options.keywords.items() if name.lower() in _TLS
        }
        return self._psycopg.connect(
            host=options.server,
            port=options.port or 5432,
            dbname=options.database,
            user=options.user,
            password=options.password.reveal() if options.password else None,
            connect_timeout=int(options.connect_timeout),
            autocommit=True,
            **tls,
        )


class NotListening:
    """What a flow has that listens to nothing."""

    def close(self) -> None:
        """There is nothing to end."""
