"""What an explanation says, in every language it is told in.

A sentence is a name, its text in each language, and the values that both texts name in braces.
Reasons of ours are told in the same language; those of another system stay as it gave them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from agent.catalogue import worded
from agent.clock import utc_text
from agent.language import MOMENTS, Language, Text

Values: TypeAlias = Mapping[str, object]
"""What fills the braces. A `Moment` is written as the language writes it."""


class Moment(NamedTuple):
    """Unix ms; 0 for never."""

    milliseconds: int

    def __str__(self) -> str:
        return utc_text(self.milliseconds) if self.milliseconds else ""


NEVER = Text("never", "mai")

TITLES: Mapping[str, Text] = {
    "seen": Text("seen", "visto"),
    "selected": Text("selected", "scelto"),
    "mapped": Text("mapped", "trasformato"),
    "valid": Text("valid", "valido"),
    "changed": Text("changed", "cambiato"),
    "agreed": Text("agreed", "concordato"),
    "held": Text("approved", "approvato"),
    "queued": Text("queued", "in coda"),
    "sent": Text("sent", "inviato"),
    "accepted": Text("accepted", "accettato"),
    "there": Text("there now", "di là adesso"),
}
"""The steps of a record's way, in their order."""

STEPS: Mapping[str, Text] = {
    "seen.now": Text(
        "the source shows it now; last pass over everything: {full_pass}",
        "la sorgente lo mostra adesso; ultima lettura completa: {full_pass}",
    ),
    "seen.absent": Text(
        "the source has no such key now; last pass over everything: {full_pass}",
        "la sorgente non ha questa chiave adesso; ultima lettura completa: {full_pass}",
    ),
    "seen.unreadable": Text(
        "this source cannot be asked for a single key; last pass over everything: {full_pass}",
        "a questa sorgente non si può chiedere una chiave sola; ultima lettura completa: "
        "{full_pass}",
    ),
    "seen.failed": Text(
        "the source cannot be asked now: {reason}",
        "adesso non si può interrogare la sorgente: {reason}",
    ),
    "selected.yes": Text(
        "no filter of the flow leaves it out", "nessun filtro del flusso lo esclude"
    ),
    "selected.where": Text(
        "left out by `where: {text}`, for {values}", "escluso da `where: {text}`, perché {values}"
    ),
    "selected.delete_when": Text(
        "counts as deleted by `delete_when: {text}`, for {values}",
        "vale come cancellato per `delete_when: {text}`, perché {values}",
    ),
    "selected.unclear": Text(
        "`{name}: {text}` cannot be decided: it {reason}",
        "non si può decidere `{name}: {text}`: {reason}",
    ),
    "mapped.yes": Text("{count} fields", "{count} campi"),
    "mapped.hook": Text("the flow's hook leaves it out", "lo esclude lo `hook` del flusso"),
    "valid.yes": Text("every rule holds", "rispetta tutte le regole"),
    "valid.no": Text("{code} {reason}", "{code} {reason}"),
    "changed.new": Text("never taken over before", "mai preso in carico prima"),
    "changed.differs": Text(
        "it differs from what was last taken over: {fields}",
        "è diverso da quanto preso in carico l'ultima volta: {fields}",
    ),
    "changed.no": Text(
        "equal to what was last taken over", "uguale a quanto preso in carico l'ultima volta"
    ),
    "changed.doubted": Text(
        "what the other side holds is doubted: the next look sends it again",
        "non è certo che cosa abbia l'altro lato: alla prossima lettura si invia di nuovo",
    ),
    "changed.deleted": Text(
        "known, and not on the other side: it was left out or deleted",
        "conosciuto, e non sull'altro lato: era escluso o cancellato",
    ),
    "changed.known": Text("taken over before", "già preso in carico"),
    "agreed.yes": Text(
        "both sides should have the same", "i due lati devono avere lo stesso contenuto"
    ),
    "agreed.conflict": Text(
        "both sides changed {fields}: a person decides",
        "i due lati hanno cambiato {fields}: decide una persona",
    ),
    "held.no": Text("no run waits for a person", "nessuna esecuzione aspetta una persona"),
    "held.yes": Text(
        "run {run} waits for approval: {reason}",
        "l'esecuzione {run} aspetta l'approvazione: {reason}",
    ),
    "queued.no": Text("nothing of it waits", "non c'è niente in attesa"),
    "queued.held": Text("waits for run {run}", "aspetta l'esecuzione {run}"),
    "queued.leased": Text("being sent now", "in corso di invio"),
    "queued.pending": Text(
        "due {due}, messages before it: about {place}",
        "previsto per {due}, messaggi prima: circa {place}",
    ),
    "queued.behind": Text("behind {message} of the same key", "dopo {message} della stessa chiave"),
    "queued.parked": Text("parked: {code} {reason}", "fermo: {code} {reason}"),
    "sent.no": Text("never tried", "mai tentato"),
    "sent.tried": Text(
        "as {message}, attempts: {attempts} {code} {reason}",
        "come {message}, tentativi: {attempts} {code} {reason}",
    ),
    "accepted.no": Text("no acceptance is on record", "nessuna accettazione registrata"),
    "accepted.yes": Text(
        "as {reference}, version {version}", "come {reference}, versione {version}"
    ),
    "accepted.deleted": Text(
        "its delete was accepted, version {version}",
        "la cancellazione è stata accettata, versione {version}",
    ),
    "there.equal": Text("as it was sent", "come è stato inviato"),
    "there.differs": Text("these fields differ: {fields}", "questi campi sono diversi: {fields}"),
    "there.present": Text(
        "it is there; there is nothing to compare it with",
        "c'è; non c'è niente con cui confrontarlo",
    ),
    "there.absent": Text("it is not there", "non c'è"),
    "there.unknown": Text(
        "this target cannot be asked what it holds", "a questo lato non si può chiedere che cosa ha"
    ),
    "there.failed": Text("it does not answer: {reason}", "non risponde: {reason}"),
}
"""What is said of a step."""

