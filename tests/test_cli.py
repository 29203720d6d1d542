"""The command line: what is printed, and with which status it ends."""

import asyncio
import json
import re
from types import SimpleNamespace

import pytest
import structlog
from structlog.testing import capture_logs

from bot import __version__
from bot.app import NO_CHAT, App
from bot.cli.base import cli, guarded
from bot.settings import Settings

OPML = """<?xml version="1.0"?><opml version="2.0"><body>
<outline type="rss" text="One" xmlUrl="https://one.example/feed.xml"/>
<outline text="folder"><outline type="rss" text="Two" xmlUrl="https://two.example/rss"/></outline>
<outline type="rss" text="Bad" xmlUrl="file:///etc/passwd"/></body></opml>"""


@pytest.fixture
def run(tmp_path, monkeypatch, capsys):
    """Run a command in an empty folder: status, stdout, stderr."""
    import bot.cli  # noqa: F401 - registers every command

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("sys.argv", ["evwatch"])

    def command(*arguments):
        status = guarded(lambda: cli(list(arguments)))
        said = capsys.readouterr()
        return status, said.out, said.err

    yield command
    structlog.reset_defaults()


def test_version(run):
    """One line."""
    assert run("--version") == (0, f"evwatch {__version__}\n", "")


def test_feeds_are_added_listed_and_removed(run):
    """The id is made from the address; a removed feed is not listed."""
    assert run("feeds", "add", "https://www.example.org/news/feed.xml")[:2] == (
        0,
        "example-org-news is polled from now on\n",
    )
    status, out, _ = run("feeds", "list", "--json")
    assert status == 0
    (feed,) = json.loads(out)
    assert (feed["id"], feed["owner"], feed["status"]) == ("example-org-news", "cli", "active")
    assert run("feeds", "remove", "example-org-news")[0] == 0
    assert json.loads(run("feeds", "list", "--json")[1]) == []


def test_a_feed_that_is_there_is_refused_by_name(run):
    """Status 1, and the line says which one it is."""
    run("feeds", "add", "https://example.org/feed")
    status, _, err = run("feeds", "add", "http://example.org/feed/", "--id", "again")
    assert status == 1
    assert "example-org" in err


def test_a_feed_of_the_rules_is_refused_by_name(run):
    """Before any start has told the store of it; its id is taken too."""
    status, _, err = run("feeds", "add", "http://electrek.co/feed")
    assert status == 1
    assert "feed electrek, which the rules have" in err
    status, _, err = run("feeds", "add", "https://example.org/feed", "--id", "electrek")
    assert status == 1
    assert "there is a feed electrek in the rules" in err


def test_a_feed_is_tried_by_its_id(run, monkeypatch):
    """One of the rules, one of the store; another is a mistake, with the nearest."""
    tried = []

    async def poll_once(current, feed):
        tried.append((feed.spec.id, feed.url, feed.spec.kind))
        return SimpleNamespace(title="", entries=[])

    monkeypatch.setattr("bot.cli.feeds._poll_once", poll_once)
    run("feeds", "add", "https://example.org/feed", "--id", "mine")
    for what in ("electrek", "mine", "https://other.example/rss"):
        assert run("feeds", "test", what)[:2] == (0, f"{what}: 0 entries\npublished\ttitle\tlink\n")
    assert tried == [
        ("electrek", "https://electrek.co/feed/", "feed"),
        ("mine", "https://example.org/feed", "feed"),
        ("other-example", "https://other.example/rss", "feed"),
    ]
    status, _, err = run("feeds", "test", "elektrek")
    assert status == 2
    assert "did you mean electrek?" in err


def test_a_language_without_a_first_line_is_a_wrong_setting(run, monkeypatch):
    """Those that have one are listed."""
    monkeypatch.setenv("EVWATCH_LANGUAGE", "xx")
    status, _, err = run("once")
    assert status == 2
    assert re.fullmatch(r"EVWATCH_LANGUAGE: first lines are written in .*\bde, en\b.*, not in 'xx'\n", err)


@pytest.mark.parametrize("values", [{}, {"matrix_user": "@a:b.example"}])
def test_where_no_chat_is_set_up_it_is_said_how(tmp_path, values):
    """One line; and one that names a platform of which only a part is set."""
    app = App(Settings(_env_file=None, data_dir=tmp_path, **values))

    async def start():
        async with app._stack:
            await app.start()

    with capture_logs() as lines:
        asyncio.run(start())
    assert [e["event"] for e in lines if e["event"] == NO_CHAT] == [NO_CHAT]
    halves = [e["see"] for e in lines if e["event"] == "not enough is set to connect"]
    assert halves == (["docs/matrix.md"] if values else [])


def test_an_id_is_small_letters_digits_and_hyphens(run):
    """Status 2."""
    for name in ("Mine", "a b", "-a", "a_b", "ä", ""):
        assert run("feeds", "add", "https://example.org/feed", "--id", name)[0] == 2


