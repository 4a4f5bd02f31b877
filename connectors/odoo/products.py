"""Products: single ones in lists, variants one by one below the product that they belong to.

The reference of a product is `template/variant`, that of a variant below another one `/variant`;
behind that of a product stand its pictures.
Odoo keeps internal references neither unique nor, on a product with several variants, at all; so
the ids are remembered, and what has none is looked for by its code before anything is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from agent.errors import Misconfigured, Rejected
from agent.model import Json, Message, Op, Receipt
from connectors._canonical import amount, data_of
from connectors._verdicts import Waits, accepted, refused, settled, waiting
from connectors.odoo import categories, pictures, variants
from connectors.odoo.writing import (
    Writing,
    changes,
    halving,
    id_in,
    only_active,
    parts_of,
    several,
)

VARIANT, TEMPLATE = "product.product", "product.template"


@dataclass
class Article:
    """A message, what it says, and what Odoo already has of it."""

    message: Message
    record: dict[str, Json]
    template: int = 0
    variant: int = 0
    current: Mapping[str, Any] | None = None
    shown: pictures.Wanted | None = None
    """The pictures that it shall show."""
    pictures: str = ""
    """What is remembered of them."""

    @property
    def reference(self) -> str:
        """As it is remembered: a variant names no template, so that it never speaks for it."""
        template = "" if self.record.get("parent") else self.template
        pictures = f"/{self.pictures}" if self.pictures else ""
        return f"{template}/{self.variant or ''}{pictures}"

    def receipt(self) -> Receipt:
        """Taken."""
        return accepted(self.message, self.reference)


def deliver(work: Writing, messages: Sequence[Message]) -> Iterator[Receipt]:
    """Archive what is gone, bring up to date what is there, make what is missing."""
    yield from _remove(work, [each for each in messages if each.op is Op.DELETE])
    articles = [Article(each, data_of(each)) for each in messages if each.op is not Op.DELETE]
    with work.known.making.holding([str(each.record["sku"]) for each in articles]):
        yield from _deliver(work, articles)


def _deliver(work: Writing, articles: Sequence[Article]) -> Iterator[Receipt]:
    doubts = _look_up(work, articles)
    yield from (refused(each.message, why) for each, why in doubts)
    unclear = {each.message.id for each, _ in doubts}
    clear = [each for each in articles if each.message.id not in unclear]
    above = [each for each in clear if not each.record.get("parent")]
    yield from _put(work, above)
    # A product loses its code in Odoo with its first variant: the next ones need its id.
    templates = {each.record["sku"]: each.template for each in above if each.template}
    for article in clear:
        if article.record.get("parent"):
            yield _receipt(article, lambda each: _put_variant(work, each, templates))


def _put(work: Writing, articles: Sequence[Article]) -> Iterator[Receipt]:
    """Products that are no variants: those that are there one by one, new ones in lists."""
    new: dict[str, tuple[Article, dict[str, Json]]] = {}
    for article in articles:
        code = article.record["sku"]
        if article.current is not None:
            yield _receipt(article, lambda each: _put_single(work, each))
        elif code in new:
            yield waiting(article.message, "the other product with the code", code)
        else:
            try:
                article.shown = pictures.wanted_by(work, article.record)
                new[code] = (article, _new_values(work, article.record))
            except Waits as waits:
                yield waiting(article.message, waits.entity, waits.key)
            except Rejected as why:
                yield refused(article.message, why)
    yield from _create(work, [each for each in new.values() if not each[0].shown])
    # Those with pictures alone: some hundred of them would be gigabytes.
    for article, values in new.values():
        if article.shown:
            yield from _create_pictured(work, article, values, article.shown)


def _receipt(article: Article, put: Callable[[Article], None]) -> Receipt:
    def deliver(_: Message) -> Receipt:
        put(article)
        return article.receipt()

    return settled(article.message, deliver)


def _remove(work: Writing, messages: Sequence[Message]) -> Iterator[Receipt]:
    """Orders and invoices refer to a product for ever: it is archived, or deleted on demand."""
    bound = work.bindings.find("product", [each.key for each in messages]) if messages else {}
    for message in messages:
        template, variant, _ = parts_of(bound.get(message.key, ""))
        try:
            # Its own variant, or the product above those that took its place.
            for model, id_ in ((VARIANT, variant), (TEMPLATE, template)):
                there = work.search(model, [["id", "=", int(id_)]], ["active"]) if id_ else []
                if there:
                    _remove_one(work, model, there[0])
                    break
            yield accepted(message)
        except Rejected as why:
            yield refused(message, why)


def _remove_one(work: Writing, model: str, record: Mapping[str, Any]) -> None:
    if work.options.deleted == "delete":
        work.call(model, "unlink", ids=[record["id"]])
    elif record["active"]:
        work.call(model, "action_archive", ids=[record["id"]])


def _look_up(work: Writing, articles: Sequence[Article]) -> list[tuple[Article, Rejected]]:
    """Fill in what is there already; those of which it cannot be told, and why."""
    if not articles:
        return []
    bound = work.bindings.find("product", [each.message.key for each in articles])
    parts = {key: parts_of(reference) for key, reference in bound.items()}
    pairs = {key: (template, variant) for key, (template, variant, _) in parts.items()}
    fields = _read_fields(work)
    found = work.search(
        VARIANT,
        [
            "|",
            ["id", "in", [int(variant) for _, variant in pairs.values() if variant]],
            ["default_code", "in", [each.record["sku"] for each in articles]],
        ],
        fields,
    )
    by_id = {each["id"]: each for each in found}
    templates = _templates(work, pairs.values(), by_id)
    doubts: list[tuple[Article, Rejected]] = []
    for article in articles:
        template, variant, article.pictures = parts.get(article.message.key, ("", "", ""))
        current: Mapping[str, Any] | None = by_id.get(int(variant)) if variant else None
        if current is None and template and int(template) in templates:
            article.template, article.current = int(template), templates[int(template)]
            continue
        if current is None:
            fits = only_active([e for e in found if e["default_code"] == article.record["sku"]])
            if len(fits) > 1:
                what = f"product with the internal reference {article.record['sku']!r}"
                doubts.append((article, several(what, fits)))
                continue
            current = fits[0] if fits else None
        if current is not None:
            article.current, article.variant = current, current["id"]
            article.template = id_in(current["product_tmpl_id"])
    return doubts


def _templates(
    work: Writing, pairs: Any, variants_found: Mapping[int, Any]
) -> dict[int, Mapping[str, Any]]:
    """The products whose own variant has given way to others."""
    wanted = [
        int(template)
        for template, variant in pairs
        if template and not (variant and int(variant) in variants_found)
    ]
    if not wanted:
        return {}
    found = work.search(TEMPLATE, [["id", "in", wanted]], _read_fields(work, TEMPLATE))
    return {each["id"]: each for each in found}


def _read_fields(work: Writing, model: str = VARIANT) -> list[str]:
    known = work.fields(model)
    fields = ["default_code", "name", "barcode", "weight", "description_sale", "sale_ok"]
    fields += ["active", "is_published", "public_categ_ids", "categ_id", "product_tmpl_id"]
    return [name for name in fields if name in known]


def _put_single(work: Writing, article: Article) -> None:
    wanted = _values(work, article.record)
    if article.current and not article.current.get("active", True):
        wanted["active"] = True
    _change(work, article, wanted)
    shown = pictures.wanted_by(work, article.record)
    if shown is not None and work.options.overwrite:
        article.pictures = pictures.renew(
            work, article.template, shown, article.pictures, doubtful=article.message.doubtful
        )


def _put_variant(work: Writing, article: Article, templates: Mapping[str, int]) -> None:
    record = article.record
    # Name, text and categories are those of the product above.
    wanted = _values(work, {n: v for n, v in record.items() if n in {"sku", "ean", "weight"}})
    if record.get("active") is not None:
        wanted["active"] = record["active"]
    if article.current is None:
        variants.make(work, article, wanted, templates.get(record["parent"], 0))
    else:
        _change(work, article, wanted)


def _change(work: Writing, article: Article, wanted: dict[str, Json]) -> None:
    if not work.options.overwrite:
        return
    model, id_ = (VARIANT, article.variant) if article.variant else (TEMPLATE, article.template)
    if model == TEMPLATE:
        # Code, barcode and weight belong to its variants.
        wanted = {n: v for n, v in wanted.items() if n not in {"default_code", "barcode", "weight"}}
    if different := changes(article.current or {}, wanted, work.fields(model)):
        work.write(model, [id_], different)


def _create(work: Writing, new: Sequence[tuple[Article, dict[str, Json]]]) -> Iterator[Receipt]:
    """New single products, as many in one transaction as go."""

    def make(part: Sequence[tuple[Article, dict[str, Json]]]) -> list[int]:
        return work.create(VARIANT, [values for _, values in part])

    made: list[Article] = []
    for (article, _), result in halving(new, make):
        if isinstance(result, Rejected):
            yield refused(article.message, result)
        else:
            article.variant = result
            made.append(article)
    if not made:
        return
    ids = [each.variant for each in made]
    found = work.search(VARIANT, [["id", "in", ids]], ["product_tmpl_id"])
    templates = {each["id"]: id_in(each["product_tmpl_id"]) for each in found}
    for article in made:
        article.template = templates.get(article.variant, 0)
        if article.shown:
            article.pictures = pictures.remembered(work, article.template, article.shown)
        yield article.receipt()


def _create_pictured(
    work: Writing, article: Article, values: dict[str, Json], shown: pictures.Wanted
) -> Iterator[Receipt]:
    """In one transaction with its pictures: a product never stays without those it was given."""
    try:
        values = values | pictures.of_new(work, shown)
    except Rejected as why:
        yield refused(article.message, why)
    else:
        yield from _create(work, [(article, values)])


def _values(work: Writing, record: Mapping[str, Json]) -> dict[str, Json]:
    """What the record says, as fields; what it does not name is left alone."""
    values: dict[str, Json] = {"default_code": record["sku"]}
    texts = {"name": "name", "ean": "barcode", "description": "description_sale"}
    for ours, theirs in texts.items():
        if ours in record:
            values[theirs] = record[ours] or False
    if record.get("weight") is not None:
        values["weight"] = float(amount(record, "weight") or 0)
    if record.get("active") is not None:
        values["sale_ok"] = record["active"]
        if "is_published" in work.fields(VARIANT):
            values["is_published"] = record["active"]
    return values | _category_values(work, record)


def _category_values(work: Writing, record: Mapping[str, Json]) -> dict[str, Json]:
    if work.options.categories == "none" or not {"category", "categories"} & record.keys():
        return {}
    main, further = record.get("category"), record.get("categories") or []
    codes = list(dict.fromkeys(each for each in (main, *further) if each))
    if work.options.categories == "internal":
        return {"categ_id": categories.ids_of(work, codes[:1])[0]} if codes else {}
    if "public_categ_ids" not in work.fields(VARIANT):
        raise Misconfigured(
            "SA-5383",
            "this Odoo has no shop on its website",
            hint="install eCommerce, or set categories: internal or none",
        )
    return {"public_categ_ids": [[6, 0, categories.ids_of(work, codes) if codes else []]]}


def _new_values(work: Writing, record: Mapping[str, Json]) -> dict[str, Json]:
    # Odoo would sell it for 1.00 until its price is there.
    values = {"list_price": 0.0, **_values(work, record)}
    if work.options.storable:
        values |= storable(work)
    return values


def storable(work: Writing) -> dict[str, Json]:
    """How this version says that a product is kept in stock; {} without the Inventory app."""
    fields = work.fields(VARIANT)
    if "is_storable" in fields:
        return {"is_storable": True}
    for name in ("detailed_type", "type"):
        choices = fields.get(name, {}).get("selection") or []
        if any(choice[0] == "product" for choice in choices):
            return {name: "product"}
    return {}
