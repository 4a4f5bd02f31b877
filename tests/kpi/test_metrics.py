"""`/metrics` over a real port, read by Prometheus's own parser."""

from __future__ import annotations

import http.client
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest
from prometheus_client.parser import text_string_to_metric_families

from agent.api.address import Address
from agent.api.server import ApiServer
from agent.config import ApiSettings
from agent.daemon import Agent
from agent.kpi import FLOW, Figures
from agent.secrets import Secret
from agent.store import Subject
from connectors.memory import RECEIVERS, TABLES, Receiver, Table
from tests.waiting import until

CONFIG = """
connections:
  here: {kind: memory}
  there: {kind: memory}
store: {path: store.db, disk_low: 1B, backup: off}
flows:
  products:
    source: {connection: here, table: NAME, key: [CODE]}
    target: {connection: there, receiver: NAME}
    entity: product
    mapping: {sku: CODE, name: NAME}
"""


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Agent]:
    """An agent at work; it has sent one record and was refused another."""
    name = str(tmp_path)
    TABLES[name] = Table(("CODE", "NAME"), [("A", "Vite"), ("B", "Dado")])
    RECEIVERS[name] = Receiver(refuses={"B": "no such article"})
    path = tmp_path / "config.yaml"
    path.write_text(
        CONFIG.replace("table: NAME", f"table: {name}").replace(
            "receiver: NAME", f"receiver: {name}"
        )
    )
    opened = Agent.open(path)
    opened.start()
    yield opened
    opened.stop()
    opened.close()
    del TABLES[name], RECEIVERS[name]


@pytest.fixture
def address(agent: Agent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Address]:
    monkeypatch.setenv("METRICS_TOKEN", "for prometheus alone")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    settings = ApiSettings(port=port, metrics_token=Secret("env:METRICS_TOKEN"))
    server = ApiServer(agent, tmp_path, settings)
    yield server.start()
    server.stop()


def get(address: Address, path: str, token: str, **headers: str) -> tuple[int, str]:
    connection = http.client.HTTPConnection(address.host, address.port, timeout=10)
    connection.request("GET", path, headers={"Authorization": f"Bearer {token}", **headers})
    answer = connection.getresponse()
    text = answer.read().decode()
    connection.close()
    return answer.status, text


def samples(text: str) -> dict[frozenset[str], float]:
    """Name and values of the labels → value."""
    return {
        frozenset({sample.name, *sample.labels.values()}): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_prometheus_reads_counters_and_gauges(agent: Agent, address: Address) -> None:
    agent.request("products", "differential")
    until(lambda: agent.deliveries["there"].status().parked == 1)

    def counted() -> bool:
        agent.figures.write()
        products = agent.figures.since_start().get(Subject(FLOW, "products"), Figures())
        return products.counts.get("delivered") == 1

    until(counted)
    status, text = get(address, "/metrics", "for prometheus alone")
    found = samples(text)
    assert status == 200
    assert found[frozenset({"syncagent_records_total", "products", "delivered"})] == 1
    assert found[frozenset({"syncagent_records_total", "products", "refused"})] == 1
    assert found[frozenset({"syncagent_messages", "products", "parked"})] == 1
    assert found[frozenset({"syncagent_target_up", "there"})] == 1
    assert found[frozenset({"syncagent_changes_total", "products"})] == 2
    assert found[frozenset({"syncagent_processing_seconds_count", "products"})] == 1
    assert found[frozenset({"syncagent_processing_seconds_bucket", "products", "60.0"})] == 1
    assert found[frozenset({"syncagent_calls_total", "there"})] >= 1
    assert found[frozenset({"syncagent_flow_last_success_timestamp_seconds", "products"})] > 1.7e9


@pytest.mark.usefixtures("agent")
def test_what_has_not_happened_yet_is_nought_and_not_missing(address: Address) -> None:
    found = samples(get(address, "/metrics", address.token)[1])
    assert found[frozenset({"syncagent_records_total", "products", "unanswered"})] == 0
    assert found[frozenset({"syncagent_failed_calls_total", "there"})] == 0


@pytest.mark.usefixtures("agent")
def test_token_for_metrics_opens_nothing_else(address: Address) -> None:
    assert get(address, "/v1/status", "for prometheus alone")[0] == 401
    assert get(address, "/metrics", "wrong")[0] == 401
    assert "SA-7481" in get(address, "/metrics", "wrong")[1]
    assert get(address, "/v1/status", address.token)[0] == 200


@pytest.mark.usefixtures("agent")
def test_page_in_a_browser_reads_no_metrics(address: Address) -> None:
    assert get(address, "/metrics", address.token, Origin="http://evil.example")[0] == 403
