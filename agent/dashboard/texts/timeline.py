"""What happened: the words of the list."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

TEXTS: Mapping[str, Text] = {
    "timeline": Text("What happened", "Che cosa è successo"),
    "day": Text("Day", "Giorno"),
    "all_flows": Text("all flows", "tutti i flussi"),
    "show_these": Text("Show", "Mostra"),
    "nothing_happened": Text("Nothing happened.", "Non è successo niente."),
    "kind_run": Text("Run", "Esecuzione"),
    "kind_configuration": Text("Configuration", "Configurazione"),
    "kind_opened": Text("Alert", "Avviso"),
    "kind_closed": Text("Alert over", "Avviso rientrato"),
    "happened": Text("What", "Che cosa"),
    "about_flow": Text("About", "Riguarda"),
    "first_configuration": Text("put in force", "entrata in vigore"),
    "section_added": Text("added", "aggiunta"),
    "section_changed": Text("changed", "modificata"),
    "section_removed": Text("removed", "rimossa"),
}
