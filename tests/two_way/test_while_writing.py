"""What users of a system change there while the agent is writing to it."""

from __future__ import annotations

from pathlib import Path

from agent.two_way import Policy
from tests.two_way.world import World


def test_record_changed_there_while_another_is_written_is_not_written_over(
    tmp_path: Path,
) -> None:
    world = World(tmp_path, Policy())
    erp, shop = world.systems
    own_keys = [erp.create(world.moment(), name=name) for name in ("Rossi", "Bianchi", "Verdi")]
    world.settle()
    in_shop = {data["name"]: own_key for own_key, data in shop.records.items()}
    for own_key in own_keys:
        erp.edit(own_key, world.moment(), phone="by the ERP")

    def edit_the_others() -> None:
        """Who is written first says who is still to come."""
        shop.after_write = lambda: None
        for own_key in in_shop.values():
            if shop.records[own_key]["phone"] is None:
                shop.edit(own_key, world.moment(), email="by the shop")

    shop.after_write = edit_the_others
    world.settle()
    edited = [data for data in shop.records.values() if data["email"] == "by the shop"]
    assert len(edited) == 2
    assert all(data["phone"] == "by the ERP" for data in shop.records.values())
    assert sorted(map(repr, erp.records.values())) == sorted(map(repr, shop.records.values()))
    world.close()
