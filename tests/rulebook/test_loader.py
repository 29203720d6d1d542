import os
import tempfile
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.errors import ConfigError
from bot.rulebook import load
from bot.rulebook.loader import MAX_BYTES
from bot.rulebook.nodes import Text, parse


def test_every_scalar_is_text(rules):
    """NO, ON, 1:30 and 0x10 stay what was typed."""
    rules.write("companies/x.yaml", "{id: on, name: ON, aliases: [NO, 1:30, 0x10, ~, null, 1_000, 2021-02-19]}")
    aliases = [alias.phrase.text for alias in rules.load().companies["on"].aliases]
    assert aliases == ["ON", "NO", "1:30", "0x10", "~", "null", "1_000", "2021-02-19"]


def test_several_documents_and_lists_share_a_file(rules):
    """Documents, lists of things and comments alone are all fine."""
    rules.write(
        "companies/x.yaml", "# nothing yet\n---\n{id: a, name: A}\n---\n- {id: b, name: B}\n- {id: c, name: C}\n"
    )
    assert list(rules.load().companies) == ["a", "b", "c"]


def test_subfolders_are_read_and_hidden_files_are_not(rules):
    """Editors and Kubernetes leave hidden files about; other files are no business of ours."""
    rules.write("companies/asia/x.yml", "{id: a, name: A}").write("companies/.#x.yaml", "nonsense")
    rules.write("..data/companies/x.yaml", "nonsense").write("README.md", "hello").write("companies/notes.txt", "hi")
    rules.write("pictures/x.png", b"\x89PNG")
    assert list(rules.load().companies) == ["a"]


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("id: a\nname: &n A\n", "rules/companies/x.yaml:2: name: anchors are not allowed (&n)"),
        ("id: a\nname: A\naliases: [B, *n]\n", "rules/companies/x.yaml:3: aliases.2: aliases are not allowed (*n)"),
        ("id: a\nname: !!str A\n", "rules/companies/x.yaml:2: name: tags are not allowed (tag:yaml.org,2002:str)"),
        (
            "id: a\nname: !!python/object/apply:os.system [x]\n",
            "rules/companies/x.yaml:2: name: tags are not allowed (tag:yaml.org,2002:python/object/apply:os.system)",
        ),
        ("id: a\nname: A\n<<: {people: [B]}\n", "rules/companies/x.yaml:3: merge keys are not allowed (<<)"),
        ("id: a\nid: b\nname: A\n", "rules/companies/x.yaml:2: id: written twice"),
        ("id: a\nname: A\n? [b]\n: c\n", "rules/companies/x.yaml:3: a key must be a word, not a list"),
        ("just words\n", "rules/companies/x.yaml:1: must be keys and values, not a text"),
        ("- {id: a, name: A}\n- b\n", "rules/companies/x.yaml:2: 2: must be keys and values, not a text"),
        ("id: a\nname: A\x00\n", "rules/companies/x.yaml:2: U+0000 is not allowed in YAML"),
        (b"id: a\nname: \xff\n", "rules/companies/x.yaml:2: is not UTF-8"),
        ("x: " + "[" * 60 + "]" * 60, "rules/companies/x.yaml:1: nested more than 24 deep"),
    ],
    ids=lambda value: str(value)[:30] if str(value).startswith("rules") else "",
)
def test_what_yaml_can_and_we_do_not(rules, text, problem):
    """Each with its line; the rest of the file is still looked at."""
    rules.write("companies/x.yaml", text)
    assert problem in rules.problems()


def test_invalid_yaml_has_its_line(rules):
    """The parser's own words, after ours."""
    rules.write("companies/x.yaml", "id: a\nname: [A\nsector: b\n")
    (problem,) = rules.problems()
    assert problem.startswith("rules/companies/x.yaml:3: is not valid YAML: ")


def test_a_tab_is_named(rules):
    """Nobody sees a tab."""
    rules.write("companies/x.yaml", "id: a\nname:\n\tA\n")
    (problem,) = rules.problems()
    assert problem.startswith("rules/companies/x.yaml:3: ")
    assert problem.endswith("(a tab: use spaces)")


def test_a_file_has_a_size(rules):
    """At 256 kB it is read, above it is not."""
    text = b"{id: a, name: A}\n"
    rules.write("companies/x.yaml", text + b"#" * (MAX_BYTES - len(text)))
    assert rules.problems() == []
    rules.write("companies/x.yaml", text + b"#" * (MAX_BYTES - len(text) + 1))
    assert rules.problems() == ["rules/companies/x.yaml: is larger than 256 kB"]


def test_things_before_the_mistake_are_known(rules):
    """What could not be read makes no second mistake elsewhere: the missing id may stand in it."""
    rules.write("companies/x.yaml", "{id: a, name: A}\n---\nid: b\nname: [B\n")
    rules.write("watchlists/x.yaml", "{id: w, title: W, companies: [a, b, c]}")
    (problem,) = rules.problems()
    assert problem.startswith("rules/companies/x.yaml:")


