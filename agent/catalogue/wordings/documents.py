"""Why an ERP does not have an order or a customer. Behind each stands a hint, in English only."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

HINTED: Mapping[str, tuple[Text, ...]] = {
    "SA-5350": (
        Text("no reason given ({status})", "nessun motivo ({status})"),
        Text("no reason given", "nessun motivo"),
        Text(
            "changing document {document} takes {steps} steps; Business Central takes {most} at "
            "once",
            "cambiare il documento {document} richiede {steps} passi; Business Central ne prende "
            "{most} per volta",
        ),
        Text("document {document} is posted already", "il documento {document} è già registrato"),
    ),
    "SA-5351": (
        Text(
            "customer {customer} changed in the shop; the ERP's data stay as they are",
            "il cliente {customer} è cambiato nel negozio; i dati del gestionale restano come sono",
        ),
        Text(
            "the order changed in the shop after it became document {document}",
            "l'ordine è cambiato nel negozio dopo essere diventato il documento {document}",
        ),
        Text(
            "the order changed in the shop after it became {document}",
            "l'ordine è cambiato nel negozio dopo essere diventato {document}",
        ),
    ),
    "SA-5352": (
        Text(
            "customer {customer} is gone from the shop; it is not deleted here",
            "il cliente {customer} non c'è più nel negozio; qui non viene cancellato",
        ),
        Text(
            "the order is gone from the shop, document {document} is still there",
            "l'ordine non c'è più nel negozio, il documento {document} c'è ancora",
        ),
    ),
    "SA-5353": (
        Text(
            "document {document} already bears the reference {reference}, and this order was never "
            "sent",
            "il documento {document} porta già il riferimento {reference}, ma questo ordine non è "
            "mai stato inviato",
        ),
        Text(
            "several documents bear the reference {reference}: {documents}",
            "più documenti portano il riferimento {reference}: {documents}",
        ),
        Text(
            "document {document} of customer {customer} bears the reference {reference}, the order "
            "is of {other}",
            "il documento {document} del cliente {customer} porta il riferimento {reference}, "
            "l'ordine è di {other}",
        ),
    ),
    "SA-5354": (
        Text(
            "SKU {sku} fits several items: {items}",
            "al codice articolo {sku} corrispondono più articoli: {items}",
        ),
        Text(
            "{mark} {value} fits several customers: {customers}",
            "per {mark} {value} corrispondono più clienti: {customers}",
        ),
        Text(
            "customer {customer} is called {name}, the new one {other}",
            "il cliente {customer} si chiama {name}, quello nuovo {other}",
        ),
    ),
    "SA-5355": (
        Text(
            "customer {customer} has nothing by which it could be found again",
            "il cliente {customer} non ha niente con cui ritrovarlo",
        ),
    ),
    "SA-5356": (
        Text(
            "the ERP takes orders and customers, no {kept}",
            "il gestionale prende ordini e clienti, non {kept}",
        ),
    ),
    "SA-5357": (
        Text("{option} has no code for {value}", "{option} non ha un codice per {value}"),
        Text(
            "{field} {value} is no code of Business One",
            "{field}: {value} non è un codice di Business One",
        ),
        Text("there is no location {place}", "l'ubicazione {place} non c'è"),
        Text("NetSuite has no currency {currency}", "NetSuite non ha la valuta {currency}"),
    ),
    "SA-5359": (
        Text("customer {customer} is no longer there", "il cliente {customer} là non c'è più"),
        Text(
            "no document bears the reference {reference} any more; it was {document}",
            "nessun documento porta più il riferimento {reference}; era {document}",
        ),
    ),
    "SA-5360": (
        Text(
            "the template gives no object of fields: {value}",
            "il modello di scrittura non dà un oggetto di campi: {value}",
        ),
        Text("further_lines gives no list", "further_lines non dà un elenco"),
        Text("the {kept} cannot be used: {fault}", "{kept}: dati non utilizzabili, {fault}"),
    ),
    "SA-5361": (
        Text(
            "the reference {reference} has {length} characters; the ERP takes 1 to {most}",
            "il riferimento {reference} ha {length} caratteri; il gestionale ne prende 1-{most}",
        ),
    ),
}

PLACES: Mapping[str, tuple[Text, ...]] = {
    "mark": (
        Text("vat_number", "la partita IVA"),
        Text("tax_code", "il codice fiscale"),
        Text("email", "l'e-mail"),
        Text("code", "il codice"),
    ),
}
