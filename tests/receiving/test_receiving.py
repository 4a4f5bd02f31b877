"""Another system calls us: what it says is kept before it is acknowledged, and done once."""

from __future__ import annotations

import json
import socket
import ssl
from collections.abc import Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest

from agent.api.flows import resume
from agent.config import ConfigurationProblems, load
from agent.daemon import Agent
from agent.demo.certificates import create_certificates
from agent.errors import Misconfigured
from tests.receiving.conftest import CONFIG, KEY, SECRET, Premises
from tests.waiting import until

VITE = {"data": {"sku": "A", "name": "Vite"}}
SIGNAL = """\
connections:
  erp:
    kind: webhook
    port: PORT
    path: /erp
    signing_secret: env:ERP_SECRET
    wakes: products
    record_path: changed
    key_path: [code]
    EXTRA
  articles: {kind: memory}
  shop: {kind: memory}
store: {path: store.db, disk_low: 1B, backup: off}
flows:
  products:
    source: {connection: articles, table: FOLDER, key: [CODE]}
    target: {connection: shop, receiver: FOLDER}
    entity: product
    guard: off
    mapping: {sku: CODE, name: NAME}
"""

OTHER_CERTIFICATE = """tolerance: 5m
  mes: {kind: webhook, port: P, path: /m, token: env:T, certificate: x.pem}"""


def refused(site: Premises, response: httpx.Response, status: int) -> None:
    assert response.status_code == status
    assert not site.receiver.effects


def raw(site: Premises, content: bytes) -> bytes:
    """What comes back for bytes on the wire, until the other side closes."""
    with socket.create_connection(("127.0.0.1", site.port), timeout=30) as wire:
        wire.sendall(content)
        answer = b""
        while piece := wire.recv(4096):
            answer += piece
        return answer


def test_event_becomes_a_record(site: Premises) -> None:
    with site.running():
        assert site.call("e1", VITE).status_code == 204
        site.until_shown(A="Vite")


def test_event_sent_twice_is_the_same_event(site: Premises) -> None:
    with site.running():
        assert site.call("e1", VITE).status_code == 204
        site.until_shown(A="Vite")
        assert site.call("e2", {"data": {"sku": "A", "name": "Dado"}}).status_code == 204
        site.until_shown(A="Dado")
        assert site.call("e1", VITE).status_code == 204
        assert site.call("e3", {"data": {"sku": "B", "name": "Rosetta"}}).status_code == 204
        site.until_shown(A="Dado", B="Rosetta")
    assert [effect.key for effect in site.receiver.effects] == ["A", "A", "B"]


def test_list_of_records_comes_in_one_event(site: Premises) -> None:
    with site.running():
        site.call("e1", {"data": [{"sku": "A", "name": "Vite"}, {"sku": "B", "name": "Dado"}]})
        site.until_shown(A="Vite", B="Dado")


def test_newest_word_on_a_key_counts(site: Premises) -> None:
    with closing(Agent.open(site.folder / "config.yaml")) as agent:
        for number, name in enumerate(["Vite", "Dado", "Rosetta"]):
            body = json.dumps({"data": [{"sku": "A", "name": "old"}, {"sku": "A", "name": name}]})
            agent.store.events.add("erp", f"e{number}", body.encode(), 1_800_000_000_000)
    with site.running():
        site.until_shown(A="Rosetta")
    assert len(site.receiver.effects) == 1


def test_event_that_says_gone_deletes(site: Premises) -> None:
    with site.running():
        site.call("e1", {"data": [{"sku": "A", "name": "Vite"}, {"sku": "B", "name": "Dado"}]})
        site.until_shown(A="Vite", B="Dado")
        site.call("e2", {"data": {"sku": "A", "gone": True}})
        site.until_shown(B="Dado")


def test_record_that_cannot_be_used_is_parked_and_others_go_on(site: Premises) -> None:
    with site.running() as agent:
        assert site.call("e1", {"other": 1}).status_code == 204
        site.call("e2", VITE)
        site.until_shown(A="Vite")
        parked = agent.store.messages.list(limit=9)
    assert [(row.state, row.code) for row in parked if row.state == "parked"] == [
        ("parked", "SA-2606")
    ]


@pytest.mark.parametrize("trouble", ["another key", "long ago", "in the future", "no signature"])
def test_caller_that_cannot_be_believed_changes_nothing(site: Premises, trouble: str) -> None:
    with site.running() as agent:
        if trouble == "no signature":
            found = site.http.post("/erp", json=VITE)
        else:
            age = {"long ago": 400, "in the future": -400}.get(trouble, 0)
            key = b"another key, as long as it" if trouble == "another key" else KEY
            found = site.call("e1", VITE, key=key, age=age)
        refused(site, found, 401)
        assert found.json() == {"title": "not authorized", "status": 401}
        assert agent.store.events.newest("erp", after=0, before=None, limit=9) == []


def test_body_changed_on_the_way_is_not_believed(site: Premises) -> None:
    with site.running():
        request = site.call("e1", VITE).request
        site.until_shown(A="Vite")
        request.headers["webhook-id"] = "e2"
        assert site.http.send(request).status_code == 401


