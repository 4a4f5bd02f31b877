"""Every error code, explained once a language: docs, CLI, dashboard and alerts read it here."""

from __future__ import annotations

from collections.abc import Mapping

from agent.catalogue import (
    alerts,
    bigcommerce_target,
    configuration,
    control,
    dashboard,
    delivery,
    detection,
    erp_target,
    event_source,
    file_source,
    file_target,
    folder_source,
    italian,
    kpi,
    magento,
    mapping,
    odoo_target,
    office_source,
    platform_target,
    prestashop,
    shop_commands,
    shop_source,
    shopify,
    soap_source,
    soap_target,
    source,
    sql_target,
    store,
    verification,
    web_source,
    web_target,
)
from agent.catalogue.explanation import Explanation
from agent.catalogue.fields import label
from agent.catalogue.wordings import worded
from agent.language import Language

EXPLANATIONS: dict[str, Explanation] = {
    **configuration.CODES,
    **source.CODES,
    **file_source.CODES,
    **office_source.CODES,
    **web_source.CODES,
    **folder_source.CODES,
    **event_source.CODES,
    **shop_source.CODES,
    **shop_commands.CODES,
    **soap_source.CODES,
    **mapping.CODES,
    **detection.CODES,
    **delivery.CODES,
    **bigcommerce_target.CODES,
    **platform_target.CODES,
    **web_target.CODES,
    **odoo_target.CODES,
    **prestashop.CODES,
    **magento.CODES,
    **shopify.CODES,
    **file_target.CODES,
    **soap_target.CODES,
    **erp_target.CODES,
    **sql_target.CODES,
    **kpi.CODES,
    **store.CODES,
    **control.CODES,
    **dashboard.CODES,
    **verification.CODES,
    **alerts.CODES,
}
"""`SA-nnnn` → what it means and what to do, in English."""

CATALOGUE: Mapping[Language, Mapping[str, Explanation]] = {
    "en": EXPLANATIONS,
    "it": italian.EXPLANATIONS,
}
"""The same in each language."""


def remedy(language: Language, code: str, hint: str = "") -> str:
    """What to do. A hint knows the case at hand, but is English; "" where nothing is known."""
    known = CATALOGUE[language].get(code)
    if known is None or (hint and language == "en"):
        return hint
    return known.remedy


def reason_in(language: Language, reason: str) -> str:
    """A reason; for those who read no English, behind what the code with which it begins means."""
    code, _, given = reason.partition(" ")
    known = CATALOGUE[language].get(code)
    if known is None or language == "en":
        return worded(language, "", reason)
    return f"{code} {known.title}: {worded(language, code, given)}"


__all__ = ["CATALOGUE", "EXPLANATIONS", "Explanation", "label", "reason_in", "remedy", "worded"]
