"""Log lines: structured, bound to what is worked on, without secrets."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Iterator
from typing import Any

import pytest
import structlog

from agent import telemetry
from agent.secrets import Secret

CANARY = "hunter2-canary"


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    handlers, level = logging.root.handlers[:], logging.root.level
    yield
    structlog.reset_defaults()
    logging.root.handlers[:] = handlers
    logging.root.setLevel(level)


def logged(form: str = "json", level: str = "info", /, **fields: Any) -> str:
    stream = io.StringIO()
    telemetry.configure(form=form, level=level, stream=stream)
    structlog.get_logger().info("something happened", **fields)
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
def test_secret_never_reaches_the_log(form: str, fields: dict[str, Any]) -> None:
    line = logged(form, **fields)
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
        structlog.get_logger().exception("it failed")
    line = json.loads(stream.getvalue())
    assert "Traceback" in line["exception"]
    assert CANARY not in stream.getvalue()


def test_reference_to_a_secret_is_shown_as_such() -> None:
    assert json.loads(logged(where=Secret("env:ERP_PASSWORD")))["where"] == "env:ERP_PASSWORD"


def test_what_is_worked_on_is_bound_to_every_line() -> None:
    with structlog.contextvars.bound_contextvars(flow="products", run=7):
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
