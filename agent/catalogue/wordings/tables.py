"""Why a table of Excel, Access or dBase cannot be read, or one row of it."""

from __future__ import annotations

from collections.abc import Mapping

from agent.catalogue.wordings import mapping
from agent.language import Text

REASONS: Mapping[str, tuple[Text, ...]] = {
    "SA-2031": (
        Text(
            "the workbook is protected by a password",
            "la cartella di lavoro è protetta da password",
        ),
    ),
    "SA-2032": (
        Text(
            "no workbook, or a damaged one: {fault}",
            "non è una cartella di lavoro, oppure è danneggiata: {fault}",
        ),
        Text("a zip archive, but no workbook", "è un archivio zip, ma non una cartella di lavoro"),
        Text("its cells cannot be checked: {fault}", "le sue celle non si controllano: {fault}"),
    ),
    "SA-2033": (
        Text(
            "the workbook has {parts} parts, {limit} are allowed",
            "la cartella di lavoro ha {parts} parti, ne sono ammesse {limit}",
        ),
        Text(
            "unpacked it has {bytes} bytes, {limit} are allowed",
            "decompressa ha {bytes} byte, ne sono ammessi {limit}",
        ),
        Text(
            "it is packed {times} times, {limit} are allowed",
            "è compressa {times} volte, ne sono ammesse {limit}",
        ),
    ),
    "SA-2034": (
        Text(
            "to parse the workbook takes {cost}", "per leggere la cartella di lavoro serve {cost}"
        ),
    ),
    "SA-2035": (
        Text(
            "there is no sheet {sheet}, there are: {sheets}",
            "il foglio {sheet} non c'è, ci sono: {sheets}",
        ),
    ),
    "SA-2036": (
        Text(
            'cell {cell} of sheet {sheet} ("{column}") holds {value}',
            'la cella {cell} del foglio {sheet} ("{column}") contiene {value}',
        ),
    ),
    "SA-2048": (Text("the row cannot be read: {fault}", "la riga non si può leggere: {fault}"),),
    "SA-2051": (
        Text(
            "the table cannot be used: {table_fault}", "la tabella non si può usare: {table_fault}"
        ),
    ),
    "SA-2052": (
        Text(
            "column {column} (bytes {start} to {end}) {unreadable}",
            "colonna {column} (byte {start}-{end}): {unreadable}",
        ),
        Text(
            "the record begins with {byte}, not with a blank or *",
            "il record inizia con {byte}, non con uno spazio o *",
        ),
    ),
}

PLACES: Mapping[str, tuple[Text, ...]] = {
    "cost": (
        Text("longer than {seconds} s", "più di {seconds} s"),
        Text(
            "more than {memory} bytes of memory, or it is damaged (status {status})",
            "più di {memory} byte di memoria, oppure è danneggiata (stato {status})",
        ),
    ),
    "table_fault": (
        Text("it ends within the header", "finisce dentro l'intestazione"),
        Text("it is of dBase 7", "è di dBase 7"),
        Text(
            "its first byte 0x{byte} is that of no dBase table",
            "il primo byte 0x{byte} non è di una tabella dBase",
        ),
        Text("it is encrypted", "è cifrata"),
        Text("a transaction on it is not finished", "una sua transazione non è conclusa"),
        Text("two columns have one name", "due colonne hanno lo stesso nome"),
        Text("it has no columns", "non ha colonne"),
        Text(
            "its columns make {width} bytes a record, the header says {stated_width}",
            "le colonne danno {width} byte per record, l'intestazione ne dice {stated_width}",
        ),
        Text(
            "it has {bytes} bytes, its records need {needed}: it was cut off",
            "ha {bytes} byte, ai suoi record ne servono {needed}: è troncata",
        ),
        Text("its memo file is cut off", "il suo file memo è troncato"),
        Text("column {column} is of the type {letter}", "la colonna {column} è di tipo {letter}"),
    ),
    "unreadable": (
        Text(
            "holds asterisks: the number did not fit into its column",
            "contiene asterischi: il numero non stava nella colonna",
        ),
        Text("holds {value}, which is no number", "contiene {value}, che non è un numero"),
        Text("holds {value}, which is no date", "contiene {value}, che non è una data"),
        Text(
            "holds {value}, which is neither true nor false",
            "contiene {value}, che non è né vero né falso",
        ),
        Text("holds {value}, which is no memo block", "contiene {value}, che non è un blocco memo"),
        Text("holds no finite number", "non contiene un numero finito"),
        Text("holds no date: {fault}", "non contiene una data: {fault}"),
        Text(
            "refers to memo block {block}, but no .fpt or .dbt came with the table",
            "rimanda al blocco memo {block}, ma con la tabella non c'è un file .fpt o .dbt",
        ),
        Text(
            "refers to memo block {block}, where no memo begins",
            "rimanda al blocco memo {block}, dove non inizia un memo",
        ),
        Text(
            "refers to a memo that is cut off or outside the memo file",
            "rimanda a un memo troncato o fuori dal file memo",
        ),
        Text(
            "has a memo of {bytes} bytes, {limit} are allowed",
            "ha un memo di {bytes} byte, ne sono ammessi {limit}",
        ),
        *mapping.PLACES["error"],
    ),
}
