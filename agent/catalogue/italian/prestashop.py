"""SA-542x in Italian: PrestaShop."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-5420": Explanation(
        "Il negozio rifiuta un record",
        "I controlli di PrestaShop non accettano il record: un carattere vietato in un nome, un "
        "EAN di lunghezza sbagliata. Le sue parole sono nel motivo.",
        "Correggi il record all'origine, oppure nella mappatura del flusso; poi riprovalo.",
    ),
    "SA-5421": Explanation(
        "La chiave non ha questo permesso",
        "La chiave del webservice dà accesso solo alle risorse e ai metodi spuntati. Il negozio "
        "indica quello che manca.",
        "Nel negozio, sotto Parametri avanzati → Webservice, spunta ciò che elenca la pagina del "
        "connettore, poi riprendi il flusso.",
    ),
    "SA-5422": Explanation(
        "Non è la risposta di un webservice",
        "Il negozio ha risposto qualcosa che non è l'XML del webservice: una pagina di "
        "manutenzione, oppure messaggi di PHP prima del documento. Si considera un problema "
        "passeggero e si riprova.",
        "Apri l'indirizzo del negozio con /api in fondo. Disattiva la modalità debug di "
        "PrestaShop; attiva il webservice sotto Parametri avanzati → Webservice.",
    ),
    "SA-5423": Explanation(
        "Un carattere che XML non conosce",
        "Un testo del record contiene un carattere di controllo, che nessun documento XML può "
        "portare.",
        "Ripulisci il testo nella sorgente o nella mappatura del flusso, poi riprova.",
    ),
    "SA-5424": Explanation(
        "Il negozio non ha un posto per questo",
        "Il record dice qualcosa che in PrestaShop non si può conservare in questo modo, oppure "
        "indica ciò che il negozio non ha: una valuta, un gruppo di clienti, regole di imposta, "
        "una variante senza opzioni, un cliente senza e-mail.",
        "Leggi il motivo. Crealo nel negozio, cambia la mappatura, oppure escludi questi record "
        "con `where`.",
    ),
    "SA-5425": Explanation(
        "Corrispondono più record del negozio",
        "PrestaShop permette che due prodotti, e anche due ordini, abbiano lo stesso riferimento. "
        "Non si può sapere quale si intende, quindi nessuno è stato toccato.",
        "Svuota nel negozio il riferimento di quello sbagliato, poi riprova.",
    ),
    "SA-5426": Explanation(
        "Il negozio non tiene la giacenza di questo prodotto",
        "Con ogni prodotto e ogni combinazione PrestaShop crea una riga di giacenza; per questo, "
        "in questo negozio, non ce n'è una.",
        "Se un'installazione ha più negozi, indicane uno come `shop` della connessione. "
        "Altrimenti apri e salva il prodotto nel back office del negozio, poi riprova.",
    ),
    "SA-5427": Explanation(
        "Uno stato non ha corrispondenza nel negozio",
        "L'opzione `statuses` della destinazione non dice a quale stato del negozio corrisponde.",
        "Aggiungilo a `statuses`, con l'id che il negozio mostra sotto Parametri negozio → "
        "Impostazioni ordine → Stati; poi riprova.",
    ),
    "SA-5428": Explanation(
        "Il negozio non ha questo ordine",
        "Il numero di questo record non è né l'id né il riferimento di un ordine del negozio.",
        "Mappa `number` sul numero con cui l'ordine è arrivato dal negozio.",
    ),
}
