"""Options: which service, how it knows us, what it is asked and what of its answer is read."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, Self

from pydantic import Field, model_validator

from agent.contract import Duration, Options
from agent.secrets import Secret
from connectors._rest.access import ApiOptions
from connectors._rest.marks import MarkOptions

Names = tuple[str, ...]
LOGIN_FAULTS = (
    "FailedAuthentication",
    "FailedCheck",
    "InvalidSecurity",
    "InvalidSecurityToken",
    "SecurityTokenUnavailable",
    "UnsupportedSecurityToken",
)
"""The fault codes of WS-Security 1.1 that say: you are not who you should be."""


class UsernameTokenOptions(Options):
    """User and password as WS-Security sends them, in the header of each message."""

    user: str = Field(description="User.")
    password: Secret = Field(description="Password of the user.")
    digest: bool = Field(
        default=False,
        description="Send a digest with nonce and time (PasswordDigest) in place of the text.",
    )
    timestamp: Duration | None = Field(
        default=None,
        gt=0,
        description="Add a wsu:Timestamp that is valid for so long; WCF services want one.",
    )


class SoapConnection(ApiOptions):
    """A service and its WSDL; `url` is the address that is called, whatever the WSDL says."""

    wsdl: Path = Field(
        description="The WSDL, saved beside all schemas that it imports; nothing of it is fetched."
    )
    service: str = Field(default="", description="Service of the WSDL; the first if left out.")
    port: str = Field(default="", description="Port of the service; the first if left out.")
    username_token: UsernameTokenOptions | None = Field(
        default=None, description="User and password by WS-Security."
    )
    soap_headers: dict[str, dict[str, Secret | str]] = Field(
        default={},
        description="Headers of the WSDL that every message carries, such as a log-in of the "
        "service's own: name of the header → its elements.",
    )
    login: dict[str, Secret | str] = Field(
        default={},
        description="Parameters that every operation takes, such as a user and a password.",
    )
    strict: bool = Field(
        default=True,
        description="Refuse elements in answers that the WSDL does not know; off: pass over them.",
    )
    busy_faults: Names = Field(
        default=(), description="Fault codes that mean: too busy, try again later."
    )
    login_faults: Names = Field(
        default=LOGIN_FAULTS, description="Fault codes that mean: wrong user or password."
    )


class PagingOptions(Options):
    """How a long list is asked for piece by piece: `{page}`, `{offset}`, `{token}`, `{size}`."""

    kind: Literal["none", "page", "offset", "token"] = Field(
        default="none",
        description="`page` and `offset` count; `token` sends back a text of the answer; `none`: "
        "one answer holds everything.",
    )
    first: int = Field(default=1, ge=0, description="Number of the first page.")
    size: int = Field(default=100, ge=1, le=100_000, description="What `{size}` stands for.")
    token: str = Field(default="", description="Where the answer holds the next token.")
    more: str = Field(default="", description="Where the answer says whether there is more.")
    total: str = Field(
        default="",
        description="Where the answer says how many records there are. With pages that are "
        "counted nothing is deleted without it.",
    )
    most_pages: int = Field(
        default=100_000, ge=1, description="More pages than this are taken for a fault."
    )

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if (self.kind == "token") != bool(self.token):
            raise ValueError("kind: token and token, where the answer holds it, go together")
        return self


class ChangesOptions(MarkOptions):
    """How only what changed is asked for."""

    operation: str = Field(
        default="", description="Operation that lists what changed; the same one if left out."
    )
    parameters: dict[str, Any] = Field(
        default={},
        description="Parameters added then; `{since}` is the mark: `changedAfter: '{since}'`.",
    )


class KeysOptions(Options):
    """How single records are asked for."""

    operation: str = Field(description="Operation that gives one record.")
    parameters: dict[str, Any] = Field(
        description="Its parameters; `{key}` is the key, `{NAME}` the key's field of that name."
    )
    records: str = Field(
        default="", description="Where the record, or a list with it, stands in the answer."
    )
    gone_faults: Names = Field(
        default=(), description="Fault codes that mean: there is no such record."
    )


class SoapOptions(Options):
    """Which list, what of its records, and how a change is found."""

    operation: str = Field(description="Operation that gives the list.")
    parameters: dict[str, Any] = Field(
        default={},
        description="Its parameters, nested as in the WSDL: texts, or `{page}`, `{offset}`, "
        "`{size}`, `{token}` of the paging.",
    )
    records: str = Field(
        default="",
        description="Where the list stands in the answer, dotted; `syncagent check` shows the "
        "answer's shape. Left out: the answer is the list.",
    )
    key: Names = Field(min_length=1, description="The fields whose values make the key.")
    columns: Names = Field(
        description="Fields to read; one of a nested element as `price.net`, a list whole: its "
        "elements are child rows. The key is always read."
    )
    optional: Names = Field(
        default=(),
        description="Fields that the WSDL lets be absent altogether, and that are null then.",
    )
    paging: PagingOptions = Field(
        default_factory=PagingOptions, description="How a long list is asked for piece by piece."
    )
    changes: ChangesOptions | None = Field(
        default=None,
        description="How only what changed is asked for; without it every run reads everything.",
    )
    keys: KeysOptions | None = Field(
        default=None, description="How single records are asked for; needed for single keys."
    )
