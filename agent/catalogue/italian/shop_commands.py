"""SA-55xx in Italian: what a shop asks of the agent."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-5501": Explanation(
        "Il negozio ha messo in pausa un flusso",
        "Il negozio ha inviato il comando `pause`. Il flusso non legge niente finché non viene "
        "ripreso; ciò che aveva già preso in carico si consegna lo stesso.",
        "Fai inviare `resume` al negozio, oppure riprendi tu: syncagent resume FLOW.",
    ),
    "SA-5502": Explanation(
        "Un comando indica un flusso che non riguarda il negozio",
        "Un negozio può comandare i flussi che leggono da lui o che gli consegnano, e nessun "
        "altro. Al comando è stato risposto `refused`; non è stato fatto niente.",
        "Correggi il nome del flusso nel negozio: `status` elenca quelli che può comandare.",
    ),
    "SA-5503": Explanation(
        "Un comando indica troppe chiavi",
        "Un solo `resync` può indicare 1.000 chiavi. Al comando è stato risposto `refused`; non è "
        "stato fatto niente.",
        "Invia più comandi, oppure sincronizza di nuovo tutto il flusso.",
    ),
    "SA-5504": Explanation(
        "Un comando vorrebbe far ripartire un flusso che aspetta una persona",
        "Il negozio ha inviato `resume` per un flusso fermo per un motivo diverso dal proprio "
        "`pause`. Al comando è stato risposto `refused`; il flusso resta fermo.",
        "Elimina la causa in azienda, poi: syncagent resume FLOW.",
    ),
    "SA-5505": Explanation(
        "Il negozio non ha comandi",
        "`commands: true` è impostato per una connessione, e il negozio non indica la funzione "
        "`commands` in GET /v1/, oppure risponde 404.",
        "Fai aggiornare il negozio, oppure togli `commands` dalla connessione.",
    ),
    "SA-5506": Explanation(
        "Il negozio non conosce un suo comando",
        "Il risultato di un comando andava comunicato, e il negozio risponde 404: è stato "
        "ripristinato da un backup, oppure ha dimenticato che cosa aveva chiesto. Il risultato "
        "non viene comunicato di nuovo.",
        "Niente, a meno che non succeda spesso: allora il negozio perde i suoi comandi.",
    ),
    "SA-5511": Explanation(
        "Il server da controllare non risponde",
        "`syncagent shop-conformance` non è riuscito a collegarsi, oppure la prima risposta si è "
        "interrotta.",
        "Controlla l'indirizzo, --ca-file e se il server è in funzione.",
    ),
}
