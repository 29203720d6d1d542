from datetime import date, timedelta

import pytest

from bot.domain.claims import Certainty, Kind
from bot.domain.examples import Expected
from bot.domain.rulebook import (
    Alias,
    AllOf,
    AnyOf,
    Companies,
    Cue,
    NameKind,
    Parties,
    Phrase,
    Place,
    Sector,
    Severity,
    Status,
    Terms,
    Within,
)

RULE = """
    id: r
    title: R
    claim: {kind: %s, parties: between}
    severity: %s
    when:
      within: %s
      all:
        - terms: joint-venture
        - %s
"""


def rule(kind="talks", severity="low", within="sentence", line="companies: 2"):
    return RULE % (kind, severity, within, line)


def test_five_mistakes_are_told_at_once(rules):
    """Schema problems in one file stop neither the rest of it nor other files."""
    rules.basics().write("claims/r.yaml", rule(severity="hihg", line="term: ev"))
    rules.write("companies/byd.yaml", "id: w\nname: W\nname: V\nsektor: [carmaker]\n")
    rules.write("watchlists/w.yaml", "id: w\ntitle: W\ncompanies: [byd, noi]\n")
    assert rules.problems() == [
        "rules/claims/r.yaml:4: severity: must be low, normal or high, not 'hihg'",
        "rules/claims/r.yaml:9: when.all.2.term: unknown key (did you mean 'terms'?)",
        "rules/companies/byd.yaml:3: name: written twice",
        "rules/companies/byd.yaml:4: sektor: unknown key (did you mean 'sector'?)",
        "rules/watchlists/w.yaml:3: companies.2: unknown company 'noi' (did you mean 'nio'?)",
    ]


