"""Lists page by page: the true end, no circles, no other host, and what may be believed."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from starlette.responses import JSONResponse, Response

from agent.errors import Misconfigured, Rejected, Unavailable
from connectors._rest.paging import PagingOptions, next_link
from tests.peers.http_server import Asked, Peer
from tests.rest.articles import Articles, articles
from tests.rest.sources import OpenSource, keys

PAGES = {"path": "/pages", "records": "data.items"}
COUNTED = {"kind": "page", "size_parameter": "size", "size": 10}
TOTAL = {"total": "meta.total"}


def test_server_that_caps_pages_is_read_to_its_end(
    shelf: Articles, open_source: OpenSource
) -> None:
    shelf.records, shelf.largest_page = articles(25), 4
    batches = list(open_source(**PAGES, paging=COUNTED).read(""))
    assert len(set(keys(batches))) == 25


def test_counted_pages_without_a_total_delete_nothing(
    shelf: Articles, open_source: OpenSource
) -> None:
    shelf.records = articles(25)
    assert not any(batch.complete for batch in open_source(**PAGES, paging=COUNTED).read(""))
    batches = list(open_source(**PAGES, paging=COUNTED | TOTAL).read(""))
    assert [batch.complete for batch in batches] == [False, False, True]


def test_list_that_shrinks_while_it_is_read_deletes_nothing(
    shelf: Articles, open_source: OpenSource
) -> None:
    shelf.records = articles(25)
    shelf.between = lambda: shelf.records.remove(shelf.records[0])
    batches = list(open_source(**PAGES, paging=COUNTED | TOTAL).read(""))
    assert len(set(keys(batches))) < 25
    assert not any(batch.complete for batch in batches)


def test_record_that_slips_past_while_the_total_stays_deletes_nothing(
    shelf: Articles, open_source: OpenSource
) -> None:
    shelf.records = articles(25)
    shelf.between = lambda: shelf.records.append(shelf.records.pop(0))  # changed: it moves behind
    batches = list(open_source(**PAGES, paging=COUNTED | TOTAL).read(""))
    assert not any(batch.complete for batch in batches)


def test_one_answer_that_is_less_than_announced_is_not_everything(
    shelf: Articles, open_source: OpenSource
) -> None:
    shelf.records, shelf.largest_page = articles(25), 20
    batches = list(open_source(**PAGES, paging={"kind": "none", **TOTAL}).read(""))
    assert len(keys(batches)) == 20
    assert not batches[-1].complete


def test_server_that_ignores_the_page_is_found_out(
    peer: Peer, shelf: Articles, open_source: OpenSource
) -> None:
    shelf.records = articles(30)
    with pytest.raises(Misconfigured) as caught:
        list(open_source(**PAGES, paging={**COUNTED, "parameter": "seite"}).read(""))
    assert caught.value.code == "SA-2406"
    assert len(peer.asked) == 2


def test_list_that_never_ends_is_left(peer: Peer, open_source: OpenSource) -> None:
    def answer(asked: Asked) -> Response:
        page = int(asked.query["page"])
        return JSONResponse([{"sku": f"A{page}", "name": "x", "price": 1}])

    peer.answer = answer
    with pytest.raises(Misconfigured) as caught:
        list(open_source(paging={"kind": "page", "most_pages": 5}).read(""))
    assert caught.value.code == "SA-2407"
    assert len(peer.asked) == 5


def test_cursor_that_comes_back_is_no_endless_circle(peer: Peer, open_source: OpenSource) -> None:
    steps = {"": "b", "b": "c", "c": "b"}

    def answer(asked: Asked) -> Response:
        here = asked.query.get("cursor", "")
        return JSONResponse({"items": [], "next": steps[here]})

    peer.answer = answer
    with pytest.raises(Misconfigured) as caught:
        list(open_source(records="items", paging={"kind": "cursor", "next": "next"}).read(""))
    assert caught.value.code == "SA-2406"


@pytest.mark.parametrize(
    "address",
    [
        "https://127.0.0.1:{port}/all",
        "http://127.0.0.2:{port}/all",
        "http://127.0.0.1:1/all",
        "//evil.example/all",
        "http://127.0.0.1:{port}@evil.example/all",
        "http://user:pw@127.0.0.1:{port}/all",
        "http://169.254.169.254/latest/meta-data",
        "file:///etc/passwd",
    ],
)
@pytest.mark.parametrize("way", ["next", "link", "redirect"])
def test_way_to_another_server_is_not_taken(
    peer: Peer, open_source: OpenSource, way: str, address: str
) -> None:
    address = address.format(port=peer.url.rpartition(":")[2])

    def answer(_: Asked) -> Response:
        if way == "redirect":
            return Response(status_code=302, headers={"location": address})
        headers = {"link": f'<{address}>; rel="next"'}
        return JSONResponse({"items": [], "next": address}, headers=headers)

    peer.answer = answer
    paging = {"kind": "link" if way == "link" else "next", "next": "next"}
    with pytest.raises(Rejected) as caught:
        list(open_source({"token": "env:API_TOKEN"}, records="items", paging=paging).read(""))
    assert caught.value.code == "SA-2402"
    assert len(peer.asked) == 1


@pytest.mark.parametrize("address", ["http://[::1", "http://127.0.0.1:port/"])
@pytest.mark.parametrize("way", ["next", "redirect"])
def test_address_that_is_none_is_not_taken(
    peer: Peer, open_source: OpenSource, way: str, address: str
) -> None:
    def answer(_: Asked) -> Response:
        if way == "redirect":
            return Response(status_code=302, headers={"location": address.strip()})
        return JSONResponse({"items": [], "next": address})

    peer.answer = answer
    with pytest.raises((Rejected, Unavailable)):
        list(open_source(records="items", paging={"kind": "next", "next": "next"}).read(""))


@pytest.fixture(autouse=True)
def token(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("API_TOKEN", "t")


def test_redirect_on_the_same_server_is_followed(
    peer: Peer, shelf: Articles, open_source: OpenSource
) -> None:
    shelf.records = articles(2)

    def answer(asked: Asked) -> Response:
        if asked.path == "/old":
            return Response(status_code=301, headers={"location": "/all"})
        return shelf(asked)

    peer.answer = answer
    assert keys(open_source(path="/old").read("")) == ["A001", "A002"]


def test_redirects_in_a_circle_end(peer: Peer, open_source: OpenSource) -> None:
    peer.answer = lambda _: Response(status_code=302, headers={"location": "/all"})
    with pytest.raises(Unavailable) as caught:
        list(open_source().read(""))
    assert caught.value.code == "SA-5205"


def test_question_in_a_body_is_paged_in_the_body(
    peer: Peer, shelf: Articles, open_source: OpenSource
) -> None:
    shelf.records = articles(25)
    paging = {"kind": "page", "parameter": "page.page", "size_parameter": "page.size", "size": 10}
    body = '{"filter": {"active": true}, "page": {"sort": "sku"}}'
    source = open_source(**PAGES, method="POST", body=body, paging=paging | TOTAL)
    assert len(keys(source.read(""))) == 25
    assert peer.questions == ["/pages"] * 3


@pytest.mark.parametrize(
    ("paging", "answer"),
    [
        ({"kind": "page", "total": "total"}, {"items": [], "total": "many"}),
        ({"kind": "page", "total": "total"}, {"items": []}),
        ({"kind": "page", "total": "header:X-Total"}, {"items": []}),
        ({"kind": "page", "more": "more"}, {"items": [], "more": "yes"}),
        ({"kind": "cursor", "next": "next"}, {"items": [], "next": {"page": 2}}),
    ],
)
def test_value_that_cannot_steer_is_named(
    peer: Peer, open_source: OpenSource, paging: dict[str, Any], answer: dict[str, Any]
) -> None:
    peer.answer = lambda _: JSONResponse(answer)
    with pytest.raises(Misconfigured) as caught:
        list(open_source(records="items", paging=paging).read(""))
    assert caught.value.code == "SA-2405"


def test_answer_that_says_there_is_no_more_is_the_last(peer: Peer, open_source: OpenSource) -> None:
    record = {"sku": "A", "name": "x", "price": 1}
    peer.answer = lambda _: JSONResponse({"items": [record], "has_more": False})
    (batch,) = open_source(records="items", paging={"kind": "page", "more": "has_more"}).read("")
    assert batch.complete


def test_way_to_the_next_page_must_be_named() -> None:
    with pytest.raises(ValidationError, match="needs next"):
        PagingOptions(kind="cursor")


@pytest.mark.parametrize(
    ("header", "link"),
    [
        ('<https://a/b?page=2>; rel="next"', "https://a/b?page=2"),
        ("<x>; rel=prev, <y>;rel=next", "y"),
        ('<x>; title="<a>, rel=next"; rel="last"', ""),
        ('<x>; REL="prev NEXT"', "x"),
        ("", ""),
        ("<x", ""),
    ],
)
def test_next_link_is_found_in_its_header(header: str, link: str) -> None:
    assert next_link(header) == link


BODIES = st.one_of(
    st.binary(max_size=60),
    st.sampled_from([b"{}", b"[]", b"null", b'{"items": 7}', b'{"items": [1, null, {}, [[]]]}']),
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=5),
        lambda inner: (
            st.lists(inner, max_size=3)
            | st.dictionaries(st.sampled_from(["items", "next", "sku", "a"]), inner, max_size=3)
        ),
        max_leaves=10,
    ).map(lambda value: JSONResponse(value).body),
)


@pytest.mark.parametrize("way", ["page", "cursor", "link"])
def test_any_answer_is_read_or_is_one_of_the_three_errors(
    peer: Peer, open_source: OpenSource, way: str
) -> None:
    source = open_source(
        records="items", paging={"kind": way, "next": "next", "most_pages": 4}, error="error"
    )

    @given(
        st.lists(BODIES, min_size=4, max_size=4),
        st.sampled_from([200, 200, 200, 201, 204, 206, 300, 304, 402, 418, 429, 500, 599]),
        st.sampled_from(["application/json", "text/html", "x", "a/b; charset=utf-7", "; charset="]),
    )
    def answers(bodies: list[bytes | memoryview], status: int, content_type: str) -> None:
        left = iter(bodies)

        def answer(_: Asked) -> Response:
            content = b"" if status in {204, 304} else bytes(next(left))
            return Response(content, status, {"content-type": content_type})

        peer.answer = answer
        try:
            for batch in source.read(""):
                for place in range(len(batch.rows)):
                    try:
                        batch.rows[place]
                    except Rejected:
                        assert batch.where is not None
        except (Unavailable, Rejected, Misconfigured):
            return

    answers()
