"""The catalogue as one page that needs nothing else: no server, no network, no library."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape
from markdown_it import MarkdownIt
from markupsafe import Markup

from schema.contract.chapters import Chapter

_TEMPLATES: Final = Path(__file__).with_name("templates")
_CODE: Final = re.compile(r"(?<=<code>)[^<]*(?=</code>)")
_BREAK: Final = re.compile(r"(?<=[._])(?=\w)|(?<=[a-z])(?=[A-Z])")


def page(chapters: Sequence[Chapter], *, version: str) -> str:
    """``chapters`` without tables are shown as their text is written."""
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    environment = Environment(
        loader=FileSystemLoader(_TEMPLATES),
        autoescape=select_autoescape(default=True),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["prose"] = lambda text: Markup(_below_the_title(markdown.render(text)))
    environment.filters["inline"] = lambda text: Markup(_with_breaks(markdown.renderInline(text)))
    parts = {name: Markup((_TEMPLATES / name).read_text(encoding="utf-8")) for name in ("page.css", "page.js")}
    return environment.get_template("page.html").render(
        chapters=chapters, version=version, style=parts["page.css"], script=parts["page.js"]
    )


def _below_the_title(html: str) -> str:
    """What is written by hand has a title of its own; on the page it stands below that of its chapter. What is wider than
    the page can be scrolled with the keys, too."""
    for written, shown in (
        ("<h2>", "<h3>"),
        ("</h2>", "</h3>"),
        ("<pre>", '<pre tabindex="0">'),
        ("<table>", '<div class="wide" tabindex="0" role="group" aria-label="Table"><table>'),
        ("</table>", "</table></div>"),
    ):
        html = html.replace(written, shown)
    return html


def _with_breaks(html: str) -> str:
    """Long names may be broken where people would break them."""
    return _CODE.sub(lambda found: _BREAK.sub("<wbr>", found[0]), html)
