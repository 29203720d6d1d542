import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.entries import ParsedEntry
from bot.domain.identity import MAX_KEY, fold_title, host_of, keys, normalise_link
from tests.kit.builders import CHINESE, GERMAN, parsed

LINK = "https://news.example/a"


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("http://news.example/a", "https://news.example/a", id="scheme"),
        pytest.param("https://NEWS.Example/a", "https://news.example/a", id="case of the host"),
        pytest.param("https://news.example/a/", "https://news.example/a", id="slash at the end"),
        pytest.param("https://news.example/", "https://news.example", id="the root itself"),
        pytest.param("https://news.example./a", "https://news.example/a", id="dot behind the host"),
        pytest.param("https://news.example/a?utm_source=x&utm_medium=y", "https://news.example/a", id="utm"),
        pytest.param("https://news.example/a?fbclid=1&gclid=2&id=3", "https://news.example/a?id=3", id="click ids"),
        pytest.param("https://news.example/a?UTM_Source=x", "https://news.example/a", id="trackers in capitals"),
        pytest.param("https://news.example/a#comments", "https://news.example/a", id="fragment"),
        pytest.param("https://news.example:443/a", "http://news.example:80/a", id="default port"),
        pytest.param(" https://news.example/a\n", "https://news.example/a", id="white space"),
        pytest.param("http://127.0.0.1:8123/a", "http://127.0.0.1:9999/a", id="port of a loopback address"),
        pytest.param("http://localhost:8123/a", "http://localhost/a", id="port of localhost"),
        pytest.param("http://[::1]:8123/a", "http://[::1]:1/a", id="port of the IPv6 loopback"),
    ],
)
def test_links_of_one_page_are_the_same(one, other):
    """What changes while the page stays is no part of its link."""
    assert normalise_link(one) == normalise_link(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("https://news.example/a", "https://news.example/A", id="case of the path"),
        pytest.param("https://news.example/?id=1", "https://news.example/?id=2", id="query"),
        pytest.param("https://news.example:8080/a", "https://news.example:8081/a", id="port"),
        pytest.param("https://news.example/a", "https://www.news.example/a", id="another host"),
        pytest.param("https://news.example/?utmost=1", "https://news.example/", id="no tracker, only looks like one"),
        pytest.param("https://news.example/小米", "https://news.example/蔚来", id="Chinese paths"),
    ],
)
def test_links_of_two_pages_are_not(one, other):
    """What tells pages apart stays."""
    assert normalise_link(one) != normalise_link(other)


@pytest.mark.parametrize(
    "link", ["", "urn:uuid:1", "mailto:a@b.example", "http://[broken", "http://a:b/", "//a/b", "x"]
)
def test_what_is_no_web_link_stays_as_it_is(link):
    """Nothing is raised for what feeds put into a link."""
    assert normalise_link(link) == link


def test_a_feeds_address_keeps_its_port():
    """Two servers on one machine are two feeds."""
    assert normalise_link("http://127.0.0.1:1/feed/", keep_port=True) == "127.0.0.1:1/feed"


@given(st.text(max_size=80))
def test_normalising_never_fails(text):
    """Any text is a link, as far as feeds are concerned; normalising it gives a text."""
    assert isinstance(normalise_link(text), str)
    assert isinstance(normalise_link(f"https://{text}"), str)
    host_of(f"https://{text}")


def test_the_host_stands_for_an_outlet_without_www():
    """news.example is what people know."""
    assert host_of("https://WWW.News.example:8443/a") == "news.example"
    assert host_of(None) is None
    assert host_of("http://[broken") is None


def test_titles_are_compared_without_width_case_and_invisible_marks():
    """Full-width letters, capitals, zero-width spaces and doubled spaces are no difference."""
    assert fold_title("ＢＹＤ\u200b  Straße\u00a0" + CHINESE) == fold_title("byd STRASSE " + CHINESE)


