import pytest

from bot.domain.channels import ChannelRef
from bot.domain.rulebook import WatchList


async def lists(talk):
    return await talk.world.store.watchlists()


async def test_every_list_with_its_size(talk):
    """Those of the rules, those made in chat."""
    await talk.lines("list new rivals byd nio")
    answer = await talk.lines("list")
    assert "german-makers: German carmakers, 9 companies" in answer
    assert "rivals: rivals, 2 companies, made in chat" in answer


async def test_the_members_of_a_list(talk):
    """By id or title, names in the channel's script."""
    assert "Audi, BMW" in await talk.lines("list German carmakers")
    await talk.speaks("zh")
    assert "奥迪" in await talk.lines("名单 german-makers")


async def test_the_lists_of_a_company(talk):
    """Asked by a company's name."""
    assert await talk.lines("list xiaomi") == "Xiaomi is on these lists: all, asian-tech and chinese-ev-makers"


@pytest.mark.parametrize("name", ["daily", "täglich", "每日", "moves", "Montag", "all", "ohne", "subscribe", "kind"])
async def test_a_word_of_ours_is_no_lists_name(talk, name):
    """A line with it would be read as something else."""
    await talk.refused(f"list new {name} byd")
    assert await lists(talk) == []


async def test_titles_are_of_the_channels_language(talk):
    """And understood in every language."""
    await talk.speaks("de")
    assert "german-makers: Deutsche Autobauer, 9 Firmen" in await talk.lines("liste")
    assert "Deutsche Autobauer" in await talk.lines("abonnieren german-makers")
    await talk.speaks("zh")
    assert "德国车企" in await talk.lines("取消订阅")
    assert "Audi" in await talk.lines("list Deutsche Autobauer") or "奥迪" in await talk.lines("名单 德国车企")


@pytest.mark.parametrize(
    ("language", "ended", "going_on", "elsewhere"),
    [
        ("en", "List rivals has ended.", "Going on without it: 2: XPeng", "1 subscription of another channel"),
        ("de", "Die Liste rivals ist beendet.", "Ohne sie geht weiter: 2: XPeng", "1 Abonnement eines anderen"),
        ("zh", "名单“rivals”已删除。", "不再包含它，继续有效：2：小鹏", "其他频道有 1 个订阅用到它"),
    ],
)
async def test_a_list_that_ends_takes_its_subscriptions_along(talk, *, language, ended, going_on, elsewhere):
    """What names nothing else ends, the rest goes on without it; other channels are told in their language."""
    await talk.speaks(language)
    await talk.lines("list new rivals byd nio")
    await talk.lines("subscribe rivals")
    await talk.lines("subscribe rivals xpeng")
    there = ChannelRef("slack", "C0ELSE")
    await talk.lines("subscribe rivals", channel=there)
    await talk.lines("language de", channel=there)
    answer = await talk.lines("list end rivals")
    assert ended in answer
    assert going_on in answer
    assert elsewhere in answer
    left = await talk.world.store.all_subscriptions()
    assert [(s.id, s.watchlists, s.watched) for s in left] == [(2, (), frozenset({"xpeng"}))]
    await talk.world.settle()
    (told,) = talk.world.slack.messages("C0ELSE")
    assert told.message.first_line == "Die Liste rivals ist beendet."
    assert told.message.notes == ("Beendet. 3: rivals; sofort.",)
    await talk.lines("list new rivals nio")
    assert {c for s in await talk.world.store.all_subscriptions() for c in s.watched} == {"xpeng"}


async def test_an_unknown_list_has_a_suggestion(talk):
    """And the way to see them all."""
    answer = await talk.refused("list german-maker")
    assert "Did you mean german-makers?" in answer
    assert "list" in answer.splitlines()[-1]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        (
            'list new rivals byd "great wall" Lei Jun',
            WatchList("rivals", "rivals", frozenset({"byd", "great-wall", "xiaomi"})),
        ),
        ('list new "Our Rivals" byd', WatchList("our-rivals", "Our Rivals", frozenset({"byd"}))),
        ("名单 新建 对手 比亚迪、蔚来", WatchList("对手", "对手", frozenset({"byd", "nio"}))),
        ("liste neu Rivalen byd, nio", WatchList("rivalen", "Rivalen", frozenset({"byd", "nio"}))),
    ],
)
async def test_a_list_is_made_in_chat(talk, text, made):
    """Any script; companies in any spelling."""
    await talk.lines(text)
    assert await lists(talk) == [made]