def test_a_link_that_leaves_the_folder_is_refused(rules, tmp_path):
    """A file and a folder alike; links within the folder are fine."""
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret/s.yaml").write_text("{id: s, name: S}")
    rules.write("companies/a.yaml", "{id: a, name: A}").write("..data/b.yaml", "{id: b, name: B}")
    (rules.root / "companies/b.yaml").symlink_to(rules.root / "..data/b.yaml")
    assert list(rules.load().companies) == ["a", "b"]
    (rules.root / "companies/s.yaml").symlink_to(tmp_path / "secret/s.yaml")
    (rules.root / "terms").symlink_to(tmp_path / "secret")
    assert rules.problems() == [
        "rules/companies/s.yaml: is a link that leaves the folder",
        "rules/terms: is a link that leaves the folder",
    ]


def test_links_in_a_circle_end(rules):
    """A folder that is in itself is a problem, not a hang."""
    rules.write("companies/a.yaml", "{id: a, name: A}")
    (rules.root / "companies/again").symlink_to(rules.root / "companies")
    (rules.root / "companies/self.yaml").symlink_to(rules.root / "companies/self.yaml")
    assert any("nested too deep" in problem for problem in rules.problems())


def test_a_pipe_is_no_rule_file(rules):
    """Nobody waits for a writer that never comes."""
    rules.write("companies/a.yaml", "{id: a, name: A}")
    os.mkfifo(rules.root / "companies/p.yaml")
    assert rules.problems() == ["rules/companies/p.yaml: is not a regular file"]


def test_misnamed_files_and_folders_are_seen(rules):
    """A file nobody would have read is a mistake."""
    rules.write("company/x.yaml", "{id: a, name: A}").write("feed.yaml", "[]")
    assert rules.problems() == [
        "rules/company: unknown folder (did you mean 'companies'?)",
        "rules/feed.yaml: unknown file (did you mean 'feeds.yaml'?)",
    ]


def test_a_missing_folder_is_a_problem(tmp_path):
    """A folder given by its full path is shown by its last part, a relative one as given."""
    with pytest.raises(ConfigError) as caught:
        load([tmp_path / "nowhere", Path("there/rules")])
    assert [str(p) for p in caught.value.problems] == ["nowhere: no such folder", "there/rules: no such folder"]


def test_lines_are_those_of_an_editor():
    """Also after a mark of byte order, long texts and empty lines."""
    parsed = parse("id: a\n\nname: |\n  A\n  B\nsector:\n  - carmaker\n", "f")
    pairs = parsed.tables[0].pairs
    assert [pair.key.line for pair in pairs.values()] == [1, 3, 6]
    assert isinstance(pairs["name"].value, Text)


PLACES = ["companies/x.yaml", "terms/x.yaml", "claims/x.yaml", "languages/x.yaml", "cases/x.yaml", "feeds.yaml"]


def nothing_but_config_error(text: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        for place in PLACES:
            path = Path(folder) / "rules" / place
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)
        said = ""
        try:
            load([Path(folder) / "rules"])
        except ConfigError as error:
            said = str(error) or "nothing"
        assert said != "nothing"
        said.encode()


@given(st.binary(max_size=200))
@example(b"\xff\xfe\x00")
@example(b"%YAML 99999999999999999999.1\n---\na: b\n")
def test_any_bytes_load_or_are_a_config_error(data):
    """The loader raises nothing else."""
    nothing_but_config_error(data)


WORDS = [
    "id",
    "name",
    "code",
    "when",
    "all",
    "any",
    "none",
    "terms",
    "companies",
    "expect",
    "examples",
    "phrases",
    "text",
]
LEAVES = [
    *("nothing", "a", "1", "-1", "9" * 5000, "٣", "2021-02-30", "15m", "99999d", "true", "http://[", "*", "a*b", "{x}"),
    *(
        '"\\ud800"',
        '"\\UFFFFFFFF"',
        '"\\0"',
        "''",
        "~",
        "&a b",
        "*a",
        "!!python/name:os",
        "<<",
        "\t",
        "|",
        ">",
        "%",
        "@",
    ),
]
SCALARS = st.sampled_from([*LEAVES, *WORDS]) | st.text(max_size=6)
NODES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4).map(lambda items: "[" + ", ".join(items) + "]")
        | st.lists(st.tuples(st.sampled_from([*WORDS, "<<", "x", ""]), inner), max_size=5).map(
            lambda pairs: "{" + ", ".join(f"{key}: {value}" for key, value in pairs) + "}"
        )
    ),
    max_leaves=12,
)
DOCUMENTS = st.lists(st.tuples(st.sampled_from(WORDS), NODES), max_size=6).map(
    lambda pairs: "\n".join(f"{key}: {value}" for key, value in pairs)
)


@settings(max_examples=300)
@given(st.lists(DOCUMENTS, min_size=1, max_size=3).map("\n---\n".join))
def test_anything_like_yaml_loads_or_is_a_config_error(text):
    """The loader raises nothing else, and what it says can be printed."""
    nothing_but_config_error(text.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize(
    "text", ['a: "\\ud800"', 'a: "\\UFFFFFFFF"', "%YAML 9999999999.1\n---\na: b", "a: [", "a: &x b"]
)
def test_the_pure_parser_is_as_strict(monkeypatch, text):
    """Where libyaml is missing the same files are refused."""
    import yaml

    compiled = parse(text, "f")
    monkeypatch.setattr("bot.rulebook.nodes._LOADER", yaml.SafeLoader)
    assert compiled.problems
    assert parse(text, "f").problems
