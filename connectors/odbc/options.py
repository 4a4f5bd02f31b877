"""Where a database behind an ODBC driver is and how to get in: what every such kind asks for."""

from __future__ import annotations

from pydantic import Field, field_validator, model_validator

from agent.contract import Duration, Options
from agent.secrets import Secret


class DriverConnection(Options):
    """Where the database is and how to get in."""

    driver: str = Field(
        default="",
        description="The driver's registered name or file; the dialect knows the usual one.",
    )
    dsn: str = Field(default="", description="A data source name, instead of driver and server.")
    server: str = Field(default="", description="Host name or address.")
    port: int | None = Field(default=None, ge=1, le=65535, description="TCP port.")
    database: str = Field(default="", description="Name of the database; for SQLite the file.")
    user: str = Field(default="", description="A user that may only read.")
    password: Secret | None = Field(default=None, description="A reference to the password.")
    keywords: dict[str, str] = Field(
        default={}, description="Further keywords of the driver, such as `SSLmode: require`."
    )
    connect_timeout: Duration = Field(default=10.0, ge=1, description="For connecting.")
    query_timeout: Duration = Field(default=300.0, ge=1, description="For one statement.")

    @field_validator("keywords")
    @classmethod
    def _no_secret_in_the_open(cls, keywords: dict[str, str]) -> dict[str, str]:
        for name in keywords:
            if name.casefold() in {"pwd", "password", "uid", "user"}:
                raise ValueError(f"{name} does not belong here: use user and password")
        return keywords

    @model_validator(mode="after")
    def _reachable(self) -> DriverConnection:
        if self.dsn and (self.driver or self.server):
            raise ValueError("give either dsn, or driver and server")
        return self
