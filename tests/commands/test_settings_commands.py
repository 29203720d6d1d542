from datetime import UTC, datetime, time, timedelta

import pytest

from bot.domain.channels import Cadence, ChannelRef, QuietHours
from bot.domain.requests import Role


async def channel(talk):
    return await talk.world.store.channel(talk.room)


@pytest.mark.parametrize("text", ["quiet 22:00-07:00", "ruhe von 22 bis 7 Uhr", "免打扰 22点至7点"])
async def test_quiet_hours_say_when_what_came_is_told(talk, text):
    """From, to, the zone, the digest."""
    assert await talk.lines(text) == (
        "Quiet from 22:00 to 07:00 (Europe/Berlin); what comes then is in the digest at 08:00."
    )
    assert (await channel(talk)).quiet == QuietHours(time(22), time(7))
    assert (await talk.lines("quiet")).startswith("Quiet from 22:00")


async def test_a_digest_within_quiet_hours_comes_at_their_end(talk):
    """And the answer says so."""
    assert "in the digest at 09:30" in await talk.lines("quiet 22:00-09:30")


@pytest.mark.parametrize(
    ("language", "digest", "set_to", "daily", "weekly"),
    [
        (
            "en",
            "digest 23:00",
            "is set to 23:00",
            "daily at 07:00 (23:30 is in quiet hours)",
            "weekly, Tuesday at 07:00",
        ),
        ("de", "überblick 23:00", "ist auf 23:00 gestellt", "täglich um 07:00 (23:30 liegt in", "dienstags um 07:00"),
        ("zh", "摘要 23:00", "摘要设为 23:00", "每日 07:00（23:30 在免打扰时段内）", "每周二 07:00"),
    ],
)
async def test_a_digest_set_into_quiet_hours_says_when_it_really_comes(
    talk, *, language, digest, set_to, daily, weekly
):
    """The channel's, and those of subscriptions."""
    await talk.speaks(language)
    await talk.lines("quiet 22:00-07:00")
    text = await talk.lines(digest)
    assert set_to in text
    assert "07:00" in text
    assert daily in await talk.lines("subscribe byd daily 23:30")
    assert weekly in await talk.lines("subscribe byd weekly monday 23:30")


@pytest.mark.parametrize(
    ("text", "zone", "now"),
    [
        ("UTC+2", "UTC+2", "11:00"),
        ("GMT+2", "UTC+2", "11:00"),
        ("utc-5", "UTC-5", "04:00"),
        ("utc +8", "UTC+8", "17:00"),
        ("GMT", "GMT", "09:00"),
        ("UTC+0", "UTC", "09:00"),
    ],
)
async def test_hours_ahead_of_utc_are_meant_as_people_write_them(talk, text, zone, now):
    """Not as POSIX counts them; what time it is there is said."""
    assert f"Times here are those of {zone}, where it is {now}." in await talk.lines(f"zone {text}")


@pytest.mark.parametrize(("text", "wanted"), [("UTC+5:30", "zone Asia/"), ("UTC+17", "zone Europe/Berlin")])
async def test_hours_that_no_zone_always_has_lead_to_a_place(talk, text, wanted):
    """One that is so far ahead today, else any."""
    assert wanted in await talk.refused(f"zone {text}")


@pytest.mark.parametrize(
    ("language", "resume", "says", "done"),
    [
        ("en", "resume", "This channel is paused, nothing is told here: the bot was put out.", "Going on"),
        ("de", "fortsetzen", "Dieser Kanal ist angehalten", "Weiter geht es"),
        ("zh", "恢复", "本频道已暂停", "已恢复"),
    ],
)
async def test_a_paused_channel_says_so_until_it_goes_on(talk, language, resume, says, done):
    """Wherever somebody looks for what is told; a member goes on with a word."""
    await talk.speaks(language)
    await talk.lines("subscribe byd")
    await talk.world.store.pause_channel(talk.room, "the bot was put out")
    for asked in ("unsubscribe", "digest", "digest 9:00", "zone"):
        text = await talk.lines(asked)
        assert says in text
        assert text.endswith(resume)
    assert done in await talk.lines(resume, role=Role.MEMBER)
    assert (await channel(talk)).paused is None
    assert says not in await talk.lines("unsubscribe")
    assert await talk.lines(resume)