KINDS = (
    "ev-entry, ev-exit, joint-venture, partnership, investment, acquisition, contract-manufacturing, talks, plant, "
    "production, supply or ev-news"
)
SECTORS = "carmaker, battery, charging, supplier, tech, mobility, investor, contract-manufacturer or aerospace"
MISTAKES = [
    # companies
    ("companies/x", "name: A", "1: id: missing"),
    ("companies/x", "id: A b\nname: A", "1: id: must be lower-case letters, digits and hyphens, not 'A b'"),
    ("companies/x", "id: a\nname: [A]", "2: name: must be a text, not a list"),
    ("companies/x", "id: a\nname:", "2: name: must not be empty"),
    ("companies/x", "id: a\nname: A\naliases: B", "3: aliases: must be a list, not a text"),
    (
        "companies/x",
        "id: a\nname: A\naliases:\n- B\n- C*d",
        "5: aliases.2: a '*' stands only at the start or the end, not as in 'C*d'",
    ),
    ("companies/x", "id: a\nname: A\naliases: ['*']", "3: aliases.1: must be more than a '*'"),
    (
        "companies/x",
        "id: a\nname: A\npeople: [{text: B, needs: [evs]}]",
        "3: people.1.needs.1: unknown term list 'evs' (did you mean 'ev'?)",
    ),
    ("companies/x", "id: a\nname: A\npeople: [{txt: B}]", "3: people.1.txt: unknown key (did you mean 'text'?)"),
    ("companies/x", "id: a\nname: A\npeople: [{needs: [ev]}]", "3: people.1.text: missing"),
    ("companies/x", "id: a\nname: A\npeople: [{text: B, case: any}]", "3: people.1.case: must be exact, not 'any'"),
    (
        "companies/x",
        "id: a\nname: A\nsector: [carmaker, boats]",
        f"3: sector.2: must be {SECTORS}, not 'boats'",
    ),
    ("companies/x", "id: a\nname: A\nstatus: gone", "3: status: must be stable or retired, not 'gone'"),
    ("companies/x", "id: byd\nname: A", "1: id: 'byd' is written twice, also at rules/companies/all.yaml:1"),
    (
        "companies/x",
        "id: a\nname: A\nformerly: [A]",
        "3: formerly.1: must be lower-case letters, digits and hyphens, not 'A'",
    ),
    ("companies/x", "id: a\nname: A\nformerly: [byd]", "3: formerly.1: 'byd' is the id of a company of today"),
    ("companies/x", "id: a\nname: A\nformerly: b", "3: formerly: must be a list, not a text"),
    (
        "companies/x",
        "- {id: a, name: A, formerly: [c]}\n- {id: b, name: B, formerly: [c]}",
        "2: formerly.1: 'c' is a former id of 'a' too",
    ),
    # watch lists, term lists
    (
        "watchlists/x",
        "- {id: a, title: A, all: true}\n- {id: b, title: B, all: true, formerly: [a]}",
        "2: formerly.1: 'a' is the id of a watch list of today",
    ),
    ("watchlists/x", "id: a\ntitle: A", "1: companies: missing"),
    ("watchlists/x", "id: a\ntitle: A\nall: on", "3: all: must be true or false, not 'on'"),
    ("terms/x", "id: a\ntitle: A\nphrases: [b]", "3: phrases: must be keys and values, not a list"),
    ("terms/x", "id: a\ntitle: A\nphrases: {DE: [b]}", "3: phrases.DE: must be a language like de, not 'DE'"),
    (
        "terms/x",
        "id: a\ntitle: A\nphrases: {de: [b, {text: c, d: e}]}",
        "3: phrases.de.2.d: unknown key (known: text, needs, case)",
    ),
    # languages
    (
        "languages/x",
        "code: xx\nname: X\nscript: greek\nverb: svo",
        "3: script: must be latin, han, kana or hangul, not 'greek'",
    ),
    (
        "languages/x",
        "code: xx\nname: X\nscript: han\nverb: svo\nmonths: [a, [b, c]]",
        "5: months: must be twelve, not 2",
    ),
    (
        "languages/x",
        "code: xx\nname: X\nscript: han\nverb: svo\ncues: {denny: [a]}",
        "5: cues.denny: unknown key (did you mean 'deny'?)",
    ),
    (
        "languages/x",
        "code: xx\nname: X\nscript: han\nverb: svo\nattribution: [laut]",
        "5: attribution.1: must have {outlet} once and no other braces, not as in 'laut'",
    ),
    (
        "languages/x",
        "code: xx\nname: X\nscript: han\nverb: svo\nfirst_line: {kinds: {plants: a}, certainty: {}, labels: {}}",
        "5: first_line.kinds.plants: unknown key (did you mean 'plant'?)",
    ),
    # rules
    ("claims/x", rule(kind="merger"), f"3: claim.kind: must be {KINDS}, not 'merger'"),
    ("claims/x", rule(within="line"), "6: when.within: must be clause, sentence, paragraph or entry, not 'line'"),
    ("claims/x", rule(line="terms: jv"), "9: when.all.2.terms: unknown term list 'jv'"),
    ("claims/x", rule(line="companies: two"), "9: when.all.2.companies: must be a number from 1, not 'two'"),
    ("claims/x", rule(line="companies: 0"), "9: when.all.2.companies: must be a number from 1, not '0'"),
    ("claims/x", rule(line="{terms: ev, companies: 1}"), "9: when.all.2: must have only one of companies or terms"),
    ("claims/x", rule(line="{within: entry}"), "9: when.all.2: must have companies, terms, sector, any or all"),
    ("claims/x", rule(line="ev"), "9: when.all.2: must be keys and values, not a text"),
    ("claims/x", rule(line="any: []"), "9: when.all.2.any: must not be empty"),
    (
        "claims/x",
        rule(line="any: [{terms: ev}, {sector: [boat]}]"),
        f"9: when.all.2.any.2.sector.1: must be {SECTORS}, not 'boat'",
    ),
    ("claims/x", rule(line="{terms: ev, in: [body]}"), "9: when.all.2.in.1: must be title or text, not 'body'"),
    ("claims/x", rule() + "    examples: [{text: A}]", "10: examples.1.expect: missing"),
    (
        "claims/x",
        rule() + "    examples: [{text: A, expect: none}]",
        "10: examples.1.expect: must be nothing or keys and values, not 'none'",
    ),
    (
        "claims/x",
        rule() + "    examples: [{text: A, expect: {who: [foxcon]}}]",
        "10: examples.1.expect.who.1: unknown company 'foxcon'",
    ),
    (
        "claims/x",
        rule() + "    examples: [{text: A, expect: nothing, date: 19.2.2021}]",
        "10: examples.1.date: must be a day like 2021-02-19, not '19.2.2021'",
    ),
    ("claims/x", rule() + "    examples: [{expect: nothing}]", "10: examples.1.text: missing"),
    # outlets, places, feeds, cases
    ("places", "- id: a", "1: name: missing"),
    ("places", "- id: a\n  name: A\n  country: maybe", "3: country: must be true or false, not 'maybe'"),
    ("places", "- id: a\n  name: A\n  contry: true", "3: contry: unknown key (did you mean 'country'?)"),
    ("places", "- id: a\n  name: A\n  aliases: [{text: B, case: any}]", "3: aliases.1.case: must be exact, not 'any'"),
    (
        "places",
        "- id: a\n  name: A\n  aliases: [b*c]",
        "3: aliases.1: a '*' stands only at the start or the end, not as in 'b*c'",
    ),
    (
        "outlets",
        "- id: a\n  name: A\n  domains: ['https://a.com/']",
        "3: domains.1: must be a host like latepost.com, not 'https://a.com/'",
    ),
    ("feeds", "- id: a", "1: url: missing"),
    (
        "feeds",
        "- id: a\n  url: a.com/feed",
        "2: url: must be an address like https://news.example/feed, not 'a.com/feed'",
    ),
    (
        "feeds",
        "- id: a\n  url: http://a.com\n  interval: 15",
        "3: interval: must be a length of time like 5s, 15m, 6h or 2d, not '15'",
    ),
    ("feeds", "- id: a\n  url: http://a.com\n  backlog: some", "3: backlog: must be a number from 0, not 'some'"),
    ("feeds", "- id: a\n  url: http://a.com\n  outlet: dpa", "3: outlet: unknown outlet 'dpa'"),
    ("feeds", "- id: a\n  url: http://a.com\n  status: gone", "3: status: must be active or retired, not 'gone'"),
    (
        "cases/x",
        "id: a\ntitle: A\nentries: [{text: B}]\nexpect: {storys: 1}",
        "4: expect.storys: unknown key (did you mean 'stories'?)",
    ),
    ("cases/x", "id: a\ntitle: A\nentries: [{lang: de}]\nexpect: {lines: 1}", "3: entries.1.title: missing"),
]


