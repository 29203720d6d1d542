"""`evwatch demo`, as somebody who has just cloned it runs it: twice on one data folder."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.demo import news
from bot.demo.desks import digest_hour
from bot.demo.show import MARK, claim_folder
from bot.errors import EvwatchError

ROOT = Path(__file__).resolve().parents[2]
#: What it may not look at: settings of a real evwatch, some of them wrong.
SOMEBODYS_SETTINGS = {
    "EVWATCH_DATABASE_URL": "postgresql+asyncpg://nobody:secret@127.0.0.1:9/nowhere",
    "EVWATCH_RULES_DIR": "nowhere",
    "EVWATCH_SLACK_BOT_TOKEN": "xoxb-0",
    "EVWATCH_TIMEZONE": "Mars/Olympus",
    "http_proxy": "http://127.0.0.1:9",
}


def start(folder: Path, *words: str) -> subprocess.Popen[str]:
    """The demo in a folder that has rules, settings and data of its own."""
    command = [sys.executable, "-m", "bot", "demo", "--data", "shown", *words]
    environment = {**os.environ, **SOMEBODYS_SETTINGS, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8"}
    return subprocess.Popen(
        command,
        cwd=folder,
        env=environment,
        text=True,
        encoding="utf-8",
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def run(folder: Path, *words: str) -> str:
    """All that it prints; nothing on stderr, and 0."""
    with start(folder, *words) as process:
        printed, complaints = process.communicate(timeout=90)
    assert (process.returncode, complaints) == (0, "")
    return printed


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("demo")
    (folder / "rules").mkdir()
    (folder / "rules/broken.yaml").write_text("this: [is no rule", encoding="utf-8")
    (folder / ".env").write_text("EVWATCH_DATA_DIR=elsewhere\n", encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def first(folder):
    """What the first run prints."""
    return run(folder)


@pytest.fixture(scope="module")
def second(folder, first):
    """What a second run prints: on the same data, on another port."""
    return run(folder)


def alerts(printed: str) -> list[str]:
    return re.findall(r"(?m)^ *\[(?:berlin|london|shanghai)\].*$", printed)


@pytest.mark.slow
@pytest.mark.parametrize(
    "line",
    [
        "[berlin] Xiaomi: Einstieg in Elektroautos. Gerücht. Zuerst: Late Post",
        "[berlin] Baidu + Geely: Gemeinschaftsunternehmen. Angekündigt.",
        "[berlin] Geely + Foxconn: Gemeinschaftsunternehmen. Angekündigt. Quelle: Geely",
        "[berlin] Volkswagen → Rivian: Übernahme. Gerücht. Quelle: Insider",
        "[london] Volkswagen → Rivian: takeover. Rumour. Source: insiders",
        "[london] CATL: plant. Announced.",
        "[london] Ford + SK On: joint venture. Called off. Source: Ford",
        "[shanghai] 比亚迪 + 丰田：组建合资企业。已宣布。来源：比亚迪",
    ],
)
def test_a_story_is_told_once_in_the_channels_language(first, line):
    """German, English and Chinese first lines, each on a line of its own and not again."""
    assert first.splitlines().count(line) == 1


@pytest.mark.slow
def test_the_model_case_is_told_as_it_is(first):
    """The sentences that carry it, where it stands, what else is in the report; nothing of Apple."""
    after = first[first.index("[berlin] Xiaomi: Einstieg") :].splitlines()
    assert after[1].startswith("> Der Smartphone-Hersteller Xiaomi soll kurz davor stehen")
    assert after[1].endswith("unter Berufung auf Insider.")
    assert re.match(
        r"news\.example \(\d\d\.\d\d\.\d{4}\) · auch im Bericht: Xiaomi → XPeng, NIO, Beteiligung;", after[2]
    )
    assert not re.search(r"(?m)^ *\[\w+\] .*Apple", first)


@pytest.mark.slow
def test_outlets_of_three_languages_join_one_message(first):
    """The message is edited: once for the English report, once for the Chinese one."""
    edits = first.split("[berlin] (edited) Xiaomi: Einstieg in Elektroautos. Gerücht. Zuerst: Late Post\n")[1:]
    assert len(edits) == 2
    assert re.search(r"chargereport\.example .* 2 Ursprünge, 2 Medien", edits[0].split("\n\n")[0])
    assert re.search(r"dianche\.example .*chargereport\.example .* 3 Ursprünge, 3 Medien", edits[1].split("\n\n")[0])


@pytest.mark.slow
@pytest.mark.parametrize(
    "line",
    [
        r"  \[berlin\] ↳ Xiaomi: Einstieg in Elektroautos\. Jetzt: bestätigt\. Quelle: Xiaomi",
        r"  \[berlin\] ↳ Volkswagen → Rivian: Übernahme\. Jetzt: dementiert\. Quelle: Volkswagen",
        r"  \[london\] ↳ Volkswagen → Rivian: takeover\. Now: denied\. Source: Volkswagen",
    ],
)
def test_a_change_of_certainty_is_a_line_in_the_thread(first, line):
    """Confirmed, and denied: one line each, below an edit of the message."""
    assert len(re.findall(f"(?m)^{line}$", first)) == 1


@pytest.mark.slow
def test_what_stayed_silent_is_said_with_reasons(first):
    """One line each for told, silent and held; together they are every entry there was."""
    entries = sum(len(f.items) for f in news.bundled())
    told, total = map(int, re.findall(r"(?m)^told: (\d+) of (\d+) entries \(", first)[0])
    (silent,) = re.findall(r"(?m)^silent: (\d+) \((.+)\)$", first)
    (held,) = re.findall(r"(?m)^digest: (\d+) quieter stories wait for the morning \(.*Porsche.*\)$", first)
    assert total == entries
    assert told + int(silent[0]) + int(held) == entries
    assert sum(map(int, re.findall(r"\d+", silent[1]))) == int(silent[0])
    for why in ("first poll", "no company", "only retold"):
        assert why in silent[1]


@pytest.mark.slow
@pytest.mark.parametrize(
    "noise", ["Ford: ", "Apple", "Mini", "Great Wall", "Arjeplog", "Tesla", "小米：", "长城", "长安"]
)
def test_noise_is_not_told(first, noise):
    """An actor, a harvest, a skirt, a wall, nine children, the stock exchange; millet and an avenue."""
    assert [line for line in alerts(first) if noise in line] == []


@pytest.mark.slow
def test_a_second_run_tells_nothing(first, second):
    """Ids and links do not depend on the port; what was told stays told."""
    ports = {re.findall(r"http://127\.0\.0\.1:(\d+):", printed)[0] for printed in (first, second)}
    if len(ports) == 1:
        pytest.skip("the same port by chance")
    assert alerts(first)
    assert alerts(second) == []
    assert "nothing is told twice" in second
    assert "nothing is told twice" not in first


@pytest.mark.slow
def test_nothing_of_the_users_is_touched(folder, second):
    """No settings, no rules of the working directory, no data but its own, where no key stands twice."""
    assert {p.name for p in folder.iterdir()} == {".env", "rules", "shown"}
    lines = (folder / "shown/console.jsonl").read_text(encoding="utf-8").splitlines()
    keys = Counter((line["key"], line["channel"]) for line in map(json.loads, lines))
    assert set(keys.values()) == {1}


@pytest.mark.slow
def test_it_stops_when_told_to(tmp_path):
    """Ctrl-C in the middle: no traceback, and the status that says so."""
    with start(tmp_path) as process:
        assert process.stdout is not None
        for line in process.stdout:
            if line.startswith("== step 1"):
                break
        began = time.monotonic()
        process.send_signal(signal.SIGINT)
        _, complaints = process.communicate(timeout=20)
    assert (process.returncode, complaints) == (130, "")
    assert time.monotonic() - began < 8


# ----------------------------------------------------------------------------------------------------------- its parts


def test_the_news_is_enough_to_judge_by():
    """Four feeds or more, both formats, three languages, 36 entries or more; each half of them old or new."""
    feeds = news.bundled()
    assert len(feeds) >= 4
    assert {f.format for f in feeds} == {"rss", "atom"}
    assert {f.language for f in feeds} == {"de", "en", "zh"}
    steps = Counter(i.step for f in feeds for i in f.items)
    assert sum(steps.values()) >= 36
    assert sorted(steps) == list(range(news.last_step(feeds) + 1))
    assert 0.35 < steps[0] / sum(steps.values()) < 0.65


def test_links_are_the_outlets_and_no_two_are_the_same():
    """Nothing in a document depends on where it is served."""
    now = datetime(2026, 1, 10, 12, tzinfo=UTC)
    links = [f.link(i) for f in news.bundled() for i in f.items]
    assert len(set(links)) == len(links)
    assert all(re.match(r"https://[a-z]+\.example/[a-z0-9-]+$", link) for link in links)
    for feed in news.bundled():
        document = feed.document([now] * 5).decode()
        assert "127.0.0.1" not in document
        assert all(feed.link(i) in document for i in feed.items)


def test_a_step_publishes_its_own_entries():
    """What comes later is not in the document yet; dates lie before the step they belong to."""
    now = datetime(2026, 1, 10, 12, tzinfo=UTC)
    (feed,) = (f for f in news.bundled() if f.id == "demo-strom-und-strasse")
    old, new = feed.document([now]).decode(), feed.document([now, now + timedelta(minutes=1)]).decode()
    assert "xiaomi-einstieg" not in old
    assert "xiaomi-einstieg" in new
    assert "Sat, 10 Jan 2026 11:36:00 GMT" in new


def test_only_a_folder_of_its_own_is_used(tmp_path):
    """A folder with anything else in it is refused, and nothing in it is touched."""
    mine = tmp_path / "evwatch.db"
    mine.write_text("mine")
    with pytest.raises(EvwatchError, match="holds something else"):
        claim_folder(tmp_path, fresh=True)
    assert [p.name for p in tmp_path.iterdir()] == ["evwatch.db"]


def test_a_fresh_start_forgets_the_state(tmp_path):
    """The database and what was told go; the folder stays the demo's."""
    claim_folder(tmp_path / "d", fresh=False)
    (tmp_path / "d/evwatch.db").write_text("old")
    (tmp_path / "d/console.jsonl").write_text("old")
    claim_folder(tmp_path / "d", fresh=True)
    assert {p.name for p in (tmp_path / "d").iterdir()} == {MARK, "evwatch.lock"}


@pytest.mark.parametrize(("now", "hour"), [("06:59", 8), ("07:00", 10), ("08:04", 10), ("08:05", 8), ("23:00", 8)])
def test_no_digest_comes_in_the_middle_of_the_show(now, hour):
    """It waits, so that what waits can be shown."""
    local = datetime.fromisoformat(f"2026-01-10T{now}:00+00:00")
    assert digest_hour(local, "UTC").hour == hour
