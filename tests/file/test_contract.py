"""The file target keeps the contract, with a program behind it that takes every file at once."""

from __future__ import annotations

import json
import subprocess
import sys
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from agent.contract import AnyTarget, Kind
from agent.model import Op
from connectors.file import KIND
from connectors.file.naming import file_name
from tests.contract.target_suite import Sender, TargetSuite, accepted
from tests.file.nursery import ROOT, written

LINE = {
    "key": "{{ key }}",
    "version": "{{ version }}",
    "op": "upsert",
    "data": "{{ record }}",
}


class FileBench:
    """The folder, and the program that imports from it whenever somebody looks."""

    kind: Kind = KIND

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._away = folder.with_name("away")
        self._imported: dict[str, list[dict[str, Any]]] = defaultdict(list)
        folder.mkdir()
        self.connection: dict[str, Any] = {"folder": str(folder)}
        self.options: dict[str, Any] = {
            "name": "{{ key }}.json",
            "json": {},
            "content": LINE,
            "delete": {"content": {**LINE, "op": "delete"}},
            "changed": "rewrite",
        }

    def effects(self, key: str) -> list[tuple[Op, int]]:
        return [(Op(each["op"]), each["version"]) for each in self._held(key)]

    def held(self, key: str) -> Any:
        held = self._held(key)
        return held[-1]["data"] if held and held[-1]["op"] == "upsert" else None

    def refuse(self, keys: Sequence[str]) -> None:
        """Somebody else's file lies there under the name."""
        self._import()
        for path in self.folder.glob("*.json"):
            path.unlink()
        for key in keys:
            (self.folder / file_name(f"{key}.json")).write_bytes(b"not ours")

    def fail_next(self) -> None:
        self.folder.rename(self._away)

    def lose_next_answer(self) -> None:
        pytest.skip("an answer of a file system is not lost: see the kills below")

    def _held(self, key: str) -> list[dict[str, Any]]:
        if self._away.exists():
            self._away.rename(self.folder)
        self._import()
        return self._imported[key]

    def _import(self) -> None:
        found = [path for path in self.folder.glob("*.json") if path.read_bytes() != b"not ours"]
        for line in sorted(map(_read, found), key=lambda line: int(line["version"])):
            self._imported[line["key"]].append(line)


def _read(path: Path) -> dict[str, Any]:
    line: dict[str, Any] = json.loads(path.read_bytes())
    path.unlink()
    return line


class TestFileTarget(TargetSuite):
    @pytest.fixture
    def bench(self, tmp_path: Path) -> FileBench:
        return FileBench(tmp_path / "import")

    def test_lost_answer_and_a_second_attempt_make_one_effect(
        self, bench: FileBench, target: AnyTarget, sender: Sender, tmp_path: Path
    ) -> None:
        """Another process delivers, and is killed before it can tell anybody."""
        messages = [sender.message(str(number)) for number in range(5)]
        given = written(tmp_path / "given.json", bench.connection, bench.options, messages)
        child = subprocess.run(
            [sys.executable, "-m", "tests.file.nursery", "mute", str(given)], cwd=ROOT, check=False
        )
        assert child.returncode == -9
        assert len(accepted(list(target.deliver(messages)))) == 5
        for message in messages:
            assert bench.effects(message.key) == [(Op.UPSERT, message.version)]
