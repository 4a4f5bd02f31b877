"""SA-28xx in Italian: the feeds of a shop."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-2801": Explanation(
        "Il negozio non ha questo feed",
        "Un flusso legge un feed (orders, customers, returns, registrations, events) che il "
        "negozio non indica in GET /v1/, o per cui risponde 404.",
        "Fai aggiornare il negozio perché offra il feed, oppure correggi `feed` nella sorgente "
        "del flusso.",
    ),
    "SA-2802": Explanation(
        "Un feed non avanza",
        "Il negozio ha detto che c'è altro e ha dato di nuovo lo stesso cursore. Continuando si "
        "leggerebbero per sempre gli stessi record, quindi l'esecuzione è finita; ciò che è stato "
        "preso in carico resta.",
        "Fai correggere il negozio: con `more`, il cursore deve stare dopo l'ultimo elemento. Lo "
        "mostra syncagent shop-conformance URL.",
    ),
    "SA-2803": Explanation(
        "Un elemento di un feed non si può leggere",
        "I dati di un elemento non sono un oggetto JSON, ripetono un campo, oppure contengono un "
        "testo o un numero senza significato. L'elemento resta fermo; gli altri del feed "
        "proseguono.",
        "Fai correggere il record nel negozio. Viene riletto appena cambia.",
    ),
}
