"""Why a story was told here, why something was not, and what is understood of a text."""

from dataclasses import replace
from datetime import time, timedelta

import pytest

from bot.domain.channels import ChannelRef, Filter, QuietHours
from bot.domain.claims import Kind
from bot.domain.mutes import Mutable, Mute, MuteId
from bot.domain.rulebook import Status
from bot.engine.reader import Reader
from bot.errors import FetchError
from tests.kit.world import DESK, Appetite, Cadence

GERMAN = "Xiaomi soll vor dem Einstieg in die Produktion von Elektroautos stehen"
CHINESE = "据晚点报道，小米计划造车"
CONFIRMED = "Xiaomi confirms that it is entering the electric car business"
VENTURE = "Geely und Foxconn gründen ein Gemeinschaftsunternehmen für Elektroautos"
ELSEWHERE = ChannelRef("slack", "C0ELSE")
HERE = ChannelRef("slack", DESK)


async def publish(world, title, text="", feed="strom", **values):
    """Let a feed bring one entry, and a minute pass; its link."""
    link = world.feed(feed).publish(title, text, **values).link
    await world.run_for("1m")
    return link


async def muted(world, name, what=Mutable.COMPANY, channel=HERE):
    """Mute a company for a week."""
    at = world.clock.now()
    mute = Mute(MuteId(0), channel, what, name, at + timedelta(days=7), "slack:UBOSS", at, frozenset({name}))
    await world.store.mute(mute)


# ------------------------------------------------------------------------------------------------------------------ why


async def test_why_names_rule_words_origin_and_subscription(world, talk):
    """All of it in a handful of lines: the words as written, marked, and who said so first."""
    await world.subscribe(DESK, "asian-tech")
    await publish(world, "Xiaomi", f"<p>Vorab.</p><p>{GERMAN}, berichtet <b>Late Post</b>.</p>")
    lines = (await talk("why S1")).lines
    assert lines[0] == "S1 Xiaomi: move into electric cars. Rumour. First: Late Post"
    assert lines[1] == "2026-03-02 Strom: Xiaomi (strom.example)"
    assert any("«Xiaomi» «soll» vor dem «Einstieg" in line for line in lines)
    assert "Rule ev-entry: A company goes into electric cars (severity high)" in lines
    assert any("Watched for Xiaomi by subscription 1:" in line for line in lines)
    assert "Told here at once, as the message of S1." in lines


@pytest.mark.parametrize(
    ("language", "rule", "word"), [("de", "Regel ev-entry", "warum S1"), ("zh", "规则 ev-entry", "为什么 S1")]
)
async def test_why_speaks_the_channels_language(world, talk, language, rule, word):
    """The words of the report stay its own."""
    await world.subscribe(DESK, "xiaomi", language=language, timezone="Asia/Shanghai")
    await publish(world, CHINESE, feed="dianche")
    text = await talk.lines(word)
    assert rule in text
    assert "«小米»计划«造车»" in text


async def test_why_of_a_clicked_message(world, talk):
    """The story of that message; what is no story's message is refused."""
    await world.subscribe(DESK, "xiaomi")
    await publish(world, GERMAN)
    (message,) = world.slack.messages(DESK)
    assert await talk.lines("why", message=message.id) == await talk.lines("why S1")
    assert await talk.refused("why", message="m999")


async def test_why_says_what_the_story_has_become(world, talk):
    """It was told as a rumour; that it is confirmed now is said too."""
    await world.subscribe(DESK, "xiaomi")
    await publish(world, GERMAN)
    await publish(world, CONFIRMED, feed="motorwire")
    text = await talk.lines("why S1")
    assert "Rumour" in text.splitlines()[0]
    assert "Since then: Confirmed." in text


async def test_why_names_mutes_and_those_that_hold_everywhere(world, talk):
    """Told before, silent now."""
    await world.subscribe(DESK, "xiaomi")
    await publish(world, GERMAN)
    await muted(world, "xiaomi", channel=None)
    await muted(world, "nio")
    mutes = [line for line in (await talk("why S1")).lines if line.startswith("Muted now: ")]
    assert len(mutes) == 1
    assert "Xiaomi" in mutes[0]
    assert "everywhere" in mutes[0]


async def test_why_says_when_the_rules_are_others_by_now(world, talk):
    """What was decided was decided by the rules of then."""
    await world.subscribe(DESK, "xiaomi")
    await publish(world, GERMAN)
    assert "other rules" not in await talk.lines("why S1")
    book = replace(
        world.live.rulebook, hash="f00", rules={k: r for k, r in world.live.rulebook.rules.items() if k != "ev-entry"}
    )
    world.live.swap(book, Reader(book))
    text = await talk.lines("why S1")
    assert "It was read by other rules than today's." in text
    assert "Rule ev-entry, which is no longer there." in text


