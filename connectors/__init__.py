"""The registry of kinds: one line a system. Imported when a configuration names it."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from agent.contract import Kind

KINDS = {
    "access": "connectors.access",
    "bigcommerce": "connectors.bigcommerce",
    "business_central": "connectors.business_central",
    "business_one": "connectors.business_one",
    "csv": "connectors.csv",
    "excel": "connectors.excel.source",
    "file": "connectors.file",
    "dbf": "connectors.dbf",
    "firebird": "connectors.firebird",
    "fixed": "connectors.fixed",
    "ibmi": "connectors.odbc.ibmi",
    "folder": "connectors.folder",
    "json": "connectors.json",
    "magento": "connectors.magento",
    "mapepire": "connectors.mapepire",
    "memory": "connectors.memory",
    "netsuite": "connectors.netsuite",
    "odbc": "connectors.odbc",
    "oracle": "connectors.oracle",
    "odata": "connectors.odata",
    "odoo": "connectors.odoo",
    "prestashop": "connectors.prestashop",
    "rest": "connectors.rest",
    "shop": "connectors.shop",
    "shopify": "connectors.shopify",
    "soap": "connectors.soap",
    "sqlite": "connectors.sqlite",
    "webhook": "connectors.webhook",
    "woocommerce": "connectors.woocommerce",
    "xml": "connectors.xml",
    "sqlserver": "connectors.odbc.sqlserver",
}
"""`kind:` in the configuration → the module whose `KIND` describes it."""


def load(name: str) -> Kind:
    """The kind of that name; raises KeyError for an unknown one."""
    kind: Kind = import_module(KINDS[name]).KIND
    return kind
