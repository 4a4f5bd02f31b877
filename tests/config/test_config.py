"""What the engine gets to read."""

from decimal import Decimal
from pathlib import Path

import pytest

from connectors.memory import MemorySource, MemoryTarget
from tests.config.conftest import SOUND, Loading


def test_a_flow_reaches_its_ends_and_their_options(loaded: Loading) -> None:
    flow = loaded(SOUND).flows["products"]
    assert flow.source.kind.name == "memory"
    assert flow.source.connection.name == "erp"
    assert flow.source.options.model_dump()["key"] == ("CODE",)
    assert flow.mapping.fields["name"].column == "DESCRIPTION"


def test_ends_are_built_from_their_kind(loaded: Loading) -> None:
    config = loaded(SOUND)
    source, target = config.build_source("products"), config.build_target("products")
    assert isinstance(source, MemorySource)
    assert source.key_columns == ("CODE",)
    assert isinstance(target, MemoryTarget)
    assert target.options.receiver == "shop"


def test_targets_are_listed_with_their_flows(loaded: Loading) -> None:
    config = loaded(SOUND)
    assert {name: [flow.name for flow in flows] for name, flows in config.targets().items()} == {
        "shop": ["products"]
    }


def test_text_is_typed_at_the_field_and_nowhere_else(loaded: Loading) -> None:
    text = SOUND.replace("table: ART", "table: 00123").replace("name: Rossi", "name: NO")
    config = loaded(text.replace("DESCRIPTION", "{from: 12:30:00, default: 007, trim: no}"))
    assert config.site.name == "NO"
    assert config.flows["products"].source.options.model_dump()["table"] == "00123"
    field = config.flows["products"].mapping.fields["name"]
    assert (field.column, field.default, field.trim) == ("12:30:00", "007", False)


def test_quantities_are_read_as_people_write_them(loaded: Loading) -> None:
    extra = """\
    schedule: {every: 1m30s, full: 24h}
    guard: {delete_share: 2.5%, jump_field: name, jump_factor: 1.5}
store: {disk_low: 64MB, backup: {every: 12h}}
"""
    config = loaded(SOUND + extra)
    flow = config.flows["products"]
    assert (flow.schedule.every, flow.schedule.full) == (90.0, 86400.0)
    assert flow.guard is not None
    assert flow.guard.limits().delete_share == 0.025
    assert flow.guard.limits().jump_factor == Decimal("1.5")
    assert config.store.disk_low == 64_000_000
    assert config.store.backup is not None
    assert config.store.backup.every == 43200.0


def test_the_guard_and_the_backup_can_be_switched_off(loaded: Loading) -> None:
    config = loaded(SOUND + "    guard: off\nstore: {backup: off}\n")
    assert config.flows["products"].guard is None
    assert config.store.backup is None


def test_a_full_pass_is_timed_by_a_cron_expression_too(loaded: Loading) -> None:
    flow = loaded(SOUND + '    schedule: {full: "30 2 * * *"}\n').flows["products"]
    assert flow.schedule.full == "30 2 * * *"


def test_a_schedule_takes_the_time_zone_of_the_site(loaded: Loading) -> None:
    assert loaded(SOUND).flows["products"].schedule.time_zone == "Europe/Rome"
    own = loaded(SOUND + "    schedule: {every: 5m, time_zone: UTC}\n")
    assert own.flows["products"].schedule.time_zone == "UTC"


@pytest.mark.parametrize(
    ("entity", "lane", "coalesce"),
    [("product", 3, True), ("price", 2, True), ("stock", 1, True), ("order", 0, False)],
)
def test_lane_and_coalescing_follow_the_entity(
    loaded: Loading, entity: str, lane: int, coalesce: bool
) -> None:
    mappings = {
        "product": "{sku: A, name: B}",
        "price": "{sku: A, price_list: B, price: C, currency: D}",
        "stock": "{sku: A, warehouse: B, quantity: C}",
        "order": "{number: A, customer: B, placed_at: C, lines: {each: D, fields: "
        "{line: E, sku: F, quantity: G}}}",
    }
    head = SOUND[: SOUND.index("    entity:")]
    flow = loaded(f"{head}    entity: {entity}\n    mapping: {mappings[entity]}\n")
    assert flow.flows["products"].lane == lane
    assert flow.flows["products"].coalesce is coalesce


def test_a_lane_is_named_or_numbered(loaded: Loading) -> None:
    assert loaded(SOUND + "    lane: stock\n").flows["products"].lane == 1
    assert loaded(SOUND + "    lane: 7\n").flows["products"].lane == 7


def test_relative_paths_count_from_the_folder_of_the_file(
    loaded: Loading, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir("/")
    (tmp_path / "hook.py").write_text("def map_row(row, record):\n    return record\n")
    text = SOUND + "    hook: hook.py\nstore: {path: data/state.db, backup: {folder: /b}}\n"
    config = loaded(text + "api: {port: 8700, token: file:api.token}\n")
    assert config.flows["products"].hook == tmp_path / "hook.py"
    assert config.store.path == tmp_path / "data/state.db"
    assert config.store.backup is not None
    assert config.store.backup.folder == Path("/b")
    assert [use.secret.reference for use in config.secrets()] == [f"file:{tmp_path / 'api.token'}"]


def test_nothing_in_the_file_is_replaced_by_something_else(
    loaded: Loading, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TABLE", "ART")
    config = loaded(SOUND.replace("table: ART", 'table: "${TABLE}"'))
    assert config.flows["products"].source.options.model_dump()["table"] == "${TABLE}"


def test_own_keys_hold_anchors(loaded: Loading) -> None:
    text = "x-often: &often {every: 2m}\n" + SOUND + "    schedule: {<<: *often, full: 24h}\n"
    schedule = loaded(text).flows["products"].schedule
    assert (schedule.every, schedule.full) == (120.0, 86400.0)


def test_sections_without_keys_have_their_defaults(loaded: Loading) -> None:
    config = loaded(SOUND + "store:\nlog:\n")
    assert config.store.keep_days == 30
    assert config.log.level == "info"


def test_the_digest_tells_one_file_from_another(loaded: Loading) -> None:
    assert loaded(SOUND).digest == loaded(SOUND).digest
    assert loaded(SOUND).digest != loaded(SOUND + "# a remark\n").digest
