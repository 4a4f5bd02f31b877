"""SA-5460 to SA-5479 in Italian: Magento and Adobe Commerce."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-5460": Explanation(
        "Magento rifiuta questo record",
        "Le parole sono di Magento, lo stato della sua risposta è tra parentesi. Gli altri del "
        "blocco sono passati. `URL key for specified store already exists` significa che un altro "
        "prodotto ha già l'indirizzo che Magento ricaverebbe dal suo nome.",
        "Correggi ciò che viene indicato all'origine, nella mappatura o nel negozio; un indirizzo "
        "proprio va in `attributes.url_key`. Una modifica all'origine invia di nuovo il record; "
        "altrimenti `syncagent outbox retry`.",
    ),
    "SA-5461": Explanation(
        "La coda del negozio rifiuta questo record",
        "È entrato nella coda insieme a molti altri (`bulk_from`) e lì è finito come fallito (3) "
        "o rifiutato (5). Le parole sono di Magento.",
        "Correggi ciò che viene indicato, poi `syncagent outbox retry`. Se le parole dicono "
        "troppo poco, `bulk_from: 0` invia i record uno per uno, e Magento dice di più.",
    ),
    "SA-5462": Explanation(
        "È nella coda del negozio",
        "Il record è stato inviato insieme a molti altri in una sola chiamata, e in Magento "
        "aspetta che un consumer lo prenda. Lo stato viene richiesto di nuovo da solo.",
        "Niente, finché il numero di questi record diminuisce. Se non diminuisce, nessun consumer "
        "è in funzione: avvia `bin/magento queue:consumers:start async.operations.all`, fallo "
        "avviare da cron (`cron_consumers_runner` in `app/etc/env.php`), oppure scrivi "
        "`bulk_from: 0`.",
    ),
    "SA-5463": Explanation(
        "Il negozio non può dire in che cosa una variante è diversa",
        "Le varianti di Magento si scelgono con attributi che sono menu a tendina con ambito "
        "globale. Per questa opzione lì non c'è un attributo così. I valori li aggiunge l'agente, "
        "gli attributi no.",
        "Crea l'attributo nel negozio (sotto *Negozi*, *Attributi*, *Prodotto*), mettilo nel set "
        "di attributi dei prodotti, oppure indicane un altro sotto `options`.",
    ),
    "SA-5464": Explanation(
        "Impossibile ottenere un'immagine",
        "Magento, PrestaShop e Odoo non scaricano immagini, quindi lo fa l'agente, solo sotto "
        "`images_from` e da nessun'altra parte. L'immagine non c'è, non è JPEG, PNG o GIF, oppure "
        "è più grande di `largest_picture`.",
        "Mettila lì, oppure correggi il suo indirizzo. Poi `syncagent outbox retry`.",
    ),
    "SA-5465": Explanation(
        "Il magazzino non ha una sorgente di giacenza nel negozio",
        "L'opzione `warehouses` della destinazione traduce i magazzini e non indica questo.",
        "Aggiungilo lì, oppure escludi il magazzino con `where`.",
    ),
    "SA-5466": Explanation(
        "Il listino non ha un gruppo di clienti",
        "L'opzione `customer_groups` della destinazione traduce il `price_list` del cliente e non "
        "indica questo.",
        "Aggiungilo lì; `syncagent check` elenca i gruppi del negozio.",
    ),
    "SA-5467": Explanation(
        "Per questo stato non è indicato uno stato del negozio",
        "Magento accetta come stato qualsiasi testo, e un ordine con uno stato che non conosce "
        "non si vede da nessuna parte. Per questo si inviano solo quelli indicati sotto "
        "`statuses`.",
        "Aggiungilo a `statuses`; un testo vuoto lascia invariato lo stato dell'ordine.",
    ),
    "SA-5468": Explanation(
        "Il negozio non è impostato come dice la configurazione",
        "La sua valuta di base è un'altra, oppure non ha quella sorgente di giacenza o quel "
        "gruppo di clienti.",
        "Correggi le opzioni della destinazione, oppure il negozio; l'errore dice che cosa c'è.",
    ),
}
