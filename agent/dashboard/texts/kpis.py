"""How well it did."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

TEXTS: Mapping[str, Text] = {
    "kpis": Text("Figures", "Indicatori"),
    "span": Text("Time", "Periodo"),
    "span_day": Text("Day", "Giorno"),
    "span_week": Text("Week", "Settimana"),
    "span_month": Text("Month", "Mese"),
    "span_year": Text("13 months", "13 mesi"),
    "kpi_of": Text("Of what", "Di che cosa"),
    "kpi_everything": Text("Everything", "Tutto"),
    "kind_flow": Text("Flow", "Flusso"),
    "kind_target": Text("System", "Sistema"),
    "kind_all": Text("Everything", "Tutto"),
    "kpi_availability": Text("Availability", "Disponibilità"),
    "kpi_error_rate": Text("Error rate", "Tasso di errore"),
    "kpi_times": Text("Processing time", "Tempo di elaborazione"),
    "kpi_median_seconds": Text("Median", "Mediana"),
    "kpi_p95_seconds": Text("95 of 100", "95 su 100"),
    "kpi_throughput": Text("Throughput", "Volume"),
    "kpi_delivered": Text("Delivered", "Consegnati"),
    "kpi_per_second": Text("Records a second", "Record al secondo"),
    "kpi_calls_per_second": Text("Calls a second", "Chiamate al secondo"),
    "kpi_freshness": Text("Freshness", "Freschezza"),
    "kpi_freshness_seconds": Text("Oldest look", "Lettura più vecchia"),
    "kpi_backlog": Text("Most waiting", "Massimo in attesa"),
    "kpi_curves": Text("Curves", "Grafici"),
    "kpi_plot": Text(
        "Curve of: {name}. The table below has the same numbers.",
        "Grafico di: {name}. La tabella più sotto riporta gli stessi numeri.",
    ),
    "kpi_steps": Text("The same as a table", "Gli stessi dati in tabella"),
    "kpi_step": Text("From", "Dal"),
    "kpi_table": Text("Flows and systems", "Flussi e sistemi"),
    "kpi_help": Text(
        "Availability: the share of the time in which a flow could do its work. Error rate: of all "
        "attempts, the share that was refused or got no answer. Processing time: from taking a "
        "change over until the other side accepted it. Oldest look: the longest time for which the "
        "source was not read to its end. The last minute is not in it yet.",
        "Disponibilità: la quota del tempo in cui il flusso poteva lavorare. Tasso di errore: la "
        "quota dei tentativi rifiutati o rimasti senza risposta. Tempo di elaborazione: da quando "
        "una modifica viene rilevata a quando l'altro sistema la accetta. Lettura più vecchia: il "
        "periodo più lungo in cui l'origine non è stata letta fino in fondo. L'ultimo minuto non è "
        "ancora compreso.",
    ),
    "kpi_csv": Text("For a spreadsheet (CSV)", "Per un foglio di calcolo (CSV)"),
    "kpi_nothing": Text("Nothing was measured yet.", "Non è ancora stato misurato nulla."),
    "report": Text("Report of a month", "Rapporto di un mese"),
    "report_month": Text("Month", "Mese"),
    "report_open": Text("Open the report", "Apri il rapporto"),
    "report_help": Text(
        "A page to print, or to save as PDF from the browser's print dialog.",
        "Una pagina da stampare, o da salvare in PDF dalla finestra di stampa del browser.",
    ),
}
