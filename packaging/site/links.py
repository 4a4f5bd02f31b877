"""What has to change in a page's text between the project's files and the site.

Links that leave docs/ lead to the repository, for on the site there is nothing beside docs/.
The line that leads to the other language goes, for the site's head has a switch on every page.
Italian headings also bear the anchors of the English page, for pages that nobody has translated
link to them. They stand in the same order: a test holds the two pages together.
"""

from __future__ import annotations

import posixpath
import re
from pathlib import Path
from typing import Any

from pymdownx.slugs import slugify

OUT_OF_FOLDER = re.compile(r"(\]\()(\.\./[^)\s]+)")
HEADING_OR_FENCE = re.compile(r"^(?:```.*?^```$|#{2,6} (?P<title>.+?)$)", re.DOTALL | re.MULTILINE)
"""The page's own title stays as it is: it is the first thing on its page, which names the page."""
OTHER_LANGUAGE = re.compile(r"^\*In \[\w+\]\(README(?:\.it)?\.md\)\.\*\n", re.MULTILINE)
TRANSLATED = ".it.md"

anchor_of = slugify(case="lower")


def on_page_markdown(markdown: str, /, *, page: Any, config: Any, **_: Any) -> str:
    """The page's text as the site shows it."""
    text = OTHER_LANGUAGE.sub("", markdown)
    return _with_english_anchors(_with_whole_links(text, page.file.src_uri, config.extra), page)


def _with_whole_links(markdown: str, page: str, extra: Any) -> str:
    folder = posixpath.join("docs", posixpath.dirname(page))

    def whole(link: re.Match[str]) -> str:
        path = posixpath.normpath(posixpath.join(folder, link[2]))
        stays = path.startswith("docs/")
        return link[0] if stays else f"{link[1]}{extra['repository']}/blob/main/{path}"

    return OUT_OF_FOLDER.sub(whole, markdown)


def _with_english_anchors(markdown: str, page: Any) -> str:
    path = page.file.abs_src_path
    if not path.endswith(TRANSLATED):
        return markdown
    english = Path(path.removesuffix(TRANSLATED) + ".md").read_text(encoding="utf-8")
    anchors = [anchor_of(each["title"], "-") for each in _headings(english)]
    parts, end = [], 0
    for heading, anchor in zip(_headings(markdown), anchors, strict=True):
        parts.append(markdown[end : heading.start()])
        if anchor != anchor_of(heading["title"], "-"):
            parts.append(f'<a id="{anchor}"></a>\n\n')
        end = heading.start()
    return "".join(parts) + markdown[end:]


def _headings(markdown: str) -> list[re.Match[str]]:
    return [each for each in HEADING_OR_FENCE.finditer(markdown) if each["title"]]
