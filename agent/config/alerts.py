"""What is told to whom, and when: the section `alerts` of the configuration."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Literal, TypeAlias

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from agent.config.settings import Settings
from agent.language import Language
from agent.quantities import Duration
from agent.quiet import QuietWindow
from agent.secrets import Secret

_CLOCK = re.compile(r"([01]?\d|2[0-3]):[0-5]\d")
_PORTS = {"starttls": 587, "tls": 465, "none": 25}


def _off(value: object) -> object:
    return None if value == "off" else value


def _time_of_day(text: str) -> str:
    if not _CLOCK.fullmatch(text):
        raise ValueError("not a time of the day; write it like 08:00")
    return text


def _mail_address(text: str) -> str:
    if not re.fullmatch(r"[^@\s<>,;]+@[^@\s<>,;]+", text):
        raise ValueError("not a mail address; write it like someone@example.com")
    return text


def _dashboard_address(text: str) -> str:
    if text and not re.fullmatch(r"https?://[^\s?#]+", text):
        raise ValueError("not an address; write it like https://sync.example.com:8484")
    return text.rstrip("/")


TimeOfDay: TypeAlias = Annotated[str, AfterValidator(_time_of_day)]
MailAddress: TypeAlias = Annotated[str, AfterValidator(_mail_address)]
DashboardAddress: TypeAlias = Annotated[str, AfterValidator(_dashboard_address)]


class MailServer(Settings):
    """The server that takes our mails."""

    host: str = Field(min_length=1, description="Name or address of the SMTP server")
    port: int | None = Field(
        None, ge=1, le=65535, description="Its port; by default 587, with `tls` 465, with `none` 25"
    )
    security: Literal["starttls", "tls", "none"] = Field(
        "starttls",
        description="starttls: encrypted after a greeting; tls: from the first byte on; none: not "
        "encrypted, for a server on this machine or in the same room",
    )
    user: str = Field("", description="Whom we log in as; without it we do not log in")
    password: Secret | None = Field(None, description="The password")
    sender: MailAddress = Field(alias="from", description="Address that the mails come from")
    certificate_authority: Path | None = Field(
        None, description="PEM file with a company's own certificate authority"
    )
    timeout: Duration = Field(30.0, ge=1, le=300, description="For each step of the conversation")

    @model_validator(mode="after")
    def _log_in_is_whole_and_encrypted(self) -> MailServer:
        if bool(self.user) != (self.password is not None):
            raise ValueError("user and password belong together")
        if self.user and self.security == "none":
            raise ValueError("a password is not sent without encryption")
        return self

    @property
    def port_number(self) -> int:
        """The port that is named, else that of the way of encryption."""
        return self.port or _PORTS[self.security]


class Recipients(Settings):
    """People who are told the same."""

    mail: tuple[MailAddress, ...] = Field((), description="Mail addresses")
    services: tuple[Secret, ...] = Field(
        (),
        description="References to URLs of Apprise, for Telegram, Slack, Teams, SMS and a hundred "
        "more; a URL holds a password, so it is never written here",
    )

    @model_validator(mode="after")
    def _somebody(self) -> Recipients:
        if not self.mail and not self.services:
            raise ValueError("nobody is named: mail or services")
        return self


class Escalation(Settings):
    """Who is told where nobody acknowledges."""

    after: Duration = Field(
        14400.0, ge=60, description="How long after the first alert nobody acknowledged it"
    )
    to: tuple[str, ...] = Field(min_length=1, description="Names of recipients")


class Digest(Settings):
    """Once a day: what is open, and what has come to an end."""

    at: TimeOfDay = Field("08:00", description="When, in the site's time zone")
    when_well: bool = Field(
        default=False, description="Whether it is also sent when there is nothing to tell"
    )


class Ping(Settings):
    """A dead man's switch: somebody outside who notices that the agent has fallen silent."""

    url: Secret = Field(description="Reference to the URL that is fetched, of healthchecks.io e.g.")
    every: Duration = Field(300.0, ge=30, description="Time between two pings")


class Rule(Settings):
    """How one kind of trouble is told; what is not said is as for everything of its kind."""

    after: Duration | None = Field(None, ge=0, description="Told when it has lasted so long")
    level: Literal["urgent", "normal", "digest"] | None = Field(
        None, description="urgent: also in quiet hours; digest: only in the daily digest"
    )
    to: tuple[str, ...] = Field((), description="Names of recipients, instead of `tell`")


RuleOrOff: TypeAlias = Annotated[
    Rule | None, BeforeValidator(_off, json_schema_input_type=Rule | Literal["off"])
]


