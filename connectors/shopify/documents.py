"""Every question and every command of the adapter, as one document of the Admin API or part of one.

Each is validated against Shopify's schema by the tests. Records carry two metafields of ours:
`syncagent.key`, of the type `id`, whose values are unique in a shop, and `syncagent.state`: what we
wrote last.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.model import Json

NAMESPACE = "syncagent"
KEY, STATE = "key", "state"

_MARKS = """\
key: metafield(namespace: "syncagent", key: "key") { value }
state: metafield(namespace: "syncagent", key: "state") { value }"""
_ERRORS = "userErrors { field message code }"
_PLAIN_ERRORS = "userErrors { field message }"
_VARIANT = f"id sku inventoryItem {{ id }} {_MARKS}"


@dataclass(frozen=True, slots=True)
class Call:
    """An operation with its arguments."""

    operation: Operation
    arguments: Mapping[str, Json]
    idempotency_key: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """One field of `Mutation` or `QueryRoot`: its arguments with their types, and what we read."""

    field: str
    types: Mapping[str, str]
    selection: str
    writes: bool = True

    def __call__(self, idempotency_key: str = "", **arguments: Json) -> Call:
        """A call of it; an argument that is left out is not sent."""
        return Call(self, arguments, idempotency_key)


def document(calls: Sequence[Call]) -> tuple[str, dict[str, Json]]:
    """All calls as one document, `c0`, `c1` and so on, with its variables."""
    declared, fields, variables = [], [], dict[str, Any]()
    for number, call in enumerate(calls):
        operation, passed = call.operation, []
        for name, value in call.arguments.items():
            variable = f"{name}{number}"
            declared.append(f"${variable}: {operation.types[name]}")
            passed.append(f"{name}: ${variable}")
            variables[variable] = value
        directive = ""
        if call.idempotency_key:
            declared.append(f"$idempotency{number}: String!")
            variables[f"idempotency{number}"] = call.idempotency_key
            directive = f" @idempotent(key: $idempotency{number})"
        inner = f"({', '.join(passed)})" if passed else ""
        fields.append(f"c{number}: {operation.field}{inner}{directive} {{ {operation.selection} }}")
    kind = "mutation" if calls[0].operation.writes else "query"
    head = f"{kind}({', '.join(declared)})" if declared else kind
    return f"{head} {{\n" + "\n".join(fields) + "\n}", variables


def _question(field: str, types: Mapping[str, str], selection: str) -> Operation:
    return Operation(field, types, selection, writes=False)


PRODUCT_SET = Operation(
    "productSet",
    {"input": "ProductSetInput!", "synchronous": "Boolean"},
    f"product {{ id {_MARKS} variants(first: 1) {{ nodes {{ {_VARIANT} }} }} }} {_ERRORS}",
)
FAMILY_SET = Operation(
    "productSet",
    {"input": "ProductSetInput!", "synchronous": "Boolean"},
    f"product {{ id {_MARKS} variants(first: 100) {{ nodes {{ {_VARIANT} }} }} }} {_ERRORS}",
)
PRODUCT_UPDATE = Operation(
    "productUpdate",
    {"product": "ProductUpdateInput", "media": "[CreateMediaInput!]"},
    f"product {{ id }} {_PLAIN_ERRORS}",
)
PRODUCT_DELETE = Operation(
    "productDelete", {"input": "ProductDeleteInput!"}, f"deletedProductId {_PLAIN_ERRORS}"
)
OPTIONS_CREATE = Operation(
    "productOptionsCreate",
    {
        "productId": "ID!",
        "options": "[OptionCreateInput!]!",
        "variantStrategy": "ProductOptionCreateVariantStrategy",
    },
    f"product {{ id }} {_ERRORS}",
)
VARIANTS_CREATE = Operation(
    "productVariantsBulkCreate",
    {
        "productId": "ID!",
        "variants": "[ProductVariantsBulkInput!]!",
        "media": "[CreateMediaInput!]",
        "strategy": "ProductVariantsBulkCreateStrategy",
    },
    f"productVariants {{ {_VARIANT} }} {_ERRORS}",
)
VARIANTS_UPDATE = Operation(
    "productVariantsBulkUpdate",
    {
        "productId": "ID!",
        "allowPartialUpdates": "Boolean",
        "variants": "[ProductVariantsBulkInput!]!",
        "media": "[CreateMediaInput!]",
    },
    f"product {{ id }} {_ERRORS}",
)
VARIANTS_DELETE = Operation(
    "productVariantsBulkDelete",
    {"productId": "ID!", "variantsIds": "[ID!]!"},
    f"product {{ id }} {_ERRORS}",
)
COLLECTION_CREATE = Operation(
    "collectionCreate",
    {"collection": "CollectionCreateInput"},
    f"collection {{ id }} {_PLAIN_ERRORS}",
)
COLLECTION_UPDATE = Operation(
    "collectionUpdate",
    {"collection": "CollectionUpdateInput"},
    f"collection {{ id }} {_PLAIN_ERRORS}",
)
COLLECTION_DELETE = Operation(
    "collectionDelete", {"input": "CollectionDeleteInput!"}, f"deletedCollectionId {_PLAIN_ERRORS}"
)
STOCK_SET = Operation(
    "inventorySetQuantities",
    {"input": "InventorySetQuantitiesInput!"},
    f"inventoryAdjustmentGroup {{ id }} {_ERRORS}",
)
STOCK_ACTIVATE = Operation(
    "inventoryActivate",
    {"inventoryItemId": "ID!", "locationId": "ID!", "available": "Int"},
    f"inventoryLevel {{ id }} {_PLAIN_ERRORS}",
)
QUANTITY_PRICES = Operation(
    "quantityPricingByVariantUpdate",
    {"priceListId": "ID!", "input": "QuantityPricingByVariantUpdateInput!"},
    f"productVariants {{ id }} {_ERRORS}",
)
CUSTOMER_CREATE = Operation(
    "customerCreate", {"input": "CustomerInput!"}, f"customer {{ id }} {_PLAIN_ERRORS}"
)
CUSTOMER_UPDATE = Operation(
    "customerUpdate", {"input": "CustomerInput!"}, f"customer {{ id }} {_PLAIN_ERRORS}"
)
CUSTOMER_DELETE = Operation(
    "customerDelete", {"input": "CustomerDeleteInput!"}, f"deletedCustomerId {_PLAIN_ERRORS}"
)
ADDRESS_CREATE = Operation(
    "customerAddressCreate",
    {"customerId": "ID!", "address": "MailingAddressInput!", "setAsDefault": "Boolean"},
    f"address {{ id }} {_PLAIN_ERRORS}",
)
ADDRESS_UPDATE = Operation(
    "customerAddressUpdate",
    {"customerId": "ID!", "addressId": "ID!", "address": "MailingAddressInput!"},
    f"address {{ id }} {_PLAIN_ERRORS}",
)
COMPANY_CREATE = Operation(
    "companyCreate",
    {"input": "CompanyCreateInput!"},
    f"company {{ id locations(first: 1) {{ nodes {{ id }} }} }} {_ERRORS}",
)
COMPANY_UPDATE = Operation(
    "companyUpdate",
    {"companyId": "ID!", "input": "CompanyInput!"},
    f"company {{ id }} {_ERRORS}",
)
COMPANY_ADDRESS = Operation(
    "companyLocationAssignAddress",
    {
        "locationId": "ID!",
        "address": "CompanyAddressInput!",
        "addressTypes": "[CompanyAddressType!]!",
    },
    f"addresses {{ id }} {_ERRORS}",
)
COMPANY_DELETE = Operation("companyDelete", {"id": "ID!"}, f"deletedCompanyId {_ERRORS}")
METAFIELDS_SET = Operation(
    "metafieldsSet", {"metafields": "[MetafieldsSetInput!]!"}, f"metafields {{ id }} {_ERRORS}"
)
DEFINITION_CREATE = Operation(
    "metafieldDefinitionCreate",
    {"definition": "MetafieldDefinitionInput!"},
    f"createdDefinition {{ id }} {_ERRORS}",
)
FULFILLMENT_CREATE = Operation(
    "fulfillmentCreate",
    {"fulfillment": "FulfillmentInput!"},
    f"fulfillment {{ id }} {_PLAIN_ERRORS}",
)
TRACKING_UPDATE = Operation(
    "fulfillmentTrackingInfoUpdate",
    {
        "fulfillmentId": "ID!",
        "trackingInfoInput": "FulfillmentTrackingInput!",
        "notifyCustomer": "Boolean",
    },
    f"fulfillment {{ id }} {_PLAIN_ERRORS}",
)
UPLOAD_CREATE = Operation(
    "stagedUploadsCreate",
    {"input": "[StagedUploadInput!]!"},
    f"stagedTargets {{ url resourceUrl parameters {{ name value }} }} {_PLAIN_ERRORS}",
)
BULK_RUN = Operation(
    "bulkOperationRunMutation",
    {"mutation": "String!", "stagedUploadPath": "String!"},
    f"bulkOperation {{ id status }} {_ERRORS}",
)

_PRODUCT_FACTS = f"id {_MARKS} hasOnlyDefaultVariant featuredMedia {{ id }}"
_VARIANT_FACTS = f"{_VARIANT} product {{ {_PRODUCT_FACTS} }}"
NODES = _question(
    "nodes",
    {"ids": "[ID!]!"},
    f"... on Product {{ {_PRODUCT_FACTS} }} ... on ProductVariant {{ {_VARIANT_FACTS} }} "
    f"... on Collection {{ id {_MARKS} }} ... on Customer {{ id {_MARKS} }} "
    f"... on Order {{ id {_MARKS} }} ... on Company {{ id {_MARKS} locations(first: 1) "
    "{ nodes { id } } }",
)
PRODUCT_BY_KEY = _question(
    "productByIdentifier",
    {"identifier": "ProductIdentifierInput!"},
    f"{_PRODUCT_FACTS} variants(first: 2) {{ nodes {{ {_VARIANT} }} }}",
)
VARIANT_BY_KEY = _question(
    "productVariantByIdentifier",
    {"identifier": "ProductVariantIdentifierInput!"},
    _VARIANT_FACTS,
)
COLLECTION_BY_KEY = _question(
    "collectionByIdentifier", {"identifier": "CollectionIdentifierInput!"}, f"id {_MARKS}"
)
CUSTOMER_BY_KEY = _question(
    "customerByIdentifier", {"identifier": "CustomerIdentifierInput!"}, f"id {_MARKS}"
)
_PAGE = "pageInfo { hasNextPage endCursor }"
VARIANTS_BY_SKU = _question(
    "productVariants",
    {"first": "Int", "query": "String", "after": "String"},
    f"nodes {{ {_VARIANT_FACTS} }} {_PAGE}",
)
SISTERS = f"""\
query($id: ID!, $after: String) {{
  product(id: $id) {{
    id hasOnlyDefaultVariant {_MARKS} options {{ name }}
    variants(first: 100, after: $after) {{
      nodes {{ {_VARIANT} selectedOptions {{ name value }} }} {_PAGE}
    }}
  }}
}}"""
"""The variants of one product, page by page."""
HELD_PRODUCTS = f"""\
query($ids: [ID!]!) {{
  nodes(ids: $ids) {{
    ... on Product {{ ...Held }}
    ... on ProductVariant {{
      id sku barcode {_MARKS} selectedOptions {{ name value }}
      inventoryItem {{ measurement {{ weight {{ value unit }} }} }}
      product {{ ...Held }}
    }}
  }}
}}
fragment Held on Product {{
  id title descriptionHtml vendor status {_MARKS}
  collections(first: 20) {{ nodes {{ {_MARKS} }} }}
}}"""
HELD_PRICES = """\
query($ids: [ID!]!) {
  nodes(ids: $ids) { ... on ProductVariant { id sku price compareAtPrice } }
}"""
HELD_STOCK = _question(
    "inventoryItem",
    {"id": "ID!"},
    "sku inventoryLevels(first: 50) "
    '{ nodes { location { id name } quantities(names: ["available"]) { quantity } } }',
)
COMPANIES = _question(
    "companies",
    {"first": "Int", "query": "String"},
    f"nodes {{ id externalId {_MARKS} locations(first: 1) {{ nodes {{ id }} }} }}",
)
ORDERS_BY_NAME = _question(
    "orders",
    {"first": "Int", "query": "String"},
    "nodes { id name }",
)
_SHIPPED = f"nodes {{ id sku remainingQuantity totalQuantity }} {_PAGE}"
SHIPPING = f"""\
query($id: ID!, $after: String) {{
  order(id: $id) {{
    id name {_MARKS}
    fulfillments(first: 20) {{ id status trackingInfo(first: 3) {{ number }} }}
    fulfillmentOrders(first: 10, after: $after) {{
      nodes {{ id status lineItems(first: 50) {{ {_SHIPPED} }} }} {_PAGE}
    }}
  }}
}}"""
"""An order with what is to be shipped of it, by place and page by page."""
SHIPPING_LINES = f"""\
query($id: ID!, $after: String) {{
  fulfillmentOrder(id: $id) {{ lineItems(first: 100, after: $after) {{ {_SHIPPED} }} }}
}}"""
"""Further lines of what is to be shipped from one place."""
SHOP = _question("shop", {}, "name currencyCode")
SCOPES = _question("currentAppInstallation", {}, "accessScopes { handle }")
LOCATIONS = _question(
    "locations", {"first": "Int", "after": "String"}, f"nodes {{ id name isActive }} {_PAGE}"
)
PRICE_LISTS = _question(
    "priceLists", {"first": "Int", "after": "String"}, f"nodes {{ id name currency }} {_PAGE}"
)
PRICE_BREAKS = """\
query($list: ID!, $query: String) {
  priceList(id: $list) {
    prices(first: 1, originType: FIXED, query: $query) {
      nodes { quantityPriceBreaks(first: 50) { nodes { id minimumQuantity } } }
    }
  }
}"""
PUBLICATIONS = _question(
    "publications", {"first": "Int"}, "nodes { id autoPublish catalog { title } }"
)
DEFINITIONS = _question(
    "metafieldDefinitions",
    {"ownerType": "MetafieldOwnerType!", "namespace": "String", "first": "Int"},
    "nodes { key type { name } }",
)
BULKS = _question(
    "bulkOperations",
    {"first": "Int", "query": "String", "reverse": "Boolean"},
    "nodes { id status errorCode objectCount url partialDataUrl query }",
)

BULK_PRODUCTS = (
    "mutation SyncAgentProducts($input: ProductSetInput!) "
    f"{{ productSet(input: $input, synchronous: true) {{ {FAMILY_SET.selection} }} }}"
)
"""What a bulk operation runs for each line; its name tells our operations from others'."""
