"""An agent that is not started, a mail server, and time that passes when the test says so."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

from agent.daemon import Agent
from agent.delivery import Delivery
from agent.errors import Unavailable
from connectors.memory import RECEIVERS, TABLES, Receiver, Table, fails
from tests.delivery.world import ManualClock
from tests.peers.mail_server import MailServer, mail_server

CONFIG = """
site: {{name: Acme, time_zone: Europe/Rome}}
connections:
  here: {{kind: memory}}
  there: {{kind: memory}}
store: {{path: store.db, disk_low: 1B, backup: off}}
flows:
  products:
    source: {{connection: here, table: "{name}", key: [CODE]}}
    target: {{connection: there, receiver: "{name}"}}
    entity: product
    mapping: {{sku: CODE, name: NAME}}
    guard: off
{flow}
alerts:
  mail: {{host: 127.0.0.1, port: {port}, security: none, from: agent@acme.example}}
  recipients:
    it: {{mail: [it@acme.example]}}
    boss: {{mail: [boss@acme.example]}}
  tell: [it]
{alerts}
"""
DOWN = Unavailable("SA-5202", "the shop does not answer")
START = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
"""A Monday, 11:00 in Rome."""


class ClockOfTheWall(ManualClock):
    """A manual clock that starts on a day that one can reckon with."""

    def now_ms(self) -> int:
        return int((START.timestamp() + self.seconds) * 1000)


class World:
    """One site."""

    def __init__(self, folder: Path, mails: MailServer, *, alerts: str, flow: str) -> None:
        self.name = str(folder)
        self.mails = mails
        self.clock = ClockOfTheWall()
        self.table = TABLES.setdefault(self.name, Table(("CODE", "NAME")))
        self.receiver = RECEIVERS.setdefault(self.name, Receiver())
        self.is_down = False
        self.path = folder / "config.yaml"
        self.configure(alerts=alerts, flow=flow)
        self.open()

    def open(self) -> None:
        self.agent = Agent.open(self.path, clock=self.clock)

    def configure(self, *, alerts: str = "  digest: off", flow: str = "") -> None:
        self.path.write_text(
            CONFIG.format(name=self.name, port=self.mails.port, alerts=alerts, flow=flow)
        )

    def restart(self) -> None:
        """As after a crash: what was not committed is gone."""
        self.agent.close()
        self.open()

    def run(self, flow: str = "products") -> None:
        """One run of the flow, as its schedule would have it."""
        job = self.agent.store.jobs.get(self.agent.request(flow, "differential"))
        assert job is not None
        self.agent.runner.run(job, self.agent.plans[flow], self.agent.intake)

    def look(self) -> None:
        """What the threads would do at this moment, one after the other."""
        shop = self.agent.deliveries["there"]
        if self.is_down:
            self.receiver.script.append(fails(DOWN))
        _turns(shop)
        self.receiver.script.clear()
        self.agent.alerts.look()
        for delivery in self.agent.alerts.deliveries.values():
            _turns(delivery)

    def pass_time(self, seconds: float, *, every: float = 60.0) -> None:
        """Let time pass, looking every so often."""
        end = self.clock.seconds + seconds
        while self.clock.seconds < end:
            self.clock.advance(min(every, end - self.clock.seconds))
            self.look()

    def told(self) -> list[tuple[str, str]]:
        """Recipient and subject of each mail, without the site's name; taken out of the box."""
        found = [
            (mail["To"].partition("@")[0], mail["Subject"].removeprefix("[Acme] "))
            for mail in self.mails.mails
        ]
        self.mails.mails.clear()
        return found

    def close(self) -> None:
        self.agent.close()
        del TABLES[self.name], RECEIVERS[self.name]


def _turns(delivery: Delivery) -> None:
    """All that the delivery can do now."""
    while delivery._turn() is None:
        pass


@contextmanager
def world(folder: Path, *, alerts: str = "  digest: off", flow: str = "") -> Iterator[World]:
    with mail_server() as mails:
        found = World(folder, mails, alerts=alerts, flow=flow)
        try:
            yield found
        finally:
            found.close()
