"""Imports point down, never up or sideways."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent

# Low to high. A room may import from rooms below it and from its own inside.
LAYERS: list[set[str]] = [
    {"errors", "clock", "code_pages", "language", "log_context", "serving"},
    {"model", "catalogue", "secrets", "passwords", "quantities", "quiet"},
    {"contract", "entities"},
    {"mapping", "detect", "store", "buckets"},
    {"two_way", "kpi"},
    {"config"},
    {"intake", "delivery", "receiving"},
    {"jobs", "watches", "telemetry"},
    {"assembly", "runs"},
    {"looking", "aside"},
    {"explain", "reaching", "endings"},
    {"verify", "board", "verdict"},
    {"overview", "pulse", "alerts", "support"},
    {"api"},
    {"commands", "dashboard", "otlp"},
    {"daemon"},
    {"demo", "conformance"},
    {"cli"},
]
LEVEL = {room: level for level, rooms in enumerate(LAYERS) for room in rooms}
FREE = {"clock", "secrets", "errors"}
CONNECTOR_MAY = {
    "agent.code_pages",
    "agent.contract",
    "agent.entities",
    "agent.errors",
    "agent.mapping.expressions",
    "agent.mapping.problem",
    "agent.mapping.refusal",
    "agent.model",
    "agent.secrets",
}
FORBIDDEN_NAMES = {"utils.py", "base.py", "manager.py", "helpers.py", "common.py"}


def imports_of(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def room_of(module: str) -> str:
    return module.split(".")[1]


@pytest.mark.parametrize(
    "path", sorted((ROOT / "agent").rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT))
)
def test_engine_imports_point_down(path: Path) -> None:
    room = path.relative_to(ROOT / "agent").parts[0].removesuffix(".py")
    if room == "__init__":
        return
    for name in imports_of(path):
        if name.split(".")[0] == "connectors":
            assert room in {"config", "demo"}, f"{path.name} imports {name}: only config may"
        if not name.startswith("agent.") or room_of(name) in {room, "__version__"} | FREE:
            continue
        assert LEVEL[room_of(name)] < LEVEL[room], f"{path.name} ({room}) imports {name}"


@pytest.mark.parametrize(
    "path", sorted((ROOT / "connectors").rglob("*.py")), ids=lambda p: str(p.relative_to(ROOT))
)
def test_connectors_know_only_the_contract(path: Path) -> None:
    parts = path.relative_to(ROOT / "connectors").parts
    own = f"connectors.{parts[0].removesuffix('.py')}"
    for name in imports_of(path):
        if name.startswith("agent."):
            assert any(name.startswith(f"{may}.") or name == may for may in CONNECTOR_MAY), name
        if name.startswith("connectors."):
            assert name.startswith((own, "connectors._")), name


def test_no_room_has_a_name_that_says_nothing() -> None:
    for folder in ("agent", "connectors"):
        for path in (ROOT / folder).rglob("*.py"):
            assert path.name not in FORBIDDEN_NAMES, path


def test_all_sql_of_our_own_database_stands_in_the_store() -> None:
    for path in (ROOT / "agent").rglob("*.py"):
        room = path.relative_to(ROOT / "agent").parts[0]
        if room not in {"store", "demo"}:
            assert "apsw" not in imports_of(path), path