async def test_why_of_what_was_not_told_here(world, talk):
    """It says so, and why; what another channel heard is not told."""
    await world.subscribe("C0ELSE", "xiaomi")
    await publish(world, GERMAN)
    assert await talk.lines("why S1") == "S1 was not told here.\nNobody here watches Xiaomi. To watch: subscribe xiaomi"


# -------------------------------------------------------------------------------------------------------------- why-not


async def test_nobody_watches_it(world, talk):
    """With the words to watch it, in the channel's language."""
    await world.subscribe(DESK, "nio", language="de")
    link = await publish(world, VENTURE)
    text = await talk.lines(f"warum-nicht {link}")
    assert "Niemand beobachtet hier Foxconn und Geely." in text
    assert "abonnieren geely foxconn" in text
    await talk(text.splitlines()[1].split(": ")[1])
    assert "inzwischen tut es Abo 2" in await talk.lines(f"warum-nicht {link}")


async def test_no_company_we_know(world, talk):
    """With what came near."""
    link = await publish(world, "Zwei Banken gründen ein Gemeinschaftsunternehmen für Elektroautos")
    text = await talk.lines(f"why-not {link}")
    assert "No company we know stands in it." in text
    assert "«Gemeinschaftsunternehmen»" in text


async def test_no_rule_holds(world, talk):
    """The rule that came nearest, what it lacks, and the sentence with the words it saw."""
    link = await publish(world, "Foxconn announces a joint venture with a local farm")
    text = await talk.lines(f"why-not {link}")
    assert "It names Foxconn, but no rule holds." in text
    assert "joint-venture: all but a word like " in text
    assert "“Foxconn announces a «joint venture» with a local farm”" in text


async def test_a_spelling_that_proves_nothing(world, talk):
    """The name stands there; what would have proved it is said in words of the text's language."""
    link = await publish(world, "Nio ist schwedisch für neun")
    assert "“Nio” alone proves no company, without a word like Elektroauto" in await talk.lines(f"why-not {link}")


@pytest.mark.parametrize(
    ("values", "wanted"),
    [
        ({"filter": Filter(kinds=frozenset({Kind.PLANT}))}, "The wrong kind (joint venture)"),
        ({"filter": Filter(languages=frozenset({"en"}))}, "The wrong language (German)"),
        ({"filter": Filter(outlets=frozenset({"reuters"}))}, "The wrong outlet (Strom)"),
        ({"filter": Filter(without=frozenset({"geely"}))}, "Left out (Geely)"),
    ],
)
async def test_a_filter_is_named_with_its_subscription(world, talk, values, wanted):
    """And with what the entry is instead."""
    await world.subscribe(DESK, "geely", **values)
    link = await publish(world, VENTURE)
    text = await talk.lines(f"why-not {link}")
    assert f"{wanted} for subscription 1: Geely" in text


async def test_other_news_is_no_move(world, talk):
    """For a subscription that says moves; for another it waits for the digest, whose hour is said."""
    await world.subscribe(DESK, "opel", appetite=Appetite.MOVES)
    link = await publish(
        world, "Opel stellt 200 Ladesäulen auf", "Opel hat 200 Ladesäulen für Elektroautos aufgestellt."
    )
    assert "No move, but electric-car news for subscription 1" in await talk.lines(f"why-not {link}")


async def test_it_waits_for_the_digest(world, talk):
    """Why, and until when, in the channel's zone; afterwards that it was told there."""
    await world.subscribe(DESK, "opel", timezone="Asia/Shanghai")
    link = await publish(
        world, "Opel stellt 200 Ladesäulen auf", "Opel hat 200 Ladesäulen für Elektroautos aufgestellt."
    )
    text = await talk.lines(f"why-not {link}")
    assert "S1 waits for the digest of 2026-03-03 08:00: news that is no move goes into the digest." in text
    world.clock.advance("1d")
    await world.run_for("1m")
    assert "S1 was told here in a digest: news that is no move" in await talk.lines(f"why-not {link}")


