"""`evwatch chat`: the desk at a prompt, in a process of its own."""

import json

import pytest

from tests.kit.process import Evwatch


@pytest.fixture
def evwatch(tmp_path):
    return Evwatch(tmp_path / "evwatch")


async def test_a_channel_is_set_up_by_talking(evwatch):
    """German, Chinese and English lines in one go: subscribed, muted, listed; the next process knows it all."""
    typed = "sprache de\nabonniere xiaomi, VW täglich 9:00\n静音 小米 3天\nmutes\n"
    status, out, err = await evwatch.run("chat", typed=typed)
    assert (status, err) == (0, "")
    answers = out.split("main> ")
    assert "Volkswagen" in answers[2]
    assert "9:00" in answers[2]
    assert "Xiaomi" in answers[4]
    status, out, _ = await evwatch.run("subs", "list", "--json")
    (subscription,) = json.loads(out)
    assert (subscription["companies"], subscription["when"]) == (["volkswagen", "xiaomi"], "daily")


async def test_one_command_is_answered_and_done(evwatch):
    """Words behind `chat` are one command; what was not understood ends with 1, and says what to type."""
    status, out, _ = await evwatch.run("chat", "小米")
    assert (status, out.splitlines()[0].startswith("Xiaomi")) == (0, True)
    status, out, _ = await evwatch.run("chat", "subscrbe", "byd")
    assert status == 1
    assert "subscribe" in out


async def test_for_programs_each_answer_is_a_line_of_json(evwatch):
    """`--json` repeats nothing and prints one object an answer."""
    status, out, _ = await evwatch.run("chat", "--json", typed="list\n搜索 合资\n")
    first, second = map(json.loads, out.splitlines())
    assert status == 0
    assert first["understood"]
    assert second["language"] == "en"


async def test_a_channel_has_a_platform(evwatch):
    """`--channel` without one is refused before anything is opened."""
    status, _, err = await evwatch.run("chat", "--channel", "nowhere", "help")
    assert status == 2
    assert "platform:room" in err
    assert not evwatch.data.exists()
