"""A company whose example is put into force before a real shop: places and secrets are its own."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from agent.assembly import target_makers
from agent.config import load
from agent.daemon import Agent
from agent.delivery.lending import StoredBindings
from agent.model import State
from agent.reaching import reach
from agent.store import Run

EXAMPLES = Path(__file__).resolve().parents[2] / "docs" / "examples"


class Company:
    """A folder with an example's configuration, the ERP's database and the secrets."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.config = folder / "config.yaml"
        self.database = folder / "gest.db"

    def configure(self, example: str, places: Mapping[str, str]) -> None:
        """Write the example with each of these texts replaced, each of which it must hold."""
        text = (EXAMPLES / f"{example}.yaml").read_text(encoding="utf-8")
        for written, ours in places.items():
            assert written in text, written
            text = text.replace(written, ours)
        self.config.write_text(text, encoding="utf-8")

    def secret(self, name: str, value: str) -> None:
        """What `credential:NAME` stands for."""
        path = self.folder / "credentials" / name
        path.parent.mkdir(exist_ok=True)
        path.touch(mode=0o600)
        path.write_text(value, encoding="utf-8")

    def erp(self, *statements: str, many: Sequence[tuple[Any, ...]] = ()) -> None:
        """What somebody does in the ERP's own database; the last statement for each of `many`."""
        with closing(sqlite3.connect(self.database)) as database, database:
            for statement in statements[: -1 if many else None]:
                database.execute(statement)
            if many:
                database.executemany(statements[-1], many)

    def sync(self, *flows: str, scope: str = "differential") -> dict[str, Run]:
        """An agent's short life: read these flows, or all, and deliver what is due."""
        with closing(Agent.open(self.config)) as agent:
            runs = {
                flow: agent.run_here(agent.request(flow, scope), lambda *_: None)
                for flow in flows or agent.plans
            }
            for name, delivery in agent.deliveries.items():
                agent.store.decisions.retry(target=name)  # nobody waits for a backoff
                delivery.run_until_idle()
            return runs

    def parked(self, flow: str) -> list[str]:
        """Why messages of a flow wait for a person."""
        with closing(Agent.open(self.config)) as agent:
            found = agent.store.messages.list(flow=flow, state=State.PARKED)
            return [f"{each.code} {each.reason}" for each in found]

    def open(self) -> int:
        """How many messages are not delivered yet, whatever they wait for."""
        done = {State.DELIVERED, State.SUPERSEDED, State.IGNORED}
        with closing(Agent.open(self.config)) as agent:
            counts = agent.store.messages.counts().values()
            return sum(
                count for states in counts for state, count in states.items() if state not in done
            )

    def read_back(self, flow: str, keys: Sequence[str]) -> dict[str, Any]:
        """What the flow's target says that it holds for these keys."""
        config = load(self.config)
        with closing(Agent.open(self.config)) as agent:
            plan = agent.plans[flow]
            with closing(target_makers(config, plan.target)[flow]()) as target:
                target.equip(StoredBindings(agent.store, plan.target), target.gate)
                return {each.key: each.data for each in target.read_back(plan.entity, keys)}

    def check(self) -> list[str]:
        """What `syncagent check` says, a line for each finding."""
        with closing(Agent.open(self.config)) as agent:
            return [
                f"{what} {where}: {found}"
                for what, where, found in reach(agent.config, agent.plans)
            ]
