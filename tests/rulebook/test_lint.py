import pytest

from bot.domain.claims import Certainty, Kind
from bot.engine.summaries import LABELS
from bot.rulebook import Level, examine

GERMAN = "code: de\nname: Deutsch\nscript: latin\nverb: second\n"
ENGLISH = "code: en\nname: English\nscript: latin\nverb: svo\n"


@pytest.fixture
def clean(rules):
    """Basics lint has nothing to say about."""
    rules.basics().write("languages/de.yaml", GERMAN).write("languages/en.yaml", ENGLISH)
    assert rules.notes() == []
    return rules


def test_a_term_list_nobody_uses(clean):
    """A warning; `ev` makes the topic of an entry and is always used, `needs` is a use."""
    clean.write("terms/x.yaml", "- {id: a, title: A, phrases: {}}\n- {id: b, title: B, phrases: {}}\n")
    clean.write("companies/x.yaml", "{id: x, name: Xavier, aliases: [{text: X, needs: [a]}]}")
    assert clean.notes() == ["rules/terms/x.yaml:2: warning: id: no rule or alias uses 'b'"]


def test_a_language_nobody_reads(clean):
    """Phrases of it do nothing."""
    clean.write("companies/x.yaml", "{id: x, name: Xavier, aliases: [{text: X, needs: [a]}]}")
    clean.write("terms/x.yaml", "{id: a, title: A, phrases: {dee: [b]}}")
    assert clean.notes() == [
        "rules/terms/x.yaml:1: warning: phrases.dee: there is no languages/dee.yaml, so these are never read"
    ]


@pytest.mark.parametrize(
    ("alias", "clash"),
    [
        ("BYD", True),
        ("Byd", True),
        ("{text: BYD, needs: [ev]}", False),
        ("{text: byd, case: exact}", False),  # BYD matches in capitals only
        ("比亚迪", True),
    ],
)
def test_an_alias_two_companies_share(clean, alias, clash):
    """An error unless one of them has needs, or no text can be both."""
    clean.write("companies/x.yaml", f"id: x\nname: Xavier\naliases:\n- {alias}\n")
    errors = [note for note in clean.notes() if "warning" not in note]
    text = alias if alias != "{text: byd, case: exact}" else "byd"
    expected = f"rules/companies/x.yaml:4: aliases: '{text}' also stands for byd (rules/companies/all.yaml:"
    assert [error.startswith(expected) for error in errors] == [True] * clash


@pytest.mark.parametrize(
    ("alias", "warned"),
    [
        ("Ora", True),
        ("i3", True),
        ("ORA", False),
        ("Orab", False),
        ("{text: Ora, needs: [ev]}", False),
        ("欧拉", False),
    ],
)
def test_a_short_alias_without_needs(clean, alias, warned):
    """Three Latin letters in any case stand in many texts."""
    clean.write("companies/x.yaml", f"id: x\nname: Xavier\nproducts: [{alias}]\n")
    message = "is short and stands in many words: give it needs, or case: exact"
    assert clean.notes() == [f"rules/companies/x.yaml:3: warning: aliases: '{alias}' {message}"] * warned


def test_a_rule_that_can_never_fire(clean):
    """Without a `terms` line within the sentence there is nothing to read parties around."""
    text = (clean.root / "claims/jv.yaml").read_text()
    clean.write("claims/jv.yaml", text.replace("terms: joint-venture", "{terms: joint-venture, within: entry}"))
    assert clean.notes() == [
        "rules/claims/jv.yaml:1: when.all: 'jv' can never fire: no `terms` line within the sentence"
    ]


def test_a_stable_rule_has_both_examples(clean):
    """One that fires and one that must not; a draft is only listed."""
    text = (clean.root / "claims/jv.yaml").read_text()
    bare = text[: text.index("examples")]
    clean.write("claims/jv.yaml", bare)
    assert clean.notes() == [
        "rules/claims/jv.yaml:1: examples: 'jv' has no example that fires",
        "rules/claims/jv.yaml:1: examples: 'jv' has no example that must not fire (expect: nothing)",
    ]
    clean.write("claims/jv.yaml", f"{bare}status: draft\n")
    assert clean.notes() == ["rules/claims/jv.yaml:1: warning: status: 'jv' is a draft: it logs and never tells"]


