"""The support bundle: what is planted about people, and every secret, stays at home."""

from __future__ import annotations

import base64
import http.client
import io
import json
import logging
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from agent import telemetry
from agent.cli import program
from agent.cli.invocation import Invocation
from agent.support import configuration_outside
from agent.support.bundle import LONGEST, Bundle
from agent.telemetry.files import LogFile
from tests.dashboard.site import Browser, Site
from tests.waiting import until

LoggedIn = Callable[..., Browser]
SECRETS = ("hunter2-Z", "geheim-4711", "Bearer-abcdefghijklmnop")
PEOPLE = (
    "Mario", "Rossini", "mario.rossini@example.com", "Via Garibaldi", "IT01234567890",
    "+39 333 1234567", "RSSMRA80A01H501U", "C-ROSSINI-1", "W-77", "giulia.neri",
)  # fmt: skip
REASON = "il cliente Mario Rossini (mario.rossini@example.com) di Via Garibaldi è bloccato"
log = logging.getLogger("agent.delivery.test")


@pytest.fixture
def planted(site: Site) -> Iterator[Site]:
    """Secrets and people in the store, in the configuration and in the log."""
    file = LogFile(
        site.agent.store.path.parent / "log" / "syncagent.log", most_bytes=10**7, files=3
    )
    before = logging.root.handlers[:]
    loggers = [logging.getLogger(name) for name in (None, "agent", "connectors")]
    levels = [logger.level for logger in loggers]
    telemetry.configure(form="json", others=[file])
    plant_into_the_log()
    site.accounts.refuses["W-77"] = REASON
    site.place_order("W-77", "15.00")
    until(lambda: site.parked("W-77"))
    (order,) = site.parked("W-77")
    site.agent.store.decisions.ignore([str(order["id"])], REASON, "giulia.neri", 2**50)
    run = next(each for each in site.agent.store.runs.list("orders") if each.finished_at)
    site.agent.store.runs.set_outcome(run.id, "failed", REASON)
    site.agent.store.flows.update("orders", halted=f"SA-4001 {REASON}")
    site.refuse_article("VIT-9", "la categoria VITI-INOX non esiste")
    plant_into_the_configuration(site.agent.config.path)
    site.agent.reload()
    yield site
    file.close()
    logging.root.handlers[:] = before
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def plant_into_the_log() -> None:
    log.warning("refused", extra={"flow": "orders", "key": "C-ROSSINI-1", "error": REASON})
    log.warning("password=%s of %s", SECRETS[0], '"Mario Rossini"')
    log.info("conflict decided", extra={"by": "giulia.neri", "key": "W-77", "rows": 12})
    logging.getLogger("zeep").warning("<name>Mario Rossini</name> %s", PEOPLE[4])
    try:
        int(f"Rossini, {PEOPLE[5]}, {PEOPLE[6]}, token={SECRETS[1]}")
    except ValueError:
        log.exception("delivery failed", extra={"target": "accounts"})


def plant_into_the_configuration(path: Path) -> None:
    """A file that is refused: of a refused one too nothing may be told."""
    text = path.read_text()
    path.write_text(
        text.replace("erp: {kind: memory}", f"erp: {{kind: memory, password: {SECRETS[0]}}}")
        + f"# ask Mario Rossini, {PEOPLE[5]}\nx-note: {{token: {SECRETS[1]}, user: giulia.neri}}\n"
        + f'x-mail: "Mario Rossini <{PEOPLE[2]}>"\nx-header: "Authorization: {SECRETS[2]}"\n'
    )


