"""Whatever somebody writes into the file, the answer is a configuration or its problems."""

import tempfile
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from agent.config import ConfigurationProblems, Problem, load
from tests.config.conftest import SOUND

LINES = SOUND.splitlines(keepends=True)
HEAD = SOUND[: SOUND.index("    entity:")]
# `@` is where the value goes.
PLACES = [
    "site: {name: @}",
    "connections: @",
    "flows: {x: @}",
    "store: {path: @, disk_low: @, keep_days: @, backup: @}",
    "api: {port: @, token: @, socket: @}",
    HEAD + "    schedule: {every: @, cron: @, full: @, time_zone: @}",
    HEAD + "    guard: {delete_share: @, jump_factor: @, jump_field: @}",
    HEAD + "    entity: product\n    lane: @\n    hook: @\n    mapping: @",
    HEAD + "    entity: product\n    where: @\n    mapping: {sku: @, name: @}",
    HEAD
    + "    entity: product\n    mapping: {sku: {from: A, pattern: @, values_file: @}, name: B}",
    HEAD
    + "    entity: product\n    mapping: {sku: A, name: {from: B, scale: @, min: @, format: @}}",
]
VALUES = st.one_of(
    st.text(max_size=30).map(lambda text: "'" + text.replace("'", "''") + "'"),
    st.text(alphabet="0123456789.eE+-_:% hdmsKMGB*/,", max_size=25),
    st.sampled_from(
        ["9" * 400, "9" * 400 + "d", "1e999", "nan", "-inf", "1e999GB", "~", "[]", "{}"]
    ),
    st.text(alphabet="{}[]&*!|>'\"%@`#,?:- ab\n\t", max_size=30),
)
quick = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])


def outcome(content: bytes) -> None:
    """Load it; anything else than a configuration or its problems fails the test."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "config.yaml"
        path.write_bytes(content)
        found: list[Problem] = []
        try:
            load(path)
        except ConfigurationProblems as problems:
            found = problems.problems
    assert all(each.line >= 1 and each.column >= 1 for each in found)
    assert not [each for each in found if "\n" in str(each)]


@quick
@given(st.binary(max_size=200))
def test_any_bytes_are_a_configuration_or_its_problems(content: bytes) -> None:
    outcome(content)


@quick
@given(st.text(max_size=200))
def test_any_text_is_a_configuration_or_its_problems(text: str) -> None:
    outcome(text.encode(errors="surrogatepass"))


@quick
@given(st.sampled_from(PLACES), VALUES)
def test_any_value_in_any_place_is_taken_or_refused(place: str, value: str) -> None:
    outcome(place.replace("@", value).encode(errors="surrogatepass"))


@quick
@given(st.lists(st.sampled_from(LINES), max_size=15), st.integers(0, 14), VALUES)
def test_lines_that_were_moved_lost_and_doubled_are_taken_or_refused(
    lines: list[str], at: int, value: str
) -> None:
    outcome("".join([*lines[:at], value, "\n", *lines[at:]]).encode(errors="surrogatepass"))
