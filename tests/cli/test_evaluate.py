"""`evwatch eval` as a person runs it, on gold entries of our own."""

import json
from pathlib import Path

import pytest
import structlog

from bot.cli.base import cli, guarded
from bot.cli.evaluate import _with_counts

VENTURE = {
    "type": "positive",
    "companies": ["baidu", "geely"],
    "ev": True,
    "jv": True,
    "alert": True,
    "move": True,
    "certainty": "announced",
    "relations": [["baidu", "geely", "joint-venture"]],
    "event_id": "baidu-geely",
}
#: Two read well; one alert too many and one too few, as these labels have it.
GOLD = [
    {**VENTURE, "id": "zh-1", "lang": "zh", "title": "百度与吉利将成立电动汽车合资公司", "date": "2021-01-12"},
    {
        **VENTURE,
        "id": "de-1",
        "lang": "de",
        "title": "Baidu und Geely gründen Joint Venture für E-Autos",
        "date": "2021-01-11",
    },
    {
        "id": "en-1",
        "lang": "en",
        "type": "hard_negative",
        "title": "BYD and Toyota form a joint venture for electric cars",
        "date": "2019-11-07",
        "companies": ["byd", "toyota"],
        "ev": True,
        "jv": True,
        "alert": False,
        "disputed": ["move"],
        "why": "labelled wrongly, to be found",
    },
    {
        "id": "en-2",
        "lang": "en",
        "type": "positive",
        "title": "The harvest was good",
        "companies": ["nio"],
        "alert": True,
        "certainty": "rumour",
    },
    {
        "id": "no",
        "lang": "de",
        "type": "noise",
        "title": "Das Museum öffnet am Sonntag",
        "companies": [],
        "alert": False,
    },
]


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run the command in a folder with the gold file: status, stdout, stderr."""
    import bot.cli  # noqa: F401 - registers every command

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["evwatch"])
    write(tmp_path / "gold.jsonl", *(json.dumps(line, ensure_ascii=False) for line in GOLD))

    def command(*arguments):
        status = guarded(lambda: cli(["eval", *arguments]))
        said = capsys.readouterr()
        return status, said.out, said.err

    yield command
    structlog.reset_defaults()


def write(path: Path, *lines: str) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def test_json_has_every_figure(run):
    """Worked out by hand: three alerts came out, three were due, two of them are the same."""
    status, out, err = run("gold.jsonl", "--json")
    assert (status, err) == (0, "")
    answer = json.loads(out)
    figures = answer["all"]
    two_thirds = 2 / 3
    assert figures["entries"] == 5
    assert figures["alert"] == {
        "precision": two_thirds,
        "recall": two_thirds,
        "f1": two_thirds,
        "right": 2,
        "extra": 1,
        "missed": 1,
    }
    assert figures["companies"] == {"precision": 1, "recall": 6 / 7, "f1": 12 / 13, "right": 6, "extra": 0, "missed": 1}
    assert figures["move"]["f1"] == 1
    assert figures["relations"]["precision"] == figures["pairs"]["precision"] == two_thirds
    assert figures["certainty"] == {"entries": 3, "accuracy": two_thirds, "coarse": two_thirds, "where_told": 1}
    assert figures["false_alerts"] == {"hard_negative": {"told": 1, "entries": 1}, "noise": {"told": 0, "entries": 1}}
    assert figures["stories"]["f1"] == figures["stories"]["cross_language_recall"] == 1
    assert figures["stories"]["without_event"] == 3
    assert list(answer["languages"]) == ["other"]
    assert {name: f["entries"] for name, f in answer["types"].items()} == {
        "positive": 3,
        "hard_negative": 1,
        "noise": 1,
    }
    assert [(e["slip"], e["id"]) for e in answer["errors"]] == [
        ("alert missed", "en-2"),
        ("false alert", "en-1"),
        ("company missed", "en-2"),
        ("false pair", "en-1"),
    ]  # fmt: skip


def test_evidence_in_json_is_sliced_from_the_title(run):
    """`marks` are offsets into the passage."""
    errors = json.loads(run("gold.jsonl", "--json")[1])["errors"]
    [passage] = next(e for e in errors if e["slip"] == "false alert")["passages"]
    assert passage["text"] == GOLD[2]["title"]
    marked = {passage["text"][start:end] for start, end in passage["marks"]}
    assert {"BYD", "Toyota", "joint venture"} <= marked


def test_the_table_is_aligned_text_without_a_terminal(run):
    """Overall with the counts behind it, the rest, by language, by kind; percentages with one digit."""
    status, out, _ = run("gold.jsonl")
    lines = [line.split() for line in out.splitlines()]
    assert status == 0
    assert ["alert", "66.7", "66.7", "66.7", "2", "1", "1"] in lines
    assert ["pair", "only", "66.7", "100.0", "80.0", "2", "1", "0"] in lines
    assert ["pairs", "of", "a", "story", "100.0", "100.0", "100.0", "1", "0", "0"] in lines
    assert ["false", "alerts:", "hard_negative", "1", "of", "1"] in lines
    assert ["all", "other"] in lines
    assert ["all", "positive", "hard_negative", "noise"] in lines
    assert ["alert", "F1", "66.7", "80.0", "0.0", "-"] in lines
    assert "\x1b" not in out
    assert "expected" not in out


def test_errors_are_listed_by_kind_with_the_evidence_in_brackets(run):
    """What was expected, what came out, and why the analyst thinks otherwise."""
    out = run("gold.jsonl", "--errors")[1]
    listed = out[out.index("alert missed (1)") :]
    assert "    expected  an alert: nio (rumour)\n    got       no claim; no company\n" in listed
    assert (
        "false alert (1)\n  en-1  en, hard_negative\n    expected  no alert\n    got       byd, toyota: joint-venture"
        in listed
    )
    assert "[BYD] and [Toyota]" in listed
    assert "    why       labelled wrongly, to be found\n" in listed


def test_errors_may_be_limited(run, tmp_path):
    """The first of each kind; how many there are is said."""
    write(tmp_path / "more.jsonl", json.dumps({**GOLD[3], "id": "en-3"}))
    out = run("gold.jsonl", "more.jsonl", "--errors", "1")[1]
    assert "alert missed (2, the first 1)" in out
    assert "en-3" not in out
    assert [e["id"] for e in json.loads(run("gold.jsonl", "more.jsonl", "--errors", "1", "--json")[1])["errors"]] == [
        "en-2", "en-1", "en-2", "en-1",
    ]  # fmt: skip


def test_entries_without_a_mistake_say_so(run, tmp_path):
    """Under the figures."""
    write(tmp_path / "good.jsonl", *(json.dumps(line) for line in GOLD[:2]))
    assert run("good.jsonl", "--errors")[1].splitlines()[-1] == "no mistake"


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        (["--errors", "gold.jsonl"], ["--errors", "0", "gold.jsonl"]),
        (["gold.jsonl", "--errors"], ["gold.jsonl", "--errors", "0"]),
        (["--errors", "7", "gold.jsonl"], ["--errors", "7", "gold.jsonl"]),
        (["--errors=7", "gold.jsonl"], ["--errors=7", "gold.jsonl"]),
        (["--errors", "--json"], ["--errors", "0", "--json"]),
        (["--", "--errors"], ["--", "--errors"]),
        (["--errors", "--", "7"], ["--errors", "0", "--", "7"]),
    ],
)
def test_the_number_of_errors_may_be_left_out(words, meant):
    """Then all are listed; what follows is a file."""
    assert list(_with_counts(words)) == meant


def test_a_terminal_gets_colour(run, monkeypatch):
    """Good shares green, poor ones red; the languages in as many tables as the width asks for."""
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    monkeypatch.setenv("TERM", "xterm-256color")
    monkeypatch.setenv("COLUMNS", "60")
    monkeypatch.delenv("NO_COLOR", raising=False)
    out = run("gold.jsonl", "--errors")[1]
    assert "\x1b[32m" in out
    assert "\x1b[31m" in out
    assert "\x1b[1;33mBYD\x1b[0m" in out
    assert out.count("By kind of entry") == 2


def test_bad_gold_lines_are_all_named(run, tmp_path):
    """With file and line, exit status 2; nothing is printed for the rest."""
    write(
        tmp_path / "bad.jsonl",
        json.dumps(GOLD[0]),
        "",
        "not json",
        json.dumps({**GOLD[1], "alert": "yes", "relations": [["byd"]]}),
        json.dumps({"id": "bare"}),
        json.dumps({**GOLD[2], "id": "zh-1"}),
    )
    status, out, err = run("bad.jsonl", "nowhere.jsonl")
    assert (status, out) == (2, "")
    assert [line.split(": ")[:2] for line in err.splitlines()] == [
        ["bad.jsonl:3", "is not JSON"],
        ["bad.jsonl:4", "alert"],
        ["bad.jsonl:4", "relations.0"],
        ["bad.jsonl:5", "alert"],
        ["bad.jsonl:5", "companies"],
        ["bad.jsonl:5", "lang"],
        ["bad.jsonl:5", "type"],
        ["bad.jsonl:6", "id"],
        ["nowhere.jsonl", "[Errno 2] No such file or directory"],
    ]
    assert "id: 'zh-1' stands at bad.jsonl:1 already" in err


def test_a_file_without_entries_is_a_mistake(run, tmp_path):
    """Figures over nothing would say nothing."""
    write(tmp_path / "empty.jsonl", "")
    assert run("empty.jsonl") == (2, "", "empty.jsonl: has no entry\n")


def test_separators_inside_a_text_do_not_end_a_line(run, tmp_path):
    """U+2028 and U+0085 may stand in JSON as they are."""
    text = "First line.\u2028Second line.\u0085Third."
    write(tmp_path / "odd.jsonl", json.dumps({**GOLD[4], "text": text}, ensure_ascii=False))
    assert run("odd.jsonl", "--json")[0] == 0
