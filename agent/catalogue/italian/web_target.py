"""SA-533x in Italian: what is written behind an address by templates."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-5330": Explanation(
        "L'altro lato ha rifiutato un record",
        "Ha risposto con uno stato, o con parole, che le tabelle delle risposte del flusso "
        "considerano un rifiuto proprio di questo record. Le sue parole sono nel motivo.",
        "Correggi il record all'origine, oppure il modello. Ciò che è stato rifiutato riparte con "
        "`syncagent outbox retry`.",
    ),
    "SA-5331": Explanation(
        "Il flusso non dice come si scrive questa modifica",
        "Il record c'è già e il flusso non ha `update`, oppure va eliminato e il flusso non ha "
        "`delete`.",
        "Fai a mano sull'altro lato ciò che va fatto, poi `syncagent outbox ignore`; oppure "
        "scrivi `update` o `delete` nella destinazione del flusso.",
    ),
    "SA-5332": Explanation(
        "Corrispondono più record dell'altro lato",
        "Una domanda sotto `look_up` o `find` ne ha trovato più di uno. Quale si intende lo deve "
        "dire una persona; il motivo indica i loro id.",
        "Lasciane uno solo, oppure restringi la domanda con `where`, poi `syncagent outbox retry`.",
    ),
    "SA-5333": Explanation(
        "Un record ne aspetta un altro",
        "Il flusso modifica soltanto record che ci sono già, oppure ha bisogno di un altro record "
        "(`find` con `missing: wait`) che non c'è ancora. Non è stato scritto niente.",
        "Niente, se l'altro record è in viaggio: questo torna da solo. Altrimenti cercalo tra "
        "quelli fermi: `syncagent outbox list`.",
    ),
    "SA-5334": Explanation(
        "Una risposta non contiene l'id atteso",
        "Un record è stato creato, e la risposta non ha niente in `reference`; oppure ciò che c'è "
        "non è né un testo né un numero intero. Senza l'id la prossima modifica creerebbe un "
        "secondo record.",
        "Correggi `reference`: è un punto della risposta, per esempio `product.id`, oppure un "
        "modello. Poi riprendi la destinazione: se il flusso ha `look_up`, ciò che è stato creato "
        "si ritrova.",
    ),
    "SA-5335": Explanation(
        "Il flusso non dice come si rilegge un record",
        "Per confrontare i due lati serve `read` nella destinazione del flusso.",
        "Scrivi `read`, con il percorso di un record e i suoi campi con i nomi dell'entità.",
    ),
    "SA-5336": Explanation(
        "Qualcosa che il record indica non c'è sull'altro lato",
        "Una domanda sotto `find` non ha trovato niente: per esempio un articolo di un ordine che "
        "l'ERP non conosce.",
        "Crealo lì, oppure correggi il codice nel record, poi `syncagent outbox retry`. Se arriva "
        "da solo, scrivi `missing: wait`.",
    ),
    "SA-5337": Explanation(
        "Un valore non può stare dove lo mette il modello",
        "Una parte di un indirizzo è vuota, `.` o `..`; un'intestazione contiene un a capo o "
        "lettere fuori da ASCII; un modulo contiene un oggetto.",
        "Correggi il modello, oppure la mappatura che lascia vuoto il valore.",
    ),
    "SA-5338": Explanation(
        "La tabella delle risposte del flusso dice: non adesso, oppure serve una persona",
        "L'altro lato ha dato una risposta che `status` o `errors` chiama `unavailable` o "
        "`misconfigured`.",
        "Per `unavailable` niente: si riprova da solo. Altrimenti elimina la causa indicata nella "
        "risposta, poi riprendi la destinazione.",
    ),
    "SA-5339": Explanation(
        "Una domanda non trova ciò che dovrebbe",
        "In `item` non c'è niente; oppure `look_up` non ha trovato il record appena creato: si è "
        "provato sul primo, quando non c'era ancora niente da perdere. Finché non si può sapere "
        "se un record c'è, non si scrive niente.",
        "Confronta `item`, `where` e i parametri con una risposta del server; il suggerimento "
        "indica i campi che ha. Molti server ignorano i parametri che non conoscono e mostrano "
        "tutto. Poi riprendi la destinazione.",
    ),
}
