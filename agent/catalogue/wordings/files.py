"""Why a file of rows, of JSON or of XML cannot be read, or one record in it."""

from __future__ import annotations

from collections.abc import Mapping

from agent.language import Text

_ROW = (
    Text(
        "byte {byte} at position {position} of the row is not {encoding}",
        "il byte {byte} alla posizione {position} della riga non è {encoding}",
    ),
    Text(
        "byte {byte} at position {position} of the line is not {encoding}",
        "il byte {byte} alla posizione {position} della riga non è {encoding}",
    ),
    Text(
        "{spot}: byte {byte} at position {position} is not {encoding}",
        "{spot}: il byte {byte} alla posizione {position} non è {encoding}",
    ),
    Text(
        "cell {cell} has {length} characters, {most} are allowed",
        "la cella {cell} ha {length} caratteri, ne sono ammessi {most}",
    ),
    Text(
        "NUL byte at position {position} of the row",
        "byte NUL alla posizione {position} della riga",
    ),
    Text("the row is not well-formed: {fault}", "la riga non è ben formata: {fault}"),
)

REASONS: Mapping[str, tuple[Text, ...]] = {
    "SA-2006": (Text("the file is empty", "il file è vuoto"),),
    "SA-2008": (
        Text(
            "the header line cannot be used: {header_fault}",
            "la riga di intestazione non si può usare: {header_fault}",
        ),
    ),
    "SA-2009": (
        Text(
            "not {encoding} near byte {byte}: {fault}",
            "non è {encoding} vicino al byte {byte}: {fault}",
        ),
        Text(
            "the encoding that the document declares cannot be read: {fault}",
            "la codifica che il documento dichiara non si può leggere: {fault}",
        ),
    ),
    "SA-2010": (
        Text(
            "{endless} goes on for more than {limit} bytes",
            "senza fine dopo {limit} byte: {endless}",
        ),
    ),
    "SA-2011": (
        Text(
            "the row has {cells} cells, {width} are expected",
            "la riga ha {cells} celle, ne sono attese {width}",
        ),
    ),
    **dict.fromkeys(("SA-2012", "SA-2013", "SA-2014", "SA-2015"), _ROW),
    "SA-2021": (
        Text(
            "the {piece} ends at position {length} of {needed}",
            "{piece} finisce alla posizione {length} di {needed}",
        ),
    ),
    "SA-2022": (Text("{spot}: 0x{bytes} {misfit}", "{spot}: il valore 0x{bytes} {misfit}"),),
    "SA-2023": (
        Text(
            "record {record} is followed by 0x{bytes}, not by {line_end}",
            "dopo il record {record} c'è 0x{bytes}, non {line_end}",
        ),
    ),
    "SA-2024": (
        Text("the record is {found}, not an object", "il record è {found}, non un oggetto"),
        Text("not JSON: {json_fault}", "non è JSON: {json_fault}"),
    ),
    "SA-2025": (
        Text(
            "no records at the top of the document: {nowhere}",
            "nessun record in cima al documento: {nowhere}",
        ),
        Text("no records at {path}: {nowhere}", "nessun record in {path}: {nowhere}"),
    ),
    "SA-2026": (
        Text(
            "no record has a value for {column} ({count} were looked into)",
            "nessun record ha un valore per {column} (ne sono stati esaminati {count})",
        ),
    ),
    "SA-2027": (
        Text("{path}: {step} is sought in {found}", "{path}: {step} si cerca in {found}"),
        Text(
            "{path} is {found}, not a list of child rows",
            "{path} è {found}, non un elenco di righe figlie",
        ),
        Text(
            "{path} stands {count} times in the record", "{path} compare {count} volte nel record"
        ),
    ),
    "SA-2028": (
        Text("the document has more than {limit} bytes", "il documento ha più di {limit} byte"),
        Text(
            "{spot}: the record has more than {limit} bytes",
            "{spot}: il record ha più di {limit} byte",
        ),
    ),
    "SA-2029": (
        Text(
            "{spot}: more than {limit} elements deep",
            "{spot}: più di {limit} elementi uno dentro l'altro",
        ),
        Text("line {line}, column {column}: {fault}", "riga {line}, colonna {column}: {fault}"),
    ),
    "SA-2030": (
        Text(
            "{spot}: the DOCTYPE declares something",
            "{spot}: il DOCTYPE contiene dichiarazioni",
        ),
    ),
}

PLACES: Mapping[str, tuple[Text, ...]] = {
    "spot": (
        Text(
            "field {column} (positions {start} to {end})",
            "campo {column} (posizioni {start}-{end})",
        ),
        Text("line {line}", "riga {line}"),
    ),
    "piece": (Text("record", "il record"), Text("line", "la riga")),
    "endless": (
        Text("a line", "una riga"),
        Text("the quote opened in line {line}", "le virgolette aperte alla riga {line}"),
    ),
    "line_end": (
        Text("a line end", "un fine riga"),
        Text("the line end 0x{bytes}", "il fine riga 0x{bytes}"),
    ),
    "header_fault": (
        Text("there is none", "non c'è"),
        Text("it names {column} twice", "indica due volte {column}"),
        Text(
            "{columns} columns, {limit} are allowed",
            "{columns} colonne, ne sono ammesse {limit}",
        ),
        *_ROW,
    ),
    "misfit": (
        Text("holds a zero byte", "contiene un byte a zero"),
        Text(
            "is no packed decimal: a half byte is no digit",
            "non è un numero packed: un mezzo byte non è una cifra",
        ),
        Text(
            "is no packed decimal: the last half byte is no sign",
            "non è un numero packed: l'ultimo mezzo byte non è un segno",
        ),
        Text(
            "is no zoned decimal: a byte is no digit",
            "non è un numero zoned: un byte non è una cifra",
        ),
        Text(
            "is no zoned decimal: the first byte has no sign",
            "non è un numero zoned: il primo byte è senza segno",
        ),
        Text(
            "is no zoned decimal: the last byte has no sign",
            "non è un numero zoned: l'ultimo byte è senza segno",
        ),
        Text(
            "is no number: digits, perhaps with a sign before or behind",
            "non è un numero: servono cifre, al più con un segno prima o dopo",
        ),
    ),
    "found": (
        Text("an object", "un oggetto"),
        Text("a list", "un elenco"),
        Text("a text", "un testo"),
        Text("a boolean", "un sì o no"),
        Text("a number", "un numero"),
        Text("null", "niente"),
    ),
    "json_fault": (
        Text("it is nested too deeply", "è annidato troppo in profondità"),
        Text("the number {figure} is beyond all measure", "il numero {figure} è smisurato"),
        Text("{word} is no JSON", "{word} non è JSON"),
    ),
    "nowhere": (
        Text("neither a list nor an object stands there", "lì non c'è né un elenco né un oggetto"),
        Text("{step} is sought where no object stands", "{step} si cerca dove non c'è un oggetto"),
        Text("there is no {step}", "{step} non c'è"),
        Text(
            "the document's outermost element is {element}",
            "l'elemento più esterno del documento è {element}",
        ),
    ),
}
