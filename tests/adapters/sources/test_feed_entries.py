"""From documents to entries: titles, links, texts, dates, encodings."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.sources.parse_child import _answer
from bot.adapters.sources.parse_document import NotAFeed, parse
from bot.errors import ParseError
from tests.kit.feed_server import redirect


def rss(item, *, head="", version="2.0", declaration='<?xml version="1.0" encoding="utf-8"?>'):
    return (
        f'{declaration}<rss version="{version}" xmlns:content="http://purl.org/rss/1.0/modules/content/">'
        f"<channel><title>t</title>{head}<item>{item}</item></channel></rss>"
    )


def atom(entry, *, attributes=""):
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><title>t</title><entry>{entry}</entry></feed>'


def entry_of(document, base="http://news.example/feeds/all.xml"):
    """Parse in this process: what the child does, without the child."""
    body = document if isinstance(document, bytes) else document.encode()
    (entry,) = parse(body, "application/xml", base)["entries"]
    return entry


# ------------------------------------------------------------------------------------------------------------- titles


@pytest.mark.parametrize("kind", ["rss", "atom"])
async def test_a_title_is_shown_as_it_was_written(site, reader, kind):
    """What looks like markup or a mention is text, escaped by nobody on the way."""
    site.feed("news", kind=kind).publish("A & B <script> <!channel>")
    assert (await reader.entry()).title == "A & B <script> <!channel>"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("AT&amp;T", "AT&T"),
        ("AT&amp;amp;T", "AT&T"),
        ("<![CDATA[A &amp; <b>B</b> <script>x</script>]]>", "A & B <script>x</script>"),
        ("&lt;b&gt;VW&lt;/b&gt; baut", "VW baut"),
        ("H&lt;sub&gt;2&lt;/sub&gt;O", "H2O"),
        ('&lt;a href="x"&gt;VW&lt;/a&gt; &lt;img src=x onerror=alert(1)&gt;', "VW <img src=x onerror=alert(1)>"),
        ("&amp;lt;b&amp;gt; stays", "<b> stays"),
        ("one&lt;br/&gt;two", "one two"),
        ("a &lt; b &gt; c", "a < b > c"),
        ("five\n  lines\t here&#160;", "five lines here"),
        ("](https://evil.example) &lt;img src=x&gt;", "](https://evil.example) <img src=x>"),
        ("Gr&#246;&#xDF;e &amp;uuml;ber &amp;#8364;", "Größe über €"),
        ("", ""),
        ("x" * 30_000, "x" * 1_000),
    ],
)
def test_rss_titles_lose_formatting_and_nothing_else(written, shown):
    """They are nominally plain text, often escaped once too often."""
    assert entry_of(rss(f"<title>{written}</title>"))["title"] == shown


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<title>A &amp;amp; &lt;b&gt;</title>", "A &amp; <b>"),
        ('<title type="html">A &amp;amp; &lt;b&gt;B&lt;/b&gt; &lt;script&gt;</title>', "A & B <script>"),
        (
            '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <b>B</b> &lt;script></div></title>',
            "A B <script>",
        ),
    ],
)
def test_atom_titles_are_what_they_say_they_are(written, shown):
    """Atom names the type, so nothing is guessed."""
    assert entry_of(atom(written))["title"] == shown


@pytest.mark.parametrize("zero", ["\0", "&#0;", "&#x0;", "&#xD800;", "&#55296;", "\x0b", "&#x110000;", "\ufffe"])
async def test_characters_that_no_document_may_have_are_dropped(read, zero):
    """PostgreSQL refuses NUL, no file takes half a surrogate, and feedparser raises on some."""
    body = rss(f"<title>A{zero}B</title><guid>g{zero}</guid><description>x{zero}y</description>")
    (entry,) = (await read(body)).entries
    assert (entry.title, entry.guid, entry.text) == ("AB", "g", "xy")


# -------------------------------------------------------------------------------------------------------------- links


@pytest.mark.parametrize(
    ("document", "link"),
    [
        (rss("<link>/a?x=1&amp;y=2</link>"), "http://news.example/a?x=1&y=2"),
        (rss("<link>a.html</link>"), "http://news.example/feeds/a.html"),
        (rss("<link>//other.example/a</link>"), "http://other.example/a"),
        (rss("<link>\n https://x.example/a\n </link>"), "https://x.example/a"),
        (rss("<guid>https://x.example/g</guid>"), "https://x.example/g"),
        (rss("<guid>internal-17</guid>"), None),
        (rss('<guid isPermaLink="false">https://x.example/g</guid>'), None),
        (rss("<link>javascript:alert(1)</link>"), None),
        (rss("<link>mailto:x@example.org</link>"), None),
        (rss("<link>http://[broken/</link>"), None),
        (rss("<link>https://x.example/" + "a" * 5000 + "</link>"), None),
        (rss("<title>none</title>"), None),
        (atom('<link href="a"/>', attributes='xml:base="https://base.example/b/"'), "https://base.example/b/a"),
        (atom('<link href="a"/>', attributes='xml:base="/b/"'), "http://news.example/b/a"),
        (
            atom('<link href="a" xml:base="c/"/>', attributes='xml:base="https://base.example/b/"'),
            "https://base.example/b/c/a",
        ),
        (
            atom('<link rel="self" href="s"/><link rel="alternate" href="a"/><id>urn:x</id>'),
            "http://news.example/feeds/a",
        ),
        (atom('<link rel="alternate" type="application/pdf" href="a.pdf"/>'), "http://news.example/feeds/a.pdf"),
        (atom('<link rel="enclosure" href="a.mp3"/><id>urn:x</id>'), None),
    ],
)
def test_links_are_absolute_and_lead_to_the_web(document, link):
    """Resolved against xml:base and the document's own address; everything but http and https is no link."""
    assert entry_of(document)["link"] == link


