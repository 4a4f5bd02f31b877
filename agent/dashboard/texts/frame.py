"""What every page has around it, and what several pages say."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

TEXTS: Mapping[str, Text] = {
    "skip": Text("Skip to the content", "Vai al contenuto"),
    "menu": Text("Pages", "Pagine"),
    "more": Text("More", "Altro"),
    "overview": Text("Overview", "Panoramica"),
    "orders": Text("Orders", "Ordini"),
    "errors": Text("Errors", "Errori"),
    "flows": Text("Flows", "Flussi"),
    "search": Text("Search", "Cerca"),
    "audit": Text("Who did what", "Chi ha fatto cosa"),
    "language": Text("Language", "Lingua"),
    "language_en": Text("English", "English"),
    "language_it": Text("Italiano", "Italiano"),
    "log_out": Text("Log out", "Esci"),
    "never": Text("never", "mai"),
    "seconds_ago": Text("{count} s ago", "{count} s fa"),
    "minutes_ago": Text("{count} min ago", "{count} min fa"),
    "hours_ago": Text("{count} h ago", "{count} h fa"),
    "days_ago": Text("{count} d ago", "{count} g fa"),
    "span_seconds": Text("{count} s", "{count} s"),
    "span_minutes": Text("{count} min", "{count} min"),
    "span_hours": Text("{count} h", "{count} h"),
    "span_days": Text("{count} d", "{count} g"),
    "as_of": Text("As of", "Situazione alle"),
    "what_to_do": Text("What to do", "Che cosa fare"),
    "older": Text("Older ones", "Meno recenti"),
    "trouble": Text("That did not work", "Non ha funzionato"),
    "back": Text("To the overview", "Alla panoramica"),
}
