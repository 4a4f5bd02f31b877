"""Row → Record: fields, types, code pages, expressions, validation, value tables, hooks."""

from agent.mapping.compilation import Mapped, Mapping, check, compile_mapping
from agent.mapping.problem import MappingProblem
from agent.mapping.spec import FieldSpec, MappingSpec, Notation, ValuesFile

__all__ = [
    "FieldSpec",
    "Mapped",
    "Mapping",
    "MappingProblem",
    "MappingSpec",
    "Notation",
    "ValuesFile",
    "check",
    "compile_mapping",
]
