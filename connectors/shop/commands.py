"""What the shop asks of the agent, fetched by long polling; and what became of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any
from urllib.parse import quote

import msgspec

from agent.contract import Command, Commands
from agent.errors import Misconfigured, Rejected
from connectors.shop.api import CURSOR_GONE, ShopApi
from connectors.shop.options import ShopOptions

ENCODE = msgspec.json.Encoder().encode


class _Command(msgspec.Struct):
    """One wish. Fields that a later protocol adds are passed over."""

    id: str
    kind: str
    flow: str = ""
    keys: list[str] = []


class _Waiting(msgspec.Struct):
    items: list[_Command]
    cursor: str


class ShopCommands(Commands[ShopOptions]):
    """Only where the connection says `commands: true`."""

    @property
    def wanted(self) -> bool:
        """As configured."""
        return self.connection.commands

    def waiting(self, after: str) -> tuple[Sequence[Command], str]:
        """Commands without a result; a cursor that the shop forgot begins at the beginning."""
        wait = self._api.longest_wait
        answer = self._api.question("/v1/commands", after=after, wait=wait)
        if answer.status == CURSOR_GONE and after:
            return (), ""
        if answer.status == 404:
            raise Misconfigured(
                "SA-5505",
                "the shop has no commands",
                hint="have the shop updated, or take `commands` out of the connection",
            )
        answer.require_success()
        waiting = answer.json(_Waiting)
        found = [Command(each.id, each.kind, each.flow, tuple(each.keys)) for each in waiting.items]
        return found, waiting.cursor

    def report(self, command: str, result: Mapping[str, Any]) -> None:
        """Tell what became of it. Raises `Rejected` where the shop never asked for it."""
        path = f"/v1/commands/{quote(command, safe='')}/result"
        answer = self._api.tell(path, ENCODE(dict(result)), "result", command)
        if answer.status == 404:
            raise Rejected("SA-5506", f"the shop does not know its command {command}")
        answer.require_success()

    def abort(self) -> None:
        """End what waits at the shop."""
        self._api.abort()

    def close(self) -> None:
        """Close every connection."""
        self._api.close()

    @cached_property
    def _api(self) -> ShopApi:
        return ShopApi(self.connection)
