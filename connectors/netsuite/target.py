"""Orders and customers into NetSuite."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from agent.contract import Finding
from connectors._erp.target import ErpTarget
from connectors._rest.access import ServerOptions
from connectors.netsuite.options import NetSuiteOptions, WritingOptions

if TYPE_CHECKING:
    from connectors.netsuite.writing import NetSuite


class NetSuiteTarget(ErpTarget[NetSuiteOptions, WritingOptions]):
    """Writes sales orders or estimates, and customers."""

    def server(self) -> ServerOptions:
        """The account."""
        return self.connection.at_the_account()

    def erp(self) -> NetSuite:
        """The account."""
        from connectors._erp.asking import Asking  # noqa: PLC0415 - draws in the client
        from connectors.netsuite.writing import LOCKS, NetSuite, fault  # noqa: PLC0415

        return NetSuite(
            Asking(self.api, self.gate, fault, LOCKS, self.options.settling), self.options
        )

    def check(self) -> Iterator[Finding]:
        """Ask by every column that a delivery asks by: misspelt ones and missing rights show."""
        erp = self.erp()
        erp.documents(["-"])
        yield Finding(f"{self.options.document}s", "found by external id")
        erp.items(["-"])
        yield Finding("items", f"found by {self.options.item_field}")
        marks = [mark for mark in self.options.match if mark in erp.marks]
        for mark in marks:
            erp.accounts(mark, ["0"])
        yield Finding("customers", f"found by {', '.join(marks)}")
