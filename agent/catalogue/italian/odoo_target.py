"""SA-538x in Italian: records that go into Odoo."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-5380": Explanation(
        "Odoo rifiuta un record",
        "I controlli di Odoo, o di un'app installata, non accettano il record. Le sue parole sono "
        "nel motivo. Gli altri della stessa chiamata sono stati scritti senza questo.",
        "Correggi il record all'origine, oppure la regola in Odoo; poi riprovalo.",
    ),
    "SA-5381": Explanation(
        "Odoo non ha ciò che il record indica",
        "Il record indica un listino, un magazzino, un paese, una valuta o un termine di "
        "pagamento con un nome o un codice che in Odoo non esiste.",
        "Crealo in Odoo, oppure traduci il nome: `values` nella mappatura del flusso, "
        "`warehouses` della destinazione.",
    ),
    "SA-5382": Explanation(
        "Corrispondono più record di Odoo",
        "Odoo permette che due prodotti abbiano lo stesso riferimento interno, due partner la "
        "stessa partita IVA, due ordini lo stesso riferimento. Non si può sapere quale si "
        "intende, quindi nessuno è stato toccato.",
        "Uniscili in Odoo, oppure svuota il codice di quello sbagliato; poi riprova.",
    ),
    "SA-5383": Explanation(
        "In Odoo manca un'app",
        "I record hanno bisogno di un modello o di un campo di un'app, per esempio Magazzino, "
        "Vendite o eCommerce, che in questo database non è installata.",
        "Installa l'app, oppure cambia le opzioni della destinazione: `categories: internal` o "
        "`none` se sul sito non c'è un negozio.",
    ),
    "SA-5384": Explanation(
        "L'ordine c'è, ma non è confermato",
        "Il preventivo è stato creato, e Odoo ha rifiutato di confermarlo, per esempio per un "
        "limite di credito. Le sue parole sono nel motivo.",
        "Elimina la causa e riprova: viene confermato lo stesso preventivo. Oppure confermalo in "
        "Odoo e poi riprova: viene preso così com'è.",
    ),
    "SA-5385": Explanation(
        "Odoo fa una domanda invece di applicare una giacenza",
        "Impostare la giacenza aprirebbe una finestra di dialogo in Odoo: l'articolo è gestito a "
        "lotti o a numeri di serie, oppure la sua giacenza è cambiata nello stesso momento.",
        "Per un articolo gestito a lotti, lascia la giacenza a Odoo. Altrimenti riprova.",
    ),
    "SA-5386": Explanation(
        "Odoo non ha un posto per questo",
        "Il record dice qualcosa che in Odoo non si può conservare in questo modo: il prezzo di "
        "un singolo cliente fuori da un listino, una valuta diversa da quella del listino, una "
        "variante senza opzioni.",
        "Leggi il motivo. Cambia la mappatura, oppure escludi questi record con `where`.",
    ),
}
