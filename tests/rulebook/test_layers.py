from bot.domain.rulebook import Alias, NameKind, Phrase
from bot.rulebook import load


def test_a_user_adds_and_extends_without_copying(rules, own):
    """One company more and one alias more; everything else is as it came."""
    rules.basics()
    own.write("companies/mine.yaml", "id: acme\nname: Acme\n---\nid: nio\nextends: true\naliases: [Weilai]\n")
    book = rules.load(own)
    assert list(book.companies) == ["byd", "nio", "acme"]
    assert [alias.phrase.text for alias in book.companies["nio"].aliases] == ["NIO", "Nio", "Weilai", "William Li"]
    assert book.companies["nio"].name == "NIO"
    assert list(book.rules) == ["jv"]


def test_every_list_can_be_extended(rules, own):
    """People, products, tickers, not_meant, members, phrases by language, cues; a text is replaced."""
    rules.basics()
    rules.write("watchlists/w.yaml", "{id: w, title: W, companies: [nio]}")
    rules.write(
        "languages/de.yaml", "{code: de, name: D, script: latin, verb: second, cues: {and: [und], not: [nicht]}}"
    )
    own.write(
        "companies/x.yaml",
        "{id: nio, extends: true, name: Nio Inc., people: [A], products: [B], tickers: [C], not_meant: [D]}",
    )
    own.write("watchlists/w.yaml", "{id: w, extends: yes, companies: [byd]}")
    own.write("terms/t.yaml", "{id: ev, extends: true, phrases: {en: [e-car], fr: [voiture]}, not_meant: {en: [E]}}")
    own.write("languages/de.yaml", "{code: de, extends: true, cues: {and: [sowie]}}")
    book = rules.load(own)
    nio = book.companies["nio"]
    assert (nio.name, nio.not_meant) == ("Nio Inc.", ("D",))
    assert {Alias(Phrase(text), kind) for text, kind in zip("ABC", list(NameKind)[1:], strict=True)} <= set(nio.aliases)
    assert book.watchlists["w"].companies == {"nio", "byd"}
    ev = book.terms["ev"]
    assert [phrase.text for phrase in ev.phrases["en"]] == ["electric car*", "EV", "e-car"]
    assert (set(ev.phrases), ev.not_meant) == ({"en", "de", "fr"}, {"en": ("E",)})
    assert book.languages["de"].cues == {"and": ("und", "sowie"), "not": ("nicht",)}


def test_the_same_id_replaces(rules, own):
    """Nothing of the earlier thing is left."""
    rules.basics()
    own.write("companies/x.yaml", "{id: nio, name: Nio Inc.}")
    nio = rules.load(own).companies["nio"]
    assert (nio.aliases, nio.sector) == ((Alias(Phrase("Nio Inc.")),), ())


def test_retired_takes_away(rules, own):
    """What named the company goes on without it."""
    rules.basics().write("watchlists/w.yaml", "{id: w, title: W, companies: [byd, nio]}")
    rules.write("companies/v.yaml", "{id: v, name: V, venture_of: [nio, byd]}")
    own.write("companies/x.yaml", "{id: nio, status: retired}")
    book = rules.load(own)
    assert "nio" not in book.companies
    assert book.watchlists["w"].companies == {"byd"}
    assert book.companies["v"].venture_of == ("byd",)
    assert [example.expect for example in book.rules["jv"].examples] == [None], "the one that expects nio is gone"


def test_a_retired_term_list_in_use_is_a_problem(rules, own):
    """A rule would silently mean something else without it."""
    rules.basics()
    own.write("terms/x.yaml", "{id: joint-venture, status: retired}")
    assert rules.problems(own) == ["rules/claims/jv.yaml:6: when.all.1.terms: the term list 'joint-venture' is retired"]


def test_retired_in_the_first_layer_is_not_there(rules):
    """A rule we gave up keeps its id in the file and does nothing."""
    rules.basics().write("claims/old.yaml", "{id: old, title: Old, status: retired}")
    assert list(rules.load().rules) == ["jv"]


