"""What forms and start pages are given."""

from dataclasses import replace

import pytest

from bot.domain.channels import ChannelRef
from bot.domain.requests import Role


async def overview(talk, text="", **values):
    return await talk.desk.overview(talk.request(text, **values))


async def suggested(talk, text):
    return [(c.value, c.label) for c in await talk.desk.suggest(talk.request(text))]


@pytest.mark.parametrize(
    ("text", "company"),
    [("xiao", "xiaomi"), ("小米", "xiaomi"), ("比亚", "byd"), ("volksw", "volkswagen"), ("VW", "volkswagen")],
)
async def test_a_part_of_a_name_in_any_script_is_enough(talk, text, company):
    """Whose name begins like that comes first."""
    assert company in [value for value, _ in (await suggested(talk, text))[:3]]


async def test_lists_are_suggested_where_nothing_is_typed(talk):
    """And by a part of their title."""
    assert ("chinese-ev-makers", "Chinese EV makers") in await suggested(talk, "")
    assert ("chinese-ev-makers", "Chinese EV makers") in await suggested(talk, "chinese ev")
    assert await suggested(talk, "no such name anywhere") == []


@pytest.mark.parametrize(("language", "kind"), [("de", "Gemeinschaftsunternehmen"), ("zh", "合资")])
async def test_choices_are_in_the_channels_language(talk, language, kind):
    """Their values are what one would type."""
    await talk.speaks(language)
    found = await overview(talk)
    kinds = {c.value: c.label for c in found.choices["kind"]}
    assert kind in kinds["joint-venture"]
    assert found.texts["subscribe"] != (await overview(talk, channel=ChannelRef("slack", "OTHER"))).texts["subscribe"]
    for name, choices in found.choices.items():
        assert len({c.value for c in choices}) == len(choices), name
        assert all(c.label for c in choices), name


async def test_every_choice_can_be_typed(talk):
    """A form is another way to write the same line."""
    found = await overview(talk)
    for name, choices in found.choices.items():
        for choice in choices:
            line = {
                "list": f"subscribe {choice.value}",
                "period": f"mute byd {choice.value}",
                "appetite": f"subscribe byd {choice.value}" if choice.value != "default" else "subscribe byd",
                "cadence": f"subscribe byd {choice.value}",
                "weekday": f"subscribe byd weekly {choice.value}",
            }.get(name, f"subscribe byd {name}:{choice.value}")
            await talk.lines(line)


async def test_subscriptions_of_the_platform_are_told_apart_by_channel(talk):
    """In words, with what a form cannot show."""
    await talk.lines("subscribe byd outlet:reuters daily 06:00")
    elsewhere = ChannelRef("slack", "OTHER")
    await talk.lines("subscribe xiaomi", channel=elsewhere)
    await talk.lines("subscribe nio", channel=ChannelRef("matrix", "!far"))
    here, there = (await overview(talk)).subscriptions
    assert (here.subscription.channel.ref, there.subscription.channel.ref) == (talk.room, elsewhere)
    assert "BYD" in here.words
    assert "06:00" in here.words
    assert here.outlets == ("Reuters",)
    assert [c.value for c in (await overview(talk)).choices["company"]] == ["byd", "xiaomi"]


async def test_what_may_be_muted_is_the_story_and_its_parties(talk):
    """By its number or its message; nothing where there is no such story."""
    talk.world.feed("first").publish("BYD and Uber form EV joint venture")
    await talk.world.run_for("1m")
    assert [c.value for c in (await overview(talk, "mute S1 7d")).mutable] == ["S1", "byd", "uber"]
    assert (await overview(talk, "mute S9 7d")).mutable == ()
    assert (await overview(talk, "mute")).mutable == ()
    assert [m.story for m in (await overview(talk)).newest] == ["S1"]
    assert (await overview(talk)).feeds


async def test_a_subscription_takes_the_place_of_another(talk):
    """`#1` in front; what waits for the old one's digest waits for the new one's."""
    await talk.lines("subscribe byd daily")
    talk.world.feed("first").publish("BYD and Uber form EV joint venture")
    await talk.world.run_for("1m")
    assert len(await talk.world.store.held(talk.room)) == 1
    await talk.lines("subscribe #1 byd uber daily 06:00")
    (made,) = await talk.world.store.all_subscriptions(talk.room)
    assert made.companies == {"byd", "uber"}
    assert [h.subscription for h in await talk.world.store.held(talk.room)] == [made.id]
    assert "99" in await talk.refused("subscribe #99 byd")
    assert "already" in await talk.lines(f"subscribe #{made.id} byd uber daily 06:00")


async def test_where_the_bot_is_not_nothing_is_subscribed(talk):
    """The platform adds how it is invited; look-ups go on."""
    away = replace(talk.request("subscribe byd"), here=False)
    reply = await talk.desk.answer(away)
    assert (reply.understood, reply.command) == (False, "subscribe")
    assert await talk.world.store.all_subscriptions() == []
    assert (await talk.desk.answer(replace(talk.request("byd"), here=False))).understood


async def test_look_ups_may_be_shared_and_nothing_else(talk):
    """With the command it was; as a guest it does no more than look up."""
    (share,) = (await talk("最新 BYD")).actions
    assert (share.id, share.command) == ("share", "latest BYD")
    for text in ("help", "subscribe byd", "mute byd", "nonsense foo"):
        assert (await talk(text)).actions == ()
    assert (await talk("feeds", message="m1")).actions == ()  # it may be about the message
    (changing,) = (await talk("list new mine byd")).actions
    assert not (await talk(changing.command, role=Role.GUEST)).understood
