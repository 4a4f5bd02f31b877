"""Why a record does not become a file for another program."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

_SHAPES = (
    Text(
        "a row is no {RECORD: {…}} but {content}",
        "una riga non è un record con i suoi campi ma {content}",
    ),
    Text("there is no record {name} with fields", "un record {name} con campi non c'è"),
    Text("record {record} has no field {name}", "il record {record} non ha il campo {name}"),
    Text(
        "a row is no mapping of columns but {content}",
        "una riga non è fatta di colonne con un valore ma {content}",
    ),
    Text(
        "a row is no list of cells but {content}", "una riga non è un elenco di celle ma {content}"
    ),
    Text("a row has {name}, which is not among columns", "una riga ha {name}, che columns non ha"),
    Text(
        "the content is no {ROOT: {…}} but {content}",
        "il contenuto non è un solo elemento esterno ma {content}",
    ),
    Text(
        "the content is no list of rows but {content}",
        "il contenuto non è un elenco di righe ma {content}",
    ),
)
_CELLS = (
    Text("{value} is no number", "{value} non è un numero"),
    Text(
        "{value} has more than {scale} decimals; the template may round it",
        "{value} ha più di {scale} decimali; il modello può arrotondarlo",
    ),
    Text("{value} is too large for the field", "{value} è troppo grande per il campo"),
    Text(
        "{value} has {length} of {most} characters",
        "{value} ha {length} caratteri, ne sono ammessi {most}",
    ),
    Text(
        "the cell {value} holds a delimiter or a line end",
        "la cella {value} contiene un separatore o un a capo",
    ),
    Text("{value} holds a line end", "{value} contiene un a capo"),
    Text(
        "{value} holds {odd}, which no XML can hold",
        "{value} contiene {odd}, che nessun XML può contenere",
    ),
    Text(
        "{value} is a list or an object, not a single value",
        "{value} è un elenco o un oggetto, non un solo valore",
    ),
    Text(
        "{odd} in {value} does not exist in {encoding}; unknown_characters: replace writes a "
        "question mark",
        "{odd} in {value} non esiste in {encoding}; con unknown_characters: replace si scrive un "
        "punto interrogativo",
    ),
)

REASONS: Mapping[str, tuple[Text, ...]] = {
    "SA-5323": (
        Text(
            "waits for {name} to be taken: a file of that name is there, and not overwritten",
            "aspetta che venga preso {name}: un file con quel nome c'è già, e non viene "
            "sovrascritto",
        ),
    ),
    "SA-5324": (*_SHAPES, *_CELLS),
    "SA-5325": (
        Text(
            "changed after {name} was handed over; changed: rewrite hands over another file",
            "è cambiato dopo la consegna di {name}; con changed: rewrite si consegna un altro file",
        ),
    ),
    "SA-5326": (
        Text(
            "deletes are not handed over: say delete under target",
            "le cancellazioni non vengono consegnate: nella destinazione manca delete",
        ),
    ),
    "SA-5327": (
        Text(
            "the name of the file is no text but {value}",
            "il nome del file non è un testo ma {value}",
        ),
        Text("{value} is no name for a file", "{value} non è un nome per un file"),
        Text(
            "file and trigger are both called {name}",
            "il file e il file segnale si chiamano tutti e due {name}",
        ),
    ),
    "SA-5329": (
        Text(
            "the ledger's entry {path} cannot be read: {fault}",
            "la voce {path} del registro non si può leggere: {fault}",
        ),
    ),
}
