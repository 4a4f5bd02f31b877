"""SOAP faults as one of the three errors: whose fault it is, and whether waiting helps."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from lxml import etree
from zeep.exceptions import Fault

from agent.errors import Misconfigured, Rejected, SyncError, Unavailable
from connectors.soap.options import SoapConnection

OURS = {"Client", "Sender", "MustUnderstand", "VersionMismatch", "DataEncodingUnknown"}
EXCERPT = 300


def codes(fault: Fault) -> list[str]:
    """The fault's code and subcodes, without prefixes; `a.b` of SOAP 1.1 counts as both."""
    found: list[str] = []
    for code in (fault.code, *(fault.subcodes or ())):
        local = etree.QName(code).localname if isinstance(code, etree.QName) else str(code or "")
        local = local.strip().rpartition(":")[2]
        found += [local, *local.split(".")] if "." in local else [local]
    return [code for code in found if code]


def is_one_of(fault: Fault, wanted: Collection[str]) -> bool:
    """Whether any code of the fault is among these; prefixes do not count."""
    return not {code.rpartition(":")[2] for code in wanted}.isdisjoint(codes(fault))


def sorted_out(fault: Fault, server: str, connection: SoapConnection) -> SyncError:
    """The error for a fault."""
    found = codes(fault)
    said = _said(fault, server)
    if is_one_of(fault, connection.busy_faults):
        return Unavailable("SA-2506", said, untouched=True)
    if is_one_of(fault, connection.login_faults):
        return Misconfigured(
            "SA-2505", said, hint="correct user and password, then resume the flow", untouched=True
        )
    if not OURS.isdisjoint(found):
        return Rejected(
            "SA-2504",
            said,
            hint="compare parameters with the service's description; a code that means "
            "`try later` belongs into busy_faults",
        )
    return Unavailable("SA-2506", said)


def refusal_of(
    fault: Fault, server: str, connection: SoapConnection, refused: Collection[str]
) -> SyncError:
    """The error for a fault that answers a write: codes in `refused` refuse the record too."""
    error = sorted_out(fault, server, connection)
    if isinstance(error, Rejected) or (not error.untouched and is_one_of(fault, refused)):
        return Rejected("SA-5340", error.reason)
    return error


def _said(fault: Fault, server: str) -> str:
    return f"{server} answers {_told(fault, codes(fault))}"


def _told(fault: Fault, found: Sequence[str]) -> str:
    text = " ".join(str(fault.message or "").split())
    detail: Any = fault.detail
    if isinstance(detail, etree._Element):  # noqa: SLF001 - lxml has no public name for it
        inside = " ".join(" ".join(detail.itertext()).split())
        text += f" ({inside})" if inside and inside not in text else ""
    return f"the fault {' '.join(found[:1]) or 'without a code'}: {text[:EXCERPT] or 'no reason'}"
