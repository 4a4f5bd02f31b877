"""SA-535x to SA-537x in Italian: orders and customers into an ERP."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-5350": Explanation(
        "L'ERP ha rifiutato il record",
        "È stato scritto nella forma che l'ERP conosce, e l'ERP ha detto di no con le parole "
        "mostrate: un cliente bloccato, un periodo chiuso, un campo mancante, una regola "
        "dell'azienda.",
        "Elimina la causa nell'ERP, oppure compila il campo sotto `fields`, `line` o "
        "`customer_fields`. Poi: `syncagent outbox retry`.",
    ),
    "SA-5351": Explanation(
        "Il record è cambiato dopo essere stato scritto",
        "Il negozio ha inviato una versione più recente di un ordine che nell'ERP è già un "
        "documento, o di un cliente che c'è già. Il flusso dice `changed: refuse`, così non si "
        "sovrascrive niente su cui qualcuno può avere lavorato; in Odoo gli ordini non si "
        "cambiano mai.",
        "Riporta la modifica a mano, poi `syncagent orders confirm` (un cliente: `syncagent "
        "outbox ignore`). Se deve prevalere il negozio: `changed: update`, poi `syncagent outbox "
        "retry`.",
    ),
    "SA-5352": Explanation(
        "Il record non è più nel negozio ed è ancora nell'ERP",
        "I clienti non si cancellano mai; gli ordini si annullano solo con `deleted: cancel`.",
        "Annullalo a mano, poi `syncagent orders confirm` (un cliente: `syncagent outbox "
        "ignore`); oppure scrivi `deleted: cancel` e `syncagent orders retry`.",
    ),
    "SA-5353": Explanation(
        "Il riferimento dell'ordine è già usato",
        "Lo porta già un documento dell'ERP che non è nato da questo ordine: di un altro cliente, "
        "più documenti, oppure uno precedente al primo invio dell'ordine. Scrivendolo nascerebbe "
        "un secondo documento, dandolo per buono si potrebbe perdere l'ordine.",
        "Se il documento è questo ordine (inserito a mano o da un'altra interfaccia): `syncagent "
        "orders confirm`. Altrimenti dai ai nostri ordini un riferimento tutto loro, per esempio "
        "`reference: WEB-{{ key }}`, oppure un campo che nessuno compila a mano, e `syncagent "
        "orders retry`.",
    ),
    "SA-5354": Explanation(
        "Un cliente o un articolo corrisponde a più di uno nell'ERP",
        "La partita IVA, l'e-mail o il codice si trova più di una volta, oppure il codice di un "
        "nuovo cliente appartiene a qualcun altro.",
        "Uniscili nell'ERP, togli quel criterio da `match`, oppure dai ai nostri clienti codici "
        "propri con `reference`. Poi: `syncagent outbox retry`.",
    ),
    "SA-5355": Explanation(
        "Un nuovo cliente non si potrebbe ritrovare",
        "L'ERP numera i clienti da sé, e questo non ha né partita IVA né codice fiscale né "
        "e-mail. Se una risposta si perdesse, non si saprebbe se è stato creato.",
        "Dagliene uno nel negozio, oppure dagli un codice tutto suo (vedi la pagina del tipo).",
    ),
    "SA-5356": Explanation(
        "L'ERP accetta ordini e clienti",
        "Il flusso gli invia record di un'altra entità.",
        "Correggi `entity` o `target` del flusso, poi `syncagent outbox ignore` per ciò che è "
        "fermo.",
    ),
    "SA-5357": Explanation(
        "Un codice del negozio non ha corrispondenza nell'ERP",
        "`taxes`, `warehouses` o `currencies` del flusso indica alcuni codici, e questo non è tra "
        "quelli; oppure l'ERP vuole un numero dove il record ha un testo.",
        "Aggiungi il codice all'opzione, oppure traducilo nella mappatura con `values`. Poi: "
        "`syncagent outbox retry`.",
    ),
    "SA-5358": Explanation(
        "Qualcun altro sta lavorando sul record nell'ERP",
        "L'ERP dice che è bloccato o appena modificato da un altro utente. Non è stato scritto "
        "niente.",
        "Niente: viene inviato di nuovo da solo.",
    ),
    "SA-5359": Explanation(
        "Il documento dell'ordine non c'è più",
        "L'ordine è stato scritto, e adesso nessun documento (o nessun cliente) porta il suo "
        "riferimento: è stato eliminato, oppure qualcuno ha cambiato il campo.",
        "Cerca nell'ERP il numero mostrato. Rimetti il riferimento e `syncagent orders retry`, "
        "oppure `syncagent orders confirm` quando la modifica è stata inserita.",
    ),
    "SA-5360": Explanation(
        "Il record o il modello non va bene",
        "Al record manca un campo che un ordine o un cliente deve avere, oppure `fields`, `line`, "
        "`customer_fields` non produce un oggetto, o `further_lines` non produce un elenco.",
        "Correggi la mappatura o il modello, poi `syncagent outbox retry`.",
    ),
    "SA-5361": Explanation(
        "Il riferimento non entra nell'ERP",
        "È vuoto, oppure più lungo del campo che deve contenerlo.",
        "Correggi `reference` del flusso, poi `syncagent outbox retry`.",
    ),
    "SA-5371": Explanation(
        "La chiave privata per l'accesso non si può usare",
        "Ciò che indica `private_key` non è una chiave privata in PEM, ha una password, oppure "
        "non è né RSA né una chiave EC su P-256, P-384 o P-521.",
        "Salva quella giusta: `openssl req -x509 -newkey rsa:3072 -nodes -keyout key.pem -out "
        "certificate.pem -days 700` ne crea una coppia.",
    ),
}
