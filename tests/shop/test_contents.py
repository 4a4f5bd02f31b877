"""Pictures and documents on their way to the shop: bytes first, each once, and only from below."""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from agent.contract import Finding
from agent.demo.shop import ShopDatabase, ShopProcess
from agent.errors import Misconfigured, Unavailable
from agent.model import Message, Op, Receipt
from connectors._contents import Changed, CheckedPieces, named_content
from connectors.shop import ShopTarget
from connectors.shop import contents as shop_contents
from tests.contract.target_suite import Sender
from tests.shop.conftest import TOKEN, OpenTarget, StartShop
from tests.shop.servers import answering

JPEG = b"\xff\xd8\xff\xe0"
OpenFor = Callable[..., ShopTarget]


class Files:
    """A folder of pictures, and messages about them."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.sender = Sender()
        root.mkdir()

    def put(self, path: str, content: bytes = JPEG) -> Path:
        """A picture that no other test has, unless the bytes say so."""
        file = self.root / path
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(content + self.sender.mark.encode())
        return file

    def message(self, path: str, /, **changes: Any) -> Message:
        """What a look at the folder says of a file as it is now."""
        blank = self.sender.message(path)
        file = self.root / path
        content = file.read_bytes() if file.is_file() else b""
        data = {
            "sku": path,
            "file_name": file.name,
            "path": path,
            "media_type": "image/jpeg",
            "size": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
        } | changes
        return replace(blank, entity="media", body=json.dumps(data).encode())


@pytest.fixture
def files(tmp_path: Path) -> Files:
    return Files(tmp_path / "pictures")


@pytest.fixture
def target(shop: ShopProcess, files: Files, open_target: OpenTarget) -> ShopTarget:
    return open_target(shop.url, token="env:SHOP_TEST_TOKEN", contents=[str(files.root)])


@pytest.fixture
def uploads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The hash of every content that was begun to be sent."""
    begun: list[str] = []

    class Noted(CheckedPieces):
        def __init__(self, file: Any, digest: str, size: int) -> None:
            begun.append(digest)
            super().__init__(file, digest, size)

    monkeypatch.setattr(shop_contents, "CheckedPieces", Noted)
    return begun


def digest(message: Message) -> str:
    return str(json.loads(message.body)["sha256"])


def send(target: ShopTarget, *messages: Message) -> dict[str, Receipt]:
    return {receipt.message_id: receipt for receipt in target.deliver(messages)}


def held(shop: ShopProcess, message: Message) -> bool:
    with ShopDatabase(shop.database, readonly=True) as database:
        return database.contents.holds(digest(message))


def stored(shop: ShopProcess, message: Message) -> Any:
    with ShopDatabase(shop.database, readonly=True) as database:
        return database.records(message.entity).get(message.key)


def test_bytes_arrive_before_their_record(
    shop: ShopProcess, target: ShopTarget, files: Files
) -> None:
    files.put("foto/1.jpg")
    message = files.message("foto/1.jpg")
    assert send(target, message)[message.id].accepted
    with ShopDatabase(shop.database, readonly=True) as database:
        content = database.contents.path(digest(message)).read_bytes()
    assert content == (files.root / "foto/1.jpg").read_bytes()


def test_where_a_file_lies_never_leaves_this_machine(
    shop: ShopProcess, target: ShopTarget, files: Files
) -> None:
    files.put("listini riservati/1.jpg")
    message = files.message("listini riservati/1.jpg", sku="1")
    blank = files.message("listini riservati/1.jpg", sha256=None, size=None)
    document = {"number": "1", "kind": "invoice", "customer": "1", "issued_on": "2026-11-21"}
    message = replace(message, key=files.sender.key("1"))
    body = json.dumps({**document, "path": "listini riservati/1.pdf"}).encode()
    other = replace(blank, entity="document", key=files.sender.key("2"), body=body)
    assert send(target, message)[message.id].accepted
    assert send(target, other)[other.id].accepted
    assert "path" not in stored(shop, message)
    assert "path" not in stored(shop, other)
    for file in shop.database.parent.iterdir():
        assert file.is_dir() or b"riservati/" not in file.read_bytes()


