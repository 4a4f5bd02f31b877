"""Log lines: structured, bound to what is worked on, without secrets."""

from __future__ import annotations

import io
import json
import logging
from typing import Any

import pytest

from agent import telemetry
from agent.log_context import bound
from agent.secrets import Secret

CANARY = "hunter2-canary"


def logged(form: telemetry.Form = "json", level: str = "info", /, **fields: Any) -> str:
    stream = io.StringIO()
    telemetry.configure(form=form, level=level, stream=stream)
    logging.getLogger("agent.room").info("something happened", extra=fields)
    return stream.getvalue()


@pytest.mark.parametrize(
    "fields",
    [
        {"password": CANARY},
        {"db_password": CANARY},
        {"Authorization": f"Bearer {CANARY}"},
        {"options": {"token": CANARY, "nested": [{"client_secret": CANARY}]}},
        {"reason": f"login failed for DSN=erp;UID=sync;PWD={CANARY};"},
        {"reason": f"PWD={{{CANARY};x}}"},
        {"reason": f"GET /x Authorization: Bearer {CANARY}"},
        {"reason": f"https://shop/?access_token={CANARY}&page=2"},
        {"error": ValueError(f'{{"password": "{CANARY}"}}')},
        {"body": CANARY.encode()},
    ],
    ids=lambda fields: next(iter(fields)),
)
@pytest.mark.parametrize("form", ["json", "text"])
def test_secret_never_reaches_the_log(form: telemetry.Form, fields: dict[str, Any]) -> None:
    line = logged(form, "info", **fields)
    assert "something happened" in line
    assert CANARY not in line


def connect(string: str) -> None:
    raise ConnectionError(f"SQLDriverConnect: {string}")


def test_secret_inside_a_traceback_is_taken_out() -> None:
    stream = io.StringIO()
    telemetry.configure(form="json", stream=stream)
    try:
        connect(f"PWD={CANARY};")
    except ConnectionError:
        logging.getLogger("agent.room").exception("it failed")
    line = json.loads(stream.getvalue())
    assert "Traceback" in line["exception"]
    assert CANARY not in stream.getvalue()


def test_reference_to_a_secret_is_shown_as_such() -> None:
    assert json.loads(logged(where=Secret("env:ERP_PASSWORD")))["where"] == "env:ERP_PASSWORD"


def test_what_is_worked_on_is_bound_to_every_line() -> None:
    with bound(flow="products"), bound(run=7):
        line = json.loads(logged(rows=3))
    assert (line["flow"], line["run"], line["rows"], line["level"]) == ("products", 7, 3, "info")
    assert line["timestamp"].endswith("Z")


def test_lines_below_the_level_are_not_written() -> None:
    assert logged("json", "warning") == ""


def test_warnings_of_libraries_take_the_same_form() -> None:
    stream = io.StringIO()
    telemetry.configure(form="json", stream=stream)
    logging.getLogger("httpx").info("quiet")
    logging.getLogger("watchdog").warning("loud: password=%s", CANARY)
    (line,) = stream.getvalue().splitlines()
    assert json.loads(line)["logger"] == "watchdog"
    assert CANARY not in line


def test_ordinary_words_are_left_alone() -> None:
    assert json.loads(logged(reason="the key A1 is refused"))["reason"] == "the key A1 is refused"


def test_what_was_bound_ends_with_the_work() -> None:
    with bound(flow="products"):
        pass
    assert "flow" not in json.loads(logged())


def test_silence_ends_with_the_command() -> None:
    stream = io.StringIO()
    telemetry.configure(form="json", stream=stream)
    with telemetry.silence():
        logging.getLogger("agent.room").critical("the command says it")
    logging.getLogger("agent.room").critical("the log says it")
    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == [
        "the log says it"
    ]


def test_what_is_known_later_is_asked_when_a_line_is_written() -> None:
    number: list[int] = []
    with bound(run=lambda: number[0] if number else None):
        assert "run" not in json.loads(logged())
        number.append(7)
        assert json.loads(logged())["run"] == 7
