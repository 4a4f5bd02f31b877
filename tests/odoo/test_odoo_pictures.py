"""Pictures that the agent fetches and sends into Odoo, over both protocols."""

from __future__ import annotations

from base64 import b64decode
from collections.abc import Iterator
from contextlib import closing

import pytest
from msgspec import structs
from starlette.responses import Response

from agent.errors import Unavailable
from tests.odoo.putting import engine_of, put_product, put_stock, put_variant
from tests.peers.engine import Engine, message
from tests.peers.http_server import Asked, Peer, answering
from tests.peers.odoo import Database, OdooServer
from tests.peers.odoo.schema import MODELS


@pytest.fixture
def web() -> Iterator[Peer]:
    """A web server with pictures: each is its own path."""

    def answer(asked: Asked) -> Response:
        if "missing" in asked.path:
            return Response("no", 404)
        head = b"" if "broken" in asked.path else b"\xff\xd8"
        return Response(head + asked.path.encode(), media_type="image/jpeg")

    with answering(answer) as peer:
        yield peer


@pytest.fixture
def engine(peer: Peer, protocol: str, web: Peer) -> Iterator[Engine]:
    engine = engine_of(peer, protocol, images_from=f"{web.url}/foto", warehouses={"MILANO": "WH"})
    with closing(engine.target):
        yield engine


def shown(database: Database) -> list[str]:
    """The file names of the only product's pictures, its own first."""
    (template,) = database.all("product.template")
    further = sorted(database.all("product.image"), key=lambda each: each["sequence"])
    assert all(each["product_tmpl_id"] == template["id"] for each in further)
    contents = [each["image_1920"] for each in (template, *further)]
    names = [b64decode(each).decode(errors="replace") for each in contents if each]
    return [name.rpartition("/")[2] for name in names]


def test_new_product_comes_with_its_pictures_in_one_call(
    engine: Engine, server: OdooServer, web: Peer
) -> None:
    receipt = put_product(engine, "A1", images=["a.jpg", "b.jpg", "c.jpg"])
    assert receipt.accepted, receipt.reason
    assert shown(server.database) == ["a.jpg", "b.jpg", "c.jpg"]
    assert [each["name"] for each in server.database.all("product.image")] == ["b", "c"]
    assert server.count("product.product", "create") == 1
    assert len(web.asked) == 3


def test_pictures_are_neither_fetched_nor_sent_twice(
    engine: Engine, server: OdooServer, web: Peer
) -> None:
    put_product(engine, "A1", images=["a.jpg", "b.jpg"])
    put_product(engine, "A1", description="Zincata", images=["a.jpg", "b.jpg"])
    put_product(engine, "A1", description="Lucida")
    put_product(engine, "A1", description="Nera", images=["a.jpg", "b.jpg"])
    assert len(web.asked) == 2
    assert server.count("product.template", "write") == 0


def test_pictures_come_go_and_change_places(engine: Engine, database: Database, web: Peer) -> None:
    put_product(engine, "A1", images=["a.jpg", "b.jpg", "c.jpg", "d.jpg"])
    put_product(engine, "A1", images=["a.jpg", "d.jpg", "b.jpg", "e.jpg"])
    assert shown(database) == ["a.jpg", "d.jpg", "b.jpg", "e.jpg"]
    assert len(web.asked) == 5
    put_product(engine, "A1", images=["b.jpg"])
    assert shown(database) == ["b.jpg"]
    put_product(engine, "A1", images=[])
    assert shown(database) == []


def test_pictures_of_other_people_stay(engine: Engine, database: Database, web: Peer) -> None:
    put_product(engine, "A1")
    (template,) = database.all("product.template")
    template["image_1920"] = "/9h4L3N1YS5qcGc="
    put_product(engine, "A1", images=["a.jpg"])
    assert web.asked == []
    assert template["image_1920"] == "/9h4L3N1YS5qcGc="


def test_picture_that_somebody_adds_stays_beside_ours(engine: Engine, database: Database) -> None:
    put_product(engine, "A1", images=["a.jpg", "b.jpg"])
    (template,) = database.all("product.template")
    theirs = database.put("product.image", name="sua", product_tmpl_id=template["id"])
    put_product(engine, "A1", images=["a.jpg"])
    assert [each["id"] for each in database.all("product.image")] == [theirs]


@pytest.mark.parametrize("new", [True, False])
def test_pictures_whose_answer_got_lost_are_not_doubled(
    engine: Engine, server: OdooServer, new: bool
) -> None:
    names = ["a.jpg", "b.jpg", "c.jpg"]
    if not new:
        put_product(engine, "A1")
    sent = message("product", "A1", sku="A1", name="Vite A1", images=names)
    server.loses_answer_of = "create" if new else "write"
    with pytest.raises(Unavailable):
        engine.deliver([sent])
    assert shown(server.database) == names
    assert engine.deliver([structs.replace(sent, doubtful=True)])[0].accepted
    assert shown(server.database) == names
    put_product(engine, "A1", images=["a.jpg"])
    assert shown(server.database) == ["a.jpg"]


@pytest.mark.parametrize(("image", "code"), [("missing.jpg", "SA-5464"), ("broken.jpg", "SA-5380")])
def test_product_whose_picture_cannot_be_had_is_not_made_without_it(
    engine: Engine, database: Database, image: str, code: str
) -> None:
    receipts = engine.deliver(
        [
            message("product", "A1", sku="A1", name="Vite", images=["a.jpg", image]),
            message("product", "A2", sku="A2", name="Dado", images=["a.jpg"]),
        ]
    )
    assert [each.code for each in receipts] == [code, ""]
    assert [each["default_code"] for each in database.all("product.product")] == ["A2"]


def test_without_a_shop_on_the_website_a_product_has_one_picture(
    engine: Engine, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    for model in ("product.template", "product.product"):
        monkeypatch.delitem(MODELS[model], "product_template_image_ids")
    assert put_product(engine, "A1", images=["a.jpg", "b.jpg"]).accepted
    assert shown(database) == ["a.jpg"]


def test_reference_with_pictures_still_names_product_and_variants(
    engine: Engine, database: Database
) -> None:
    assert put_product(engine, "P", images=["a.jpg", "b.jpg"]).accepted
    assert put_variant(engine, "P-R", Colore="Rosso").accepted
    assert put_product(engine, "P", images=["b.jpg"]).accepted
    assert shown(database) == ["b.jpg"]
    assert put_product(engine, "A1", images=["a.jpg"]).accepted
    assert put_stock(engine, "7").accepted
    assert [each.data["name"] for each in engine.target.read_back("product", ["A1"])] == ["Vite A1"]
    assert engine.drop("product", "A1").accepted
    (gone,) = [each for each in database.all("product.product") if each["default_code"] == "A1"]
    assert not gone["active"]


def test_without_a_place_for_pictures_they_are_left_alone(
    peer: Peer, protocol: str, database: Database
) -> None:
    engine = engine_of(peer, protocol)
    with closing(engine.target):
        assert put_product(engine, "A1", images=["a.jpg"]).accepted
    assert shown(database) == []
