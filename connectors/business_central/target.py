"""Orders and customers into Business Central."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

from agent.contract import Finding
from connectors._erp.target import ErpTarget
from connectors._rest.access import ServerOptions
from connectors._rest.questions import Question
from connectors._sunset import version_findings
from connectors.business_central.company import ID, company_id
from connectors.business_central.options import BusinessCentralOptions, WritingOptions

if TYPE_CHECKING:
    from connectors._erp.asking import Asking
    from connectors.business_central.writing import BusinessCentral

ENDS: dict[str, date | None] = {"v2.0": None}
"""Versions of Microsoft's own API and when each ends; others are the company's affair."""


class BusinessCentralTarget(ErpTarget[BusinessCentralOptions, WritingOptions]):
    """Writes sales orders or quotes, and customers."""

    def __init__(self, connection: BusinessCentralOptions, options: WritingOptions) -> None:
        super().__init__(connection, options)
        self._company = connection.company if ID.fullmatch(connection.company) else ""

    def server(self) -> ServerOptions:
        """The API of the environment."""
        return self.connection.at_the_api()

    def erp(self) -> BusinessCentral:
        """The company; asked for once where the connection gives its name."""
        from connectors._erp.asking import Asking  # noqa: PLC0415 - draws in the client
        from connectors.business_central.writing import BusinessCentral, fault  # noqa: PLC0415

        asking = Asking(self.api, self.gate, fault, frozenset(), self.options.settling)
        if not self._company:
            self._company = self._asked_for(asking)
        return BusinessCentral(asking, self._company, self.options)

    def check(self) -> Iterator[Finding]:
        """Get a token, find the company, ask by every property that a delivery asks by."""
        api, today = self.connection.api, datetime.now(UTC).date()
        if api in ENDS:
            yield from version_findings("Business Central API", api, ENDS[api], today)
        erp = self.erp()
        yield Finding("company", f"{self.connection.company}, id {self._company}")
        erp.documents(["-"])
        yield Finding(f"{self.options.document}s", "found by externalDocumentNumber")
        erp.items(["-"])
        yield Finding("items", f"found by {self.options.item_field}")
        marks = [mark for mark in self.options.match if mark in erp.marks]
        for mark in marks:
            erp.accounts(mark, ["-"])
        yield Finding("customers", f"found by {', '.join(marks)}")

    def _asked_for(self, asking: Asking) -> str:
        question = Question(f"{self.api.url}/companies", headers={"accept": "application/json"})
        return company_id(asking.read(question.request())["value"], self.connection)