def first_line(**labels):
    words = {**dict.fromkeys(LABELS, "x"), **labels}
    kinds, certainty = dict.fromkeys(map(str, Kind), "x"), dict.fromkeys(map(str, Certainty), "x")
    return GERMAN + f"first_line: {{kinds: {kinds}, certainty: {certainty}, labels: {words}}}\n"


def test_the_first_line_has_every_word(clean):
    """A kind, certainty or label without a word would be told in another language."""
    full = first_line()
    clean.write("languages/de.yaml", full)
    assert clean.notes() == []
    clean.write(
        "languages/de.yaml",
        full.replace("'talks': 'x', ", "").replace("'denied': 'x', ", "").replace("'more': 'x', ", ""),
    )
    assert clean.notes() == [
        "rules/languages/de.yaml:1: first_line.certainty.denied: missing",
        "rules/languages/de.yaml:1: first_line.kinds.talks: missing",
        "rules/languages/de.yaml:1: first_line.labels.more: missing",
    ]


def test_labels_are_those_messages_use(clean):
    """An unknown label, or a field that is never filled in, is a slip; `plant-done` replaces the word for both."""
    clean.write("languages/de.yaml", first_line(**{"plant-done": "x", "morre": "x", "list": "{a}, {c}"}))
    assert clean.notes() == [
        "rules/languages/de.yaml:1: first_line.labels.list: {c} is never filled in",
        "rules/languages/de.yaml:1: first_line.labels.morre: unknown label (did you mean 'more'?)",
    ]


def test_an_outlet_name_two_outlets_share(clean):
    """Names and aliases, in any case."""
    clean.write("outlets.yaml", "- {id: a, name: Alpha, aliases: [Beta]}\n- {id: b, name: Bee,\n   aliases: [BETA]}\n")
    assert clean.notes() == ["rules/outlets.yaml:3: aliases: 'BETA' also stands for a"]


def test_a_spelling_two_places_share(clean):
    """An error, unless no text can be both."""
    clean.write(
        "places.yaml",
        """
        - {id: a, name: Alpha, aliases: [Beta]}
        - {id: b, name: Bee,
           aliases: [BETA, {text: beta, case: exact}]}
        - {id: c, name: Cee, aliases: [{text: Bee, case: exact}, ALPHA]}
        - {id: d, name: DD, aliases: [{text: dd, case: exact}]}
        - {id: e, name: Eee, aliases: [{text: Dd, case: exact}]}
        """,
    )
    assert [note for note in clean.notes() if "warning" not in note] == [
        "rules/places.yaml:3: aliases: 'BETA' also stands for a",
        "rules/places.yaml:3: aliases: 'beta' also stands for a",
        "rules/places.yaml:4: aliases: 'ALPHA' also stands for a",
        "rules/places.yaml:4: aliases: 'Bee' also stands for b",
    ]


def test_a_short_place(clean):
    """Three Latin letters in any case stand in many texts."""
    clean.write("places.yaml", "- {id: god, name: Göd}\n- {id: eu, name: EU}\n")
    assert clean.notes() == [
        "rules/places.yaml:1: warning: aliases: 'Göd' is short and stands in many words: give it needs, or case: exact"
    ]


def test_a_place_may_need_a_term_list(clean):
    """That is a use of the list."""
    clean.write("terms/x.yaml", "{id: a, title: A, phrases: {}}")
    clean.write("places.yaml", "- {id: born, name: Born, aliases: [{text: Born, needs: [a]}]}")
    assert clean.notes() == []


def test_a_feed_address_twice(clean):
    """Also with another scheme or a slash more."""
    clean.write("feeds.yaml", "- {id: a, url: https://a.example/feed}\n- {id: b,\n   url: http://A.example/feed/}\n")
    assert clean.notes() == ["rules/feeds.yaml:3: url: the same address as 'a'"]


def test_an_empty_watch_list(clean):
    """Nobody would ever be told."""
    clean.write("watchlists/x.yaml", "{id: w, title: W, sector: [aerospace]}")
    assert clean.notes() == ["rules/watchlists/x.yaml:1: warning: companies: nobody is on 'w'"]


def test_notes_have_a_level(clean):
    """`check` fails on errors only."""
    clean.write("watchlists/x.yaml", "{id: w, title: W, sector: [aerospace]}")
    clean.write("outlets.yaml", "- {id: a, name: Alpha}\n- {id: b, name: Alpha}\n")
    assert [note.level for note in examine([clean.root]).notes] == [Level.ERROR, Level.WARNING]
