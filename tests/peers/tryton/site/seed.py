"""A company with a chart of accounts, a warehouse, five articles with stock, and one customer."""

import os
import sys
from decimal import Decimal

import newer_sqlite  # noqa: F401 - before anything of Tryton
from proteus import Model, config
from trytond.cli import admin

CONFIGURATION = os.environ["TRYTOND_CONFIG"]
ARTICLES = {"ART-1": "9.90", "ART-2": "10.90", "ART-3": "0.0700", "ART-4": "1250.00", "ART-5": "1"}


def create_database() -> None:
    """Tables of the modules and a user admin."""
    sys.argv = ["trytond-admin", "-c", CONFIGURATION, "-d", "tryton", "--activate-dependencies"]
    sys.argv += ["-u", "sale", "stock", "--email", "admin@example.test", "-p"]
    admin.main()


def create_company() -> None:
    """Company, accounts, fiscal year, by Tryton's own tools.

    Imported any sooner they make numbers begin somewhere else than at 1.
    """
    from trytond.modules.account.tests import tools as account  # noqa: PLC0415
    from trytond.modules.account_invoice.tests import tools as invoice  # noqa: PLC0415
    from trytond.modules.company.tests import tools as company  # noqa: PLC0415
    from trytond.modules.currency.tests.tools import get_currency  # noqa: PLC0415

    company.create_company(currency=get_currency("EUR"))
    account.create_chart()
    year = invoice.set_fiscalyear_invoice_sequences(account.create_fiscalyear())
    year.click("create_period")
    invoice.create_payment_term().save()
    model("res.user")  # the company is the user's from now on
    category = model("product.category")(name="Goods", accounting=True)
    accounts = account.get_accounts()
    category.account_expense = accounts["expense"]
    category.account_revenue = accounts["revenue"]
    category.save()


def create_articles() -> None:
    """Articles, a hundred pieces of each in store."""
    (unit,) = model("product.uom").find([("name", "=", "Unit")])
    (category,) = model("product.category").find([("name", "=", "Goods")])
    templates = []
    for code, price in ARTICLES.items():
        template = model("product.template")(name=f"Article {code}", code=code, type="goods")
        template.default_uom, template.salable = unit, True
        template.list_price, template.account_category = Decimal(price), category
        templates.append(template)
    model("product.template").save(templates)
    (store,) = model("stock.location").find([("code", "=", "STO")])
    inventory = model("stock.inventory")(location=store)
    for product in model("product.product").find([]):
        line = inventory.lines.new(product=product)
        line.quantity, line.expected_quantity = 100.0, 0.0
    inventory.click("confirm")


def create_customer() -> None:
    """One who has been buying for years."""
    party = model("party.party")(name="Ferramenta Bianchi", code="C0001")
    party.addresses[0].street, party.addresses[0].city = "Via Po 1", "Torino"
    party.identifiers.new(type="eu_vat", code="IT00743110157")
    party.save()


def model(name: str) -> type:
    """A model as this user's company sees it."""
    user = Model.get("res.user")
    SESSION._context = user.get_preferences(True, {})  # how proteus wants it
    return Model.get(name)


create_database()
SESSION = config.set_trytond("sqlite:///tryton", config_file=CONFIGURATION)
create_company()
create_articles()
create_customer()
