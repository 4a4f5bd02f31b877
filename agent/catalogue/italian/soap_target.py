"""SA-534x in Italian: records written through SOAP."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-5340": Explanation(
        "Il servizio rifiuta il record",
        "Ha risposto con un fault di chi invia (Client, Sender), con uno indicato in "
        "`refused_faults`, oppure con una risposta che `accepted` o `error` considera un rifiuto. "
        "Non è stato scritto niente.",
        "Leggi le parole del servizio, correggi il record all'origine oppure il modello, poi "
        "riprova. Se il codice significa in realtà `try later`, indicalo in `busy_faults`.",
    ),
    "SA-5341": Explanation(
        "Il record non è adatto all'operazione",
        "Un parametro non appartiene all'operazione, è annidato in modo diverso, uno necessario "
        "non ha un valore, oppure un testo contiene ciò che nessun XML può contenere. Non è stato "
        "inviato niente.",
        "Confronta `parameters` con ciò che mostra syncagent check, poi riprova il record.",
    ),
    "SA-5342": Explanation(
        "È cambiato un record che questo flusso non aggiorna",
        "È stato già scritto, e il flusso non dice quale operazione ne modifica uno.",
        "Modificalo a mano nell'altro sistema, oppure scrivi `update: {operation: …}` e riprova.",
    ),
    "SA-5343": Explanation(
        "Le cancellazioni non vengono scritte",
        "Il record è stato cancellato, e il flusso non dice quale operazione ne elimina uno.",
        "Scrivi `delete: {operation: …}` nella destinazione, oppure fai ignorare le cancellazioni "
        "al flusso.",
    ),
    "SA-5344": Explanation(
        "La risposta a una scrittura non si capisce",
        "Il record è stato inviato, e la sua risposta non contiene un id dove lo cerca "
        "`reference`, oppure niente da cui `accepted` possa capire se è stato scritto.",
        "Correggi `reference` o `accepted`, poi riprendi. `look_up` trova ciò che è stato "
        "scritto; senza, il record è in dubbio.",
    ),
    "SA-5345": Explanation(
        "L'elenco del servizio lo contraddice",
        "`look_up` trova più record con lo stesso riferimento, oppure nessuno mentre il servizio "
        "dice che c'è già.",
        "Guarda nell'altro sistema quale è quello giusto. Fai in modo che `look_up` cerchi con "
        "ciò che lì è unico.",
    ),
}
