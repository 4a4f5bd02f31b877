"""A variant of a product: its attributes, their values, and the one combination that it is.

New attributes are `dynamic`, so that Odoo makes no variant of its own accord: 5 colours and 8
sizes of which 12 are sold are 12 variants, not 40.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from agent.errors import Rejected
from agent.model import Json
from connectors._verdicts import Waits
from connectors.odoo.writing import Writing

if TYPE_CHECKING:
    from connectors.odoo.products import Article

LINE, VALUE = "product.template.attribute.line", "product.template.attribute.value"


def make(work: Writing, article: Article, wanted: dict[str, Json], template: int) -> None:
    """Make the variant, or take the one that has this combination.

    `template` is the product above, 0 where it has to be looked for.
    """
    options = article.record.get("options") or []
    if not options:
        raise Rejected("SA-5386", "a variant without options cannot be told from its sisters")
    template = template or _template(work, article.record["parent"])
    with work.known.making.holding([f"variants of {template}", "attributes"]):
        combination = [
            _on_template(work, template, each["name"], each["value"]) for each in options
        ]
        found = _of_combination(work, template, combination)
        if found is None:
            values = wanted | {
                "product_tmpl_id": template,
                "product_template_attribute_value_ids": [[6, 0, combination]],
            }
            (variant,) = work.create("product.product", [values])
        else:
            variant = _taken(work, article, found, wanted)
    article.template, article.variant = template, variant


def _taken(
    work: Writing, article: Article, found: Mapping[str, Any], wanted: Mapping[str, Json]
) -> int:
    other = found["default_code"]
    if other and other not in {article.record["sku"], article.record["parent"]}:
        raise Rejected("SA-5382", f"the same options belong to the variant {other!r} already")
    work.write("product.product", [found["id"]], {"active": True, **wanted})
    return int(found["id"])


def _template(work: Writing, parent: str) -> int:
    bound = work.bindings.find("product", [parent]).get(parent, "").partition("/")[0]
    choice: list[Any] = [["default_code", "=", parent]]
    if bound:
        choice = ["|", ["id", "=", int(bound)], *choice]
    found = work.search("product.template", choice, ["id"])
    ids = [int(each["id"]) for each in found]
    if bound and int(bound) in ids:
        return int(bound)
    if not ids:
        raise Waits("product", parent)
    return ids[0]


def _on_template(work: Writing, template: int, name: str, value: str) -> int:
    """The id of a value on this product; attribute, value and line are made where missing."""
    attribute = _attribute(work, name)
    place = [["attribute_id", "=", attribute], ["name", "=", value]]
    found = work.search("product.attribute.value", place, ["id"])
    chosen = (
        found[0]["id"]
        if found
        else work.create("product.attribute.value", [{"attribute_id": attribute, "name": value}])[0]
    )
    here = [["product_tmpl_id", "=", template], ["attribute_id", "=", attribute]]
    lines = work.search(LINE, here, ["value_ids"])
    if not lines:
        work.create(
            LINE,
            [
                {
                    "product_tmpl_id": template,
                    "attribute_id": attribute,
                    "value_ids": [[6, 0, [chosen]]],
                }
            ],
        )
    elif chosen not in lines[0]["value_ids"]:
        work.write(LINE, [lines[0]["id"]], {"value_ids": [[4, chosen, 0]]})
    one = [["product_tmpl_id", "=", template], ["product_attribute_value_id", "=", chosen]]
    values = work.search(VALUE, one, ["id"])
    if not values:
        raise Rejected("SA-5380", f"Odoo does not give the product its value {value!r} of {name!r}")
    return int(values[0]["id"])


def _attribute(work: Writing, name: str) -> int:
    found = work.search("product.attribute", [["name", "=", name]], ["create_variant"])
    if not found:
        values = {"name": name, "create_variant": "dynamic"}
        return work.create("product.attribute", [values])[0]
    if found[0]["create_variant"] == "no_variant":
        raise Rejected(
            "SA-5386", f"the attribute {name!r} never makes variants in Odoo: use another name"
        )
    return int(found[0]["id"])


def _of_combination(
    work: Writing, template: int, combination: list[int]
) -> Mapping[str, Any] | None:
    fields = ["default_code", "product_template_attribute_value_ids", "active"]
    sisters = work.search("product.product", [["product_tmpl_id", "=", template]], fields)
    fits = [
        each
        for each in sisters
        if set(each["product_template_attribute_value_ids"]) == set(combination)
    ]
    return next((each for each in fits if each["active"]), fits[0] if fits else None)
