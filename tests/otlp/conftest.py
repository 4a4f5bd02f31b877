"""Logging is put back after each test."""

from tests.telemetry.conftest import as_before

__all__ = ["as_before"]
