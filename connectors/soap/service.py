"""One port of a service, called over the same wire as everything else."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from lxml import etree
from zeep import Client as Zeep
from zeep.exceptions import Error as ZeepError
from zeep.exceptions import Fault, XMLParseError
from zeep.wsse.username import UsernameToken
from zeep.wsse.utils import WSU

from agent.errors import Misconfigured, Unavailable
from agent.secrets import Secret
from connectors._http import Request
from connectors._http.client import Client
from connectors._http.failures import http_date
from connectors._rest.api import raise_for
from connectors.soap.description import described, settings, types_in
from connectors.soap.faults import is_one_of, sorted_out
from connectors.soap.options import SoapConnection, UsernameTokenOptions
from connectors.soap.values import Plain


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer as zeep wants to see one."""

    status_code: int
    headers: Mapping[str, str]
    content: bytes
    encoding: str | None = None


class Wire:
    """zeep's transport while it calls: sends its messages over our own client."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self.at: datetime | None = None
        """When the server answered last, by its own clock."""

    def load(self, url: str) -> bytes:
        """Nothing is loaded while a service is called."""
        raise ValueError(url)

    def post_xml(self, address: str, envelope: Any, headers: Mapping[str, str]) -> Reply:
        """Send one message; raises one of the three errors where the answer is no SOAP."""
        body = etree.tostring(envelope, xml_declaration=True, encoding="utf-8")
        sent = [("accept", "text/xml, application/soap+xml"), *headers.items()]
        answer = self._client.ask(Request("POST", address, sent, body))
        self.at = http_date(answer.headers.get("date", ""))
        is_xml = "xml" in answer.content_type or answer.content_type == "multipart/related"
        if not is_xml or (answer.status != 200 and b"Fault" not in answer.body):
            if not 200 <= answer.status <= 299:
                raise_for(answer)
            raise Unavailable(
                "SA-2507",
                f"{answer.host} answered {answer.content_type or 'an unnamed type'}, not SOAP",
                hint="a log-in portal, a firewall or a maintenance page may stand before it",
            )
        return Reply(answer.status, answer.headers, answer.body)


class Token:
    """Adds a UsernameToken to each message; the secret is looked up each time."""

    def __init__(self, options: UsernameTokenOptions) -> None:
        self._options = options

    def apply(self, envelope: Any, headers: Any) -> tuple[Any, Any]:
        """The message with its security header."""
        options = self._options
        token = UsernameToken(
            options.user,
            options.password.reveal(),
            use_digest=options.digest,
            timestamp_token=_timestamp(options.timestamp) if options.timestamp else None,
            zulu_timestamp=True,
        )
        applied: tuple[Any, Any] = token.apply(envelope, headers)
        return applied

    def verify(self, envelope: Any) -> None:
        """Answers carry no token."""


class Service:
    """Calls operations; every odd answer is one of the three errors."""

    def __init__(self, connection: SoapConnection) -> None:
        self.connection = connection
        self.server = urlsplit(connection.url).netloc
        self._document = document = described(connection.wsdl, strict=connection.strict)
        service = _named("service", connection.service, document.services)
        self._binding = _named("port", connection.port, service.ports).binding
        self._client = Client(
            connection,
            connection.authorization(),
            largest_answer=connection.largest_answer,
            packed=True,
        )
        self.wire = Wire(self._client)
        token = connection.username_token
        self._zeep = Zeep(
            document,
            wsse=Token(token) if token else None,
            transport=self.wire,
            settings=settings(strict=connection.strict),
        )
        # The address of the configuration: the WSDL's may be one that only its server knows.
        self._port = self._zeep.create_service(self._binding.name, connection.url)

    @property
    def operations(self) -> dict[str, str]:
        """Name → what it takes and gives, as zeep writes it."""
        return {name: str(each) for name, each in sorted(self._binding.all().items())}

    def types_of(self, operations: Collection[str]) -> dict[str, str]:
        """The types that these operations take and give: name → its fields."""
        known = self.operations
        return types_in(self._document, " ".join(known[each] for each in operations))

    def call(
        self, operation: str, parameters: Mapping[str, Any], gone: Collection[str] = ()
    ) -> Plain | None:
        """What an operation answers; None for a fault whose code is in `gone`."""
        self.require_fitting(operation, parameters)
        try:
            return self.ask(operation, parameters)
        except Fault as fault:
            if gone and is_one_of(fault, gone):
                return None
            raise sorted_out(fault, self.server, self.connection) from None

    def require(self, operation: str) -> None:
        """Raises `Misconfigured` where the WSDL has no such operation."""
        known = dict(self._port)
        if operation not in known:
            raise _not_there("operation", operation, known)

    def require_fitting(self, operation: str, parameters: Mapping[str, Any]) -> None:
        """Raises `Misconfigured` where no message can be made of these; sends nothing."""
        self.require(operation)
        try:
            self._binding.get(operation).create(**self._given(parameters))
        except (ZeepError, TypeError, ValueError, AttributeError, LookupError) as error:
            raise Misconfigured(
                "SA-2503",
                f"{operation} cannot be asked like this: {error}",
                hint=f"it takes {self.operations[operation]}"[:400],
                untouched=True,
            ) from None

    def ask(self, operation: str, parameters: Mapping[str, Any]) -> Plain:
        """What an operation answers to parameters that fit. Raises a fault as zeep has it."""
        try:
            return Plain(self._port[operation](**self._given(parameters)))
        except Fault:
            raise
        except XMLParseError as error:
            raise Misconfigured(
                "SA-2508",
                f"{self.server} answers what the WSDL does not describe: {error}",
                hint="save the WSDL anew, or set strict: off",
            ) from None
        except (ZeepError, TypeError, ValueError, RecursionError) as error:
            raise self._broken(error) from None

    def reach(self) -> int:
        """The status with which the server answers a plain GET; any means that it is there."""
        answer = self._client.ask(Request("GET", self.connection.url))
        if answer.status in {401, 403}:
            raise_for(answer)
        return answer.status

    def close(self) -> None:
        """Close every connection."""
        self._client.close()

    def _given(self, parameters: Mapping[str, Any]) -> dict[str, Any]:
        """The parameters with those of every call, as zeep takes them."""
        headers = {name: _revealed(each) for name, each in self.connection.soap_headers.items()}
        login = _revealed(self.connection.login)
        return {**login, **parameters, "_soapheaders": headers or None}

    def _broken(self, error: Exception) -> Unavailable:
        said = " ".join(str(error).partition("Content:")[0].split())[:200]
        return Unavailable("SA-2507", f"{self.server} answers no usable XML: {said}")


def _revealed(values: Mapping[str, Secret | str]) -> dict[str, str]:
    return {
        name: each.reveal() if isinstance(each, Secret) else each for name, each in values.items()
    }


def _named(what: str, name: str, known: Mapping[str, Any]) -> Any:
    """The one of that name, the first where none is named."""
    found = known.get(name) if name else next(iter(known.values()), None)
    if found is None:
        raise _not_there(what, name, known)
    return found


def _not_there(what: str, name: str, known: Collection[str]) -> Misconfigured:
    listed = ", ".join(sorted(known)) or "none"
    return Misconfigured(
        "SA-2502",
        f'the WSDL has no {what} "{name}"' if name else f"the WSDL has no {what}",
        hint=f"it has {listed}"[:400],
    )


def _timestamp(seconds: float) -> Any:
    now = datetime.now(UTC)
    written = [
        moment.strftime("%Y-%m-%dT%H:%M:%SZ") for moment in (now, now + timedelta(seconds=seconds))
    ]
    token = WSU.Timestamp()
    token.extend([WSU.Created(written[0]), WSU.Expires(written[1])])
    return token
