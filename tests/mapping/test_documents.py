"""What docs/mapping.md and the catalogue say is what the code does."""

import re
from pathlib import Path

import yaml

from agent.catalogue.mapping import CODES
from agent.mapping import FieldSpec, MappingSpec, check
from agent.mapping.dates import NAMED_FORMATS
from agent.mapping.expressions import _ENVIRONMENT, _TEXT_METHODS

ROOT = Path(__file__).parent.parent.parent
PAGE = (ROOT / "docs" / "mapping.md").read_text(encoding="utf-8")


def test_the_mapping_on_the_page_has_no_problems() -> None:
    blocks = re.findall(r"```yaml\n(.*?)```", PAGE, re.DOTALL)
    flow = yaml.load(blocks[0], yaml.BaseLoader)
    spec = MappingSpec.model_validate(flow["mapping"])
    assert check(spec, flow["entity"], where=flow["where"]) == []


def test_every_option_filter_method_and_format_is_on_the_page() -> None:
    options = [field.alias or name for name, field in FieldSpec.model_fields.items()]
    words = set(re.findall(r"\w+", PAGE))
    for word in [*options, *_ENVIRONMENT.filters, *_TEXT_METHODS, *NAMED_FORMATS]:
        assert word in words, word


def test_every_code_of_the_mapping_is_explained_and_used() -> None:
    used: set[str] = set()
    for path in (ROOT / "agent" / "mapping").glob("*.py"):
        used |= set(re.findall(r"SA-\d{4}", path.read_text(encoding="utf-8")))
    assert used == set(CODES)
