"""An Odoo that is written to, made from its documentation and from how version 17 behaved."""

from tests.peers.odoo.database import Database, UserError
from tests.peers.odoo.server import OdooServer

__all__ = ["Database", "OdooServer", "UserError"]
