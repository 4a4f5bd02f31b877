"""SA-27xx in Italian: folders of pictures and documents."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-2701": Explanation(
        "La cartella dei file non c'è",
        "Non esiste, oppure la condivisione di rete su cui si trova non è montata. Per questo "
        "motivo non è stato cancellato niente.",
        "Crea la cartella o ripristina la condivisione; la prossima esecuzione riprende da sola.",
    ),
    "SA-2702": Explanation(
        "L'agente non può leggere la cartella dei file",
        "L'utente del servizio non ha il permesso di elencarne il contenuto.",
        "Concedi all'utente la lettura della cartella e di ciò che contiene, e fai una prova con "
        "quell'utente.",
    ),
    "SA-2703": Explanation(
        "Adesso la cartella dei file non si può leggere",
        "Il sistema operativo ha segnalato un errore di input/output, oppure la cartella è "
        "sparita durante la lettura: spesso è una condivisione di rete.",
        "Controlla la condivisione o il disco; l'esecuzione si ripete da sola.",
    ),
    "SA-2704": Explanation(
        "Una sottocartella non si può leggere",
        "Il contenuto della cartella indicata non si può elencare. I file delle altre vengono "
        "presi; intanto non si cancella niente, perché non si sa che cosa contenga.",
        "Concedi all'utente del servizio la lettura della cartella indicata.",
    ),
    "SA-2705": Explanation(
        "Un collegamento non viene seguito",
        "Al posto di un file o di una cartella c'è un collegamento, che può portare ovunque su "
        "questa macchina. Un collegamento a una cartella impedisce ogni cancellazione, perché i "
        "suoi file non si vedono.",
        "Metti lì il file o la cartella stessa. Una cartella che sta altrove è una connessione a "
        "parte.",
    ),
    "SA-2706": Explanation(
        "Il nome di un file non è un testo valido",
        "Contiene byte che il sistema non riesce a leggere come UTF-8: spesso è un file estratto "
        "da un vecchio archivio. Finché resta lì non si cancella niente.",
        "Rinomina il file; l'errore ne mostra il nome.",
    ),
    "SA-2707": Explanation(
        "Un file non si può leggere",
        "Manca il permesso, un programma lo tiene bloccato, oppure è stato modificato o rimosso "
        "durante la lettura della cartella.",
        "Concedi la lettura, oppure chiudi il programma. Un file che è solo cambiato viene "
        "riletto alla prossima esecuzione; se il problema resta, aumenta `settle`.",
    ),
    "SA-2708": Explanation(
        "Un file è vuoto o troppo grande",
        "Non contiene nemmeno un byte, oppure supera il limite di `largest`.",
        "Controlla chi lo scrive; riducilo, oppure aumenta `largest` nella sorgente del flusso.",
    ),
    "SA-2709": Explanation(
        "Un file non è di un tipo ammesso",
        "A dire che cos'è sono i suoi primi byte, qualunque nome abbia: per esempio una pagina "
        "web salvata come immagine.",
        "Converti il file, oppure ammetti il suo tipo in `types` nella sorgente del flusso.",
    ),
}
