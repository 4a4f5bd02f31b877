"""Microsoft Dynamics 365 Business Central through its API v2.0."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from agent.contract import Kind
from agent.model import Json
from connectors._odata.source import ODataSource
from connectors._presets import presets_beside
from connectors._rest.questions import Question
from connectors.business_central.company import ID, company_id
from connectors.business_central.options import (
    BusinessCentralOptions,
    EntityOptions,
    WritingOptions,
)
from connectors.business_central.target import BusinessCentralTarget

if TYPE_CHECKING:
    from connectors._odata.service import Service


class BusinessCentralSource(ODataSource[BusinessCentralOptions, EntityOptions]):
    """Reads the entities of one company."""

    @cached_property
    def service(self) -> Service:
        """The API of the environment."""
        from connectors._odata.service import Service  # noqa: PLC0415 - 100 ms for who asks

        connection = self.connection
        return Service(connection.at_the_api(), connection.authorization(), self.version)

    @cached_property
    def company(self) -> str:
        """The id of the company; asked for where the connection gives its name."""
        wanted = self.connection.company
        if ID.fullmatch(wanted):
            return wanted
        question = Question(f"{self.service.url}/companies", headers=self.service.headers)
        companies = self.service.read(question.request()).value["records"]
        return company_id(companies, self.connection)

    @property
    def path(self) -> str:
        """The way to the set inside the company."""
        return f"companies({self.company})/{self.options.entity_set}"

    def _entity(self, key: str) -> Question:
        """Entities have an id of their own in their address, so a key is searched for."""
        parts = dict(zip(self.key_columns, self._parts(key), strict=True))
        conditions = [f"{name} eq {_literal(parts[name])}" for name in self.entity_key]
        wanted = {**self._wanted(), "$filter": " and ".join(conditions)}
        return Question(f"{self.service.url}/{self.path}", "GET", wanted, self.service.headers)

    def _one(self, key: str, value: Json) -> list[Json]:  # noqa: ARG002 - found by its key
        return self._with_set(value["value"])


def _literal(text: str) -> str:
    return text if ID.fullmatch(text) else "'" + text.replace("'", "''") + "'"


KIND = Kind(
    name="business_central",
    summary="Microsoft Dynamics 365 Business Central through its API v2.0.",
    connection=BusinessCentralOptions,
    source=BusinessCentralSource,
    source_options=EntityOptions,
    target=BusinessCentralTarget,
    target_options=WritingOptions,
    presets=presets_beside(__file__),
)
