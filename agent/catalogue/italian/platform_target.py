"""SA-5400 to SA-5419 in Italian: shop platforms."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-5400": Explanation(
        "Il negozio rifiuta questo record",
        "Ha risposto che non accetta proprio questo record; le parole sono del negozio, il suo "
        "codice di errore è tra parentesi. Gli altri del blocco sono passati.",
        "Correggi ciò che viene indicato all'origine, nella mappatura o nel negozio. Una modifica "
        "all'origine invia di nuovo il record; altrimenti `syncagent outbox retry`.",
    ),
    "SA-5401": Explanation(
        "Un valore non si può inviare",
        "Un prezzo che non è un numero, un peso sotto zero, un codice a barre con lettere: i "
        "negozi credono a ciò che ricevono, quindi un valore così non si invia affatto.",
        "Correggilo all'origine, oppure fallo ripulire dalla mappatura.",
    ),
    "SA-5403": Explanation(
        "Nel negozio il codice articolo appartiene ad altro",
        "Un altro prodotto o un'altra variante ha già questo SKU, oppure il prodotto di una "
        "variante non c'è più.",
        "Cerca lo SKU nel negozio, cestino compreso, e rinomina o elimina ciò che non dovrebbe "
        "averlo. Poi `syncagent outbox retry`.",
    ),
    "SA-5404": Explanation(
        "Il negozio non può contenere questo prezzo",
        "Appartiene a un listino che non ha un posto nel negozio, è in un'altra valuta, comprende "
        "l'IVA mentre i prezzi del negozio no, oppure dipende da un cliente o da una quantità per "
        "cui la piattaforma non ha posto.",
        "Indica un posto per il listino nelle opzioni della destinazione, oppure escludi questi "
        "prezzi con `where`.",
    ),
    "SA-5405": Explanation(
        "Un'immagine non è un indirizzo",
        "È il negozio a scaricare le immagini, da un indirizzo che può raggiungere. Il record "
        "indica solo un file.",
        "Di' in `images_from` sotto quale indirizzo si trovano i file, oppure mappa indirizzi "
        "completi.",
    ),
    "SA-5406": Explanation(
        "Il cliente non può avere un account",
        "Un account ha bisogno di un indirizzo e-mail tutto suo: il record non ne ha uno, oppure "
        "lo usa già un altro cliente, o qualcuno che nel negozio può fare più che comprare.",
        "Correggi l'indirizzo all'origine, oppure escludi questi clienti con `where`.",
    ),
    "SA-5407": Explanation(
        "Il negozio non ha questo ordine",
        "Il record indica un ordine con qualcosa che lì non è l'id di un ordine. È stato "
        "eliminato, oppure la mappatura prende il numero che vedono le persone al posto dell'id.",
        "Mappa l'id con cui l'ordine è arrivato dal negozio.",
    ),
    "SA-5408": Explanation(
        "Il negozio risponde per meno o più record di quelli inviati",
        "Le sue risposte non si possono distinguere, quindi di tutto il blocco non si sa niente "
        "di certo.",
        "All'inizio niente: i record si inviano di nuovo, senza un secondo effetto. Se resta "
        "così, un plug-in del negozio altera le sue risposte.",
    ),
    "SA-5409": Explanation(
        "Il negozio non ha un posto per questa entità",
        "La piattaforma non conosce record di questo genere, oppure questo agente non li scrive "
        "lì.",
        "Invia i record del flusso a un'altra destinazione. La pagina del tipo elenca che cosa "
        "accetta.",
    ),
    "SA-5410": Explanation(
        "Giacenza di un altro magazzino",
        "Il negozio ha una sola giacenza per articolo, e l'opzione `warehouse` della destinazione "
        "dice di quale magazzino.",
        "Escludi gli altri con `where`, oppure somma i magazzini all'origine.",
    ),
    "SA-5411": Explanation(
        "Il negozio non conosce questo stato dell'ordine",
        "Di un ordine con uno stato che non conosce WooCommerce fa un ordine nuovo, quindi uno "
        "stato sconosciuto non si invia.",
        "Di' sotto `statuses` quale stato del negozio gli corrisponde.",
    ),
    "SA-5412": Explanation(
        "La variante non è adatta al suo prodotto",
        "Non dice niente che permetta di sceglierla, oppure il suo prodotto è a sua volta una "
        "variante.",
        "Mappa `options`, ognuna con un nome e un valore, e `parent` su un prodotto che non ne ha "
        "uno a sua volta.",
    ),
    "SA-5413": Explanation(
        "Un codice IVA non ha una classe nel negozio",
        "La destinazione traduce `vat_code` con `tax_classes`, che non indica questo.",
        "Aggiungilo lì; la classe standard del negozio è il testo vuoto.",
    ),
    "SA-5414": Explanation(
        "Il negozio non comunica le sue impostazioni",
        "I prezzi si inviano solo se si conoscono la valuta del negozio e come tratta l'IVA.",
        "Crea una chiave di un gestore o di un amministratore del negozio, oppure cerca un "
        "plug-in che nasconde le impostazioni.",
    ),
}
