"""Row → Record: fields, types, code pages, expressions, validation, value tables, hooks."""

from agent.mapping.compilation import Mapped, Mapping, check, compile_mapping
from agent.mapping.problem import MappingProblem
from agent.mapping.spec import FieldSpec, MappingSpec, Notation, Totals, ValuesFile
from agent.mapping.tracing import Condition, FieldTrace, Trace

__all__ = [
    "Condition",
    "FieldSpec",
    "FieldTrace",
    "Mapped",
    "Mapping",
    "MappingProblem",
    "MappingSpec",
    "Notation",
    "Totals",
    "Trace",
    "ValuesFile",
    "check",
    "compile_mapping",
]
