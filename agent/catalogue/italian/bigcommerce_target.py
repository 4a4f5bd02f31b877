"""SA-5480 to SA-5499 in Italian: BigCommerce."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-5480": Explanation(
        "BigCommerce rifiuta questo record",
        "Inviato da solo, è stato rifiutato; le parole sono di BigCommerce, lo stato della sua "
        "risposta è tra parentesi. Gli altri del blocco sono passati.",
        "Correggi ciò che viene indicato all'origine, nella mappatura o nel negozio. Una modifica "
        "all'origine invia di nuovo il record; altrimenti `syncagent outbox retry`.",
    ),
    "SA-5481": Explanation(
        "Il nome o lo SKU è già usato nel negozio",
        "BigCommerce vuole nomi e SKU di prodotto unici. Il negozio non ha un prodotto con questo "
        "SKU: il nome è dunque di un altro prodotto, oppure lo SKU è di una variante.",
        "Mappa un nome che contenga il codice dell'articolo: `name: {expression: row.NAME ~ ' ' ~ "
        "row.CODE}`.",
    ),
    "SA-5482": Explanation(
        "Il negozio non è impostato come dice la configurazione",
        "La sua valuta è un'altra, oppure non ha un listino con quel numero.",
        "Correggi le opzioni della destinazione, oppure il negozio; l'errore dice che cosa c'è.",
    ),
    "SA-5483": Explanation(
        "BigCommerce non può contenere questo prezzo",
        "Appartiene a un listino che non ha un posto nel negozio, è in un'altra valuta, è di un "
        "solo cliente, ha uno sconto, oppure dipende dalla quantità fuori da un listino.",
        "Indica un posto per il listino sotto `price_lists`, oppure escludi questi prezzi con "
        "`where`.",
    ),
    "SA-5484": Explanation(
        "Il magazzino non ha una sede nel negozio",
        "L'opzione `warehouses` della destinazione traduce i magazzini e non indica questo.",
        "Aggiungilo lì, oppure escludi il magazzino con `where`.",
    ),
    "SA-5485": Explanation(
        "Il negozio non conosce questo stato dell'ordine",
        "In BigCommerce gli stati degli ordini sono fissi: Shipped, Completed, Cancelled e così "
        "via.",
        "Di' sotto `statuses` quale gli corrisponde.",
    ),
    "SA-5486": Explanation(
        "Il listino non ha un gruppo di clienti",
        "L'opzione `customer_groups` della destinazione traduce il `price_list` del cliente e non "
        "indica questo.",
        "Aggiungilo lì. Il listino del gruppo si imposta nel negozio.",
    ),
}
