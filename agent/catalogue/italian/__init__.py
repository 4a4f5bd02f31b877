"""Every error code, explained in Italian: each room here has the codes of the room of its name."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation
from agent.catalogue.italian import (
    bigcommerce_target,
    configuration,
    event_source,
    file_source,
    file_target,
    folder_source,
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
    web_source,
    web_target,
)

ITALIAN: dict[str, Explanation] = {
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
    **bigcommerce_target.CODES,
    **platform_target.CODES,
    **web_target.CODES,
    **odoo_target.CODES,
    **prestashop.CODES,
    **magento.CODES,
    **shopify.CODES,
    **file_target.CODES,
    **soap_target.CODES,
    **sql_target.CODES,
}
"""`SA-nnnn` → what it means and what to do. Commands and options are those of the English text."""