class Rules(Settings):
    """A rule per kind of trouble, or `off`. The defaults are named with each."""

    parked: RuleOrOff = Field(Rule(), description="Records were refused; normal, after 10m")
    doubt: RuleOrOff = Field(
        Rule(), description="Nobody knows whether an order was written (SA-5010); normal, at once"
    )
    held: RuleOrOff = Field(Rule(), description="A run waits for approval; normal, at once")
    halted: RuleOrOff = Field(Rule(), description="A flow or a target is halted; urgent, at once")
    unreachable: RuleOrOff = Field(
        Rule(), description="A target does not answer; normal, after 10m"
    )
    failing: RuleOrOff = Field(
        Rule(), description="Runs of a flow fail; normal, after the second try, or 10m"
    )
    freshness: RuleOrOff = Field(
        Rule(), description="A flow is behind its `freshness`; normal, at once"
    )
    conflict: RuleOrOff = Field(
        Rule(), description="Both sides changed the same record; normal, at once"
    )
    differences: RuleOrOff = Field(
        Rule(), description="A comparison found records that are not in step; normal, at once"
    )
    paused: RuleOrOff = Field(Rule(), description="A flow is paused; normal, after 1d")
    ending: RuleOrOff = Field(
        Rule(),
        description="A certificate, a token or an API version ends; normal, 30, 14 and 7 days "
        "ahead",
    )
    warning: RuleOrOff = Field(Rule(), description="What else `check` warns of; digest")
    disk: RuleOrOff = Field(Rule(), description="The disk is nearly full; urgent, at once")
    restored: RuleOrOff = Field(
        Rule(), description="The store was restored from an older copy; urgent, at once"
    )
    backup: RuleOrOff = Field(
        Rule(), description="The store's copies are twice as old as they may be; normal, after 10m"
    )
    configuration: RuleOrOff = Field(
        Rule(), description="The changed configuration was refused; normal, after 10m"
    )
    listener: RuleOrOff = Field(
        Rule(), description="The address that others call cannot be opened; normal, after 10m"
    )
    log_in: RuleOrOff = Field(
        Rule(), description="Ten log-ins to the dashboard were refused in an hour; normal, at once"
    )


class AlertSettings(Settings):
    """Who is told of what, and when. Without `tell` nobody is; `syncagent alerts` shows all."""

    language: Language | None = Field(
        None, description="Language of the alerts; by default that of the site"
    )
    mail: MailServer | None = Field(None, description="The server that takes our mails")
    recipients: dict[str, Recipients] = Field(
        default_factory=dict, description="Name → people who are told the same"
    )
    tell: tuple[str, ...] = Field((), description="Names of the recipients who are told first")
    escalate: Escalation | None = Field(None, description="Who is told where nobody acknowledges")
    rules: Rules = Field(Rules(), description="What differs for a kind of trouble")
    reminders: tuple[Duration, ...] = Field(
        (3600.0, 14400.0, 86400.0),
        min_length=1,
        description="How long after the first alert it is told again; the last one repeats",
    )
    calm: Duration = Field(
        300.0, ge=0, description="How long a trouble must be gone before it counts as over"
    )
    quiet: tuple[QuietWindow, ...] = Field(
        (),
        description="Times at which only what is urgent is told, in the site's time zone; the rest "
        "follows when they end, as far as it still lasts",
    )
    digest: Annotated[
        Digest | None, BeforeValidator(_off, json_schema_input_type=Digest | Literal["off"])
    ] = Field(Digest(), description="The daily summary; `off` for none")
    per_hour: int = Field(
        12,
        ge=2,
        le=1000,
        description="Most notifications an hour to one address; what comes beyond is told "
        "together, as soon as there is room",
    )
    ping: Ping | None = Field(None, description="A dead man's switch")
    link: DashboardAddress = Field(
        "",
        description="Address of the dashboard, such as https://sync.example.com:8484; each alert "
        "then links to the page of the record, flow or order that it is about",
    )

    @model_validator(mode="after")
    def _names_are_known(self) -> AlertSettings:
        named = [*self.tell, *(self.escalate.to if self.escalate else ())]
        for rule in filter(None, dict(self.rules).values()):
            named += rule.to
        for name in named:
            if name not in self.recipients:
                known = ", ".join(self.recipients) or "none"
                raise ValueError(f'there are no recipients "{name}"; known: {known}')
        if self.mail is None and any(each.mail for each in self.recipients.values()):
            raise ValueError("mail addresses need a mail server: the key mail")
        return self

    @model_validator(mode="after")
    def _reminders_thin_out(self) -> AlertSettings:
        if list(self.reminders) != sorted(set(self.reminders)) or self.reminders[0] < 60:
            raise ValueError("reminders must grow, and the first be at least 1m")
        return self
