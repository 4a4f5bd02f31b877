"""SA-538x: records that go into Odoo."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-5380": Explanation(
        "Odoo refuses a record",
        "Odoo's own checks, or those of an app in it, do not take the record. Its words stand in "
        "the reason. The others of the same call were written without it.",
        "Correct the record where it comes from, or the rule in Odoo; then retry it.",
    ),
    "SA-5381": Explanation(
        "Odoo does not have what the record names",
        "The record names a price list, a warehouse, a country, a currency or terms of payment by "
        "a name or code under which Odoo has none.",
        "Make it in Odoo, or translate the name: `values` in the flow's mapping, `warehouses` of "
        "the target.",
    ),
    "SA-5382": Explanation(
        "Several records of Odoo fit",
        "Odoo lets two products have one internal reference, two partners one VAT number, two "
        "orders one reference. Which of them is meant cannot be told, so none was touched.",
        "Merge them in Odoo, or clear the code of the wrong one; then retry.",
    ),
    "SA-5383": Explanation(
        "An app is missing in Odoo",
        "The records need a model or field of an app, such as Inventory, Sales or eCommerce, that "
        "is not installed in this database.",
        "Install the app, or change the target's options: `categories: internal` or `none` where "
        "there is no shop on the website.",
    ),
    "SA-5384": Explanation(
        "The order is there, but not confirmed",
        "The quotation was made, and Odoo refused to confirm it, for a credit limit for example. "
        "Its words stand in the reason.",
        "Remove the cause and retry: the same quotation is confirmed. Or confirm it in Odoo, then "
        "retry, which takes it over as it is.",
    ),
    "SA-5385": Explanation(
        "Odoo asks back in place of applying a count",
        "Setting the stock would open a dialogue in Odoo: the article is kept by lot or serial "
        "number, or its stock was changed at the same moment.",
        "For an article kept by lots, leave its stock to Odoo. Else retry.",
    ),
    "SA-5386": Explanation(
        "Odoo has no place for this",
        "The record says something that cannot be kept in Odoo in this way: a price of one "
        "customer outside a price list, another currency than the list has, a variant without "
        "options.",
        "See the reason. Change the mapping, or leave such records out with `where`.",
    ),
}
