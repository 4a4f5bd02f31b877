"""Why something that a person asked for was not done."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

_OBSTACLES = (
    Text(
        "a newer state of {key} waits behind it",
        "dietro aspetta già uno stato più recente di {key}",
    ),
    Text(
        "only a record that was refused, or is kept back, can be",
        "si corregge solo un record rifiutato o trattenuto",
    ),
    Text(
        "it is a row that the mapping refused, no record yet",
        "è una riga rifiutata dalla mappatura, non ancora un record",
    ),
    Text(
        "it is in doubt whether the other side has it",
        "non si sa se l'altra parte ce l'ha",
    ),
    Text("it lives on both sides", "vive da entrambe le parti"),
)

REASONS: Mapping[str, tuple[Text, ...]] = {
    "SA-7002": (
        Text(
            "there is no configuration {number}, or its text is gone",
            "la configurazione {number} non c'è, o il suo testo non è più conservato",
        ),
        Text("there is no run {run}", "l'esecuzione {run} non c'è"),
        Text("there is no message {message}", "il messaggio {message} non c'è"),
        Text("there is no user {name}", "l'utente {name} non c'è"),
    ),
    "SA-7003": (
        Text("it lasts for a time or until a moment, not both", "o una durata o un termine"),
        Text("{given} is no end", "{given} non è un termine"),
        Text("it ends in the future, within a year", "deve finire nel futuro, entro un anno"),
        Text(
            "{given} is no day such as {example_day}", "{given} non è un giorno come {example_day}"
        ),
        Text("{given} is no number of a run", "{given} non è il numero di un'esecuzione"),
        Text("no record is named", "non è indicato nessun record"),
        Text("{field} is empty", '"{field}" è vuoto'),
        Text(
            "{operation}: {name}: the number is too large",
            "{operation}: {name}: il numero è troppo grande",
        ),
    ),
    "SA-7004": (
        Text(
            "message {message} is {state}: nothing waits any more",
            "il messaggio {message} è {state}: non aspetta più",
        ),
        Text(
            "message {message} is a row that the mapping refused: nothing to send yet",
            "il messaggio {message} è una riga rifiutata dalla mappatura: non c'è ancora niente da "
            "inviare",
        ),
        Text(
            "message {message} is kept back: {objection}",
            "il messaggio {message} è trattenuto: {objection}",
        ),
        Text(
            "message {message} is {state}: no check keeps it back",
            "il messaggio {message} è {state}: nessun controllo lo trattiene",
        ),
        Text(
            "message {message} is {state}: only what is parked can be confirmed",
            "il messaggio {message} è {state}: si conferma solo ciò che la destinazione ha "
            "rifiutato o che è in dubbio",
        ),
        Text(
            "message {message} cannot be edited: {obstacle}",
            "il messaggio {message} non si può correggere: {obstacle}",
        ),
    ),
    "SA-7005": (
        Text("no conflict about {key} waits", "nessun conflitto su {key} aspetta una decisione"),
    ),
    "SA-7006": (Text("nothing was changed", "non è stato cambiato niente"),),
    "SA-7104": (
        Text('there is no flow "{flow}"', 'il flusso "{flow}" non c\'è'),
        Text('there is no active flow "{flow}"', 'il flusso attivo "{flow}" non c\'è'),
        Text('there is no {what} "{name}"', '"{name}" non c\'è'),
        Text("the flow is no longer configured", "il flusso non è più configurato"),
    ),
    "SA-7105": (
        Text("there is no job {job}", "l'attività {job} non c'è"),
        Text(
            "job {job} neither waits nor is being done",
            "l'attività {job} non aspetta e non è in corso",
        ),
        Text(
            "no schedule or event waits for {flow}: {scope}",
            "nessun orario o evento aspetta per {flow}: {scope}",
        ),
        Text("nothing is being done for {flow}", "niente è in corso per {flow}"),
    ),
    "SA-7106": (
        Text("run {run} does not wait for approval", "l'esecuzione {run} non aspetta approvazione"),
    ),
    "SA-7403": (
        Text(
            '"{flow}" was never compared with its target',
            '"{flow}" non è mai stato confrontato con la sua destinazione',
        ),
    ),
    "SA-7458": (Text("there is no open alert {number}", "l'avviso aperto {number} non c'è"),),
    "SA-7459": (
        Text("no recipients of alerts are configured", "nessun destinatario è configurato"),
    ),
    "SA-7466": (
        Text("the URL of {name} was not reached: {why}", "l'URL di {name} non risponde: {why}"),
    ),
    "SA-7480": (
        Text("{given} is no time", "{given} non è un momento"),
        Text("{given} is no month", "{given} non è un mese"),
    ),
    "SA-7482": (Text("there is no log file", "il file di registro non c'è"),),
    "SA-7510": (
        Text("name or password are wrong", "nome o password sono sbagliati"),
        Text("the old password is wrong", "la vecchia password è sbagliata"),
    ),
    "SA-7512": (
        Text("{name} cannot be the name of a user", "{name} non può essere il nome di un utente"),
        Text("there is a user {name} already", "l'utente {name} c'è già"),
    ),
    "SA-7513": (Text("too many attempts", "troppi tentativi"),),
    "SA-7515": (Text("the form is out of date", "il modulo è scaduto"),),
    "SA-7516": (Text("{name} may only look at this", "{name} può solo guardare"),),
    "SA-7517": (
        Text(
            "the dashboard cannot listen on {address}: {fault}",
            "il cruscotto non può ascoltare su {address}: {fault}",
        ),
    ),
    "SA-7518": (Text("there is no such page", "l'indirizzo non porta a niente"),),
    "SA-7519": (
        Text(
            "what is in doubt is decided one by one",
            "ciò che è in dubbio si decide uno per uno",
        ),
    ),
    "SA-7520": (Text("{name} is the only admin", "{name} è l'unico amministratore"),),
    "SA-7521": (Text("the two passwords differ", "le due password sono diverse"),),
    "SA-7901": (
        Text("the page failed", "la pagina non è riuscita"),
        Text("{operation} failed inside the daemon", "{operation} non è riuscito nel servizio"),
    ),
}

PLACES: Mapping[str, tuple[Text, ...]] = {
    "obstacle": _OBSTACLES,
    "state": (
        Text("delivered", "consegnato"),
        Text("parked", "rifiutato"),
        Text("pending", "in attesa"),
        Text("held", "trattenuto"),
        Text("superseded", "sostituito da uno più recente"),
        Text("ignored", "messo da parte"),
    ),
}
