"""Orders: each becomes one document, whatever happened to earlier attempts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from agent.contract import Bindings
from agent.errors import Rejected
from agent.model import Message, Op, Receipt
from connectors._erp.customers import Customers, rendered_fields
from connectors._erp.erp import Document, Draft, DraftLine, Erp
from connectors._erp.options import ErpOptions
from connectors._erp.records import Line, Order, decoded
from connectors._erp.verdicts import nothing_written, one_by_one, refusal
from connectors._template import NotThereYet, Scope

ENTITY = "order"


@dataclass(frozen=True, slots=True)
class _Paper:
    """An order as it came: read, and called as it will be called in the ERP."""

    message: Message
    reference: str
    scope: Scope
    order: Order | None
    """None for one that is gone."""
    customer: str
    """Its customer's number where the flow says it; "" for the one whom the order names."""


@dataclass(frozen=True, slots=True)
class _Known:
    """What the ERP and our own bindings say about a batch of orders."""

    bound: Mapping[str, str]
    documents: dict[str, list[Document]]
    """By reference, whichever case the ERP keeps it in."""
    customers: Mapping[str, str]
    items: Mapping[str, Sequence[str]]
    """By SKU, likewise."""


class Orders:
    """The orders of one delivery."""

    def __init__(
        self, erp: Erp, options: ErpOptions, bindings: Bindings, customers: Customers
    ) -> None:
        self._erp, self._options, self._bindings = erp, options, bindings
        self._customers = customers

    def deliver(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """Write these, each in one request, but what is there already."""
        papers: list[_Paper] = []
        yield from self._papers(messages, papers)
        if papers:
            with nothing_written():
                known = self._known(papers, items=True)
            yield from one_by_one(
                papers, lambda paper: paper.message, lambda paper: self._deliver(paper, known)
            )

    def look_up(self, messages: Sequence[Message]) -> Iterator[Receipt]:
        """Which are there. What changes a known one may always be written again."""
        bound = self._bindings.find(ENTITY, [message.key for message in messages])
        papers: list[_Paper] = []
        new = [each for each in messages if each.key not in bound and each.op is Op.UPSERT]
        yield from self._papers(new, papers)
        if not papers:
            return
        known = self._known(papers, items=False)
        for paper in papers:
            try:
                document = self._found(paper, known)
            except Rejected as refused:
                yield refusal(paper.message, refused)
                continue
            if document:
                yield Receipt(paper.message.id, accepted=True, reference=document.number)

    def _papers(self, messages: Sequence[Message], papers: list[_Paper]) -> Iterator[Receipt]:
        """Fills `papers` with those that can be read; a receipt for each of the others."""
        for message in messages:
            try:
                papers.append(self._paper(message))
            except Rejected as refused:
                yield refusal(message, refused)
            except NotThereYet as missing:
                yield missing.receipt(message)

    def _paper(self, message: Message) -> _Paper:
        order = None if message.op is Op.DELETE else decoded(message, Order)
        scope = Scope(message, self._bindings)
        reference = str(self._options.reference.render(scope) or "").strip()
        if not 0 < len(reference) <= self._erp.longest_reference:
            raise Rejected(
                "SA-5361",
                f"the reference {reference!r} has {len(reference)} characters; "
                f"the ERP takes 1 to {self._erp.longest_reference}",
            )
        customer = ""
        if order and self._options.customer:
            customer = str(self._options.customer.render(scope) or "")
        return _Paper(message, reference, scope, order, customer)

    def _known(self, papers: Sequence[_Paper], *, items: bool) -> _Known:
        """Three questions for the whole batch."""
        bound = self._bindings.find(ENTITY, [paper.message.key for paper in papers])
        documents: dict[str, list[Document]] = {}
        for each in self._erp.documents([paper.reference for paper in papers]):
            documents.setdefault(each.reference.casefold(), []).append(each)
        orders = [paper.order for paper in papers if paper.order]
        named = [paper.order.customer for paper in papers if paper.order and not paper.customer]
        skus = list(dict.fromkeys(line.sku for order in orders for line in order.lines))
        return _Known(
            bound,
            documents,
            self._customers.numbers(named) if named else {},
            self._items(skus) if items and skus else {},
        )

    def _items(self, skus: Sequence[str]) -> Mapping[str, Sequence[str]]:
        bound = self._bindings.find("product", skus)
        unbound = [sku for sku in skus if sku not in bound]
        found = self._erp.items(unbound) if unbound else {}
        items: dict[str, Sequence[str]] = {sku.casefold(): each for sku, each in found.items()}
        return items | {sku.casefold(): [item] for sku, item in bound.items()}

    def _deliver(self, paper: _Paper, known: _Known) -> Receipt:
        message, number = paper.message, known.bound.get(paper.message.key, "")
        document = self._found(paper, known)
        if number and paper.order and not document:
            raise Rejected(
                "SA-5359",
                f"no document bears the reference {paper.reference} any more; it was {number}",
                hint="look for it in the ERP; if it is there: syncagent orders confirm",
            )
        if paper.order is None:
            self._cancel(document)
        elif number and document:
            self._change(document, paper, paper.order, known)
        elif document:
            number = self._believed(document, paper)
        else:
            draft = self._draft(paper, paper.order, known)
            number = self._erp.write(draft)
            written = Document(paper.reference, number, "", draft.customer)
            known.documents[paper.reference.casefold()] = [written]
        return Receipt(message.id, accepted=True, reference=number)

    @staticmethod
    def _believed(document: Document, paper: _Paper) -> str:
        """Written by an attempt whose end nobody saw; what was there before any is another's."""
        if paper.message.doubtful:
            return document.number
        raise Rejected(
            "SA-5353",
            f"document {document.number} already bears the reference {paper.reference}, and this "
            "order was never sent",
            hint="if it is this order: syncagent orders confirm; if not, give our orders a "
            "reference of their own: reference: WEB-{{ key }}",
        )

    def _change(self, document: Document, paper: _Paper, order: Order, known: _Known) -> None:
        if self._options.changed == "refuse":
            raise Rejected(
                "SA-5351",
                f"the order changed in the shop after it became document {document.number}",
                hint="change the document by hand, then: syncagent orders confirm; "
                "or say changed: update",
            )
        self._erp.change(document, self._draft(paper, order, known))

    def _cancel(self, document: Document | None) -> None:
        if document is None or document.cancelled:
            return
        if self._options.deleted == "refuse":
            raise Rejected(
                "SA-5352",
                f"the order is gone from the shop, document {document.number} is still there",
                hint="cancel it by hand, then: syncagent orders confirm; or say deleted: cancel",
            )
        self._erp.cancel(document)

    def _found(self, paper: _Paper, known: _Known) -> Document | None:
        """The document of an order. Raises `Rejected` for one that may be somebody else's."""
        found = known.documents.get(paper.reference.casefold(), [])
        if not found:
            return None
        if len(found) > 1:
            numbers = ", ".join(each.number for each in found[:5])
            raise Rejected(
                "SA-5353",
                f"several documents bear the reference {paper.reference}: {numbers}",
                hint="cancelled or not, one of them has to lose it",
            )
        (document,) = found
        customer = self._customer(paper, known)
        if paper.order and document.customer and customer != document.customer:
            raise Rejected(
                "SA-5353",
                f"document {document.number} of customer {document.customer} bears the reference "
                f"{paper.reference}, the order is of {customer or paper.order.customer}",
                hint="give our orders a reference of their own: reference: WEB-{{ key }}",
            )
        return document

    @staticmethod
    def _customer(paper: _Paper, known: _Known) -> str:
        if paper.customer or not paper.order:
            return paper.customer
        return known.customers.get(paper.order.customer, "")

    def _draft(self, paper: _Paper, order: Order, known: _Known) -> Draft:
        options = self._options
        customer = self._customer(paper, known)
        if not customer:
            raise NotThereYet("customer", order.customer)
        further = options.further_lines.render(paper.scope)
        if not isinstance(further, list):
            raise Rejected("SA-5360", "further_lines gives no list")
        return Draft(
            order,
            paper.reference,
            customer,
            order.placed_on(options.time_zone),
            options.currencies.get(order.currency, order.currency) if order.currency else None,
            [
                self._line(line, place, paper.scope, known)
                for place, line in enumerate(order.lines, start=1)
            ],
            [each for each in further if each is not None],
            rendered_fields(options.fields, paper.scope),
        )

    def _line(self, line: Line, place: int, scope: Scope, known: _Known) -> DraftLine:
        items = known.items.get(line.sku.casefold(), ())
        if not items:
            raise NotThereYet("product", line.sku)
        if len(items) > 1:
            fitting = ", ".join(items[:5])
            raise Rejected("SA-5354", f"SKU {line.sku} fits several items: {fitting}")
        raw = scope.names["record"]["lines"][place - 1]
        return DraftLine(
            line,
            items[0],
            self._options.tax(line.vat_rate),
            self._options.warehouse(line.warehouse),
            rendered_fields(self._options.line, scope, item=raw, number=place),
        )