@pytest.mark.parametrize("text", ["quiet off", "ruhe aus", "免打扰 关闭"])
async def test_quiet_hours_end(talk, text):
    """Everything is told when it comes."""
    await talk.lines("quiet 22-7")
    await talk.lines(text)
    assert (await channel(talk)).quiet is None


@pytest.mark.parametrize("text", ["quiet 22", "quiet 22-22", "quiet 25-7", "quiet please"])
async def test_wrong_quiet_hours_say_what_to_type(talk, text):
    """Nothing is saved."""
    assert "quiet 22:00-07:00" in await talk.refused(text)
    assert await channel(talk) is None


async def test_a_budget_says_what_becomes_of_the_rest(talk):
    """And that a confirmation or denial comes all the same."""
    assert await talk.lines("budget 20") == (
        "At most 20 messages a day; the rest is in the digest at 08:00. "
        "That a rumour is confirmed or denied is told all the same."
    )
    assert (await channel(talk)).budget == 20
    assert "20" in await talk.lines("budget")
    await talk.lines("上限 关闭")
    assert (await channel(talk)).budget is None


@pytest.mark.parametrize("text", ["budget many", "budget -1", "budget 1001", "budget 5 6", "budget " + "9" * 5000])
async def test_a_wrong_budget_says_what_to_type(talk, text):
    """Nothing is saved."""
    assert "budget 20" in await talk.refused(text)
    assert await channel(talk) is None


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("zone Asia/Tokyo", "Asia/Tokyo"),
        ("zeitzone asia/tokyo", "Asia/Tokyo"),
        ("时区 tokyo", "Asia/Tokyo"),
        ("zone new york", "America/New_York"),
        ("zone UTC", "UTC"),
    ],
)
async def test_a_zone_is_set_by_name_or_city(talk, text, zone):
    """The answer shows the time there."""
    assert zone in await talk.lines(text)
    assert (await channel(talk)).timezone == zone


async def test_a_zone_shows_its_time(talk):
    """It is nine in London, and in Tokyo six in the evening."""
    assert "Asia/Tokyo, where it is 18:00" in await talk.lines("zone tokyo")
    assert "2026-03-03 08:00" in await talk.lines("zone")


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("zone Europe/Berln", "zone Europe/Berlin"),
        ("zone Shangai", "zone Asia/Shanghai"),
        ("zone Xyzzy", "zone Europe/Berlin"),
    ],
)
async def test_a_wrong_zone_has_a_suggestion(talk, text, says):
    """To be typed as it stands."""
    assert says in await talk.refused(text)
    assert await channel(talk) is None


@pytest.mark.parametrize("text", ["language de", "sprache deutsch", "语言 德语", "language German", "language Deutsch"])
async def test_a_language_is_answered_in_at_once(talk, text):
    """By code or by name, in any language."""
    assert await talk.lines(text) == "Dieser Kanal bekommt Meldungen und Antworten auf Deutsch."
    assert (await channel(talk)).language == "de"


async def test_an_unknown_language_names_those_there_are(talk):
    """Those that first lines are written in."""
    assert "There are de, en, zh" in await talk.refused("language klingon")
    assert "There are de, en, zh" in await talk.lines("language")


async def test_settings_are_the_channels_own(talk):
    """Another channel's stay as they are."""
    await talk.lines("budget 5")
    assert await talk.world.store.channel(ChannelRef("slack", "COTHER")) is None


async def test_the_digest_alone_shows_what_waits(talk):
    """Until when, and the stories as messages."""
    assert await talk.lines("digest") == "Nothing waits for a digest. The next one could come on 2026-03-03 08:00."
    await talk.lines("subscribe byd daily 18:00")
    talk.world.feed("first").publish("BYD and Uber form EV joint venture")
    await talk.world.run_for("5m")
    reply = await talk("digest")
    assert reply.lines == (
        "1 story waits for a digest:",
        "1: BYD; daily at 18:00: 1 story, on 2026-03-02 18:00",
    )
    assert [m.story for m in reply.messages] == ["S1"]