@pytest.mark.parametrize(
    ("language", "waits", "dropped", "ended"),
    [
        (
            "en",
            "which leaves it out while it is muted: M1: Opel",
            "waits no more: it was muted",
            "waits no more: subscription",
        ),
        ("de", "der Stummes auslässt: M1: Opel", "wartet nicht mehr: beim Überblick war es stumm", "nicht mehr: Abo"),
        ("zh", "但静音期间不会列入：M1：", "不再等待：摘要发出时它已静音", "不再等待：订阅"),
    ],
)
async def test_what_waits_no_more_does_not_say_it_waits(world, talk, *, language, waits, dropped, ended):
    """Muted while it waits, muted when the digest came, or with its subscription gone."""
    await world.subscribe(DESK, "opel", language=language)
    text = "Opel hat 200 Ladesäulen für Elektroautos aufgestellt."
    link = await publish(world, "Opel stellt 200 Ladesäulen auf", text)
    mute = await world.mute("opel")
    assert waits in await talk.lines(f"why-not {link}")
    assert not (await talk("digest")).messages
    world.clock.advance("1d")
    await world.run_for("1m")
    assert dropped in await talk.lines(f"why-not {link}")
    await world.store.unmute(mute.id)
    link = await publish(world, "Opel baut 300 Ladesäulen in Kassel", text.replace("200", "300"))
    assert len((await talk("digest")).messages) == 1
    await talk("unsubscribe all")
    assert ended in await talk.lines(f"why-not {link}")
    assert await talk.lines("digest")


async def test_what_waits_for_a_paused_subscription_or_channel_says_so(world, talk):
    """No hour is promised."""
    one = await world.subscribe(DESK, "opel")
    text = "Opel hat 200 Ladesäulen für Elektroautos aufgestellt."
    link = await publish(world, "Opel stellt 200 Ladesäulen auf", text)
    await world.store.pause_channel(HERE, "archived")
    assert "S1 waits until this channel goes on" in await talk.lines(f"why-not {link}")
    await talk("resume")
    await world.store.pause_subscription(one, "why not")
    assert f"S1 waits until subscription {one} goes on" in await talk.lines(f"why-not {link}")


async def test_companies_of_another_id_today_are_the_same(world, talk):
    """What was read of the former one is said of today's."""
    link = await publish(world, VENTURE)
    book = world.live.rulebook
    geely = replace(book.companies["geely"], id="geely-auto", formerly=("geely",))
    companies = {k: c for k, c in book.companies.items() if k != "geely"} | {"geely-auto": geely}
    renamed = replace(book, companies=companies, former={"company:geely": "geely-auto"}, hash="ne30")
    await world.store.rename({"geely": "geely-auto"}, {})
    world.live.swap(renamed, world.live.reader)
    assert "subscribe geely-auto foxconn" in await talk.lines(f"why-not {link}")
    assert "would have told 1 story" in await talk.lines("subscribe geely-auto")
    assert "subscription 1 does now" in await talk.lines(f"why-not {link}")
    assert "On the side" not in await talk.lines("geely-auto")


async def test_it_came_in_quiet_hours(world, talk):
    """Held, not lost."""
    await world.subscribe(DESK, "xiaomi")
    channel = await world.store.channel(HERE)
    await world.store.save_channel(replace(channel, quiet=QuietHours(time(7), time(20))))
    link = await publish(world, GERMAN)
    text = await talk.lines(f"why-not {link}")
    assert "S1 waits for the digest of 2026-03-02 20:00: it came in quiet hours." in text


async def test_a_weekly_subscription_waits_for_its_day(world, talk):
    """The digest of the subscription, not of the channel."""
    await world.subscribe(DESK, "xiaomi", cadence=Cadence.WEEKLY, weekday=3, digest_at=time(17))
    link = await publish(world, GERMAN)
    text = await talk.lines(f"why-not {link}")
    assert "2026-03-05 17:00: this subscription is told in digests" in text


async def test_a_watched_company_on_the_side_only(world, talk):
    """Who it is about, and the story to look at."""
    await world.subscribe(DESK, "foxconn")
    side = "Ebenfalls im Januar wurde bekannt, dass Geely und Foxconn ein Gemeinschaftsunternehmen gründen wollen."
    link = await publish(world, GERMAN, f"{GERMAN}. {side}")
    assert "Foxconn only on the side: it is about Xiaomi (S1)." in await talk.lines(f"why-not {link}")


async def test_it_was_muted(world, talk):
    """By which mute, while it holds and after."""
    await world.subscribe(DESK, "xiaomi")
    await muted(world, "xiaomi")
    link = await publish(world, GERMAN)
    assert "It was muted: " in (text := await talk.lines(f"why-not {link}"))
    assert "Xiaomi" in text.split("It was muted: ")[1]
    await world.store.unmute(MuteId(1))
    assert "It was muted then (M1)." in await talk.lines(f"why-not {link}")


