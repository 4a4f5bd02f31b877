"""SA-5480 to SA-5499: BigCommerce."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-5480": Explanation(
        "BigCommerce refuses this record",
        "Sent alone it was refused; the words are BigCommerce's own, the status of its answer "
        "stands in brackets. The others of the batch went through.",
        "Correct what it names at the source, in the mapping or in the store. A change at the "
        "source sends the record again; else `syncagent outbox retry`.",
    ),
    "SA-5481": Explanation(
        "The name or the SKU is taken in the store",
        "BigCommerce wants names and SKUs of products unique. The store has no product with this "
        "SKU, so that it is another product's name, or the SKU of a variant.",
        "Map a name that holds the article's code: "
        "`name: {expression: row.NAME ~ ' ' ~ row.CODE}`.",
    ),
    "SA-5482": Explanation(
        "The store is not set up as the configuration says",
        "Its currency is another one, or it has no price list of that number.",
        "Correct the options of the target, or the store; the error says what it has.",
    ),
    "SA-5483": Explanation(
        "BigCommerce cannot hold this price",
        "It belongs to a price list that has no place in the store, is in another currency, is one "
        "customer's own, has a discount, or depends on the quantity outside a price list.",
        "Name a place for the list under `price_lists`, or leave such prices out by `where`.",
    ),
    "SA-5484": Explanation(
        "The warehouse has no location in the store",
        "The target's option `warehouses` translates warehouses, and does not name this one.",
        "Add it there, or leave the warehouse out by `where`.",
    ),
    "SA-5485": Explanation(
        "The store does not know this state of an order",
        "States of orders are fixed in BigCommerce: Shipped, Completed, Cancelled and so on.",
        "Say under `statuses` which one stands for it.",
    ),
    "SA-5486": Explanation(
        "The price list has no group of customers",
        "The target's option `customer_groups` translates the customer's `price_list`, and does "
        "not name this one.",
        "Add it there. The group's own price list is set in the store.",
    ),
}
