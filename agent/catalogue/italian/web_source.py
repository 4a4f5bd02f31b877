"""SA-24xx in Italian: sources behind a web API."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-2401": Explanation(
        "Il server non accetta la richiesta",
        "Ha risposto 400, 404, 405, 410, 414, 415, 422 o simili: il percorso non c'è, un "
        "parametro o il suo valore non è tra quelli che conosce, oppure il corpo non è come lo "
        "vuole.",
        "Confronta percorso, parametri e corpo con la documentazione del server; l'errore riporta "
        "le sue parole. Poi riprendi il flusso.",
    ),
    "SA-2402": Explanation(
        "Il server ci rimanda a un altro server",
        "Un reindirizzamento, un'intestazione `Link` o l'indirizzo successivo nella risposta "
        "porta a un altro schema, host o porta. Non viene seguito: le nostre credenziali "
        "andrebbero là, e chi può scrivere in una risposta potrebbe far interrogare qualsiasi "
        "macchina di questa rete.",
        "Se l'altro indirizzo è giusto, mettilo in `url`. Dietro un reverse proxy, fai impostare "
        "nel server il suo indirizzo esterno.",
    ),
    "SA-2403": Explanation(
        "Il server presenta un errore come un successo",
        "Lo stato era 200, e il campo indicato da `error` contiene qualcosa.",
        "Leggi nell'errore le parole del server; l'esecuzione si ripete.",
    ),
    "SA-2404": Explanation(
        "La risposta non ha la struttura dichiarata",
        "Nel punto indicato da `records` non c'è un elenco.",
        "Se non ha mai funzionato, correggi `records`; l'errore dice che cosa contiene la "
        "risposta. Se prima funzionava, per un po' il server ha risposto altro: l'esecuzione si "
        "ripete.",
    ),
    "SA-2405": Explanation(
        "Un valore che guida le pagine non è come dovrebbe",
        "`total` non è un numero intero, `more` non è né vero né falso, oppure `next` non è né un "
        "testo né un numero.",
        "Correggi il percorso sotto `paging`.",
    ),
    "SA-2406": Explanation(
        "La stessa pagina è arrivata due volte",
        "Quasi sempre il parametro della pagina ha un altro nome e viene ignorato, quindi ogni "
        "pagina è la prima. Alcuni server, per ogni numero dopo l'ultima pagina, rispondono "
        "ancora l'ultima.",
        "Correggi `paging.parameter`; nel secondo caso di' dove la risposta contiene `total` o "
        "`more`.",
    ),
    "SA-2407": Explanation(
        "L'elenco non finisce mai",
        "Sono arrivate più pagine di quante ne ammette `paging.most_pages`.",
        "Aumentalo se l'elenco è davvero così lungo, oppure chiedi pagine più grandi.",
    ),
    "SA-2408": Explanation(
        "Un record non si può leggere",
        "Gli manca un campo che è tra le colonne, ripete un campo, contiene un numero che non è "
        "un numero o un testo che non è Unicode, oppure non è affatto un oggetto. Finché non si "
        "può leggere non si cancella niente, perché potrebbe essere un record qualsiasi.",
        "Correggilo nella sorgente. Un campo che il server omette quando è vuoto va sotto "
        "`optional`.",
    ),
    "SA-2409": Explanation(
        "I singoli record non hanno un indirizzo",
        "Sono state chieste singole chiavi, e il flusso non dice dove si trova un solo record.",
        "Scrivi `item: /path/{key}` sotto `source`, oppure leggi tutto.",
    ),
    "SA-2410": Explanation(
        "È arrivato un record diverso da quello chiesto",
        "L'indirizzo di un singolo record ha dato un record con un'altra chiave. Fidandosi, si "
        "cancellerebbe quello chiesto.",
        "Controlla `item`; alcuni server fanno una ricerca dove ci si aspettava un indirizzo, "
        "oppure non distinguono maiuscole e minuscole.",
    ),
    "SA-2411": Explanation(
        "Una data di modifica non si può leggere",
        "Il campo sotto `changes` contiene qualcosa che non è nel formato dichiarato.",
        "Correggi `field` o `format`.",
    ),
    "SA-2413": Explanation(
        "Una chiave non può stare in un indirizzo",
        "La chiave è vuota, `.` o `..`, che i server prendono per un altro percorso.",
        "Leggi tutto al posto di quella chiave.",
    ),
    "SA-2420": Explanation(
        "Non c'è un entity set con questo nome",
        "`$metadata` del servizio non elenca l'entity set indicato dal flusso.",
        "Correggi `entity_set`; maiuscole e minuscole contano. Per un set dentro un altro, "
        "dichiara `key` e `columns`.",
    ),
    "SA-2421": Explanation(
        "`$metadata` non si può leggere",
        "Non è XML corretto in UTF-8, oppure dichiara entità proprie.",
        "Dichiara `key` e `columns` del flusso: allora nessuno lo chiede più, tranne che per "
        "singole chiavi.",
    ),
    "SA-2422": Explanation(
        "Il servizio ha dimenticato un link che aveva dato",
        "Ha risposto 410. I link alla pagina successiva e alle modifiche valgono solo per un "
        "certo tempo.",
        "Niente: tutto viene riletto da solo. Se succede a ogni esecuzione, esegui il flusso più "
        "spesso di quanto il servizio dimentichi.",
    ),
    "SA-2423": Explanation(
        "L'entity set non ha una chiave",
        "`$metadata` non ne indica una per il suo tipo.",
        "Scrivi `key` sotto `source`: le proprietà che distinguono un'entità da un'altra.",
    ),
    "SA-2424": Explanation(
        "Il servizio non dà un delta link",
        "Il flusso dice `delta: true`, e l'ultima pagina non conteneva un link per le modifiche "
        "successive.",
        "Il servizio non tiene traccia delle modifiche di questo set. Usa `changes` con una "
        "proprietà che dice quando un'entità è cambiata, oppure leggi tutto.",
    ),
    "SA-2430": Explanation(
        "L'azienda non c'è",
        "La connessione indica un'azienda di un ERP con un nome che l'ambiente non ha, o che "
        "l'utente non può vedere.",
        "Usa uno dei nomi nel messaggio, oppure l'id dell'azienda; concedi all'utente l'accesso.",
    ),
    "SA-2431": Explanation(
        "La query ha più righe di quante il sistema ne dia",
        "NetSuite dà al massimo 100.000 righe di una query via REST. Quelle dopo non si "
        "vedrebbero mai.",
        "Dividi il flusso in più flussi, ognuno con la sua condizione sotto `where`.",
    ),
    "SA-2432": Explanation(
        "Il modello non ha questo campo",
        "Sono stati chiesti a Odoo i campi del modello, e uno di quelli indicati dal flusso non "
        "c'è, oppure l'utente non può vederlo.",
        "Correggi `fields` o `also`; installa il modulo che porta il campo; aggiungi l'utente al "
        "gruppo che può vederlo.",
    ),
}
