"""XML-RPC without loss: doubles stay what was written, and a document may declare nothing."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation
from typing import Any
from xml.parsers.expat import ExpatError
from xmlrpc.client import Error, ExpatParser, Fault, Unmarshaller, dumps

from agent.errors import Misconfigured, SyncError, Unavailable
from connectors._rest.exact_json import Unreadable

WARNING, DENIED, FORBIDDEN = 2, 3, 4
"""The codes of faults that Odoo gives a meaning."""
DONE_IN_SILENCE = "cannot marshal None"
"""In the fault by which Odoo says that a method did its work and gave nothing back."""


def written(method: str, *parameters: Any) -> bytes:
    """A call."""
    return dumps(parameters, method, allow_none=True).encode()


def read(body: bytes, server: str) -> Any:
    """The value in an answer. Raises one of the three errors for a fault and for no XML-RPC."""
    try:
        text = _without_declarations(body.decode("utf-8"))
        target = _Exact()
        parser = ExpatParser(target)
        parser.feed(text)
        parser.close()
        (value,) = target.close()
    except Fault as fault:
        if DONE_IN_SILENCE in str(fault.faultString):
            return None
        raise _failure(fault, server) from None
    except (Error, ExpatError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise Unavailable("SA-5207", f"{server} answered no XML-RPC: {error}") from None
    return value


def _without_declarations(text: str) -> str:
    """The same text. Raises ValueError where it declares anything, such as entities, of its own."""
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise ValueError("it holds declarations")
    return text


def _double(target: Unmarshaller, text: str) -> None:
    try:
        number: object = Decimal(text.strip())
    except InvalidOperation:
        number = None
    if not isinstance(number, Decimal) or not number.is_finite():
        number = Unreadable(f"{text!r:.40} is no number")
    target.append(number)
    target._value = False  # noqa: SLF001 - as every function of its table does


class _Exact(Unmarshaller):
    """Decimals in place of binary fractions."""

    dispatch: dict[str, Callable[[Unmarshaller, str], None]] = {  # noqa: RUF012 - as inherited
        **Unmarshaller.dispatch,
        "double": _double,
    }


def _failure(fault: Fault, server: str) -> SyncError:
    lines = [line.strip() for line in str(fault.faultString).splitlines() if line.strip()]
    said = (lines[-1] if lines else "")[:200]
    if fault.faultCode == DENIED:
        return Misconfigured(
            "SA-5220", f"{server} does not let us in ({said})", hint="check database, user, api_key"
        )
    if fault.faultCode == FORBIDDEN:
        return Misconfigured(
            "SA-5221",
            f"{server} forbids it: {said}",
            hint="grant the user access to read the model",
        )
    if fault.faultCode == WARNING:
        return Misconfigured(
            "SA-2401", f"{server} refuses the question: {said}", hint="check model"
        )
    return Unavailable("SA-2403", f"{server} answered with a fault: {said}")
