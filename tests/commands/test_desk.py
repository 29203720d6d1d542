import asyncio
import unicodedata
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from structlog.testing import capture_logs

from bot.commands.replies import as_message
from bot.commands.table import COMMANDS
from bot.domain.channels import Channel, ChannelRef
from bot.domain.messages import Message, Reply
from bot.domain.requests import Role
from bot.engine.messages import MAX_MESSAGE, size
from bot.errors import StoreError


async def test_a_word_that_is_no_command_is_answered_with_the_nearest(talk):
    """One line: what was typed, and the usage of what was meant."""
    assert await talk.refused("subscrib byd") == (
        "I do not know “subscrib”. Did you mean: subscribe LISTS-AND-COMPANIES [filters]"
    )


@pytest.mark.parametrize("text", ["blabla foo", "weather", "test byd xyz", "guten Tag"])
async def test_what_is_like_nothing_of_ours_gets_no_guess(talk, text):
    """Only what a slip of the finger explains is suggested; else where to look."""
    answer = await talk.refused(text)
    assert "Did you mean" not in answer


async def test_a_name_that_is_nearly_one_is_answered_with_it(talk):
    """A slip in a company's name."""
    assert await talk.refused("volkswagn") == "I know no company and no list “volkswagn”. Did you mean Volkswagen?"


async def test_what_means_nothing_is_offered_as_a_search(talk):
    """Every error says what to type instead."""
    assert "search quantum cheese" in await talk.refused("quantum cheese")


@pytest.mark.parametrize("text", ["byd", "BYD", "比亚迪", "company byd", "firma 比亚迪"])
async def test_a_name_alone_is_a_look_up(talk, text):
    """In any script."""
    assert "BYD" in await talk.lines(text)


async def test_a_list_alone_shows_its_members(talk):
    """As `list NAME` does."""
    assert await talk.lines("german-makers") == await talk.lines("list german-makers")


@pytest.mark.parametrize("text", ["help", "", "  ", "Hilfe", "帮助", "?", "help help"])
async def test_help(talk, text):
    """Every command in a line, and in no more than one message holds."""
    reply = await talk(text)
    assert "subscribe LISTS-AND-COMPANIES" in "\n".join(reply.lines)
    assert as_message(reply, "UTC").notes == reply.lines[1:]


@pytest.mark.parametrize("language", ["de", "en", "zh"])
async def test_help_fits_one_message_in_every_language(talk, language):
    """Nothing of it is left out."""
    await talk.speaks(language)
    reply = await talk("help")
    assert as_message(reply, "UTC").notes == reply.lines[1:]


async def test_help_for_one_command_has_an_example(talk):
    """Usage, what it does, an example; its word in any language."""
    assert await talk.lines("help mute") == await talk.lines("hilfe stumm")
    assert "mute byd 2w" in await talk.lines("help mute")
    assert "why-not" in await talk.lines("help why not")
    assert "Did you mean: mute" in await talk.refused("help mut")


async def test_the_channels_language_is_answered_in(talk):
    """German and Chinese channels hear German and Chinese; English words work there too."""
    await talk.speaks("de")
    assert await talk.refused("subscribe") == await talk.refused("abonnieren")
    assert (await talk("subscribe byd")).language == "de"
    await talk.speaks("zh", "Asia/Shanghai")
    assert "已订阅" in await talk.lines("订阅小鹏"), "Chinese needs no space"
    assert "已订阅" in await talk.lines("订阅 蔚来，理想")


async def test_words_in_two_parts_are_one_command(talk):
    """`why not`, `warum nicht`."""
    assert await talk.refused("why not") == await talk.refused("warum nicht") == await talk.refused("why-not")


async def test_an_event_is_done_once(talk):
    """A platform that asks again gets the same answer."""
    first = await talk("subscribe byd", event="E-1")
    await talk("unsubscribe all", event="E-2")
    assert await talk("subscribe byd", event="E-1") == first
    assert await talk.world.store.all_subscriptions() == []


async def test_the_same_event_of_two_channels_is_two(talk):
    """Ids are the platform's own."""
    await talk("subscribe byd", event="E-1")
    await talk("subscribe byd", event="E-1", channel=ChannelRef("matrix", "!room"))
    assert len(await talk.world.store.all_subscriptions()) == 2


async def test_an_answer_for_later_is_a_delivery(talk):
    """First line, notes; the deliverer is woken."""
    await talk.desk.answer_later(talk.request("mutes", event="$abc"))
    (delivery,) = await talk.world.store.claim_deliveries(talk.world.clock.now(), timedelta(minutes=1), 10)
    assert (delivery.key, delivery.part, delivery.message.first_line) == (
        "reply:$abc",
        "reply",
        "Nothing is muted here.",
    )
    assert talk.woken == 1


