"""Whatever a table goes through, at rest the other side holds what the table holds."""

from __future__ import annotations

import tempfile
from pathlib import Path
from uuid import uuid4

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.errors import Unavailable
from tests.intake.premises import Premises, premises

CODES = st.sampled_from([f"A{i}" for i in range(60)])
TABLE = st.dictionaries(CODES, st.sampled_from(["x", "y", "z"]), min_size=1, max_size=60)


@st.composite
def tables(draw: st.DrawFn) -> list[tuple[str, str, str]]:
    rows = [(code, name, "1") for code, name in draw(TABLE).items()]
    return draw(st.permutations(rows)) if draw(st.booleans()) else sorted(rows)


STEP = st.tuples(
    tables(),
    st.sampled_from(["differential", "differential", "full"]),
    st.one_of(st.none(), st.integers(0, 60)),
    st.booleans(),
)


def _step(
    site: Premises, table: list[tuple[str, str, str]], scope: str, breaks: int | None
) -> None:
    site.table.rows = list(table)
    if breaks is not None and breaks < len(table):
        site.table.breaks, site.table.breaks_after = Unavailable("SA-2000", "down"), breaks
    site.run(scope)


@given(st.lists(STEP, max_size=6), tables())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_at_rest_the_receiver_holds_what_the_table_holds(
    steps: list[tuple[list[tuple[str, str, str]], str, int | None, bool]],
    last: list[tuple[str, str, str]],
) -> None:
    with (
        tempfile.TemporaryDirectory() as folder,
        premises(Path(folder), uuid4().hex, commit_rows=5) as site,
    ):
        for table, scope, breaks, deliver in steps:
            _step(site, table, scope, breaks)
            if deliver:
                site.deliver()
        _step(site, last, "differential", None)
        site.table.breaks = None
        site.sync()
        assert site.shown() == site.expected()
        versions: dict[str, int] = {}
        for effect in site.receiver.effects:
            assert effect.version > versions.get(effect.key, 0)
            versions[effect.key] = effect.version
        effects = len(site.receiver.effects)
        assert site.sync().outcome == "ok"
        assert len(site.receiver.effects) == effects
