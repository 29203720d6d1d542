"""Foreign text and links on their way to chat."""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import quote, urlsplit

#: Control, format, private, unassigned, surrogate: never shown. Bidi and zero-width marks are among them.
_HIDDEN = frozenset({"Cc", "Cf", "Co", "Cn", "Cs"})
#: Letters by category that draw nothing: Hangul fillers, and the blank Braille pattern.
_BLANK = frozenset(map(chr, (0x115F, 0x1160, 0x3164, 0xFFA0, 0x2800)))
#: Marks on one base: Vietnamese and Thai need two, nobody needs four.
_MARKS = 3
_ELLIPSIS = "..."

_MAX_LINK, _MAX_HOST = 1500, 253
_TRACKER = re.compile(r"(utm_[^=]*|fbclid|gclid)(=|$)", re.IGNORECASE)
_DOTS = str.maketrans({chr(c): "." for c in (0x3002, 0xFF0E, 0xFF61)})
_HOST = re.compile(r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?(\.[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?)*\.?")
_ADDRESS = re.compile(r"[0-9a-f:.]+")
#: All that may stand in a URL unencoded, less what chat platforms read as the end of a link.
_SAFE = "%/:=&?~+!$,;@()*-._'"


def shown(text: str, limit: int = 300) -> str:
    """One plain line: nothing invisible, marks capped, at most `limit` code points."""
    kept: list[str] = []
    marks = 0
    # A hostile title can be any length: nothing past this can reach the result.
    for letter in unicodedata.normalize("NFC", text[: limit * 20]):
        char = " " if letter.isspace() else letter
        category = unicodedata.category(char)
        if category in _HIDDEN or char in _BLANK:
            continue
        if category in ("Mn", "Me"):
            marks += 1
            if marks > _MARKS or not kept or kept[-1] == " ":
                continue  # a mark with no base would sit on whatever comes before the text
        else:
            marks = 0
        if char != " " or (kept and kept[-1] != " "):
            kept.append(char)
    return shorten("".join(kept).strip(), limit)


def shorten(line: str, limit: int) -> str:
    """Cut at a space near the limit, else at the limit, and say so with three dots."""
    if len(line) <= limit:
        return line
    room = max(limit - len(_ELLIPSIS), 0)
    cut = line[:room]
    space = cut.rfind(" ")
    if space > room * 2 // 3:  # Chinese has none: then the limit itself
        cut = cut[:space]
    else:
        while cut and unicodedata.combining(line[len(cut)]):
            cut = cut[:-1]  # never part a letter from its marks
    return (cut.rstrip() + _ELLIPSIS)[:limit]


def safe_link(url: str) -> str | None:
    """The link as it may be shown, without trackers; None for anything but plain http(s)."""
    if len(url) > 4 * _MAX_LINK:
        return None
    try:
        parts = urlsplit(url.strip())
        host, port = _host(parts.hostname or ""), parts.port
    except ValueError:
        return None
    if parts.scheme not in ("http", "https") or host is None or "@" in parts.netloc:
        return None
    netloc = host if port in (None, 80 if parts.scheme == "http" else 443) else f"{host}:{port}"
    query = "&".join(p for p in parts.query.split("&") if not _TRACKER.match(p))
    link = f"{parts.scheme}://{netloc}{_encode(parts.path)}"
    link += f"?{_encode(query)}" if query else ""
    link += f"#{_encode(parts.fragment)}" if parts.fragment else ""
    return link if len(link) <= _MAX_LINK else None


def host_of(url: str | None) -> str:
    """The host to show for a link, without `www.`; empty where there is none."""
    link = safe_link(url) if url else None
    host = urlsplit(link).hostname if link else None
    return (host or "").removeprefix("www.")


def _encode(part: str) -> str:
    return quote(part, safe=_SAFE, errors="replace")


def _host(host: str) -> str | None:
    """In punycode, so that a look-alike shows as one; raises ValueError where it cannot be."""
    if len(host) > _MAX_HOST:
        return None
    if ":" in host:  # urlsplit has taken the brackets off
        return f"[{host}]" if _ADDRESS.fullmatch(host) else None
    plain = unicodedata.normalize("NFKC", host.translate(_DOTS)).lower()
    # Not the stdlib's idna: it is IDNA 2003 and would send a sharp s to another host.
    ascii_ = ".".join(
        label if label.isascii() else "xn--" + label.encode("punycode").decode("ascii") for label in plain.split(".")
    )
    return ascii_ if len(ascii_) <= _MAX_HOST and _HOST.fullmatch(ascii_) else None
