"""SA-5440 to SA-5459: Shopify."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-5440": Explanation(
        "Shopify refused the record",
        "The line holds Shopify's own words, the field that it names and what was sent in it.",
        "Correct the value in the source, or the mapping: the record comes again when it changes. "
        "Where the cause lay in the shop, remove it there and retry the record.",
    ),
    "SA-5441": Explanation(
        "Our allowance at Shopify is used up",
        "Every request costs points, and the shop's plan gives so many a second. Another request "
        "of the same app, or a larger one than before, used them up. Nothing was done.",
        "Nothing: it is asked again when there are enough. Where it happens often, slow the flows "
        "down or read smaller pages.",
    ),
    "SA-5442": Explanation(
        "The app lacks a scope",
        "Shopify denied access to something that the flow reads or writes.",
        "Grant the app the scopes that the connector's page names, release a new version of it and "
        "install it anew; then resume.",
    ),
    "SA-5443": Explanation(
        "The shop is closed",
        "It is frozen until a bill is paid, locked by Shopify, or was closed by its owner.",
        "Have the owner open it again; then resume. Nothing is lost meanwhile.",
    ),
    "SA-5444": Explanation(
        "Shopify does not understand the request",
        "It refused a whole document: a field that its version of the API does not have, or a "
        "request that costs too much.",
        "Run `syncagent check`: it tells which version answers. Where a page costs too much, lower "
        "`page_size`. Else a newer version of the agent is needed.",
    ),
    "SA-5445": Explanation(
        "Several variants have this SKU",
        "Shopify lets several variants have one SKU, and none of them bears the record's key, so "
        "nobody knows which one is meant.",
        "Take the SKU away from all of them but one in the shop; the line names their ids. Then "
        "retry the record.",
    ),
    "SA-5446": Explanation(
        "It waits until Shopify's search shows a company",
        "The company was made a moment ago, and the search by which it is found lags behind.",
        "Nothing: it is looked for again by itself.",
    ),
    "SA-5447": Explanation(
        "The shop does not have what the record names",
        "A location, a price list, or a currency that is not that of the price list or the shop.",
        "Make it in Shopify, or say under `warehouses` or `price_lists` what it is called there; "
        "then retry the record.",
    ),
    "SA-5448": Explanation(
        "Shopify has no place for this",
        "A variant without options, or the end of a price without which a variant cannot be.",
        "Ignore the record, or change the flow so that it does not send it.",
    ),
    "SA-5449": Explanation(
        "A bulk operation is at work",
        "Products of a first load are being created by Shopify, which takes minutes or hours. "
        "Until it has ended nobody knows which of them are there.",
        "Nothing: it is asked again every half minute, and its result is then taken over.",
    ),
    "SA-5450": Explanation(
        "A bulk operation failed",
        "Shopify could not take its file, or ended it before all lines were done.",
        "Nothing, where it happens once: what was created is taken over, the rest is sent again. "
        "Where it happens again, lower `batch_size`: an operation may take 24 hours.",
    ),
    "SA-5452": Explanation(
        "Keys cannot be kept unique",
        "Records bear the key of the company's own system in the metafield `syncagent.key`, whose "
        "definition must be of the type `id`. It is of another type, or may not be made.",
        "Remove a definition of another type in Shopify, under Settings, Custom data; grant the "
        "scopes that the connector's page names.",
    ),
    "SA-5453": Explanation(
        "The shop has no such order",
        "The record names the order by a number that the shop does not know, or the app may not "
        "see it: without `read_all_orders` orders older than 60 days are hidden.",
        "Map `number` to the order's name (#1001) or to its id; request read_all_orders.",
    ),
    "SA-5454": Explanation(
        "Another record has these options",
        "In one product two variants cannot have the same options, and the one that has them bears "
        "another key of ours.",
        "Correct the options in the source.",
    ),
}
