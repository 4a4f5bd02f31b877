"""What a file's name says."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from connectors.folder import FolderOptions
from connectors.folder.patterns import Pattern


@pytest.mark.parametrize(
    ("pattern", "path", "parts"),
    [
        ("{sku}.jpg", "00123.jpg", {"sku": "00123"}),
        ("{sku}.jpg", "00123.JPG", {"sku": "00123"}),
        ("{sku}.jpg", "00123.jpeg", None),
        ("{sku}.jpg", "img/00123.jpg", None),
        ("{sku}.{type}", "A.B.png", {"sku": "A.B", "type": "png"}),
        ("{sku}_{position}.jpg", "A_B_2.jpg", {"sku": "A_B", "position": "2"}),
        ("{sku}_{position:digits}.jpg", "A_B.jpg", None),
        ("{sku}_{position:digits}.jpg", "A_12.jpg", {"sku": "A", "position": "12"}),
        ("{kind}/{sku}.pdf", "schede/A1.pdf", {"kind": "schede", "sku": "A1"}),
        ("{sku}/{sku}_*.jpg", "A1/A1_front.jpg", {"sku": "A1"}),
        ("{sku}/{sku}_*.jpg", "A1/B2_front.jpg", None),
        ("*/{sku} (scheda).pdf", "2026/A1 (scheda).pdf", {"sku": "A1"}),
        ("*.pdf", "any.pdf", {}),
    ],
)
def test_name_is_read_by_its_pattern(pattern: str, path: str, parts: dict[str, str] | None) -> None:
    assert Pattern(pattern).read(path) == parts


@pytest.mark.parametrize(
    "pattern",
    ["", "/srv/{sku}.jpg", "../{sku}.jpg", "a/../{sku}.jpg", "a//b", r"a\{sku}.jpg", "{SKU}.jpg",
     "{sku", "sku}.jpg", "{}.jpg", "{sku:words}.jpg", "{path}.jpg", "{sha256}.jpg"],
)  # fmt: skip
def test_text_that_is_no_pattern_is_refused(pattern: str) -> None:
    with pytest.raises(ValidationError):
        FolderOptions.model_validate({"files": pattern, "key": ["path"]})


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"files": "{sku}.jpg", "key": ["code"]}, "'code' is not one of sku, path, file_name"),
        ({"files": "{sku}.jpg", "key": ["sha256"]}, "'sha256' is not one of"),
        ({"files": "{sku}.jpg", "defaults": {"position": "0"}}, "no pattern has a part"),
        ({"files": "{sku}.jpg", "types": ["text/html"]}, "cannot be told by content"),
        ({"files": []}, "at least 1 item"),
    ],
)
def test_options_that_contradict_each_other_are_refused(
    options: dict[str, object], words: str
) -> None:
    with pytest.raises(ValidationError, match=words):
        FolderOptions.model_validate({"key": ["path"], **options})


def test_parts_of_several_patterns_are_columns_once_in_their_order() -> None:
    options = FolderOptions.model_validate(
        {"files": ["{sku}_{position}.jpg", "{kind}/{sku}.pdf"], "key": ["sku", "position", "kind"]}
    )
    assert options.parts == ("sku", "position", "kind")
