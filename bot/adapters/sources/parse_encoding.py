"""Bytes to text. feedparser believes a wrong HTTP charset over right bytes; here the header has the last word.

The order: a byte order mark, valid UTF-8, the XML declaration, the HTTP header.
"""

from __future__ import annotations

import codecs
import re

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like UTF-16's
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
#: `<` or `<?` in encodings that would pass as UTF-8 with many NULs (XML 1.0, appendix F).
_MARKS = (
    (b"<\0\0\0", "utf-32-le"),
    (b"\0\0\0<", "utf-32-be"),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
    (b"\x4c\x6f\xa7\x94", "cp037"),
)
_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s{0,20}=\s{0,20}["']([\w.:-]{1,40})["']""")
_CHARSET = re.compile(r"""charset\s{0,20}=\s{0,20}["']?([\w.:-]{1,40})""", re.IGNORECASE)
#: What people mean by these names: the superset every browser takes.
_MEANT = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
}
#: Codecs that are no encoding of any document.
_NEVER = frozenset({"idna", "punycode", "unicode-escape", "raw-unicode-escape", "undefined", "utf-7", "mbcs", "oem"})
_SEVEN_BIT = ("iso2022", "hz")


def decode(body: bytes, content_type: str) -> str:
    """The text of a document; never fails."""
    for mark, encoding in _BOMS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body.decode(encoding, "replace")
    said = [_codec(name) for name in (_declared(body), _charset(content_type)) if name]
    named = [name for name in said if name]
    if not (body.isascii() and named and named[0].startswith(_SEVEN_BIT)):
        try:
            return body.decode("utf-8")
        except UnicodeDecodeError:
            pass
    # A summary cut in the middle of a letter is no reason to take the whole document for something else.
    lenient = body.decode("utf-8", "replace")
    sample = lenient[:100_000]
    if sum(not char.isascii() for char in sample) > 10 * max(1, sample.count("\ufffd")):
        return lenient
    for name in named:
        try:
            return body.decode(name)
        except UnicodeDecodeError:
            continue
    return body.decode(named[0] if named else "cp1252", "replace")


def _declared(body: bytes) -> str | None:
    found = _DECLARED.search(body[:1_000])
    return found[1].decode("ascii", "replace") if found else None


def _charset(content_type: str) -> str | None:
    found = _CHARSET.search(content_type[:1_000])
    return found[1] if found else None


def _codec(name: str) -> str | None:
    """Python's name for an encoding; None where it has none, or one that is no text's."""
    try:
        codec = codecs.lookup(name).name
        b"a".decode(codec)  # raises for codecs from bytes to bytes, and for UTF-16 and 32, which were found above
    except (LookupError, ValueError):
        return None
    return None if codec in _NEVER else _MEANT.get(codec, codec)