def test_a_guid_stays_what_it_was_when_the_feed_moves():
    """Joined with the feed's address it would change with it."""
    document = rss("<guid>internal-17</guid><link>/a</link>")
    guids = {entry_of(document, base)["guid"] for base in ("http://a.example/feed", "https://b.example/x/feed")}
    assert guids == {"internal-17"}


async def test_relative_links_are_relative_to_where_the_document_was(site, reader):
    """After a redirect that is the redirect's target."""
    site.feed("news").fail(redirect("/deep/er/feed"))
    site.feed("deep/er/feed", body=rss("<link>a</link>").encode())
    assert (await reader.entry()).link == f"http://{site.place}/deep/er/a"


# ------------------------------------------------------------------------------------------------ texts, dates, outlet


def test_the_text_is_the_longer_of_content_and_summary():
    """Whatever the feed calls them; HTML stays HTML."""
    long, short = "&lt;p&gt;long &amp;amp; good&lt;/p&gt;", "short"
    text = "<p>long &amp; good</p>"
    assert entry_of(rss(f"<description>{short}</description><content:encoded>{long}</content:encoded>"))["text"] == text
    assert entry_of(rss(f"<description>{long}</description><content:encoded>{short}</content:encoded>"))["text"] == text
    assert entry_of(atom(f'<summary>{short}</summary><content type="html">{long}</content>'))["text"] == text
    assert entry_of(atom('<content type="image/png">iVBORw0KGgo=</content><summary>x</summary>'))["text"] == "x"
    assert entry_of(rss("<title>x</title>"))["text"] == ""


def test_a_long_text_is_cut_and_its_inline_pictures_first():
    """A picture in front is no reason to lose the words behind it."""
    assert len(entry_of(rss(f"<description>{'x' * 100_000}</description>"))["text"]) == 60_000
    picture = f"&lt;img src='data:image/png;base64,{'A' * 100_000}'&gt;words"
    assert entry_of(rss(f"<description>{picture}</description>"))["text"] == "<img src='data:'>words"


async def test_undated_and_wrongly_dated_entries_are_entries(site, reader, clock):
    """Dates are untrusted: what cannot be meant is none, the rest is handed on."""
    feed = site.feed("news")
    dates = [
        None,
        clock.now() + timedelta(days=2),
        clock.now() + timedelta(days=4000),
        datetime(1901, 1, 1, tzinfo=UTC),
        datetime(1999, 1, 1, tzinfo=UTC),
    ]
    for number, date in enumerate(dates):
        feed.publish(f"{number}", published=date)
    published = [entry.published for entry in reversed((await reader.poll()).entries)]
    assert published == [None, dates[1], None, None, dates[4]]


