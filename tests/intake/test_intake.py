"""From the table to the receiver: what changed arrives, once, and nothing else does."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from agent.contract import Batch
from agent.errors import Rejected, Unavailable
from agent.model import Op, State
from connectors.memory import MemorySource
from tests.intake.premises import GUARD, LIMITS, Premises, premises, rows


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Premises]:
    with premises(tmp_path, str(tmp_path)) as built:
        yield built


def test_first_load_brings_everything(site: Premises) -> None:
    site.table.rows = list(rows(100))
    result = site.sync()
    assert result.outcome == "ok"
    assert result.counts["inserts"] == 100
    assert site.shown() == site.expected()


def test_equal_pass_sends_nothing(site: Premises) -> None:
    site.table.rows = list(rows(100))
    site.sync()
    effects = len(site.receiver.effects)
    result = site.sync()
    assert result.counts["rows"] == 100
    assert [result.counts[name] for name in ("inserts", "updates", "deletes")] == [0, 0, 0]
    assert len(site.receiver.effects) == effects


def test_shuffled_table_sends_nothing(site: Premises) -> None:
    site.table.rows = list(rows(100))
    site.sync()
    site.table.rows.reverse()
    site.sync()
    assert len(site.receiver.effects) == 100


def test_changed_new_and_vanished_rows_travel(site: Premises) -> None:
    site.table.rows = list(rows(100))
    site.sync()
    del site.table.rows[10]
    site.table.rows[50] = ("A0051", "Vite nuova", "1.00")
    site.table.rows.insert(3, ("B1", "Dado", "2.00"))
    result = site.sync()
    assert [result.counts[name] for name in ("inserts", "updates", "deletes")] == [1, 1, 1]
    assert site.shown() == site.expected()


def test_column_that_nobody_maps_may_change_freely(site: Premises) -> None:
    site.mapping = {"sku": "CODE", "name": "NAME"}
    site.table.rows = list(rows(40))
    site.sync()
    site.table.rows = list(rows(40, price="99.00"))
    result = site.sync()
    assert result.counts["updates"] == 0
    assert len(site.receiver.effects) == 40


def test_changed_mapping_looks_at_every_row_and_sends_what_differs(site: Premises) -> None:
    site.table.rows = [*rows(40), ("X", "vite x", "1")]
    site.sync()
    site.mapping = {**site.mapping, "name": {"from": "NAME", "case": "upper"}}
    result = site.sync()
    assert result.counts["updates"] == 41
    site.mapping = {**site.mapping, "name": {"from": "NAME", "case": "upper", "trim": "true"}}
    assert site.sync().counts["updates"] == 0


def test_interrupted_pass_deletes_nothing_and_the_next_one_goes_on(site: Premises) -> None:
    site.table.rows = list(rows(100))
    site.sync()
    site.table.rows[0] = ("A0000", "Vite nuova", "9.50")
    site.table.breaks, site.table.breaks_after = Unavailable("SA-2000", "line down"), 30
    result = site.sync()
    assert result.outcome == "failed"
    assert result.again
    assert len(site.shown()) == 100
    assert site.sync().outcome == "ok"
    assert site.shown() == site.expected()


def test_empty_table_deletes_nothing(site: Premises) -> None:
    site.table.rows = list(rows(20))
    site.sync()
    site.table.rows = []
    assert site.sync().counts["deletes"] == 0
    assert len(site.shown()) == 20


def test_row_that_cannot_be_mapped_is_parked_and_the_others_go_on(site: Premises) -> None:
    site.mapping = {**site.mapping, "name": {"from": "NAME", "max_length": "10"}}
    site.table.rows = [*rows(20), ("BAD", "x" * 50, "1")]
    result = site.sync()
    assert result.outcome == "partial"
    assert result.counts["refused"] == 1
    (parked,) = site.store.messages.list(state=State.PARKED)
    assert parked.key == "BAD"
    assert "name" in parked.reason
    assert len(site.shown()) == 20


def test_mended_row_goes_through_and_its_refusal_is_over(site: Premises) -> None:
    site.mapping = {**site.mapping, "name": {"from": "NAME", "max_length": "10"}}
    site.table.rows = [*rows(20), ("BAD", "x" * 50, "1")]
    site.sync()
    site.table.rows[-1] = ("BAD", "short", "1")
    assert site.sync().outcome == "ok"
    assert site.shown()["BAD"]["name"] == "short"
    assert not site.store.messages.list(state=State.PARKED)


def test_known_record_whose_row_is_refused_stays_where_it_is(site: Premises) -> None:
    site.mapping = {**site.mapping, "name": {"from": "NAME", "max_length": "10"}}
    site.table.rows = list(rows(20))
    site.sync()
    site.table.rows[4] = ("A0004", "x" * 50, "1")
    del site.table.rows[9]
    result = site.sync()
    assert result.counts["deletes"] == 1
    assert site.shown()["A0004"]["name"] == "Vite 4"
    assert "A0009" not in site.shown()


def test_row_without_a_key_stops_deletes(site: Premises) -> None:
    site.table.rows = list(rows(20))
    site.sync()
    del site.table.rows[9]
    site.table.rows.append(("  ", "Vite senza codice", "1"))
    result = site.sync()
    assert result.counts["deletes"] == 0
    assert "A0009" in site.shown()
    site.table.rows.pop()
    assert site.sync().counts["deletes"] == 1


def test_unreadable_row_stops_deletes(site: Premises) -> None:
    site.table.rows = list(rows(20))
    site.sync()
    site.table.rows[3] = Rejected("SA-2010", "byte 0x81 is not cp1252")
    result = site.sync()
    assert (result.counts["deletes"], result.counts["refused"]) == (0, 1)


def test_key_that_stands_twice_is_refused_and_the_first_row_counts(site: Premises) -> None:
    site.table.rows = [*rows(20), ("A0003", "Un'altra vite", "7.00")]
    for _ in range(3):
        result = site.sync()
        assert result.counts["repeated"] == 1
        assert site.shown()["A0003"]["name"] == "Vite 3"
    (parked,) = site.store.messages.list(state=State.PARKED)
    assert (parked.key, parked.code) == ("A0003", "SA-4004")
    assert len(site.receiver.effects) == 20


def test_row_that_leaves_the_selection_is_deleted_and_comes_back(tmp_path: Path) -> None:
    with premises(tmp_path, str(tmp_path), where="row.PRICE != '0'") as site:
        site.table.rows = list(rows(20))
        site.sync()
        site.table.rows[5] = ("A0005", "Vite 5", "0")
        assert site.sync().counts["deletes"] == 1
        assert "A0005" not in site.shown()
        site.table.rows[5] = ("A0005", "Vite 5", "9.50")
        assert site.sync().counts["inserts"] == 1
        assert "A0005" in site.shown()


def test_cursor_pass_reads_what_is_new_and_drops_what_it_knows(site: Premises) -> None:
    site.cursor = "PRICE"
    site.table.rows = [("A", "a", "001"), ("B", "b", "002")]
    site.sync()
    site.table.rows.append(("C", "c", "003"))
    result = site.sync()
    assert (result.counts["rows"], result.counts["inserts"]) == (2, 1)
    assert set(site.shown()) == {"A", "B", "C"}


def test_full_pass_of_a_cursor_flow_finds_what_vanished(site: Premises) -> None:
    site.cursor = "PRICE"
    site.table.rows = [("A", "a", "001"), ("B", "b", "002")]
    site.sync()
    del site.table.rows[0]
    assert site.sync().counts["deletes"] == 0
    assert site.sync("full").counts["deletes"] == 1
    assert set(site.shown()) == {"B"}


def test_single_key_is_sent_again_even_when_equal(site: Premises) -> None:
    site.table.rows = list(rows(20))
    site.sync()
    assert site.sync("keys", "A0007", "A0008").counts["updates"] == 2
    assert [effect.key for effect in site.receiver.effects[20:]] == ["A0007", "A0008"]


def test_single_key_that_vanished_is_deleted(site: Premises) -> None:
    site.table.rows = list(rows(20))
    site.sync()
    del site.table.rows[7]
    assert site.sync("keys", "A0007").counts["deletes"] == 1
    assert site.receiver.effects[-1].op is Op.DELETE


def test_resend_sends_everything_again(site: Premises) -> None:
    site.table.rows = list(rows(30))
    site.sync()
    assert site.sync("resend").counts["updates"] == 30
    assert len(site.receiver.effects) == 60


def test_lost_column_halts_the_flow_with_the_difference(site: Premises) -> None:
    site.table.rows = list(rows(20))
    site.sync()
    site.table.columns = ("CODE", "DESCRIPTION", "PRICE")
    result = site.sync()
    assert (result.outcome, result.code) == ("halted", "SA-4001")
    assert "NAME is missing" in result.reason
    assert "DESCRIPTION is new" in result.reason
    assert site.store.flows.get("products").halted
    assert len(site.shown()) == 20


def test_added_column_is_a_note(site: Premises) -> None:
    site.mapping = {"sku": "CODE", "name": "NAME"}
    site.table.rows = list(rows(20))
    site.sync()
    site.table.columns = ("CODE", "NAME", "PRICE", "COLOUR")
    site.table.rows = [(*row, "red") for row in rows(20)]
    result = site.sync()
    assert result.outcome == "ok"
    assert "COLOUR is new" in result.reason


def test_mass_refusal_halts_instead_of_parking_thousands(site: Premises) -> None:
    site.mapping = {**site.mapping, "name": {"from": "NAME", "max_length": "2"}}
    site.table.rows = list(rows(1500))
    result = site.sync()
    assert (result.outcome, result.code) == ("halted", "SA-4005")


def test_full_outbox_pauses_reading_and_goes_on_when_there_is_room(site: Premises) -> None:
    site.limits = replace(LIMITS, open_messages=30, patience=0.05)
    site.table.rows = list(rows(100))
    result = site.run()
    assert (result.outcome, result.again) == ("interrupted", True)
    assert site.store.messages.open_load("shop")[0] < 60
    for _ in range(6):
        site.deliver()
        result = site.run()
    site.deliver()
    assert site.shown() == site.expected()
    assert len(site.receiver.effects) == 100


def test_stop_ends_the_run_cleanly(site: Premises) -> None:
    site.table.rows = list(rows(100))
    site.stop.set()
    assert site.sync().outcome == "interrupted"
    site.stop.clear()
    assert site.sync().outcome == "ok"


class TestGuard:
    @pytest.fixture
    def site(self, tmp_path: Path) -> Iterator[Premises]:
        with premises(tmp_path, str(tmp_path), guard=GUARD) as built:
            built.table.rows = list(rows(100))
            built.sync()
            yield built

    def test_mass_delete_is_held(self, site: Premises) -> None:
        del site.table.rows[20:]
        result = site.sync()
        assert result.outcome == "held"
        assert "80 of 100" in result.reason
        assert len(site.shown()) == 100
        assert [run.id for run in site.store.runs.held()] == [site.run_id]

    def test_few_deletes_pass(self, site: Premises) -> None:
        del site.table.rows[98:]
        assert site.sync().outcome == "ok"
        assert len(site.shown()) == 98

    def test_approved_run_is_delivered(self, site: Premises) -> None:
        del site.table.rows[20:]
        site.sync()
        site.store.decisions.release(site.run_id)
        site.deliver()
        assert site.shown() == site.expected()

    def test_dropped_run_leaves_no_trace(self, site: Premises) -> None:
        whole = list(site.table.rows)
        del site.table.rows[20:]
        site.sync()
        site.store.decisions.drop(site.run_id)
        site.store.known.invalidate_blocks("products")
        site.table.rows = whole
        result = site.sync()
        assert [result.counts[name] for name in ("inserts", "updates", "deletes")] == [0, 0, 0]
        assert len(site.receiver.effects) == 100

    def test_dropped_run_is_held_again_when_nothing_was_mended(self, site: Premises) -> None:
        del site.table.rows[20:]
        site.sync()
        site.store.decisions.drop(site.run_id)
        site.store.known.invalidate_blocks("products")
        assert site.sync().outcome == "held"

    def test_mass_change_is_held(self, site: Premises) -> None:
        site.table.rows = list(rows(100, price="1.00"))
        assert site.sync().outcome == "held"

    def test_run_that_breaks_off_leaves_nothing_held(self, site: Premises) -> None:
        site.table.rows = list(rows(100, price="1.00"))
        site.table.breaks, site.table.breaks_after = Unavailable("SA-2000", "line down"), 60
        assert site.sync().outcome == "failed"
        assert not site.store.messages.list(state=State.HELD)
        site.table.rows = list(rows(100))
        assert site.sync().counts["updates"] == 0


def test_price_jump_is_held_with_the_record(tmp_path: Path) -> None:
    guard = replace(GUARD, jump_field="name", change_count=1000)
    with premises(tmp_path, str(tmp_path), guard=guard) as site:
        site.table.rows = [(f"A{i}", "9.50", "x") for i in range(10)]
        site.sync()
        site.table.rows[3] = ("A3", "950", "x")
        result = site.sync()
        assert result.outcome == "held"
        assert "A3: 9.50 → 950" in result.reason
        assert site.shown()["A3"]["name"] == "9.50"


def test_low_disk_pauses_reading_and_says_so(site: Premises) -> None:
    site.table.rows = list(rows(20))
    site.limits = replace(LIMITS, disk_low=2**62)
    result = site.sync()
    assert (result.outcome, result.code, result.again) == ("failed", "SA-6020", True)
    site.limits = LIMITS
    assert site.sync().counts["inserts"] == 20


def test_low_disk_does_not_stop_delivery(site: Premises) -> None:
    site.table.rows = list(rows(20))
    site.run()
    site.limits = replace(LIMITS, disk_low=2**62)
    site.run()
    site.deliver()
    assert len(site.shown()) == 20


def test_unusable_source_is_told_so(site: Premises) -> None:
    site.table.rows = list(rows(20))
    site.sync()
    site.table.columns = ("CODE", "DESCRIPTION", "PRICE")
    site.sync()
    (reason,) = site.table.refused
    assert "NAME is missing" in reason


def test_since_is_refused_where_nobody_can_tell(site: Premises) -> None:
    site.table.rows = list(rows(5))
    site.sync()
    result = site.sync("since", "2026-11-01T00:00:00")
    assert (result.outcome, result.code) == ("failed", "SA-4008")
    assert not site.store.flows.get("products").halted


def test_refused_row_that_is_gone_is_no_longer_refused(site: Premises) -> None:
    site.mapping = {**site.mapping, "name": {"from": "NAME", "max_length": "10"}}
    site.table.rows = [*rows(20), ("BAD", "x" * 50, "1")]
    site.sync()
    site.table.rows.pop()
    assert site.sync().outcome == "ok"
    assert not site.store.messages.list(state=State.PARKED)


def test_poll_that_meets_an_old_refusal_writes_nothing(site: Premises) -> None:
    site.mapping = {**site.mapping, "name": {"from": "NAME", "max_length": "10"}}
    site.table.rows = [*rows(20), ("BAD", "x" * 50, "1"), ("A0003", "double", "2")]
    site.sync()
    newest = site.store.messages.list(limit=1)[0]
    before = site.store.path.with_name("store.db-wal").read_bytes()
    result = site.run_unrecorded()
    assert (result.outcome, result.counts["refused"]) == ("partial", 2)
    assert site.store.path.with_name("store.db-wal").read_bytes() == before
    assert site.store.messages.list(limit=1)[0] == newest


def test_equal_poll_writes_nothing(site: Premises) -> None:
    site.table.rows = list(rows(50))
    site.sync()
    before = site.store.path.with_name("store.db-wal").read_bytes()
    assert site.run_unrecorded().outcome == "ok"
    assert site.store.path.with_name("store.db-wal").read_bytes() == before


def test_row_set_aside_by_a_person_stays_so_until_it_changes(site: Premises) -> None:
    site.mapping = {**site.mapping, "name": {"from": "NAME", "max_length": "10"}}
    site.table.rows = [*rows(20), ("BAD", "x" * 50, "1")]
    site.sync()
    (parked,) = site.store.messages.list(state=State.PARKED)
    site.store.decisions.ignore([parked.id], "a test article", "Anna")
    site.sync()
    assert not site.store.messages.list(state=State.PARKED)
    site.table.rows[-1] = ("BAD", "y" * 50, "1")
    site.sync()
    assert site.store.messages.list(state=State.PARKED)


def test_emptied_table_is_noted(site: Premises) -> None:
    site.table.rows = list(rows(20))
    site.sync()
    site.table.rows = []
    assert site.sync().reason == "the source is empty: nothing is deleted"


def test_column_of_another_type_halts_the_flow_that_reads_it(site: Premises) -> None:
    typed(site, "text", "text", "numeric")
    site.table.rows = list(rows(20))
    assert site.sync().outcome == "ok"
    typed(site, "text", "text", "")
    assert site.sync().outcome == "ok", "a source that does not say has not changed"
    typed(site, "text", "text", "numeric")
    site.sync()
    typed(site, "text", "text", "float")
    result = site.sync()
    assert (result.outcome, result.code) == ("halted", "SA-4001")
    assert "PRICE was numeric, is float" in result.reason
    site.mapping = {"sku": "CODE", "name": "NAME"}
    assert site.sync().outcome == "ok", "nobody reads it"


def typed(site: Premises, *types: str) -> None:
    class Typed(MemorySource):
        def read(self, cursor: str) -> Iterator[Batch]:
            for batch in super().read(cursor):
                yield replace(batch, types=types)

    site.kind = Typed