VERDICTS: Mapping[str, Text] = {
    "is.there": Text(
        "{key} is at {target} as the source has it, since {when}.",
        "{key} è su {target} così come nella sorgente, dal {when}.",
    ),
    "is.edited": Text(
        "{key} is at {target} since {when} as {by} edited it; its next change in the source "
        "replaces that.",
        "{key} è su {target} dal {when} come corretto da {by}; la prossima modifica nella sorgente "
        "lo sostituisce.",
    ),
    "is.there_pruned": Text(
        "{key} was delivered to {target} longer ago than messages are kept, and has not changed.",
        "{key} è stato consegnato a {target} prima di quanto si conservino i messaggi, e da allora "
        "non è cambiato.",
    ),
    "is.deleted": Text(
        "{key} was deleted at {target} on {when}, as the source asked.",
        "{key} è stato cancellato da {target} il {when}, come chiesto dalla sorgente.",
    ),
    "not.deleted_yet": Text(
        "{key} is no longer in the source; the next full pass deletes it at {target}.",
        "{key} non è più nella sorgente; la prossima lettura completa lo cancella da {target}.",
    ),
    "not.in_source": Text(
        "{key} is not at {target}: the source has no such key and never had it here.",
        "{key} non è su {target}: la sorgente non ha questa chiave e non l'ha mai avuta.",
    ),
    "not.source_failed": Text(
        "Nobody can say why {key} is not at {target}: the source does not answer ({reason}).",
        "Non si può dire perché {key} non è su {target}: la sorgente non risponde ({reason}).",
    ),
    "not.never_seen": Text(
        "{key} is not at {target}: no pass over the source has met it; the last full one was "
        "{full_pass}.",
        "{key} non è su {target}: nessuna lettura della sorgente l'ha incontrato; l'ultima "
        "completa: {full_pass}.",
    ),
    "not.selected": Text(
        "{key} is not sent to {target}: the filter `{name}: {text}` leaves it out, for {values}.",
        "{key} non va su {target}: lo esclude il filtro `{name}: {text}`, perché {values}.",
    ),
    "not.hooked": Text(
        "{key} is not sent to {target}: the flow's hook leaves it out.",
        "{key} non va su {target}: lo esclude lo hook del flusso.",
    ),
    "not.valid": Text(
        "The current state of {key} is not at {target}: its row is refused, {reason}.",
        "Lo stato attuale di {key} non è su {target}: la riga è rifiutata, {reason}.",
    ),
    "not.flow_halted": Text(
        "The current state of {key} is not at {target}: the flow {flow} is halted ({reason}).",
        "Lo stato attuale di {key} non è su {target}: il flusso {flow} è fermo ({reason}).",
    ),
    "not.looked_at": Text(
        "The current state of {key} is not at {target}: the flow has not looked at it since it "
        "changed.",
        "Lo stato attuale di {key} non è su {target}: il flusso non l'ha ancora letto da quando è "
        "cambiato.",
    ),
    "not.conflict": Text(
        "{key} was changed on both sides ({fields}) and waits for a person to decide.",
        "{key} è stato cambiato sui due lati ({fields}) e aspetta che una persona decida.",
    ),
    "not.held": Text(
        "The current state of {key} is not at {target}: run {run} waits for approval ({reason}).",
        "Lo stato attuale di {key} non è su {target}: l'esecuzione {run} aspetta l'approvazione "
        "({reason}).",
    ),
    "not.in_doubt": Text(
        "{key} was sent to {target} and nobody knows whether it arrived: a person must look there.",
        "{key} è stato inviato a {target} e non si sa se è arrivato: una persona deve guardare di "
        "là.",
    ),
    "not.refused": Text(
        "The current state of {key} is not at {target}, which refused it: {code} {reason}.",
        "Lo stato attuale di {key} non è su {target}, che l'ha rifiutato: {code} {reason}.",
    ),
    "not.checked": Text(
        "{key} is not at {target}: it is kept back until a person has looked at it ({reason}).",
        "{key} non è su {target}: è trattenuto finché una persona non lo guarda ({reason}).",
    ),
    "not.ignored": Text(
        "The last state of {key} was set aside by {by} on {when}: {reason}.",
        "L'ultimo stato di {key} è stato messo da parte da {by} il {when}: {reason}.",
    ),
    "not.aside": Text(
        "The last state of {key} was set aside by {by} until {until}: {reason}.",
        "L'ultimo stato di {key} è stato messo da parte da {by} fino al {until}: {reason}.",
    ),
    "not.sending": Text(
        "The current state of {key} is being sent to {target} right now.",
        "Lo stato attuale di {key} è in corso di invio a {target} proprio adesso.",
    ),
    "not.target_halted": Text(
        "The current state of {key} is not at {target}: nothing is sent there until a person has "
        "acted ({reason}).",
        "Lo stato attuale di {key} non è su {target}: non si invia niente finché una persona non "
        "interviene ({reason}).",
    ),
    "not.unreachable": Text(
        "The current state of {key} is not at {target} yet, which does not answer ({reason}); it "
        "goes by itself when it does.",
        "Lo stato attuale di {key} non è ancora su {target}, che non risponde ({reason}); partirà "
        "da solo quando risponderà.",
    ),
    "not.again_later": Text(
        "The current state of {key} is not at {target} yet: attempts that failed: {attempts} "
        "({reason}); the next one is due {due}.",
        "Lo stato attuale di {key} non è ancora su {target}: tentativi falliti: {attempts} "
        "({reason}); il prossimo è previsto per {due}.",
    ),
    "not.behind": Text(
        "The current state of {key} is not at {target} yet: it waits behind {message}, an earlier "
        "message of the same key.",
        "Lo stato attuale di {key} non è ancora su {target}: aspetta {message}, un messaggio "
        "precedente della stessa chiave.",
    ),
    "not.nobody_sends": Text(
        "The current state of {key} is not at {target} yet: it is in the queue and the agent is "
        "not running.",
        "Lo stato attuale di {key} non è ancora su {target}: è in coda e l'agente non è in "
        "funzione.",
    ),
    "not.queued": Text(
        "The current state of {key} is not at {target} yet: it is in the queue, messages before "
        "it: about {place}.",
        "Lo stato attuale di {key} non è ancora su {target}: è in coda, messaggi prima: circa "
        "{place}.",
    ),
    "not.lost_there": Text(
        "{key} was delivered to {target} on {when}, and is not there any more: somebody removed it "
        "there.",
        "{key} è stato consegnato a {target} il {when}, e di là non c'è più: qualcuno l'ha "
        "rimosso.",
    ),
    "not.changed_there": Text(
        "{key} was delivered to {target} on {when}, and was changed there since: {fields}.",
        "{key} è stato consegnato a {target} il {when}, e da allora di là è stato cambiato: "
        "{fields}.",
    ),
}
"""The one sentence that a person reads first."""

SENTENCES: Mapping[str, Text] = {**STEPS, **VERDICTS}


def title(step: str, language: Language) -> str:
    """The heading of a step."""
    return str(getattr(TITLES[step], language))


def said(name: str, values: Values, language: Language, time_zone: str) -> str:
    """A sentence, filled in. Moments are those of the clock on that wall."""
    text: str = getattr(SENTENCES[name], language)
    written = {each: _written(value, language, time_zone) for each, value in values.items()}
    if "reason" in written:
        written["reason"] = worded(language, written.get("code", ""), written["reason"])
    return " ".join(text.format(**written).split())


def _written(value: object, language: Language, time_zone: str) -> str:
    if not isinstance(value, Moment):
        return str(value)
    if not value.milliseconds:
        return str(getattr(NEVER, language))
    moment = datetime.fromtimestamp(value.milliseconds / 1000, ZoneInfo(time_zone))
    return moment.strftime(MOMENTS[language])
