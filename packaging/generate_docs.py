"""Write the documents that come from the code: `make docs`. A test fails when one is out of date.

One function a document. `documents()` lists them all, with their paths from the project's root.
"""

from __future__ import annotations

import sys
from pathlib import Path

from agent.catalogue import CATALOGUE
from agent.cli.reference import cli_markdown
from agent.config.reference import configuration_markdown
from agent.entities import entities_markdown
from agent.language import Language, Text

ROOT = Path(__file__).resolve().parent.parent

SUFFIXES: dict[Language, str] = {"en": ".md", "it": ".it.md"}
"""`page.it.md` stands beside `page.md`."""

RANGES = {
    "SA-1": Text("Configuration and secrets", "Configurazione e segreti"),
    "SA-2": Text("Sources", "Sorgenti"),
    "SA-3": Text("Mapping", "Mappatura"),
    "SA-4": Text("Change detection", "Ricerca delle modifiche"),
    "SA-5": Text("Delivery and targets", "Consegna e destinazioni"),
    "SA-6": Text("Store and machine", "Archivio e macchina"),
    "SA-7": Text("Daemon, local API and commands", "Agente, API locale e comandi"),
}
WHAT_TO_DO = Text("What to do", "Che cosa fare")
ALL_CODES = Text("All codes", "Tutti i codici")
ERROR_CODES = Text("Error codes", "Codici di errore")
ABOUT_CODES = Text(
    "A code is stable: it means the same in every version. Each has a page of its own.",
    "Un codice è stabile: significa lo stesso in ogni versione. Ognuno ha la sua pagina.",
)
CODE = Text("Code", "Codice")
MEANING = Text("What it means", "Che cosa significa")


def configuration_page() -> str:
    """Every key of the configuration, of the engine and of every kind."""
    return configuration_markdown()


def entities_page() -> str:
    """Every entity and its fields."""
    return entities_markdown()


def cli_reference() -> str:
    """Every command, its options, the exit statuses."""
    return cli_markdown()


def error_page(code: str, language: Language) -> str:
    """One error code: what it means and what to do."""
    title, cause, remedy = CATALOGUE[language][code]
    to_do, all_codes = WHAT_TO_DO.said(language), ALL_CODES.said(language)
    index = f"[{all_codes}](index{SUFFIXES[language]})"
    return f"# {code}: {title}\n\n{cause}\n\n**{to_do}:** {remedy}\n\n{index}\n"


def errors_index(language: Language) -> str:
    """All error codes by range."""
    explanations, suffix = CATALOGUE[language], SUFFIXES[language]
    lines = [f"# {ERROR_CODES.said(language)}", "", ABOUT_CODES.said(language)]
    for prefix, room in RANGES.items():
        codes = sorted(code for code in explanations if code.startswith(prefix))
        if codes:
            lines += ["", f"## {room.said(language)}", ""]
            lines += [f"| {CODE.said(language)} | {MEANING.said(language)} |", "|---|---|"]
            lines += [
                f"| [{code}]({code}{suffix}) | {explanations[code].title} |" for code in codes
            ]
    return "\n".join(lines) + "\n"


def error_documents(language: Language) -> dict[str, str]:
    """The pages of all error codes, and their index."""
    suffix = SUFFIXES[language]
    pages = {
        f"docs/errors/{code}{suffix}": error_page(code, language)
        for code in sorted(CATALOGUE[language])
    }
    return {f"docs/errors/index{suffix}": errors_index(language), **pages}


def documents() -> dict[str, str]:
    """Path from the root → text."""
    return {
        "docs/reference/configuration.md": configuration_page(),
        "docs/reference/cli.md": cli_reference(),
        "docs/reference/entities.md": entities_page(),
        **error_documents("en"),
        **error_documents("it"),
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
