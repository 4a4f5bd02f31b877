"""Why a shop does not have a record. Behind many stands a hint, in English only."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

_STATES = (
    Text("the {shop} has no state {state} for orders", "il negozio non ha lo stato {state}"),
    Text("no state of the shop is named for {state}", "per {state} non è indicato uno stato"),
    Text("no status of the shop is named for {state}", "per {state} non è indicato uno stato"),
)
_ORDERS = (
    Text("the {shop} has no order {number}", "nel negozio l'ordine {number} non c'è"),
    Text(
        "{number} is no order of the {shop}: orders are told by {how}",
        "{number} non è un ordine del negozio",
    ),
)
_WAREHOUSES = (
    Text(
        "stock of warehouse {warehouse}; the shop sells that of {ours}",
        "giacenza del magazzino {warehouse}; il negozio vende quella di {ours}",
    ),
    Text(
        "warehouse {warehouse} has no {counterpart} in the {shop}",
        "nel negozio non c'è niente per il magazzino {warehouse}",
    ),
    Text("warehouse: the shop has no location {name}", "il negozio non ha la sede {name}"),
)
_GROUPS = (
    Text(
        "no customer group is named for price list {list}",
        "per il listino {list} non è indicato un gruppo di clienti",
    ),
)
_PRICES = (
    Text("the {shop} cannot hold this price: {unfit}", "il negozio non ha posto: {unfit}"),
    Text("the shop has no place for this price: {unfit}", "il negozio non ha posto: {unfit}"),
    Text(
        "price list {list} has no place in the shop", "nel negozio il listino {list} non ha posto"
    ),
)

HINTED: Mapping[str, tuple[Text, ...]] = {
    "SA-5403": (
        Text(
            "it is a variant of product {product} there, not of {other}",
            "là è una variante del prodotto {product}, non di {other}",
        ),
        Text(
            "its product {number} is not in the shop any more",
            "il suo prodotto {number} nel negozio non c'è più",
        ),
        Text(
            "the SKU {sku} belongs to another product or variation of the shop",
            "il codice articolo {sku} è di un altro prodotto o variante del negozio",
        ),
    ),
    "SA-5404": _PRICES,
    "SA-5406": (
        Text(
            "the customer has no e-mail address, and an account of the {shop} cannot do without",
            "il cliente non ha un indirizzo e-mail, e senza non può avere un account nel negozio",
        ),
        Text(
            "{email} is the address of customer {key} already",
            "{email} è già l'indirizzo del cliente {key}",
        ),
        Text(
            "the shop says that {email} is taken and does not say by whom",
            "il negozio dice che {email} è già usato, ma non da chi",
        ),
        Text(
            "the account of {email} is that of customer {key}",
            "l'account di {email} è del cliente {key}",
        ),
        Text(
            "the account of {email} has the role {role} in the shop",
            "l'account di {email} ha nel negozio il ruolo {role}",
        ),
    ),
    "SA-5407": _ORDERS,
    "SA-5410": _WAREHOUSES,
    "SA-5411": _STATES,
    "SA-5412": (
        Text(
            "its product {parent} is itself a variant there",
            "là il suo prodotto {parent} è a sua volta una variante",
        ),
        Text(
            "a variant of {parent} that says nothing in which it differs",
            "una variante di {parent} che non dice in che cosa è diversa",
        ),
    ),
    "SA-5413": (
        Text(
            "no tax class is named for vat_code {code}", "per il codice IVA {code} manca la classe"
        ),
        Text(
            'field "vat_code": the shop has no tax class for {code}',
            "il negozio non ha una classe d'imposta per il codice IVA {code}",
        ),
    ),
    "SA-5423": (
        Text(
            "{field} holds the character {odd}, which XML has not",
            "{field} contiene il carattere {odd}, che in XML non esiste",
        ),
    ),
    "SA-5424": (
        Text(
            "a variant without options cannot be told from its sisters",
            "una variante senza opzioni non si distingue dalle altre",
        ),
        Text(
            "a customer of the shop needs an e-mail address to log in with",
            "a un cliente del negozio serve un indirizzo e-mail per accedere",
        ),
        Text(
            "the shop has no customer group {name}", "il negozio non ha il gruppo di clienti {name}"
        ),
        Text(
            "no tax rules are named for the VAT {code}: add it to tax_rules",
            "per l'IVA {code} non sono indicate regole: aggiungila a tax_rules",
        ),
        Text("the shop has no active language {name}", "nel negozio la lingua {name} non è attiva"),
        Text(
            "the product has variants: its stock is the sum of theirs",
            "il prodotto ha varianti: la sua giacenza è la somma delle loro",
        ),
        Text(
            "the shop has no {resource} with {code} {value}",
            "nel negozio non c'è {resource} con {code} {value}",
        ),
    ),
    "SA-5425": (
        Text(
            "the same options belong to the variant {other}",
            "le stesse opzioni sono della variante {other}",
        ),
        Text(
            "the shop has {count} times {twin}: ids {ids}",
            "nel negozio c'è {count} volte {twin}: id {ids}",
        ),
    ),
    "SA-5426": (
        Text(
            "the shop keeps no stock of product {product} combination {combination}",
            "il negozio non tiene la giacenza del prodotto {product} combinazione {combination}",
        ),
    ),
    "SA-5427": _STATES,
    "SA-5428": _ORDERS,
    "SA-5446": (
        Text(
            "waits until Shopify's search shows company {key}",
            "aspetta che la ricerca di Shopify mostri l'azienda {key}",
        ),
    ),
    "SA-5447": (
        *_WAREHOUSES,
        Text(
            "customer: a price of one customer needs a price list of that company's own",
            "il prezzo di un solo cliente sta in un listino tutto suo",
        ),
        Text(
            "tiers: a variant has one price; only price lists have prices by quantity",
            "una variante ha un solo prezzo; i prezzi per quantità stanno nei listini",
        ),
        Text(
            "price_list: the shop has no price list {list}", "il negozio non ha il listino {list}"
        ),
        Text(
            "currency: {currency}, and prices there are in {ours}",
            "la valuta è {currency}, e là i prezzi sono in {ours}",
        ),
    ),
    "SA-5448": (
        Text("a variant cannot be without a price", "una variante non può stare senza prezzo"),
        Text("a variant in Shopify needs `options`", "a una variante in Shopify serve `options`"),
    ),
    "SA-5453": _ORDERS,
    "SA-5454": (
        Text(
            "variant {variant} has these options, and is {key}",
            "la variante {variant} ha già queste opzioni, ed è {key}",
        ),
    ),
    "SA-5462": (
        Text(
            "lies in the shop's queue (bulk {bulk}) until its consumers come to it",
            "è nella coda del negozio (bulk {bulk}) finché non viene elaborato",
        ),
    ),
    "SA-5463": (
        Text(
            "the shop {lacks} the attribute {code} for the option {name}",
            "il negozio {lacks} l'attributo {code} per l'opzione {name}",
        ),
        Text(
            "the shop takes the value {value}, and does not show it",
            "il negozio accetta il valore {value}, ma non lo mostra",
        ),
    ),
    "SA-5465": _WAREHOUSES,
    "SA-5466": _GROUPS,
    "SA-5467": _STATES,
    "SA-5483": _PRICES,
    "SA-5484": _WAREHOUSES,
    "SA-5485": _STATES,
    "SA-5486": _GROUPS,
}

REASONS: Mapping[str, tuple[Text, ...]] = {
    "SA-5400": (Text("the shop refuses it: {said}", "il negozio lo rifiuta: {said}"),),
    "SA-5401": (
        Text('field "{field}" is empty', 'il campo "{field}" è vuoto'),
        Text('field "{field}": {wrong}', 'campo "{field}": {wrong}'),
    ),
    "SA-5409": (
        Text("{shop} has no place for the entity {entity}", "{shop} non ha un posto per {entity}"),
    ),
    "SA-5420": (Text("the shop refuses it: {said}", "il negozio lo rifiuta: {said}"),),
    "SA-5445": (
        Text(
            "several variants have the SKU {sku}: {ids}",
            "più varianti hanno il codice articolo {sku}: {ids}",
        ),
    ),
    "SA-5460": (Text("the shop refuses it: {said}", "il negozio lo rifiuta: {said}"),),
    "SA-5461": (
        Text("the shop's queue refuses it: {said}", "la coda del negozio lo rifiuta: {said}"),
    ),
    "SA-5480": (
        Text("the store does not let go of {sku}", "il negozio non lascia andare {sku}"),
        Text("the store refuses it: {said}", "il negozio lo rifiuta: {said}"),
    ),
    "SA-5481": (Text("the store refuses it: {said}", "il negozio lo rifiuta: {said}"),),
}
"""Behind these stands what the shop itself said, and that stays."""

PLACES: Mapping[str, tuple[Text, ...]] = {
    "wrong": (
        Text("{value} is no number", "{value} non è un numero"),
        Text("{value} is below zero", "{value} è sotto zero"),
        Text("{value} is longer than {most} characters", "{value} ha più di {most} caratteri"),
        Text(
            "{value} is none: digits and hyphens only",
            "{value} non è un EAN: solo cifre e trattini",
        ),
        Text(
            "{value} is none: at most {most} digits",
            "{value} non è un EAN: al massimo {most} cifre",
        ),
    ),
    "lacks": (
        Text("cannot choose by", "non può scegliere con"),
        Text("does not have", "non ha"),
    ),
    "unfit": (
        Text("it is in {currency}, the {shop} sells in {ours}", "è in {currency}, non in {ours}"),
        Text(
            "prices of the shop are entered with tax, this one is not",
            "i prezzi del negozio sono con IVA, questo no",
        ),
        Text(
            "prices of the shop are entered without tax, this one is not",
            "i prezzi del negozio sono senza IVA, questo no",
        ),
        Text("it is one customer's own", "è il prezzo di un solo cliente"),
        Text(
            "it is one customer's own; give the customer a group with a price list",
            "è il prezzo di un solo cliente; dai al cliente un gruppo con un listino",
        ),
        Text(
            "it has a discount to be taken off; map the net price",
            "ha uno sconto da togliere; mappa il prezzo netto",
        ),
        Text(
            "it depends on the quantity, for which WooCommerce has no place of its own",
            "dipende dalla quantità, per la quale WooCommerce non ha un posto",
        ),
        Text(
            "it depends on the quantity, which only tiers of a price list can",
            "dipende dalla quantità, e può farlo solo un listino a scaglioni",
        ),
        Text(
            "price list {list} has no place; name one under price_lists",
            "il listino {list} non ha posto; indicane uno in price_lists",
        ),
    ),
}
