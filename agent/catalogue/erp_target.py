"""SA-535x to SA-537x: orders and customers into an ERP, and how one logs in there."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-5350": Explanation(
        "The ERP refused the record",
        "It was written in the form that the ERP knows, and the ERP said no, in the words shown: a "
        "blocked customer, a closed period, a missing field, a rule of the company's own.",
        "Remove the cause in the ERP, or fill the field under `fields`, `line` or "
        "`customer_fields`. Then: `syncagent outbox retry`.",
    ),
    "SA-5351": Explanation(
        "The record changed after it was written",
        "The shop sent a newer version of an order that is a document in the ERP already, or of a "
        "customer who is there. The flow says `changed: refuse`, so that nothing is overwritten "
        "which people may have worked on; in Odoo orders are never changed.",
        "Bring the change in by hand, then `syncagent orders confirm` (a customer: `syncagent "
        "outbox ignore`). Where the shop shall win: `changed: update`, then `syncagent outbox "
        "retry`.",
    ),
    "SA-5352": Explanation(
        "The record is gone from the shop and still in the ERP",
        "Customers are never deleted; orders are cancelled only with `deleted: cancel`.",
        "Cancel it by hand, then `syncagent orders confirm` (a customer: `syncagent outbox "
        "ignore`); or say `deleted: cancel` and `syncagent orders retry`.",
    ),
    "SA-5353": Explanation(
        "The reference of the order is taken",
        "A document of the ERP bears it already that this order did not become: of another "
        "customer, several documents, or one from before the order was ever sent. Writing it would "
        "make a second document, taking it for granted might lose the order.",
        "Where the document is this order (entered by hand, or by another interface): `syncagent "
        "orders confirm`. Else give our orders a reference of their own, such as `reference: WEB-"
        "{{ key }}`, or a field that nobody fills by hand, and `syncagent orders retry`.",
    ),
    "SA-5354": Explanation(
        "A customer or an article fits several of the ERP's",
        "The VAT number, e-mail or code is found more than once, or the code of a new customer "
        "belongs to somebody else.",
        "Merge them in the ERP, take the mark out of `match`, or give our customers codes of their "
        "own by `reference`. Then: `syncagent outbox retry`.",
    ),
    "SA-5355": Explanation(
        "A new customer could not be found again",
        "The ERP numbers customers by itself, and this one has neither VAT number nor tax code nor "
        "e-mail. After a lost answer nobody could tell whether it was created.",
        "Give it one of them in the shop, or let it have a code of its own (see the kind's page).",
    ),
    "SA-5356": Explanation(
        "The ERP takes orders and customers",
        "The flow sends records of another entity there.",
        "Correct `entity` or `target` of the flow, then `syncagent outbox ignore` what is parked.",
    ),
    "SA-5357": Explanation(
        "A code of the shop has no counterpart in the ERP",
        "`taxes`, `warehouses` or `currencies` of the flow name some codes, and this one is not "
        "among them; or the ERP wants a number where the record has a text.",
        "Add the code to the option, or translate it in the mapping with `values`. Then: "
        "`syncagent outbox retry`.",
    ),
    "SA-5358": Explanation(
        "Somebody else is at work on the record in the ERP",
        "The ERP says that it is locked or has just been changed by another user. Nothing was "
        "written.",
        "Nothing: it is sent again by itself.",
    ),
    "SA-5359": Explanation(
        "The document of the order is no longer there",
        "The order was written once, and now no document (or no such customer) bears its "
        "reference: it was deleted, or somebody changed the field.",
        "Look for the number shown in the ERP. Put the reference back and `syncagent orders "
        "retry`, or `syncagent orders confirm` once the change is in.",
    ),
    "SA-5360": Explanation(
        "The record or the template does not fit",
        "The record lacks a field that an order or a customer must have, or `fields`, `line`, "
        "`customer_fields` gives no object, or `further_lines` no list.",
        "Correct the mapping or the template, then `syncagent outbox retry`.",
    ),
    "SA-5361": Explanation(
        "The reference does not fit into the ERP",
        "It is empty, or longer than the field that shall bear it.",
        "Correct `reference` of the flow, then `syncagent outbox retry`.",
    ),
    "SA-5371": Explanation(
        "The private key for the log-in cannot be used",
        "What `private_key` names is no private key in PEM, has a password, or is neither RSA nor "
        "an EC key on P-256, P-384 or P-521.",
        "Store the right one: `openssl req -x509 -newkey rsa:3072 -nodes -keyout key.pem -out "
        "certificate.pem -days 700` makes a pair.",
    ),
}
