"""The local API over real sockets, on an agent without flows: who gets in, and what is answered."""

from __future__ import annotations

import http.client
import json
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.api.address import Address, announce, find
from agent.api.client import Client, connect
from agent.api.server import BODY_LIMIT, ApiServer
from agent.config import ApiSettings
from agent.daemon import Agent
from agent.errors import Misconfigured, Rejected, Unavailable
from agent.secrets import Secret


@pytest.fixture
def agent(tmp_path: Path) -> Iterator[Agent]:
    (tmp_path / "config.yaml").write_text("connections: {}\nflows: {}\n")
    opened = Agent.open(tmp_path / "config.yaml")
    yield opened
    opened.close()


@pytest.fixture
def on_socket(agent: Agent, tmp_path: Path) -> Iterator[Address]:
    server = ApiServer(agent, tmp_path, ApiSettings())
    yield server.start()
    server.stop()


@pytest.fixture
def on_port(agent: Agent, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Address]:
    monkeypatch.setenv("API_TOKEN", "chosen")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = ApiServer(agent, tmp_path, ApiSettings(port=port, token=Secret("env:API_TOKEN")))
    yield server.start()
    server.stop()


def ask(address: Address, method: str, path: str, body: str = "", **headers: str) -> Any:
    """A raw request to the port; status, content type and document."""
    connection = http.client.HTTPConnection(address.host, address.port, timeout=10)
    given = {"Authorization": f"Bearer {address.token}", "Content-Type": "application/json"}
    given |= {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body or None, given)
    answer = connection.getresponse()
    document = json.loads(answer.read())
    connection.close()
    return answer.status, answer.headers["content-type"], document


def test_question_is_answered_over_the_socket(on_socket: Address, tmp_path: Path) -> None:
    client = connect(tmp_path)
    assert client is not None
    assert client.ask("status")["flows"] == []
    assert Path(on_socket.socket).stat().st_mode & 0o777 == 0o600


def test_problem_is_json_with_code_and_hint(on_port: Address) -> None:
    status, kind, problem = ask(on_port, "GET", "/v1/message?message=x")
    assert (status, kind, problem["code"]) == (404, "application/problem+json", "SA-7002")
    assert problem["hint"]


def test_errors_keep_their_class_code_and_hint_on_their_way(on_socket: Address) -> None:
    with pytest.raises(Rejected, match="no message x-1") as caught:
        Client(on_socket).ask("message", message="x-1")
    assert (caught.value.code, caught.value.hint != "") == ("SA-7002", True)


@pytest.mark.parametrize(
    ("method", "path", "body", "headers", "status", "code"),
    [
        ("GET", "/v1/nonsense", "", {}, 404, "SA-7003"),
        ("POST", "/v1/status", "", {}, 405, "SA-7003"),
        ("GET", "/v1/approve", "", {}, 405, "SA-7003"),
        ("GET", "/v1/runs?limit=many", "", {}, 400, "SA-7003"),
        ("GET", "/v1/runs?colour=red", "", {}, 400, "SA-7003"),
        ("POST", "/v1/approve", "{}", {}, 400, "SA-7003"),
        ("POST", "/v1/approve", "not json", {}, 400, "SA-7003"),
        ("POST", "/v1/approve", "[]", {}, 400, "SA-7003"),
        ("POST", "/v1/approve", "{}", {"Content_Type": "text/plain"}, 400, "SA-7003"),
        ("GET", "/v1/ping", "", {"Authorization": "Bearer wrong"}, 401, "SA-7302"),
        ("GET", "/v1/ping", "", {"Authorization": ""}, 401, "SA-7302"),
        ("GET", "/v1/ping", "", {"Host": "evil.example"}, 403, "SA-7303"),
        ("GET", "/v1/ping", "", {"Host": "localhost.evil.example"}, 403, "SA-7303"),
        ("GET", "/v1/ping", "", {"Origin": "http://evil.example"}, 403, "SA-7303"),
        ("POST", "/v1/approve", "x" * (BODY_LIMIT + 1), {}, 413, "SA-7304"),
    ],
    ids=[
        "unknown operation", "question as a command", "command as a question", "wrong type",
        "unknown field", "missing field", "no JSON", "no object", "no JSON type",
        "wrong token", "no token", "other host", "host that begins well", "page in a browser",
        "large body",
    ],
)  # fmt: skip
def test_what_does_not_belong_here_is_refused(
    on_port: Address,
    method: str,
    path: str,
    body: str,
    headers: dict[str, str],
    status: int,
    code: str,
) -> None:
    found, _, problem = ask(on_port, method, path, body, **headers)
    assert (found, problem["code"]) == (status, code)


