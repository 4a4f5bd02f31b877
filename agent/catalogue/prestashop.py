"""SA-542x: PrestaShop."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-5420": Explanation(
        "The shop refuses a record",
        "PrestaShop's own checks do not take the record: a forbidden character in a name, an EAN "
        "of the wrong length. Its words stand in the reason.",
        "Correct the record where it comes from, or in the flow's mapping; then retry it.",
    ),
    "SA-5421": Explanation(
        "The key may not do this",
        "The key of the web service lets its holder use only the resources and methods that are "
        "ticked for it. The shop names the missing one.",
        "In the shop under Advanced Parameters → Webservice tick what the connector's page lists, "
        "then resume the flow.",
    ),
    "SA-5422": Explanation(
        "No answer of a web service",
        "The shop answered something that is not the web service's XML: a maintenance page, or "
        "messages of PHP before the document. It counts as passing and is tried again.",
        "Open the shop's address with /api behind it. Switch PrestaShop's debug mode off; enable "
        "the web service under Advanced Parameters → Webservice.",
    ),
    "SA-5423": Explanation(
        "A character that XML does not know",
        "A text of the record holds a control character, which no XML document can carry.",
        "Clean the text in the source or in the flow's mapping, then retry.",
    ),
    "SA-5424": Explanation(
        "The shop has no place for this",
        "The record says something that cannot be kept in PrestaShop in this way, or names what "
        "the shop does not have: a currency, a customer group, tax rules, a variant without "
        "options, a customer without e-mail.",
        "See the reason. Make it in the shop, change the mapping, or leave such records out with "
        "`where`.",
    ),
    "SA-5425": Explanation(
        "Several records of the shop fit",
        "PrestaShop lets two products have one reference, and two orders as well. Which of them is "
        "meant cannot be told, so none was touched.",
        "Clear the reference of the wrong one in the shop, then retry.",
    ),
    "SA-5426": Explanation(
        "The shop keeps no stock of this product",
        "PrestaShop makes a row of stock with each product and combination; for this one there is "
        "none in this shop.",
        "Where one installation has several shops, name one as `shop` of the connection. Else open "
        "and save the product in the shop's back office, then retry.",
    ),
    "SA-5427": Explanation(
        "A status has no state in the shop",
        "The target's option `statuses` does not say which state of the shop this status is.",
        "Add it to `statuses`, with the id that the shop shows under Shop Parameters → Order "
        "Settings → Statuses; then retry.",
    ),
    "SA-5428": Explanation(
        "The shop has no such order",
        "Neither the id nor the reference of an order of the shop is the number of this record.",
        "Map `number` to the number with which the order came from the shop.",
    ),
}