async def test_an_answer_for_later_is_given_once_whatever_restarts(talk):
    """Another process that is handed the same event leaves it alone."""
    subscribe = talk.request("subscribe byd", event="$1")
    await talk.desk.answer_later(subscribe)
    await talk.desk.answer_later(talk.request("unsubscribe all", event="$2"))
    await talk.new_desk().answer_later(subscribe)
    assert await talk.world.store.all_subscriptions() == []
    assert await talk.world.counts() == {"pending": 2}


async def test_settings_typed_at_the_same_time_are_all_kept(talk):
    """One command at a time in a channel."""
    await asyncio.gather(talk("quiet 22-7"), talk("budget 5"), talk("zone Asia/Tokyo"), talk("digest 9:00"))
    channel = await talk.world.store.channel(talk.room)
    assert (channel.budget, channel.timezone, f"{channel.digest_at:%H:%M}") == (5, "Asia/Tokyo", "09:00")
    assert channel.quiet is not None


async def test_a_mistake_of_ours_is_one_line_and_in_the_log(talk, monkeypatch):
    """Nobody waits for an answer that never comes; what was typed is not logged."""
    monkeypatch.setattr(talk.world.store, "mutes", None)
    with capture_logs() as logs:
        assert "went wrong on my side" in await talk.refused("mutes secret-words")
    assert [(entry["log_level"], entry["channel"]) for entry in logs] == [("error", str(talk.room))]
    assert "secret-words" not in str(logs)


async def test_a_broken_store_is_not_hidden(talk, monkeypatch):
    """The platform answers for it, and the supervisor decides."""

    async def broken(*_):
        raise StoreError("disk")

    monkeypatch.setattr(talk.world.store, "mutes", broken)
    with pytest.raises(StoreError):
        await talk("mutes")


async def test_a_pasted_article_is_refused_in_few_lines(talk):
    """However many words of it nobody knows."""
    reply = await talk("subscribe " + " ".join(f"word{n}" for n in range(5_000)))
    assert not reply.understood
    assert len(reply.lines) <= 13


def test_a_reply_as_a_message_is_within_the_limit():
    """What is more is left out from the end, and that is shown."""
    story = Message("x" * 900)
    few = as_message(Reply(("a", "b"), (story,)), "UTC")
    assert (few.first_line, few.notes, few.items) == ("a", ("b",), (story,))
    many = as_message(Reply(("a", "b"), (story,) * 9), "UTC")
    assert 0 < len(many.items) < 9
    assert many.notes[-1] == "..."
    long = as_message(Reply(("a", *("y" * 200 for _ in range(40)))), "UTC")
    assert long.notes[-1] == "..."
    assert max(map(size, (few, many, long))) <= MAX_MESSAGE


_WORDS = st.sampled_from(
    [
        *(
            *COMMANDS,
            "help",
            "订阅",
            "stumm",
            "取消",
            "why",
            "not",
            "new",
            "add",
            "end",
            "all",
            "off",
            "this",
            "everywhere",
        ),
        *("-byd", "without", "kind:", "kind:plant", "lang:,", "outlet:x", "moves", "daily", "weekly", "friday", "um"),
        *("until", "7d", "25:00", "22-7", "9999-12-31", "2026-02-30", "for ever", "1", "-1", "S1", "S99", "M1"),
        *("byd", "比亚迪", "蔚来，小鹏", "german-makers", "Berlin", "de", "x", ",", "：", '"', "\u202e", "\x00"),
    ]
)


@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@given(text=st.one_of(st.text(max_size=80), st.lists(_WORDS, max_size=7).map(" ".join)), role=st.sampled_from(Role))
async def test_any_text_has_an_answer(talk, text, role):
    """Nothing is raised, nothing fails within, and no line holds what cannot be shown."""
    reply = await talk(text, role=role)
    await talk.world.store.save_channel(replace(await _channel(talk), language="en"))
    assert reply.lines
    assert not any("went wrong on my side" in line for line in reply.lines), text
    for line in (*reply.lines, *(m.first_line for m in reply.messages)):
        assert line.strip()
        assert not [c for c in line if unicodedata.category(c) in ("Cc", "Cf", "Cs", "Zl", "Zp")], repr(line)


async def _channel(talk):
    return await talk.world.store.channel(talk.room) or Channel(talk.room)