@pytest.mark.parametrize("chunked", [False, True])
def test_body_that_is_too_large_is_not_read(site: Premises, chunked: bool) -> None:
    body = b'{"data": "' + b"x" * 30_000 + b'"}'

    def pieces() -> Iterator[bytes]:
        for start in range(0, len(body), 1000):
            yield body[start : start + 1000]

    with site.running():
        headers = {"content-type": "application/json"}
        content: Any = pieces() if chunked else body
        refused(site, site.http.post("/erp", content=content, headers=headers), 413)


@pytest.mark.parametrize(
    ("method", "path", "content_type", "status"),
    [
        ("POST", "/erp", "text/xml", 415),
        ("POST", "/erp", "application/x-www-form-urlencoded", 415),
        ("GET", "/erp", "application/json", 405),
        ("POST", "/other", "application/json", 404),
        ("POST", "/erp/", "application/json", 404),
    ],
)
def test_request_of_another_shape_is_refused(
    site: Premises, method: str, path: str, content_type: str, status: int
) -> None:
    with site.running():
        found = site.http.request(
            method, path, content=b"{}", headers={"content-type": content_type}
        )
        refused(site, found, status)


@pytest.mark.parametrize("body", [b"", b"not json", b'{"a": ', b"\xff\xfe", b"[" * 5_000])
def test_body_that_is_no_json_is_refused(site: Premises, body: bytes) -> None:
    with site.running():
        refused(site, site.call("e1", body), 422)
        assert site.call("e1", VITE).status_code == 204, "the id was not used up"


def test_caller_that_trickles_is_cut_off(site: Premises) -> None:
    site.configure("request_timeout: 200ms")
    head = b"POST /erp HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
    with site.running():
        assert raw(site, b"") == b""
        assert raw(site, head) == b""
        assert raw(site, head + b'content-length: 100\r\n\r\n{"data"') == b""
        assert site.call("e1", VITE).status_code == 204


def test_caller_that_calls_too_often_is_told_to_wait(site: Premises) -> None:
    site.configure("requests_per_minute: 2")
    with site.running():
        found = [site.call(f"e{number}", VITE) for number in range(3)]
    assert [each.status_code for each in found] == [204, 204, 429]
    assert 1 <= int(found[2].headers["retry-after"]) <= 60


def test_nothing_is_accepted_while_nobody_takes_it_over(site: Premises) -> None:
    site.configure("most_waiting: 2")
    with site.running() as agent:
        agent.store.flows.update("products", halted="SA-0000 for a while")
        found = [site.call(f"e{number}", VITE) for number in range(3)]
        assert [each.status_code for each in found] == [204, 204, 503]
        assert "retry-after" in found[2].headers
        resume(agent, "products")
        until(lambda: site.call("e2", VITE).status_code == 204, "there is room again")
        site.until_shown(A="Vite")


def test_signal_reads_the_named_keys_of_another_flow(site: Premises) -> None:
    site.configure(text=SIGNAL)
    site.table.rows = [("A", "Vite"), ("B", "Dado"), ("C", "Rosetta")]
    with site.running():
        site.until_shown(A="Vite", B="Dado", C="Rosetta")
        site.table.rows = [("A", "Vite 2"), ("C", "Rosetta 2")]
        assert site.call("e1", {"changed": [{"code": "A"}, {"code": "B"}]}).status_code == 204
        site.until_shown(A="Vite 2", C="Rosetta")


def test_signal_without_a_key_is_refused(site: Premises) -> None:
    site.configure(text=SIGNAL)
    with site.running() as agent:
        for body in ({"changed": [{}]}, {}, {"changed": {"code": None}}, {"changed": [7]}):
            assert site.call("e1", body).status_code == 422
        assert agent.store.jobs.waiting() == []


def test_signal_and_its_job_are_kept_together(site: Premises) -> None:
    site.configure(text=SIGNAL)
    with site.running() as agent:
        until(lambda: agent.store.runs.list("products", limit=1))
        agent.queue.stop(10)  # nothing takes the job
        site.call("e1", {"changed": {"code": 7}})
        site.call("e1", {"changed": {"code": 7}})
        site.call("e2", {"changed": {"code": "8|9"}})
        (job,) = agent.store.jobs.waiting()
        assert (job.flow, job.scope, job.keys) == ("products", "keys", ("7", "8|9"))


def test_signal_that_names_no_keys_looks_for_what_changed(site: Premises) -> None:
    site.configure(
        text=SIGNAL.replace("    key_path: [code]\n", "").replace("    record_path: changed\n", "")
    )
    with site.running() as agent:
        until(lambda: agent.store.runs.list("products", limit=1))
        site.table.rows = [("A", "Vite")]
        site.call("e1", {})
        site.until_shown(A="Vite")


