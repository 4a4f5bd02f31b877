"""How long pages of the dashboard take with a million messages in the store."""

from __future__ import annotations

import re
import socket
import sqlite3
import time
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path
from statistics import median

import httpx

from agent.clock import SystemClock
from agent.dashboard.pages import PAGES
from agent.demo.agent_process import AgentProcess
from agent.kpi import FLOW as FLOW_KIND
from agent.kpi import TARGET, THE_AGENT
from agent.model import Change, Op, Receipt, State
from agent.passwords import hashed
from agent.store import HOUR_MS, HourRow, Outcome, Store, Subject, Unknown
from tests.bench.course import Course, Step
from tests.bench.measuring import Measured
from tests.bench.site import wait_for

MESSAGES = 1_000_000
FLOWS = ("articles", "prices", "stock", "customers", "orders")
HOURS = 396 * 24
"""Of which figures are kept: thirteen months."""
REFUSED, WAITING, RUNS = 2_000, 2_000, 2_000
"""Of each flow; all else is delivered."""
AT_ONCE = 5_000
DAY = 24
BODY = b'{"sku":"ART-0001","name":"Tubo in ottone DN20","description":"%s"}' % (b"x" * 340)
USER, PASSWORD = "bench", "three words of the bench"
CODE, WHY = "SA-5401", "the shop does not take it"
TOMORROW = 86_400_000
ASKS_OTHERS = re.compile(r"explanation|check|bundle|table|report")
"""Pages that wait for other systems, or hand out a file."""
ASKED = (
    "/search?key=K1980",
    "/orders?show=all",
    "/errors?tab=resolved",
    "/timeline?flow=stock",
    "/kpis?span=year",
)
"""Pages again, with something to look for."""
CONFIG = """
site: {{name: bench, time_zone: Europe/Rome}}
connections:
  erp: {{kind: sqlite, file: erp.db}}
  shop: {{kind: shop, url: "https://localhost:{closed}", token: env:SHOP_TOKEN}}
store: {{path: store.db, disk_low: 50MB, backup: off}}
dashboard: {{port: {port}}}
flows:
"""
FLOW = """
  {name}:
    source: {{connection: erp, table: {name}, key: [id]}}
    target: {{connection: shop}}
    watch: false
"""
PRODUCT = """\
    entity: product
    mapping: {sku: id, name: name}
"""
ORDER = """\
    entity: order
    mapping:
      number: id
      customer: name
      placed_at: {value: "2026-11-22T10:00:00Z"}
      lines: {each: lines, fields: {line: line, sku: sku, quantity: quantity}}
"""


def pages(course: Course) -> Iterator[Step]:
    """Every page that only looks, opened by an admin while the shop does not answer."""
    folder = course.folder / "pages"
    folder.mkdir(parents=True)
    with closing(sqlite3.connect(folder / "erp.db")) as erp:
        for name in FLOWS:
            erp.execute(f"CREATE TABLE {name} (id TEXT PRIMARY KEY, name TEXT, lines TEXT)")
    message = _fill(folder / "store.db", 50_000 if course.quick else MESSAGES)
    port = _free_port()
    config = folder / "config.yaml"
    flows = [FLOW.format(name=name) + (ORDER if name == "orders" else PRODUCT) for name in FLOWS]
    config.write_text(CONFIG.format(closed=_free_port(), port=port) + "".join(flows))
    agent = AgentProcess(config, folder, folder / "agent.log", {"SHOP_TOKEN": "bench"})
    agent.start()
    try:
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as browser:
            _log_in(browser)
            places = {
                "flow": FLOWS[0],
                "code": CODE,
                "key": "K1000",
                "message": message,
                "job": "1",
                "run": "1",
                "number": "1",
            }
            for page, path in _paths(places):
                yield f"dashboard: {page}", _opened(browser, path, 5 if course.quick else 20)
    finally:
        agent.stop()


