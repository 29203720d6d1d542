import time

import pytest

from bot.commands.names import Names, Unknown
from bot.domain.rulebook import Alias, Company, NameKind, Phrase, Rulebook, WatchList
from tests.kit.world import real_rules


@pytest.fixture(scope="module")
def names():
    return Names(real_rules()[0], [WatchList("my-list", "Meine Liste", frozenset({"byd"}))])


@pytest.mark.parametrize(
    ("typed", "company"),
    [
        ("nio", "nio"),
        ("NIO", "nio"),
        ("蔚来", "nio"),
        ("ＮＩＯ", "nio"),
        ("NYSE:NIO", "nio"),
        ("great-wall", "great-wall"),
        ("Great  Wall", "great-wall"),
        ("mercedes benz", "mercedes-benz"),
        ("Lei Jun", "xiaomi"),
        ("雷军", "xiaomi"),
        ("현대자동차", "hyundai"),
        ("トヨタ", "toyota"),
        ("Skoda", "skoda"),
        ("Škoda", "skoda"),
    ],
)
def test_a_company_has_many_names(names, typed, company):
    """Id, name, alias, ticker, person; any script, case, width, accents and hyphens."""
    assert names.company(typed) == company


def test_a_list_has_an_id_and_a_title(names):
    """Those of the rules and those made in chat."""
    assert names.watchlist("german-makers").id == names.watchlist("German carmakers").id == "german-makers"
    assert names.watchlist("meine liste").id == names.watchlist("MY-LIST").id == "my-list"
    assert names.watchlist("nio") is None
    assert names.company("german-makers") is None


def test_the_rules_win_over_lists_made_in_chat():
    """A list of the same id is the rules'."""
    book = real_rules()[0]
    names = Names(book, [WatchList("german-makers", "Mine", frozenset({"byd"}))])
    assert names.watchlist("german-makers") == book.watchlists["german-makers"]


@pytest.mark.parametrize(
    ("words", "lists", "companies"),
    [
        (["great", "wall", "nio"], (), ("great-wall", "nio")),
        (["byd,nio"], (), ("byd", "nio")),
        (["byd,", "nio", "und", "vw"], (), ("byd", "nio", "volkswagen")),
        (["比亚迪、蔚来"], (), ("byd", "nio")),
        (["比亚迪和蔚来"], (), ("byd", "nio")),
        (["比亚迪蔚来"], (), ("byd", "nio")),
        (["german", "carmakers", "xiaomi"], ("german-makers",), ("xiaomi",)),
        (["byd", "BYD", "比亚迪"], (), ("byd",)),
        (["Great Wall"], (), ("great-wall",)),
    ],
)
def test_a_line_names_several(names, words, lists, companies):
    """The longest name wins; commas, `and` and nothing at all part them."""
    named = names.find(words)
    assert (named.watchlists, named.companies, named.unknown) == (lists, companies, ())


def test_what_is_unknown_comes_with_the_nearest(names):
    """A slip has a suggestion as it is written; nonsense has none."""
    named = names.find(["byd", "volkswagn", "xyzzy", "某公司"])
    assert named.companies == ("byd",)
    assert named.unknown == (Unknown("volkswagn", "Volkswagen"), Unknown("xyzzy", None), Unknown("某公司", None))
    assert names.nearest("bar") is None, "what is short is near to everything"


def test_a_comma_ends_a_name(names):
    """`great, wall` is not Great Wall."""
    assert [u.text for u in names.find(["great,", "wall"]).unknown] == ["great", "wall"]


def test_a_persons_name_never_hides_a_company():
    """Who is surest keeps a spelling."""
    people = Company("apple", "Apple", aliases=(Alias(Phrase("Ford"), NameKind.PERSON),))
    book = Rulebook(
        companies={"apple": people, "ford": Company("ford", "Ford Motor", aliases=(Alias(Phrase("Ford")),))}
    )
    assert Names(book).company("ford") == "ford"


def test_old_ids_and_companies_that_left_are_found():
    """By what they were called when somebody subscribed."""
    book = Rulebook(
        companies={"nova": Company("nova", "Nova", formerly=("old-nova",))},
        watchlists={"new": WatchList("new", "New", frozenset({"nova"}))},
        former={"company:old-nova": "nova", "watchlist:old": "new", "rule:old-rule": "rule"},
        departed={"fisker": Company("fisker", "Fisker Inc.")},
    )
    names = Names(book)
    assert names.company("old-nova") == "nova"
    assert names.watchlist("old") == book.watchlists["new"]
    assert names.company("Fisker Inc.") == "fisker"
    assert names.company("old-rule") is None


def test_a_story_has_a_number(names):
    """S42 in any width and case; nothing else."""
    assert [names.story(t) for t in ("S42", "s42", "Ｓ４２", "S 42")] == [42, 42, 42, 42]
    assert [names.story(t) for t in ("S0", "42", "S", "SAIC", "S4.2", "S" + "9" * 30)] == [None] * 6


def test_ten_thousand_companies_are_no_burden():
    """Built within a second, asked within milliseconds."""
    made = [
        Company(
            f"c-{n}", f"Firma Nummer {n}", aliases=tuple(Alias(Phrase(f"{w} {n}")) for w in ("Werk", "公司", "Corp"))
        )
        for n in range(10_000)
    ]
    began = time.perf_counter()
    names = Names(Rulebook(companies={c.id: c for c in made}))
    built = time.perf_counter()
    assert names.company("firma nummer 9999") == "c-9999"
    assert names.find(["Frima", "Nummer", "77"]).unknown
    asked = time.perf_counter()
    assert built - began < 5
    assert asked - built < 1
