"""The demo's premises: a folder with ERP, drop folder, shop and configuration, and the agent."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path
from typing import Any, Self

from agent.api.client import Client
from agent.demo import erp
from agent.demo.agent_process import AgentProcess
from agent.demo.certificates import create_certificates
from agent.demo.shop import ShopProcess

TOKEN = "demo-token"  # noqa: S105 - of a throw-away shop on loopback


class Premises:
    """Everything of the demo in one folder. Use as a context: leaving it ends the processes."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.erp = folder / "erp.db"
        self.drops = folder / "drops"
        self.config = folder / "config.yaml"
        erp.create(self.erp)
        self.drops.mkdir()
        self.shop = ShopProcess(
            folder / "shop.db",
            create_certificates(folder / "certificates"),
            secrets={"SHOP_TOKEN": TOKEN},
            faults=True,
        )
        self.agent = AgentProcess(
            self.config, folder, folder / "agent.log", {"DEMO_SHOP_TOKEN": TOKEN}
        )

    def __enter__(self) -> Self:
        self.shop.start()
        template = files("agent.demo").joinpath("config.yaml").read_text(encoding="utf-8")
        self.config.write_text(template.replace("SHOP_URL", self.shop.url), encoding="utf-8")
        return self

    def __exit__(self, *_: object) -> None:
        self.agent.stop()
        self.shop.stop()


def pending(client: Client) -> int:
    """How many messages are on their way."""
    status: dict[str, Any] = client.ask("status")
    return sum(int(flow["pending"]) for flow in status["flows"])


def quiet(client: Client) -> bool:
    """Whether every flow has run at least once and nothing is on its way."""
    status: dict[str, Any] = client.ask("status")
    return all(
        flow["last_good_run_at"] and not flow["pending"] for flow in status["flows"]
    ) and all(not target["in_flight"] for target in status["targets"])
