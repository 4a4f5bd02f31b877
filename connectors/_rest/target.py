"""Writes records behind an address, as the templates of a flow say."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from agent.contract import Doubt, Finding, Target
from agent.errors import Misconfigured
from agent.model import Json, Message, Op, Receipt, Record, key_text
from connectors._http import Request
from connectors._rest.access import ServerOptions
from connectors._rest.records import MISSING, take
from connectors._rest.target_options import ReadOptions, RestTargetOptions
from connectors._rest.verdicts import Verdict
from connectors._template import Scope

if TYPE_CHECKING:
    from connectors._rest.delivering import Delivery
    from connectors._rest.exchange import Exchange


class RestTarget(Target[ServerOptions, RestTargetOptions]):
    """Delivers record by record; every request of one record passes the gate."""

    def __init__(self, connection: ServerOptions, options: RestTargetOptions) -> None:
        from connectors._rest.api import Api  # noqa: PLC0415 - 100 ms for who asks

        super().__init__(connection, options)
        # Where nobody can be asked, one lost answer must not make others doubtful.
        self.batch_size = 1 if self.doubt is Doubt.HOLD else options.batch_size
        self._proved = not (options.look_up and options.prove)
        self._api = Api(connection, connection.authorization())

    @property
    def doubt(self) -> Doubt:
        """Only what makes a new record can make it twice, unless the server knows its key.

        Where being found does not mean that all is done, `deliver` asks by itself.
        """
        options = self.options
        if options.repeatable or not (options.create or options.steps):
            return Doubt.SEND
        if options.look_up:
            return Doubt.SEND if options.update or options.steps else Doubt.ASK
        return Doubt.HOLD

    def deliver(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """One after the other; what came before an outage stands.

        On the first record that is made the look-up is proved, as long as nothing is at stake.
        """
        for delivery in self._deliveries(messages):
            yield delivery.receipt()
            if delivery.made and not self._proved:
                self._proved = delivery.require_found()

    def look_up(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """A receipt for each that a question finds."""
        for delivery in self._deliveries(messages):
            if receipt := delivery.found_receipt():
                yield receipt

    def reads_back(self, entity: str) -> bool:
        """Where the flow says how."""
        del entity
        return self.options.read is not None

    def read_back(self, entity: str, keys: Sequence[str]) -> Iterator[Record]:
        """What the other side holds, where the flow says how it is read."""
        read = self.options.read
        if read is None:
            raise Misconfigured(
                "SA-5335", "this flow does not say how a record is read back", hint="say read"
            )
        known = self.bindings.find(entity, keys) if "reference" in read.needs else {}
        exchange = self._exchange()
        for key in keys:
            if "reference" in read.needs and key not in known:
                continue
            # Nothing is known of the record but its key.
            message = Message("", 0, "", entity, key, Op.DELETE, b"")
            scope = Scope(message, self.bindings)
            scope.names["reference"] = known.get(key, "")
            if (data := _read(read, scope, exchange)) is not None:
                yield Record(entity, key, data)

    def check(self) -> Iterator[Finding]:
        """Reach the server and log in; whether a record is taken shows when one is sent."""
        from connectors._http.failures import raise_for_status  # noqa: PLC0415 - as above

        probe = self.options.probe
        answer = self._api.ask(Request("GET", self.connection.url + probe))
        # At the root many servers have nothing to show, and that is no fault.
        bad = 500 if probe == "/" else 300
        if answer.status >= bad or answer.status in {403, 407, 429}:
            raise_for_status(
                answer.status, answer.headers, answer.content_type, answer.body, answer.host
            )
        self._exchange().require_no_error(answer)
        yield Finding(self._api.server, f"answers {answer.status} to {probe}")
        told = {
            Doubt.SEND: "a record may be sent again",
            Doubt.ASK: "a record that may be there is asked for first",
            Doubt.HOLD: "a record that may be there waits for a person",
        }
        yield Finding("after a lost answer", told[self.doubt], warning=self.doubt is Doubt.HOLD)

    def close(self) -> None:
        """Close every connection."""
        self._api.close()

    def _exchange(self) -> Exchange:
        from connectors._rest.exchange import Exchange  # noqa: PLC0415 - it draws in httpx

        return Exchange(self._api, self.options, self.gate)

    def _deliveries(self, messages: Sequence[Message]) -> Iterator[Delivery]:
        from connectors._rest.delivering import Delivery  # noqa: PLC0415 - the same

        exchange = self._exchange()
        for message in messages:
            yield Delivery(message, self.options, self.bindings, exchange)


def _read(read: ReadOptions, scope: Scope, exchange: Exchange) -> Mapping[str, Json] | None:
    said = exchange.ask(read, scope)
    if said.verdict is Verdict.GONE:
        return None
    if said.verdict is not Verdict.OK:
        said.refuse()
    found = take(said.value, read.item)
    if found is MISSING or found in (None, []):
        return None
    record = found[0] if isinstance(found, list) else found
    data: Mapping[str, Json] = _as_records_hold_it(read.record.render(scope, reply=record))
    return data


def _as_records_hold_it(value: Json) -> Json:
    """Numbers with a fraction as text, as they travel in records."""
    if isinstance(value, Decimal):
        return key_text(value)
    if isinstance(value, dict):
        return {name: _as_records_hold_it(each) for name, each in value.items()}
    return [_as_records_hold_it(each) for each in value] if isinstance(value, list) else value