def test_an_entry_has_link_guid_and_title_in_this_order():
    """The first key is its identity."""
    assert keys([parsed(GERMAN, LINK, "g1")]) == [("link:news.example/a", "guid:g1", f"title:{fold_title(GERMAN)}")]


def test_a_short_title_is_no_identity():
    """25 characters or more."""
    ((*found,),) = keys([parsed("Wochenschau", LINK, "g1")])
    assert [k.partition(":")[0] for k in found] == ["link", "guid"]
    assert keys([parsed("x" * 25, LINK, "g1")])[0][-1].startswith("title:")
    assert not keys([parsed("x" * 24, LINK, "g1")])[0][-1].startswith("title:")


def test_a_title_that_stands_twice_is_no_identity():
    """Two reports under one headline are two entries."""
    one, two = keys([parsed(GERMAN, LINK, "g1"), parsed(GERMAN, LINK + "b", "g2")])
    assert not any(k.startswith("title:") for k in one + two)


def test_a_shared_link_is_no_identity():
    """Every item points at the front page: the guids tell them apart."""
    one, two = keys([parsed(GERMAN, LINK, "g1"), parsed(CHINESE, LINK, "g2")])
    assert (one[0], two[0]) == ("guid:g1", "guid:g2")


def test_a_shared_guid_is_no_identity():
    """A generator that gives every item the same guid loses none of them."""
    one, two = keys([parsed(GERMAN, LINK, "g"), parsed(CHINESE, LINK + "b", "g")])
    assert not any(k.startswith("guid:") for k in one + two)
    assert one[0] != two[0]


def test_entries_with_nothing_of_their_own_are_still_told_apart():
    """One link for all, no guids, short titles: what they say of themselves together is the identity."""
    one, two = keys([parsed("Heute", LINK), parsed("Gestern", LINK)])
    assert one != two
    assert one[0].startswith("item:")
    assert two[0].startswith("item:")


def test_an_entry_without_anything_has_an_identity():
    """Not even a title: its text."""
    one, two = keys([ParsedEntry(None, None, "", "a"), ParsedEntry(None, None, "", "b")])
    assert one
    assert one != two


def test_an_entry_that_stands_twice_is_one():
    """It shares its link with itself, so the link stays its identity."""
    one, two = keys([parsed(GERMAN, LINK, "g1"), parsed(GERMAN, LINK + "/", "g1")])
    assert one == two
    assert one[0] == "link:news.example/a"


def test_a_guid_that_is_an_address_may_change_its_scheme():
    """Http to https, and a demo on another port."""
    assert keys([parsed(GERMAN, None, "http://a.example/1")]) == keys([parsed(GERMAN, None, "https://a.example/1")])
    one, two = keys([parsed("a", None, "http://a.example/#1"), parsed("b", None, "http://a.example/#2")])
    assert one[0] != two[0], "a fragment may be all a guid has"


def test_long_keys_are_cut_and_stay_different():
    """An index of PostgreSQL holds 2,700 bytes: 300 characters of Chinese."""
    one, two = keys([parsed("电" * 900 + "1", LINK, "g1"), parsed("电" * 900 + "2", LINK + "b", "g2")])
    assert one[-1] != two[-1]
    assert len(one[-1]) == MAX_KEY


entries = st.builds(
    ParsedEntry,
    guid=st.none() | st.sampled_from(["", "g1", "g2"]),
    link=st.none() | st.sampled_from([LINK, LINK + "/", LINK + "b"]),
    title=st.sampled_from(["", "kurz", GERMAN, CHINESE]),
    text=st.sampled_from(["", "a", "b"]),
)


@given(st.lists(entries, max_size=6))
def test_a_key_belongs_to_one_entry_of_a_document(document):
    """Entries share all keys or none; every entry has at least one."""
    found = keys(document)
    assert len(found) == len(document)
    assert all(found)
    for one in found:
        for two in found:
            assert one == two or not set(one) & set(two)