async def test_the_first_poll_is_silent(world, talk):
    """And said to be so, asked by link or by the story's number."""
    await world.subscribe(DESK, "xiaomi")
    world.feed("strom", backlog=0)
    link = await publish(world, GERMAN)
    assert "was read for the first time" in await talk.lines(f"why-not {link}")
    assert "was read for the first time" in await talk.lines("why-not S1")


async def test_the_story_has_it_already(world, talk):
    """The same outlet with nothing new."""
    await world.subscribe(DESK, "xiaomi")
    await publish(world, GERMAN)
    link = await publish(world, f"{GERMAN}, heißt es weiter", language="de")
    assert "It said nothing that S1 did not have." in await talk.lines(f"why-not {link}")


async def test_known_facts_told_again(world, talk):
    """With the words that say so."""
    await world.subscribe(DESK, "geely")
    link = await publish(
        world,
        "Geely und Foxconn",
        "Bereits im Januar 2024 hatten Geely und Foxconn ein Gemeinschaftsunternehmen für Elektroautos gegründet.",
    )
    text = await talk.lines(f"why-not {link}")
    assert "Known facts told again: that tells nobody." in text
    assert "«Gemeinschaftsunternehmen»" in text


async def test_the_same_as_another_report(world, talk):
    """A title that comes again under another link: the first one is named, with its story."""
    await world.subscribe(DESK, "xiaomi")
    await publish(world, GERMAN)
    world.feed("strom").entries.clear()
    link = await publish(world, GERMAN, link="https://strom.example/again", guid="again")
    text = await talk.lines(f"why-not {link}")
    assert f"The same as another report of S1: 2026-03-02 Strom: {GERMAN}" in text


async def test_an_old_story_is_not_told_to_those_who_came_late(world, talk):
    """It was opened more than a week before."""
    await publish(world, GERMAN)
    world.clock.advance(timedelta(days=8))
    await world.subscribe(DESK, "xiaomi")
    link = await publish(world, CHINESE, feed="dianche")
    assert "S1 was more than 7 days old, and had never been told here." in await talk.lines(f"why-not {link}")


async def test_a_paused_channel(world, talk):
    """It was told nothing."""
    await world.subscribe(DESK, "xiaomi")
    await world.store.pause_channel(HERE, "gone on holiday")
    link = await publish(world, GERMAN)
    assert "The channel was paused then." in await talk.lines(f"why-not {link}")


async def test_a_rule_on_trial_tells_nobody(world, talk):
    """It is named; so it is in `read`."""
    await world.subscribe(DESK, "xiaomi")
    rules = {k: replace(r, status=Status.DRAFT) for k, r in world.live.rulebook.rules.items()}
    book = replace(world.live.rulebook, rules=rules)
    world.live.swap(book, Reader(book))
    link = await publish(world, GERMAN)
    assert "Only rules on trial hold (ev-entry): they tell nobody." in await talk.lines(f"why-not {link}")
    assert "On trial, tells nobody: Xiaomi: move into electric cars." in await talk.lines(f"read {GERMAN}")


async def test_what_was_told_says_where(world, talk):
    """It is no mystery then."""
    await world.subscribe(DESK, "xiaomi")
    root, edit, line = (
        await publish(world, GERMAN),
        await publish(world, CHINESE, feed="dianche"),
        await publish(world, CONFIRMED, feed="motorwire"),
    )
    assert "Told here at once, as the message of S1." in await talk.lines(f"why-not {root}")
    assert "it was added to the message of S1" in await talk.lines(f"why-not {edit}")
    assert "as a line under S1" in await talk.lines(f"why-not {line}")


async def test_a_link_comes_as_chats_write_it(world, talk):
    """In angle brackets, with a label, with trackers."""
    link = await publish(world, VENTURE)
    for written in (
        f"<{link}>",
        f"<{link}|strom.example/1>",
        f"{link}?utm_source=x",
        f"siehe {link} bitte",
        f"({link})。",
    ):
        assert "Nobody here watches" in await talk.lines(f"why-not {written}"), written


async def test_an_entry_by_its_title(world, talk):
    """As it stands, in any case; words that no title has find nothing."""
    await publish(world, VENTURE)
    assert "Nobody here watches" in await talk.lines(f"why-not {VENTURE.upper()}")
    assert "is called “Kein solcher Titel”" in await talk.lines("why-not Kein solcher Titel")