def test_record_without_a_content_is_sent_byte_for_byte() -> None:
    body = b'{ "sku":"1",  "name":"Vite", "weight":"0.1250" }'
    assert named_content(body) == (None, body)


def test_same_content_under_two_names_is_sent_once(
    shop: ShopProcess, target: ShopTarget, files: Files, uploads: list[str]
) -> None:
    for path in ("1.jpg", "2.jpg", "3.jpg"):
        files.put(path)
    first, second, third = (files.message(path) for path in ("1.jpg", "2.jpg", "3.jpg"))
    receipts = send(target, first, second)
    assert receipts[first.id].accepted
    assert receipts[second.id].accepted
    assert send(target, third)[third.id].accepted
    assert uploads == [digest(first)]
    assert stored(shop, third)


def test_content_that_is_there_is_not_read_again(
    target: ShopTarget, files: Files, uploads: list[str]
) -> None:
    file = files.put("1.jpg")
    message = files.message("1.jpg")
    send(target, message)
    file.unlink()
    again = replace(message, id=f"{message.id}-again", version=message.version + 1)
    assert send(target, again)[again.id].accepted
    assert len(uploads) == 1


def test_second_place_is_tried_where_the_first_has_other_bytes_by_now(
    target: ShopTarget, files: Files
) -> None:
    first, second = files.put("1.jpg"), files.put("2.jpg")
    messages = files.message("1.jpg"), files.message("2.jpg")
    assert first.read_bytes() == second.read_bytes()
    files.put("1.jpg", JPEG + b"other")
    receipts = send(target, *messages)
    assert all(receipt.accepted for receipt in receipts.values())


@pytest.mark.parametrize("content", [b"", b"short", b"longer than it was before" * 9, b"same"])
def test_file_that_changed_since_the_look_is_refused_and_the_others_pass(
    shop: ShopProcess, target: ShopTarget, files: Files, content: bytes
) -> None:
    files.put("1.jpg")
    files.put("2.jpg", JPEG + b"stays")
    changed, stays = files.message("1.jpg"), files.message("2.jpg")
    length = len((files.root / "1.jpg").read_bytes())
    (files.root / "1.jpg").write_bytes(content.ljust(length) if content == b"same" else content)
    receipts = send(target, changed, stays)
    assert receipts[stays.id].accepted
    refusal = receipts[changed.id]
    assert (refusal.accepted, refusal.code) == (False, "SA-5252")
    assert "1.jpg changed since" in refusal.reason
    assert not held(shop, changed)
    assert stored(shop, changed) is None


def test_file_that_is_gone_is_refused(target: ShopTarget, files: Files) -> None:
    files.put("stays.jpg")
    files.put("1.jpg", b"gone")
    message = files.message("1.jpg")
    (files.root / "1.jpg").unlink()
    assert send(target, message)[message.id].code == "SA-5253"


@pytest.mark.parametrize("as_a_whole", [True, False], ids=["removed", "emptied, as by unmounting"])
def test_folder_that_is_gone_is_waited_for_and_holds_nothing_else_up(
    target: ShopTarget, files: Files, as_a_whole: bool
) -> None:
    files.put("1.jpg")
    message, other = files.message("1.jpg"), Sender().message("other")
    (files.root / "1.jpg").unlink()
    if as_a_whole:
        files.root.rmdir()
    with pytest.raises(Unavailable) as caught:
        send(target, message, other)
    assert caught.value.code == "SA-5256"
    if as_a_whole:
        files.root.mkdir()
    files.put("1.jpg")
    assert send(target, message, other)[message.id].accepted


def test_receipts_of_others_come_before_a_folder_is_told_to_be_gone(
    target: ShopTarget, files: Files
) -> None:
    files.put("1.jpg")
    message, other = files.message("1.jpg"), Sender().message("other")
    (files.root / "1.jpg").unlink()
    delivering = target.deliver([message, other])
    assert next(iter(delivering)).message_id == other.id
    with pytest.raises(Unavailable):
        next(iter(delivering))


