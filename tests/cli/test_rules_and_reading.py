"""`check`, `read` and `explain` as a person at a terminal runs them: the real process."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


def evwatch(*words: str, cwd: Path, given: str | None = None) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        cwd=cwd,
        input=given,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=60,
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), "PYTHONUTF8": "1"},
    )


def write(folder: Path, name: str, text: str) -> None:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def wrong(tmp_path: Path) -> Path:
    """A user's rules with five different mistakes in four files."""
    rules = tmp_path / "rules"
    write(rules, "companies/mine.yaml", "id: acme\nname: Acme\nid: acme2\n")
    write(rules, "watchlists/mine.yaml", "id: mine\ntitle: Mine\ncompanies: [acmee]\n")
    write(rules, "terms/mine.yaml", "id: mine\ntitle: &a Mine\nphrases: {de: [Wort]}\n")
    write(
        rules,
        "claims/mine.yaml",
        "id: mine\ntitle: Mine\nclaim: {kind: talks, parties: between}\nseverity: hihg\nwhen:\n  all:\n"
        "    - term: talks\n    - companies: 2\n",
    )
    return tmp_path


@pytest.mark.parametrize("command", [["check"], ["run"], ["read", "-"]])
def test_five_mistakes_are_reported_at_once_and_nothing_starts(wrong: Path, command: list[str]) -> None:
    """With file and line, exit status 2, and no data folder made."""
    done = evwatch(*command, cwd=wrong, given="")
    assert done.returncode == 2
    lines = done.stderr.splitlines()
    for place in (
        "rules/companies/mine.yaml:3: id: written twice",
        "rules/watchlists/mine.yaml:3: companies",
        "rules/terms/mine.yaml:2: ",
        "rules/claims/mine.yaml:4: severity: must be low, normal or high, not 'hihg'",
        "rules/claims/mine.yaml:7: when.all.1.term: unknown key (did you mean 'terms'?)",
    ):
        assert any(line.startswith(place) for line in lines), (place, lines)
    assert not (wrong / "data").exists()


def test_mistakes_that_leave_no_rulebook_are_json_too(wrong: Path) -> None:
    """With the keys of every other answer."""
    done = evwatch("check", "--json", "--files", cwd=wrong)
    assert (done.returncode, done.stderr) == (2, "")
    said = json.loads(done.stdout)
    assert len(said.pop("problems")) == 5
    assert said == {"warnings": [], "companies": 0, "rules": 0, "examples": 0, "cases": 0, "files": {}}


@pytest.mark.parametrize("command", [["check"], ["once"]])
def test_a_kind_of_feed_nobody_reads_is_named(tmp_path: Path, command: list[str]) -> None:
    """By file and feed, before anything starts."""
    write(tmp_path / "rules", "feeds.yaml", "id: mine\nurl: https://a.example/\nkind: gopher\n")
    done = evwatch(*command, cwd=tmp_path)
    assert done.returncode == 2
    assert done.stderr.splitlines() == ["rules/feeds.yaml: mine.kind: must be one of feed, not 'gopher'"]
    assert not (tmp_path / "data").exists()


def test_own_rules_add_and_extend_without_copying_the_rest(tmp_path: Path) -> None:
    """One company added, one extended; all the others are still there."""
    write(tmp_path / "rules", "companies/mine.yaml", "id: acme\nname: Acme Motors\nsector: [carmaker]\n")
    write(tmp_path / "rules", "companies/more.yaml", "id: xiaomi\nextends: true\naliases: [Schaumi]\n")
    assert evwatch("check", cwd=tmp_path).returncode == 0
    given = json.dumps({"id": "1", "title": "Schaumi und Acme Motors gründen Gemeinschaftsunternehmen für E-Autos"})
    [line] = evwatch("read", "-", cwd=tmp_path, given=given).stdout.splitlines()
    assert json.loads(line)["relations"] == [["acme", "xiaomi", "joint-venture"]]


