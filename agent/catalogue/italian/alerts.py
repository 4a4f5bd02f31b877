"""SA-745x to SA-747x in Italian: alerts."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-7450": Explanation(
        "Il server di posta non risponde",
        "Il server SMTP indicato sotto `alerts.mail` non è raggiungibile, oppure ha interrotto. "
        "Gli avvisi aspettano e partono appena risponde.",
        "Controlla host, porta e `security` sotto `alerts.mail`, e il firewall; poi prova "
        "`syncagent alerts test`.",
    ),
    "SA-7451": Explanation(
        "Il server di posta rifiuta l'accesso",
        "Utente o password sotto `alerts.mail` è sbagliato, oppure il server vuole un altro modo "
        "di accedere. Non si riprova da solo.",
        "Salva la password giusta sotto il riferimento indicato nella configurazione, poi "
        "`syncagent resume`. I fornitori con doppia autenticazione vogliono una password per le "
        "app.",
    ),
    "SA-7452": Explanation(
        "Il server di posta rifiuta un messaggio in modo definitivo",
        "Non conosce l'indirizzo, oppure non ci lascia inviare con questo mittente.",
        "Correggi l'indirizzo o `from`; poi `syncagent outbox list` mostra l'avviso non inviato, "
        "e `syncagent outbox retry` lo invia.",
    ),
    "SA-7453": Explanation(
        "Il server di posta per ora rifiuta un messaggio",
        "I server lo fanno per alcuni minuti con i mittenti sconosciuti, e quando una casella è "
        "piena. Si riprova da solo.",
        "Niente, a meno che non duri: allora chiedi a chi gestisce il server di posta.",
    ),
    "SA-7454": Explanation(
        "Il server di posta non offre la cifratura",
        "È impostato `security: starttls` (lo è se non scrivi altro), e il server non lo offre.",
        "Imposta `security: tls` se il server ascolta sulla porta 465. `none` è per un server "
        "sulla stessa macchina o nella stessa stanza, e senza password.",
    ),
    "SA-7455": Explanation(
        "Apprise non è installato",
        "I `services` dei destinatari si raggiungono con la libreria Apprise, che è un'aggiunta. "
        "Per le e-mail non serve.",
        "`pip install 'syncagent[alerts]'` nell'ambiente dell'agente, poi `syncagent resume`.",
    ),
    "SA-7456": Explanation(
        "Un riferimento non contiene l'URL di un servizio",
        "Ciò che è salvato sotto il riferimento non è un URL che Apprise capisce, per esempio "
        "`tgram://TOKEN/CHAT`.",
        "Confrontalo con la pagina del servizio nella documentazione di Apprise, salvalo di "
        "nuovo, poi `syncagent resume`.",
    ),
    "SA-7457": Explanation(
        "Un servizio non ha accettato una notifica",
        "Non è raggiungibile, oppure ci rifiuta: un token revocato, un canale che non c'è più, "
        "troppi messaggi. Si riprova da solo.",
        "`syncagent alerts test` prova adesso. Se gli altri passano, salva un nuovo URL sotto il "
        "riferimento.",
    ),
    "SA-7458": Explanation(
        "Non c'è un avviso aperto così",
        "Si può prendere in carico solo ciò che è aperto; forse ormai è risolto.",
        "`syncagent alerts list` mostra gli avvisi aperti.",
    ),
    "SA-7459": Explanation(
        "Non è indicato nessuno da avvisare",
        "La configurazione non indica destinatari sotto `alerts`.",
        "Indica `recipients` e `tell` sotto `alerts`.",
    ),
    "SA-7460": Explanation(
        "Un flusso è in ritardo",
        "Ciò che ha la destinazione è più vecchio di quanto ammetta `freshness` del flusso, anche "
        "se forse niente va in errore: il flusso non viene eseguito, legge troppo a lungo, oppure "
        "i suoi messaggi aspettano dietro ad altri.",
        "`syncagent status` e `syncagent runs` mostrano l'ultima esecuzione; `syncagent sync "
        "FLOW` lo esegue adesso.",
    ),
    "SA-7461": Explanation(
        "Un certificato, un token o una versione dell'API sta per scadere",
        "L'altro lato ha detto fino a quando vale, lo dice il token stesso, oppure la "
        "configurazione con `expires`. Dopo quel giorno le chiamate saranno rifiutate.",
        "Rinnova il certificato o il token e correggi `expires`; se scade una versione dell'API, "
        "aggiorna SyncAgent. Poi `syncagent check` mostra la nuova data.",
    ),
    "SA-7462": Explanation(
        "Un controllo segnala qualcosa",
        "L'altro lato risponde, e qualcosa lì darà problemi più avanti o c'è solo a metà: un "
        "permesso mancante, una versione senza supporto.",
        "`syncagent check` mostra la segnalazione con il suo sistema.",
    ),
    "SA-7463": Explanation(
        "L'archivio è stato ripristinato da una copia precedente",
        "L'archivio era danneggiato o mancava, oppure qualcuno ha messo al suo posto una copia "
        "più vecchia. Tutto viene confrontato e inviato di nuovo; non si perde niente, e ciò che "
        "era stato deciso dopo la copia può essere chiesto di nuovo.",
        "Guarda `syncagent status` e gli ordini in dubbio (`syncagent orders`), scopri che cosa è "
        "successo al disco e prendi in carico l'avviso.",
    ),
    "SA-7464": Explanation(
        "Il disco è quasi pieno",
        "Sul disco dell'archivio c'è meno spazio di `store.disk_low`: la lettura aspetta, la "
        "consegna prosegue.",
        "Libera spazio su quel disco, oppure sposta l'archivio su uno più grande.",
    ),
    "SA-7465": Explanation(
        "I due lati hanno modificato lo stesso record",
        "La regola `conflicts` del flusso lascia la decisione a una persona, e fino ad allora il "
        "record resta com'è su entrambi i lati.",
        "`syncagent conflicts list`, poi `syncagent conflicts keep RECORD --from FLOW`.",
    ),
    "SA-7466": Explanation(
        "Il servizio di sorveglianza non è raggiungibile",
        "L'URL sotto `alerts.ping` non risponde. Il servizio che c'è dietro crederà che l'agente "
        "sia spento.",
        "Apri l'URL da questa macchina. Se serve un proxy, imposta HTTPS_PROXY per il servizio.",
    ),
    "SA-7467": Explanation(
        "Un flusso è in pausa da molto",
        "Qualcuno l'ha messo in pausa, e da allora non è ripartito. Ciò che nel frattempo cambia "
        "all'origine viene letto quando riparte.",
        "`syncagent resume FLOW`, oppure il pulsante nella pagina del flusso sul cruscotto. Se "
        "deve restare fermo, prendi in carico l'avviso.",
    ),
    "SA-7468": Explanation(
        "Manca una copia recente dell'archivio",
        "Da più del doppio del tempo indicato in `store.backup.every` non è stata fatta alcuna "
        "copia: la cartella non è scrivibile, il suo disco è pieno o la condivisione non c'è più.",
        "Guarda `syncagent logs --level error`, sistema la cartella indicata sotto `store.backup` "
        "oppure indicane un'altra.",
    ),
    "SA-7469": Explanation(
        "Qualcuno prova password",
        "Dieci o più accessi al cruscotto sono stati rifiutati in un'ora. Dopo cinque password "
        "sbagliate un nome aspetta un quarto d'ora, quindi chi prova non va lontano.",
        "La pagina «Chi ha fatto cosa» mostra i nomi provati. Se nessuno dei tuoi ha dimenticato "
        "la password, scopri chi raggiunge la porta del cruscotto.",
    ),
}