@pytest.mark.parametrize(("place", "text", "problem"), MISTAKES, ids=[problem[:40] for _, _, problem in MISTAKES])
def test_a_mistake_is_told_with_file_line_and_path(rules, place, text, problem):
    """And nothing else is told."""
    rules.basics().write(f"{place}.yaml", text)
    assert rules.problems() == [f"rules/{place}.yaml:{problem}"]


def test_names_of_a_company_are_one_list(rules):
    """Its name, aliases, people, products and tickers, each with its kind."""
    rules.basics().write(
        "companies/x.yaml",
        """
        id: x
        name: X Motors
        aliases: [X, X, {text: Xs, needs: [ev], case: exact}]
        people: [A. B.]
        products: [X1]
        tickers: ["NYSE:X"]
        not_meant: [X Band]
        venture_of: [byd, nio]
        """,
    )
    company = rules.load().companies["x"]
    assert company.aliases == (
        Alias(Phrase("X Motors")),
        Alias(Phrase("X")),
        Alias(Phrase("Xs", needs=("ev",), exact=True)),
        Alias(Phrase("A. B."), NameKind.PERSON),
        Alias(Phrase("X1"), NameKind.PRODUCT),
        Alias(Phrase("NYSE:X"), NameKind.TICKER),
    )
    assert (company.not_meant, company.venture_of) == (("X Band",), ("byd", "nio"))


