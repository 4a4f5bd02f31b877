"""Customers: found by what is theirs, else created; and who the customer of an order is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import partial

from agent.contract import Bindings
from agent.errors import Rejected
from agent.model import Json, Message, Op, Receipt
from connectors._erp.erp import Account, Erp, Newcomer
from connectors._erp.options import ErpOptions, Mark
from connectors._erp.records import Customer, decoded
from connectors._erp.verdicts import one_by_one, refusal
from connectors._template import NotThereYet, Scope, Template

ENTITY = "customer"


class Customers:
    """The customers of one delivery."""

    def __init__(self, erp: Erp, options: ErpOptions, bindings: Bindings) -> None:
        self._erp, self._options, self._bindings = erp, options, bindings

    def deliver(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """Write these, one request or more each."""
        bound = self._bindings.find(ENTITY, [message.key for message in messages])
        return one_by_one(messages, lambda message: message, partial(self._deliver, bound))

    def look_up(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """Who is there already. A change of a known one may always be written again."""
        bound = self._bindings.find(ENTITY, [message.key for message in messages])
        for message in messages:
            if message.key not in bound and message.op is Op.UPSERT:
                try:
                    account = self._found(self._newcomer(message))
                except Rejected as refused:
                    yield refusal(message, refused)
                    continue
                if account:
                    yield Receipt(message.id, accepted=True, reference=account.number)

    def numbers(self, codes: Sequence[str]) -> Mapping[str, str]:
        """Code → number in the ERP: as delivered by us, else as the ERP itself knows it."""
        wanted = list(dict.fromkeys(codes))
        known = dict(self._bindings.find(ENTITY, wanted))
        open_codes = [code for code in wanted if code not in known]
        if open_codes and "code" in self._options.match:
            accounts = self._erp.accounts("code", open_codes)
            found = {each.number.casefold(): each.number for each in accounts}
            known |= {
                code: found[code.casefold()] for code in open_codes if code.casefold() in found
            }
        return known

    def _deliver(self, bound: Mapping[str, str], message: Message) -> Receipt:
        number = bound.get(message.key, "")
        if message.op is Op.DELETE:
            raise Rejected(
                "SA-5352",
                f"customer {number or message.key} is gone from the shop; it is not deleted here",
                hint="decide in the ERP, then: syncagent outbox ignore",
            )
        newcomer = self._newcomer(message)
        if number:
            return self._change(message, number, newcomer)
        if account := self._found(newcomer):
            return Receipt(message.id, accepted=True, reference=account.number)
        return Receipt(message.id, accepted=True, reference=self._create(message, newcomer))

    def _change(self, message: Message, number: str, newcomer: Newcomer) -> Receipt:
        if self._options.changed == "refuse":
            raise Rejected(
                "SA-5351",
                f"customer {number} changed in the shop; the ERP's data stay as they are",
                hint="changed: update writes them over",
            )
        accounts = self._erp.accounts("code", [number])
        if not accounts:
            raise Rejected("SA-5359", f"customer {number} is no longer there")
        self._erp.change_account(accounts[0], newcomer)
        return Receipt(message.id, accepted=True, reference=number)

    def _create(self, message: Message, newcomer: Newcomer) -> str:
        if not self._options.create:
            raise NotThereYet(ENTITY, message.key)
        marks = {mark for mark, _ in self._marks(newcomer.customer)} - {"code"}
        if not (self._erp.keeps_code or marks):
            raise Rejected(
                "SA-5355",
                f"customer {message.key} has nothing by which it could be found again",
                hint="give a VAT number, a tax code or an e-mail, or a code of its own",
            )
        return self._erp.open_account(newcomer)

    def _newcomer(self, message: Message) -> Newcomer:
        customer, scope = decoded(message, Customer), Scope(message, self._bindings)
        fields = rendered_fields(self._options.customer_fields, scope)
        return Newcomer(customer, str(self._options.reference.render(scope)), fields)

    def _found(self, newcomer: Newcomer) -> Account | None:
        """The customer by the first mark that fits anybody. Raises `Rejected` for several."""
        for mark, values in self._marks(newcomer.customer):
            found = self._erp.accounts(mark, values)
            if len(found) > 1:
                numbers = ", ".join(each.number for each in found[:5])
                raise Rejected(
                    "SA-5354",
                    f"{mark} {values[0]} fits several customers: {numbers}",
                    hint="merge them in the ERP, or take the mark out of match",
                )
            if found:
                return found[0]
        return self._own(newcomer)

    def _own(self, newcomer: Newcomer) -> Account | None:
        """The one whom an attempt created whose end nobody saw."""
        for account in self._erp.own_accounts(newcomer.reference):
            if account.name in {"", newcomer.customer.name}:
                return account
            raise Rejected(
                "SA-5354",
                f"customer {account.number} is called {account.name}, "
                f"the new one {newcomer.customer.name}",
                hint="give our customers codes of their own: reference: WEB-{{ key }}",
            )
        return None

    def _marks(self, customer: Customer) -> Iterator[tuple[Mark, list[str]]]:
        for mark in self._options.match:
            value = (getattr(customer, mark) or "").strip()
            if value and mark in self._erp.marks:
                yield mark, _spellings(mark, value, customer.country)


def _spellings(mark: Mark, value: str, country: str) -> list[str]:
    """How the ERP may have it: a VAT number with its country or without, capitals or none."""
    if mark == "vat_number":
        return _vat_numbers(value, country)
    other = {"email": value.lower(), "tax_code": value.upper()}.get(mark, value)
    return list(dict.fromkeys((value, other)))


def _vat_numbers(text: str, country: str) -> list[str]:
    plain = "".join(text.split()).replace("-", "").replace(".", "").upper()
    if plain[:2].isalpha():
        return [plain, plain[2:]]
    return [plain, country.upper() + plain] if country else [plain]


def rendered_fields(template: Template, scope: Scope, **more: Json) -> Mapping[str, Json]:
    """What a template of fields gives. Raises `Rejected` for anything but an object."""
    fields = template.render(scope, **more)
    if not isinstance(fields, Mapping):
        raise Rejected("SA-5360", f"the template gives no object of fields: {str(fields)[:80]}")
    return fields