def test_a_misspelled_id_does_not_do_nothing(rules, own):
    """Extending or retiring what is not there is a mistake."""
    rules.basics()
    own.write("companies/x.yaml", "id: nioo\nextends: true\npeople: [A]\n---\nid: bytd\nstatus: retired\n")
    assert rules.problems(own) == [
        "own/companies/x.yaml:2: extends: no earlier layer has a company 'nioo' (did you mean 'nio'?)",
        "own/companies/x.yaml:6: status: no earlier layer has a company 'bytd' (did you mean 'byd'?)",
    ]


def test_a_mistake_in_an_extension_has_the_extension_s_line(rules, own):
    """Every value keeps its own place; paths count in the whole list."""
    rules.basics()
    own.write("companies/x.yaml", "id: nio\nextends: true\naliases:\n  - a*b\n")
    assert rules.problems(own) == [
        "own/companies/x.yaml:4: aliases.3: a '*' stands only at the start or the end, not as in 'a*b'"
    ]


def test_two_folders_of_one_name_are_told_apart(rules, tmp_path):
    """The second is shown by its full path."""
    other = type(rules)(tmp_path / "other/rules").write("companies/x.yaml", "{id: x}")
    assert rules.problems(other) == [f"{tmp_path}/other/rules/companies/x.yaml:1: name: missing"]


def test_the_same_folder_twice_is_once(rules):
    """`./rules` in a checkout is the bundled folder."""
    rules.basics()
    assert load([rules.root, rules.root]).hash == rules.load().hash


def test_origins_say_which_file_won(rules, own):
    """And which files extend it."""
    rules.basics()
    own.write("companies/x.yaml", "{id: nio, extends: true, people: [A]}").write(
        "terms/x.yaml", "{id: ev, title: E, phrases: {}}"
    )
    origins = rules.load(own).origins
    assert origins["company:byd"] == "rules/companies/all.yaml"
    assert origins["company:nio"] == "rules/companies/all.yaml + own/companies/x.yaml"
    assert origins["terms:ev"] == "own/terms/x.yaml"


def test_the_hash_is_of_every_byte(rules, own, tmp_path):
    """A comment changes it; where the folder lies does not."""
    before = rules.basics().load().hash
    (tmp_path / "moved").mkdir()
    (rules.root).rename(tmp_path / "moved/rules")
    assert load([tmp_path / "moved/rules"]).hash == before
    file = tmp_path / "moved/rules/claims/jv.yaml"
    file.write_text(f"{file.read_text()}# more\n")
    assert load([tmp_path / "moved/rules"]).hash != before


RENAMED = "{id: weilai, name: NIO, aliases: [NIO, 蔚来], formerly: [nio]}"


def test_a_former_id_still_leads_to_its_company(rules, own):
    """What names a company by the id it had before, in whichever layer, means the one of today."""
    rules.basics().write("watchlists/w.yaml", "{id: w, title: W, companies: [byd, nio]}")
    rules.write("companies/v.yaml", "{id: v, name: V, venture_of: [nio, byd]}")
    own.write("companies/x.yaml", f"{RENAMED}\n---\n{{id: nio, status: retired}}\n")
    book = rules.load(own)
    assert book.watchlists["w"].companies == {"byd", "weilai"}
    assert book.companies["v"].venture_of == ("weilai", "byd")
    fires, _ = book.rules["jv"].examples
    assert fires.expect is not None
    assert fires.expect.who == ("byd", "weilai")
    assert book.former == {"company:nio": "weilai"}
    assert book.companies["weilai"].formerly == ("nio",)


def test_former_ids_can_be_extended(rules, own):
    """A list like any other; companies, watch lists and rules have them, each for their own kind."""
    rules.basics().write("watchlists/w.yaml", "{id: w, title: W, companies: [nio], formerly: [byd]}")
    own.write("companies/x.yaml", "{id: nio, extends: true, formerly: [weilai, jv]}")
    own.write("watchlists/w.yaml", "{id: w, extends: true, formerly: [old-w]}")
    own.write("claims/jv.yaml", "{id: jv, extends: true, formerly: [joint-venture]}")
    book = rules.load(own)
    assert book.watchlists["w"].formerly == ("byd", "old-w")
    assert book.former == {
        "company:weilai": "nio",
        "company:jv": "nio",
        "watchlist:byd": "w",
        "watchlist:old-w": "w",
        "rule:joint-venture": "jv",
    }
