"""Write the documents that come from the code: `make docs`. A test fails when one is out of date.

One function a document. `documents()` lists them all, with their paths from the project's root.
"""

from __future__ import annotations

import sys
from pathlib import Path

from agent.catalogue import EXPLANATIONS
from agent.cli.reference import cli_markdown
from agent.config.reference import configuration_markdown
from agent.entities import entities_markdown

ROOT = Path(__file__).resolve().parent.parent

RANGES = {
    "SA-1": "Configuration and secrets",
    "SA-2": "Sources",
    "SA-3": "Mapping",
    "SA-4": "Change detection",
    "SA-5": "Delivery and targets",
    "SA-6": "Store and machine",
    "SA-7": "Daemon, local API and commands",
}


def configuration_page() -> str:
    """Every key of the configuration, of the engine and of every kind."""
    return configuration_markdown()


def entities_page() -> str:
    """Every entity and its fields."""
    return entities_markdown()


def cli_reference() -> str:
    """Every command, its options, the exit statuses."""
    return cli_markdown()


def error_page(code: str) -> str:
    """One error code: what it means and what to do."""
    title, cause, remedy = EXPLANATIONS[code]
    return f"# {code}: {title}\n\n{cause}\n\n**What to do:** {remedy}\n\n[All codes](index.md)\n"


def errors_index() -> str:
    """All error codes by range."""
    lines = [
        "# Error codes",
        "",
        "A code is stable: it means the same in every version. Each has a page of its own.",
    ]
    for prefix, title in RANGES.items():
        codes = sorted(code for code in EXPLANATIONS if code.startswith(prefix))
        if codes:
            lines += ["", f"## {title}", "", "| Code | What it means |", "|---|---|"]
            lines += [f"| [{code}]({code}.md) | {EXPLANATIONS[code].title} |" for code in codes]
    return "\n".join(lines) + "\n"


def documents() -> dict[str, str]:
    """Path from the root → text."""
    return {
        "docs/reference/configuration.md": configuration_page(),
        "docs/reference/cli.md": cli_reference(),
        "docs/reference/entities.md": entities_page(),
        "docs/errors/index.md": errors_index(),
        **{f"docs/errors/{code}.md": error_page(code) for code in sorted(EXPLANATIONS)},
    }


def main() -> int:
    """Write what has changed, and remove pages of codes that no longer exist."""
    wanted = {ROOT / path: text for path, text in documents().items()}
    for path, text in wanted.items():
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
            print(path.relative_to(ROOT))
    for path in sorted((ROOT / "docs/errors").glob("SA-*.md")):
        if path not in wanted:
            path.unlink()
            print(f"removed {path.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