@pytest.mark.parametrize("text", ["digest 12:30", "überblick um 12:30 Uhr", "摘要 12点30分"])
async def test_the_digest_has_an_hour(talk, text):
    """And the answer says when the next one comes."""
    assert "2026-03-02 12:30" in await talk.lines(text)
    assert (await channel(talk)).digest_at == time(12, 30)


async def test_a_digest_that_waits_moves_with_its_hour(talk):
    """It comes at the new one."""
    await talk.lines("subscribe byd daily")
    talk.world.feed("first", interval=timedelta(days=1)).publish("BYD and Uber form EV joint venture")
    await talk.world.run_for("5m")
    await talk.lines("digest 12:00")
    await talk.world.run_for("1h")
    assert talk.world.slack.messages("C0EVDESK") == []
    await talk.world.run_for("1h")
    assert len(talk.world.slack.messages("C0EVDESK")) == 1


async def test_a_weekly_digest_moves_to_another_day_with_what_it_holds(talk):
    """Nothing that waits is lost."""
    await talk.lines("subscribe byd weekly monday")
    talk.world.feed("first", interval=timedelta(days=1)).publish("BYD and Uber form EV joint venture")
    await talk.world.run_for("5m")
    answer = await talk.lines("digest 9:00 mittwochs")
    assert "weekly, Wednesday at 09:00" in answer
    (moved,) = await talk.world.store.all_subscriptions()
    assert (moved.id, moved.cadence, moved.weekday) == (1, Cadence.WEEKLY, 2)
    await talk.world.run_for("45h")
    assert talk.world.slack.messages("C0EVDESK") == []
    await talk.world.run_for("2h")
    assert len(talk.world.slack.messages("C0EVDESK")) == 1


@pytest.mark.parametrize("text", ["digest 25:00", "digest soon", "digest 9:00 byd", "digest um"])
async def test_a_wrong_hour_says_what_to_type(talk, text):
    """Nothing is saved."""
    assert "digest 08:00" in await talk.refused(text)
    assert await channel(talk) is None


async def test_a_day_without_a_weekly_digest_says_how_to_begin_one(talk):
    """And the hour beside it is not saved either."""
    assert "subscribe LISTS-AND-COMPANIES weekly friday" in await talk.refused("digest 9:00 friday")
    assert await channel(talk) is None


@pytest.mark.parametrize(("language", "text"), [("de", "überblick 9:00 freitag"), ("zh", "摘要 周五 9:00")])
async def test_a_day_and_an_hour_set_together_hold_together(talk, language, text):
    """The digest that waits comes on that day at that hour, not at the hour of before."""
    await talk.speaks(language, "UTC")
    await talk.lines("subscribe byd weekly monday")
    talk.world.feed("first", interval=timedelta(days=1)).publish("BYD and Uber form EV joint venture")
    await talk.world.run_for("5m")
    await talk.lines(text)
    await talk.world.run_until(datetime(2026, 3, 6, 8, 59, tzinfo=UTC))
    assert talk.world.slack.messages("C0EVDESK") == []
    await talk.world.run_until(datetime(2026, 3, 6, 9, 1, tzinfo=UTC))
    assert len(talk.world.slack.messages("C0EVDESK")) == 1


async def test_what_another_process_has_set_meanwhile_stays(talk):
    """A pause by the deliverer between reading and writing is not undone by a setting."""
    await talk.lines("budget 5")
    store = talk.world.store
    read = store.channel

    async def paused_meanwhile(ref):
        found = await read(ref)
        await store.pause_channel(ref, "archiviert")
        return found

    talk.world.store.channel = paused_meanwhile
    await talk.lines("quiet 22:00-07:00")
    await talk.lines("mute 比亚迪")
    found = await read(talk.room)
    assert (found.budget, found.paused, found.quiet) == (5, "archiviert", QuietHours(time(22), time(7)))
