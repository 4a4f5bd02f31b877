"""SA-5xxx in Italian: delivery and targets."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-5001": Explanation(
        "La destinazione non ha risposto per un messaggio",
        "Un blocco ha avuto risposta, ma questo messaggio non vi è nominato, oppure non c'è stata "
        "alcuna risposta. Non si sa se sia stato preso.",
        "Niente: viene inviato di nuovo da solo, con lo stesso id, così ha effetto una volta "
        "sola. Se il problema resta, la destinazione non risponde per ogni messaggio come chiede "
        "il suo protocollo.",
    ),
    "SA-5002": Explanation(
        "La destinazione ha rifiutato un messaggio senza un motivo",
        "La risposta segna il messaggio come rifiutato e non dice altro.",
        "Guarda il log della destinazione a quell'ora. Eliminata la causa: `syncagent outbox "
        "retry`.",
    ),
    "SA-5003": Explanation(
        "Un connettore ha avuto un errore imprevisto",
        "Il connettore ha incontrato qualcosa che il suo autore non aveva previsto. Vale come "
        "un'interruzione: i messaggi vengono inviati di nuovo più tardi.",
        "Cerca il traceback nel log e segnalalo. Se la causa è un solo messaggio, viene "
        "individuato da solo e fermato con SA-5004.",
    ),
    "SA-5004": Explanation(
        "Un connettore va in errore con questo messaggio",
        "Inviato da solo, il messaggio ha mandato in errore il connettore, mentre altri sono "
        "passati. Resta fermo per non bloccarli.",
        "Cerca nel record valori insoliti con `syncagent outbox show`, e segnala il traceback che "
        "è nel log. Eliminata la causa: `syncagent outbox retry`.",
    ),
    "SA-5005": Explanation(
        "L'invio è stato interrotto",
        "L'agente è stato fermato, oppure la destinazione si è fermata o è stata messa in pausa, "
        "mentre un blocco veniva inviato a parti, o mentre un confronto le chiedeva che cosa "
        "contiene.",
        "Niente: il resto del blocco si invia appena la destinazione è di nuovo raggiungibile. Un "
        "confronto ricomincia; se la destinazione è ferma, sistema prima quella.",
    ),
    "SA-5006": Explanation(
        "Aspetta un altro record",
        "Il record ne indica un altro, un cliente o un articolo, che la destinazione non ha "
        "ancora, o di cui non si conosce il numero di là.",
        "Niente, se quel record è in viaggio: questo segue da solo. Altrimenti guarda perché "
        "l'altro non c'è: `syncagent outbox list --state parked`.",
    ),
    "SA-5007": Explanation(
        "Il modello non si può compilare",
        "Un'espressione del modello della destinazione indica un campo che il record non ha, "
        "oppure fa un calcolo con un valore che non lo permette.",
        "Correggi il modello, oppure fai compilare il campo alla mappatura del flusso; poi "
        "riprova il record.",
    ),
    "SA-5008": Explanation(
        "Il suo flusso non è più configurato",
        "Il record è stato preso in carico da un flusso che non è più nella configurazione, e più "
        "flussi scrivono in questa destinazione in modi diversi: non si sa come scriverlo.",
        "Rimetti il flusso e riprova il record, oppure ignoralo.",
    ),
    "SA-5010": Explanation(
        "In dubbio: potrebbe essere già stato scritto",
        "La connessione è caduta, oppure l'agente è stato fermato, durante la scrittura del "
        "record, e alla destinazione non si può chiedere se c'è.",
        "Cerca il numero del record nel programma della destinazione. Se c'è: `syncagent orders "
        "confirm`. Se non c'è: `syncagent orders retry`.",
    ),
    "SA-5101": Explanation(
        "La consegna si è fermata in modo imprevisto",
        "L'agente stesso ha avuto un errore durante la consegna a una destinazione. Non si perde "
        "niente: ciò che non era concluso resta nella coda.",
        "Cerca il traceback nel log e segnalalo. Riprendendo la destinazione o riavviando "
        "l'agente si riprova.",
    ),
    "SA-5201": Explanation(
        "Il server non è raggiungibile",
        "Non è stato possibile collegarsi: il server è spento, un firewall rifiuta, la rete o il "
        "proxy è interrotto.",
        "Niente, se è un'interruzione passeggera: si riprova da solo. Altrimenti prova "
        "l'indirizzo da questa macchina, e chiedi a chi gestisce firewall e proxy.",
    ),
    "SA-5202": Explanation(
        "Il nome del server non si risolve",
        "Il DNS non conosce l'host, oppure non è a sua volta raggiungibile.",
        "Controlla come è scritto `url` e le impostazioni DNS di questa macchina.",
    ),
    "SA-5203": Explanation(
        "Il server non ha risposto in tempo",
        "Il collegamento, un silenzio durante la risposta o la richiesta intera ha superato "
        "`connect_timeout`, `read_timeout` o `total_timeout`.",
        "Niente, se passa. Se non passa: un `batch_size` più piccolo, oppure tempi più lunghi.",
    ),
    "SA-5204": Explanation(
        "La connessione è caduta",
        "È finita prima che la risposta fosse completa. Non si sa se il blocco sia stato preso.",
        "Niente: il blocco viene inviato di nuovo con gli stessi id. Se ogni connessione finisce "
        "subito, forse il server vuole un certificato client.",
    ),
    "SA-5205": Explanation(
        "Il server ha risposto con un reindirizzamento",
        "Davanti c'è un portale o una pagina di manutenzione. I reindirizzamenti non si seguono "
        "mai, così nessun dato e nessun accesso finisce altrove.",
        "Apri l'indirizzo in un browser su questa macchina per vedere che cosa c'è.",
    ),
    "SA-5206": Explanation(
        "La risposta non è JSON",
        "Ha risposto qualcosa di diverso dal servizio: un portale di accesso, un firewall, una "
        "pagina di manutenzione. Di ciò che è stato inviato non si sa niente di certo.",
        "Apri l'indirizzo in un browser su questa macchina. Se `url` porta a un sito web invece "
        "che al suo servizio, correggilo.",
    ),
    "SA-5207": Explanation(
        "La risposta non rispetta il protocollo",
        "È JSON, ma non ha la struttura che il protocollo chiede.",
        "Controlla che `url` porti al servizio giusto, e segnalalo a chi lo gestisce.",
    ),
    "SA-5208": Explanation(
        "La risposta è troppo grande",
        "Supera il massimo che si legge, per proteggere la memoria di questa macchina.",
        "Segnalalo a chi gestisce il server; può aiutare un `batch_size` più piccolo o una pagina "
        "più piccola.",
    ),
    "SA-5211": Explanation(
        "Il server ci chiede di aspettare",
        "È occupato (429) o per un po' fuori servizio (503). Si rispetta il tempo che chiede in "
        "Retry-After, tra un secondo e un'ora.",
        "Niente. Se succede tutto il giorno, un ritmo più lento o un `batch_size` più grande "
        "riduce le richieste.",
    ),
    "SA-5212": Explanation(
        "Il server ha avuto un errore",
        "Ha risposto con un errore suo (5xx). Ciò che è stato inviato si ripete più tardi.",
        "Guarda il log del server a quell'ora.",
    ),
    "SA-5213": Explanation(
        "Il server sta ancora lavorando sugli stessi record",
        "Lì una richiesta precedente con gli stessi record non è ancora finita (409).",
        "Niente: si chiede di nuovo più tardi.",
    ),
    "SA-5214": Explanation(
        "Il token di accesso è scaduto prima del previsto",
        "È stato rifiutato un token che prima funzionava. Per la prossima richiesta se ne prende "
        "uno nuovo.",
        "Niente, a meno che non succeda spesso: allora la durata dichiarata del token e quella "
        "reale sono diverse.",
    ),
    "SA-5220": Explanation(
        "Il server non accetta la nostra identità",
        "Il token, la firma o il certificato client manca, è sbagliato o è scaduto (401). Non si "
        "riprova da solo, così nessun account viene bloccato.",
        "Salva il segreto giusto, per un portachiavi con `syncagent secret set`, poi riprendi.",
    ),
    "SA-5221": Explanation(
        "Il server lo vieta",
        "Lì ci conoscono, ma non abbiamo il permesso di farlo (403).",
        "Fai concedere il permesso a chi gestisce il server, poi riprendi.",
    ),
    "SA-5222": Explanation(
        "A questo indirizzo non c'è un servizio così",
        "Il server risponde, ma non conosce ciò che è stato chiesto (404, 405, 410, 501).",
        "Correggi `url`. Per il protocollo del negozio finisce prima di /v1.",
    ),
    "SA-5223": Explanation(
        "Il server si è trasferito per sempre",
        "Risponde con un reindirizzamento permanente (301, 308). Non viene seguito da solo.",
        "Accertati che il nuovo indirizzo sia giusto e mettilo nella configurazione.",
    ),
    "SA-5224": Explanation(
        "Non si ottiene un token di accesso",
        "Il servizio che rilascia i token non conosce `client_id`, rifiuta il segreto, oppure non "
        "concede lo scope.",
        "Controlla `client_id`, `client_secret` e `scope` con chi li ha rilasciati.",
    ),
    "SA-5225": Explanation(
        "Il proxy ci rifiuta",
        "Il proxy vuole un accesso (407) oppure vieta l'indirizzo (403).",
        "Imposta `proxy_user` e `proxy_password`, oppure fai ammettere l'indirizzo.",
    ),
    "SA-5226": Explanation(
        "Il server non accetta ciò che inviamo in questa forma",
        "Ha risposto 415: molto probabilmente non sa decomprimere gzip.",
        "Imposta `gzip: never` per la connessione.",
    ),
    "SA-5227": Explanation(
        "Un file di certificato non si può usare",
        "`ca_file`, `client_certificate` o `client_key` manca, non è leggibile, non è un file "
        "PEM, oppure la sua password è sbagliata.",
        "Controlla percorso, proprietario e contenuto; `openssl x509 -in FILE -noout -text` deve "
        "mostrarlo.",
    ),
    "SA-5228": Explanation(
        "Il segreto per la firma ha la forma sbagliata",
        "Deve essere `whsec_` seguito da base64.",
        "Copialo di nuovo, prefisso compreso, e salvalo.",
    ),
    "SA-5229": Explanation(
        "Il nome del server porta a un indirizzo link-local",
        "Lì non c'è nessun sistema aziendale, ma ci sono i servizi di metadati delle macchine "
        "cloud, che consegnano segreti. La connessione è stata chiusa prima di inviare qualcosa.",
        "Controlla `url` e la risposta del DNS.",
    ),
    "SA-5230": Explanation(
        "Il negozio parla un'altra versione del protocollo",
        "Tra le sue funzioni indica una versione principale che questo agente non conosce.",
        "Aggiorna il lato più vecchio.",
    ),
    "SA-5231": Explanation(
        "Il certificato viene da un'autorità sconosciuta",
        "Quasi sempre un proxy aziendale ispeziona TLS e mostra un certificato suo; oppure il "
        "server omette i certificati intermedi.",
        "Metti in `ca_file` l'autorità dell'azienda in formato PEM, oppure nell'archivio del "
        "sistema operativo. La verifica non viene mai disattivata.",
    ),
    "SA-5232": Explanation(
        "Oggi il certificato non è valido",
        "È scaduto o non è ancora valido; oppure l'orologio di questa macchina è sbagliato.",
        "Fallo rinnovare; controlla l'orologio.",
    ),
    "SA-5233": Explanation(
        "Il certificato è di un altro host",
        "Il server che ha risposto non può dimostrare di essere quello indicato in `url`.",
        "Correggi `url`, oppure scopri quale proxy o portale risponde al suo posto.",
    ),
    "SA-5234": Explanation(
        "Il certificato client è stato rifiutato",
        "Il server ha chiuso la connessione durante lo scambio iniziale: vuole un certificato, "
        "oppure non questo.",
        "Imposta `client_certificate` e `client_key` su ciò che ha rilasciato chi gestisce il "
        "server; controlla le date.",
    ),
    "SA-5235": Explanation(
        "Il server non parla TLS come serve",
        "Su questa porta parla in chiaro oppure solo versioni di TLS non più sicure.",
        "Controlla lo schema e la porta di `url`.",
    ),
    "SA-5236": Explanation(
        "Il blocco è più grande di quanto il negozio accetti",
        "`batch_size` supera il limite indicato dal negozio.",
        "Riduci `batch_size`.",
    ),
    "SA-5237": Explanation(
        "Il token non si può inviare",
        "Contiene a capo, spazi o lettere fuori da ASCII. Quasi sempre è stato copiato male.",
        "Salvalo di nuovo così come l'ha rilasciato chi gestisce la destinazione.",
    ),
    "SA-5238": Explanation(
        "Il negozio non accetta contenuti",
        "La connessione indica cartelle sotto `contents`, e il negozio non indica la funzione "
        "`contents`: non può ricevere immagini o documenti.",
        "Fai aggiornare il negozio, oppure togli `contents`.",
    ),
    "SA-5241": Explanation(
        "La richiesta è troppo grande per la destinazione",
        "Ha risposto 413. Si inviano le metà, fino a singoli messaggi; uno che da solo è troppo "
        "grande resta fermo.",
        "Niente per il blocco. Per un messaggio fermo: accorcia i dati del record, oppure fai "
        "alzare il limite della destinazione.",
    ),
    "SA-5242": Explanation(
        "La destinazione ha rifiutato la richiesta intera",
        "Ha risposto con un altro 4xx, senza dire quale messaggio ne è la causa. Si inviano le "
        "metà finché non viene trovato e fermato.",
        "Guarda il motivo del messaggio fermo. Eliminata la causa: `syncagent outbox retry`.",
    ),
    "SA-5251": Explanation(
        "Non si sa dove si trova il contenuto di un record",
        "Il record indica con `sha256` un contenuto che l'altro lato non ha, e manca `path`, "
        "oppure la connessione della destinazione non indica cartelle sotto `contents`.",
        "Mappa `path` dalla colonna della cartella, ed elenca la cartella sotto `contents` della "
        "connessione della destinazione. Poi: `syncagent outbox retry`.",
    ),
    "SA-5252": Explanation(
        "Un file è cambiato tra la lettura e la consegna",
        "Contiene byte diversi da quando è stata letta la sua cartella, quindi ciò che il record "
        "ne dice non è più vero. Non è stato inviato per intero.",
        "Niente: la prossima esecuzione trova il file com'è adesso, e il suo nuovo record prende "
        "il posto di questo. Se intanto sono tornati i byte di prima: `syncagent outbox retry`.",
    ),
    "SA-5253": Explanation(
        "Un file non si può aprire per la consegna",
        "C'era quando è stata letta la sua cartella. Da allora è stato spostato o eliminato, "
        "manca il permesso di leggerlo, oppure un programma lo tiene bloccato.",
        "Niente per un file spostato o eliminato: se ne accorge la prossima esecuzione. "
        "Altrimenti concedi la lettura o chiudi il programma, poi: `syncagent outbox retry`.",
    ),
    "SA-5254": Explanation(
        "L'altro lato rifiuta un contenuto",
        "Ai byte di un'immagine o di un documento ha risposto 411, 413, 415 o 422: lì è troppo "
        "grande, oppure di un tipo che non accetta.",
        "Converti il file o riducilo: il suo record viene inviato di nuovo. Se invece è stato "
        "cambiato l'altro lato: `syncagent outbox retry`.",
    ),
    "SA-5255": Explanation(
        "Un percorso porta fuori dalle cartelle",
        "`path` di un record non è sotto una cartella da cui si può inviare, oppure passa per un "
        "collegamento. Non è stato aperto.",
        "Correggi la colonna da cui si ricava `path`, oppure elenca la cartella sotto `contents`. "
        "Poi: `syncagent outbox retry`.",
    ),
    "SA-5256": Explanation(
        "Adesso la cartella di un contenuto non si può leggere",
        "Una cartella sotto `contents` non c'è, oppure il sistema ha segnalato un errore di "
        "input/output: spesso è una condivisione di rete che è venuta a mancare.",
        "Ripristina la condivisione; la consegna riprende da sola.",
    ),
}
