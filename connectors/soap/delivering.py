"""One message on its way to a service: looked for, made, changed or taken away."""

from __future__ import annotations

from agent.contract import Bindings
from agent.errors import Misconfigured, Rejected, SyncError
from agent.model import Json, Message, Op, Receipt
from connectors._rest.records import MISSING, take
from connectors._template import NotThereYet, Scope, Template
from connectors.soap.calling import NOTHING, Caller, Said
from connectors.soap.target_options import LookUpOptions, SoapTargetOptions, WriteOptions


class Delivery:
    """One message. `touched` says that a write has left and may have had its effect."""

    def __init__(
        self, message: Message, options: SoapTargetOptions, bindings: Bindings, caller: Caller
    ) -> None:
        self.message = message
        self.touched = False
        self._options = options
        self._caller = caller
        self._scope = Scope(message, bindings)
        self._reference = ""
        self._refer(bindings.find(message.entity, [message.key]).get(message.key, ""))

    def receipt(self) -> Receipt:
        """What became of it; raises `Unavailable` or `Misconfigured` where nobody can tell."""
        try:
            if self.message.op is Op.DELETE:
                self._delete()
            else:
                self._upsert()
        except NotThereYet as missing:
            return missing.receipt(self.message)
        except Rejected as refusal:
            return self._refused(refusal)
        except SyncError as error:
            error.untouched = error.untouched and not self.touched
            raise
        return Receipt(self.message.id, accepted=True, reference=self._reference)

    def found_receipt(self) -> Receipt | None:
        """That its effect is there: the record, or after a delete that there is none.

        What the service cannot tell, since it refuses the question or finds several, is in doubt.
        """
        try:
            found = self._is_there()
        except NotThereYet:
            return None
        except Rejected as refusal:
            return self._refused(Rejected("SA-5010", f"in doubt: {refusal.reason}"))
        if found is (self.message.op is Op.DELETE):
            return None
        return Receipt(self.message.id, accepted=True, reference=self._reference)

    def _upsert(self) -> None:
        update = self._options.update
        if self._reference and not update and not self._options.repeatable:
            raise Rejected(
                "SA-5342", f"it is there as {self._reference}, and this flow updates nothing"
            )
        there = bool(self._reference) or (self._asks() and self._is_there())
        if there and update:
            self._write(update)
        elif not there or self._options.repeatable:
            self._create()

    def _asks(self) -> bool:
        """Whether it is asked for before it is made.

        Where nothing is updated, the engine has asked for what is doubtful: see `found_receipt`.
        """
        return self._options.ask == "always" or (
            self.message.doubtful and self._options.update is not None
        )

    def _create(self) -> None:
        said = self._write(self._options, self._options.found_faults)
        if not said.known:
            self._refer(self._reference_in(said.value, self._options.reference, "reference"))
        elif self._options.look_up and not self._is_there():
            raise Rejected(
                "SA-5345", "the service says that it is there, and look_up finds nothing"
            )

    def _delete(self) -> None:
        delete = self._options.delete
        if delete is None:
            raise Rejected("SA-5343", "deletes are not written: say delete under target")
        if not self._reference and self._options.look_up and not self._is_there():
            return
        self._write(delete, delete.gone_faults)

    def _is_there(self) -> bool:
        """Ask for it; what is found is known by its reference from then on."""
        look_up = self._options.look_up
        if look_up is None:
            return False
        said = self._caller.ask(look_up, self._scope, look_up.gone_faults)
        found = _single(said.value, look_up)
        if found in NOTHING:
            return False
        reference = self._reference_in(found, look_up.reference, "look_up.reference")
        if reference:
            self._refer(reference)
        return bool(reference)

    def _write(self, call: WriteOptions, known_faults: tuple[str, ...] = ()) -> Said:
        try:
            said = self._caller.ask(call, self._scope, known_faults)
        except SyncError as error:
            self.touched |= not (error.untouched or isinstance(error, Rejected))
            raise
        self.touched = True
        if not said.known:
            self._caller.require_taken(call, said.value, self._scope)
        return said

    def _reference_in(self, value: Json, place: Template | None, option: str) -> str:
        """The id that an answer tells; "" for none."""
        if place is None:
            found = value
            if isinstance(found, list | dict):
                return ""
        else:
            try:
                found = place.render(self._scope, reply=value)
            except Rejected as refusal:
                raise Misconfigured(
                    "SA-5344",
                    f"the answer holds no id: {refusal.reason}",
                    hint=f"correct {option}; syncagent check shows what operations answer",
                ) from None
        return "" if found is None else str(found)

    def _refer(self, reference: str) -> None:
        """What stands for `reference`; a template that asks for one in vain is refused."""
        self._reference = reference
        self._scope.names.pop("reference", None)
        if reference:
            self._scope.names["reference"] = reference

    def _refused(self, refusal: Rejected) -> Receipt:
        return Receipt(self.message.id, accepted=False, code=refusal.code, reason=refusal.reason)


def _single(value: Json, look_up: LookUpOptions) -> Json:
    """The record in an answer, None for none. Raises `Rejected` where there are several."""
    found = take(value, look_up.item)
    if isinstance(found, list):
        if len(found) > 1:
            raise Rejected(
                "SA-5345", f"{look_up.operation} finds {len(found)} records: {found!r}"[:300]
            )
        found = found[0] if found else None
    return None if found is MISSING else found
