"""SA-7510 to SA-7539 in Italian: the dashboard and the people who use it."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-7510": Explanation(
        "Nome o password non validi",
        "Qualcuno ha provato ad accedere al cruscotto. Non si dice quale dei due è sbagliato.",
        "Riprova. Un amministratore imposta un'altra password: `syncagent users password NAME`; "
        "`syncagent users list` mostra chi c'è.",
    ),
    "SA-7511": Explanation(
        "La password è troppo corta o troppo lunga",
        "Una password per il cruscotto ha da 12 a 256 caratteri.",
        "Usa tre o quattro parole che non c'entrano l'una con l'altra.",
    ),
    "SA-7512": Explanation(
        "L'utente non si può aggiungere",
        "C'è già un utente con quel nome, oppure il nome ha caratteri che i nomi non hanno.",
        "`syncagent users list` mostra chi c'è; `syncagent users password` cambia una password.",
    ),
    "SA-7513": Explanation(
        "Troppi tentativi di accesso",
        "Dopo cinque password sbagliate un nome aspetta quindici minuti, e così un indirizzo dopo "
        "trenta. Chi ha già fatto l'accesso non se ne accorge.",
        "Aspetta, oppure riavvia l'agente. Se non eri tu: la pagina che dice chi ha fatto cosa "
        "mostra i nomi provati.",
    ),
    "SA-7514": Explanation(
        "La richiesta non è arrivata da una pagina del cruscotto",
        "Un modulo è stato inviato da un'altra pagina, oppure con un nome che il cruscotto non "
        "conosce. Le pagine di altri non devono poter premere pulsanti qui.",
        "Apri il cruscotto al suo indirizzo e riprova. Se si raggiunge con un altro nome (per "
        "esempio dietro un proxy), aggiungi il nome a `hosts` nella sezione `dashboard`.",
    ),
    "SA-7515": Explanation(
        "Il modulo non è più valido",
        "La pagina era aperta da prima dell'ultimo accesso, oppure da più tempo di quanto duri "
        "una sessione.",
        "Ricarica la pagina e ripeti ciò che hai fatto.",
    ),
    "SA-7516": Explanation(
        "Il tuo ruolo non lo permette",
        "Un viewer guarda, un operator decide su record ed esecuzioni, un admin vede anche chi ha "
        "fatto cosa e gestisce chi può accedere.",
        "Chiedi a un amministratore, che ti dà un altro ruolo nella pagina degli utenti o con "
        "`syncagent users role`.",
    ),
    "SA-7517": Explanation(
        "Il cruscotto non può ascoltare",
        "L'indirizzo non è di questa macchina, la porta è occupata, oppure il certificato non si "
        "può leggere. L'agente prosegue senza il cruscotto.",
        "Correggi `host`, `port`, `certificate` nella sezione `dashboard`, poi riavvia.",
    ),
    "SA-7518": Explanation(
        "Non c'è una pagina così",
        "L'indirizzo della pagina è sbagliato, oppure ciò che mostrava non c'è più.",
        "Comincia dalla panoramica.",
    ),
    "SA-7519": Explanation(
        "Ciò che è in dubbio si decide uno per uno",
        "Di questi record non si sa se l'altro lato li ha; inviandoli di nuovo tutti insieme, "
        "alcuni ci sarebbero due volte.",
        "Controlla ognuno sull'altro lato. La pagina degli ordini conferma o ripete un ordine; "
        "degli altri record seleziona quelli che non ci sono e riprovali.",
    ),
    "SA-7520": Explanation(
        "Qualcuno deve essere admin",
        "L'ultimo admin stava per essere eliminato o per ricevere un altro ruolo; poi nessuno "
        "potrebbe più gestire chi accede.",
        "Prima dai a qualcun altro il ruolo di admin. Per non far accedere proprio nessuno, togli "
        "`port` dalla sezione `dashboard`.",
    ),
    "SA-7521": Explanation(
        "Le due password sono diverse",
        "Una nuova password si scrive due volte, così un errore di battitura non chiude fuori "
        "nessuno.",
        "Scrivila di nuovo, in entrambi i campi.",
    ),
}
