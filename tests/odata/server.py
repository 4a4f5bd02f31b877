"""An OData service with one entity set, in version 4 or 2, written from the published protocol."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

from starlette.responses import JSONResponse, Response

from tests.peers.http_server import Asked

METADATA = """<?xml version="1.0" encoding="utf-8"?>
<edmx:Edmx Version="4.0" xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx">
 <edmx:DataServices>
  <Schema Namespace="Shop" Alias="Self" xmlns="http://docs.oasis-open.org/odata/ns/edm">
   <EntityType Name="Base" Abstract="true">
    <Key>{keys}</Key>
    {key_properties}
   </EntityType>
   <EntityType Name="Item" BaseType="Self.Base">
    <Property Name="name" Type="Edm.String"/>
    <Property Name="price" Type="Edm.Decimal" Precision="12" Scale="4"/>
    <Property Name="changed" Type="{stamp}"/>
    <Property Name="picture" Type="Edm.Stream"/>
    <NavigationProperty Name="lines" Type="Collection(Shop.Line)"/>
   </EntityType>
  </Schema>
  <Schema Namespace="Container" xmlns="http://docs.oasis-open.org/odata/ns/edm">
   <EntityContainer Name="All">
    <EntitySet Name="Items" EntityType="Shop.Item"/>
   </EntityContainer>
  </Schema>
 </edmx:DataServices>
</edmx:Edmx>"""

AFTER = re.compile(r"changed ge (?:datetime(?:offset)?)?'?([^')]+)'?")
PREDICATE = re.compile(r"/Items\((.*)\)$")

Item = dict[str, Any]


@dataclass
class Items:
    """What the service holds: prices as the version writes them, text in 2 and numbers in 4."""

    version: str = "4"
    records: list[Item] = field(default_factory=list)
    changes: list[dict[str, Any]] = field(default_factory=list)
    key: dict[str, str] = field(default_factory=lambda: {"sku": "Edm.String"})
    page: int = 20
    counts: bool = True
    tracks: bool = True
    skips: bool = False
    expired: bool = False
    root: str = ""

    def __call__(self, asked: Asked) -> Response:
        if asked.path == "/$metadata":
            return Response(self.metadata(), media_type="application/xml")
        if one := PREDICATE.search(asked.path):
            return self._one(asked, one[1])
        if asked.path != "/Items":
            error: Any = "no such resource"
            error = error if self.version == "4" else {"lang": "en", "value": error}
            return JSONResponse({"error": {"code": "404", "message": error}}, 404)
        if "$deltatoken" in asked.query:
            return self._delta(asked)
        return self._list(asked)

    def metadata(self) -> str:
        stamp = "Edm.DateTimeOffset" if self.version == "4" else "Edm.DateTime"
        return METADATA.format(
            keys="".join(f'<PropertyRef Name="{name}"/>' for name in self.key),
            key_properties="".join(
                f'<Property Name="{name}" Type="{edm}" Nullable="false"/>'
                for name, edm in self.key.items()
            ),
            stamp=stamp,
        )

    def _list(self, asked: Asked) -> Response:
        records = self.records
        if after := AFTER.search(asked.query.get("$filter", "")):
            records = [each for each in records if each["changed"] >= after[1]]
        start = int(asked.query.get("$skiptoken", asked.query.get("$skip", 0)))
        preferred = re.search(r"odata\.maxpagesize=(\d+)", asked.headers.get("prefer", ""))
        size = int(asked.query.get("$top", preferred[1] if preferred else self.page))
        found = [self._wire(each, asked) for each in records[start : start + size]]
        end = start + size
        more = end < len(records) and "$top" not in asked.query
        token = f"{'$skip' if self.skips else '$skiptoken'}={end}"
        kept = "&".join(
            f"{name}={value}" for name, value in asked.query.items() if name[:5] != "$skip"
        )
        following = f"Items?{kept}&{token}" if more else None
        wants = {"$count", "$inlinecount"} & asked.query.keys()
        count = len(records) if wants and self.counts and not start else None
        if self.version == "2":
            return JSONResponse(
                {
                    "d": _present(
                        {
                            "results": found,
                            "__next": self._absolute(following),
                            "__count": str(count) if count is not None else None,
                        }
                    )
                }
            )
        page = {"@odata.context": "$metadata#Items", "@odata.count": count, "value": found}
        page["@odata.nextLink"] = following
        if not more and self.tracks and "odata.track-changes" in asked.headers.get("prefer", ""):
            page["@odata.deltaLink"] = f"{self.root}/Items?$deltatoken=0"
        return JSONResponse(_present(page))

    def _delta(self, asked: Asked) -> Response:
        """Changes since a token, two a page."""
        start = int(asked.query["$deltatoken"])
        if self.expired:
            return JSONResponse({"error": {"code": "410", "message": "token expired"}}, 410)
        end = min(start + 2, len(self.changes))
        kind = "nextLink" if end < len(self.changes) else "deltaLink"
        page = {"value": self.changes[start:end], f"@odata.{kind}": f"/Items?$deltatoken={end}"}
        return JSONResponse(page)

    def _one(self, asked: Asked, predicate: str) -> Response:
        parts = re.findall(r"(?:\w+=)?(?:'((?:[^']|'')*)'|([\w.:-]+))(?:,|$)", predicate)
        wanted = [text.replace("''", "'") or bare.removesuffix("L") for text, bare in parts]
        for each in self.records:
            if [str(each[name]) for name in self.key] == wanted:
                found = self._wire(each, asked)
                return JSONResponse({"d": found} if self.version == "2" else found)
        return JSONResponse({"error": {"code": "404", "message": "gone"}}, 404)

    def _wire(self, record: Item, asked: Asked) -> Item:
        chosen = asked.query.get("$select", "")
        found = {
            name: each
            for name, each in record.items()
            if name != "lines" and (not chosen or name in chosen.split(","))
        }
        expands = "lines" in asked.query.get("$expand", "")
        if self.version == "4":
            found["@odata.etag"] = 'W/"7"'
            return found | ({"lines": record.get("lines", [])} if expands else {})
        found["__metadata"] = {"uri": "x", "etag": 'W/"7"'}
        lines = {"results": record.get("lines", [])} if expands else {"__deferred": {"uri": "x"}}
        return found | {"lines": lines}

    def _absolute(self, link: str | None) -> str | None:
        return None if link is None else f"{self.root}/{link}"


def _present(page: dict[str, Any]) -> dict[str, Any]:
    return {name: each for name, each in page.items() if each is not None}


def items(count: int, *, changed: str = "2026-01-01T10:00:00Z") -> list[Item]:
    """So many items, `A001` and on."""
    return [
        {"sku": f"A{number:03}", "name": f"Vite {number}", "price": "9.50", "changed": changed}
        for number in range(1, count + 1)
    ]