def test_read_answers_each_line_in_order(tmp_path: Path) -> None:
    """One prediction a line; the German and the Chinese report are one story, the harvest is none."""
    entries = [
        {"id": "zh", "title": "百度与吉利将成立电动汽车合资公司", "text": "", "date": "2021-01-12", "lang": "zh"},
        {"id": "noise", "title": "小米丰收", "text": "农民收获小米。", "date": "2021-01"},
        {"id": "de", "title": "Baidu und Geely gründen Joint Venture für E-Autos", "date": "2021-01-11"},
    ]
    done = evwatch("read", "-", cwd=tmp_path, given="\n".join(map(json.dumps, entries)))
    zh, noise, de = map(json.loads, done.stdout.splitlines())
    assert (zh["id"], noise["id"], de["id"]) == ("zh", "noise", "de")
    assert zh["story"] == de["story"] is not None
    assert all([zh["alert"], de["move"], de["ev"], de["jv"]])
    assert de["certainty"] == "announced"
    assert noise == {
        "id": "noise",
        "companies": [],
        "ev": False,
        "jv": False,
        "alert": False,
        "move": False,
        "certainty": None,
        "relations": [],
        "story": None,
    }


def test_a_line_that_is_no_entry_is_named(tmp_path: Path) -> None:
    """With its number; nothing is printed for the rest."""
    done = evwatch("read", "-", cwd=tmp_path, given='{"id": "1"}\nnot json\n{"id": "3", "date": "soon"}\n')
    assert done.returncode == 2
    assert done.stdout == ""
    assert [line.split(":")[1] for line in done.stderr.splitlines()] == ["2", "3"]


def test_what_cannot_be_read_is_said_in_plain_words(tmp_path: Path) -> None:
    """A missing file, a folder, bytes, a line nested so deeply that the parser gives up."""
    write(tmp_path, "deep.jsonl", '{"id": "a"}\n' + "[" * 100_000 + "\n")
    (tmp_path / "bytes").write_bytes(b"\xff\xfe")
    for file, said in (
        ("none.jsonl", "none.jsonl: there is no such file"),
        (".", ".: is a folder, not a file"),
        ("bytes", "bytes: is no UTF-8 text"),
        ("deep.jsonl", "deep.jsonl:2: is nested too deeply"),
    ):
        done = evwatch("read", file, cwd=tmp_path)
        assert (done.returncode, done.stderr.splitlines()) == (2, [said])


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    """Some editors write one."""
    write(tmp_path, "entries.jsonl", '\ufeff{"id": "a", "title": "Nothing"}\n')
    done = evwatch("read", "entries.jsonl", cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["id"] == "a"


def test_explain_gives_slices_of_the_original(tmp_path: Path) -> None:
    """Offsets are code points of the given text, markup included; a first line in three languages."""
    text = "<p>Xiaomi will <b>angeblich</b> E&#8209;Autos bauen. Das berichtet die „Late Post“.</p>"
    done = evwatch("explain", text, "--json", cwd=tmp_path)
    answer = json.loads(done.stdout)
    [claim] = answer["reading"]["claims"]
    assert (claim["lead"], claim["who"], claim["kind"], claim["certainty"]) == (True, ["xiaomi"], "ev-entry", "rumour")
    assert claim["origin"] == {"name": "Late Post", "type": "outlet"}
    assert all(text[e["start"] : e["end"]] == e["text"] for e in claim["evidence"])
    assert answer["first_line"]["de"] == "Xiaomi: Einstieg in Elektroautos. Gerücht. Zuerst: Late Post"
    assert answer["first_line"].keys() == {"de", "en", "zh"}


def test_explain_reads_a_file_and_prints_plainly(tmp_path: Path) -> None:
    """Without a terminal there is no colour."""
    write(tmp_path, "entry.txt", "比亚迪与丰田将成立电动汽车合资公司。")
    done = evwatch("explain", "entry.txt", cwd=tmp_path)
    assert "byd, toyota: joint-venture (announced" in done.stdout
    assert "\x1b" not in done.stdout
