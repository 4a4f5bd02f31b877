"""Sends at intervals what has come up since; what is not taken waits, within bounds."""

from __future__ import annotations

import gzip
import logging
import ssl
from importlib.util import find_spec
from threading import Event, Thread
from typing import Protocol

from agent.api import metrics
from agent.api.engine import Engine
from agent.config import TelemetrySettings
from agent.errors import Misconfigured, SyncError, Unavailable
from agent.otlp.lines import Lines, log_records

log = logging.getLogger(__name__)

TIMEOUT = 10.0
TRY_AGAIN = {429, 502, 503, 504}
"""What the specification calls retryable; after all else the same would be refused again."""
RUNS_AT_ONCE = 200
OVERLAP_MS = 60_000


class _Message(Protocol):
    def SerializeToString(self) -> bytes:  # noqa: N802 - protobuf's name
        ...


class Exporter:
    """One collector. That it does not answer is told once, and hinders nobody."""

    def __init__(self, engine: Engine, settings: TelemetrySettings, lines: Lines) -> None:
        self._engine = engine
        self._settings = settings
        self._lines = lines
        self._site = engine.config.site.name
        self._started_at = engine.clock.now_ms()
        self._runs_until = self._started_at
        self._sent: set[int] = set()
        self._stopped = Event()
        self._thread: Thread | None = None
        self.problem: SyncError | None = None
        """Why the last sending was not taken."""

    def start(self) -> None:
        """Send from now on, where the configuration names a collector."""
        if not self._settings.otlp:
            return
        if find_spec("opentelemetry") is None:
            self._note(
                Misconfigured(
                    "SA-7485",
                    "telemetry needs OpenTelemetry, which is not installed",
                    hint="pip install 'syncagent[opentelemetry]'",
                )
            )
            return
        self._thread = Thread(target=self._run, name="telemetry", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """Send what is left, once."""
        self._stopped.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
            self.export()

    def _run(self) -> None:
        while not self._stopped.wait(self._settings.every):
            self.export()

    def export(self) -> None:
        """Send all that there is. Never raises."""
        try:
            refused = [self._send_figures(), self._send_lines(), self._send_runs()]
        except SyncError as error:
            self._note(error)
        except Exception:  # telemetry is no reason to end
            log.exception("telemetry failed")
        else:
            self._note(next(filter(None, refused), None))

    def _note(self, error: SyncError | None) -> None:
        before, self.problem = self.problem, error
        if error and (before is None or before.reason != error.reason):
            log.warning("no telemetry: %s", error, extra={"hint": error.hint})

    def _send_figures(self) -> SyncError | None:
        from agent.otlp.figures import figures  # noqa: PLC0415 - what it needs is an extra

        now = self._engine.clock.now_ms()
        families = metrics.families(self._engine)
        return self._post("metrics", figures(self._site, families, self._started_at, now))

    def _send_lines(self) -> SyncError | None:
        refused = None
        while self._settings.logs and (lines := self._lines.some()):
            refused = self._post("logs", log_records(self._site, lines))
            self._lines.taken(lines)
        return refused

    def _send_runs(self) -> SyncError | None:
        if not self._settings.runs:
            return None
        from agent.otlp.traces import spans  # noqa: PLC0415 - as above

        now = self._engine.clock.now_ms()
        # An end is written down a moment after its time: that moment is looked at twice.
        over = [
            run
            for run in self._engine.store.runs.list(None, RUNS_AT_ONCE)
            if run.finished_at and run.finished_at >= self._runs_until - OVERLAP_MS
        ]
        runs = [run for run in over if run.id not in self._sent]
        refused = self._post("traces", spans(self._site, runs)) if runs else None
        self._runs_until, self._sent = now, {run.id for run in over}
        return refused

    def _post(self, what: str, message: _Message) -> SyncError | None:
        """Why it was refused for good, if it was; raises `Unavailable` for what may pass."""
        import httpx  # noqa: PLC0415 - 0.1 s that only those spend who have a collector

        headers = {name: secret.reveal() for name, secret in self._settings.headers.items()}
        headers |= {"content-type": "application/x-protobuf", "content-encoding": "gzip"}
        url = f"{self._settings.otlp}/v1/{what}"
        body = gzip.compress(message.SerializeToString(), 5, mtime=0)
        try:
            with httpx.Client(verify=self._trust(), timeout=TIMEOUT) as client:
                answer = client.post(url, content=body, headers=headers)
        except (httpx.HTTPError, httpx.InvalidURL, ssl.SSLError, OSError) as error:
            raise Unavailable("SA-7484", f"{url} is not reached: {error}") from None
        if answer.status_code in TRY_AGAIN:
            raise Unavailable("SA-7484", f"{url} answers {answer.status_code}")
        if answer.status_code >= 300:
            return Misconfigured(
                "SA-7486",
                f"{url} refuses our telemetry: {answer.status_code}",
                hint="correct address and headers under telemetry, then restart",
            )
        return None

    def _trust(self) -> ssl.SSLContext:
        import truststore  # noqa: PLC0415 - as above

        trust = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        if own := self._settings.certificate_authority:
            trust.load_verify_locations(str(own))
        return trust
