"""SA-4xxx in Italian: change detection and the guard."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-4001": Explanation(
        "Le colonne della sorgente sono cambiate",
        "Una colonna che il flusso legge non c'è più (eliminata o rinominata nel database, oppure "
        "assente dall'intestazione di un file) o è di un altro tipo. Continuando si svuoterebbe o "
        "rovinerebbe un campo di ogni record.",
        "Se la colonna è stata rinominata o cambiata di proposito, controlla che la mappatura del "
        "flusso vada ancora bene. Se era sbagliato il file, metti quello giusto. Poi `syncagent "
        "resume FLOW`.",
    ),
    "SA-4002": Explanation(
        "Manca una colonna chiave",
        "Una colonna indicata sotto `key:` non è tra quelle che la sorgente fornisce.",
        "Correggi `key:` nella sorgente del flusso; `syncagent preview FLOW` mostra le colonne.",
    ),
    "SA-4003": Explanation(
        "Una riga non ha una chiave",
        "La colonna chiave di questa riga è vuota o null, oppure contiene un NUL o mezzo "
        "carattere, che nessuna chiave può contenere. Senza chiave un record non si distingue "
        "dagli altri, e finché c'è una riga così l'agente non cancella niente, perché la riga "
        "potrebbe essere un record qualsiasi.",
        "Compila o correggi la chiave nella sorgente, oppure escludi queste righe con `where:` del "
        "flusso.",
    ),
    "SA-4004": Explanation(
        "Una chiave compare più di una volta",
        "Due righe diverse della stessa lettura hanno la stessa chiave. Vale la prima, la seconda "
        "viene rifiutata: inviandole a turno il negozio cambierebbe di continuo.",
        "Elimina il doppione nella sorgente, oppure aggiungi a `key:` la colonna che le distingue.",
    ),
    "SA-4005": Explanation(
        "Quasi tutte le righe sono rifiutate",
        "Più della metà delle righe, e più di mille, non possono diventare record. Non sono pochi "
        "record sbagliati: è una mappatura, una codifica o un formato che non va bene.",
        "Guarda l'esempio nel messaggio, correggi la configurazione o il file, poi `syncagent "
        "resume FLOW`.",
    ),
    "SA-4006": Explanation(
        "Un'esecuzione aspetta l'approvazione",
        "L'esecuzione cancellerebbe o modificherebbe più di quanto ammetta la protezione del "
        "flusso, oppure un prezzo sorvegliato fa un salto. Un'esportazione vuota o il database "
        "sbagliato si presentano proprio così. Non è stato inviato niente, e il flusso aspetta.",
        "Guardala con `syncagent hold list`, poi `syncagent hold approve RUN` oppure `syncagent "
        "hold drop RUN`. Un'esecuzione scartata non lascia traccia: la prossima guarda di nuovo.",
    ),
    "SA-4007": Explanation(
        "La sorgente non può leggere singole chiavi",
        "Questo tipo di sorgente dà solo tutto oppure ciò che è cambiato; non si può chiedere un "
        "record da solo.",
        "Sincronizza di nuovo tutto il flusso: `syncagent resync FLOW`. I record uguali non "
        "vengono inviati di nuovo.",
    ),
    "SA-4008": Explanation(
        "Il flusso non ha un cursore",
        "`--since` chiede che cosa è cambiato dopo un certo momento. Lo può dire solo una "
        "sorgente con una colonna di data e ora come cursore, già letta almeno una volta.",
        "Usa `syncagent resync FLOW --all`, oppure indica i record con `--key`.",
    ),
    "SA-4009": Explanation(
        "Una ricerca usa una colonna che non c'è",
        "`by:` di una ricerca indica una colonna che le righe del flusso non hanno, quindi non si "
        "può cercare niente. Il flusso si ferma, invece di inviare record senza quei valori.",
        "Correggi `by:` sotto `lookups:`; il motivo elenca le colonne che ci sono. Poi `syncagent "
        "resume FLOW`.",
    ),
    "SA-4501": Explanation(
        "Intanto è stato modificato sull'altro lato",
        "Il record è tenuto su entrambi i lati, e uno sguardo subito prima di scrivere ha "
        "mostrato che anche l'altro lato l'aveva modificato. Non è stato sovrascritto niente.",
        "Niente: ciò che risulta dalle due modifiche segue da solo.",
    ),
    "SA-4502": Explanation(
        "I due lati hanno modificato lo stesso campo",
        "Il flusso dice che decide una persona (`conflicts: hold`). Fino ad allora del record non "
        "si scrive niente su nessuno dei due lati.",
        "Guarda le due versioni con `syncagent conflicts list`, poi `syncagent conflicts keep`.",
    ),
    "SA-4503": Explanation(
        "In un flusso nei due sensi è cambiato troppo in una volta",
        "La protezione ha fermato una lettura di record tenuti su entrambi i lati. Non è stato "
        "preso in carico niente.",
        "Se è giusto così, alza i limiti di `guard` per questo flusso finché non è passato, poi "
        "`syncagent resume`.",
    ),
    "SA-4504": Explanation(
        "In questo momento non si può guardare l'altro lato",
        "Prima di scrivere un record nei due sensi se ne legge lo stato attuale su quel lato, e "
        "il flusso che legge lì è occupato oppure la sua sorgente non risponde.",
        "Niente: si riprova. Se il problema resta, guarda quel flusso con `syncagent status`.",
    ),
}
