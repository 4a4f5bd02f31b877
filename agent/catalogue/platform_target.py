"""SA-5400 to SA-5419: shop platforms, above all WooCommerce."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-5400": Explanation(
        "The shop refuses this record",
        "It answered for this one record that it does not take it; the words are the shop's own, "
        "its code for the error stands in brackets. The others of the batch went through.",
        "Correct what it names at the source, in the mapping or in the shop. A change at the "
        "source sends the record again; else `syncagent outbox retry`.",
    ),
    "SA-5401": Explanation(
        "A value cannot be sent",
        "A price that is no number, a weight below zero, a bar code with letters: shops believe "
        "what they are told, so such a value is not sent at all.",
        "Correct it at the source, or have the mapping clean it.",
    ),
    "SA-5403": Explanation(
        "The article number belongs to something else in the shop",
        "Another product or variation has this SKU there, or the product of a variation is not "
        "there any more.",
        "Look for the SKU in the shop, its trash included, and rename or delete what should not "
        "have it. Then `syncagent outbox retry`.",
    ),
    "SA-5404": Explanation(
        "The shop cannot hold this price",
        "It belongs to a price list that has no place in the shop, is in another currency, "
        "includes tax where the shop's prices do not, or depends on a customer or a quantity for "
        "which the platform has no place.",
        "Name a place for the list in the options of the target, or leave such prices out by "
        "`where`.",
    ),
    "SA-5405": Explanation(
        "A picture is no address",
        "The shop fetches pictures itself, from an address that it can reach. The record only "
        "names a file.",
        "Say under `images_from` below which address the files lie, or map whole addresses.",
    ),
    "SA-5406": Explanation(
        "The customer cannot have an account",
        "An account needs an e-mail address of its own: the record has none, it is taken by "
        "another customer, or by somebody who may do more in the shop than buy.",
        "Correct the address at the source, or leave such customers out by `where`.",
    ),
    "SA-5407": Explanation(
        "The shop has no such order",
        "The record names an order by something that is no order's id there. It was deleted, or "
        "the mapping takes the number that people see instead of the id.",
        "Map the id under which the order came from the shop.",
    ),
    "SA-5408": Explanation(
        "The shop answers for fewer or more records than were sent",
        "Its answers cannot be told apart, so nothing of the batch counts as known.",
        "Nothing at first: the records are sent again, which has no second effect. Where it stays "
        "so, a plug-in of the shop changes its answers.",
    ),
    "SA-5409": Explanation(
        "The shop has no place for this entity",
        "The platform does not know such records, or this agent does not write them there.",
        "Send the flow's records to another target. The page of the kind lists what it takes.",
    ),
    "SA-5410": Explanation(
        "Stock of another warehouse",
        "The shop has one stock for each article, and the target's option `warehouse` says whose.",
        "Leave the others out by `where`, or add the warehouses up at the source.",
    ),
    "SA-5411": Explanation(
        "The shop does not know this state of an order",
        "WooCommerce makes a new order of an order whose state it does not know, so an unknown one "
        "is not sent.",
        "Say under `statuses` which state of the shop stands for it.",
    ),
    "SA-5412": Explanation(
        "The variation does not fit its product",
        "It says nothing by which it could be chosen, or its product is itself a variation.",
        "Map `options`, a name and a value each, and `parent` to a product without a parent.",
    ),
    "SA-5413": Explanation(
        "A tax code has no class in the shop",
        "The target translates `vat_code` by `tax_classes`, which does not name this one.",
        "Add it there; the shop's standard class is the empty text.",
    ),
    "SA-5414": Explanation(
        "The shop does not tell its settings",
        "Prices are only sent where the shop's currency and its way with tax are known.",
        "Make a key of a shop manager or administrator, or look for a plug-in that hides settings.",
    ),
}
