"""SA-1xxx in Italian: configuration, secrets."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-1000": Explanation(
        "La configurazione ha più di un problema",
        "Ognuno è elencato con il suo codice, il file, la riga e la colonna.",
        "Segui l'elenco dall'alto: un problema può essere la conseguenza di uno precedente. "
        "`syncagent config check` mostra che cosa resta.",
    ),
    "SA-1001": Explanation(
        "Impossibile leggere il file di configurazione",
        "Il file non esiste, non è un file, è troppo grande per essere una configurazione, oppure "
        "l'utente del servizio non ha il permesso di leggerlo.",
        "Controlla percorso e proprietario, oppure indica un altro file con `--config`.",
    ),
    "SA-1002": Explanation(
        "Il file non è YAML valido",
        "Di solito è il rientro: una tabulazione al posto degli spazi, una riga troppo a sinistra "
        "o troppo a destra, uno spazio mancante dopo i due punti, oppure un valore senza "
        "virgolette che contiene `: ` o comincia con un carattere speciale.",
        "Guarda la riga indicata e quella sopra; metti tra virgolette il valore se contiene "
        "caratteri speciali.",
    ),
    "SA-1003": Explanation(
        "Il file non è testo UTF-8",
        "Un editor l'ha salvato in un'altra codifica, per esempio Windows-1252 o UTF-16.",
        "Salvalo in UTF-8; riga e colonna indicano il primo byte sbagliato.",
    ),
    "SA-1004": Explanation(
        "Una voce compare due volte",
        "La stessa voce è scritta due volte nella stessa sezione. Una delle due avrebbe la meglio "
        "senza che nessuno se ne accorga.",
        "Elimina o rinomina una delle due.",
    ),
    "SA-1005": Explanation(
        "YAML che una configurazione non usa",
        "Un tag (`!name`), un secondo documento (`---`), un alias senza ancora, una voce che non "
        "è testo, oppure ancore che si moltiplicano oltre misura.",
        "Scrivilo in modo semplice; metti tra virgolette un valore che comincia con `*`, `&` o "
        "`!`.",
    ),
    "SA-1006": Explanation(
        "Manca una voce",
        "La sezione indicata ha bisogno di questa voce, che non ha un valore predefinito.",
        "Aggiungi la voce; il riferimento della configurazione spiega che cosa significa.",
    ),
    "SA-1007": Explanation(
        "Voce sconosciuta",
        "Quasi sempre è un errore di battitura, oppure la voce va un livello più in alto o più in "
        "basso. Le voci sconosciute sono rifiutate, perché un'impostazione ignorata in silenzio è "
        "peggio di un errore.",
        "Usa la grafia suggerita, oppure cerca la sezione nel riferimento della configurazione. "
        "Le voci tue, al primo livello, cominciano con `x-`.",
    ),
    "SA-1008": Explanation(
        "Un valore non va bene",
        "Il valore è di un altro tipo, oppure è fuori dai limiti ammessi per questa voce.",
        "Il messaggio dice che cosa ci si aspetta. I tempi si scrivono `30s`, `5m`, `1h`; le "
        "dimensioni `64MB`; le percentuali `10%`.",
    ),
    "SA-1009": Explanation(
        "Un nome non si può usare",
        "I nomi di connessioni e flussi compaiono nei comandi, nei log e nei nomi dei file.",
        "Usa lettere, cifre, `-` e `_`, al massimo 64 caratteri, cominciando con una lettera o "
        "una cifra.",
    ),
    "SA-1101": Explanation(
        "Tipo di connessione sconosciuto",
        "`kind:` indica un sistema per il quale questa versione non ha un connettore.",
        "Scegli uno dei tipi elencati nel riferimento della configurazione.",
    ),
    "SA-1102": Explanation(
        "Impossibile caricare un tipo di connessione",
        "Il connettore ha bisogno di un pacchetto o di una libreria di sistema che su questa "
        "macchina non c'è, per esempio `unixodbc` per il tipo `odbc`.",
        "Installa ciò che indica il messaggio; su Debian e Ubuntu, per ODBC, `apt install "
        "unixodbc`.",
    ),
    "SA-1103": Explanation(
        "Un flusso indica una connessione che non esiste",
        "`connection:` nella sorgente o nella destinazione di un flusso deve essere uno dei nomi "
        "scritti sotto `connections:`.",
        "Correggi il nome o aggiungi la connessione.",
    ),
    "SA-1104": Explanation(
        "Questo tipo non si può usare da quel lato",
        "Da alcuni tipi si può solo leggere, ad altri si può solo consegnare.",
        "Per questo lato del flusso usa una connessione di un altro tipo.",
    ),
    "SA-1105": Explanation(
        "Preset sconosciuto",
        "Un flusso dice `preset:` con un nome che il tipo della sua sorgente non ha.",
        "Correggi il nome, oppure scrivi nel flusso stesso le opzioni della sorgente, l'entità e "
        "la mappatura. `syncagent connectors show KIND` elenca i preset di un tipo.",
    ),
    "SA-1106": Explanation(
        "Un flusso non può unirsi a quello",
        "`joins` indica un flusso di cui anche questo porta i record. Quel flusso deve esistere, "
        "non unirsi a sua volta a un altro e consegnare la stessa entità alla stessa destinazione "
        "con le stesse opzioni.",
        "Indica un flusso così, oppure togli `joins`.",
    ),
    "SA-1107": Explanation(
        "Due flussi non formano una coppia",
        "`two_way` indica il flusso della direzione opposta. I due devono portare la stessa "
        "entità tra le stesse due connessioni, uno all'andata e uno al ritorno.",
        "Correggi ciò che indica il messaggio.",
    ),
    "SA-1108": Explanation(
        "Si controllano i totali dove non ce ne sono",
        "`totals` ricalcola righe e totali degli ordini. Le altre entità non ne hanno, e un "
        "record modificato da entrambi i lati non può aspettare una persona su uno solo dei due.",
        "Togli `totals` da questo flusso.",
    ),
    "SA-1109": Explanation(
        "Così non si possono cercare gli ordini",
        "Una ricerca che indica `orders` somma quanto gli ordini di un altro flusso tolgono dalle "
        "giacenze. Quel flusso deve essere di ordini, quello sotto `until` di order_status; chi "
        "cerca gli stessi ordini deve indicare gli stessi stati; e se in `by` c'è una seconda "
        "colonna, va detto da quale `warehouse` si prelevano le righe che non ne indicano uno.",
        "Il messaggio dice che cosa non va; docs/orders.md mostra un flusso intero.",
    ),
    "SA-1201": Explanation(
        "Entità sconosciuta",
        "`entity:` dice che cosa sono i record: una delle entità di un negozio B2B.",
        "Scegli una delle entità elencate nel messaggio.",
    ),
    "SA-1601": Explanation(
        "Impossibile ottenere un segreto",
        "La configurazione indica un segreto (env:, file:, keyring:, credential:) che non c'è, "
        "oppure che altri utenti della macchina possono leggere.",
        "Esegui `syncagent secret test` con il riferimento: dice che cosa manca. Per un file: "
        "permessi 600, proprietario l'utente del servizio.",
    ),
    "SA-1602": Explanation(
        "Un segreto è vuoto",
        "Il posto indicato dal riferimento esiste ma non contiene testo.",
        "Salva di nuovo il valore; per un portachiavi usa `syncagent secret set`.",
    ),
    "SA-1603": Explanation(
        "Il portachiavi conserva le password in chiaro",
        "È installato il pacchetto keyrings.alt, che di norma scrive le password senza cifrarle.",
        "Disinstalla keyrings.alt, oppure usa `credential:` (systemd) o `file:` con permessi 600.",
    ),
    "SA-1604": Explanation(
        "Questa macchina non ha un portachiavi",
        "Un server senza sessione grafica non ha un portachiavi che un servizio possa aprire.",
        "Usa `credential:` con LoadCredentialEncrypted nella unit di systemd, oppure `file:` con "
        "permessi 600.",
    ),
    "SA-1605": Explanation(
        "Il portachiavi non ha salvato il segreto",
        "È bloccato, appartiene a un altro utente oppure non risponde.",
        "Sblocca il portachiavi dell'utente che esegue il servizio, oppure usa `file:` con "
        "permessi 600.",
    ),
    "SA-1301": Explanation(
        "Una password in chiaro",
        "Una voce che vuole un segreto contiene qualcosa che non è un riferimento. La "
        "configurazione viene copiata, spedita e salvata nei backup, quindi non contiene mai una "
        "password. Il messaggio non ripete il valore.",
        "Salva il valore con `syncagent secret set NAME` e scrivi `keyring:NAME`, oppure usa "
        "`env:NAME`, `file:/path` (permessi 600) o `credential:NAME` (systemd). Considera la "
        "vecchia password nota ad altri.",
    ),
    "SA-1302": Explanation(
        "Una password dentro un URL o una stringa di connessione",
        "Un testo come `https://user:password@host`, `PWD=…;` o `?token=…` contiene un segreto.",
        "Toglilo dal testo e mettilo come riferimento nella voce della connessione prevista per "
        "questo. Considera la vecchia password nota ad altri.",
    ),
}
