"""SA-5440 to SA-5459 in Italian: Shopify."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-5440": Explanation(
        "Shopify ha rifiutato il record",
        "La riga riporta le parole di Shopify, il campo che indica e che cosa vi è stato inviato.",
        "Correggi il valore nella sorgente, oppure la mappatura: il record torna quando cambia. "
        "Se la causa era nel negozio, eliminala lì e riprova il record.",
    ),
    "SA-5441": Explanation(
        "La nostra disponibilità presso Shopify è esaurita",
        "Ogni richiesta costa punti, e il piano del negozio ne dà un tanto al secondo. Un'altra "
        "richiesta della stessa app, o una più grande della precedente, li ha consumati. Non è "
        "stato fatto niente.",
        "Niente: si chiede di nuovo quando ce ne sono abbastanza. Se succede spesso, rallenta i "
        "flussi o leggi pagine più piccole.",
    ),
    "SA-5442": Explanation(
        "All'app manca un permesso (scope)",
        "Shopify ha negato l'accesso a qualcosa che il flusso legge o scrive.",
        "Concedi all'app i permessi indicati nella pagina del connettore, pubblicane una nuova "
        "versione e installala di nuovo; poi riprendi.",
    ),
    "SA-5443": Explanation(
        "Il negozio è chiuso",
        "È sospeso finché non viene pagata una fattura, è stato bloccato da Shopify, oppure l'ha "
        "chiuso il proprietario.",
        "Fallo riaprire al proprietario; poi riprendi. Intanto non si perde niente.",
    ),
    "SA-5444": Explanation(
        "Shopify non capisce la richiesta",
        "Ha rifiutato un documento intero: un campo che la sua versione dell'API non ha, oppure "
        "una richiesta che costa troppo.",
        "Esegui `syncagent check`: dice quale versione risponde. Se una pagina costa troppo, "
        "riduci `page_size`. Altrimenti serve una versione più recente dell'agente.",
    ),
    "SA-5445": Explanation(
        "Più varianti hanno questo SKU",
        "Shopify permette che più varianti abbiano lo stesso SKU, e nessuna di queste porta la "
        "chiave del record: non si sa quale si intende.",
        "Nel negozio togli lo SKU a tutte tranne una; la riga indica i loro id. Poi riprova il "
        "record.",
    ),
    "SA-5446": Explanation(
        "Aspetta che la ricerca di Shopify mostri un'azienda",
        "L'azienda è stata creata un momento fa, e la ricerca con cui si trova è in ritardo.",
        "Niente: si cerca di nuovo da solo.",
    ),
    "SA-5447": Explanation(
        "Il negozio non ha ciò che il record indica",
        "Una sede, un listino, oppure una valuta diversa da quella del listino o del negozio.",
        "Creala in Shopify, oppure di' sotto `warehouses` o `price_lists` come si chiama lì; poi "
        "riprova il record.",
    ),
    "SA-5448": Explanation(
        "Shopify non ha un posto per questo",
        "Una variante senza opzioni, oppure la fine di un prezzo senza il quale una variante non "
        "può esistere.",
        "Ignora il record, oppure cambia il flusso perché non lo invii.",
    ),
    "SA-5449": Explanation(
        "Un'operazione massiva è in corso",
        "Shopify sta creando i prodotti di un primo caricamento: ci vogliono minuti o ore. Finché "
        "non è finita non si sa quali ci siano.",
        "Niente: si chiede di nuovo ogni mezzo minuto, e poi se ne prende il risultato.",
    ),
    "SA-5450": Explanation(
        "Un'operazione massiva è fallita",
        "Shopify non ha potuto prendere il suo file, oppure l'ha terminata prima che tutte le "
        "righe fossero elaborate.",
        "Niente, se succede una volta: ciò che è stato creato viene preso, il resto si invia di "
        "nuovo. Se succede ancora, riduci `batch_size`: un'operazione può durare 24 ore.",
    ),
    "SA-5452": Explanation(
        "Impossibile garantire chiavi uniche",
        "I record portano la chiave del sistema dell'azienda nel metafield `syncagent.key`, la "
        "cui definizione deve essere del tipo `id`. È di un altro tipo, oppure non si può creare.",
        "Elimina in Shopify una definizione di un altro tipo, sotto Impostazioni, Dati "
        "personalizzati; concedi i permessi indicati nella pagina del connettore.",
    ),
    "SA-5453": Explanation(
        "Il negozio non ha questo ordine",
        "Il record indica l'ordine con un numero che il negozio non conosce, oppure l'app non può "
        "vederlo: senza `read_all_orders` gli ordini di oltre 60 giorni fa sono nascosti.",
        "Mappa `number` sul nome dell'ordine (#1001) o sul suo id; richiedi read_all_orders.",
    ),
    "SA-5454": Explanation(
        "Un altro record ha queste opzioni",
        "In un prodotto due varianti non possono avere le stesse opzioni, e quella che le ha "
        "porta un'altra delle nostre chiavi.",
        "Correggi le opzioni nella sorgente.",
    ),
}
