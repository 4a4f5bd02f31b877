"""One message on its way behind an address: looked for, made or changed, its steps done."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from agent.contract import Bindings
from agent.errors import Misconfigured, Rejected, SyncError
from agent.model import Json, Message, Op, Receipt
from connectors._rest.exchange import Exchange, Said, reference_of
from connectors._rest.target_options import (
    FindOptions,
    QuestionOptions,
    RequestOptions,
    RestTargetOptions,
)
from connectors._rest.verdicts import Verdict
from connectors._template import NotThereYet, Scope, elements

NOTHING_DONE = {Verdict.FOUND, Verdict.GONE, Verdict.REJECTED}
TIMED_OUT = 408
"""The one refusal of HTTP behind which the work may go on."""


class Waits(Exception):
    """Something is not there yet without which nothing can be written."""


class Delivery:
    """One message. `touched`: a write has left and may have had its effect; `made`: a new id."""

    def __init__(
        self, message: Message, options: RestTargetOptions, bindings: Bindings, exchange: Exchange
    ) -> None:
        self.message = message
        self.touched = False
        self.made = False
        self._options = options
        self._exchange = exchange
        self._scope = Scope(message, bindings)
        self._scope.names["found"] = {}
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
        except Waits as waits:
            return self._refused("SA-5333", str(waits), waits=True)
        except Rejected as refusal:
            return self._refused(refusal.code, refusal.reason)
        except SyncError as error:
            error.untouched = not self.touched  # a question that fails leaves nothing behind
            raise
        return Receipt(self.message.id, accepted=True, reference=self._reference)

    def found_receipt(self) -> Receipt | None:
        """That it is there, None where nothing of it is; a delete may simply be sent again."""
        if self.message.op is Op.DELETE:
            return None
        try:
            found = self._look_up()
        except (NotThereYet, Waits):
            return None
        except Rejected as refusal:
            return self._refused(refusal.code, refusal.reason)
        return Receipt(self.message.id, accepted=True, reference=self._reference) if found else None

    def require_found(self) -> bool:
        """Whether `look_up` finds what was just made; False where it has no value to look for.

        Raises `Misconfigured` for one that finds nothing or something else: it would show only
        when an answer was lost, and a second record was made.
        """
        made = self._reference
        try:
            if not any(self._has_value(each) for each in self._options.look_up):
                return False
            found = self._reference if self._look_up() else "nothing"
        except Rejected as refusal:
            found = refusal.reason
        if found != made:
            raise Misconfigured(
                "SA-5339",
                f"look_up does not find the record {made} that was just made, but {found}",
                hint="correct look_up; prove: no where the server's search lags behind",
                untouched=True,
            )
        return True

    # Upsert

    def _upsert(self) -> None:
        asked = self._asks()
        if asked:
            self._look_up()
        if self._options.update is None:
            self._leave_or_create(seen=asked or self.message.doubtful)
        elif not self._changed(asked=asked):
            self._refer("")
            self._create()
        self._do_steps()

    def _leave_or_create(self, *, seen: bool) -> None:
        """Where nothing is updated, a new version of what is there is a person's affair."""
        if not self._reference:
            self._create()
        elif not seen:
            raise Rejected(
                "SA-5331", f"it is there as {self._reference}, and this flow updates nothing"
            )

    def _changed(self, *, asked: bool) -> bool:
        """The record we know is changed; looked for anew where there is none of its id any more."""
        if not self._reference:
            return False
        return self._updated() or (not asked and self._look_up() and self._updated())

    def _asks(self) -> bool:
        """Whether the other side is asked before anything is written."""
        options = self._options
        if self._reference or not options.look_up:
            return False
        # Where being found is all there is to it, the engine has asked for what is doubtful.
        doubtful = self.message.doubtful and not options.repeatable
        return doubtful or options.ask == "always" or bool(options.steps) or not options.create

    def _create(self) -> None:
        create = self._options.create
        if create is None:
            if not (self._options.keyed and self._updated()):
                raise Waits(f"waits: there is no such {self.message.entity} there yet")
            return
        said = self._write(create, self._options.unless_said)
        if said.verdict is Verdict.FOUND:
            self._take_up(said)
        elif said.verdict is Verdict.GONE and create.path.fixed:
            said.judge.raise_for(None, said.answer, said.value)  # no record will get through
        elif said.verdict is not Verdict.OK:
            said.refuse()
        elif create.reference:
            try:
                self._refer(reference_of(create.reference.render(self._scope)))
                self.made = True
            except Rejected as refusal:
                raise Misconfigured(
                    "SA-5334",
                    f"the record was made, but the answer holds no id: {refusal.reason}",
                    hint="correct create.reference; look_up finds what was made",
                ) from None

    def _take_up(self, said: Said) -> None:
        """The server says that it has the record: it is looked for, and changed."""
        if self._options.look_up and not self._look_up():
            said.refuse(Verdict.REJECTED)
        changes = self._options.keyed or (self._reference and self._options.update)
        if changes and not self._updated():
            said.refuse(Verdict.REJECTED)

    def _updated(self) -> bool:
        """Changed; False where there is none of that id, or nothing to change it with."""
        if self._options.update is None:
            return False
        said = self._write(self._options.update)
        if said.verdict is Verdict.GONE:
            return False
        if said.verdict is not Verdict.OK:
            said.refuse()
        return True

    def _do_steps(self) -> None:
        for step in self._options.steps:
            self._provide(step)
            if step.when is None or step.when.render(self._scope) is True:
                said = self._write(step)
                if said.verdict not in {Verdict.OK, Verdict.FOUND}:  # found: it was done before
                    said.refuse()

    # Delete

    def _delete(self) -> None:
        delete = self._options.delete
        if delete is None:
            raise Rejected("SA-5331", "this flow deletes nothing")
        if "reference" in delete.needs and not self._reference and not self._look_up():
            return  # nothing of ours is there
        said = self._write(delete)
        if said.verdict not in {Verdict.OK, Verdict.GONE}:
            said.refuse()

    # Requests

    def _look_up(self) -> bool:
        """Whether a question finds the record; its id is known then."""
        self._refer("")
        for question in self._options.look_up:
            self._provide(question)
            if found := self._exchange.one(question, self._scope):
                self._refer(found.reference)
                self._scope.names["reply"] = found.record
                return True
        return False

    def _has_value(self, question: QuestionOptions) -> bool:
        """Whether there is a value to look for."""
        self._provide(question)
        return self._exchange.asks(question, self._scope)

    def _write(self, request: RequestOptions, unless_said: Mapping[str, Verdict] = {}) -> Said:
        self._provide(request)
        try:
            said = self._exchange.ask(request, self._scope, unless_said)
        except SyncError as error:
            self.touched |= not (error.untouched or isinstance(error, Rejected))
            raise
        refused = 400 <= said.answer.status <= 499 and said.answer.status != TIMED_OUT
        self.touched |= said.verdict is Verdict.OK or not (refused or said.verdict in NOTHING_DONE)
        if said.verdict is Verdict.OK:
            self._scope.names["reply"] = said.value
        return said

    def _provide(self, request: RequestOptions) -> None:
        """What the request names under `found`, looked up once."""
        for name, find in self._options.find.items():
            if name in request.needs and name not in self._scope.names["found"]:
                self._provide(find)
                self._scope.names["found"][name] = self._find(name, find)

    def _find(self, name: str, find: FindOptions) -> Json:
        if find.each is None:
            return self._found(name, find)
        found = []
        for names in elements(find.each, self._scope):
            self._scope.names.update(names)
            found.append(self._found(name, find))
        self._scope.names.update(item=None, number=0)
        return found

    def _found(self, name: str, find: FindOptions) -> str:
        found = self._exchange.one(find, self._scope)
        if found:
            return found.reference
        item = self._scope.names["item"]
        of = f" for {msgspec.json.encode(item).decode()[:100]}" if item is not None else ""
        if find.missing == "wait":
            raise Waits(f"waits: the other side has no {name}{of} yet")
        raise Rejected("SA-5336", f"the other side has no {name}{of}")

    def _refer(self, reference: str) -> None:
        """What stands for `reference`; a template that asks for one in vain is refused."""
        self._reference = reference
        self._scope.names.pop("reference", None)
        if reference:
            self._scope.names["reference"] = reference

    def _refused(self, code: str, reason: str, *, waits: bool = False) -> Receipt:
        return Receipt(self.message.id, accepted=False, code=code, reason=reason, waits=waits)