def _fill(path: Path, count: int) -> str:
    """A store as years leave it; the id of one of its messages."""
    store = Store.open(path, SystemClock())
    with closing(store):
        store.users.add(USER, "admin", hashed(PASSWORD))
        now = time.time_ns() // 1_000_000
        each = count // len(FLOWS)
        for flow in FLOWS:
            for _ in range(RUNS):
                run = store.runs.start(0, flow, "differential", "schedule", now)
                store.runs.finish(run, Outcome.OK, {"rows": 10, "updates": 1}, "", "", now)
            _append(store, flow, each)
            _settle(store, each - REFUSED - WAITING, "delivered")
            _settle(store, REFUSED, "refused")
            _settle(store, WAITING, "waits")
        _keep_figures(store, now // HOUR_MS)
        return store.messages.list(limit=1, state=State.PARKED)[0].id


def _keep_figures(store: Store, now: int) -> None:
    """What was counted in each hour: the agent, every flow, the shop."""
    done = {"delivered": 2_000, "refused": 3, "rows": 100_000, "changes": 2_000, "runs": 60}
    peaks = {"backlog": 40, "age": 300}
    times = dict.fromkeys(range(60, 85), 80)
    for start in range(now - HOURS, now, DAY):
        with store.transaction():
            for hour in range(start, start + DAY):
                store.kpis.put(
                    [
                        HourRow(hour, THE_AGENT, {"up": 3600}, {}),
                        *(
                            HourRow(hour, Subject(FLOW_KIND, name), done | peaks, times)
                            for name in FLOWS
                        ),
                        HourRow(hour, Subject(TARGET, "shop"), {"calls": 900}, times),
                    ]
                )


def _append(store: Store, flow: str, count: int) -> None:
    for start in range(0, count, AT_ONCE):
        changes = [
            Change(Op.UPSERT, "product", f"K{number}", BODY, number.to_bytes(16, "big"), None)
            for number in range(start, min(start + AT_ONCE, count))
        ]
        store.messages.append(flow, "shop", 1, 3, changes, held=False, coalesce=True)


def _settle(store: Store, count: int, fate: str) -> None:
    """What becomes of the next so many."""
    while count:
        now = time.time_ns() // 1_000_000 + 1000
        claim = store.messages.claim("shop", min(500, count), now=now, lease_ms=60_000)
        accepted, rejected, unknown = [], [], []
        for message in claim.messages:
            if fate == "delivered":
                accepted.append(Receipt(message.id, accepted=True))
            elif fate == "refused":
                rejected.append(Receipt(message.id, accepted=False, code=CODE, reason=WHY))
            else:
                unknown.append(Unknown(message.id, now + TOMORROW, "SA-5201", WHY))
        store.messages.settle(claim.token, accepted, rejected, unknown, now)
        count -= len(claim.messages)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _log_in(browser: httpx.Client) -> None:
    form = wait_for(lambda: _found(browser, "/log-in"), "the dashboard")
    token = re.search(r'name="token" value="([0-9a-f]{64})"', form.text)
    assert token, form.text
    said = {"token": token[1], "name": USER, "password": PASSWORD}
    answer = browser.post("/log-in", data=said, headers={"origin": str(browser.base_url)})
    assert answer.status_code == 303, answer.text


def _found(browser: httpx.Client, path: str) -> httpx.Response | None:
    try:
        return browser.get(path)
    except httpx.ConnectError:
        return None  # it listens a moment after the agent answers


def _paths(places: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """All pages that look, each with an address."""
    for page in PAGES:
        if page.method == "GET" and not ASKS_OTHERS.search(page.path):
            filled = re.sub(r"\{(\w+)(:\w+)?\}", lambda found: places[found[1]], page.path)
            yield page.path, filled
    yield from zip(ASKED, ASKED, strict=True)


def _opened(browser: httpx.Client, path: str, times: int) -> Measured:
    seconds = []
    for _ in range(times + 1):
        started = time.perf_counter()
        answer = browser.get(path, follow_redirects=True)
        seconds.append(time.perf_counter() - started)
        assert answer.status_code == 200, f"{path}: {answer.status_code} {answer.text[:500]}"
    return Measured(median(seconds[1:]), more={"kb": len(answer.content) / 1000})
