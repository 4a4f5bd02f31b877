"""Services of older styles: RPC messages, attributes, contents that the WSDL leaves open."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from starlette.responses import Response

from connectors.soap import KIND
from tests.peers.http_server import Asked, Peer, serving

WSDL = """<?xml version="1.0"?>
<definitions xmlns="http://schemas.xmlsoap.org/wsdl/" targetNamespace="urn:old" xmlns:t="urn:old"
    xmlns:x="http://www.w3.org/2001/XMLSchema" xmlns:s="http://schemas.xmlsoap.org/wsdl/soap/">
  <types><x:schema targetNamespace="urn:old">
    <x:complexType name="Money"><x:simpleContent><x:extension base="x:decimal">
      <x:attribute name="currency" type="x:string"/></x:extension></x:simpleContent></x:complexType>
    <x:complexType name="Article"><x:sequence>
      <x:element name="code" type="x:string"/><x:element name="price" type="t:Money"/>
      <x:element name="period" type="x:duration" minOccurs="0"/>
    </x:sequence></x:complexType>
    <x:complexType name="Articles"><x:sequence>
      <x:element name="article" type="t:Article" minOccurs="0" maxOccurs="unbounded"/>
    </x:sequence></x:complexType>
    <x:complexType name="DataSet"><x:sequence>
      <x:any processContents="skip"/></x:sequence></x:complexType>
  </x:schema></types>
  <message name="ask"><part name="warehouse" type="x:string"/></message>
  <message name="list"><part name="result" type="t:Articles"/></message>
  <message name="set"><part name="result" type="t:DataSet"/></message>
  <portType name="Port">
    <operation name="List"><input message="t:ask"/><output message="t:list"/></operation>
    <operation name="Set"><input message="t:ask"/><output message="t:set"/></operation>
  </portType>
  <binding name="Binding" type="t:Port">
    <s:binding style="rpc" transport="http://schemas.xmlsoap.org/soap/http"/>
    OPERATIONS
  </binding>
  <service name="Old"><port name="Port" binding="t:Binding">
    <s:address location="http://old.example/"/></port></service>
</definitions>"""
OPERATION = """<operation name="NAME"><s:operation soapAction="urn:old#NAME"/>
  <input><s:body use="literal" namespace="urn:old"/></input>
  <output><s:body use="literal" namespace="urn:old"/></output></operation>"""
ANSWER = """<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/"><e:Body>
<t:Response xmlns:t="urn:old"><result>CONTENT</result></t:Response></e:Body></e:Envelope>"""
ARTICLES = """<article><code> 007 </code><price currency="EUR">1.50</price>
<period>P1M</period></article>
<article><code>8</code><price currency="CHF">2</price></article>"""
DATA_SET = """<diffgram><rows><row><code>A</code><name>Vite</name></row>
<row><code>B</code><name/></row></rows></diffgram>"""


@pytest.fixture
def peer() -> Iterator[Peer]:
    def give(asked: Asked) -> Response:
        content = DATA_SET if "Set" in asked.headers["soapaction"] else ARTICLES
        return Response(ANSWER.replace("CONTENT", content), media_type="text/xml")

    peer = Peer(give)
    with serving(peer) as peer.url:
        yield peer


def read(peer: Peer, folder: Path, **options: Any) -> list[tuple[Any, ...]]:
    operations = "".join(OPERATION.replace("NAME", name) for name in ("List", "Set"))
    (folder / "old.wsdl").write_text(WSDL.replace("OPERATIONS", operations), encoding="utf-8")
    assert KIND.source
    source = KIND.source(
        KIND.connection.model_validate({"url": peer.url, "wsdl": folder / "old.wsdl"}),
        KIND.source_options.model_validate(options),
    )
    try:
        return [row for batch in source.read("") for row in batch.rows]
    finally:
        source.close()


def test_rpc_style_with_attributes(peer: Peer, tmp_path: Path) -> None:
    found = read(
        peer,
        tmp_path,
        operation="List",
        parameters={"warehouse": "MAIN"},
        key=["code"],
        columns=["price._value_1", "price.currency", "period"],
    )
    assert found == [
        (" 007 ", Decimal("1.50"), "EUR", "P1M"),
        ("8", Decimal(2), "CHF", None),
    ]
    assert b"<warehouse>MAIN</warehouse>" in peer.asked[0].body


def test_contents_that_the_wsdl_leaves_open(peer: Peer, tmp_path: Path) -> None:
    found = read(
        peer,
        tmp_path,
        operation="Set",
        parameters={"warehouse": "MAIN"},
        records="rows.row",
        key=["code"],
        columns=["name"],
    )
    assert found == [("A", "Vite"), ("B", None)]
