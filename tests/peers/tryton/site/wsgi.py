"""The ERP's web server."""

import newer_sqlite  # noqa: F401 - before anything of Tryton
from trytond.application import app

__all__ = ["app"]