@pytest.mark.parametrize(
    ("document", "stamp"),
    [
        (rss("<pubDate>Fri, 19 Feb 2021 13:00:00 +0100</pubDate>"), "2021-02-19T12:00:00+00:00"),
        (rss("<pubDate>yesterday</pubDate>"), None),
        (rss("<pubDate>Fri, 99 Feb 2021 99:00:00 GMT</pubDate>"), None),
        (
            atom("<updated>2021-02-20T00:00:00Z</updated><published>2021-02-19T13:00:00+01:00</published>"),
            "2021-02-19T12:00:00+00:00",
        ),
        (atom("<updated>2021-02-20T00:00:00Z</updated>"), "2021-02-20T00:00:00+00:00"),
    ],
)
def test_dates_are_utc(document, stamp):
    """The publishing date, else the one of the last change."""
    found = entry_of(document)["published"]
    assert (found and datetime.fromtimestamp(found, UTC).isoformat()) == stamp


@pytest.mark.parametrize("kind", ["rss", "atom"])
async def test_an_aggregated_entry_names_its_outlet(site, reader, kind):
    """RSS and Atom each have a <source>."""
    site.feed("news", kind=kind).publish("one", source=("Late & Post", "https://latepost.example/"), language="zh-CN")
    entry = await reader.entry()
    assert (entry.outlet_name, entry.outlet_link) == ("Late & Post", "https://latepost.example/")
    assert entry.language == "zh-CN"


# ---------------------------------------------------------------------------------------------------------- encodings

TITLE = "Größe: 小米 造车"


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (rss(f"<title>{TITLE}</title>").encode(), "text/xml; charset=iso-8859-1"),
        (rss(f"<title>{TITLE}</title>").encode(), "text/xml"),
        (rss(f"<title>{TITLE}</title>").encode(), ""),
        (rss(f"<title>{TITLE}</title>").encode(), "application/xml; charset=no-such-thing"),
        (rss(f"<title>{TITLE}</title>").encode("utf-8-sig"), "application/xml; charset=gbk"),
        (rss(f"<title>{TITLE}</title>").encode("utf-16"), "application/xml"),
        (rss(f"<title>{TITLE}</title>").encode("utf-16-le"), "application/xml; charset=utf-8"),
        (b"\xfe\xff" + rss(f"<title>{TITLE}</title>").encode("utf-16-be"), "application/xml"),
        (rss(f"<title>{TITLE}</title>").encode("utf-32"), "application/xml"),
        (rss(f"<title>{TITLE}</title>", declaration='<?xml version="1.0" encoding="gb18030"?>').encode("gb18030"), ""),
        (
            rss(f"<title>{TITLE}</title>", declaration='<?xml version="1.0" encoding="gb18030"?>').encode("gb18030"),
            "text/xml; charset=windows-1252",
        ),
        (rss(f"<title>{TITLE}</title>", declaration="").encode("gb18030"), "text/xml; charset=gb2312"),
        (
            rss(f"<title>{TITLE}</title>", declaration="<?xml version='1.0' encoding='iso-8859-1'?>").encode(),
            "text/xml; charset=utf-8",
        ),
    ],
)
async def test_right_bytes_beat_a_wrong_charset(read, body, content_type):
    """Byte order mark, valid UTF-8, the document's word, and the header's only then."""
    (entry,) = (await read(body, content_type)).entries
    assert entry.title == TITLE


@pytest.mark.parametrize(
    ("encoding", "title"),
    [
        ("iso-8859-1", "Größe – “x”"),
        ("shift_jis", "小米の電気自動車"),
        ("euc-kr", "현대차"),
        ("koi8-r", "Электромобиль"),
        ("iso-2022-jp", "電気自動車"),
        ("big5", "電動車"),
    ],
)
def test_declared_encodings_are_read(encoding, title):
    """Under the names people use for their supersets."""
    codec = "cp1252" if encoding == "iso-8859-1" else encoding
    document = rss(f"<title>{title}</title>", declaration=f'<?xml version="1.0" encoding="{encoding}"?>').encode(codec)
    assert entry_of(document)["title"] == title