def test_connections_share_a_port(site: Premises) -> None:
    second = """tolerance: 5m
  mes:
    kind: webhook
    port: PORT
    path: /mes
    token: env:ERP_SECRET
    id_path: id""".replace("PORT", str(site.port))
    flow = CONFIG.partition("flows:\n")[2].replace("products:", "from_mes:")
    site.configure(second, CONFIG + flow.replace("connection: erp", "connection: mes"))
    with site.running():
        site.call("e1", VITE)
        site.until_shown(A="Vite")
        body = {"id": 1, "data": {"sku": "B", "name": "Dado"}}
        assert site.http.post("/mes", json=body).status_code == 401
        headers = {"authorization": f"Bearer {SECRET}"}
        assert site.http.post("/mes", json=body, headers=headers).status_code == 204
        site.until_shown(A="Vite", B="Dado")


def test_two_flows_read_one_connection(site: Premises) -> None:
    flow = CONFIG.partition("flows:\n")[2].replace("products:", "again:")
    site.configure(text=CONFIG + flow.replace("sku: sku", "sku: {expression: \"row.sku ~ '2'\"}"))
    with site.running() as agent:
        site.call("e1", VITE)
        until(lambda: len(site.receiver.effects) == 2)
        until(lambda: agent.store.events.waiting("erp", 9) == 0, "both have taken it over")


def test_door_opens_as_soon_as_the_port_is_free(site: Premises) -> None:
    with socket.create_server(("127.0.0.1", site.port)) as other, site.running() as agent:
        assert "SA-2608" in agent.status()["verdict"]
        other.close()
        until(lambda: _answers(site), "the door opens")
        site.call("e1", VITE)
        site.until_shown(A="Vite")
        assert agent.status()["verdict"] == "all is well"


def _answers(site: Premises) -> bool:
    try:
        return site.call("e0", VITE).status_code == 204
    except httpx.TransportError:
        return False


def test_listener_stays_open_while_the_configuration_changes(site: Premises) -> None:
    with site.running() as agent:
        site.call("e1", VITE)
        site.configure(text=CONFIG.replace("path: /erp", "path: /new"))
        agent.reload()
        assert site.call("e2", VITE).status_code == 404
        assert site.call("e2", {"data": {"sku": "B", "name": "-"}}, path="/new").status_code == 204
        site.until_shown(A="Vite", B="-")


def test_without_a_flow_there_is_no_door(site: Premises) -> None:
    site.configure(text=CONFIG + "    enabled: off\n")
    with site.running(), pytest.raises(httpx.ConnectError):
        site.call("e1", VITE)


def test_other_machines_call_encrypted(site: Premises) -> None:
    files = create_certificates(site.folder / "certificates")
    tls = f"host: 0.0.0.0\n    certificate: {files.server}\n    certificate_key: {files.server_key}"
    site.configure(tls)
    context = ssl.create_default_context(cafile=files.authority)
    with (
        site.running(),
        httpx.Client(base_url=f"https://127.0.0.1:{site.port}", verify=context) as client,
    ):
        site.http, plain = client, site.http
        assert site.call("e1", VITE).status_code == 204
        site.until_shown(A="Vite")
        site.http = plain
        with pytest.raises(httpx.TransportError):
            site.call("e2", VITE)


def test_certificate_that_cannot_be_used_leaves_the_door_closed(site: Premises) -> None:
    (site.folder / "bad.pem").write_text("no certificate")
    site.configure("certificate: bad.pem")
    with site.running() as agent:
        assert agent.status()["closed_doors"][0]["code"] == "SA-2611"
        with pytest.raises(httpx.TransportError):
            site.call("e1", VITE)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("path: /erp", "path: /erp\n    host: 0.0.0.0"),
        ("path: /erp", "path: erp"),
        ("path: /erp", "path: /erp\n    token: env:OTHER"),
        ("signing_secret: env:ERP_SECRET", "tolerance: 5m"),
        ("path: /erp", "path: /erp\n    id_header: X-Id"),
        ("path: /erp", "path: /erp\n    key_path: [sku]"),
    ],
)
def test_options_that_do_not_hold_together_are_problems(site: Premises, old: str, new: str) -> None:
    site.configure(text=CONFIG.replace("    EXTRA\n", "").replace(old, new))
    with pytest.raises(ConfigurationProblems) as caught:
        load(site.folder / "config.yaml")
    assert {problem.code for problem in caught.value.problems} == {"SA-1008"}


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("wakes: nobody", "SA-2610"),
        ("wakes: products", "SA-2610"),
        ("tolerance: 5m\n  mes: {kind: webhook, port: P, path: /erp, token: env:T}", "SA-2609"),
        (OTHER_CERTIFICATE, "SA-2609"),
    ],
)
def test_connections_in_each_others_way_are_refused(site: Premises, more: str, code: str) -> None:
    flow = CONFIG.partition("flows:\n")[2].replace("products:", "other:")
    other = flow.replace("connection: erp", "connection: mes") if "mes:" in more else ""
    site.configure(more.replace("port: P", f"port: {site.port}"), CONFIG + other)
    with pytest.raises(Misconfigured) as caught:
        Agent.open(site.folder / "config.yaml")
    assert caught.value.code == code