def test_large_body_of_unknown_length_is_refused(on_port: Address) -> None:
    connection = http.client.HTTPConnection(on_port.host, on_port.port, timeout=10)
    parts = iter([b'{"by": "', *[b"x" * 65536] * (BODY_LIMIT // 65536 + 1), b'"}'])
    headers = {"Authorization": f"Bearer {on_port.token}", "Content-Type": "application/json"}
    connection.request("POST", "/v1/approve", parts, headers, encode_chunked=True)
    answer = connection.getresponse()
    assert (answer.status, json.loads(answer.read())["code"]) == (413, "SA-7304")
    connection.close()


def test_the_token_of_the_configuration_opens_too(on_port: Address) -> None:
    status, _, document = ask(on_port, "GET", "/v1/ping", Authorization="Bearer chosen")
    assert (status, set(document)) == (200, {"version"})


def test_the_token_stands_only_in_a_file_of_the_owner(on_port: Address, tmp_path: Path) -> None:
    assert find(tmp_path) == on_port
    assert (tmp_path / "api.json").stat().st_mode & 0o777 == 0o600
    assert on_port.token not in f"{on_port} {on_port!r}"


def test_announcement_of_a_dead_daemon_means_that_none_runs(tmp_path: Path) -> None:
    announce(tmp_path, Address(socket=str(tmp_path / "gone.sock")))
    assert connect(tmp_path) is None


def test_something_else_at_the_address_is_no_daemon_that_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        client = Client(Address(port=silent.getsockname()[1]), timeout=0.2)
        with pytest.raises(Unavailable) as caught:
            client.ask("ping")
        assert caught.value.code == "SA-7202"


def test_folder_too_deep_for_a_socket_gets_one_elsewhere(agent: Agent, tmp_path: Path) -> None:
    deep = tmp_path / ("d" * 120)
    deep.mkdir()
    server = ApiServer(agent, deep, ApiSettings())
    address = server.start()
    client = connect(deep)
    assert client is not None
    assert client.ask("ping")
    server.stop()
    assert not Path(address.socket).parent.exists()
    assert find(deep) is None


def test_socket_that_cannot_be_made_is_explained(agent: Agent, tmp_path: Path) -> None:
    server = ApiServer(agent, tmp_path, ApiSettings(socket=tmp_path / "no" / "such" / "folder"))
    with pytest.raises((Misconfigured, Unavailable)) as caught:
        server.start()
    assert caught.value.code == "SA-7305"


def test_server_can_be_stopped_before_its_thread_got_far(agent: Agent, tmp_path: Path) -> None:
    for _ in range(5):
        server = ApiServer(agent, tmp_path, ApiSettings())
        server.start()
        server.stop()
    assert list(tmp_path.glob("*.sock")) == []


def test_bug_in_an_operation_is_told_without_its_details(
    agent: Agent, on_socket: Address, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(agent, "plans")
    with pytest.raises(Misconfigured, match="flows failed inside the daemon") as caught:
        Client(on_socket).ask("flows")
    assert caught.value.code == "SA-7901"
    assert Client(on_socket).ask("ping")