@pytest.mark.parametrize(
    ("name", "aliases", "stands"),
    [
        ("Kia", "[]", True),
        ("Kia", "[Kia]", False),
        ("Kia", "[KIA]", True),  # matches in capitals only
        ("Kia", "[kia]", False),
        ("Seat", "[{text: seat, needs: [ev]}]", False),
        ("VW (Volkswagen)", "[]", False),
        ("SAIC / Alibaba", "[]", False),
    ],
)
def test_a_name_stands_for_its_company(rules, name, aliases, stands):
    """Unless an alias says how it is matched, or it is not one name."""
    rules.basics().write("companies/x.yaml", f"id: x\nname: {name}\naliases: {aliases}\n")
    first = rules.load().companies["x"].aliases[:1]
    assert (Alias(Phrase(name)) in first) is (stands or aliases == f"[{name}]")


def test_watch_lists_are_resolved(rules):
    """Companies, sectors and everybody; they add up."""
    rules.basics().write("companies/x.yaml", "{id: x, name: X}").write(
        "watchlists/w.yaml",
        """
        - {id: named, title: N, companies: [nio]}
        - {id: sector, title: S, sector: [battery]}
        - {id: both, title: B, sector: [battery], companies: [x]}
        - {id: all, title: A, all: true}
        """,
    )
    lists = {key: set(w.companies) for key, w in rules.load().watchlists.items()}
    assert lists == {"named": {"nio"}, "sector": {"byd"}, "both": {"byd", "x"}, "all": {"byd", "nio", "x"}}


def test_a_rule_is_what_it_says(rules):
    """Lines take `within` and `in` from the rule, or say their own."""
    rules.basics().write(
        "claims/x.yaml",
        """
        id: x
        title: X
        claim: {kind: supply, parties: from-to}
        status: draft
        severity: high
        when:
          within: paragraph
          all:
            - {terms: joint-venture, within: sentence}
            - companies: 2
            - any: [{terms: ev, within: entry}, {sector: [battery]}, {all: [terms: ev]}]
          none:
            - {terms: ev, in: [title]}
        known_false_alarms: [an old venture]
        examples:
          - {title: T, text: A, date: 2021-02-19, lang: de, expect: {whom: [nio], retold: yes, origin: Late Post}}
          - {title: T, expect: nothing}
        """,
    )
    x = rules.load().rules["x"]
    both, title = frozenset({"title", "text"}), frozenset({"title"})
    assert (x.kind, x.parties, x.status, x.severity) == (Kind.SUPPLY, Parties.FROM_TO, Status.DRAFT, Severity.HIGH)
    assert x.all == (
        Terms("joint-venture", Within.SENTENCE, both),
        Companies(2, Within.PARAGRAPH, both),
        AnyOf(
            (
                Terms("ev", Within.ENTRY, both),
                Sector(frozenset({"battery"}), Within.PARAGRAPH, both),
                AllOf((Terms("ev", Within.PARAGRAPH, both),)),
            )
        ),
    )
    assert x.none == (Terms("ev", Within.PARAGRAPH, title),)
    assert (x.anchor, x.file, x.line) == ("joint-venture", "rules/claims/x.yaml", 1)
    fires, quiet = x.examples
    assert fires.expect == Expected(whom=("nio",), retold=True, origin="Late Post")
    assert (fires.title, fires.text, fires.date, fires.language) == ("T", "A", date(2021, 2, 19), "de")
    assert (fires.line, quiet.expect, quiet.line) == (16, None, 17)


