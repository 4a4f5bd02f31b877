"""Pictures that the agent fetches and uploads into a shop of PrestaShop."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing

import pytest
from msgspec import structs
from starlette.responses import Response

from agent.errors import Unavailable
from tests.peers.engine import Engine, message
from tests.peers.http_server import Asked, Peer, answering
from tests.peers.prestashop import PrestaShop
from tests.prestashop.putting import engine_of, put_product, put_stock, put_variant


@pytest.fixture
def web() -> Iterator[Peer]:
    """A web server with pictures: each is its own path."""

    def answer(asked: Asked) -> Response:
        if "missing" in asked.path:
            return Response("no", 404)
        kind = "image/webp" if asked.path.endswith(".webp") else "image/jpeg"
        return Response(b"\xff\xd8" + asked.path.encode(), media_type=kind)

    with answering(answer) as peer:
        yield peer


@pytest.fixture(params=["1.7.8.11", "8.1.6"])
def engine(
    peer: Peer, shop: PrestaShop, web: Peer, request: pytest.FixtureRequest
) -> Iterator[Engine]:
    shop.version = request.param
    engine = engine_of(peer, shop, images_from=f"{web.url}/foto")
    with closing(engine.target):
        yield engine


def shown(shop: PrestaShop) -> list[str]:
    """The file names of the only product's pictures, as they were uploaded; the cover first."""
    (product,) = shop.all("products")
    listed = [each["id"] for each in product["associations"].get("images", [])]
    listed.sort(key=lambda id_: id_ != product["id_default_image"])
    return [shop.pictures[id_].decode(errors="replace").rpartition("/")[2] for id_ in listed]


def test_pictures_are_fetched_and_uploaded_once(
    engine: Engine, shop: PrestaShop, web: Peer
) -> None:
    receipt = put_product(engine, "A1", images=["a.jpg", "b c.jpg"])
    assert receipt.accepted, receipt.reason
    assert shown(shop) == ["a.jpg", "b c.jpg"]
    assert web.questions == ["/foto/a.jpg", "/foto/b c.jpg"]
    shop.calls.clear()
    put_product(engine, "A1", name="Vite", images=["a.jpg", "b c.jpg"])
    assert len(web.asked) == 2
    assert ("POST", "images") not in shop.calls


def test_picture_that_is_no_longer_named_goes_and_the_first_one_is_the_cover(
    engine: Engine, shop: PrestaShop, web: Peer
) -> None:
    put_product(engine, "A1", images=["a.jpg", "b.jpg", "c.jpg"])
    put_product(engine, "A1", name="Dado", images=["c.jpg", "b.jpg"])
    assert shown(shop) == ["c.jpg", "b.jpg"]
    assert shop.all("products")[0]["name"][1] == "Dado"
    assert len(web.asked) == 3


def test_pictures_of_other_people_stay_and_are_not_joined(
    engine: Engine, shop: PrestaShop, web: Peer
) -> None:
    put_product(engine, "A1")
    (product,) = shop.all("products")
    shop.pictures["900"] = b"a/sua.jpg"
    product["associations"]["images"] = [{"id": "900"}]
    put_product(engine, "A1", images=["a.jpg"])
    assert shown(shop) == ["sua.jpg"]
    assert web.asked == []


def test_picture_that_somebody_adds_stays_beside_ours(engine: Engine, shop: PrestaShop) -> None:
    put_product(engine, "A1", images=["a.jpg"])
    shop.pictures["900"] = b"a/sua.jpg"
    shop.all("products")[0]["associations"]["images"].append({"id": "900"})
    put_product(engine, "A1", images=["b.jpg"])
    assert sorted(shown(shop)) == ["b.jpg", "sua.jpg"]
    put_product(engine, "A1", images=[])
    assert shown(shop) == ["sua.jpg"]


def test_record_that_says_nothing_of_pictures_keeps_them(
    engine: Engine, shop: PrestaShop, web: Peer
) -> None:
    put_product(engine, "A1", images=["a.jpg"])
    put_product(engine, "A1", name="Dado")
    put_product(engine, "A1", name="Vite", images=["a.jpg"])
    assert shown(shop) == ["a.jpg"]
    assert len(web.asked) == 1


@pytest.mark.parametrize("lost", [1, 2])
def test_picture_whose_answer_got_lost_is_not_uploaded_twice(
    engine: Engine, shop: PrestaShop, lost: int
) -> None:
    put_product(engine, "A1")
    names = ["a.jpg", "b.jpg", "c.jpg"]
    sent = message("product", "A1", sku="A1", name="Vite A1", images=names)
    # Looked for by id and by reference, and then the pictures one by one.
    shop.loses = [False] * (lost + 1) + [True]
    with pytest.raises(Unavailable) as told:
        engine.deliver([sent])
    assert told.value.retry_after
    assert len(shop.pictures) == lost
    assert engine.deliver([structs.replace(sent, doubtful=True)])[0].accepted
    assert shown(shop) == names


def test_refused_picture_leaves_none_behind(engine: Engine, shop: PrestaShop) -> None:
    shop.bad_pictures.add(b"bad.jpg")
    receipt = put_product(engine, "A1", images=["a.jpg", "bad.jpg"])
    assert (receipt.accepted, receipt.code) == (False, "SA-5420")
    assert shop.pictures == {}
    shop.bad_pictures.clear()
    assert put_product(engine, "A1", images=["a.jpg", "bad.jpg"]).accepted
    assert shown(shop) == ["a.jpg", "bad.jpg"]


@pytest.mark.parametrize("image", ["missing.jpg", "vite.webp", "https://other.example.com/a.jpg"])
def test_picture_that_cannot_be_had_is_refused_with_its_address(
    engine: Engine, shop: PrestaShop, image: str
) -> None:
    receipt = put_product(engine, "A1", images=["a.jpg", image])
    assert receipt.code == "SA-5464"
    assert image in receipt.reason
    assert shop.pictures == {}


def test_picture_that_is_too_large_is_refused(peer: Peer, shop: PrestaShop, web: Peer) -> None:
    engine = engine_of(peer, shop, images_from=web.url, largest_picture=5)
    with closing(engine.target):
        receipt = put_product(engine, "A1", images=["a.jpg"])
    assert receipt.code == "SA-5464"
    assert "more than 5 bytes" in receipt.reason
    assert shop.pictures == {}


def test_reference_with_pictures_still_names_product_and_variants(
    engine: Engine, shop: PrestaShop
) -> None:
    assert put_product(engine, "P", images=["a.jpg"]).accepted
    assert put_variant(engine, "P-R", Colore="Rosso").accepted
    put_product(engine, "A1", images=["b.jpg"])
    assert put_stock(engine, "7").accepted
    assert [each.data["name"] for each in engine.target.read_back("product", ["A1"])] == ["Vite A1"]
    assert engine.drop("product", "A1").accepted
    (gone,) = [each for each in shop.all("products") if each["reference"] == "A1"]
    assert gone["active"] == "0"


def test_without_a_place_for_pictures_they_are_left_alone(peer: Peer, shop: PrestaShop) -> None:
    engine = engine_of(peer, shop)
    with closing(engine.target):
        assert put_product(engine, "A1", images=["a.jpg"]).accepted
    assert ("POST", "images") not in shop.calls