async def test_a_link_that_two_feeds_brought(world, talk):
    """Each with what became of it, the newest first."""
    await world.subscribe(DESK, "xiaomi")
    link = await publish(world, GERMAN, link="https://news.example/1")
    await publish(world, GERMAN, feed="dianche", link=link)
    lines = (await talk(f"why-not {link}")).lines
    assert [line for line in lines if "[feed " in line] == [
        f"2026-03-02 Dianche: {GERMAN} (news.example) [feed dianche]",
        f"2026-03-02 Strom: {GERMAN} (news.example) [feed strom]",
    ]


async def test_a_link_no_feed_has_brought(world, talk):
    """The feeds of that host are named, with how they are; the link itself never stands in a line."""
    world.feed("strom").fail_next(FetchError("the host answered 503"), FetchError("the host answered 503"))
    await world.run_for("1m")
    text = await talk.lines("why-not https://feeds.example/9?x=1")
    assert "No feed has brought this link of feeds.example." in text
    assert "strom has never answered" in text
    assert "the host answered 503" in text
    assert "There is no feed of other.example." in await talk.lines("why-not https://other.example/1")
    assert "://" not in text


async def test_a_text_that_is_gone(world, talk):
    """After 90 days the title alone can be looked at; the words that were seen are kept."""
    await world.subscribe(DESK, "xiaomi")
    nothing = await publish(world, "Foxconn announces a joint venture", "It will be with a farm nearby.")
    await publish(world, "Autobauer aus China", f"{GERMAN}.")
    world.clock.advance(timedelta(days=100))
    await world.prune()
    assert "Its text is gone after 90 days" in await talk.lines(f"why-not {nothing}")
    assert "“«Xiaomi» … «soll»" in await talk.lines("why S1")


async def test_rules_of_today_may_see_what_those_of_then_did_not(world, talk):
    """Then that is said."""
    book = world.live.rulebook
    blind = replace(book, rules={}, hash="b11d")
    world.live.swap(blind, Reader(blind))
    link = await publish(world, GERMAN)
    world.live.swap(book, Reader(book))
    text = await talk.lines(f"why-not {link}")
    assert "By today's rules: Xiaomi: move into electric cars. Rumour." in text


@pytest.mark.parametrize("words", ["why-not", "why-not S99", "why", "why S99", "read"])
async def test_what_is_missing_is_said(talk, words):
    """One line of usage, or that there is no such story."""
    assert await talk.refused(words)


async def test_a_title_with_markup_is_shown_as_text(world, talk):
    """No mention, no hidden letter, one line."""
    link = await publish(world, "<!channel> A & B ](https://evil.example) \u202etxt\nmore", "Nichts.")
    for line in (await talk(f"why-not {link}")).lines:
        assert "\n" not in line
        assert "\u202e" not in line


# ----------------------------------------------------------------------------------------------------------------- read


@pytest.mark.parametrize(
    ("text", "claim", "sentence"),
    [
        (
            f"{GERMAN}, berichtet Late Post.",
            "Xiaomi: move into electric cars. Rumour. First: Late Post [ev-entry]",
            "«Xiaomi» «soll»",
        ),
        (CHINESE, "Xiaomi: move into electric cars. Rumour.", "«小米»计划«造车»"),
        (
            "BYD and Uber form EV joint venture",
            "BYD + Uber: joint venture.",
            "«BYD» and «Uber» form EV «joint venture»",
        ),
    ],
)
async def test_a_text_is_read_with_its_evidence(talk, text, claim, sentence):
    """Who does what, how sure, who said it first, by which rule, and the words that say so."""
    lines = (await talk(f"read {text}")).lines
    assert lines[0].endswith(": 1 claim.")
    assert lines[1].startswith(claim)
    assert sentence in lines[2]


async def test_what_is_retold_or_on_the_side_is_said_to_be(talk):
    """The first line is the title."""
    text = f"{GERMAN}\nBaidu hatte im Januar angekündigt, gemeinsam mit Geely ins Autogeschäft einzusteigen."
    lines = (await talk(f"read {text}")).lines
    assert lines[0] == "Deutsch: 2 claims."
    assert any(line.startswith("Told as known: Baidu + Geely: partnership.") for line in lines)


async def test_nothing_that_is_read_is_kept(world, talk):
    """It is no entry and no story."""
    await talk(f"read {GERMAN}")
    assert await world.store.accounts() == {}
    assert await world.store.latest() == []


async def test_what_is_no_claim_says_what_is_missing(talk):
    """In the channel's language, with words of the text's."""
    await talk.speaks("zh")
    text = await talk.lines("read 比亚迪与宁德时代举行会议")
    assert "没有判断" in text
    assert "“«比亚迪»与«宁德时代»举行会议”" in text
    assert "合资" in text
