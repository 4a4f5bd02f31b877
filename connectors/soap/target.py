"""Writes records by calling operations, as the templates of a flow say."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from agent.contract import Doubt, Finding, Target
from agent.errors import Misconfigured
from agent.model import Message, Receipt
from connectors.soap.options import SoapConnection
from connectors.soap.target_options import SoapTargetOptions

if TYPE_CHECKING:
    from connectors.soap.delivering import Delivery
    from connectors.soap.service import Service


class SoapTarget(Target[SoapConnection, SoapTargetOptions]):
    """Delivers record by record; every call passes the gate."""

    def __init__(self, connection: SoapConnection, options: SoapTargetOptions) -> None:
        super().__init__(connection, options)
        # Where nobody can be asked, one lost answer must not make others doubtful.
        self.batch_size = 1 if self.doubt is Doubt.HOLD else options.batch_size
        self._opening = threading.Lock()
        self._service: Service | None = None

    @property
    def service(self) -> Service:
        """The service, described by its WSDL; one for all senders."""
        with self._opening:
            if self._service is None:
                self._service = self._opened()
            return self._service

    def _opened(self) -> Service:
        try:
            from connectors.soap.service import Service  # noqa: PLC0415 - zeep: 400 ms, an extra
        except ModuleNotFoundError as error:
            raise Misconfigured(
                "SA-2509",
                f"{error.name} is not installed",
                hint="pip install 'syncagent[soap]'",
                untouched=True,
            ) from None
        return Service(self.connection)

    @property
    def doubt(self) -> Doubt:
        """Where being found does not mean that the change is there, `deliver` asks by itself."""
        if self.options.repeatable:
            return Doubt.SEND
        if self.options.look_up:
            return Doubt.SEND if self.options.update else Doubt.ASK
        return Doubt.HOLD

    def deliver(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """One after the other; what came before an outage stands."""
        for delivery in self._deliveries(messages):
            yield delivery.receipt()

    def look_up(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """A receipt for each whose effect is there."""
        for delivery in self._deliveries(messages):
            if receipt := delivery.found_receipt():
                yield receipt

    def check(self) -> Iterator[Finding]:
        """The operations exist and the server answers; that a record is taken shows when sent."""
        operations = self.service.operations
        for option, call in self.options.calls.items():
            self.service.require(call.operation)
            yield Finding(option or "operation", operations[call.operation])
        named = [call.operation for call in self.options.calls.values()]
        for name, fields in self.service.types_of(named).items():
            yield Finding(name, fields)
        yield Finding(self.service.server, f"answers {self.service.reach()}")
        told = {
            Doubt.SEND: "a record may be sent again",
            Doubt.ASK: "a record that may be there is asked for first",
            Doubt.HOLD: "a record that may be there waits for a person",
        }
        if self.options.look_up and not self.options.repeatable:
            told[Doubt.SEND] = told[Doubt.ASK]
        yield Finding("after a lost answer", told[self.doubt], warning=self.doubt is Doubt.HOLD)

    def close(self) -> None:
        """Close every connection; never raises."""
        with self._opening:
            opened, self._service = self._service, None
        if opened:
            opened.close()

    def _deliveries(self, messages: Sequence[Message]) -> Iterator[Delivery]:
        service = self.service
        from connectors.soap.calling import Caller  # noqa: PLC0415 - zeep, as above
        from connectors.soap.delivering import Delivery  # noqa: PLC0415 - zeep, as above

        caller = Caller(service, self.options, self.gate)
        for message in messages:
            yield Delivery(message, self.options, self.bindings, caller)
