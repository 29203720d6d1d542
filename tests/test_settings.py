"""Settings: from the environment, from .env, from files; every mistake at once, no secret in any of it."""

from datetime import timedelta

import pytest

from bot import settings
from bot.domain.channels import ChannelRef
from bot.errors import ConfigError

SECRET = "xoxb-very-secret-token"


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)


def test_nothing_set_is_well():
    """The defaults are for somebody who has just unpacked it."""
    loaded = settings.load()
    assert str(loaded.data_dir) == "data"
    assert loaded.poll_floor == timedelta(minutes=15)
    assert not loaded.mentions("slack")


def test_values_are_read(monkeypatch):
    """Lists by comma or space, spans with their unit."""
    monkeypatch.setenv("EVWATCH_ALLOW_HOSTS", "127.0.0.1:8000, Intranet.example:443")
    monkeypatch.setenv("EVWATCH_OPERATORS", "slack:T1/C2 matrix:@me:example.org")
    monkeypatch.setenv("EVWATCH_POLL_FLOOR", "1h")
    loaded = settings.load()
    assert loaded.allow_hosts == {"127.0.0.1:8000", "intranet.example:443"}
    assert loaded.operators == (ChannelRef("slack", "T1/C2"), ChannelRef("matrix", "@me:example.org"))
    assert loaded.poll_floor == timedelta(hours=1)


def test_the_environment_wins_over_the_file(tmp_path, monkeypatch):
    """`.env` is what is usual, the environment is what is meant now; an empty value is none."""
    (tmp_path / ".env").write_text("EVWATCH_TIMEZONE=Europe/Berlin\nEVWATCH_LANGUAGE=de\nEVWATCH_CONTACT=\n")
    monkeypatch.setenv("EVWATCH_LANGUAGE", "zh")
    loaded = settings.load()
    assert (loaded.timezone, loaded.language, loaded.contact) == ("Europe/Berlin", "zh", None)


def test_a_secret_may_stand_in_a_file(tmp_path, monkeypatch):
    """As container secrets do; the last newline is not part of it."""
    (tmp_path / "token").write_text(SECRET + "\n")
    monkeypatch.setenv("EVWATCH_SLACK_BOT_TOKEN_FILE", str(tmp_path / "token"))
    loaded = settings.load()
    assert loaded.slack_bot_token is not None
    assert loaded.slack_bot_token.get_secret_value() == SECRET
    assert loaded.mentions("slack")
    assert SECRET in loaded.secrets()


def test_every_mistake_is_told_at_once(monkeypatch):
    """Each with its variable, none with a secret's value."""
    monkeypatch.setenv("EVWATCH_TIMEZONE", "Europe/Berln")
    monkeypatch.setenv("EVWATCH_POLL_FLOOR", "10s")
    monkeypatch.setenv("EVWATCH_ALLOW_HOSTS", "intranet")
    monkeypatch.setenv("EVWATCH_SLACK_BOT_TOKEN", SECRET)
    monkeypatch.setenv("EVWATCH_SLACK_BOT_TOKEN_FILE", "/no/such/file")
    monkeypatch.setenv("EVWATCH_MATRIX_TOKEN_FILE", "/no/such/file")
    with pytest.raises(ConfigError) as wrong:
        settings.load()
    assert [str(p) for p in wrong.value.problems] == [
        "EVWATCH_ALLOW_HOSTS: must be host:port, not 'intranet'",
        "EVWATCH_MATRIX_TOKEN_FILE: cannot be read: No such file or directory",
        "EVWATCH_POLL_FLOOR: must be 5m or more; a host of your own may be polled faster by EVWATCH_ALLOW_HOSTS",
        "EVWATCH_SLACK_BOT_TOKEN_FILE: is set together with the secret itself",
        "EVWATCH_TIMEZONE: no such IANA time zone (did you mean Europe/Berlin?)",
    ]
    assert SECRET not in repr(wrong.value.__dict__)


def test_printing_settings_shows_no_secret(monkeypatch):
    """Neither repr nor str of the whole object."""
    monkeypatch.setenv("EVWATCH_MATRIX_PASSWORD", SECRET)
    monkeypatch.setenv("EVWATCH_DATABASE_URL", f"postgresql+asyncpg://me:{SECRET}@db/evwatch")
    loaded = settings.load()
    assert SECRET not in repr(loaded)
    assert SECRET not in str(loaded)
    assert SECRET in loaded.secrets()


def test_a_slip_in_a_name_is_noticed(monkeypatch):
    """A variable nobody reads, near one we do read."""
    monkeypatch.setenv("EVWATCH_SLAK_BOT_TOKEN", "x")
    monkeypatch.setenv("EVWATCH_KILLS", "3")
    assert settings.unknown() == ["EVWATCH_SLAK_BOT_TOKEN (did you mean EVWATCH_SLACK_BOT_TOKEN?)"]


def test_a_platform_without_fields_gets_what_starts_with_its_name(tmp_path, monkeypatch):
    """A third platform is one file: its settings cannot be known here; what looks secret is kept so."""
    (tmp_path / "token").write_text(SECRET)
    monkeypatch.setenv("EVWATCH_PIGEON_LOFT", "roof")
    monkeypatch.setenv("EVWATCH_PIGEON_TOKEN_FILE", str(tmp_path / "token"))
    loaded = settings.load()
    assert loaded.mentions("pigeon")
    values = loaded.for_platform("pigeon")
    assert values["pigeon_loft"] == "roof"
    assert values["pigeon_token"].get_secret_value() == SECRET
    assert SECRET not in repr(values)
    assert "slack_bot_token" not in values


@pytest.mark.parametrize("text", ["90s", "15m", "6h", "2d"])
def test_spans_have_a_unit(text):
    """A bare number says nothing."""
    assert settings.duration(text) > timedelta(0)
    with pytest.raises(ValueError, match="like 15m"):
        settings.duration(text[:-1])
