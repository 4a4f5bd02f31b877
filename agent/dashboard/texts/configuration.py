"""The configuration, what changed in it, and whether every system answers."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

TEXTS: Mapping[str, Text] = {
    "configuration": Text("Configuration", "Configurazione"),
    "config_file": Text("File", "File"),
    "config_digest": Text("Fingerprint", "Impronta"),
    "config_since": Text("In force since", "In vigore dal"),
    "config_help": Text(
        "It is changed in the file, not here. Secrets are never shown: the file only names where "
        "they are kept.",
        "Si modifica nel file, non qui. I segreti non sono mai mostrati: il file indica solo dove "
        "sono custoditi.",
    ),
    "config_refused": Text(
        "The file was changed and refused. The last good configuration, below, stays in force.",
        "Il file è stato modificato e rifiutato. Resta in vigore l'ultima configurazione corretta, "
        "qui sotto.",
    ),
    "config_problems": Text("What has to be mended in the file", "Che cosa correggere nel file"),
    "config_line": Text("Line", "Riga"),
    "config_column": Text("Column", "Colonna"),
    "config_remedy": Text("What to do", "Che cosa fare"),
    "config_not_yet": Text(
        "The file on the disk differs from what is in force. It is looked at within seconds.",
        "Il file sul disco è diverso da quello in vigore. Viene esaminato entro pochi secondi.",
    ),
    "config_unreadable": Text(
        "The file cannot be read: {reason}", "Il file non può essere letto: {reason}"
    ),
    "config_disk_differences": Text(
        "What the file on the disk would change", "Che cosa cambierebbe il file sul disco"
    ),
    "config_before_differences": Text(
        "What changed from the one before", "Che cosa è cambiato rispetto alla precedente"
    ),
    "config_same": Text("The text is the same.", "Il testo è uguale."),
    "config_text": Text("In force", "In vigore"),
    "config_past_text": Text("The whole text", "Il testo completo"),
    "config_history": Text("Configurations so far", "Configurazioni finora"),
    "config_changed": Text("What changed", "Che cosa è cambiato"),
    "config_first": Text("the first one", "la prima"),
    "config_show": Text("Show {at}", "Mostra {at}"),
    "config_past": Text("Configuration {number}", "Configurazione {number}"),
    "change_added": Text("added", "aggiunta"),
    "change_changed": Text("changed", "modificata"),
    "change_removed": Text("removed", "rimossa"),
    "line_added": Text("added", "aggiunta"),
    "line_removed": Text("removed", "tolta"),
    "line_from": Text("From line {line} on", "Dalla riga {line}"),
    "check": Text("Check of the systems", "Verifica dei sistemi"),
    "check_now": Text("Check every system now", "Verifica ora tutti i sistemi"),
    "check_help": Text(
        "Logs in to each, reads a little and changes nothing. It may take a minute where one does "
        "not answer.",
        "Accede a ciascuno, legge poco e non modifica nulla. Può durare un minuto se uno non "
        "risponde.",
    ),
    "check_green": Text("in order", "in ordine"),
    "check_yellow": Text("soon", "attenzione"),
    "check_red": Text("does not work", "non funziona"),
    "check_until": Text("until", "fino al"),
    "check_nothing": Text("There is nothing to check.", "Non c'è nulla da verificare."),
    "end_source": Text("read by {name}", "letto da {name}"),
    "end_lookup": Text("looked up by {name}", "consultato da {name}"),
    "end_target": Text("delivered to", "destinazione"),
    "end_connection": Text("connection", "connessione"),
}
