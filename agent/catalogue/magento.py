"""SA-5460 to SA-5479: Magento and Adobe Commerce."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-5460": Explanation(
        "Magento refuses this record",
        "The words are Magento's own, the status of its answer stands in brackets. The others of "
        "the batch went through. `URL key for specified store already exists` means that another "
        "product has the address that Magento would make of its name.",
        "Correct what it names at the source, in the mapping or in the shop; an address of its own "
        "goes into `attributes.url_key`. A change at the source sends the record again; else "
        "`syncagent outbox retry`.",
    ),
    "SA-5461": Explanation(
        "The shop's queue refuses this record",
        "It went into the queue with many others (`bulk_from`) and ended there as failed (3) or "
        "rejected (5). The words are Magento's own.",
        "Correct what it names, then `syncagent outbox retry`. Where the words say too little, "
        "`bulk_from: 0` sends records one by one, and Magento says more.",
    ),
    "SA-5462": Explanation(
        "Lies in the shop's queue",
        "The record was sent with many others in one call, and waits in Magento for a consumer to "
        "take it. It is asked for again by itself.",
        "Nothing, while the number of such records falls. Where it does not, no consumer runs: "
        "start `bin/magento queue:consumers:start async.operations.all`, have cron start it "
        "(`cron_consumers_runner` in `app/etc/env.php`), or say `bulk_from: 0`.",
    ),
    "SA-5463": Explanation(
        "The shop cannot say in which a variant differs",
        "Variants of Magento are chosen by attributes that are drop-downs of global scope. The "
        "option has no such attribute there. Values are added by the agent, attributes are not.",
        "Make the attribute in the shop (under *Stores*, *Attributes*, *Product*), put it into the "
        "attribute set of the products, or name another one under `options`.",
    ),
    "SA-5464": Explanation(
        "A picture cannot be had",
        "Magento, PrestaShop and Odoo fetch no pictures, so the agent does, from below "
        "`images_from` and nowhere else. It is not there, no JPEG, PNG or GIF, or larger than "
        "`largest_picture`.",
        "Put it there, or correct its address. Then `syncagent outbox retry`.",
    ),
    "SA-5465": Explanation(
        "The warehouse has no source in the shop",
        "The target's option `warehouses` translates warehouses, and does not name this one.",
        "Add it there, or leave the warehouse out by `where`.",
    ),
    "SA-5466": Explanation(
        "The price list has no group of customers",
        "The target's option `customer_groups` translates the customer's `price_list`, and does "
        "not name this one.",
        "Add it there; `syncagent check` lists the groups that the shop has.",
    ),
    "SA-5467": Explanation(
        "No status of the shop is named for this one",
        "Magento takes any text for a status, and an order whose status it does not know is seen "
        "nowhere. So only those named under `statuses` are sent.",
        "Add it to `statuses`; an empty text leaves the order's status alone.",
    ),
    "SA-5468": Explanation(
        "The shop is not set up as the configuration says",
        "Its base currency is another one, or it has no such source or group of customers.",
        "Correct the options of the target, or the shop; the error says what it has.",
    ),
}
