"""What the shop asks of the agent is done once, and the shop hears what became of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from agent.api.flows import pause
from agent.clock import SystemClock
from agent.daemon import Agent
from agent.demo.shop import ShopDatabase, ShopProcess
from agent.jobs import PRIORITY
from agent.store import Store
from connectors.memory import RECEIVERS, TABLES, Receiver, Table
from tests.shop.caller import DOCUMENT, Caller, require
from tests.shop.conftest import TOKEN, StartShop
from tests.shop.test_flows_from_the_shop import running
from tests.waiting import until

RESULT = "/v1/commands/{command}/result"
NAMES = ("products", "elsewhere")


@pytest.fixture
def shop(start_shop: StartShop) -> ShopProcess:
    return start_shop(secrets={"SHOP_TOKEN": TOKEN})


@pytest.fixture
def table(tmp_path: Path) -> Any:
    name = str(tmp_path)
    TABLES[name] = Table(("CODE", "NAME"), [("A", "Vite"), ("B", "Dado")])
    RECEIVERS[name] = Receiver()
    yield TABLES[name]
    del TABLES[name], RECEIVERS[name]


def written(folder: Path, shop: ShopProcess, **more: Any) -> Path:
    """A flow to the shop, and one that is none of its business."""
    assert shop.certificates
    source = {"connection": "erp", "table": str(folder), "key": ["CODE"]}
    flow = {"source": source, "entity": "product", "mapping": {"sku": "CODE", "name": "NAME"}}
    said = {
        "connections": {
            "erp": {"kind": "memory"},
            "shop": {
                "kind": "shop",
                "url": shop.url,
                "token": "env:SHOP_TEST_TOKEN",
                "ca_file": str(shop.certificates.authority),
                "commands": "yes",
                **more,
            },
        },
        "store": {"path": "store.db", "disk_low": "1B", "backup": "off"},
        "flows": {
            "products": {**flow, "target": {"connection": "shop"}},
            "elsewhere": {
                **flow,
                "target": {"connection": "erp", "receiver": str(folder)},
                "watch": False,
            },
        },
    }
    path = folder / "config.yaml"
    path.write_text(yaml.safe_dump(said))
    return path


def result_of(shop: ShopProcess, command: str) -> dict[str, Any] | None:
    with ShopDatabase(shop.database, readonly=True) as database:
        found = {each["id"]: each["result"] for each in database.commands.newest(100)}
    result: dict[str, Any] | None = found[command]
    return result


def heard(shop: ShopProcess, command: str) -> dict[str, Any]:
    until(lambda: result_of(shop, command))
    result = result_of(shop, command)
    assert result
    return result


def versions(shop: ShopProcess, key: str) -> int:
    with ShopDatabase(shop.database, readonly=True) as database:
        return sum(1 for each in database.effects() if each.key == key)


def quiet(agent: Agent, shop: ShopProcess) -> None:
    """Wait until everything was delivered."""
    agent.request("products", "differential")
    until(lambda: versions(shop, "A") and not agent.store.jobs.waiting())


def test_commands_wait_in_order_until_they_have_a_result(caller: Caller, shop: ShopProcess) -> None:
    first, second = shop.ask_agent("run", flow="a"), shop.ask_agent("resync", flow="b", keys=["1"])
    waiting = caller.get("/v1/commands", "/v1/commands").json()
    assert [each["id"] for each in waiting["items"]] == [first, second]
    assert waiting["items"][1]["keys"] == ["1"]
    path = f"/v1/commands/{first}/result"
    assert caller.post(path, {"status": "done"}, RESULT).status_code == 204
    assert caller.post(path, {"status": "failed"}, RESULT).status_code == 204
    assert result_of(shop, first) == {"status": "done"}, "the first word counts"
    left = caller.get("/v1/commands", "/v1/commands").json()
    assert [each["id"] for each in left["items"]] == [second]
    behind = caller.get(f"/v1/commands?after={left['cursor']}", "/v1/commands").json()
    assert behind["items"] == []


def test_result_for_a_command_that_nobody_gave_is_404(caller: Caller) -> None:
    assert caller.post("/v1/commands/c99/result", {"status": "done"}, RESULT).status_code == 404
    answer = caller.post_unchecked("/v1/commands/c99/result", b"{}", template=RESULT)
    assert answer.status_code == 422
    assert caller.get("/v1/commands?after=99", "/v1/commands").status_code == 410


def test_examples_of_commands_keep_their_schemas() -> None:
    content = DOCUMENT["paths"]["/v1/commands"]["get"]["responses"]["200"]["content"]
    for example in content["application/json"]["examples"].values():
        require(content, "application/json", example["value"])


def test_resync_of_a_key_sends_it_again_and_tells_of_the_run(
    tmp_path: Path, shop: ShopProcess, table: Table
) -> None:
    with running(written(tmp_path, shop)) as agent:
        quiet(agent, shop)
        result = heard(shop, shop.ask_agent("resync", flow="products", keys=["A"]))
        until(lambda: versions(shop, "A") == 2)
    assert (result["status"], result["run"]["outcome"]) == ("done", "ok")
    assert result["run"]["counts"]["rows"] == 1
    assert result["run"]["asked_by"] == "shop"
    assert versions(shop, "B") == 1
    del table


def test_run_looks_for_changes(tmp_path: Path, shop: ShopProcess, table: Table) -> None:
    with running(written(tmp_path, shop)) as agent:
        quiet(agent, shop)
        table.rows.append(("C", "Rondella"))
        result = heard(shop, shop.ask_agent("run", flow="products"))
        until(lambda: versions(shop, "C"))
    # The look at the start may still have been under way, and have found it.
    assert (result["status"], result["run"]["scope"]) == ("done", "differential")


def test_verify_compares_and_tells_the_counts(
    tmp_path: Path, shop: ShopProcess, table: Table
) -> None:
    table.rows = [("A", "Vite")]
    with running(written(tmp_path, shop)) as agent:
        quiet(agent, shop)
        result = heard(shop, shop.ask_agent("verify", flow="products"))
    assert (result["status"], result["run"]["scope"]) == ("done", "verify")
    assert result["run"]["counts"]["records"] == result["run"]["counts"]["in_step"]


def test_paused_flow_reads_nothing_until_the_shop_resumes_it(
    tmp_path: Path, shop: ShopProcess, table: Table
) -> None:
    with running(written(tmp_path, shop)) as agent:
        quiet(agent, shop)
        assert heard(shop, shop.ask_agent("pause", flow="products")) == {"status": "done"}
        table.rows.append(("C", "Rondella"))
        result = heard(shop, shop.ask_agent("run", flow="products"))
        assert (result["status"], result["code"]) == ("refused", "SA-5501")
        assert heard(shop, shop.ask_agent("resume", flow="products")) == {"status": "done"}
        until(lambda: versions(shop, "C"))


def test_halt_that_waits_for_a_person_is_not_lifted_by_the_shop(
    tmp_path: Path, shop: ShopProcess, table: Table
) -> None:
    with running(written(tmp_path, shop)) as agent:
        quiet(agent, shop)
        agent.store.flows.update("products", halted="SA-4001 the columns changed")
        result = heard(shop, shop.ask_agent("resume", flow="products"))
        assert (result["status"], result["code"]) == ("refused", "SA-5504")
    del table


def test_pause_of_a_person_is_not_ended_by_the_shop_and_names_nobody_to_it(
    tmp_path: Path, shop: ShopProcess, table: Table
) -> None:
    with running(written(tmp_path, shop)) as agent:
        quiet(agent, shop)
        pause(agent, "products", by="anna", lasts="1h", reason="stock-taking")
        heard(shop, shop.ask_agent("pause", flow="products"))
        for command in ("run", "resume"):
            result = heard(shop, shop.ask_agent(command, flow="products"))
            assert (result["status"], "anna" in str(result)) == ("refused", False)
        told = heard(shop, shop.ask_agent("status"))["agent"]
        assert told["flows"][0]["paused"]
        assert "anna" not in str(told)
    del table


@pytest.mark.parametrize("flow", ["elsewhere", "nowhere", ""])
def test_shop_commands_no_flow_that_is_not_its_own(
    tmp_path: Path, shop: ShopProcess, table: Table, flow: str
) -> None:
    with running(written(tmp_path, shop)) as agent:
        quiet(agent, shop)
        result = heard(shop, shop.ask_agent("run", flow=flow))
    assert (result["status"], result["code"]) == ("refused", "SA-5502")
    assert not RECEIVERS[str(tmp_path)].effects
    del table


def test_status_tells_of_the_shops_flows_and_no_others(
    tmp_path: Path, shop: ShopProcess, table: Table
) -> None:
    with running(written(tmp_path, shop)):
        told = heard(shop, shop.ask_agent("status"))["agent"]
    assert [each["flow"] for each in told["flows"]] == ["products"]
    assert told["version"]
    assert str(tmp_path) not in str(told)
    del table


def test_command_that_the_agent_does_not_know_is_answered_so(
    tmp_path: Path, shop: ShopProcess, table: Table
) -> None:
    with running(written(tmp_path, shop)):
        assert heard(shop, shop.ask_agent("format", flow="products"))["status"] == "unknown"
    del table


def test_too_many_keys_are_refused(tmp_path: Path, shop: ShopProcess, table: Table) -> None:
    keys = [str(number) for number in range(1001)]
    with running(written(tmp_path, shop)):
        result = heard(shop, shop.ask_agent("resync", flow="products", keys=keys))
    assert result["code"] == "SA-5503"
    del table


def test_command_whose_result_was_not_heard_is_answered_again_and_not_done_again(
    tmp_path: Path, shop: ShopProcess, table: Table
) -> None:
    path = written(tmp_path, shop)
    with running(path) as agent:
        quiet(agent, shop)
        command = shop.ask_agent("resync", flow="products", keys=["A"])
        heard(shop, command)
        until(lambda: versions(shop, "A") == 2)
    shop.stop()
    with ShopDatabase(shop.database) as database:
        database.commands.unhear(command)
    shop.start()
    with running(path):
        assert heard(shop, command)["status"] == "done"
    assert versions(shop, "A") == 2
    del table


def test_shop_that_may_not_command_is_not_even_asked(
    tmp_path: Path, shop: ShopProcess, table: Table
) -> None:
    command = shop.ask_agent("resync", flow="products", keys=["A"])
    with running(written(tmp_path, shop, commands="no")) as agent:
        quiet(agent, shop)
        agent.request("products", "resend")
        until(lambda: versions(shop, "A") == 2)
    assert result_of(shop, command) is None
    del table


def test_heartbeat_tells_version_flows_and_freshness_and_nothing_of_the_machine(
    tmp_path: Path, shop: ShopProcess, table: Table
) -> None:
    def told() -> dict[str, Any]:
        with ShopDatabase(shop.database, readonly=True) as database:
            beat = database.heartbeat()
        return beat[1] if beat else {}

    path = written(tmp_path, shop)
    with running(path) as agent:
        quiet(agent, shop)
    with running(path):
        until(lambda: told() and told()["flows"][0]["last_good_run_at"])
    operation = DOCUMENT["paths"]["/v1/heartbeat"]["post"]
    require(operation["requestBody"]["content"], "application/json", told())
    assert told()["version"]
    assert told()["verdict"] == "all is well"
    assert [each["flow"] for each in told()["flows"]] == ["products"]
    assert str(tmp_path) not in str(told())
    del table


def test_command_that_was_at_work_when_the_agent_died_is_done_and_answered(
    tmp_path: Path, shop: ShopProcess, table: Table
) -> None:
    path = written(tmp_path, shop)
    command = shop.ask_agent("resync", flow="products", keys=["A"])
    with Store.open(tmp_path / "store.db", SystemClock()) as store:
        job = store.jobs.request(
            "products", "keys", ["A"], asked_by="shop", priority=PRIORITY["shop"], now=0
        )
        store.jobs.start(job, store.runs.start(job, "products", "keys", "shop", 0))
        store.commands.take("shop", command, 0, job=job)
    with running(path):
        result = heard(shop, command)
    assert (result["status"], result["run"]["outcome"]) == ("done", "ok")
    del table
