"""The version of the Admin API that the adapter speaks, and when each version ends.

A version comes out every quarter and is supported for at least twelve months
(https://shopify.dev/docs/api/usage/versioning). Later calls in its name are answered by the oldest
version that still lives, and the header of the answer says so.
"""

from __future__ import annotations

from datetime import date

VERSION = "2026-10"

ENDS = {
    "2025-10": date(2026, 10, 1),
    "2026-01": date(2027, 1, 1),
    "2026-04": date(2027, 4, 1),
    "2026-07": date(2027, 7, 1),
    "2026-10": date(2027, 10, 1),
}
"""Version → first day without support. As of 2026-11-22."""
