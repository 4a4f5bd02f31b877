"""Why Odoo does not have a record."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

_REFUSED = (
    Text("{model}: {server} refuses the question: {said}", "{model}: {server} rifiuta: {said}"),
    Text("{model}: {server} answered {said}", "{model}: {server} ha risposto {said}"),
)

HINTED: Mapping[str, tuple[Text, ...]] = {
    "SA-5386": (
        Text(
            "an order is cancelled by a person, not deleted",
            "un ordine lo annulla una persona, e non viene eliminato",
        ),
        Text(
            "{sku} has variants: one of them is meant",
            "{sku} ha varianti: ci vuole il codice di una di loro",
        ),
        Text(
            "the sales price of a product knows no tiers and no customers",
            "il prezzo di vendita di un prodotto non ha scaglioni né clienti",
        ),
        Text(
            "Odoo has one sales price for all variants of a product",
            "in Odoo tutte le varianti di un prodotto hanno lo stesso prezzo di vendita",
        ),
        Text(
            "Odoo has a price for one customer only in a price list of hers",
            "in Odoo il prezzo di un solo cliente sta in un listino tutto suo",
        ),
        Text(
            "{list} is kept in another currency than the price",
            "{list} è in una valuta diversa da quella del prezzo",
        ),
        Text(
            "Odoo keeps it by lot, package or owner: its quantity is theirs",
            "Odoo la tiene per lotto, collo o proprietario: la quantità è la loro",
        ),
        Text(
            "a variant without options cannot be told from its sisters",
            "una variante senza opzioni non si distingue dalle altre",
        ),
        Text(
            "the attribute {name} never makes variants in Odoo: use another name",
            "in Odoo l'attributo {name} non crea mai varianti: serve un altro nome",
        ),
    ),
}

REASONS: Mapping[str, tuple[Text, ...]] = {
    "SA-5380": (
        Text(
            "Odoo does not give the product its value {value} of {name}",
            "Odoo non dà al prodotto il valore {value} di {name}",
        ),
        *_REFUSED,
    ),
    "SA-5381": (
        Text("Odoo has no {model} with {by} {value}", "in Odoo non c'è {model} con {by} {value}"),
    ),
    "SA-5382": (
        Text(
            "the same options belong to the variant {other} already",
            "le stesse opzioni sono già della variante {other}",
        ),
        Text(
            "Odoo has {count} times {twin}: ids {ids}", "in Odoo c'è {count} volte {twin}: id {ids}"
        ),
    ),
    "SA-5384": (
        Text(
            "it is quotation {name}, which Odoo does not confirm: {unconfirmed}",
            "è il preventivo {name}, che Odoo non conferma: {unconfirmed}",
        ),
    ),
    "SA-5385": (
        Text(
            "Odoo does not apply the count but asks for {question}",
            "Odoo non applica la giacenza ma chiede {question}",
        ),
    ),
}
"""What Odoo says itself stays, whatever it looks like: no hint stands behind it."""

PLACES: Mapping[str, tuple[Text, ...]] = {
    "unconfirmed": _REFUSED,
    "twin": (
        Text(
            "product with the internal reference {value}",
            "il prodotto con il riferimento interno {value}",
        ),
        Text("the reference {value}", "il riferimento {value}"),
        Text("category {value}", "la categoria {value}"),
        Text("order {value}", "l'ordine {value}"),
        Text("{model} with {by} {value}", "{model} con {by} {value}"),
    ),
    "model": (
        Text("product.template", "il prodotto"),
        Text("product.product", "la variante"),
        Text("product.category", "la categoria"),
        Text("product.pricelist.item", "il prezzo"),
        Text("stock.quant", "la giacenza"),
        Text("sale.order", "l'ordine"),
        Text("res.partner", "il partner"),
        Text("product.pricelist", "il listino"),
        Text("stock.warehouse", "il magazzino"),
        Text("account.payment.term", "il termine di pagamento"),
        Text("res.country", "il paese"),
        Text("res.currency", "la valuta"),
        Text("partner", "il partner"),
    ),
    "by": (
        Text("name", "il nome"),
        Text("code", "il codice"),
        Text("vat", "la partita IVA"),
        Text("l10n_it_codice_fiscale", "il codice fiscale"),
        Text("ref", "il riferimento"),
        Text("email", "l'e-mail"),
    ),
    "question": (Text("a question", "una conferma"),),
}
