"""A document to plain values: RSS, Atom and CDF with feedparser, JSON Feed by hand. Only the child imports this.

Both of feedparser's cleaning passes are off: they cost half its time, hang on long style attributes, and titles must
show `<script>` as written anyway. Whoever shows text escapes it.
"""

from __future__ import annotations

import calendar
import html
import io
import json
import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from html.entities import html5
from typing import Any
from urllib.parse import urljoin, urlsplit

import feedparser

from bot.adapters.sources.parse_encoding import decode

MAX_ENTRIES = 10_000
#: How much is looked at, and how much is handed on; in code points.
RAW_TITLE, TITLE, RAW_TEXT, LINK, GUID, NAME = 20_000, 1_000, 60_000, 4_000, 2_000, 300

#: What XML does not allow in any form; with one of these feedparser would fall back to guessing.
_ILLEGAL = re.compile("[\0-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_REFERENCE = re.compile(r"&#(?:x([0-9a-fA-F]{1,8})|([0-9]{1,10}));")
_DECLARATION = re.compile(r"<\?xml[^>]{0,1000}\?>")
_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt|quot|apos|#[0-9]{1,10}|#x[0-9a-fA-F]{1,8});)([A-Za-z][A-Za-z0-9]{1,31};)?")
_ROOT = re.compile(r"<[A-Za-z_]")
_END = re.compile(r"</(?:[\w.-]{1,40}:)?(rss|feed|rdf|channel)\s*>", re.IGNORECASE)
_INLINE_DATA = re.compile(r"data:[\w/+.;=-]{0,100};base64,[A-Za-z0-9+/=%\s]{100,}")

#: Titles are nominally plain text, and full of these. Whatever else looks like a tag is meant to be read.
_FORMAT = re.compile(
    r"</?(?:a|abbr|b|big|cite|code|del|em|font|i|ins|mark|nobr|q|s|small|span|strong|sub|sup|tt|u|wbr)(?:\s[^<>]*)?/?>",
    re.IGNORECASE,
)
_BREAK = re.compile(r"</?(?:br|div|p)(?:\s[^<>]*)?/?>", re.IGNORECASE)
_TAG = re.compile(r"</?[A-Za-z][^<>]*>")

_PERIODS = {"hourly": 3600, "daily": 86_400, "weekly": 604_800, "monthly": 2_592_000, "yearly": 31_536_000}

Values = dict[str, Any]


class NotAFeed(Exception):
    """The document is no feed; the text says why."""


def parse(body: bytes, content_type: str, base: str) -> Values:
    """The title, the wish for a longer interval (`ttl`, seconds) and the entries. Raises NotAFeed, or anything."""
    text = _ILLEGAL.sub("", decode(body, content_type)).lstrip("\ufeff \t\r\n")
    if not text:
        raise NotAFeed("the answer is empty")
    if text.startswith("{"):
        return _json_feed(text, base)
    return _xml_feed(text, base)


# ---------------------------------------------------------------------------------------------------------------- XML


def _xml_feed(text: str, base: str) -> Values:
    # No base is handed in: feedparser would make an address of every guid, another one after each move of the feed.
    prepared = _well_prepared(text)
    parsed = _feedparser(prepared)
    if parsed.bozo and (mended := _mended(prepared)) != prepared:
        parsed = _feedparser(mended)
    version: str = parsed.get("version") or ""
    if not version:
        raise NotAFeed("the answer is not a feed")
    if parsed.bozo and not _ends(text, version):
        # Half a document would be told as far as it goes, and its last entry with half a title.
        raise NotAFeed("the feed ends in the middle")
    feed: Mapping[str, Any] = parsed.feed
    atom = version.startswith("atom")
    return {
        "title": _title(feed, atom)[:NAME],
        "ttl": _ttl(feed),
        "entries": [_xml_entry(entry, atom, base) for entry in parsed.entries[:MAX_ENTRIES]],
    }


def _feedparser(text: str) -> Any:
    return feedparser.parse(
        io.BytesIO(text.encode()),
        sanitize_html=False,
        resolve_relative_uris=False,
        response_headers={"content-type": "application/xml; charset=utf-8"},
    )


def _well_prepared(text: str) -> str:
    """Without the declaration (it is UTF-8 from here on), and without what makes feedparser slow or raise."""
    text = _DECLARATION.sub("", text, count=1) if text.startswith("<?xml") else text
    root = _ROOT.search(text)
    if root is not None:  # runs of blank lines before the root cost it quadratic time
        text = re.sub(r"\s{2,}", "\n", text[: root.start()]) + text[root.start() :]
    return _REFERENCE.sub(_legal_reference, text) if "&#" in text else text


def _legal_reference(found: re.Match[str]) -> str:
    code = int(found[1], 16) if found[1] else int(found[2])
    return found[0] if 0 < code < 0x11_0000 and not _ILLEGAL.match(chr(code)) else ""


def _mended(text: str) -> str:
    """With HTML's entities and bare ampersands as XML has them, outside of CDATA.

    They are what most broken feeds are broken by, and feedparser's lenient parser makes "AT&T;" of them.
    """
    first, *parts = text.split("<![CDATA[")
    mended = [_AMPERSAND.sub(_legal_ampersand, first)]
    for part in parts:
        inside, end, outside = part.partition("]]>")
        mended.append(inside + end + _AMPERSAND.sub(_legal_ampersand, outside))
    return "<![CDATA[".join(mended)


def _legal_ampersand(found: re.Match[str]) -> str:
    known = html5.get(found[1] or "")
    return "".join(f"&#{ord(char)};" for char in known) if known else f"&amp;{found[1] or ''}"


def _ends(text: str, version: str) -> bool:
    """Whether the root element's end stands somewhere; RSS 1.0 closes its channel before the items."""
    ends = {"rss", "feed", "rdf"} if version in ("rss10", "rss090") else {"rss", "feed", "rdf", "channel"}
    return any(found[1].lower() in ends for found in _END.finditer(text))


def _xml_entry(entry: Mapping[str, Any], atom: bool, base: str) -> Values:
    guid = _clean(entry.get("id"), GUID).strip()
    link = _clean(entry.get("link") or _alternate(entry), LINK + 1)
    if link.strip() == guid and not guid.lower().startswith(("http://", "https://")):
        link = ""  # a guid that says it is a permalink, and is none
    source = _mapping(entry.get("source"))
    return {
        "guid": guid or None,
        "link": _absolute(base, link),
        "title": _title(entry, atom),
        "text": max(_texts(entry), key=len, default=""),
        "published": _date(entry),
        "outlet_name": _title(source, atom)[:NAME] or None,
        "outlet_link": _absolute(base, _clean(source.get("href") or source.get("link"), LINK + 1)),
        "language": _language(entry),
    }


def _alternate(entry: Mapping[str, Any]) -> str:
    """The link of an entry that has one, but to no web page."""
    links = [_mapping(link) for link in entry.get("links") or ()]
    return next((str(link["href"]) for link in links if link.get("rel") == "alternate" and link.get("href")), "")


def _texts(entry: Mapping[str, Any]) -> Iterable[str]:
    for content in entry.get("content") or ():
        kind = str(_mapping(content).get("type") or "")
        if not kind or kind.startswith("text/") or kind.endswith("xml"):
            yield _text(_mapping(content).get("value"))
    yield _text(entry.get("summary"))


def _date(entry: Mapping[str, Any]) -> int | None:
    """Seconds since 1970; feedparser's own look-up would warn about the fallback."""
    for name in ("published_parsed", "updated_parsed", "created_parsed"):
        if isinstance(entry, dict) and (date := dict.get(entry, name)):
            try:
                return calendar.timegm(date)
            except (ValueError, OverflowError):
                continue
    return None


def _language(entry: Mapping[str, Any]) -> str | None:
    details = [entry, entry.get("title_detail"), *(entry.get("content") or ()), entry.get("summary_detail")]
    return next((code for detail in details if (code := _code(_mapping(detail).get("language")))), None)


def _ttl(feed: Mapping[str, Any]) -> int | None:
    """The longest wait the document asks for, in seconds."""
    minutes = _number(feed.get("ttl"))
    period = _PERIODS.get(str(feed.get("sy_updateperiod") or "").strip().lower(), 0)
    return max(minutes * 60, period // max(1, _number(feed.get("sy_updatefrequency")))) or None


def _number(value: object) -> int:
    found = re.fullmatch(r"[0-9]{1,9}", str(value or "").strip(), re.ASCII)
    return int(found[0]) if found else 0


# --------------------------------------------------------------------------------------------------------------- JSON


def _json_feed(text: str, base: str) -> Values:
    """JSON Feed 1.0 and 1.1: https://www.jsonfeed.org/version/1.1/ ."""
    try:
        feed = _mapping(json.loads(text))
    except (ValueError, RecursionError) as error:
        raise NotAFeed("the answer is not valid JSON") from error
    version = feed.get("version")
    if not isinstance(version, str) or not re.match(r"https?://(www\.)?jsonfeed\.org/version/", version):
        raise NotAFeed("the answer is not a feed")
    items = feed.get("items")
    if not isinstance(items, list):
        raise NotAFeed("the feed has no list of items")
    language = _code(feed.get("language"))
    return {
        "title": _one_line(_clean(feed.get("title"), RAW_TITLE))[:NAME],
        "ttl": None,
        "entries": [_json_entry(_mapping(item), language, base) for item in items[:MAX_ENTRIES]],
    }


def _json_entry(item: Mapping[str, Any], language: str | None, base: str) -> Values:
    guid = item.get("id")
    return {
        "guid": _clean(str(guid) if isinstance(guid, (int, float)) else guid, GUID).strip() or None,
        "link": _absolute(base, _clean(item.get("url") or item.get("external_url"), LINK + 1)),
        "title": _one_line(_clean(item.get("title"), RAW_TITLE))[:TITLE],
        "text": max((_text(item.get(name)) for name in ("content_html", "content_text", "summary")), key=len),
        "published": _iso(item.get("date_published")) or _iso(item.get("date_modified")),
        "outlet_name": None,
        "outlet_link": None,
        "language": _code(item.get("language")) or language,
    }


def _iso(value: object) -> int | None:
    try:
        date = datetime.fromisoformat(str(value or "").strip())
        return int((date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp())
    except (ValueError, OverflowError):
        return None


# ------------------------------------------------------------------------------------------------------------- pieces


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}


def _clean(value: object, limit: int) -> str:
    return _ILLEGAL.sub("", value[:limit]) if isinstance(value, str) else ""


def _text(value: object) -> str:
    if isinstance(value, str) and len(value) > RAW_TEXT:
        value = _INLINE_DATA.sub("data:", value)  # a picture inside the text would be all that is kept
    return _clean(value, RAW_TEXT)


def _title(values: Mapping[str, Any], atom: bool) -> str:
    """A title as plain text. Atom says what its titles are; elsewhere it is guessed as little as possible."""
    title = _clean(values.get("title"), RAW_TITLE)
    kind = str(_mapping(values.get("title_detail")).get("type") or "text/plain")
    if not atom or kind != "text/plain":
        title = _FORMAT.sub("", _BREAK.sub(" ", title))
        if atom and kind.endswith("xml"):  # here text is escaped, so every tag is one
            title = _TAG.sub("", title)
        title = _clean(html.unescape(title), RAW_TITLE)
    return _one_line(title)[:TITLE]


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _code(value: object) -> str | None:
    """A language code that looks like one."""
    code = value.strip().replace("_", "-") if isinstance(value, str) else ""
    return code if re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,4}", code) else None


def _absolute(base: str, link: str) -> str | None:
    """An http(s) address, resolved against the document's; None for anything else."""
    link = re.sub(r"[\t\r\n]", "", link).strip()
    if not link or len(link) > LINK:
        return None
    try:
        joined = urljoin(base, link)
        parts = urlsplit(joined)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return None
    return joined if good and len(joined) <= LINK else None
