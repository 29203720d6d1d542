"""Which addresses may be asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.http.addresses import is_public, vet
from bot.adapters.http.resolver import VettingResolver, system_lookup
from bot.errors import FetchError

REFUSED_LITERALS = [
    # IPv4, as written
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "10.255.255.255",
    "100.64.0.1",
    "100.100.100.200",
    "127.0.0.1",
    "127.255.255.254",
    "168.63.129.16",
    "169.254.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.0.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    # IPv4 in the forms of the C library
    "0",
    "1",
    "127.1",
    "127.0.1",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0X7F.1",
    "0177.0.0.1",
    "017700000001",
    "127.0.0.01",
    "127.0.0.0x1",
    "127.0.0.1.",
    "3232235777",
    "0xa9fea9fe",
    "169.254.43518",
    "8.8.8.08",
    "1.2.3.4.5",
    "256.1.1.1",
    "99999999999",
    # IPv4 in digits of other scripts
    "127。0。0。1",
    "①②⑦.⓪.⓪.①",
    "１２７.0.0.1",
    # IPv6
    "[::]",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "[::127.0.0.1]",
    "[::8.8.8.8]",
    "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]",
    "[::ffff:8.8.8.8]",
    "[::ffff:0:127.0.0.1]",
    "[64:ff9b::7f00:1]",
    "[64:ff9b::8.8.8.8]",
    "[64:ff9b:1::1]",
    "[100::1]",
    "[2001::1]",
    "[2001:2::1]",
    "[2001:10::1]",
    "[2001:db8::1]",
    "[2002:7f00:1::]",
    "[2002:808:808::]",
    "[2600::5efe:a00:1]",
    "[2600::200:5efe:a00:1]",
    "[3ffe::1]",
    "[3fff::1]",
    "[5f00::1]",
    "[fc00::1]",
    "[fd00:ec2::254]",
    "[fe80::1]",
    "[fe80::1%25eth0]",
    "[2600::1%25lo]",
    "[fec0::1]",
    "[ff02::1]",
    "[ff0e::1]",
    "[::1",
    "[v1.x]",
]


@pytest.mark.parametrize("literal", REFUSED_LITERALS)
def test_an_address_literal_that_is_not_public_is_refused(literal):
    """The resolver is never asked about literals, so their text is judged, however they are written."""
    with pytest.raises(FetchError):
        vet(f"http://{literal}/feed", frozenset())


@pytest.mark.parametrize("address", ["8.8.8.8", "93.184.216.34", "2600:1406:bc00:53::b81e:94ce", "2a00:1450::2004"])
def test_a_public_address_is_asked(address):
    """The lists refuse nothing that anybody publishes on."""
    assert is_public(address)
    assert vet(f"https://{f'[{address}]' if ':' in address else address}/", frozenset()).host == address


@pytest.mark.parametrize(
    "address",
    [
        "",
        "feed",
        "//example.org/feed",
        "file:///etc/passwd",
        "ftp://example.org/",
        "gopher://example.org/",
        "javascript:alert(1)",
        "data:text/xml,x",
        "unix:///run/docker.sock",
        "feed://example.org/",
        "http:example.org",
        "http://",
        "http:///feed",
        "http://user@example.org/",
        "http://user:secret@example.org/",
        "http://@example.org/",
        "http://good.example@127.0.0.1/",
        "http://good.example\\@127.0.0.1/",
        "http://example.org\\.evil.example/",
        "http://example.org:22/",
        "http://example.org:8080/",
        "http://example.org:99999/",
        "http://example.org:x/",
        "http://exam ple.org/",
        "http://ex%61mple.org/",
        "http://example..org/",
        "http://example.org/\r\nX: y",
        "http://example.org/\0",
        "http://example.org/" + "x" * 8000,
        "http://[::ffff:1.2.3.4",
    ],
)
def test_an_address_that_no_feed_has_is_refused(address):
    """Only http and https on the ports 80 and 443, without user names and tricks."""
    with pytest.raises(FetchError):
        vet(address, frozenset())


def test_an_error_about_an_address_names_nothing():
    """The text is shown in chat: it repeats neither a password nor an internal host."""
    for address in ("http://user:secret@example.org/", "http://10.1.2.3/", "http://example.org:2375/"):
        with pytest.raises(FetchError) as caught:
            vet(address, frozenset())
        assert not any(part in str(caught.value) for part in ("secret", "10.1", "2375", "example"))


def test_the_allow_list_is_exact():
    """One host and port are opened, not their neighbours."""
    allow = frozenset({"10.0.0.5:8080", "[::1]:8080", "intranet:80"})
    assert vet("http://10.0.0.5:8080/feed", allow).listed
    assert vet("http://[0:0::1]:8080/feed", allow).listed
    assert vet("http://INTRANET/feed", allow).listed
    for other in ("http://10.0.0.5/", "http://10.0.0.5:8081/", "http://10.0.0.6:8080/", "http://[::1]:81/"):
        with pytest.raises(FetchError):
            vet(other, allow)
    assert not vet("http://intranet:443/", allow).listed


def test_an_address_is_sent_as_it_was_written():
    """Escapes of signed addresses survive; other alphabets are encoded; the fragment stays here."""
    assert str(vet("HTTPS://Example.org?a=%2f~%7e+b#top", frozenset()).url) == "https://example.org/?a=%2f~%7e+b"
    assert str(vet("http://münchen.example/ü x", frozenset()).url) == "http://xn--mnchen-3ya.example/%C3%BC%20x"


@given(st.text(max_size=60))
def test_no_text_breaks_the_vetting(text):
    """Whatever stands in a Location header: a target, or FetchError."""
    for address in (text, f"http://{text}/", f"http://example.org:{text}"):
        try:
            target = vet(address, frozenset())
        except FetchError:
            continue
        assert target.url.scheme in ("http", "https")
        assert target.url.port in (80, 443)
        assert target.url.raw_host == target.host


async def answers(*addresses):
    async def lookup(_host, _port):
        return list(addresses)

    return lookup


@pytest.mark.parametrize(
    "addresses", [("127.0.0.1",), ("8.8.8.8", "10.0.0.1"), ("2600::1", "::1"), ("fe80::1%eth0",), ("nonsense",)]
)
async def test_a_name_with_one_private_address_is_refused(addresses):
    """One private address among public ones is how rebinding begins."""
    resolver = VettingResolver(frozenset(), await answers(*addresses))
    with pytest.raises(FetchError):
        await resolver.resolve("news.example", 80)


async def test_a_public_name_resolves_to_what_was_vetted():
    """The numbers that were judged are the numbers that are connected to."""
    resolver = VettingResolver(frozenset(), await answers("8.8.8.8", "2600::1"))
    assert [found["host"] for found in await resolver.resolve("news.example", 443)] == ["8.8.8.8", "2600::1"]


async def test_the_system_knows_localhost():
    """The look-up runs beside the event loop and gives plain numbers."""
    assert set(await system_lookup("localhost", 80)) <= {"127.0.0.1", "::1"}
    with pytest.raises(OSError):
        await system_lookup("a" * 64 + ".invalid", 80)
