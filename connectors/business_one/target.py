"""Orders and customers into SAP Business One."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from agent.contract import Finding
from connectors._erp.target import ErpTarget
from connectors.business_one.options import ServiceLayerOptions, WritingOptions

if TYPE_CHECKING:
    from connectors.business_one.writing import BusinessOne


class BusinessOneTarget(ErpTarget[ServiceLayerOptions, WritingOptions]):
    """Writes sales orders or quotations, and business partners."""

    def erp(self) -> BusinessOne:
        """The company."""
        from connectors._erp.asking import Asking  # noqa: PLC0415 - draws in the client
        from connectors.business_one.writing import LOCKS, BusinessOne, fault  # noqa: PLC0415

        return BusinessOne(
            Asking(self.api, self.gate, fault, LOCKS, self.options.settling), self.options
        )

    def check(self) -> Iterator[Finding]:
        """Log in, and ask by every property that a delivery asks by: misspelt ones show here."""
        erp = self.erp()
        erp.documents(["-"])
        yield Finding(f"{self.options.document}s", f"found by {self.options.reference_field}")
        erp.items(["-"])
        yield Finding("items", f"found by {self.options.item_field}")
        marks = [mark for mark in self.options.match if mark in erp.marks]
        for mark in marks:
            erp.accounts(mark, ["-"])
        yield Finding("customers", f"found by {', '.join(marks)}")
