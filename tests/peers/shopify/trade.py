"""Stock, price lists, customers, companies and orders of the stand-in."""

from __future__ import annotations

from typing import Any

from tests.peers.shopify.shop import Record, Refusal, Shop, View, connection, error, marked, matches


class Trade:
    """The part of a shop that sells."""

    def __init__(self, shop: Shop) -> None:
        self.shop = shop
        self.answers: dict[tuple[str, ...], View] = {}
        """Mutation and idempotency key → what was answered."""

    # -- stock

    def stock_set(self, input: Record) -> View:  # noqa: A002
        """All or none."""
        errors = []
        for place, given in enumerate(input["quantities"]):
            path = f"input.quantities.{place}"
            if "changeFromQuantity" not in given:
                errors.append(error(path, "changeFromQuantity is required", "INVALID"))
                continue
            item = self.shop.records.get(given["inventoryItemId"])
            if item is None:
                errors.append(error(path, "The item does not exist", "INVALID_INVENTORY_ITEM"))
            elif given["locationId"] not in item["levels"]:
                errors.append(error(path, "The item is not stocked there", "INVALID_LOCATION"))
            elif given["changeFromQuantity"] not in (None, item["levels"][given["locationId"]]):
                errors.append(error(path, "is stale", "CHANGE_FROM_QUANTITY_STALE"))
        if len(input["quantities"]) > 250:
            errors.append(error("input.quantities", "at most 250", "INVALID"))
        if not errors:
            for given in input["quantities"]:
                levels = self.shop.get(given["inventoryItemId"])["levels"]
                levels[given["locationId"]] = given["quantity"]
        group = None if errors else {"id": "gid://shopify/InventoryAdjustmentGroup/1"}
        return {"inventoryAdjustmentGroup": group, "userErrors": errors}

    def stock_activate(
        self,
        inventoryItemId: str,  # noqa: N803
        locationId: str,  # noqa: N803
        available: int,
        **_: Any,
    ) -> View:
        item = self.shop.get(inventoryItemId, "inventoryItemId")
        self.shop.get(locationId, "locationId")
        item["levels"][locationId] = available
        return {"inventoryLevel": {"id": f"{inventoryItemId}?at={locationId}"}}

    # -- price lists

    def quantity_prices(self, priceListId: str, input: Record) -> View:  # noqa: N803, A002
        """All or none; deletions first."""
        prices = self.shop.get(priceListId, "priceListId")["prices"]
        errors = [
            error(f"input.{name}.{place}", f"{each['variantId']} does not exist", "NOT_FOUND")
            for name in ("pricesToAdd", "quantityPriceBreaksToAdd")
            for place, each in enumerate(input[name])
            if each["variantId"] not in self.shop.records
        ]
        if errors:
            return {"productVariants": None, "userErrors": errors}
        for variant in input["pricesToDeleteByVariantId"]:
            prices.pop(variant, None)
        for variant in input["quantityPriceBreaksToDeleteByVariantId"]:
            if variant in prices:
                prices[variant]["breaks"] = {}
        for price in prices.values():
            gone = [
                n
                for n, b in price["breaks"].items()
                if b["id"] in input["quantityPriceBreaksToDelete"]
            ]
            for least in gone:
                del price["breaks"][least]
        for each in input["pricesToAdd"]:
            price = prices.setdefault(each["variantId"], {"breaks": {}})
            price["price"], price["compareAtPrice"] = each["price"], each.get("compareAtPrice")
        for place, each in enumerate(input["quantityPriceBreaksToAdd"]):
            if each["variantId"] not in prices:
                path = f"input.quantityPriceBreaksToAdd.{place}"
                raise Refusal(path, "The variant has no fixed price", "INVALID")
            identifier = f"{each['variantId']}?break={each['minimumQuantity']}"
            breaks = prices[each["variantId"]]["breaks"]
            breaks[each["minimumQuantity"]] = {"id": identifier, **each}
        return {"productVariants": []}

    def price_list(self, id: str) -> View | None:  # noqa: A002
        record = self.shop.records.get(id)
        if record is None:
            return None

        def prices(_: Any, query: str, **__: Any) -> View:
            wanted = query.removeprefix("variant_id:")
            found = [p for v, p in record["prices"].items() if v.endswith(f"/{wanted}")]
            return {"nodes": [{"quantityPriceBreaks": _breaks(each)} for each in found]}

        return {**record, "prices": prices}

    # -- customers and companies

    def customer_create(self, input: Record) -> View:  # noqa: A002
        self._require_free(input.get("email"), "")
        record = self.shop.add("Customer", addresses=[], updatedAt="2026-11-20T10:00:00Z")
        try:
            self.shop.mark(record, input.get("metafields"), "input.metafields")
        except Refusal:
            self.shop.remove(record)
            raise
        record.update({n: v for n, v in input.items() if n != "metafields"})
        return {"customer": marked(record)}

    def customer_update(self, input: Record) -> View:  # noqa: A002
        record = self.shop.get(input["id"])
        self._require_free(input.get("email"), record["id"])
        record.update(input)
        return {"customer": marked(record)}

    def customer_delete(self, input: Record) -> View:  # noqa: A002
        self.shop.remove(self.shop.get(input["id"]))
        return {"deletedCustomerId": input["id"]}

    def address_create(
        self,
        customerId: str,  # noqa: N803
        address: Record,
        setAsDefault: bool,  # noqa: N803
    ) -> View:
        del setAsDefault
        made = self.shop.add("MailingAddress", **address)
        self.shop.get(customerId)["addresses"].append(made["id"])
        return {"address": made}

    def address_update(
        self,
        customerId: str,  # noqa: N803
        addressId: str,  # noqa: N803
        address: Record,
    ) -> View:
        assert addressId in self.shop.get(customerId)["addresses"]
        self.shop.get(addressId).update(address)
        return {"address": self.shop.get(addressId)}

    def _require_free(self, email: str | None, owner: str) -> None:
        for each in self.shop.all("Customer"):
            if email and each.get("email") == email and each["id"] != owner:
                raise Refusal("input.email", "Email has already been taken", "TAKEN")

    def company(self, record: Record) -> View:
        locations = [self.shop.get(each) for each in record["locations"]]
        return {**marked(record), "locations": connection(locations, lambda each: each)}

    def company_create(self, input: Record) -> View:  # noqa: A002
        given = input["company"]
        if any(e["externalId"] == given["externalId"] for e in self.shop.all("Company")):
            raise Refusal("input.company.externalId", "External id has been taken", "TAKEN")
        place = input["companyLocation"]
        if any(e["externalId"] == place["externalId"] for e in self.shop.all("CompanyLocation")):
            path = "input.companyLocation.externalId"
            raise Refusal(path, "External id has already been taken", "TAKEN")
        location = self.shop.add("CompanyLocation", **place)
        record = self.shop.add("Company", locations=[location["id"]], **given)
        return {"company": self.company(record)}

    def company_update(self, companyId: str, input: Record) -> View:  # noqa: N803, A002
        record = self.shop.get(companyId)
        record.update(input)
        return {"company": self.company(record)}

    def company_delete(self, id: str) -> View:  # noqa: A002
        self.shop.remove(self.shop.get(id))
        return {"deletedCompanyId": id}

    def company_address(
        self,
        locationId: str,  # noqa: N803
        address: Record,
        addressTypes: list[str],  # noqa: N803
    ) -> View:
        location = self.shop.get(locationId)
        for each in addressTypes:
            location[f"{each.lower()}Address"] = address
        return {"addresses": [{"id": "gid://shopify/CompanyAddress/1"}]}

    def companies(self, query: str, first: int, **_: Any) -> View:
        found = [
            e for e in self.shop.all("Company") if matches(query, "external_id", e["externalId"])
        ]
        page: View = connection(found, self.company)(None, first=first)
        return page

    # -- orders

    def order(self, record: Record) -> View:
        parts = [self.shop.get(each) for each in record["fulfillmentOrders"]]
        return {
            **marked(record),
            "lineItems": connection(record["lineItems"], lambda each: each),
            "refunds": lambda _, first: [_refund(each) for each in record["refunds"][:first]],
            "returns": connection([], lambda each: each),
            "fulfillments": lambda _, **__: record["fulfillments"],
            "fulfillmentOrders": connection(parts, self.fulfillment_order),
        }

    def refund(self, identifier: str) -> View | None:
        """One refund, whichever order it is of."""
        for order in self.shop.all("Order"):
            for each in order["refunds"]:
                if each["id"] == identifier:
                    return {"__typename": "Refund", **_refund(each), "order": self.order(order)}
        return None

    def fulfillment_order(self, record: Record) -> View:
        return {**record, "lineItems": connection(record["lines"], lambda each: each)}

    def orders_named(self, query: str, first: int) -> View:
        found = [each for each in self.shop.all("Order") if matches(query, "name", each["name"])]
        page: View = connection(found, self.order)(None, first=first)
        return page

    def fulfillment_create(self, fulfillment: Record) -> View:
        order = None
        for part in fulfillment["lineItemsByFulfillmentOrder"]:
            record = self.shop.get(part["fulfillmentOrderId"])
            order = self.shop.get(record["order"])
            for given in part["fulfillmentOrderLineItems"]:
                (line,) = [each for each in record["lines"] if each["id"] == given["id"]]
                if given["quantity"] > line["remainingQuantity"]:
                    raise Refusal("fulfillment", "Invalid fulfillment order line item quantity")
                line["remainingQuantity"] -= given["quantity"]
            open_lines = any(each["remainingQuantity"] for each in record["lines"])
            record["status"] = "IN_PROGRESS" if open_lines else "CLOSED"
        assert order is not None
        made = self.shop.add("Fulfillment", status="SUCCESS", sent=fulfillment)
        made["trackingInfo"] = self._tracking(fulfillment.get("trackingInfo"))
        order["fulfillments"].append(made)
        return {"fulfillment": made}

    def tracking_update(
        self,
        fulfillmentId: str,  # noqa: N803
        trackingInfoInput: Record,  # noqa: N803
        notifyCustomer: bool,  # noqa: N803
    ) -> View:
        del notifyCustomer
        made = self.shop.get(fulfillmentId)
        made["trackingInfo"] = self._tracking(trackingInfoInput)
        return {"fulfillment": made}

    @staticmethod
    def _tracking(info: Record | None) -> Any:
        found = [] if info is None else [{"company": None, **info}]
        return lambda _, **__: found

    def metafields_set(self, metafields: list[Record]) -> View:
        """All or none, 25 at most."""
        if len(metafields) > 25:
            raise Refusal("metafields", "at most 25", "LESS_THAN_OR_EQUAL_TO")
        for place, each in enumerate(metafields):
            owner = self.shop.get(each["ownerId"], f"metafields.{place}.ownerId")
            self.shop.mark(owner, [each], f"metafields.{place}")
        return {"metafields": []}


def _breaks(price: Record) -> Any:
    return connection(list(price["breaks"].values()), lambda each: each)


def _refund(refund: Record) -> View:
    lines = [{"id": str(n), **each} for n, each in enumerate(refund["lines"])]
    return {**refund, "refundLineItems": connection(lines, lambda each: each)}
