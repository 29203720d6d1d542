"""Which entry is new: what an entry is known by in its feed. Pure; the rules are in docs/feeds.md."""

from __future__ import annotations

import hashlib
import ipaddress
import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta
from urllib.parse import SplitResult, urlsplit

from bot.domain.entries import ParsedEntry

LINK, GUID, ITEM, TITLE = "link:", "guid:", "item:", "title:"

#: A shorter title says too little to be an identity ("Weekly news").
MIN_TITLE = 25
#: A title that was first seen longer ago may come again with other news.
TITLE_WINDOW = timedelta(days=14)
#: Longer keys end in a hash: an index of PostgreSQL holds 2,700 bytes.
MAX_KEY = 300

_TRACKERS = re.compile(r"(?:utm_[^=]*|fbclid|gclid)(?:=|$)", re.IGNORECASE)
_DEFAULT_PORTS = {"http": 80, "https": 443}


def normalise_link(link: str, *, keep_fragment: bool = False, keep_port: bool = False) -> str:
    """The link without what changes while the page stays: scheme, case of the host, trackers, last slash, fragment.

    The port of a loopback host goes too (`keep_port` keeps it): a demo serves the same pages on a random one.
    """
    link = link.strip()
    try:
        parts = urlsplit(link)
        host = _host(parts, keep_port)
    except ValueError:  # a port or an address that is none: the text itself is all there is
        return link
    if parts.scheme not in _DEFAULT_PORTS or not host:
        return link
    query = "&".join(p for p in parts.query.split("&") if p and not _TRACKERS.match(p))
    fragment = parts.fragment if keep_fragment else ""
    return host + parts.path.rstrip("/") + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")


def host_of(link: str | None) -> str | None:
    """The host of a link as an outlet's stand-in: lower case, without port and `www.`."""
    try:
        host = urlsplit((link or "").strip()).hostname
    except ValueError:
        return None
    return host.rstrip(".").removeprefix("www.") or None if host else None


def fold_title(title: str) -> str:
    """The title as it is compared: any width and case, without invisible marks, one space between words."""
    folded = unicodedata.normalize("NFKC", title).casefold()
    return " ".join("".join(c for c in folded if unicodedata.category(c) != "Cf").split())


def keys(entries: Sequence[ParsedEntry]) -> list[tuple[str, ...]]:
    """What each entry of one document is known by; the first key is its identity in the feed, none is ever empty.

    A link or guid several entries share is no identity, nor is a title that stands twice or is short. An entry without
    a guid of its own has an `item:` key of all it says of itself, so that a shared link (every item points at the front
    page) still leaves it known. Two entries that say the same of themselves have the same keys: they are one.
    """
    marks = [_marks(e) for e in entries]
    different = set(marks)  # an entry that stands twice in the document shares nothing with itself
    links = Counter(link for link, _, _, _ in different if link)
    guids = Counter(guid for _, guid, _, _ in different if guid)
    titles = Counter(title for _, _, title, _ in different if len(title) >= MIN_TITLE)
    return [_keys(m, links, guids, titles) for m in marks]


def _keys(
    marks: tuple[str, str, str, str], links: Counter[str], guids: Counter[str], titles: Counter[str]
) -> tuple[str, ...]:
    link, guid, title, item = marks
    found = []
    if links[link] == 1:
        found.append(_short(LINK, link))
    if guids[guid] == 1:
        found.append(_short(GUID, guid))
    else:
        found.append(ITEM + item)
    if titles[title] == 1:
        found.append(_short(TITLE, title))
    return tuple(found)


def _marks(entry: ParsedEntry) -> tuple[str, str, str, str]:
    """Link, guid and title as they are compared, and a hash of all three."""
    link = normalise_link(entry.link) if entry.link else ""
    guid = (entry.guid or "").strip()
    if guid.lower().startswith(("http://", "https://")):
        # A guid that is an address changes with it (http to https, a demo's port), but its fragment may be all it has.
        guid = normalise_link(guid, keep_fragment=True)
    title = fold_title(entry.title)
    return link, guid, title, _hash("\n".join((link, guid, title or entry.text)))


def _host(parts: SplitResult, keep_port: bool) -> str:
    host = (parts.hostname or "").rstrip(".")
    port = parts.port
    if port is None or port == _DEFAULT_PORTS.get(parts.scheme) or (not keep_port and _is_loopback(host)):
        return host
    return f"{host}:{port}"


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _short(prefix: str, value: str) -> str:
    key = prefix + value
    return key if len(key) <= MAX_KEY else f"{key[: MAX_KEY - 65]}#{_hash(value)}"


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
