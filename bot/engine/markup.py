"""HTML to text with a map back: every character of the text knows where it stood in the original."""

from __future__ import annotations

import re
from html import unescape
from html.parser import HTMLParser

#: Elements that end a paragraph of text.
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "br", "dd", "div", "dl", "dt", "figcaption", "figure", "footer"}
    | {"form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section"}
    | {"table", "td", "th", "tr", "ul"}
)
#: Elements whose content is never read.
_UNREAD = frozenset({"script", "style", "template", "noscript", "svg", "iframe"})
_BLOCK = re.compile(rf"<(?:{'|'.join(sorted(_BLOCKS))})\b", re.IGNORECASE)
_MARKUP = re.compile(r"<[a-zA-Z/!?]|&(?:#\d|#x[0-9a-fA-F]|[a-zA-Z])")


class _Text(HTMLParser):
    """Collects the text and, for each of its characters, the offset in the source."""

    def __init__(self, source: str) -> None:
        super().__init__(convert_charrefs=False)
        self._source = source
        self._wrapped = _BLOCK.search(source) is not None  # paragraphs are tags: a line's end is but a space
        self._lines = [0, *(m.end() for m in re.finditer("\n", source))]
        self.chars: list[str] = []
        self.offsets: list[int] = []
        self._unread = 0

    def _here(self) -> int:
        line, column = self.getpos()
        return self._lines[line - 1] + column

    def _add(self, text: str, offset: int, *, spread: bool) -> None:
        if not self._unread:
            self.chars.extend(text)
            self.offsets.extend(range(offset, offset + len(text)) if spread else [offset] * len(text))

    def parse_marked_section(self, i: int, report: bool = True) -> int:
        """Skip `<![...>` as browsers do: the library's own raises on what is none."""
        return self.rawdata.find(">", i) + 1 or -1

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self._add("\n", self._here(), spread=False)
        if tag in _UNREAD:
            self._unread += 1

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in _BLOCKS:
            self._add("\n", self._here(), spread=False)

    def handle_endtag(self, tag: str) -> None:
        if tag in _UNREAD and self._unread:
            self._unread -= 1
        if tag in _BLOCKS:
            self._add("\n", self._here(), spread=False)

    def handle_data(self, data: str) -> None:
        self._add(data.replace("\n", " ") if self._wrapped else data, self._here(), spread=True)

    def handle_entityref(self, name: str) -> None:
        # an ampersand that begins no entity (R&D, Geely&Foxconn) means itself
        here = self._here()
        closed = self._source.startswith(";", here + 1 + len(name))
        written = f"&{name};" if closed else f"&{name}"
        text = unescape(written)
        if text == written or not (closed or len(text) == 1):
            self._add(written, here, spread=True)
        else:
            self._add(text, here, spread=False)

    def handle_charref(self, name: str) -> None:
        self._add(unescape(f"&#{name};"), self._here(), spread=False)


def strip_markup(source: str) -> tuple[str, list[int] | None]:
    """The text of `source` and the offset of each of its characters; None where they are the same."""
    if not _MARKUP.search(source):
        return source, None
    parser = _Text(source)
    parser.feed(source)
    parser.close()
    return "".join(parser.chars), parser.offsets
