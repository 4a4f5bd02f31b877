"""Which versions of Odoo there are, and until when they are kept in order.

From Odoo's pages "Standard and extended support" (a version is supported for three years) and
"External RPC API" (XML-RPC ends with Odoo 22 in autumn 2028, on Odoo Online a year earlier).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date

from agent.contract import Finding
from connectors._sunset import version_findings

SUPPORTED_UNTIL = {
    15: date(2024, 10, 31),
    16: date(2025, 10, 31),
    17: date(2026, 10, 31),
    18: date(2027, 10, 31),
    19: date(2028, 9, 30),
    20: date(2029, 9, 30),
}
"""Major version → the last day of standard support."""
XML_RPC_ENDS = date(2028, 9, 1)
FIRST_WITH_JSON_2 = 19


def findings(version: str, protocol: str, today: date) -> Iterator[Finding]:
    """What `check` says of the server's version and of the protocol that is spoken."""
    found = re.search(r"(\d+)", version)
    if not found:
        yield Finding("version", "the server does not tell its version")
    else:
        major = int(found[1])
        ends = SUPPORTED_UNTIL.get(major)
        if ends is None and major < min(SUPPORTED_UNTIL):
            yield Finding("version", f"Odoo {version} is no longer supported", warning=True)
        elif ends is None:
            yield Finding("version", f"Odoo {version}, newer than this agent knows")
        else:
            days = (ends - today).days
            yield Finding("version", f"Odoo {version}, supported until {ends}", warning=days <= 0)
        if protocol == "xmlrpc" and major >= FIRST_WITH_JSON_2:
            yield Finding("protocol", "this version has JSON-2: set protocol: json2", warning=True)
    if protocol == "xmlrpc":
        yield from version_findings("Odoo's", "XML-RPC", XML_RPC_ENDS, today)
    else:
        yield from version_findings("Odoo's", "JSON-2", None, today)
