"""How a web API is reached and who we are there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field, model_validator

from agent.contract import Size
from agent.secrets import Secret
from connectors._http import (
    Anonymous,
    Authorization,
    Bearer,
    ClientCredentials,
    HttpOptions,
    OAuth2Options,
    is_loopback,
    shared,
)
from connectors._http.credentials import ApiKey, ApiKeyOptions, Basic, OAuth1, OAuth1Options
from connectors._http.options import checked_address

if TYPE_CHECKING:
    from connectors._http.client import Client

ServerUrl = Annotated[str, AfterValidator(checked_address)]


class ServerOptions(HttpOptions):
    """A server that may stand in the company's own network."""

    url: ServerUrl = Field(
        description="Address under which all paths lie, such as `https://erp.example.com/api`."
    )
    unencrypted: bool = Field(
        default=False,
        description="Allow http, over which everyone on the way can read log-in and data: for a "
        "server in the same room that speaks nothing else.",
    )
    largest_answer: Size = Field(
        default=64_000_000, ge=1, description="How many bytes an answer may have, unpacked."
    )

    @model_validator(mode="after")
    def _encrypted(self) -> Self:
        if urlsplit(self.url).scheme == "http" and not (self.unencrypted or is_loopback(self.url)):
            raise ValueError(
                "http sends everything readable over the network; use https, or say "
                "unencrypted: true for a server in the company's own network"
            )
        return self

    def authorization(self) -> Authorization:
        """Who we are; a kind whose system has a log-in of its own says so here."""
        return Anonymous()

    def client(self) -> Client:
        """Connections to the server under our log-in, opened as they are needed."""
        from connectors._http.client import Client  # noqa: PLC0415 - 100 ms for who asks

        return Client(self, self.authorization(), largest_answer=self.largest_answer, packed=True)


class ApiOptions(ServerOptions):
    """A web API, with the ways to log in that need no code of their own."""

    user: str | None = Field(default=None, description="User for basic authentication.")
    password: Secret | None = Field(default=None, description="Password of the user.")
    token: Secret | None = Field(default=None, description="Bearer token.")
    api_key: ApiKeyOptions | None = Field(
        default=None, description="A key in a header or in the address."
    )
    oauth2: OAuth2Options | None = Field(default=None, description="OAuth2 client credentials.")
    oauth1: OAuth1Options | None = Field(
        default=None, description="OAuth 1.0a with HMAC-SHA256, as NetSuite has it."
    )

    @model_validator(mode="after")
    def _one_authorization(self) -> Self:
        given = [
            name
            for name in ("user", "token", "api_key", "oauth2", "oauth1")
            if getattr(self, name) is not None
        ]
        if len(given) > 1:
            raise ValueError(f"{' and '.join(given)} exclude each other")
        if (self.user is None) != (self.password is None):
            raise ValueError("user and password go together")
        return self

    def authorization(self) -> Authorization:
        """Who we are; one token for all that name the same credentials."""
        if self.user is not None and self.password is not None:
            return Basic(self.user, self.password)
        if self.token is not None:
            return Bearer(self.token)
        if self.api_key is not None:
            return ApiKey(self.api_key)
        if self.oauth1 is not None:
            return OAuth1(self.oauth1)
        if (oauth2 := self.oauth2) is not None:
            return shared(oauth2, lambda: ClientCredentials(oauth2))
        return Anonymous()