def test_a_language_is_data(rules):
    """Cues, months, attribution, words of the first line and examples."""
    rules.basics().write(
        "languages/de.yaml",
        """
        code: de
        name: Deutsch
        script: latin
        verb: second
        common: [der, die]
        months: [[Januar, Jan], Februar, März, April, Mai, Juni, Juli, August, September, Oktober, November, Dezember]
        cues:
          and: [und]
          hearsay-verb: [soll, sollen]
        attribution: ["laut {outlet}"]
        first_line:
          kinds: {plant: Werk}
          certainty: {rumour: Gerücht}
          labels: {list: "{a}, {b}", sources: " Insider ", none: ""}
        examples:
          - {text: BYD soll bauen., expect: {certainty: rumour}}
        """,
    )
    german = rules.load().languages["de"]
    assert (german.script, german.verb, german.common) == ("latin", "second", ("der", "die"))
    assert german.months[:2] == (("Januar", "Jan"), ("Februar",))
    assert german.cues == {Cue.AND: ("und",), Cue.HEARSAY_VERB: ("soll", "sollen")}
    assert german.attribution == ("laut {outlet}",)
    assert german.first_line is not None
    assert german.first_line.kinds == {Kind.PLANT: "Werk"}
    assert german.first_line.labels == {"list": "{a}, {b}", "sources": " Insider ", "none": ""}
    assert [example.expect for example in german.examples] == [Expected(certainty=Certainty.RUMOUR)]


def test_places(rules, own):
    """The name is a spelling unless an alias says how it is matched; layers add to it."""
    rules.write(
        "places.yaml",
        """
        - {id: szeged, name: Szeged, aliases: [塞格德], not_meant: [FC Szeged]}
        - {id: vigo, name: Vigo, aliases: [{text: Vigo, case: exact}]}
        - {id: heide, name: Heide (Holstein), aliases: [in Heide]}
        - {id: hungary, name: Hungary, country: true}
        """,
    )
    own.write("places.yaml", "- {id: szeged, extends: true, aliases: [Segedin]}\n- {id: vigo, status: retired}\n")
    places = rules.load().places
    assert places["szeged"] == Place("szeged", "Szeged", (Phrase("Szeged"), Phrase("塞格德")), ("FC Szeged",))
    assert places["vigo"].aliases == (Phrase("Vigo", exact=True),)
    assert places["heide"].aliases == (Phrase("in Heide"),)
    assert [place.id for place in places.values() if place.country] == ["hungary"]
    laid = rules.load(own).places
    assert [phrase.text for phrase in laid["szeged"].aliases] == ["Szeged", "塞格德", "Segedin"]
    assert "vigo" not in laid


def test_feeds_have_defaults(rules):
    """Only id and url are needed."""
    rules.write("outlets.yaml", "- {id: o, name: O, aliases: [P], domains: [o.example]}").write(
        "feeds.yaml",
        """
        - {id: a, url: https://a.example/feed}
        - id: b
          url: http://b.example:8080/feed?x=1
          title: B
          language: zh
          kind: feed
          outlet: o
          interval: 2d
          backlog: all
          burst: 5
        """,
    )
    book = rules.load()
    a, b = book.feeds["a"], book.feeds["b"]
    assert (a.kind, a.interval, a.backlog, a.burst, a.outlet) == ("feed", None, 0, 20, None)
    assert (b.outlet, b.interval, b.backlog, b.burst) == ("o", timedelta(days=2), None, 5)
    assert (book.outlets["o"].aliases, book.outlets["o"].domains) == (("P",), ("o.example",))


@pytest.mark.parametrize(("text", "seconds"), [("5s", 5), ("15m", 900), ("6h", 21600), ("2d", 172800)])
def test_lengths_of_time(rules, text, seconds):
    """A number and a unit."""
    rules.write("feeds.yaml", f"- {{id: a, url: https://a.example, interval: {text}}}")
    assert rules.load().feeds["a"].interval == timedelta(seconds=seconds)


def test_a_case_is_read(rules):
    """What it does not say is not checked."""
    rules.write(
        "cases/c.yaml",
        """
        id: c
        title: C
        entries:
          - {title: A, text: B, date: 2021-02-19, outlet: Late Post, lang: zh}
          - {text: D}
        expect: {stories: 1, certainty: denied}
        """,
    )
    case = rules.load().cases["c"]
    assert (case.stories, case.certainty, case.lines) == (1, Certainty.DENIED, None)
    assert [(entry.title, entry.text, entry.outlet, entry.language) for entry in case.entries] == [
        ("A", "B", "Late Post", "zh"),
        ("", "D", None, None),
    ]