def test_one_broken_letter_spoils_nothing_else():
    """Hosts cut summaries in the middle of a letter."""
    document = (
        rss(f"<title>{TITLE} {TITLE}</title><description>@</description>").encode().replace(b"@", "小".encode()[:2])
    )
    assert entry_of(document)["title"] == f"{TITLE} {TITLE}"


# ---------------------------------------------------------------------------------------------------------- documents


async def test_the_feeds_title_comes_with_the_entries(read):
    """Plain text, like the entries'."""
    polled = await read(rss("<title>x</title>").replace("<title>t<", "<title>News &amp;amp; &lt;b&gt;more&lt;/b&gt;<"))
    assert polled.title == "News & more"


@pytest.mark.parametrize(
    "document",
    [
        rss("<title>AT&T & more</title><description>&nbsp;&copy;</description>"),
        "\n\n  " + rss("<title>AT&amp;T &amp; more</title>"),
        rss("<title>AT&amp;T &amp; more</title>") + "\n<!-- cached --> <script>x</script>",
        rss("<title>AT&amp;T &amp; more</title><media:content url='x'/>"),
        "<?xml version='1.1'?>" + rss("<title>AT&amp;T &amp; more</title>", declaration=""),
        rss("<title>AT&amp;T &amp; more</title><br><p>").replace("</item>", "</p></item>"),
    ],
)
async def test_a_feed_that_is_not_well_formed_is_a_feed(read, document):
    """Stray ampersands, unknown prefixes, something behind the end."""
    (entry,) = (await read(document)).entries
    assert entry.title == "AT&T & more"


@pytest.mark.parametrize(
    "body",
    [
        "",
        "   \n",
        "<!DOCTYPE html><html><head><title>502</title></head><body>Bad gateway</body></html>",
        "<html><body><item><title>x</title></item></body></html>",
        "Just a moment...",
        "http://127.0.0.1/feed",
        "/etc/passwd",
        "<opml version='2.0'><body/></opml>",
        "<?xml version='1.0'?><urlset><url/></urlset>",
        '{"error": "not found"}',
        '{"version": "https://jsonfeed.org/version/1.1"}',
        '{"version": "https://jsonfeed.org/version/1.1", "items": [',
        "{" * 100_000,
        "[]",
        rss("<title>cut</title>")[:-20],
        b"\x1f\x8b\x08\0\0\0",
    ],
)
async def test_what_is_no_feed_is_refused(read, body):
    """Error pages come with 200, and feedparser finds something to like in most things."""
    with pytest.raises(ParseError):
        await read(body, "application/rss+xml")


async def test_a_body_that_is_an_address_is_not_fetched(site, read):
    """The library opens whatever a text names."""
    other = site.feed("other")
    with pytest.raises(ParseError):
        await read(other.url)
    assert not other.asked


@pytest.mark.parametrize(
    "head",
    [
        '<atom:link xmlns:atom="http://www.w3.org/2005/Atom" rel="hub" href="{0}"/><link>{0}</link>',
        "<image><url>{0}</url></image><docs>{0}</docs><newLocation>{0}</newLocation>",
    ],
)
async def test_addresses_inside_of_a_feed_are_not_fetched(site, read, head):
    """Neither links, nor pictures, nor style sheets, nor document types, nor entities."""
    other = site.feed("other")
    top = (
        f'<?xml version="1.0"?><?xml-stylesheet href="{other.url}"?>'
        f'<!DOCTYPE rss SYSTEM "{other.url}" [<!ENTITY e SYSTEM "{other.url}">]>'
    )
    item = f"<title>x &e;</title><enclosure url='{other.url}'/><source url='{other.url}'>s</source>"
    await read(rss(item, head=head.format(other.url), declaration=top))
    assert not other.asked


async def test_an_empty_feed_is_a_feed(read):
    """A new one has no entries yet."""
    polled = await read('<rss version="2.0"><channel><title>t</title></channel></rss>')
    assert (polled.entries, polled.not_modified) == ((), False)
    assert polled.state.parsed_at is not None


async def test_entries_come_in_the_order_of_the_document(site, reader):
    """Newest first or last is the feed's business."""
    for number in range(50):
        site.feed("news").publish(f"{number}")
    assert [entry.title for entry in (await reader.poll()).entries] == [f"{n}" for n in range(49, -1, -1)]


