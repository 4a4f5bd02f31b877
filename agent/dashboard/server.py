"""The dashboard's web server, in a thread of its own."""

from __future__ import annotations

import logging
import ssl
import threading

from agent.api.engine import Engine
from agent.clock import Clock
from agent.config import DashboardSettings
from agent.errors import Misconfigured
from agent.serving import TicklessServer, listen, patient, quiet

CONNECTIONS = 100
PATIENCE = 30.0
"""Seconds within which a request has come in."""
_log = logging.getLogger(__name__)


class DashboardServer:
    """Answers browsers until it is stopped. Where it cannot listen the agent goes on without."""

    def __init__(self, engine: Engine, settings: DashboardSettings, clock: Clock) -> None:
        self._engine = engine
        self._settings = settings
        self._clock = clock
        self._server: TicklessServer | None = None
        self._thread: threading.Thread | None = None
        self.problem: Misconfigured | None = None
        """Why there is no dashboard although one is configured."""

    def start(self) -> None:
        """Listen, where the configuration has a port."""
        settings = self._settings
        if settings.port is None:
            return
        try:
            self._begin(settings.host, settings.port)
        except (OSError, ssl.SSLError) as error:
            self.problem = Misconfigured(
                "SA-7517",
                f"the dashboard cannot listen on {settings.host}:{settings.port}: "
                f"{error.strerror or error}",
                hint="correct the section `dashboard`, then restart",
            )
            _log.error(str(self.problem), extra={"hint": self.problem.hint})
            return
        scheme = "https" if settings.certificate else "http"
        _log.info("dashboard", extra={"url": f"{scheme}://{settings.host}:{settings.port}/"})

    def stop(self) -> None:
        """Finish what is being answered, then listen no longer."""
        if self._server is not None and self._thread is not None:
            self._server.stop()
            self._thread.join()
            self._server = None

    def _begin(self, host: str, port: int) -> None:
        from agent.dashboard.application import Dashboard  # noqa: PLC0415 - 60 ms for who has one

        dashboard = Dashboard(self._engine, self._settings, self._clock, self._is_stopping)
        config = quiet(
            dashboard.application(),
            http=patient(PATIENCE),
            proxy_headers=False,
            limit_concurrency=CONNECTIONS,
            timeout_graceful_shutdown=3,
            ssl_certfile=self._settings.certificate,
            ssl_keyfile=self._settings.certificate_key,
        )
        config.load()
        listener = listen(host, port)
        self._server = TicklessServer(config)
        self._thread = threading.Thread(
            target=self._server.run, args=([listener],), name="dashboard", daemon=True
        )
        self._thread.start()

    def _is_stopping(self) -> bool:
        return self._server is None or self._server.should_exit
