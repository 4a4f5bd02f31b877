"""SA-7xxx in Italian: daemon, jobs, local API and CLI."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-7002": Explanation(
        "Non c'è un'esecuzione, un messaggio o un codice così",
        "Un comando indica un numero o un id che l'archivio non contiene, o non contiene più: i "
        "messaggi consegnati e le esecuzioni vecchie si eliminano dopo il loro tempo.",
        "`syncagent runs` e `syncagent outbox list` mostrano che cosa c'è.",
    ),
    "SA-7003": Explanation(
        "Una richiesta è incompleta o non si capisce",
        "Un campo di un modulo è rimasto vuoto. Oppure all'API locale ha chiesto un programma "
        "diverso da questa versione di `syncagent`, o l'agente in funzione è ancora di una "
        "versione più vecchia del comando.",
        "Compila il campo indicato nel motivo. Dopo un aggiornamento riavvia l'agente. Per un "
        "programma tuo: il motivo indica l'operazione e il campo.",
    ),
    "SA-7004": Explanation(
        "Non si può fare con questa esecuzione o questo messaggio",
        "Si approvano o si scartano solo le esecuzioni trattenute, e si riprovano o si ignorano "
        "solo i messaggi fermi. Forse qualcun altro è stato più veloce.",
        "Guarda il suo stato: `syncagent outbox show`, `syncagent hold list`.",
    ),
    "SA-7005": Explanation(
        "Non c'è un conflitto così",
        "Di questo record niente aspetta una decisione: qualcuno ha già deciso, oppure i due lati "
        "ormai dicono lo stesso.",
        "`syncagent conflicts list` mostra che cosa aspetta.",
    ),
    "SA-7006": Explanation(
        "Il record modificato non si può inviare così",
        "Un campo compilato a mano viola una regola del suo tipo di record, oppure l'ordine "
        "ancora non torna. Non è cambiato niente.",
        "Il motivo indica ogni campo e la sua regola: decimali con il punto (`12.50`), date come "
        "`2026-11-22`, elenchi e valori annidati come JSON. docs/reference/entities.md elenca "
        "tutti i campi.",
    ),
    "SA-7007": Explanation(
        "La riga di comando è sbagliata",
        "Un'opzione o un argomento è sconosciuto, manca o ha un valore che non può avere.",
        "`syncagent COMMAND --help` elenca che cosa accetta il comando.",
    ),
    "SA-7008": Explanation(
        "Da qui non si può salvare un segreto di quel tipo",
        "`secret set` scrive nel portachiavi della macchina o in un file. `env:` e `credential:` "
        "spettano a chi avvia il servizio.",
        "Usa `keyring:NAME` o `file:/path`; per systemd: `systemd-creds encrypt`.",
    ),
    "SA-7009": Explanation(
        "Non c'è un tipo di sistema così",
        "A `syncagent connectors show` è stato chiesto un tipo che questa versione non ha.",
        "`syncagent connectors list` mostra tutti i tipi.",
    ),
    "SA-7101": Explanation(
        "Un'esecuzione è finita prima del tempo",
        "All'agente è stato chiesto di fermarsi, oppure la coda era piena e non c'era posto per "
        "altro.",
        "Niente: l'esecuzione ricomincia da sola e non perde niente.",
    ),
    "SA-7102": Explanation(
        "Un'esecuzione è fallita per un motivo imprevisto",
        "Dentro l'agente, in un connettore o in un driver è andato storto qualcosa che non "
        "dovrebbe. La prossima esecuzione guarda di nuovo ciò che questa aveva trovato; gli altri "
        "flussi proseguono.",
        "Il log contiene i dettagli alla stessa ora. Segnalalo insieme a quelli.",
    ),
    "SA-7104": Explanation(
        "Non c'è un flusso o un sistema così",
        "Un comando indica un flusso che la configurazione in vigore non ha, uno disattivato, "
        "oppure un sistema a cui non si consegna nulla.",
        "`syncagent status` li elenca. Dopo una modifica della configurazione guarda lì se "
        "l'agente l'ha presa.",
    ),
    "SA-7105": Explanation(
        "Non c'è un'attività così",
        "L'attività è conclusa, oppure non c'è mai stata.",
        "`syncagent runs` mostra che cosa è stato fatto.",
    ),
    "SA-7106": Explanation(
        "L'esecuzione non aspetta l'approvazione",
        "Si approvano o si scartano solo le esecuzioni trattenute. Forse qualcun altro è stato "
        "più veloce.",
        "`syncagent hold list` mostra le esecuzioni che aspettano, `syncagent runs` che cosa ne è "
        "stato delle altre.",
    ),
    "SA-7107": Explanation(
        "Un'attività è stata annullata",
        "L'ha terminata una persona (`syncagent jobs cancel`). Ciò che aveva preso in carico "
        "resta; ciò che la protezione aveva trattenuto viene guardato di nuovo.",
        "Niente. La prossima esecuzione del flusso prosegue; oppure chiedila tu: `syncagent jobs "
        "run`.",
    ),
    "SA-7108": Explanation(
        "Il flusso è in pausa",
        "L'ha messo in pausa una persona (`syncagent pause`): fino alla fine della pausa, o "
        "finché non viene ripreso, non si legge niente. Ciò che era già stato letto si consegna "
        "lo stesso, e il flusso si può confrontare con la sua destinazione.",
        "Chiedi a chi l'ha messo in pausa perché: lo dicono la pagina del flusso e `syncagent "
        "status`. Per terminare la pausa: `syncagent resume FLOW`.",
    ),
    "SA-7201": Explanation(
        "Nessun agente è in funzione",
        "Il comando chiede all'agente in funzione, e per questa configurazione non ce n'è uno "
        "(oppure è stato chiuso un momento fa).",
        "Avvialo: `syncagent run`, oppure come servizio `systemctl start syncagent`. `sync`, "
        "`preview`, `resync` e `check` funzionano anche senza.",
    ),
    "SA-7202": Explanation(
        "L'agente non risponde",
        "All'indirizzo dell'agente qualcosa ascolta, ma in tempo non è arrivata una risposta "
        "valida.",
        "Guarda il log dell'agente. Se è bloccato, riavvialo: non si perde niente.",
    ),
    "SA-7301": Explanation(
        "Non hai il permesso di parlare con l'agente",
        "L'API locale è per l'utente dell'agente e per root; nessun altro può leggere il suo "
        "socket e il suo token.",
        "Esegui il comando con quell'utente: `sudo -u syncagent syncagent status`.",
    ),
    "SA-7302": Explanation(
        "Il token dell'API locale manca o è sbagliato",
        "Dove non ci sono socket Unix, una richiesta porta il token che sta in `api.json` nella "
        "cartella di stato. Se ne crea uno nuovo a ogni avvio dell'agente.",
        "Leggilo di nuovo. La riga di comando lo fa da sola.",
    ),
    "SA-7303": Explanation(
        "Una richiesta è arrivata da fuori",
        "L'Host della richiesta non è questa macchina, oppure l'ha fatta una pagina in un "
        "browser. In entrambi i casi è rifiutata, così nessuna pagina web può raggiungere "
        "l'agente.",
        "Parla con l'API da questa macchina, con 127.0.0.1 o con il socket.",
    ),
    "SA-7304": Explanation(
        "Una richiesta è troppo grande",
        "Una richiesta all'API locale contiene al massimo 1 MiB.",
        "Indica meno chiavi alla volta.",
    ),
    "SA-7305": Explanation(
        "L'API locale non può ascoltare",
        "Il suo socket o la sua porta non si può avere: il file system non ammette socket, oppure "
        "è pieno.",
        "Il motivo indica il percorso. Metti la cartella di stato su un disco locale.",
    ),
    "SA-7901": Explanation(
        "Un errore interno di SyncAgent",
        "Un caso che il programma non si aspetta. Non si perde niente: ciò che non era confermato "
        "si rifà.",
        "Segnalalo con le righe del log indicate dal messaggio.",
    ),
}