async def test_json_feed(read):
    """Numbers as ids, relative links, whichever text is longer."""
    feed = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "JSON & more",
        "language": "de",
        "items": [
            {
                "id": 17,
                "url": "/a",
                "title": "A & B <script>",
                "content_html": "<p>long enough</p>",
                "summary": "short",
                "date_published": "2021-02-19T13:00:00+01:00",
                "language": "en-GB",
            },
            {"id": "x\0\ud800", "external_url": "https://x.example/", "content_text": "t", "date_modified": "nonsense"},
            "no item",
            {"id": None, "url": 5, "title": ["x"]},
        ],
    }
    polled = await read(json.dumps(feed), "application/feed+json")
    first, second, third, fourth = polled.entries
    assert (polled.title, first.guid, first.title, first.text) == (
        "JSON & more",
        "17",
        "A & B <script>",
        "<p>long enough</p>",
    )
    assert first.link.endswith("/a")
    assert first.published == datetime(2021, 2, 19, 12, tzinfo=UTC)
    assert (first.language, second.language) == ("en-GB", "de")
    assert (second.guid, second.link, second.published) == ("x", "https://x.example/", None)
    assert third == fourth


@pytest.mark.parametrize("version", ["rss10", "rss091", "rss090", "atom03", "cdf"])
def test_the_older_formats_are_read(version):
    """They are still served."""
    item = "<item><title>x</title><link>http://x.example/</link></item>"
    rdf = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="{}">'
        "<channel><title>t</title></channel>"
    )
    documents = {
        "rss10": rdf.format("http://purl.org/rss/1.0/") + item + "</rdf:RDF>",
        "rss090": rdf.format("http://my.netscape.com/rdf/simple/0.9/") + item + "</rdf:RDF>",
        "rss091": f'<rss version="0.91"><channel><title>t</title>{item}</channel></rss>',
        "atom03": '<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>t</title><entry><title>x</title>'
        '<link rel="alternate" type="text/html" href="http://x.example/"/></entry></feed>',
        "cdf": '<channel><title>t</title><item href="http://x.example/"><title>x</title></item></channel>',
    }
    if version == "cdf":
        with pytest.raises(NotAFeed):  # its own version detection is gone from feedparser
            entry_of(documents[version])
        return
    entry = entry_of(documents[version])
    assert (entry["title"], entry["link"]) == ("x", "http://x.example/")


# -------------------------------------------------------------------------------------------------------------- chance

#: Pieces of documents, blanks written as `_`.
PIECES = st.sampled_from(
    [
        *(
            b"<rss_version='2.0'> <channel> <item> <title> </title> <link> </item> </channel></rss> <entry> </entry> "
            b"</feed> <link_href=' '/> <guid> <pubDate> </pubDate> <source_url=' <content_type='xhtml'> "
            b"<![CDATA[ ]]> &#xD800; &#0; &amp; & "
            b"<!DOCTYPE_x_[ <!ENTITY_a_'&b;'> ]> &a; <svg> <ttl> utf-16 '?> 2021-99-99T25:61:00Z "
            b"http://[ <author> a@b.c {} ]} xml:base=' <description> --"
        ).split(b" "),
        b"<rss version='2.0'><channel>",
        b"<feed xmlns='http://www.w3.org/2005/Atom'>",
        b"<?xml version='1.0' encoding='",
        b'{"version": "https://jsonfeed.org/version/1", "items": [',
        b"\0",
        b"\xff",
        b"\xfe\xff",
    ]
)


@given(
    st.lists(PIECES.map(lambda piece: piece.replace(b"_", b" ")) | st.binary(max_size=8), max_size=40).map(b"".join),
    st.text(max_size=40),
)
def test_any_bytes_give_entries_or_a_refusal_that_can_be_sent(body, content_type):
    """The child catches what feedparser raises; what comes out of it is plain and clean."""
    head, frames = _answer({"content_type": content_type, "base": "http://news.example/"}, body)
    assert isinstance(head.get("error", ""), str)
    for frame in frames:
        for entry in json.loads(frame):
            assert "\0" not in entry["title"] + entry["text"] + (entry["guid"] or "")
            assert entry["link"] is None or entry["link"].startswith(("http://", "https://"))
            assert len(entry["title"]) <= 1_000
