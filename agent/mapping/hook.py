"""A customer's own Python for what is left: a file with `map_row(row, record)`.

It sees the row as a dict and the record as the mapping made it, and returns the record's data, or
None to leave the row out. What it returns is held to the entity as any other data is.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Callable, Mapping
from hashlib import sha256
from pathlib import Path
from types import ModuleType
from typing import Any

from agent.entities import EntityField
from agent.errors import Rejected
from agent.mapping.conformity import conforming_object
from agent.mapping.problem import Invalid
from agent.mapping.refusal import Refused

HookFunction = Callable[[dict[str, Any], dict[str, Any]], dict[str, Any] | None]


class Hook:
    """The file as it was read; `content` is a part of the mapping's fingerprint."""

    def __init__(self, path: Path) -> None:
        self.path = path
        try:
            self.content = path.read_bytes()
            tree = ast.parse(self.content, str(path))
        except OSError as error:
            raise _invalid(f"{path} cannot be read: {error.strerror}") from None
        except (SyntaxError, ValueError) as error:
            raise _invalid(f"{path} is not Python: {error}") from None
        if not any(
            isinstance(node, ast.FunctionDef) and node.name == "map_row" for node in tree.body
        ):
            raise _invalid(f"{path} has no function map_row")

    def load(self, fields: Mapping[str, EntityField]) -> HookFunction:
        """Run the file and return its `map_row`, with errors and results turned into refusals."""
        map_row = self._executed().map_row

        def mapped(row: dict[str, Any], record: dict[str, Any]) -> dict[str, Any] | None:
            try:
                data = map_row(row, record)
            except (Exception, SystemExit) as error:
                raise Rejected(
                    "SA-3301",
                    f"hook {self._place(error)}: {type(error).__name__}: {error}"[:500],
                    hint="correct the hook, or the row in the source",
                ) from error
            if data is None:
                return None
            try:
                return conforming_object(fields, data)
            except Refused as refusal:
                if not refusal.path:
                    reason = f"hook {self.path.name}: what map_row returned {refusal.rule}"
                    raise Rejected("SA-3302", reason, hint=refusal.hint) from None
                raise

        return mapped

    def _executed(self) -> ModuleType:
        name = f"syncagent_hook_{sha256(self.content).hexdigest()[:16]}"
        module = ModuleType(name)
        module.__file__ = str(self.path)
        sys.modules[name] = module  # dataclasses and pickling look themselves up there
        try:
            exec(compile(self.content, str(self.path), "exec"), module.__dict__)  # noqa: S102 - the customer's own file
        except (Exception, SystemExit) as error:
            raise _invalid(f"{self._place(error)}: {type(error).__name__}: {error}") from error
        return module

    def _place(self, error: BaseException) -> str:
        """`articles.py:17`, the deepest line of the hook's own file that the error went through."""
        line, step = 0, error.__traceback__
        while step is not None:
            if step.tb_frame.f_code.co_filename == str(self.path):
                line = step.tb_lineno
            step = step.tb_next
        return f"{self.path.name}:{line}"


def _invalid(text: str) -> Invalid:
    return Invalid(
        "SA-3009",
        "",
        text,
        "the file must define: def map_row(row: dict, record: dict) -> dict | None",
    )
