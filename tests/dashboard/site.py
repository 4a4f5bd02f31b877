"""A site to look at, articles into a shop and orders into an ERP, and a plain browser."""

from __future__ import annotations

import http.client
import re
import socket
from dataclasses import dataclass, field, replace
from urllib.parse import quote, urlencode

from agent.alerts.trouble import Kind, Trouble
from agent.api.operations import OPERATIONS
from agent.daemon import Agent
from agent.errors import Unavailable
from agent.kpi import FLOW, TARGET, THE_AGENT
from agent.kpi.durations import duration_class
from agent.store import HOUR_MS, Alert, HourRow, Subject
from connectors.memory import Receiver, Table, loses_answer
from tests.waiting import until

PASSWORD = "quattro parole senza legame"
CONFIG = """
site: {name: Ferramenta Rossi, time_zone: Europe/Rome}
connections:
  erp: {kind: memory}
  shop: {kind: memory, delivery: {backoff_base: 10ms, breaker_failures: 2}}
  accounts: {kind: memory, delivery: {backoff_base: 10ms, backoff_cap: 20ms}}
store: {path: store.db, disk_low: 1B, backup: off}
flows:
  articles:
    source: {connection: erp, table: NAME-articles, key: [SKU]}
    target: {connection: shop, receiver: NAME-shop}
    entity: product
    mapping: {sku: SKU, name: TITLE}
    guard: {delete_share: 0, delete_count: 1}
  orders:
    source: {connection: shop, table: NAME-orders, key: [NUMBER]}
    target: {connection: accounts, receiver: NAME-accounts, doubt: hold}
    entity: order
    mapping:
      number: NUMBER
      customer: CUSTOMER
      placed_at: PLACED
      lines: {each: LINES, fields: {line: LINE, sku: SKU, quantity: QUANTITY, price: PRICE}}
      total_net: NET
    totals: 0.02
"""
LINES = [{"LINE": 1, "SKU": "VIT-1", "QUANTITY": "10", "PRICE": "1.50"}]
ARTICLES = [("VIT-1", "Vite 4x40"), ("VIT-2", "Vite 5x60"), ("TAS-1", "Tassello 8")]
_FORGED = re.compile(r'name="token" value="([0-9a-f]{64})"')


@dataclass
class Site:
    """The agent, the systems around it, and the address of its dashboard."""

    agent: Agent
    port: int
    shop: Receiver
    accounts: Receiver
    articles: Table
    orders: Table

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def place_order_in_doubt(self, number: str) -> None:
        """The ERP writes the order, the answer is lost, nobody can be asked."""
        self.accounts.script.append(loses_answer(Unavailable("SA-5901", "the answer was lost")))
        self.place_order(number, "15.00")
        until(lambda: any(order["code"] == "SA-5010" for order in self.parked(number)))

    def place_order(self, number: str, net: str) -> None:
        self.orders.rows.append((number, "C1", "2026-11-22T10:00:00Z", LINES, net))
        self.orders.wake()

    def refuse_article(self, sku: str, reason: str) -> None:
        """The shop refuses a new article."""
        self.shop.refuses[sku] = reason
        self.articles.rows.append((sku, f"Articolo {sku}"))
        self.articles.wake()
        until(lambda: self.parked(sku))

    def parked(self, key: str) -> list[dict[str, object]]:
        found: list[dict[str, object]] = self.ask("messages", key=key, state="parked")["messages"]
        return found

    def ask(self, question: str, **arguments: object) -> dict[str, list[dict[str, object]]]:
        return OPERATIONS[question].call(self.agent, arguments)

    def deeds(self) -> list[tuple[object, object]]:
        return [(deed["by"], deed["did"]) for deed in self.ask("audit")["deeds"]]


def delivered_in(hour: int) -> int:
    """Messages that `keep_figures` lets be delivered in an hour; a third of them wait."""
    return 200 + 150 * (hour % 24)


def keep_figures(site: Site) -> None:
    """Ten days of figures that go up and down with the hours of the day."""
    now = site.agent.clock.now_ms() // HOUR_MS
    with site.agent.store.transaction():
        for hour in range(now - 240, now):
            done = delivered_in(hour)
            counts = {"delivered": done, "refused": hour % 7, "age": 300 + hour % 100}
            site.agent.store.kpis.put(
                [
                    HourRow(hour, THE_AGENT, {"up": 3600}, {}),
                    HourRow(
                        hour,
                        Subject(FLOW, "articles"),
                        {**counts, "backlog": done // 3, "down": 60 * (hour % 5 == 0)},
                        {duration_class(800): done, duration_class(9000): done // 10},
                    ),
                    HourRow(hour, Subject(TARGET, "shop"), {"calls": done}, {5: done}),
                ]
            )


def tell_of_an_outage(site: Site) -> None:
    """One alert that is open, and one that is over."""
    facts = Trouble(
        Kind.FRESHNESS,
        "articles",
        "SA-7460",
        "as of 52 minutes ago, 30 are allowed",
        command="syncagent sync articles",
        page="/flows",
    ).facts
    now = site.agent.clock.now_ms()
    outage = Alert(
        0, "freshness|articles", "freshness", facts, now - 1_800_000, 2, ("it",), 0, now, now
    )
    over = replace(outage, fingerprint="before", gone_at=now, closed_at=now)
    for alert in (over, outage):
        site.agent.store.alerts.put(alert)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class Answer:
    status: int
    text: str
    headers: http.client.HTTPMessage

    @property
    def token(self) -> str:
        found = _FORGED.search(self.text)
        assert found, self.text[:500]
        return found[1]


@dataclass
class Browser:
    """As little of a browser as pages without JavaScript need: cookies, and an Origin in forms."""

    port: int
    language: str = "en"
    cookies: dict[str, str] = field(default_factory=dict)

    def get(self, path: str, **headers: str) -> Answer:
        return self._request("GET", path, None, headers)

    def post(
        self, path: str, token: str, headers: dict[str, str] | None = None, **form: str
    ) -> Answer:
        body = urlencode({"token": token, **form})
        given = {
            "Origin": f"http://127.0.0.1:{self.port}",
            "Content-Type": "application/x-www-form-urlencoded",
            **(headers or {}),
        }
        return self._request("POST", path, body, given)

    def press(self, page: str, action: str, **form: str) -> Answer:
        """Open a page and send one of its forms; where that leads to."""
        shown = self.get(page)
        assert f'action="{action}"' in shown.text, shown.text
        answer = self.post(action, shown.token, None, **form)
        assert answer.status == 303, answer.text
        return self.get(answer.headers["location"])

    def log_in(self, name: str, password: str = PASSWORD) -> Answer:
        form = self.get("/log-in")
        return self.post("/log-in", form.token, name=name, password=password)

    def _request(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        given = {"Accept-Language": self.language, **headers}
        if self.cookies:
            given["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        connection.request(method, quote(path, safe="/?&=%"), body, given)
        response = connection.getresponse()
        answer = Answer(response.status, response.read().decode(), response.headers)
        connection.close()
        for cookie in response.headers.get_all("set-cookie", []):
            name, _, value = cookie.partition(";")[0].partition("=")
            self.cookies[name] = value.strip('"')
        return answer
