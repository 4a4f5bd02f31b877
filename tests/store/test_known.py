"""What was last taken over: digests by key, blocks, what a pass did not see."""

from array import array

from agent.store import Store
from agent.store.known import NewRow


def row(key: str, digest: bytes = b"d" * 16, block: int | None = None) -> NewRow:
    return (key, b"r" * 16, digest, block)


def test_known_rows_are_found_by_key_and_changed_in_place(store: Store) -> None:
    first = store.known.put("f", [row("b"), row("a"), row("c")])
    assert store.known.put("f", [row("a", b"x" * 16), row("d")]) == [first[1], 3]
    found = store.known.find("f", ["a", "d", "z"])
    assert {key: (each.id, each.record_digest[:1]) for key, each in found.items()} == {
        "a": (first[1], b"x"),
        "d": (3, b"d"),
    }
    assert (store.known.count("f"), store.known.span("f")) == (4, 4)


def test_key_twice_in_one_put_is_one_row_with_the_later_digest(store: Store) -> None:
    ids = store.known.put("f", [row("a"), row("a", b"x" * 16)])
    assert ids[0] == ids[1]
    assert store.known.find("f", ["a"])["a"].record_digest == b"x" * 16
    assert store.known.count("f") == 1


def test_rows_of_another_flow_are_not_touched(store: Store) -> None:
    store.known.put("f", [row("a")])
    store.known.put("g", [row("a"), row("b")])
    store.known.forget("g")
    assert (store.known.count("f"), store.known.count("g")) == (1, 0)
    assert store.known.find("g", ["a"]) == {}


def test_numbers_of_removed_rows_are_never_given_again(store: Store) -> None:
    ids = store.known.put("f", [row("a"), row("b")])
    store.known.remove("f", [ids[1]])
    assert store.known.count("f") == 1
    assert store.known.put("f", [row("c")]) == [ids[1] + 1]


def test_unseen_rows_are_those_whose_byte_is_zero_or_missing(store: Store) -> None:
    keys = [f"{number:05d}" for number in range(25_000)]
    store.known.put("f", [row(key) for key in keys])
    store.known.put("g", [row("other")])
    seen = bytearray(b"\x01" * 24_998)
    seen[0] = seen[12_345] = 0
    assert [each.id for each in store.known.unseen("f", seen)] == [0, 12_345, 24_998, 24_999]
    assert list(store.known.unseen("f", bytearray(b"\x01" * 25_000))) == []
    assert len(list(store.known.unseen("f", bytearray()))) == 25_000


def test_rows_are_found_by_the_sources_own_block(store: Store) -> None:
    store.known.put("f", [row("a", block=1), row("b", block=2), row("c", block=2), row("d")])
    store.known.put("g", [row("x", block=2)])
    nothing = bytearray()
    unseen = store.known.unseen_of_blocks
    assert {each.key for each in unseen("f", [2, 9], nothing)} == {"b", "c"}
    assert [each.key for each in unseen("f", [1, 2], bytearray(b"\1\1"))] == ["c"]
    store.known.replace_source_blocks("f", "md5/64", [(1, b"1" * 16, 1), (2, b"2" * 16, 2)])
    assert store.known.source_blocks("f") == {1: (b"1" * 16, 1), 2: (b"2" * 16, 2)}
    assert store.flows.get("f").layout == "md5/64"
    moved = [(2, b"3" * 16, 2), (3, b"4" * 16, 1)]
    store.known.replace_source_blocks("f", "md5/64", moved, differing=[1, 2, 3])
    assert store.known.source_blocks("f") == {2: (b"3" * 16, 2), 3: (b"4" * 16, 1)}
    store.known.replace_source_blocks("f", "md5/64", moved, differing=[])
    assert store.known.source_blocks("f").keys() == {2, 3}


def test_blocks_count_only_while_they_describe_the_rows(store: Store) -> None:
    ids = store.known.put("f", [row(key) for key in "abcd"])
    store.known.replace_blocks(
        "f", (), [(b"1" * 16, array("q", ids[:2])), (b"2" * 16, array("q", ids[2:]))]
    )
    blocks = store.known.blocks("f")
    assert [list(each) for each in store.known.block_ids([blocks[b"2" * 16]])] == [ids[2:]]
    store.known.replace_blocks("f", {blocks[b"2" * 16]}, [(b"3" * 16, array("q", ids[:2]))])
    assert store.known.blocks("f").keys() == {b"2" * 16, b"3" * 16}
    store.known.invalidate_blocks("f")
    assert store.known.blocks("f") == {}
