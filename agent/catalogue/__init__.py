"""Every error code, explained once: the docs pages, the CLI and the API all read it here."""

from __future__ import annotations

from agent.catalogue import (
    alerts,
    bigcommerce_target,
    configuration,
    control,
    delivery,
    detection,
    erp_target,
    event_source,
    file_source,
    file_target,
    folder_source,
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
    web_source,
    web_target,
)
from agent.catalogue.explanation import Explanation

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
    **alerts.CODES,
}
"""`SA-nnnn` → what it means and what to do."""

__all__ = ["EXPLANATIONS", "Explanation"]
