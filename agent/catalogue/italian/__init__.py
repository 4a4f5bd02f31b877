"""Every error code, explained in Italian: each room here has the codes of the room of its name."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation
from agent.catalogue.italian import (
    configuration,
    file_source,
    file_target,
    folder_source,
    mapping,
    office_source,
    shop_source,
    soap_source,
    source,
    web_source,
)

ITALIAN: dict[str, Explanation] = {
    **configuration.CODES,
    **source.CODES,
    **file_source.CODES,
    **office_source.CODES,
    **web_source.CODES,
    **folder_source.CODES,
    **shop_source.CODES,
    **soap_source.CODES,
    **mapping.CODES,
    **file_target.CODES,
}
"""`SA-nnnn` → what it means and what to do. Commands and options are those of the English text."""
