"""Reasons that we word ourselves are told in Italian wherever they are shown."""

from __future__ import annotations

import ast
import pkgutil
import re
import socket
from collections.abc import Callable, Iterator
from decimal import Decimal
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

import httpcore
import pytest

from agent.catalogue import reason_in, worded, wordings
from agent.detect.drift import column_drift
from agent.detect.guard import GuardLimits, Tally, judge
from agent.errors import Rejected, SyncError
from agent.mapping import MappingSpec, compile_mapping
from agent.mapping.spec import Totals
from agent.mapping.totals import totals_judge
from agent.model import Json, Message, Op
from agent.verify import in_step
from connectors._canonical import amount
from connectors._erp.verdicts import refusal as refusal_of_the_erp
from connectors._http.failures import raise_for_status, wire_failure
from connectors._odata.literals import literal
from connectors._rest.exchange import reference_of
from connectors._rest.records import Columns, readable
from connectors._verdicts import refused, waiting
from connectors.file.naming import file_name
from connectors.file.options import CsvFormat
from connectors.file.separated import csv_text
from connectors.fixed.layout import Layout
from connectors.fixed.options import FixedOptions
from connectors.json.options import JsonOptions
from connectors.json.paths import row_parser
from connectors.xml.parsing import Records

ROOT = Path(__file__).parents[2]
ENGLISH_WORDS = {"an", "and", "has", "is", "lines", "not", "of", "the", "was", "which", "with"}
ROOMS = (
    "agent/mapping",
    "agent/detect",
    "agent/intake",
    "agent/two_way",
    "agent/delivery",
    "agent/verify/verifier.py",
    "agent/verify/comparison.py",
    "agent/alerts/survey.py",
    "agent/alerts/machine.py",
    "agent/runs.py",
    "agent/api/decisions.py",
    "agent/api/edits.py",
    "agent/api/jobs.py",
    "agent/api/messages.py",
    "agent/api/moments.py",
    "agent/api/people.py",
    "agent/api/timeline.py",
    "agent/dashboard",
)
CONNECTORS = ROOT / "connectors"
FAKE = CONNECTORS / "memory.py"
"""The connector that tests use in place of a system: nobody meets its reasons."""
OF_A_RECORD = {"Rejected", "Receipt", "Refusal"}
"""What a connector says of a record. Why a system does not answer is mostly told by that system."""
NOT_FOR_A_RECORD = {"Invalid", "self._refused"}
"""What makes no reason of a record or a run: faults of a configuration; `_refused` hands on."""


def reasons_in(path: Path, calls: set[str] | None) -> Iterator[tuple[str, str]]:
    """(code, reason) of everything that is refused there; X stands for each value."""
    for scope in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(scope, ast.FunctionDef):
            yield from reasons_of(scope, calls)


def reasons_of(scope: ast.FunctionDef, calls: set[str] | None) -> Iterator[tuple[str, str]]:
    for call in ast.walk(scope):
        if isinstance(call, ast.Call) and counts(ast.unparse(call.func), calls):
            given = [*call.args, *(each.value for each in call.keywords)]
            for code, reason in pairwise(given):
                if isinstance(code, ast.Constant) and re.fullmatch(r"SA-\d{4}", str(code.value)):
                    text = sample(meant(scope, reason))
                    if re.search("[a-z]", text):
                        yield str(code.value), text


def meant(scope: ast.FunctionDef, reason: ast.expr) -> ast.expr:
    """What stands there; for a name, what it was last given above."""
    given = [
        node
        for node in ast.walk(scope)
        if isinstance(node, ast.Assign)
        and node.lineno < reason.lineno
        and ast.unparse(node.targets[0]) == ast.unparse(reason)
    ]
    return max(given, key=lambda node: node.lineno).value if given else reason


def counts(name: str, calls: set[str] | None) -> bool:
    return name not in NOT_FOR_A_RECORD if calls is None else name in calls


