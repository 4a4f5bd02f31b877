"""Oracle NetSuite through SuiteQL, and its records over REST."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from agent.contract import Batch, Kind
from agent.errors import Misconfigured, Rejected
from agent.model import Json, split_key
from connectors._presets import presets_beside
from connectors._rest.options import RestOptions
from connectors._rest.questions import Question
from connectors._rest.records import take
from connectors._rest.single import one_record
from connectors._rest.source import RestSource
from connectors.netsuite.options import PATH, NetSuiteOptions, QueryOptions, WritingOptions
from connectors.netsuite.target import NetSuiteTarget

MOST_ROWS = 100_000
"""What NetSuite gives out of one query over REST."""


class NetSuiteSource(RestSource[NetSuiteOptions, RestOptions]):
    """Reads the rows of one query."""

    def __init__(self, connection: NetSuiteOptions, options: QueryOptions) -> None:
        super().__init__(connection.at_the_account(), options.as_list())
        self._query = options

    def read_keys(self, keys: Sequence[str]) -> Iterator[Batch]:
        """Only these keys, a query each; one that no longer exists is simply absent."""
        for key in keys:
            try:
                parts = split_key(key, len(self._query.key))
            except ValueError as error:
                raise Rejected("SA-2115", str(error)) from None
            named = dict(zip(self._query.key, parts, strict=True))
            query = self._query.query(*self._query.equal(named))
            request = Question(
                self.connection.url + PATH,
                "POST",
                {"limit": 5, "offset": 0},
                self.options.headers,
                {"q": query},
            ).request()
            yield one_record(self.api, request, key, self.columns, self._finder("items"))

    def _finder(self, path: str) -> Callable[[Json], list[Json]]:
        find = super()._finder(path)

        def within_the_limit(value: Json) -> list[Json]:
            total = take(value, "totalResults")
            if isinstance(total, int) and total > MOST_ROWS:
                raise Misconfigured(
                    "SA-2431",
                    f"the query has {total} rows, NetSuite gives out {MOST_ROWS}",
                    hint="split it into several flows by where",
                )
            return find(value)

        return within_the_limit


KIND = Kind(
    name="netsuite",
    summary="Oracle NetSuite through SuiteQL and REST records.",
    connection=NetSuiteOptions,
    source=NetSuiteSource,
    source_options=QueryOptions,
    target=NetSuiteTarget,
    target_options=WritingOptions,
    presets=presets_beside(__file__),
)
