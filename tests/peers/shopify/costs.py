"""What a document costs, and the bucket from which it is paid.

An object costs a point, a list as many times what one element costs as are asked for, a mutation
ten. That is the worst case of what Shopify describes: it charges no more.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from graphql import (
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    InlineFragmentNode,
    IntValueNode,
    OperationDefinitionNode,
    OperationType,
    SelectionSetNode,
    VariableNode,
)

DEAREST = 1000


def cost(document: DocumentNode, variables: Mapping[str, Any]) -> float:
    """The worst case, before anything is run."""
    fragments = {
        each.name.value: each.selection_set
        for each in document.definitions
        if isinstance(each, FragmentDefinitionNode)
    }
    total = 0.0
    for each in document.definitions:
        if isinstance(each, OperationDefinitionNode):
            writes = each.operation is OperationType.MUTATION
            for field in each.selection_set.selections:
                assert isinstance(field, FieldNode)
                total += (10 if writes else 0) + _field(field, variables, fragments)
    return total


def _selections(
    selections: SelectionSetNode, variables: Mapping[str, Any], fragments: Mapping[str, Any]
) -> float:
    total = branches = 0.0
    for each in selections.selections:
        if isinstance(each, FieldNode):
            total += _field(each, variables, fragments)
        elif isinstance(each, FragmentSpreadNode):
            total += _selections(fragments[each.name.value], variables, fragments)
        elif isinstance(each, InlineFragmentNode):
            # An object is one of the types, not all of them.
            branches = max(branches, _selections(each.selection_set, variables, fragments))
    return total + branches


def _field(field: FieldNode, variables: Mapping[str, Any], fragments: Mapping[str, Any]) -> float:
    if field.selection_set is None or field.name.value in {"pageInfo", "userErrors"}:
        return 0
    inner = 1 + _selections(field.selection_set, variables, fragments)
    times = _argument(field, "first", variables)
    if (ids := _argument(field, "ids", variables)) is not None:
        times = len(ids)
    elif field.name.value == "nodes":
        return inner - 1  # the list that holds them is charged for
    return inner if times is None else times * inner


def _argument(field: FieldNode, name: str, variables: Mapping[str, Any]) -> Any:
    for each in field.arguments or ():
        if each.name.value == name:
            if isinstance(each.value, VariableNode):
                return variables.get(each.value.name.value)
            if isinstance(each.value, IntValueNode):
                return int(each.value.value)
    return None


def spent(document: DocumentNode, data: Any) -> float:
    """What it came to: objects that were found, and ten for each mutation that was run."""
    (operation,) = [d for d in document.definitions if isinstance(d, OperationDefinitionNode)]
    writes = operation.operation is OperationType.MUTATION
    return (10 * len(operation.selection_set.selections) if writes else 0) + _objects(data) - 1


def _objects(data: Any) -> float:
    if isinstance(data, list):
        return sum(map(_objects, data))
    return 1 + sum(map(_objects, data.values())) if isinstance(data, dict) else 0


@dataclass
class Bucket:
    """Points that are left; a test says when time goes by, so that nothing depends on a clock."""

    size: float = 1_000_000.0
    available: float = 1_000_000.0
    restored: float = 100.0
    """Points a second."""
    refused: int = 0
    """Requests that there were too few points for."""

    def pay(self, points: float) -> bool:
        """Take so many, or none where they are not there."""
        if points > self.available:
            self.refused += 1
            return False
        self.available -= points
        return True

    def refund(self, points: float) -> None:
        """What was charged and not spent."""
        self.available = min(self.size, self.available + points)

    def pass_time(self, seconds: float) -> None:
        """So long nobody asked."""
        self.available = min(self.size, self.available + seconds * self.restored)

    @property
    def status(self) -> dict[str, float]:
        """As an answer tells it."""
        return {
            "maximumAvailable": self.size,
            "currentlyAvailable": self.available,
            "restoreRate": self.restored,
        }
