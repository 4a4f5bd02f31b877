"""Both sides change, the network fails, the agent is killed: they agree, and no change is lost."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule

from agent.two_way import Deletes, Policy
from tests.two_way.world import FIELDS, World

SIDES = st.sampled_from((0, 1))
CHANGING = [name for name in FIELDS if name != "vat_number"]


class BothSides(RuleBasedStateMachine):
    """Values are never used twice, so each tells which change it came from."""

    policy: ClassVar[Policy] = Policy()

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp())
        self.world = World(self.folder, self.policy)
        self.values = 0
        self.overwritten: set[str] = set()
        """Values that a user saw and replaced."""

    def value(self) -> str:
        self.values += 1
        return f"value {self.values}"

    @rule(side=SIDES)
    def create(self, side: int) -> None:
        data = {name: self.value() for name in FIELDS}
        self.world.systems[side].create(self.world.moment(), **data)

    @rule(side=SIDES, data=st.data(), field=st.sampled_from(CHANGING))
    def edit(self, side: int, data: st.DataObject, field: str) -> None:
        own_key = self.chosen(side, data)
        if own_key:
            before = self.world.systems[side].records[own_key][field]
            self.overwritten.add(before)
            self.world.systems[side].edit(own_key, self.world.moment(), **{field: self.value()})

    @rule(side=SIDES)
    def read(self, side: int) -> None:
        self.world.read(side)

    @rule(flow=SIDES)
    def deliver(self, flow: int) -> None:
        self.world.deliver(flow)

    @rule(side=SIDES, fault=st.sampled_from(("away", "silent", "killed")))
    def fail_next(self, side: int, fault: str) -> None:
        self.world.systems[side].fault = fault

    @rule()
    def restart(self) -> None:
        self.world.restart()

    @rule(minutes=st.integers(1, 5))
    def time_passes(self, minutes: int) -> None:
        self.world.clock.advance(60 * minutes)

    @precondition(lambda self: self.policy.hold)
    @rule(side=SIDES)
    def decide(self, side: int) -> None:
        for conflict in self.world.pair.conflicts():
            self.overwritten |= {str(values[1 - side]) for values in conflict.fields.values()}
            self.carry_out(conflict.key, side)

    def carry_out(self, key: str, side: int) -> None:
        for out in self.world.pair.decide(key, side):
            flow = self.world.flows[out.flow]
            target = self.world.pair.plan.targets[out.flow]
            self.world.store.messages.append(
                flow, target, 0, 3, [out.change], held=False, coalesce=True
            )

    def chosen(self, side: int, data: st.DataObject) -> str | None:
        records = sorted(self.world.systems[side].records)
        return data.draw(st.sampled_from(records)) if records else None

    def teardown(self) -> None:
        try:
            self.world.settle()
            while self.policy.hold and self.world.pair.conflicts():
                self.decide(0)
                self.world.settle()
            self.check()
        finally:
            self.world.close()
            shutil.rmtree(self.folder)

    def check(self) -> None:
        erp, shop = (system.records for system in self.world.systems)
        for key, in_erp, in_shop in self.world.matched():
            assert in_erp is not None, f"{key} is not in the ERP"
            assert in_shop is not None, f"{key} is not in the shop"
            assert erp[in_erp] == shop[in_shop], key
            lost = set(erp[in_erp].values()) & self.overwritten
            assert not lost, f"what somebody replaced is back: {lost}"
        assert len(erp) == len(shop) == len(self.world.matched())


class NewestWins(BothSides):
    pass


class ErpWins(BothSides):
    policy = Policy(winner=0)


class APersonDecides(BothSides):
    policy = Policy(hold=True)


class WithDeletes(BothSides):
    """Deleted records are gone on both sides, or, when they were changed meanwhile, on none."""

    policy = Policy(deletes=Deletes.PROPAGATE)

    @rule(side=SIDES, data=st.data())
    def delete(self, side: int, data: st.DataObject) -> None:
        own_key = self.chosen(side, data)
        if own_key and len(self.world.systems[side].records) > 1:
            self.overwritten |= set(self.world.systems[side].records.pop(own_key).values())

    def check(self) -> None:
        erp, shop = (system.records for system in self.world.systems)
        for key, in_erp, in_shop in self.world.matched():
            assert (in_erp is None) is (in_shop is None), key
            assert erp.get(in_erp or "") == shop.get(in_shop or ""), key
        assert len(erp) == len(shop)


class WithDeletesIgnored(WithDeletes):
    """What one side deletes stays on the other, until it is changed there."""

    policy = Policy(deletes=Deletes.IGNORE)

    def check(self) -> None:
        erp, shop = (system.records for system in self.world.systems)
        for key, in_erp, in_shop in self.world.matched():
            if in_erp and in_shop:
                assert erp[in_erp] == shop[in_shop], key


LIGHT = settings(
    max_examples=40,
    stateful_step_count=30,
    deadline=None,
    suppress_health_check=list(HealthCheck),
)


MACHINES = [NewestWins, ErpWins, APersonDecides, WithDeletes, WithDeletesIgnored]


@pytest.mark.parametrize("machine", MACHINES)
def test_both_sides_agree_in_the_end_and_no_change_is_lost(machine: Any) -> None:
    case = machine.TestCase()
    case.settings = LIGHT
    case.runTest()