def sample(node: ast.expr) -> str:
    """A text with X where a value stands; X for what is no text of ours."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(sample(part) for part in node.values)
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        return sample(node.left) + sample(node.right)
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Slice):
        return sample(node.value)
    return "X"


def ours() -> list[tuple[str, str]]:
    found = set()
    for room in ROOMS:
        path = ROOT / room
        for file in path.rglob("*.py") if path.is_dir() else [path]:
            found |= set(reasons_in(file, None))
    for file in CONNECTORS.rglob("*.py"):
        if file != FAKE:
            found |= set(reasons_in(file, OF_A_RECORD))
    return sorted(found)


def english_words(text: str) -> set[str]:
    return set(re.findall(r"\w+", re.sub(r'"[^"]*"', "", text))) & ENGLISH_WORDS


@pytest.mark.parametrize(("code", "reason"), ours())
def test_whatever_we_refuse_has_its_italian_words(code: str, reason: str) -> None:
    told = worded("it", code, reason)
    assert told != reason, f"agent/catalogue/wordings says nothing of {code} {reason!r}"
    assert not english_words(told)
    assert told.count("X") == reason.count("X"), "every value is told"


def test_there_are_many_of_them() -> None:
    assert len(ours()) > 300


def test_no_code_has_wordings_in_two_rooms() -> None:
    rooms = wordings.ROOMS
    tables = ("RULES", "HINTED", "REASONS")
    codes = [code for room in rooms for table in tables for code in getattr(room, table, ())]
    places = [place for room in rooms for place in getattr(room, "PLACES", ())]
    assert len(set(codes)) == len(codes)
    assert len(set(places)) == len(places)


def test_every_room_is_open() -> None:
    there = {each.name for each in pkgutil.iter_modules(wordings.__path__)} - {"wording"}
    assert {room.__name__.rpartition(".")[2] for room in wordings.ROOMS} == there


@pytest.mark.parametrize(
    ("value", "rule", "told"),
    [
        (None, {"required": True}, 'campo "x": è vuoto, serve un valore'),
        ("", {"required": True}, 'campo "x": è vuoto, serve un valore'),
        (
            "1.234,50",
            {"type": "decimal"},
            'campo "x": "1.234,50" non è un numero (separatore dei decimali ".")',
        ),
        (
            "12,5,0",
            {"type": "decimal", "decimal_mark": ",", "group_mark": "."},
            (
                'campo "x": "12,5,0" non è un numero '
                '(separatore dei decimali ",", separatore delle migliaia ".")'
            ),
        ),
        ("1.5", {"type": "integer"}, 'campo "x": "1.5" non è un numero intero'),
        ("1.239", {"type": "decimal", "scale": 2}, 'campo "x": "1.239" ha più di 2 decimali'),
        (
            "FORSE",
            {"type": "boolean", "true": ["S"], "false": ["N"]},
            'campo "x": "FORSE" non vuol dire né sì (S) né no (N)',
        ),
        (
            "31.11.2026",
            {"type": "date", "format": "%d.%m.%Y"},
            'campo "x": "31.11.2026" non è una data: quel mese non ha quel giorno',
        ),
        ("domani", {"type": "datetime"}, 'campo "x": "domani" non è una data con ora (ISO 8601)'),
        ("KG", {"values": {"PZ": "pcs"}}, 'campo "x": "KG" non è nella tabella dei valori'),
        ("3", {"type": "decimal", "min": "5"}, 'campo "x": "3" è meno del minimo 5'),
        (
            "abcdef",
            {"max_length": 3},
            'campo "x": "abcdef" ha 6 caratteri, ne sono ammessi al massimo 3',
        ),
        ("a b", {"pattern": "[a-z]+"}, 'campo "x": "a b" non corrisponde al modello [a-z]+'),
        (
            "12345678902",
            {"check": "partita_iva"},
            'campo "x": "12345678902" non è una partita IVA: l\'ultima cifra dovrebbe essere 3',
        ),
        (
            "123",
            {"check": "tax_code"},
            'campo "x": "123" non è un codice fiscale: servono 11 cifre',
        ),
        ("io", {"check": "email"}, 'campo "x": "io" non è un indirizzo e-mail'),
        ("is not", {"check": "iban"}, 'campo "x": "is not" non ha la forma di un IBAN'),
    ],
)
def test_what_the_mapping_refuses_is_told_with_field_and_value(
    value: Any, rule: dict[str, Any], told: str
) -> None:
    fields = {"sku": {"value": "A1"}, "name": {"value": "Vite"}}
    spec = MappingSpec.model_validate(
        {**fields, "attributes": {"fields": {"x": {"from": "COL", **rule}}}}
    )
    with pytest.raises(Rejected) as refused:
        compile_mapping(spec, entity="product").bind(("COL",))((value,))
    reason = refused.value.reason.replace("attributes.x", "x")
    assert worded("it", refused.value.code, reason) == told
    assert worded("it", "", f"{refused.value.code} {reason}").endswith(told)
    assert worded("en", refused.value.code, reason) == reason


def test_beside_the_field_of_a_form_a_rule_stands_alone_or_behind_what_is_inside() -> None:
    assert worded("it", "SA-3101", "is empty, a value is required") == "è vuoto, serve un valore"
    inside = '[0].sku: "" is empty, a value is required'
    assert worded("it", "SA-3101", inside) == "0: Codice articolo: è vuoto, serve un valore"
    inside = 'street: "x" has 1 characters, at least 3 are needed'
    told = 'Via: "x" ha 1 caratteri, ne servono almeno 3'
    assert worded("it", "SA-3109", inside) == told


def test_fields_are_called_as_people_call_them() -> None:
    reason = 'field "lines[2].quantity": "x" is not an integer (orders.csv line 12)'
    told = worded("it", "SA-3102", reason)
    assert told == 'campo "Righe 2: Quantità": "x" non è un numero intero (orders.csv riga 12)'


@pytest.mark.parametrize(
    ("where", "told"),
    [
        ("line 12", "riga 12"),
        ("orders.csv line 12", "orders.csv riga 12"),
        ("sheet Ordini row 12", "foglio Ordini riga 12"),
        ("orders page 2 record 12", "orders pagina 2 record 12"),
        ("inbox/ordine 12.xml", "inbox/ordine 12.xml"),
    ],
)
def test_where_a_row_stands_is_told_behind(where: str, told: str) -> None:
    empty = f'field "x": "" is empty, a value is required ({where})'
    assert worded("it", "SA-3101", empty) == f'campo "x": è vuoto, serve un valore ({told})'
    late = f'field "x": "late" is not a date (ISO 8601) ({where})'
    assert worded("it", "SA-3105", late) == f'campo "x": "late" non è una data (ISO 8601) ({told})'


def test_an_order_that_does_not_add_up_is_told_sum_by_sum() -> None:
    line = {"line": 1, "quantity": "2", "price": "3.5", "vat_rate": "22", "total": "10.00"}
    order = {"lines": [line], "total_net": "10.00", "total_vat": "3.00", "total": "13.00"}
    objection = totals_judge(Totals.model_validate({}))(order)
    assert objection is not None
    assert worded("it", *objection) == (
        "riga 1: totale: c'è scritto 10,00, 2 x 3,5 dà 7,00: 3,00 di troppo; "
        "IVA: c'è scritto 3,00, le righe danno 2,20: 0,80 di troppo"
    )


@pytest.mark.parametrize(
    ("tally", "told"),
    [
        (Tally(known=100, deletes=90), "90 record su 100 verrebbero cancellati"),
        (Tally(known=2000, updates=1500), "1500 record su 2000 cambierebbero"),
        (
            Tally(known=9, jumps=1, first_jump="A1: 2 → 9"),
            '"Prezzo" cambia di oltre 3 volte in 1 record (A1: 2 → 9)',
        ),
    ],
)
def test_why_a_run_is_held_is_told_alone_and_in_the_run_that_it_keeps_back(
    tally: Tally, told: str
) -> None:
    reason = judge(GuardLimits(jump_field="price", jump_factor=Decimal(3)), tally)
    assert reason is not None
    assert worded("it", "SA-4006", reason) == worded("it", "", reason) == told
    behind = worded("it", "SA-4006", f"run 7 waits for approval: {reason}")
    assert behind == f"l'esecuzione 7 aspetta l'approvazione: {told}"


def test_columns_that_changed_are_told_one_by_one() -> None:
    drift = column_drift({"A": "INT", "B": "INT"}, {"B": "TEXT", "C": ""}, None)
    assert drift is not None
    reason = f"the columns changed ({drift.text()}); the flow needs A, B"
    told = (
        "le colonne sono cambiate (A manca, B era INT, è TEXT, C è nuova); al flusso servono A, B"
    )
    assert worded("it", "SA-4001", reason) == told


def test_a_comparison_is_told_count_by_count() -> None:
    found = in_step({"records": 12_431, "in_step": 12_429, "missing": 1, "different": 1})
    assert worded("it", "SA-7402", found) == "12.429 di 12.431 allineati, 1 mancanti, 1 diversi"


def test_hints_are_for_those_who_read_english() -> None:
    message = Message("m1", 1, "prices", "price", "A1", Op.UPSERT, b"{}")
    refusal = Rejected("SA-5406", "a@b.it is the address of customer C7 already", hint="two (2) no")
    receipt = refused(message, refusal)
    assert worded("it", receipt.code, receipt.reason) == "a@b.it è già l'indirizzo del cliente C7"
    assert worded("en", receipt.code, receipt.reason) == receipt.reason
    document = Rejected("SA-5353", "several documents bear the reference W1: 7, 8", hint="not both")
    parked = refusal_of_the_erp(message, document)
    told = "più documenti portano il riferimento W1: 7, 8"
    assert worded("it", parked.code, parked.reason) == told


@pytest.mark.parametrize(
    ("failure", "told"),
    [
        (httpcore.ConnectError("refused"), "shop.example non è raggiungibile (refused)"),
        (httpcore.ConnectTimeout(), "shop.example non ha accettato il collegamento in tempo"),
        (httpcore.ReadTimeout(), "shop.example non ha risposto in tempo"),
        (socket.gaierror(), "il nome shop.example non si trova nel DNS"),
        (
            httpcore.ReadError("reset"),
            "il collegamento a shop.example è caduto prima della fine della risposta (reset)",
        ),
    ],
)
def test_why_a_system_does_not_answer_is_told(failure: Exception, told: str) -> None:
    error = wire_failure(failure, "shop.example")
    assert reason_in("it", str(error)).endswith(f": {told}")


@pytest.mark.parametrize("status", [429, 409, 503, 500, 418])
def test_what_a_system_answered_stays_behind_who_answered(status: int) -> None:
    body = b'{"message": "Slow down"}'
    with pytest.raises(SyncError) as failed:
        raise_for_status(status, {}, "application/json", body, "shop.example")
    told = worded("it", failed.value.code, failed.value.reason)
    assert told.startswith(f"shop.example ha risposto {status}: Slow down")


def test_what_a_record_waits_for_is_told() -> None:
    receipt = waiting(Message("m1", 1, "prices", "price", "A1", Op.UPSERT, b"{}"), "product", "A1")
    told = "aspetta l'articolo A1, che là non c'è ancora"
    assert worded("it", receipt.code, receipt.reason) == told


def test_what_a_shop_says_behind_our_words_stays() -> None:
    told = worded("it", "SA-5400", "the shop refuses it: Invalid SKU: A (B) (code_1)")
    assert told == "il negozio lo rifiuta: Invalid SKU: A (B) (code_1)"


def test_a_reason_within_a_reason_is_told_too() -> None:
    refused = 'field "x": null is empty, a value is required'
    halted = f"SA-4005 9 of 9 rows are refused, for example: {refused}"
    told = reason_in("it", f"SA-5005 the target is halted: {halted}")
    assert told.endswith(
        'la destinazione è ferma: SA-4005 9 righe su 9 sono rifiutate, per esempio: campo "x": è '
        "vuoto, serve un valore"
    )


def json_record(record: bytes) -> object:
    columns = ("sku", "price.net")
    return row_parser(JsonOptions(files="*.json", key=("sku",), columns=columns))(record)


def xml_document(document: bytes) -> object:
    return list(Records(("a", "b"), "utf-8", 1000).read([document]))


def odata_row(record: Json) -> object:
    return readable(Columns(("Item",), ("Price",)).rows([record], doubtful=True))[0]


def packed_number(record: bytes) -> object:
    options = {
        "files": "*.dat",
        "key": ["QTY"],
        "encoding": "cp037",
        "record_length": 2,
        "fields": {"QTY": {"start": 1, "length": 2, "type": "packed"}},
    }
    return Layout(FixedOptions.model_validate(options)).parse(record)


@pytest.mark.parametrize(
    ("refuse", "told"),
    [
        (partial(json_record, b"[]"), "il record è un elenco, non un oggetto"),
        (
            partial(json_record, b'{"sku": "A1", "price": "free"}'),
            "price.net: 'net' si cerca in un testo",
        ),
        (
            partial(packed_number, b"@@"),
            (
                "campo QTY (posizioni 1-2): il valore 0x4040 non è un numero packed: l'ultimo "
                "mezzo byte non è un segno"
            ),
        ),
        (
            partial(xml_document, b"<c/>"),
            "nessun record in /a/b: l'elemento più esterno del documento è c",
        ),
        (partial(odata_row, 7), "il record non è un oggetto ma un numero"),
        (partial(odata_row, {"Item": "A1"}), 'il record non ha il campo "Price"'),
        (
            partial(literal, "A1", "Edm.Int32", "4"),
            "'A1' non può essere una chiave di tipo Edm.Int32",
        ),
        (partial(reference_of, {}), "'{}' non è l'id di un record"),
        (
            partial(csv_text, [["caffè; tè"]], CsvFormat(delimiter=";", quote="")),
            "la cella 'caffè; tè' contiene un separatore o un a capo",
        ),
        (partial(file_name, "/"), "'/' non è un nome per un file"),
        (partial(amount, {"weight": "-1"}, "weight"), "campo \"Peso (kg)\": '-1' è sotto zero"),
    ],
)
def test_what_connectors_refuse_is_told_part_by_part(
    refuse: Callable[[], object], told: str
) -> None:
    with pytest.raises(Rejected) as refused:
        refuse()
    assert worded("it", refused.value.code, refused.value.reason) == told


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (
            "SA-2034 to parse the workbook takes longer than 60 s",
            "SA-2034 per leggere la cartella di lavoro serve più di 60 s",
        ),
        (
            "SA-2708 the file has 16,777,217 bytes, 9,000,000 are allowed (foto/a.jpg)",
            "SA-2708 il file ha 16.777.217 byte, ne sono ammessi 9.000.000 (foto/a.jpg)",
        ),
        (
            "SA-5010 in doubt: the service says that it is there, and look_up finds nothing",
            "SA-5010 in dubbio: il servizio dice che c'è già, ma look_up non trova niente",
        ),
        (
            "SA-5307 undone: look_up does not find what was just written as 12, but 13",
            "SA-5307 annullato: look_up non trova ciò che è stato appena scritto come 12, ma 13",
        ),
        (
            "SA-5382 Odoo has 2 times partner with vat 'IT1': ids 3, 4",
            "SA-5382 in Odoo c'è 2 volte il partner con la partita IVA 'IT1': id 3, 4",
        ),
        (
            (
                "SA-5384 it is quotation S7, which Odoo does not confirm: sale.order: "
                "odoo.example refuses the question: Over the limit: 500"
            ),
            (
                "SA-5384 è il preventivo S7, che Odoo non conferma: l'ordine: "
                "odoo.example rifiuta: Over the limit: 500"
            ),
        ),
    ],
)
def test_fragments_of_ours_within_a_reason_are_told_too(reason: str, told: str) -> None:
    assert worded("it", "", reason) == told


@pytest.mark.parametrize(
    "reason",
    [
        "total is 1, lines give 2: " * 70,
        "line x is 1, 2 x 3 less 4 % gives " * 50,
        "is not a date (a) " * 100,
        "the customer asked for it",
        "ORA-01400: cannot insert NULL",
        "Anna: is it empty? A value is required",
    ],
)
def test_what_others_say_stays_as_they_said_it(reason: str) -> None:
    for code in ("", "SA-3101", "SA-3404", "SA-5002", "SA-5999"):
        assert worded("it", code, reason) == reason
