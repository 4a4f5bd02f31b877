"""SA-26xx in Italian: other systems that call us."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-2601": Explanation(
        "Chi ha chiamato non ha dimostrato chi è",
        "La firma o il token di una richiesta manca o è sbagliato, oppure la richiesta è stata "
        "firmata troppo tempo fa. Chi ha chiamato ha ricevuto 401 senza un motivo; il motivo è "
        "nel log.",
        "Dai ai due lati lo stesso segreto e alle due macchine l'ora giusta. Se da "
        "quell'indirizzo non chiama nessun sistema nostro, qualcuno ci sta provando.",
    ),
    "SA-2603": Explanation(
        "Un evento è troppo grande",
        "Il corpo di una richiesta ha più byte di largest_body della connessione. Chi ha chiamato "
        "ha ricevuto 413.",
        "Fai inviare all'altro sistema meno record alla volta, oppure aumenta largest_body.",
    ),
    "SA-2604": Explanation(
        "Un evento non è JSON",
        "Il Content-Type di una richiesta non è application/json. Chi ha chiamato ha ricevuto 415.",
        "Imposta su JSON il formato del webhook nell'altro sistema.",
    ),
    "SA-2605": Explanation(
        "Qualcuno chiama troppo spesso",
        "Un indirizzo ha fatto più richieste di requests_per_minute della connessione. Chi ha "
        "chiamato ha ricevuto 429 e quando riprovare.",
        "Fai inviare all'altro sistema più modifiche insieme, oppure aumenta requests_per_minute.",
    ),
    "SA-2606": Explanation(
        "Un evento non si può usare",
        "Il suo corpo non è JSON, oppure gli manca ciò che indicano le opzioni: l'id, un record o "
        "una chiave. Chi ha chiamato ha ricevuto 422; un record che si scopre mancante solo "
        "quando un flusso legge l'evento resta fermo.",
        "Confronta ciò che invia l'altro sistema con id_path, record_path e key_path.",
    ),
    "SA-2607": Explanation(
        "Non c'è posto per altri eventi",
        "I flussi non hanno ancora preso in carico most_waiting eventi, oppure sul disco c'è meno "
        "spazio di store.disk_low. Chi ha chiamato ha ricevuto 503 e quando riprovare; non si è "
        "perso niente.",
        "Guarda perché i flussi che leggono questa connessione non vanno: syncagent status.",
    ),
    "SA-2608": Explanation(
        "Nessuno può chiamarci",
        "Sull'host e sulla porta di una connessione webhook non si può ascoltare: lo fa già un "
        "altro programma, oppure l'indirizzo non è di questa macchina. Si riprova ogni pochi "
        "secondi.",
        "Scegli una porta libera e un indirizzo di questa macchina.",
    ),
    "SA-2609": Explanation(
        "Due connessioni si ostacolano",
        "Ascoltano sulla stessa porta con certificati diversi, oppure sullo stesso percorso.",
        "Usa lo stesso certificato e percorsi diversi, oppure porte diverse.",
    ),
    "SA-2610": Explanation(
        "Un segnale non sveglia nessuno",
        "`wakes` di una connessione webhook indica un flusso che non c'è; oppure un flusso legge "
        "una connessione i cui eventi ne svegliano un altro, quindi il loro contenuto non viene "
        "conservato.",
        "Correggi `wakes`; se gli eventi vanno anche letti, crea una seconda connessione con un "
        "altro percorso.",
    ),
    "SA-2611": Explanation(
        "Il certificato mostrato a chi chiama non si può usare",
        "`certificate` o `certificate_key` di una connessione webhook manca, non è leggibile per "
        "l'utente del servizio, non è un file PEM, oppure i due non vanno insieme.",
        "Indica file PEM di un solo certificato e della sua chiave; la chiave senza password.",
    ),
}
