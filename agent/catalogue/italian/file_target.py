"""SA-532x in Italian: files handed over to a folder."""

from __future__ import annotations

from agent.catalogue.explanation import Explanation

CODES: dict[str, Explanation] = {
    "SA-5320": Explanation(
        "La cartella di importazione non c'è",
        "La cartella, la sua area di lavoro o il suo `landmark` non esiste: una condivisione di "
        "rete non è montata, oppure il percorso è sbagliato.",
        "Ripristina la condivisione o crea la cartella. Ciò che aspetta viene poi consegnato da "
        "solo.",
    ),
    "SA-5321": Explanation(
        "Al momento la cartella di importazione non accetta niente",
        "Il sistema operativo ha rifiutato di scrivere o rinominare: il disco è pieno, la quota è "
        "esaurita, la condivisione è caduta, oppure un altro programma tiene aperto un file.",
        "Libera spazio, oppure aspetta: si riprova da solo.",
    ),
    "SA-5322": Explanation(
        "Manca il permesso di lavorare nella cartella di importazione",
        "L'utente del servizio non può scrivere, rinominare o eliminare nella cartella o nella "
        "sua area di lavoro.",
        "Concedi lettura, scrittura ed eliminazione su tutte e due, poi riprendi.",
    ),
    "SA-5323": Explanation(
        "C'è ancora un file con quel nome",
        "L'altro programma non ha ancora preso un file precedente con lo stesso nome, oppure "
        "qualcun altro ne ha messo lì uno. Non viene mai sovrascritto.",
        "Niente, se l'altro programma lo prende: questo segue da solo. Altrimenti scopri perché "
        "non si importa niente, sposta il file, oppure fai in modo che `name` distingua i record.",
    ),
    "SA-5324": Explanation(
        "Il record non è adatto al formato del file",
        "Un valore è troppo lungo per il suo campo, un numero ha troppi decimali, un carattere "
        "non esiste nella codifica, oppure il modello produce qualcosa di diverso dalle righe del "
        "formato.",
        "Correggi il modello: `| round(2)`, un campo più lungo, `too_long: cut`, un'altra "
        "codifica o `unknown_characters: replace`. Poi riprova il record.",
    ),
    "SA-5325": Explanation(
        "Un record è cambiato dopo la consegna del suo file",
        "L'altro programma può avere già importato il primo file; un secondo potrebbe diventare "
        "un secondo documento.",
        "Modifica a mano il documento nell'altro programma. Se quel programma prende un secondo "
        "file come modifica del primo, scrivi `changed: rewrite` e riprova il record.",
    ),
    "SA-5326": Explanation(
        "Le cancellazioni non vengono consegnate",
        "Il record è stato cancellato, e il flusso non dice com'è fatto un file per questo caso.",
        "Scrivi `delete: {content: …}` nella destinazione, oppure fai ignorare le cancellazioni "
        "al flusso.",
    ),
    "SA-5327": Explanation(
        "Il file non avrebbe un nome utilizzabile",
        "Il modello del nome non produce niente, non produce un testo, oppure dà lo stesso nome "
        "al file e al file segnale.",
        "Componi `name` con qualcosa che ogni record ha, per esempio la sua chiave.",
    ),
    "SA-5328": Explanation(
        "L'area di lavoro non si può usare",
        "Si trova su un file system diverso da quello della cartella, quindi un file non si può "
        "consegnare in un solo passo; oppure al posto di una delle sue cartelle c'è un "
        "collegamento o un file.",
        "Indica un `workspace` sullo stesso file system della cartella e lascia che sia l'agente "
        "a crearne il contenuto.",
    ),
    "SA-5329": Explanation(
        "Una voce del registro non si può leggere",
        "Un file nell'area di lavoro è stato danneggiato o modificato da qualcuno. Ciò che diceva "
        "del record, e se era stato consegnato, è perso.",
        "Cerca il record nell'altro programma. Poi elimina la voce, e conferma o riprova.",
    ),
}
