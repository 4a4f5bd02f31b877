"""SA-5301 to SA-5319 in Italian: targets that write into a database."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-5301": Explanation(
        "Il database contiene già un valore che deve essere unico",
        "Un indice unico o una chiave primaria ha rifiutato il record, e `look_up` non lo trova: "
        "un altro record ha lo stesso valore. Forse nello stesso momento lo stesso numero è stato "
        "dato a qualcun altro: per questo si riprova altre tre volte prima di lasciarlo fermo.",
        "Confronta le parole del database con il record. Correggi l'uno o l'altro, oppure dai a "
        "`look_up` una domanda che lo trovi; poi riprovalo.",
    ),
    "SA-5302": Explanation(
        "Il database non vuole questo record",
        "Un valore non entra nella sua colonna, una regola del database (un vincolo, un trigger, "
        "un errore di una procedura) lo vieta, oppure il driver non può inviare un valore. Tutta "
        "la transazione del record è stata annullata.",
        "Correggi il record o l'istruzione; la riga mostra le parole del database. Poi riprovalo.",
    ),
    "SA-5303": Explanation(
        "Il database è occupato",
        "Un deadlock, una riga tenuta da un altro programma, oppure il disco o il log pieno. "
        "Tutta la transazione del record è stata annullata. Un blocco fa aspettare solo questo "
        "record.",
        "Niente: viene scritto di nuovo da solo. Se dura, cerca il programma che tiene le righe, "
        "oppure lo spazio che manca.",
    ),
    "SA-5304": Explanation(
        "Non si sa se il database ha conservato il record",
        "La connessione è caduta, oppure il database ha detto qualcosa di inatteso, durante il "
        "commit della transazione.",
        "Niente, se il flusso ha un `look_up`: si chiede al database, e il record si scrive solo "
        "se non c'è. Altrimenti il record aspetta te: guarda nel database, poi confermalo o "
        "riprovalo.",
    ),
    "SA-5305": Explanation(
        "Il record è stato trovato più di una volta",
        "Una domanda di `look_up` ha dato righe con numeri diversi: due clienti con la stessa "
        "partita IVA, oppure un ordine presente due volte.",
        "Lasciane uno solo nel database, oppure rendi la domanda più precisa, poi riprovalo.",
    ),
    "SA-5306": Explanation(
        "Il database non ha dato un numero",
        "`reference`, o l'istruzione il cui `returns` dà il numero, non ha risposto con una riga "
        "o ha dato un valore vuoto. Tutta la transazione del record è stata annullata.",
        "Correggi la domanda al database, oppure toglila se i numeri si assegnano più tardi; poi "
        "riprovalo.",
    ),
    "SA-5307": Explanation(
        "Ciò che è stato scritto non viene trovato da look_up",
        "Subito dopo `write`, nella stessa transazione, nessuna delle domande di `look_up` ha "
        "trovato il record, oppure ne ha trovato un altro. In caso di dubbio direbbero che non "
        "c'è, e verrebbe scritto due volte. Per questo tutto è stato annullato. Un cliente senza "
        "partita IVA e senza e-mail non si trova con nessuna delle due.",
        "Correggi `look_up`: deve trovare il record da ciò che `write` ha salvato, anche prima "
        "che un altro programma dell'ERP ci abbia lavorato. Un'ultima domanda con la chiave del "
        "negozio, conservata in una colonna, trova ogni record. Poi riprovalo.",
    ),
    "SA-5308": Explanation(
        "Un record già scritto è cambiato",
        "Nel database c'è già, e il flusso non ha istruzioni `update`.",
        "Inserisci la modifica a mano e confermalo, oppure scrivi istruzioni `update` e riprovalo.",
    ),
    "SA-5309": Explanation(
        "Un record già scritto non c'è più all'origine",
        "Nel database c'è, e il flusso non ha istruzioni `delete`.",
        "Eliminalo o annullalo a mano e confermalo, oppure scrivi istruzioni `delete` e riprovalo.",
    ),
    "SA-5310": Explanation(
        "Un'istruzione non ha avuto effetto",
        "Un INSERT, UPDATE o MERGE non ha toccato righe: la riga da modificare non c'è, oppure un "
        "INSERT ... SELECT non ha trovato niente da inserire. Tutta la transazione del record è "
        "stata annullata.",
        "Scopri quale valore non corrisponde a niente. Se non è un errore, scrivi "
        "`may_touch_none` nell'istruzione. Poi riprovalo.",
    ),
    "SA-5311": Explanation(
        "Il file non è sotto journal",
        "Dentro una transazione Db2 for i scrive solo in file sotto journal (SQL7008).",
        "Avvia il journal per il file (STRJRNPF). Se non si può, imposta `isolation: none`, "
        "oppure aggiungi `WITH NC` all'istruzione e scrivi `commits`: allora dopo un errore non "
        "si annulla niente.",
    ),
    "SA-5312": Explanation(
        "La connessione non può scrivere",
        "`statements` della connessione lascia passare solo SELECT.",
        "Dai alla destinazione una connessione sua, con `statements: all` e un utente che possa "
        "scrivere in questi file e in nessun altro.",
    ),
}
