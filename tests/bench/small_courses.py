"""The outbox by itself, latency, the idle daemon, commands."""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator
from pathlib import Path
from statistics import median, quantiles

from agent.clock import SystemClock
from agent.demo.shop.database import ShopDatabase
from agent.model import Change, Op, Receipt
from agent.store import Store
from tests.bench.course import Course, Step
from tests.bench.measuring import Measured, run, stretch
from tests.bench.site import Site, wait_for

IN_FLIGHT = 5_000
APART = 0.7
"""Seconds between two files: watchdog holds events back for 0.5 s after a file was moved away."""
BODY = b'{"sku":"ART-0001","name":"Tubo in ottone DN20","description":"%s"}' % (b"x" * 340)


def outbox(course: Course) -> Iterator[Step]:
    """Append, claim and settle under `synchronous=FULL`; the file with 5,000 in flight."""
    count = 20_000 if course.quick else 100_000
    course.folder.mkdir(parents=True, exist_ok=True)
    store = Store.open(course.folder / "outbox.db", SystemClock())
    try:
        appended = stretch(lambda: _append(store, count))
        yield "outbox: append, 5,000 a transaction", _rate(appended, count)
        yield "outbox: claim and settle, 500 a batch", _rate(stretch(lambda: _settle(store)), count)
    finally:
        store.close()
    path = course.folder / "flight.db"
    store = Store.open(path, SystemClock())
    try:
        _append(store, IN_FLIGHT)
        store.messages.claim("shop", IN_FLIGHT, now=_now(), lease_ms=60_000)
        size = sum(each.stat().st_size for each in path.parent.glob("flight.db*"))
        yield "outbox: file and WAL, 5,000 in flight", Measured(0.0, more={"mb": size / 1e6})
    finally:
        store.close()


def _append(store: Store, count: int) -> None:
    for start in range(0, count, 5_000):
        changes = [
            Change(Op.UPSERT, "product", str(number), BODY, number.to_bytes(16, "big"), None)
            for number in range(start, start + 5_000)
        ]
        store.messages.append("f", "shop", 1, 3, changes, held=False, coalesce=True)


def _settle(store: Store) -> None:
    while True:
        claim = store.messages.claim("shop", 500, now=_now() + 1000, lease_ms=60_000)
        if not claim.messages:
            return
        receipts = [Receipt(message.id, accepted=True) for message in claim.messages]
        store.messages.settle(claim.token, receipts, [], [], _now())


def _rate(measured: Measured, count: int) -> Measured:
    return Measured(measured.seconds, measured.cpu, more={"per_second": count / measured.seconds})


def latency(course: Course) -> Iterator[Step]:
    """From closing a file of one row to the shop's commit, by the clock both share."""
    drops = course.folder / "latency" / "drops"
    source = '{connection: drops, files: "*.csv", key: [id], contents: delta, delimiter: ";"}'
    connection = "drops: {kind: csv, folder: drops, settle: 0s}"
    with Site(course.folder / "latency", connection, {"products": source}) as site:
        drops.mkdir()
        site.start_daemon()
        with ShopDatabase(site.folder / "shop.db", readonly=True) as shop:
            seen = [
                _taken(shop, drops, number)
                for number in range(10 if course.quick else 25)
            ]  # fmt: skip
        waits = seen[3:]  # the first ones open connections
        p95 = quantiles(waits, n=20)[-1]
        more = {"p50_ms": median(waits) * 1000, "p95_ms": p95 * 1000}
        yield "latency: file closed → shop", Measured(median(waits), more=more)


def _taken(shop: ShopDatabase, drops: Path, number: int) -> float:
    text = (
        "id;code;name;description;price;cost;stock;active;created;updated;category;note\n"
        f"{number};A-{number};Tubo;Tubo;1.00;0.5000;1;S;2026-01-01;2026-01-01 10:00:00;IDR;\n"
    )
    (drops / f"delta-{number}.csv").write_text(text)
    closed = time.time()
    effect = wait_for(lambda: next(iter(shop.effects(number)), None), "the shop")
    time.sleep(APART)
    return float(effect.at) / 1000 - closed


def idle(course: Course) -> Iterator[Step]:
    """A daemon with ten watched folders and nothing to do."""
    names = [f"flow{number}" for number in range(10)]
    places = "\n".join(f"{name}: {{kind: csv, folder: {name}}}" for name in names)
    flows = {n: f'{{connection: {n}, files: "*.csv", key: [id], delimiter: ";"}}' for n in names}
    with Site(course.folder / "idle", places, flows) as site:
        for name in names:
            (site.folder / name).mkdir()
        site.start_daemon()
        time.sleep(5)
        before, seconds = sum(site.daemon.cpu_times()[:2]), 10 if course.quick else 30
        time.sleep(seconds)
        cpu = sum(site.daemon.cpu_times()[:2]) - before
        memory = site.daemon.memory_info().rss / 2**20
        more = {"share": cpu / seconds, "rss_mb": memory}
        yield "idle: ten flows", Measured(float(seconds), cpu, memory, more)
        for _ in range(5):
            status, _said = site.command("status")
            yield "command: status", status
    program = str(Path(sys.executable).with_name("syncagent"))
    for _ in range(5):
        shown, _said = run([program, "--help"], course.folder / "out")
        yield "command: --help", shown


def _now() -> int:
    return time.time_ns() // 1_000_000
