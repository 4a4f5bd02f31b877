"""Why rows are refused, runs wait or end, and flows stand still."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

_GUARDED = (
    Text(
        "{deletes} of {known} known records would be deleted",
        "{deletes} record su {known} verrebbero cancellati",
    ),
    Text(
        "{updates} of {known} known records would change",
        "{updates} record su {known} cambierebbero",
    ),
    Text(
        "{field} changes by more than a factor of {factor} in {jumps} records ({first})",
        '"{field}" cambia di oltre {factor} volte in {jumps} record ({first})',
    ),
)
_STOPPED = (
    Text("the agent is stopping", "l'agente si sta fermando"),
    Text(
        'the outbox for "{target}" is full; the run starts over later',
        'la coda per "{target}" è piena; l\'esecuzione ricomincia più tardi',
    ),
    Text(
        "a quiet window of the source began; it ends at {moment}",
        "è iniziata una pausa programmata della sorgente; finisce il {moment}",
    ),
    Text("the flow is paused until it is resumed", "il flusso è in pausa finché non viene ripreso"),
    Text("the flow is paused until {moment}", "il flusso è in pausa fino al {moment}"),
)
_COMPARED = (
    Text("{count} of {records} in step", "{count} di {records} allineati"),
    Text("{count} under way", "{count} in viaggio"),
    Text("{count} missing", "{count} mancanti"),
    Text("{count} too many", "{count} di troppo"),
    Text("{count} different", "{count} diversi"),
    Text("{count} not comparable", "{count} non confrontabili"),
)

REASONS: Mapping[str, tuple[Text, ...]] = {
    "": (*_GUARDED, *_STOPPED, *_COMPARED, Text("the run was dropped", "l'esecuzione è scartata")),
    "SA-4001": (
        Text(
            "the columns changed ({drift}); the flow needs {columns}",
            "le colonne sono cambiate ({drift}); al flusso servono {columns}",
        ),
    ),
    "SA-4002": (
        Text(
            'the key column "{column}" is not among the columns: {columns}',
            'la colonna chiave "{column}" non è tra le colonne: {columns}',
        ),
    ),
    "SA-4003": (
        Text('the key column "{column}" is empty', 'la colonna chiave "{column}" è vuota'),
        Text(
            'the key column "{column}" holds {broken}: {value}',
            'la colonna chiave "{column}" contiene {broken}: {value}',
        ),
    ),
    "SA-4004": (
        Text(
            'the key "{key}" stands more than once in the source; the first row counts',
            'la chiave "{key}" compare più volte nella sorgente; vale la prima riga',
        ),
    ),
    "SA-4005": (
        Text(
            "{refused} of {rows} rows are refused, for example: {example}",
            "{refused} righe su {rows} sono rifiutate, per esempio: {example}",
        ),
    ),
    "SA-4006": (
        Text(
            "run {run} waits for approval: {guarded}",
            "l'esecuzione {run} aspetta l'approvazione: {guarded}",
        ),
        *_GUARDED,
    ),
    "SA-4007": (
        Text(
            'the source of "{flow}" cannot read single keys',
            'la sorgente di "{flow}" non può leggere singole chiavi',
        ),
    ),
    "SA-4008": (
        Text(
            '"{flow}" has no cursor: nobody can tell what changed since {moment}',
            '"{flow}" non ha un cursore: nessuno sa che cosa è cambiato dal {moment}',
        ),
    ),
    "SA-4009": (Text('lookup "{name}": {error}', 'nella ricerca "{name}": {error}'),),
    "SA-4501": (
        Text(
            "it was changed on the other side meanwhile; what came of both follows",
            "intanto è cambiato dall'altra parte; segue ciò che risulta da entrambi",
        ),
    ),
    "SA-4502": (
        Text(
            "both sides changed it: syncagent conflicts list",
            "l'hanno cambiato entrambe le parti: syncagent conflicts list",
        ),
    ),
    "SA-4503": (
        Text("nothing was taken over: {guarded}", "non è stato ripreso niente: {guarded}"),
    ),
    "SA-6020": (
        Text(
            "the disk of the store has {free} MB left: reading pauses",
            "al disco dell'archivio restano {free} MB: la lettura si ferma",
        ),
    ),
    "SA-7101": _STOPPED,
    "SA-7107": (Text("cancelled by {person}", "annullata da {person}"),),
    "SA-7401": (
        Text(
            "this target cannot be asked what it holds",
            "a questa destinazione non si può chiedere che cosa contiene",
        ),
    ),
    "SA-7402": _COMPARED,
}

PLACES: Mapping[str, tuple[Text, ...]] = {
    "broken": (
        Text("a NUL character", "un carattere NUL"),
        Text("a NUL or half a character", "un carattere NUL o mezzo carattere"),
    ),
    "guarded": _GUARDED,
    "drift": (
        Text("{column} is missing", "{column} manca"),
        Text("{column} is new", "{column} è nuova"),
        Text("{column} was {old}", "{column} era {old}"),
        Text("is {new}", "è {new}"),
    ),
}