def test_an_address_must_be_one(run):
    """Status 2, nothing stored."""
    for url in ("file:///etc/passwd", "https://me:pw@example.org/", "example.org"):
        status, _, err = run("feeds", "add", url)
        assert status == 2
        assert "http" in err


def test_opml_goes_in_and_out(run, tmp_path):
    """Folders are looked into; what is no feed's address is named and left out."""
    (tmp_path / "feeds.opml").write_text(OPML)
    status, out, err = run("feeds", "import", "feeds.opml")
    assert (status, out) == (0, "2 feeds added\n")
    assert "/etc/passwd" in err
    exported = run("feeds", "export")[1]
    (tmp_path / "again.opml").write_text(exported)
    assert "https://two.example/rss" in exported
    status, out, err = run("feeds", "import", "again.opml")
    assert status == 1
    assert "one-example" in err


@pytest.mark.parametrize("garbage", [b"\xf4\xc3\x00", b"<opml", b"", b"\x00"])
def test_what_is_no_opml_is_a_line(run, tmp_path, garbage):
    """Status 1 and the file's name."""
    (tmp_path / "feeds.opml").write_bytes(garbage)
    status, _, err = run("feeds", "import", "feeds.opml")
    assert status == 1
    assert len(err.splitlines()) == 1
    assert "feeds.opml" in err


@pytest.mark.parametrize(
    "url",
    [
        "oracle://me:geheim@db/x",
        "postgresql+psycopg2://me:geheim@db/x",
        "postgresql://me:gehe@im:geheim@db:port/x",
        "geheim",
    ],
)
def test_a_database_of_another_kind_is_a_wrong_setting(run, monkeypatch, url):
    """Status 2, one line, and nothing of the address."""
    monkeypatch.setenv("EVWATCH_DATABASE_URL", url)
    status, _, err = run("feeds", "list")
    assert status == 2
    assert len(err.splitlines()) == 1
    assert err.startswith("EVWATCH_DATABASE_URL: ")
    assert "geheim" not in err


def test_a_driver_that_is_not_there_is_named(run, monkeypatch):
    """What to install, and no password."""
    monkeypatch.setattr("bot.adapters.store.database.find_spec", lambda name: None)
    monkeypatch.setenv("EVWATCH_DATABASE_URL", "postgresql+asyncpg://me:geheim@db/x")
    status, _, err = run("once")
    assert (status, err) == (
        2,
        "EVWATCH_DATABASE_URL: the driver asyncpg is not installed: pip install asyncpg\n",
    )


@pytest.mark.parametrize("command", [["feeds", "list"], ["once"]])
def test_a_data_folder_that_cannot_be_is_a_wrong_setting(run, monkeypatch, tmp_path, command):
    """A file of that name, or a file in the way."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("EVWATCH_DATA_DIR", "file")
    assert run(*command)[::2] == (2, "EVWATCH_DATA_DIR: file is no folder\n")
    monkeypatch.setenv("EVWATCH_DATA_DIR", "file/data")
    assert run(*command)[::2] == (2, "EVWATCH_DATA_DIR: file/data cannot be made: Not a directory\n")
    assert run("demo", "--data", "file")[::2] == (2, "--data: file is no folder\n")


def test_the_data_folder_is_closed_to_others(run, tmp_path):
    """The database holds what teams watch."""
    run("feeds", "list")
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700


def test_subscriptions_are_added_listed_and_removed(run):
    """By watch lists and companies, told with the words to undo it."""
    status, out, _ = run("subs", "add", "console:main", "byd", "nio", "--wants", "all")
    assert status == 0
    assert "evwatch subs remove 1" in out
    (sub,) = json.loads(run("subs", "list", "--json")[1])
    assert (sub["channel"], sub["watched"], sub["wants"]) == ("console:main", ["byd", "nio"], "all")
    assert run("subs", "remove", "1")[0] == 0
    assert run("subs", "remove", "1")[0] == 1


def test_an_unknown_company_is_named_with_the_nearest(run):
    """All of them at once, with status 2."""
    status, _, err = run("subs", "add", "console:main", "bydd", "xpengg")
    assert status == 2
    assert err.splitlines() == [
        "bydd: no watch list or company of this id (did you mean byd?)",
        "xpengg: no watch list or company of this id (did you mean xpeng?)",
    ]


def test_wrong_arguments_are_status_2(run):
    """With a line of usage."""
    status, _, err = run("subs", "add", "telepathy:main", "byd")
    assert status == 2
    assert "console" in err


def test_a_pipe_gets_plain_lines(run):
    """Tab-separated, no colours."""
    run("feeds", "add", "https://example.org/feed")
    lines = run("feeds", "list")[1].splitlines()
    assert lines[0].split("\t")[0] == "id"
    assert lines[1].split("\t")[0] == "example-org"
    assert "\x1b" not in lines[1]


def test_the_database_is_upgraded_and_says_so(run):
    """A new folder has nothing to keep a copy of."""
    assert run("db", "upgrade")[:2] == (0, "the database is up to date\n")
