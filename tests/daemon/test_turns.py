"""So many flows as the configuration says read one system at once; those of others go on."""

from __future__ import annotations

from pathlib import Path

import pytest

from agent.api.operations import OPERATIONS
from agent.config import ConfigurationProblems, load
from connectors.memory import RECEIVERS, TABLES, Receiver, Table
from tests.daemon.test_reload import running, until
from tests.jobs.test_job_board import Barrier

FLOW = """
  {flow}:
    source: {{connection: {system}, table: "{name}", key: [CODE]}}
    target: {{connection: shop, receiver: "{folder}"}}
    entity: product
    mapping: {{sku: CODE, name: NAME}}
    watch: no
"""
READ_BY = {"products": "erp", "prices": "erp", "leads": "crm"}


def written(folder: Path, reading: str = "{parallel: 1}") -> Path:
    flows = "".join(
        FLOW.format(flow=flow, system=system, name=f"{folder}-{flow}", folder=folder)
        for flow, system in READ_BY.items()
    )
    path = folder / "config.yaml"
    path.write_text(
        f"connections:\n  erp: {{kind: memory, reading: {reading}}}\n  crm: {{kind: memory}}\n"
        "  shop: {kind: memory}\nstore: {path: store.db, disk_low: 1B, backup: off}\n"
        f"flows:{flows}"
    )
    return path


def test_flows_of_one_system_take_turns_while_another_system_is_read(tmp_path: Path) -> None:
    barrier = Barrier()
    for flow in READ_BY:
        TABLES[f"{tmp_path}-{flow}"] = Table(("CODE", "NAME"), [(flow, "Vite")])
    RECEIVERS[str(tmp_path)] = Receiver()
    TABLES[f"{tmp_path}-products"].rows = [(barrier, "Vite")]
    holds = RECEIVERS[str(tmp_path)].holds
    with running(written(tmp_path)) as agent:
        agent.request("products", "full")
        assert barrier.reached.wait(20)
        agent.request("prices", "full")
        agent.request("leads", "full")
        until(lambda: ("product", "leads") in holds)
        board = OPERATIONS["jobs"].call(agent, {})
        assert [each["flow"] for each in board["running"]] == ["products"]
        (waiting,) = board["waiting"]
        assert (waiting["flow"], waiting["obstacle"]) == ("prices", "crowded")
        barrier.open.set()
        until(lambda: ("product", "prices") in holds)
    for flow in READ_BY:
        del TABLES[f"{tmp_path}-{flow}"]
    del RECEIVERS[str(tmp_path)]


@pytest.mark.parametrize("wrong", ["0", "33", "many"])
def test_number_of_turns_is_checked(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ConfigurationProblems, match="parallel"):
        load(written(tmp_path, f"{{parallel: {wrong}}}"))