@pytest.mark.parametrize(
    "path",
    [
        "../secret.jpg",
        "/etc/passwd",
        "a/../../secret.jpg",
        "",
        ".",
        "foto//1.jpg",
        "link.jpg",
        "below/secret.jpg",
        "foto",
        "1\x00.jpg",
    ],
)
def test_path_that_leads_out_of_the_folders_is_not_opened(
    shop: ShopProcess, target: ShopTarget, files: Files, tmp_path: Path, path: str
) -> None:
    secret = tmp_path / "secret.jpg"
    secret.write_bytes(JPEG + files.sender.mark.encode())
    files.put("foto/1.jpg", b"another")
    (files.root / "link.jpg").symlink_to(secret)
    (files.root / "below").symlink_to(tmp_path)
    sha256 = hashlib.sha256(secret.read_bytes()).hexdigest()
    message = files.message("x", path=path, sha256=sha256, size=secret.stat().st_size)
    receipt = send(target, message)[message.id]
    assert receipt.code == ("SA-5255" if path else "SA-5251")
    assert not held(shop, message)


def test_without_folders_nothing_leaves(
    shop: ShopProcess, files: Files, open_target: OpenTarget
) -> None:
    target = open_target(shop.url, token="env:SHOP_TEST_TOKEN")
    files.put("1.jpg")
    message = files.message("1.jpg")
    receipt = send(target, message)[message.id]
    assert (receipt.accepted, receipt.code) == (False, "SA-5251")


def test_content_that_the_shop_would_not_take_is_refused_unsent(
    target: ShopTarget, files: Files, uploads: list[str]
) -> None:
    files.put("1.jpg", b"<html>")
    message = files.message("1.jpg", media_type="text/html")
    receipt = send(target, message)[message.id]
    assert (receipt.accepted, receipt.code) == (False, "SA-5254")
    assert "text/html" in receipt.reason
    assert uploads == []


@pytest.mark.parametrize("fault", ["drop", "lose_answer"])
@pytest.mark.parametrize("step", [0, 1, 2], ids=["question", "content", "record"])
def test_connection_that_breaks_at_any_step_costs_a_second_attempt(
    shop: ShopProcess, target: ShopTarget, files: Files, step: int, fault: str
) -> None:
    files.put("1.jpg")
    message = files.message("1.jpg")
    for _ in range(step):
        shop.plan_fault("delay")
    shop.plan_fault(fault)
    with pytest.raises(Unavailable):
        send(target, message)
    assert send(target, message)[message.id].accepted
    with ShopDatabase(shop.database, readonly=True) as database:
        assert [each.id for each in database.effects() if each.key == message.key] == [message.id]


