"""Saves a WSDL with everything it imports into one folder, so that it never has to be fetched.

`python -m connectors.soap.saving ADDRESS FOLDER`. A person does this, looks at what came, and says
in the configuration where it lies.
"""

from __future__ import annotations

import argparse
import sys
from collections import deque
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

from lxml import etree

from agent.errors import Misconfigured, SyncError, Unavailable
from agent.secrets import Secret
from connectors._http import Request
from connectors._http.client import Client
from connectors._rest.access import ApiOptions

WSDL = "http://schemas.xmlsoap.org/wsdl/"
SCHEMA = "http://www.w3.org/2001/XMLSchema"
LINKS = {
    f"{{{WSDL}}}import": "location",
    **{f"{{{SCHEMA}}}{name}": "schemaLocation" for name in ("import", "include", "redefine")},
}
MOST_FILES = 500


def save(address: str, folder: Path, options: ApiOptions) -> list[Path]:
    """Save the WSDL and what it imports; the files, the WSDL first. Links become file names."""
    client = Client(options, options.authorization(), largest_answer=options.largest_answer)
    folder.mkdir(parents=True, exist_ok=True)
    names = {address: "service.wsdl"}
    waiting = deque([address])
    try:
        while waiting:
            url = waiting.popleft()
            root = _fetched(client, url)
            for element, attribute in _links(root):
                linked = urljoin(url, element.get(attribute))
                if linked not in names:
                    names[linked] = _name(element, len(names))
                    waiting.append(linked)
                element.set(attribute, names[linked])
            _require_sane(address, names)
            tree = etree.ElementTree(root)
            tree.write(folder / names[url], xml_declaration=True, encoding="utf-8")
    finally:
        client.close()
    return [folder / name for name in names.values()]


def _fetched(client: Client, url: str) -> Any:
    answer = client.ask(Request("GET", url, [("accept", "text/xml, application/xml")]))
    answer.require_success()
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(answer.body, parser)
    except etree.XMLSyntaxError as error:
        raise Unavailable("SA-2507", f"{url} gives no XML: {error}") from None
    if root.getroottree().docinfo.doctype:
        raise Misconfigured("SA-2501", f"{url} has a document type, which no WSDL needs")
    return root


def _links(root: Any) -> list[tuple[Any, str]]:
    return [
        (element, attribute)
        for tag, attribute in LINKS.items()
        for element in root.iter(tag)
        if element.get(attribute)
    ]


def _name(element: Any, number: int) -> str:
    return f"part-{number}" + (".wsdl" if element.tag == f"{{{WSDL}}}import" else ".xsd")


def _require_sane(address: str, names: dict[str, str]) -> None:
    """All parts come from one server, and there is an end to them."""
    server = urlsplit(address)[:2]
    for url in names:
        if urlsplit(url)[:2] != server:
            raise Misconfigured(
                "SA-2501",
                f"the WSDL imports {url}, from another server",
                hint="save that file by hand, and put its name into the WSDL",
            )
    if len(names) > MOST_FILES:
        raise Misconfigured("SA-2501", f"the WSDL imports more than {MOST_FILES} files")


def main(arguments: list[str] | None = None) -> int:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m connectors.soap.saving", description=__doc__)
    parser.add_argument("address", help="such as https://erp.example.com/articles?wsdl")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--ca-file", type=Path, help="PEM file with the company's own authority")
    parser.add_argument("--user", help="user for basic authentication")
    parser.add_argument("--password", type=Secret, help="its password, as env:NAME or file:PATH")
    parser.add_argument("--unencrypted", action="store_true", help="allow http")
    given = parser.parse_args(arguments)
    parts = urlsplit(given.address)
    try:
        options = ApiOptions(
            url=f"{parts.scheme}://{parts.netloc}",
            ca_file=given.ca_file,
            user=given.user,
            password=given.password,
            unencrypted=given.unencrypted,
        )
        for path in save(given.address, given.folder, options):
            print(path)  # noqa: T201 - it talks to a person
    except (SyncError, ValueError) as error:
        print(error, getattr(error, "hint", ""), file=sys.stderr)  # noqa: T201 - see above
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
