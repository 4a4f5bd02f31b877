"""Which account, which log-in, and a query in parts."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, model_validator

from agent.contract import Duration, Options
from agent.secrets import Secret
from connectors._erp.options import ErpOptions, Property
from connectors._http import Authorization, shared
from connectors._http.assertion import Assertion, SignedAssertion
from connectors._http.credentials import OAuth1, OAuth1Options
from connectors._rest.access import ServerOptions, ServerUrl
from connectors._rest.marks import ChangesOptions, TimeZone
from connectors._rest.options import Names, RestOptions
from connectors._rest.paging import PagingOptions

PATH = "/services/rest/query/v1/suiteql"
TOKEN_PATH = "/services/rest/auth/oauth2/v1/token"  # noqa: S105 - an address
STAMP = "changed_at"
"""The column under which a query tells when its row changed."""


def _named(columns: Mapping[str, str]) -> Mapping[str, str]:
    for name in columns:
        if not (name.isidentifier() and name == name.lower()):
            raise ValueError(f"{name!r}: NetSuite names columns in lower case, letters and digits")
    return columns


Selected = Annotated[Mapping[str, str], AfterValidator(_named)]


class NetSuiteOptions(ServerOptions):
    """An account, and the integration and token by which it lets us in."""

    url: ServerUrl = Field(
        default="", description="Address of the account; made of `account` when left out."
    )
    account: str = Field(
        pattern=r"^[0-9A-Za-z]+(_[0-9A-Za-z]+)?$", description="Id of the account: `1234567_SB1`."
    )
    consumer_key: str = Field(
        min_length=1, description="Key (client id) of the integration record."
    )
    consumer_secret: Secret | None = Field(
        default=None, description="Its secret, for a log-in by token."
    )
    token_id: str | None = Field(default=None, description="Id of the access token.")
    token_secret: Secret | None = Field(default=None, description="Its secret.")
    certificate_id: str | None = Field(
        default=None,
        description="Id that NetSuite gave to our certificate, for a log-in by OAuth 2.0 from "
        "machine to machine, in place of secret and token.",
    )
    private_key: Secret | None = Field(
        default=None, description="Its private key in PEM (RSA or EC): `file:netsuite.pem`."
    )

    @model_validator(mode="after")
    def _one_way_to_log_in(self) -> Self:
        token = (self.consumer_secret, self.token_id, self.token_secret)
        certificate = (self.certificate_id, self.private_key)
        if (all(token) and not any(certificate)) or (all(certificate) and not any(token)):
            return self
        raise ValueError(
            "give either consumer_secret, token_id and token_secret, or certificate_id and "
            "private_key"
        )

    def at_the_account(self) -> Self:
        """The same with the address of the account filled in."""
        host = self.account.lower().replace("_", "-")
        url = self.url or f"https://{host}.suitetalk.api.netsuite.com"
        return self.model_copy(update={"url": url})

    def authorization(self) -> Authorization:
        """A token for all that name the same certificate, else a signature on every request."""
        if self.certificate_id and self.private_key:
            assertion = Assertion(
                self.at_the_account().url + TOKEN_PATH,
                self.consumer_key,
                self.certificate_id,
                self.private_key,
                ("rest_webservices",),
            )
            return shared(assertion, lambda: SignedAssertion(assertion))
        if not (self.consumer_secret and self.token_id and self.token_secret):
            raise AssertionError("one of both is given; validation refuses the rest")
        return OAuth1(
            OAuth1Options(
                consumer_key=self.consumer_key,
                consumer_secret=self.consumer_secret,
                token_id=self.token_id,
                token_secret=self.token_secret,
                realm=self.account.upper(),
            )
        )


class ModifiedOptions(Options):
    """The stamp by which only what changed is asked for."""

    expression: str = Field(min_length=1, description="The stamp: `item.lastmodifieddate`.")
    time_zone: TimeZone = Field(
        default="UTC", description="Time zone in which the token's user sees dates."
    )
    overlap: Duration | None = Field(
        default=None, ge=0, description="How far before the mark to ask again; 5m when left out."
    )


class QueryOptions(Options):
    """A query in SuiteQL, in its parts."""

    select: Selected = Field(min_length=1, description="Column → what it is in SuiteQL.")
    also: Selected = Field(
        default={}, description="Columns besides `select`: what a flow adds to its preset."
    )
    tables: str = Field(min_length=1, description="What stands behind FROM, joins included.")
    where: str = Field(default="", description="What stands behind WHERE.")
    key: Names = Field(min_length=1, description="Columns that make the key; the order, too.")
    page_size: int = Field(default=1000, ge=5, le=1000, description="Rows a page.")
    changes: ModifiedOptions | None = Field(
        default=None, description="How only what changed is asked for."
    )

    @model_validator(mode="after")
    def _key_is_selected(self) -> Self:
        if missing := [name for name in self.key if name not in self.columns]:
            raise ValueError(f"key: select has no column {missing[0]!r}")
        return self

    @property
    def columns(self) -> dict[str, str]:
        """All columns."""
        return {**self.select, **self.also}

    def query(self, *conditions: str) -> str:
        """The query, with further conditions."""
        columns = dict(self.columns)
        if self.changes:
            columns[STAMP] = f"TO_CHAR({self.changes.expression}, 'YYYY-MM-DD HH24:MI:SS')"
        selected = ", ".join(f"{what} AS {name}" for name, what in columns.items())
        wanted = [*([f"({self.where})"] if self.where else []), *conditions]
        parts = ["SELECT", selected, "FROM", self.tables]
        if wanted:
            parts += ["WHERE", " AND ".join(wanted)]
        return " ".join([*parts, "ORDER BY", ", ".join(columns[name] for name in self.key)])

    def equal(self, parts: Mapping[str, str]) -> Iterator[str]:
        """The conditions for the row of a key."""
        for name, part in parts.items():
            yield f"{self.columns[name]} = '{part.replace(chr(39), chr(39) * 2)}'"

    def as_list(self) -> RestOptions:
        """The same as a list behind an address. SuiteQL leaves out what is null."""
        return RestOptions(
            path=PATH,
            method="POST",
            headers={"Prefer": "transient"},
            body=json.dumps({"q": self.query()}),
            records="items",
            key=self.key,
            columns=tuple(self.columns),
            optional=tuple(name for name in self.columns if name not in self.key),
            paging=PagingOptions(
                kind="offset",
                place="query",
                size_parameter="limit",
                size=self.page_size,
                total="totalResults",
                more="hasMore",
            ),
            changes=self._changes(),
        )

    def _changes(self) -> ChangesOptions | None:
        if self.changes is None:
            return None
        since = "TO_DATE('{since}', 'YYYY-MM-DD HH24:MI:SS')"
        return ChangesOptions(
            field=STAMP,
            format="%Y-%m-%d %H:%M:%S",
            time_zone=self.changes.time_zone,
            overlap=self.changes.overlap,
            body=json.dumps({"q": self.query(f"{self.changes.expression} >= {since}")}),
        )


class WritingOptions(ErpOptions):
    """How orders and customers are written into NetSuite."""

    document: Literal["order", "quotation"] = Field(
        default="order", description="What an order becomes: a sales order or an estimate."
    )
    item_field: Property = Field(
        default="itemid", description="Column of `item` that holds the SKU: itemid, upccode."
    )
    tax_code_field: Property | None = Field(
        default=None,
        description="Field of customers that holds the tax code: `custentity_codice_fiscale`.",
    )
