"""Why a database is not asked for something, or does not have a record."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

REASONS: Mapping[str, tuple[Text, ...]] = {
    "SA-2115": (
        Text(
            "{value} cannot be a key of the type {type_name}",
            "{value} non può essere una chiave di tipo {type_name}",
        ),
        Text(
            "{value} cannot be a key: Shopify's are numbers",
            "{value} non può essere una chiave: quelle di Shopify sono numeri",
        ),
        Text(
            "{value} cannot be a key: {column} is a number",
            "{value} non può essere una chiave: {column} è un numero",
        ),
        Text(
            "{value} is no value of {column}, which holds numbers",
            "{value} non è un valore di {column}, che contiene numeri",
        ),
        Text(
            "a key of {length} characters cannot be looked up",
            "una chiave di {length} caratteri non si può cercare",
        ),
        Text(
            "key {value} has {parts} parts, {width} expected",
            "la chiave {value} ha {parts} parti, ne servono {width}",
        ),
    ),
    "SA-2117": (
        Text(
            "the cursor of {source} counts: no moment can be told from it",
            "il cursore è un contatore, non se ne ricava una data: {source}",
        ),
        Text(
            "the cursor of {source} is none of a moment",
            "dal cursore non si ricava una data: {source}",
        ),
        Text("{source} is read without a cursor", "lettura senza un cursore: {source}"),
        Text("{source} are read without a cursor", "lettura senza un cursore: {source}"),
    ),
    "SA-2118": (
        Text(
            "the column {column} holds more than {limit} characters or bytes",
            "la colonna {column} contiene più di {limit} caratteri o byte",
        ),
    ),
    "SA-5302": (Text("a value cannot be sent: {fault}", "un valore non si può inviare: {fault}"),),
    "SA-5305": (
        Text("found more than once: {references}", "trovato più di una volta: {references}"),
    ),
    "SA-5306": (
        Text(
            "undone: the database told no number of what was written",
            "annullato: il database non ha dato un numero a ciò che è stato scritto",
        ),
    ),
    "SA-5307": (
        Text(
            "undone: look_up does not find what was just written{instead}",
            "annullato: look_up non trova ciò che è stato appena scritto {instead}",
        ),
        Text(
            "undone: look_up does not find what was just written",
            "annullato: look_up non trova ciò che è stato appena scritto",
        ),
    ),
    "SA-5308": (
        Text(
            "it was written as {reference} and has changed since; changes are not written",
            "è stato scritto come {reference} e da allora è cambiato; le modifiche non vengono "
            "scritte",
        ),
    ),
    "SA-5309": (
        Text(
            "{reference} was deleted at the source; deletions are not written",
            "{reference} è stato cancellato all'origine; le cancellazioni non vengono scritte",
        ),
    ),
    "SA-5310": (
        Text(
            "undone: no row was touched by {statement} …",
            "annullato: nessuna riga toccata da {statement} …",
        ),
    ),
}
"""What a database says itself stays."""

PLACES: Mapping[str, tuple[Text, ...]] = {
    "source": (Text("the query", "la query"),),
    "instead": (Text(" as {reference}, but {other}", "come {reference}, ma {other}"),),
}
