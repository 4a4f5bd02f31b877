"""Which company of an environment is meant."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from agent.errors import Misconfigured
from agent.model import Json
from connectors.business_central.options import BusinessCentralOptions

ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)


def company_id(companies: Sequence[Mapping[str, Json]], connection: BusinessCentralOptions) -> str:
    """The id of the company that the connection names. Raises `Misconfigured` for none."""
    for each in companies:
        if connection.company in {each.get("name"), each.get("displayName")}:
            return str(each["id"])
    raise Misconfigured(
        "SA-2430",
        f"the environment {connection.environment} has no company {connection.company!r}",
        hint="it has " + ", ".join(sorted(str(each.get("name")) for each in companies))[:300],
    )
