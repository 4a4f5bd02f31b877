"""Whatever happens to messages, in whatever order, four things stay true.

No message is lost, at most one waits per key where newer supersedes older, versions only grow, and
a key's messages are sent in their order.
"""

import tempfile
from pathlib import Path

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from agent.model import Change, Message, Receipt, State
from agent.store import Claim, Store, Unknown
from tests.store.conftest import StandingClock, a_change

OPEN = {State.HELD, State.PENDING, State.PARKED}
LEASE = 10_000
IN_MEMORY = next((folder for folder in ("/dev/shm",) if Path(folder).is_dir()), None)
KEYS = st.lists(st.sampled_from("abc"), min_size=1, max_size=4)
MANY = st.lists(st.sampled_from("abcdefghij"), min_size=3, max_size=8, unique=True)
VERDICTS = st.lists(st.sampled_from(["accept", "reject", "unknown", "silence"]), min_size=8)
ACCEPTED = st.just(["accept"] * 8)


class MessagesMachine(RuleBasedStateMachine):
    """Drives one store through appends, claims, verdicts, decisions and crashes."""

    @initialize(coalesce=st.booleans(), bundle_size=st.sampled_from([2, 3, 100]))
    def open_store(self, coalesce: bool, bundle_size: int) -> None:
        self.folder = tempfile.TemporaryDirectory(dir=IN_MEMORY)
        self.clock = StandingClock()
        self.coalesce = coalesce
        self.bundle_size = bundle_size
        self.appended: dict[int, str] = {}
        self.claims: list[Claim] = []
        self.leases: dict[int, int] = {}
        self.accepted: set[int] = set()
        self.run = 0
        self.reopen()

    def reopen(self) -> None:
        self.store = Store.open(
            Path(self.folder.name) / "state.db", self.clock, bundle_size=self.bundle_size
        )

    def rows(self) -> dict[int, State]:
        return {row.version: row.state for row in self.store.messages.list(limit=10_000)}

    @rule(keys=KEYS | MANY, held=st.booleans())
    def append(self, keys: list[str], held: bool) -> None:
        self.run += 1
        before = self.rows().keys()
        self.store.messages.append(
            "f",
            "shop",
            self.run,
            0,
            self.changes(keys),
            held=held,
            coalesce=self.coalesce,
        )
        fresh = sorted(self.rows().keys() - before)
        assert len(fresh) == len(keys)
        assert not before or fresh[0] > max(before)
        self.appended |= dict(zip(fresh, keys, strict=True))

    def changes(self, keys: list[str]) -> list[Change]:
        """One for each key; what was ever appended is known."""
        known = [*self.appended.values()]
        return [
            a_change(key, previous=b"p" * 16 if key in known + keys[:place] else None)
            for place, key in enumerate(keys)
        ]

    @rule(limit=st.integers(1, 8))
    def claim(self, limit: int) -> None:
        states = self.rows()
        claim = self.store.messages.claim("shop", limit, now=self.clock.now, lease_ms=LEASE)
        for message in claim.messages:
            assert self.first_in_line(message, states), "an older one of its key is open"
            assert self.leases.get(message.version, 0) <= self.clock.now, "somebody else holds it"
            self.leases[message.version] = self.clock.now + LEASE
        if claim.messages:
            self.claims.append(claim)

    def first_in_line(self, message: Message, states: dict[int, State]) -> bool:
        return states[message.version] is State.PENDING and not any(
            key == message.key and version < message.version and states[version] in OPEN
            for version, key in self.appended.items()
        )

    @rule(which=st.integers(0, 5), verdicts=VERDICTS | ACCEPTED)
    def settle(self, which: int, verdicts: list[str]) -> None:
        if not self.claims:
            return
        claim = self.claims.pop(which % len(self.claims))
        said: dict[str, list[Message]] = {}
        for message, verdict in zip(claim.messages, verdicts, strict=False):
            said.setdefault(verdict, []).append(message)
        states = self.rows()
        self.store.messages.settle(
            claim.token,
            [Receipt(message.id, True) for message in said.get("accept", [])],
            [Receipt(message.id, False) for message in said.get("reject", [])],
            [
                Unknown(message.id, self.clock.now + 5, "SA-5001", "timed out")
                for message in said.get("unknown", [])
            ],
            self.clock.now,
        )
        after = self.rows()
        for message in said.get("accept", []):
            self.accepted.add(message.version)
            if states[message.version] in OPEN:
                assert after[message.version] is State.DELIVERED
        for message in said.get("unknown", []):
            row = self.store.messages.get(message.id)
            if row and not row.leased:
                self.leases.pop(message.version, None)
        for message in said.get("reject", []):
            if after[message.version] is State.PARKED:
                self.leases.pop(message.version, None)

    @rule(milliseconds=st.sampled_from([1, 5, LEASE]))
    def wait(self, milliseconds: int) -> None:
        self.clock.now += milliseconds

    @rule()
    def retry_all(self) -> None:
        self.store.decisions.retry(flow="f")

    @rule(which=st.integers(0, 20), until=st.sampled_from([None, 1, LEASE]))
    def ignore(self, which: int, until: int | None) -> None:
        rows = self.store.messages.list(limit=10_000)
        if rows:
            again = until and self.clock.now + until
            self.store.decisions.ignore([rows[which % len(rows)].id], "not wanted", "anna", again)

    @rule()
    def take_back(self) -> None:
        before, newest = self.rows(), {key: version for version, key in self.appended.items()}
        self.store.decisions.take_back(self.clock.now)
        for version, state in self.rows().items():
            if state is not before[version]:
                assert before[version] is State.IGNORED
                assert newest[self.appended[version]] == version, "a newer one stands for it"

    @rule(which=st.integers(0, 5), release=st.booleans())
    def decide(self, which: int, release: bool) -> None:
        run = self.run - which
        (self.store.decisions.release if release else self.store.decisions.drop)(run)

    @rule(keys=KEYS)
    def crash_in_a_transaction(self, keys: list[str]) -> None:
        before, in_flight = self.rows(), self.in_flight()
        try:
            with self.store.transaction():
                self.store.messages.append(
                    "f",
                    "shop",
                    99,
                    0,
                    self.changes(keys),
                    held=False,
                    coalesce=self.coalesce,
                )
                raise KeyboardInterrupt  # noqa: TRY301 - the crash
        except KeyboardInterrupt:
            self.store.close()
        self.reopen()
        self.leases.clear()
        self.claims.clear()
        # What was in flight comes again, or gives way to a newer message behind it.
        for version, state in self.rows().items():
            gave_way = state is State.SUPERSEDED and version in in_flight
            assert gave_way or state is before[version]

    def in_flight(self) -> set[int]:
        return {row.version for row in self.store.messages.list(limit=10_000) if row.leased}

    @invariant()
    def nothing_is_lost(self) -> None:
        assert self.rows().keys() == self.appended.keys()

    @invariant()
    def one_message_waits_per_key(self) -> None:
        if not self.coalesce:
            return
        waiting = [
            row.key
            for row in self.store.messages.list(limit=10_000)
            if row.state in OPEN and not row.leased
        ]
        assert len(waiting) == len(set(waiting))

    @invariant()
    def tally_is_what_the_table_holds(self) -> None:
        counted: dict[State, int] = {}
        for state in self.rows().values():
            counted[state] = counted.get(state, 0) + 1
        assert self.store.messages.counts().get("f", {}) == counted

    @invariant()
    def every_key_with_open_work_has_one_that_moves_or_waits_for_a_person(self) -> None:
        by_key: dict[str, list[State]] = {}
        due: dict[str, int] = {}
        for row in reversed(self.store.messages.list(limit=10_000)):
            if row.state in OPEN:
                by_key.setdefault(row.key, []).append(row.state)
                due[row.key] = due.get(row.key, 0) + (row.due_at is not None)
        for key, states in by_key.items():
            assert due[key] == (states[0] is State.PENDING), (key, states)

    def teardown(self) -> None:
        if hasattr(self, "store"):
            self.store.close()
            self.folder.cleanup()


TestMessages = MessagesMachine.TestCase
TestMessages.settings = settings(max_examples=30, stateful_step_count=30, deadline=None)
