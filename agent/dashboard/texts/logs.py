"""The log, and what goes to those who help."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

TEXTS: Mapping[str, Text] = {
    "logs": Text("Logs and support", "Log e assistenza"),
    "log_level": Text("At least", "Almeno"),
    "level_debug": Text("everything", "tutto"),
    "level_info": Text("information", "informazioni"),
    "level_warning": Text("warnings", "avvisi"),
    "level_error": Text("errors", "errori"),
    "level_critical": Text("grave errors", "errori gravi"),
    "log_text": Text("Text", "Testo"),
    "log_run": Text("Run number", "Numero di esecuzione"),
    "log_message": Text("Message number", "Numero di messaggio"),
    "log_since": Text("Since", "Da"),
    "log_always": Text("the beginning", "sempre"),
    "log_1h": Text("one hour", "un'ora"),
    "log_1d": Text("one day", "un giorno"),
    "log_7d": Text("seven days", "sette giorni"),
    "log_any_flow": Text("all flows", "tutti i flussi"),
    "log_download": Text("Download these lines", "Scarica queste righe"),
    "log_older": Text("Look further back", "Cerca più indietro"),
    "log_nothing": Text(
        "No such line in the part that was looked through.",
        "Nessuna riga del genere nella parte esaminata.",
    ),
    "log_no_file": Text(
        "The agent writes no log file here. Where systemd runs it, its lines are in the journal: "
        "`journalctl -u syncagent -o cat`",
        "Qui l'agente non scrive un file di log. Se è avviato da systemd, le righe sono nel "
        "journal: `journalctl -u syncagent -o cat`",
    ),
    "log_lines": Text("Lines, the newest first", "Righe, dalla più recente"),
    "log_traceback": Text("Details", "Dettagli"),
    "support": Text("Support bundle", "Pacchetto di assistenza"),
    "support_help": Text(
        "One file for those who help: versions, configuration, runs, causes and the end of the "
        "log. It holds no passwords and no personal data; its README lists what is in it.",
        "Un solo file per chi ti assiste: versioni, configurazione, esecuzioni, cause e la fine "
        "del log. Non contiene password né dati personali; il README elenca il contenuto.",
    ),
    "support_check": Text(
        "Check every system first (may take a minute)",
        "Verifica prima tutti i sistemi (può durare un minuto)",
    ),
    "support_make": Text("Make a support bundle", "Crea il pacchetto di assistenza"),
    "log_help": Text(
        "Passwords and personal data are never written into the log.",
        "Password e dati personali non vengono mai scritti nel log.",
    ),
}
