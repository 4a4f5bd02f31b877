"""The words of the monthly report."""

from __future__ import annotations

from collections.abc import Mapping

MONTHS: Mapping[str, tuple[str, ...]] = {
    "en": (
        "January", "February", "March", "April", "May", "June",
        "July", "August", "September", "October", "November", "December",
    ),
    "it": (
        "gennaio", "febbraio", "marzo", "aprile", "maggio", "giugno",
        "luglio", "agosto", "settembre", "ottobre", "novembre", "dicembre",
    ),
}  # fmt: skip

WORDS: Mapping[str, Mapping[str, str]] = {
    "en": {
        "title": "Synchronisation report",
        "nothing": "Nothing was measured in this month.",
        "unfinished": "The month is not over: these are the figures so far.",
        "whole": "As a whole",
        "this_month": "This month",
        "month_before": "Month before",
        "year_before": "A year before",
        "availability": "Availability",
        "error_rate": "Error rate",
        "delivered": "Records delivered",
        "refused": "Refused by the target",
        "median": "Processing time, median",
        "p95": "Processing time, 95 %",
        "busiest": "Busiest hour, records a second",
        "days": "Records delivered, day by day",
        "failed": "attempts that failed",
        "flows": "Flows",
        "flow": "Flow",
        "backlog": "Most waiting",
        "freshness": "Oldest look",
        "targets": "Systems delivered to",
        "target": "System",
        "calls": "Calls",
        "calls_per_second": "Calls a second",
        "busiest_calls": "Busiest hour",
        "call_time": "Time of a call, median",
        "made_at": "Made on",
        "meaning": "What the figures mean",
        "about_availability": "Availability: the share of the time in which a flow could do its "
        "work. Time in which the agent did not run, the source or the target did not answer, or "
        "somebody had to act first counts against it.",
        "about_error_rate": "Error rate: of all attempts to deliver a record, the share that was "
        "refused or remained without an answer. What got no answer is sent again by itself.",
        "about_time": "Processing time: from the moment in which a change was taken over until the "
        "other side accepted it; half of all records, or 95 of 100, were quicker.",
        "about_freshness": "Oldest look: the longest time for which the source was not read to its "
        "end.",
    },
    "it": {
        "title": "Rapporto di sincronizzazione",
        "nothing": "In questo mese non è stato misurato nulla.",
        "unfinished": "Il mese non è concluso: questi sono i dati fino ad ora.",
        "whole": "Nel complesso",
        "this_month": "Questo mese",
        "month_before": "Mese precedente",
        "year_before": "Un anno prima",
        "availability": "Disponibilità",
        "error_rate": "Tasso di errore",
        "delivered": "Record consegnati",
        "refused": "Rifiutati dalla destinazione",
        "median": "Tempo di elaborazione, mediana",
        "p95": "Tempo di elaborazione, 95 %",
        "busiest": "Ora di punta, record al secondo",
        "days": "Record consegnati, giorno per giorno",
        "failed": "tentativi falliti",
        "flows": "Flussi",
        "flow": "Flusso",
        "backlog": "Massimo in attesa",
        "freshness": "Lettura più vecchia",
        "targets": "Sistemi di destinazione",
        "target": "Sistema",
        "calls": "Chiamate",
        "calls_per_second": "Chiamate al secondo",
        "busiest_calls": "Ora di punta",
        "call_time": "Durata di una chiamata, mediana",
        "made_at": "Redatto il",
        "meaning": "Che cosa significano i dati",
        "about_availability": "Disponibilità: la quota del tempo in cui un flusso poteva lavorare. "
        "Contano contro di essa i periodi in cui l'agente non era in funzione, l'origine o la "
        "destinazione non rispondevano, o serviva prima l'intervento di una persona.",
        "about_error_rate": "Tasso di errore: di tutti i tentativi di consegnare un record, la "
        "quota rifiutata o rimasta senza risposta. Ciò che non ha avuto risposta viene rispedito "
        "automaticamente.",
        "about_time": "Tempo di elaborazione: dal momento in cui una modifica è stata rilevata a "
        "quello in cui l'altro sistema l'ha accettata; metà dei record, o 95 su 100, sono stati "
        "più veloci.",
        "about_freshness": "Lettura più vecchia: il periodo più lungo in cui l'origine non è stata "
        "letta fino in fondo.",
    },
}
"""Language → place in the page → text."""
