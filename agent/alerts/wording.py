"""What alerts say, in Italian and English, to people who have other things to do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from agent.alerts.links import ALERTS
from agent.alerts.notice import Notice
from agent.alerts.plan import What
from agent.alerts.trouble import Kind
from agent.catalogue import EXPLANATIONS, reason_in, remedy
from agent.language import Language
from agent.store import Alert

LONGEST_TITLE = 120


@dataclass(frozen=True, slots=True)
class Wording:
    """All texts of one language."""

    kinds: Mapping[Kind, str]
    """One sentence without its full stop; {where} and {count} are filled in."""
    heads: Mapping[What, str]
    """What is put before the sentence."""
    records: str
    reason: str
    remedy: str
    command: str
    explained: str
    dashboard: str
    since: str
    lasted: str
    silence: str
    moment: str
    several: str
    more: str
    digest: str
    digest_open: str
    digest_closed: str
    digest_well: str
    taken: str
    test: str


ENGLISH = Wording(
    kinds={
        Kind.PARKED: "{where}: {count} not on the other side",
        Kind.DOUBT: "{where}: nobody knows whether it was written: {count}",
        Kind.HELD: "{where}: a run waits for approval",
        Kind.HALTED: "{where} is halted until somebody acts",
        Kind.UNREACHABLE: "{where} does not answer",
        Kind.FAILING: "{where}: the source cannot be read",
        Kind.FRESHNESS: "{where}: what the other side has is too old",
        Kind.CONFLICT: "{where}: changed on both sides: {count}",
        Kind.DIFFERENCES: "{where}: not in step with the other side: {count}",
        Kind.PAUSED: "{where} is still paused",
        Kind.ENDING: "{where}: valid only for a short time",
        Kind.WARNING: "{where}: a check warns",
        Kind.DISK: "The disk is nearly full",
        Kind.RESTORED: "The store was restored from an older copy",
        Kind.BACKUP: "There is no fresh copy of the store",
        Kind.CONFIGURATION: "The changed configuration was refused, the last good one is in force",
        Kind.LISTENER: "The address that other systems call is closed",
        Kind.LOG_IN: "Somebody tries passwords at the dashboard",
    },
    heads={
        What.OPENED: "",
        What.WORSE: "Worse: ",
        What.REMINDER: "Still: ",
        What.ESCALATED: "Nobody has acknowledged: ",
        What.RECOVERED: "Over: ",
    },
    records="Which: {keys}",
    reason="Reason: {reason}",
    remedy="What to do: {remedy}",
    command="On the server: {command}",
    explained="More about it: syncagent errors {code}",
    dashboard="Dashboard: {link}",
    since="Since {opened}.",
    lasted="From {opened} to {gone}.",
    silence="Alert {number}. No more reminders: syncagent alerts ack {number}",
    moment="%Y-%m-%d %H:%M",
    several="{count} alerts",
    more="… and {count} more: syncagent alerts list",
    digest="Daily summary: {count} open",
    digest_open="Open:",
    digest_closed="Over since the last summary:",
    digest_well="Nothing is open.",
    taken="{by} takes care of it",
    test="This is a test. Alerts of this site arrive here.",
)

ITALIAN = Wording(
    kinds={
        Kind.PARKED: "{where}: {count} non arrivati dall'altra parte",
        Kind.DOUBT: "{where}: non si sa se siano stati scritti: {count}",
        Kind.HELD: "{where}: un passaggio attende approvazione",
        Kind.HALTED: "{where} è fermo finché qualcuno non interviene",
        Kind.UNREACHABLE: "{where} non risponde",
        Kind.FAILING: "{where}: impossibile leggere i dati di origine",
        Kind.FRESHNESS: "{where}: i dati dall'altra parte sono troppo vecchi",
        Kind.CONFLICT: "{where}: modificati da entrambe le parti: {count}",
        Kind.DIFFERENCES: "{where}: non allineati con l'altra parte: {count}",
        Kind.PAUSED: "{where} è ancora in pausa",
        Kind.ENDING: "{where}: validità in scadenza",
        Kind.WARNING: "{where}: un controllo segnala qualcosa",
        Kind.DISK: "Il disco è quasi pieno",
        Kind.RESTORED: "L'archivio è stato ripristinato da una copia precedente",
        Kind.BACKUP: "Manca una copia recente dell'archivio",
        Kind.CONFIGURATION: "La nuova configurazione è stata rifiutata, resta valida la precedente",
        Kind.LISTENER: "L'indirizzo chiamato dagli altri sistemi è chiuso",
        Kind.LOG_IN: "Qualcuno prova password sul cruscotto",
    },
    heads={
        What.OPENED: "",
        What.WORSE: "Peggiora: ",
        What.REMINDER: "Ancora: ",
        What.ESCALATED: "Nessuno l'ha preso in carico: ",
        What.RECOVERED: "Risolto: ",
    },
    records="Quali: {keys}",
    reason="Motivo: {reason}",
    remedy="Che cosa fare: {remedy}",
    command="Sul server: {command}",
    explained="Maggiori dettagli: syncagent errors {code}",
    dashboard="Cruscotto: {link}",
    since="Dal {opened}.",
    lasted="Dal {opened} al {gone}.",
    silence="Avviso {number}. Per non ricevere altri solleciti: syncagent alerts ack {number}",
    moment="%d/%m/%Y %H:%M",
    several="{count} avvisi",
    more="… e altri {count}: syncagent alerts list",
    digest="Riepilogo del giorno: {count} aperti",
    digest_open="Aperti:",
    digest_closed="Risolti dall'ultimo riepilogo:",
    digest_well="Nessun avviso aperto.",
    taken="se ne occupa {by}",
    test="Questa è una prova. Gli avvisi di questo sito arrivano qui.",
)

WORDINGS: Mapping[Language, Wording] = {"en": ENGLISH, "it": ITALIAN}


def sentence(language: Language, kind: str, where: str, count: int) -> str:
    """What is amiss, without its full stop."""
    return WORDINGS[language].kinds[Kind(kind)].format(where=where, count=count)


class Words:
    """Writes notices for one site."""

    def __init__(self, language: Language, site: str, time_zone: str, link: str) -> None:
        self._language = language
        self._said = WORDINGS[language]
        self._site = site
        self._zone = ZoneInfo(time_zone)
        self._link = link

    def notice(self, what: What, alert: Alert) -> Notice:
        """What is told about one alert."""
        over = what is What.RECOVERED
        lines = self._over(alert) if over else self._open(alert)
        lines += self._leads_to(alert.facts["page"])
        return self._notice(
            self._said.heads[what] + self._sentence(alert),
            "\n".join(lines),
            good=over,
            thread=f"alert-{alert.number}-{alert.opened_at}",
        )

    def _open(self, alert: Alert) -> list[str]:
        said, facts, code = self._said, alert.facts, str(alert.facts["code"])
        reason = reason_in(self._language, f"{code} {facts['reason']}".strip())
        told = remedy(self._language, code, facts["hint"])
        lines = [
            said.records.format(keys=_listed(facts)) if facts["keys"] else "",
            said.reason.format(reason=reason),
            said.remedy.format(remedy=told) if told else "",
            said.command.format(command=facts["command"]) if facts["command"] else "",
            said.explained.format(code=code) if code in EXPLANATIONS else "",
            said.since.format(opened=self._moment(alert.opened_at)),
            said.silence.format(number=alert.number),
        ]
        return [line for line in lines if line]

    def _over(self, alert: Alert) -> list[str]:
        opened, gone = self._moment(alert.opened_at), self._moment(alert.gone_at or 0)
        return [self._said.lasted.format(opened=opened, gone=gone)]

    def _sentence(self, alert: Alert) -> str:
        return sentence(self._language, alert.kind, alert.facts["where"], alert.facts["count"])

    def digest(self, alerts: Sequence[Alert], closed: Sequence[Alert]) -> Notice:
        """What is open, and what has come to an end since the last one."""
        lines = [self._said.digest_open if alerts else self._said.digest_well]
        for alert in alerts:
            by = alert.acknowledged_by
            taken = f" ({self._said.taken.format(by=by)})" if by else ""
            since = self._said.since.format(opened=self._moment(alert.opened_at))
            facts = alert.facts
            reason = reason_in(self._language, f"{facts['code']} {facts['reason']}".strip())
            lines.append(f"- {alert.number}: {self._sentence(alert)}. {reason}. {since}{taken}")
        if closed:
            lines += ["", self._said.digest_closed]
            lines += [f"- {alert.number}: {self._sentence(alert)}" for alert in closed]
        if self._link:
            lines += ["", *self._leads_to(ALERTS)]
        title = self._said.digest.format(count=len(alerts))
        return self._notice(title, "\n".join(lines), good=not alerts)

    def test(self) -> Notice:
        """To find out whether an address works."""
        return self._notice("Test", self._said.test, good=True)

    def _notice(self, title: str, text: str, *, good: bool, thread: str = "") -> Notice:
        said, site = self._said, f"[{self._site}]"
        return Notice(
            title=f"{site} {title}"[:LONGEST_TITLE],
            text=text,
            good=good,
            thread=thread,
            several=f"{site.replace('{', '(').replace('}', ')')} {said.several}",
            more=said.more,
        )

    def _leads_to(self, page: str) -> list[str]:
        """The address of a page of the dashboard, where the configuration names its own."""
        return [self._said.dashboard.format(link=self._link + page)] if self._link else []

    def _moment(self, milliseconds: int) -> str:
        return datetime.fromtimestamp(milliseconds / 1000, self._zone).strftime(self._said.moment)


def _listed(facts: Mapping[str, Any]) -> str:
    """Some of the records, and how many more there are."""
    keys = [str(key) for key in facts["keys"]]
    left = int(facts["count"]) - len(keys)
    return ", ".join(keys) + (f" … (+{left})" if left > 0 else "")
