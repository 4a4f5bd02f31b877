"""What every source keeps, whatever it reads. See README.md here for how to join."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Protocol

import pytest
from pydantic import BaseModel, ValidationError

from agent.contract import AnySource, Batch, Kind, can
from agent.model import join_key

COLUMNS = ("sku", "name", "price")
KEY = ("sku",)
Row = tuple[str, str, Decimal]

ARTICLES: list[Row] = [
    (f"{number:05d}", name, Decimal(number) / 4)
    for number, name in enumerate(
        ['Tubo 1/2"', "Caffè; ristretto", "", "due\nrighe", "O'Brien", "€uro", "a|b\\c"] * 30, 1
    )
]
"""210 rows; the keys have leading zeros, the names everything that is awkward in a text."""


class Bench(Protocol):
    """One real system with one table `sku, name, price`, key `sku`, for one kind of source."""

    kind: Kind
    connection: dict[str, Any]
    options: dict[str, Any]
    """As the configuration would give them, small batches where the kind has a size for them."""

    def put(self, rows: Sequence[Row]) -> None:
        """Make the table hold exactly these rows, as another program would."""
        ...


@dataclass
class Pass:
    """What one `read` gave."""

    batches: list[Batch] = field(default_factory=list)
    rows: dict[str, tuple[Any, ...]] = field(default_factory=dict)
    keys: list[str] = field(default_factory=list)

    @property
    def cursor(self) -> str:
        return self.batches[-1].cursor if self.batches else ""


def key_of(source: AnySource, batch: Batch, row: tuple[Any, ...]) -> str:
    places = [batch.columns.index(name) for name in source.key_columns]
    return join_key(tuple(str(row[place]).rstrip() for place in places))


def take(source: AnySource, batches: Iterator[Batch]) -> Pass:
    """Read to the end as the engine does: every batch is settled."""
    seen = Pass()
    for batch in batches:
        seen.batches.append(batch)
        for row in batch.rows:
            seen.keys.append(key_of(source, batch, row))
            seen.rows[seen.keys[-1]] = row
        source.settle(batch)
    return seen


class SourceSuite:
    """Inherit, and give a fixture `bench`."""

    @pytest.fixture
    def bench(self) -> Bench:
        raise NotImplementedError

    @pytest.fixture
    def opened(self) -> Iterator[list[AnySource]]:
        sources: list[AnySource] = []
        yield sources
        for source in sources:
            source.close()

    @pytest.fixture
    def source(self, bench: Bench, opened: list[AnySource]) -> AnySource:
        return self.open(bench, opened)

    def open(self, bench: Bench, opened: list[AnySource]) -> AnySource:
        assert bench.kind.source
        connection = bench.kind.connection.model_validate(bench.connection)
        options = bench.kind.source_options.model_validate(bench.options)
        opened.append(bench.kind.source(connection, options))
        return opened[-1]

    def test_whole_pass_sees_every_key_once(self, bench: Bench, source: AnySource) -> None:
        bench.put(ARTICLES)
        seen = take(source, source.read(""))
        assert sorted(seen.keys) == [row[0] for row in ARTICLES]

    def test_pass_is_complete_at_its_last_batch_only(self, bench: Bench, source: AnySource) -> None:
        bench.put(ARTICLES)
        seen = take(source, source.read(""))
        assert len(seen.batches) > 1, "give the bench a smaller batch: this proves nothing"
        assert [batch.complete for batch in seen.batches[:-1]] == [False] * (len(seen.batches) - 1)
        assert seen.batches[-1].complete
        assert all(batch.whole for batch in seen.batches)

    def test_key_columns_are_among_the_columns(self, bench: Bench, source: AnySource) -> None:
        bench.put(ARTICLES)
        for batch in take(source, source.read("")).batches:
            assert set(source.key_columns) <= set(batch.columns)
            assert all(len(row) == len(batch.columns) for row in batch.rows)

    def test_text_arrives_unchanged(self, bench: Bench, source: AnySource) -> None:
        bench.put(ARTICLES)
        seen = take(source, source.read(""))
        name = seen.batches[0].columns.index("name")
        for sku, text, _ in ARTICLES:
            assert (seen.rows[sku][name] or "") == text

    def test_money_is_never_a_float(self, bench: Bench, source: AnySource) -> None:
        bench.put(ARTICLES)
        seen = take(source, source.read(""))
        place = seen.batches[0].columns.index("price")
        for sku, _, price in ARTICLES:
            assert not isinstance(seen.rows[sku][place], float)
            assert Decimal(seen.rows[sku][place]) == price

    def test_cursor_goes_on_where_the_last_pass_ended(
        self, bench: Bench, opened: list[AnySource]
    ) -> None:
        bench.put(ARTICLES)
        first = self.open(bench, opened)
        cursor = take(first, first.read("")).cursor
        first.close()
        bench.put([(*ARTICLES[0][:2], Decimal("99.5")), *ARTICLES[1:]])
        second = self.open(bench, opened)
        seen = take(second, second.read(str(cursor)))
        place = seen.batches[0].columns.index("price")
        assert Decimal(seen.rows[ARTICLES[0][0]][place]) == Decimal("99.5")

    def test_deleted_row_is_absent_from_the_next_whole_pass(
        self, bench: Bench, opened: list[AnySource]
    ) -> None:
        bench.put(ARTICLES)
        first = self.open(bench, opened)
        take(first, first.read(""))
        first.close()
        bench.put(ARTICLES[1:])
        second = self.open(bench, opened)
        seen = take(second, second.read(""))
        assert seen.batches[-1].complete
        assert ARTICLES[0][0] not in seen.rows
        assert len(seen.keys) == len(ARTICLES) - 1

    def test_interrupted_pass_was_never_complete_and_starts_over(
        self, bench: Bench, opened: list[AnySource]
    ) -> None:
        bench.put(ARTICLES)
        first = self.open(bench, opened)
        reading = first.read("")
        batch = next(reading)
        assert not batch.complete
        first.settle(batch)
        reading.close()  # type: ignore[attr-defined]  # every `read` is a generator
        first.close()
        second = self.open(bench, opened)
        seen = take(second, second.read(batch.cursor))
        assert seen.batches[-1].complete
        assert len(seen.keys) == len(ARTICLES)

    def test_lazy_rows_are_the_same_however_they_are_asked_for(
        self, bench: Bench, source: AnySource
    ) -> None:
        bench.put(ARTICLES)
        for batch in take(source, source.read("")).batches:
            one_by_one = [batch.rows[place] for place in range(len(batch.rows))]
            assert list(batch.rows) == one_by_one
            assert list(batch.rows[1:-1]) == one_by_one[1:-1]
            assert list(batch.rows[::2]) == one_by_one[::2]
            if one_by_one:
                assert batch.rows[-1] == one_by_one[-1]
            with pytest.raises(IndexError):
                batch.rows[len(batch.rows)]

    def test_same_digest_means_same_row(self, bench: Bench, opened: list[AnySource]) -> None:
        changed = [(*ARTICLES[0][:2], Decimal("99.5")), *ARTICLES[1:]]
        rows_of: dict[bytes, tuple[Any, ...]] = {}
        digests_of: dict[tuple[Any, ...], bytes] = {}
        for content in (ARTICLES, changed):
            bench.put(content)
            source = self.open(bench, opened)
            for batch in take(source, source.read("")).batches:
                assert len(batch.digests) in {0, len(batch.rows)}
                for row, digest in zip(batch.rows, batch.digests, strict=False):
                    assert len(digest) == 16
                    assert rows_of.setdefault(digest, row) == row
                    assert digests_of.setdefault(row, digest) == digest
            source.close()

    def test_every_row_can_say_where_it_stands(self, bench: Bench, source: AnySource) -> None:
        bench.put(ARTICLES)
        for batch in take(source, source.read("")).batches:
            if batch.where:
                places = [batch.where(index) for index in range(len(batch.rows))]
                assert len(set(places)) == len(places)

    def test_single_keys_are_read_alone(self, bench: Bench, source: AnySource) -> None:
        if not can(source, "read_keys"):
            pytest.skip("this kind cannot read single keys")
        bench.put(ARTICLES)
        take(source, source.read(""))
        wanted = [ARTICLES[3][0], ARTICLES[77][0], "no such key"]
        seen = take(source, source.read_keys(wanted))
        assert sorted(seen.keys) == sorted(wanted[:2])
        assert not any(batch.complete or batch.whole for batch in seen.batches)

    def test_settling_twice_is_harmless(self, bench: Bench, source: AnySource) -> None:
        bench.put(ARTICLES)
        batches = take(source, source.read("")).batches
        for batch in batches:
            source.settle(batch)

    def test_closing_twice_is_harmless(self, bench: Bench, source: AnySource) -> None:
        bench.put(ARTICLES)
        next(iter(source.read("")))
        source.close()
        source.close()

    def test_watch_ends_when_it_is_closed(self, source: AnySource) -> None:
        if not can(source, "watch"):
            pytest.skip("this kind has no events")
        watch = source.watch(lambda: None)
        watch.close()
        watch.close()

    def test_check_finds_something_and_changes_nothing(
        self, bench: Bench, source: AnySource
    ) -> None:
        bench.put(ARTICLES)
        assert list(source.check())
        assert len(take(source, source.read("")).keys) == len(ARTICLES)

    @pytest.mark.parametrize("part", ["connection", "source_options"])
    def test_unknown_option_is_refused(self, bench: Bench, part: str) -> None:
        given = bench.connection if part == "connection" else bench.options
        with pytest.raises(ValidationError, match="tabel"):
            getattr(bench.kind, part).model_validate(given | {"tabel": "x"})

    @pytest.mark.parametrize("part", ["connection", "source_options"])
    def test_every_option_is_described(self, bench: Bench, part: str) -> None:
        assert undescribed(getattr(bench.kind, part)) == []


def undescribed(options: type[BaseModel]) -> list[str]:
    """Options without a description, those of nested models included."""
    found = []
    for name, option in options.model_fields.items():
        if not option.description:
            found.append(f"{options.__name__}.{name}")
        if isinstance(option.annotation, type) and issubclass(option.annotation, BaseModel):
            found += undescribed(option.annotation)
    return found