def unpacked(content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as file:
        return {name: file.read(name).decode() for name in file.namelist()}


def made(site: Site, **arguments: object) -> dict[str, str]:
    answer = site.ask("support_bundle", **arguments)
    return unpacked(base64.b64decode(str(answer["zip"])))


def test_no_secret_and_nobody_is_in_it(planted: Site) -> None:
    for name, text in made(planted, check=True).items():
        found = [each for each in (*SECRETS, *PEOPLE) if each.lower() in text.lower()]
        assert found == [], name


def test_it_tells_what_support_needs(planted: Site) -> None:
    parts = made(planted, check=True)
    readme = parts.pop("README.txt")
    assert [name for name in parts if name not in readme] == []
    told = {name: json.loads(text) for name, text in parts.items() if name.endswith(".json")}
    assert told["environment.json"]["packages"]["pydantic"]
    flows = {each["flow"]: each for each in told["status.json"]["flows"]}
    assert flows["orders"]["halted"] == "SA-4001 [left out]"
    assert flows["articles"]["known"] == 4
    assert told["messages.json"]["articles"]["parked"] == 1
    (cause,) = told["causes.json"]
    assert (cause["flow"], cause["code"], cause["count"]) == ("articles", "refused", 1)
    assert "VITI-INOX" in cause["reason"]
    assert told["configuration.json"]["refused"] == "SA-1000"
    assert {each["code"] for each in told["configuration.json"]["problems"]} >= {"SA-1301"}
    assert "entity: product" in parts["configuration.yaml"]
    assert {each["name"] for each in told["check.json"]["findings"]} >= {"articles", "shop"}
    (failed,) = [each for each in told["runs.json"] if each["outcome"] == "failed"]
    assert (failed["flow"], failed["reason"]) == ("orders", "[left out]")


def test_lines_of_the_log_keep_where_and_how_many(planted: Site) -> None:
    lines = [json.loads(line) for line in made(planted)["log.jsonl"].splitlines()]
    by_event = {line["event"]: line for line in lines}
    assert by_event["conflict decided"]["rows"] == 12
    failed = by_event["delivery failed"]["exception"]
    assert "ValueError" in failed
    assert any("test_support.py" in each for each in failed)
    (of_a_library,) = [line for line in lines if line["logger"] == "zeep"]
    assert of_a_library["event"] == "[left out]"


def test_an_admin_makes_it_with_a_button(planted: Site, logged_in: LoggedIn) -> None:
    browser = logged_in("admin")
    connection = http.client.HTTPConnection("127.0.0.1", planted.port, timeout=20)
    shown = browser.get("/logs")
    assert "Make a support bundle" in shown.text
    cookies = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
    headers = {
        "Cookie": cookies,
        "Origin": planted.url,
        "Content-Type": "application/x-www-form-urlencoded",
    }
    connection.request("POST", "/logs/support", f"token={shown.token}", headers)
    response = connection.getresponse()
    assert response.status == 200
    assert "syncagent-support-" in response.headers["content-disposition"]
    assert "README.txt" in unpacked(response.read())
    connection.close()
    assert ("admin", "support_bundle") in planted.deeds()
    assert logged_in("operator").post("/logs/support", shown.token).status == 403


def test_what_is_too_long_is_cut_and_said_so() -> None:
    bundle = Bundle("1", "now", "here")
    bundle.add("long.txt", "much", "0123456789\n" * (LONGEST // 5))
    parts = unpacked(bundle.zipped())
    assert len(parts["long.txt"]) <= LONGEST
    assert parts["long.txt"].endswith("9")
    assert "much (cut)" in parts["README.txt"]


def test_a_configuration_keeps_its_references_and_loses_its_comments() -> None:
    text = "site: {name: Rossi}  # Mario\n# Anna\nerp:\n  password: env:ERP\n  note: 'a # b'\n"
    assert configuration_outside(text) == (
        "site: {name: Rossi} \nerp:\n  password: env:ERP\n  note: 'a # b'"
    )


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    def command(config: Path, *words: str) -> str:
        arguments = ["support-bundle", *words, "--config", str(config)]
        program.main(arguments, obj=Invocation(), standalone_mode=False)
        return capsys.readouterr().out

    return command


def test_the_command_writes_it(tmp_path: Path, said: Callable[..., str]) -> None:
    config = tmp_path / "config.yaml"
    config.write_text("connections: {}\nflows: {}\nstore: {path: store.db, backup: off}\n")
    out = tmp_path / "bundle.zip"
    assert said(config, "--out", str(out)) == f"written: {out}\n"
    assert "status.json" in unpacked(out.read_bytes())


@pytest.mark.parametrize("broken", ["configuration", "store"])
def test_where_the_agent_cannot_be_opened_it_holds_what_can_be_had(
    tmp_path: Path, said: Callable[..., str], broken: str
) -> None:
    config, out = tmp_path / "config.yaml", tmp_path / "bundle.zip"
    text = "connections: {}\nflows: {}\nstore: {path: store.db, backup: off}\n"
    if broken == "configuration":
        text += f"nonsense: {SECRETS[0]}\napi: {{token: {SECRETS[1]}}}\n"
    else:
        (tmp_path / "store.db").write_bytes(b"no database" * 1000)
    config.write_text(text)
    said(config, "--out", str(out))
    parts = unpacked(out.read_bytes())
    error = json.loads(parts["error.json"])
    assert error["code"].startswith("SA-1" if broken == "configuration" else "SA-6")
    assert "connections" in parts["configuration.yaml"]
    assert SECRETS[1] not in str(parts)