async def test_a_list_may_be_made_of_lists(talk):
    """As they are now."""
    await talk.lines("list new mine german-makers xiaomi")
    (made,) = await lists(talk)
    assert made.companies == talk.world.live.rulebook.watchlists["german-makers"].companies | {"xiaomi"}


async def test_a_changed_list_changes_what_subscriptions_watch(talk):
    """From that moment; every channel that named it."""
    await talk.lines("list new rivals byd nio")
    await talk.lines("subscribe rivals", channel=ChannelRef("slack", "COTHER"))
    await talk.lines("mute rivals")
    await talk.lines("list add rivals xpeng")
    await talk.lines("list drop rivals byd")
    (subscription,) = await talk.world.store.all_subscriptions()
    (mute,) = await talk.world.store.mutes(talk.room, talk.world.clock.now())
    assert subscription.watched == mute.companies == {"nio", "xpeng"}


async def test_an_ended_list_says_who_named_it_and_how_to_have_it_again(talk):
    """Nobody is told by it any more."""
    await talk.lines("list new rivals byd nio")
    await talk.lines("subscribe rivals")
    answer = await talk.lines("list end rivals")
    assert answer.splitlines() == [
        "List rivals has ended.",
        "Ended. 1: rivals; at once.",
        "To have it again: list new rivals byd nio",
        "And then: subscribe rivals",
    ]
    assert await lists(talk) == []
    assert await talk.world.store.all_subscriptions() == []


@pytest.mark.parametrize("act", ["add german-makers byd", "drop german-makers bmw", "end german-makers"])
async def test_a_list_of_the_rules_is_not_changed_from_chat(talk, act):
    """It belongs to whoever keeps the rules; said with the way to make one's own."""
    answer = await talk.refused(f"list {act}")
    assert "comes from the rules" in answer
    assert "list new" in answer


@pytest.mark.parametrize("name", ["byd", "german-makers", "比亚迪", "all", "new", "S42", "42", '"!!"', "x" * 61])
async def test_a_name_that_means_something_already_is_refused(talk, name):
    """A company, a list, a word of ours, a number."""
    assert await talk.refused(f"list new {name} nio")
    assert await lists(talk) == []


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("list new", "list new rivals byd nio"),
        ("list new rivals", "list new rivals byd nio"),
        ("list new rivals volkswagn xyzzy", "Did you mean Volkswagen?"),
        ("list add", "Which list?"),
        ("list add german-maker byd", "Did you mean german-makers?"),
        ("list add mine", "Which companies?"),
        ("list drop mine byd", "list end mine"),
        ("list end mine byd", "list end mine"),
    ],
)
async def test_every_mistake_says_what_to_type(talk, text, says):
    """Nothing is changed by it."""
    await talk.lines("list new mine byd")
    assert says in await talk.refused(text)
    assert await lists(talk) == [WatchList("mine", "mine", frozenset({"byd"}))]


async def test_a_process_with_rules_of_yesterday_undoes_no_reload(talk):
    """A list changed there changes what names that list, and nothing else."""
    await talk.lines("subscribe german-makers")
    await talk.lines("list new rivalen byd 蔚来")
    await talk.lines("subscribe rivalen")
    reloaded = {"german-makers": frozenset({"bmw", "byd"})}
    await talk.world.store.resolve_watchlists(reloaded)  # by the process that runs
    await talk.lines("list add rivalen xpeng")
    makers, rivals = await talk.world.store.all_subscriptions()
    assert makers.watched == {"bmw", "byd"}
    assert rivals.watched == {"byd", "nio", "xpeng"}