def test_signature_of_a_content_covers_its_hash(
    start_shop: StartShop,
    open_target: OpenTarget,
    files: Files,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    monkeypatch.setenv("SHOP_TEST_SIGNING", secret)
    shop = start_shop(secrets={"SHOP_SIGNING_SECRETS": secret})
    files.put("1.jpg")
    message = files.message("1.jpg")
    unsigned = open_target(shop.url, contents=[str(files.root)])
    with pytest.raises(Misconfigured):
        send(unsigned, message)
    signed = open_target(
        shop.url, contents=[str(files.root)], signing_secret="env:SHOP_TEST_SIGNING"
    )
    assert send(signed, message)[message.id].accepted
    assert held(shop, message)


def test_shop_that_takes_no_contents_is_told_at_the_check(
    certificates: Any, open_target: OpenTarget, files: Files
) -> None:
    said = {
        "protocol": 1,
        "entities": ["media"],
        "max_batch_items": 1000,
        "max_batch_bytes": 1000,
        "features": [],
    }
    body = json.dumps(said).encode()
    with answering(certificates, "application/json", body, []) as url:
        target = open_target(url, contents=[str(files.root)])
        with pytest.raises(Misconfigured) as caught:
            list[Finding](target.check())
    assert caught.value.code == "SA-5238"


def test_last_piece_is_kept_back_until_the_hash_is_right(files: Files) -> None:
    file = files.put("1.jpg", b"a" * 3_000_000)
    content = file.read_bytes()
    with file.open("rb") as opened:
        pieces = CheckedPieces(opened, hashlib.sha256(content).hexdigest(), len(content))
        assert b"".join(pieces) == content
        assert b"".join(pieces) == content, "a request may be repeated"
        wrong = iter(CheckedPieces(opened, "0" * 64, len(content)))
        got = len(next(wrong)) + len(next(wrong))
        with pytest.raises(Changed):
            next(wrong)
    assert got < len(content)


DELIVER = """
import sys
from agent.contract import NoOptions
from agent.model import Message, Op
from connectors.shop import ShopOptions, ShopTarget
url, ca_file, folder, body = sys.argv[1:]
options = {"url": url, "token": "env:SHOP_TEST_TOKEN", "ca_file": ca_file, "contents": [folder]}
target = ShopTarget(ShopOptions.model_validate(options), NoOptions())
message = Message("large-1", 1, "f", "media", "large", Op.UPSERT, body.encode())
(receipt,) = target.deliver([message])
target.close()
print(receipt.accepted)
with open("/proc/self/status") as status:
    print(status.read())
"""


def peak_megabytes(status: str) -> int:
    """The most memory that a process ever had, by what Linux says of it."""
    (peak,) = [line.split()[1] for line in status.splitlines() if line.startswith("VmHWM")]
    return int(peak) // 1000


@pytest.mark.skipif(sys.platform != "linux", reason="memory is counted as Linux does")
def test_file_of_300_mb_passes_in_little_memory(start_shop: StartShop, files: Files) -> None:
    shop = start_shop(secrets={"SHOP_TOKEN": TOKEN})
    file = files.put("large.jpg")
    with file.open("r+b") as large:
        large.truncate(300_000_000)
    found = hashlib.sha256()
    with file.open("rb") as large:
        while piece := large.read(2**20):
            found.update(piece)
    message = files.message("1", path="large.jpg", size=300_000_000, sha256=found.hexdigest())
    assert shop.certificates
    arguments = [shop.url, shop.certificates.authority, files.root, message.body.decode()]
    child = subprocess.run(
        [sys.executable, "-c", DELIVER, *map(str, arguments)],
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    assert child.stdout.startswith("True")
    assert held(shop, message)
    assert peak_megabytes(child.stdout) < 100
    assert peak_megabytes(Path(f"/proc/{shop.pid}/status").read_text()) < 150


def test_page_shows_the_leading_picture_and_links_documents(
    shop: ShopProcess, target: ShopTarget, files: Files
) -> None:
    product = Message(
        f"{files.sender.mark}-p", 1, "f", "product", "front", Op.UPSERT,
        b'{"sku":"front","name":"Con foto"}',
    )  # fmt: skip
    files.put("b.jpg", JPEG + b"b")
    files.put("a.jpg", JPEG + b"a")
    files.put("scheda.pdf", b"%PDF-1.7")
    messages = [
        files.message("b.jpg", sku="front", position=2),
        files.message("a.jpg", sku="front", position=1, title="<Davanti>"),
        files.message("scheda.pdf", sku="front", kind="datasheet", media_type="application/pdf"),
    ]
    assert all(receipt.accepted for receipt in send(target, product, *messages).values())
    page = shop.request("GET", "/?q=front").text
    assert f'<img src="media/{digest(messages[1])}" alt="&lt;Davanti&gt;"' in page
    assert digest(messages[0]) not in page
    assert f'href="media/{digest(messages[2])}">scheda.pdf</a>' in page
    assert shop.request("GET", f"/media/{digest(messages[2])}").content.startswith(b"%PDF")
