"""What may not be told now: muted, in quiet hours, over the budget, behind."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, time

import pytest

from bot.domain.channels import Cadence, Channel, Filter, Part, QuietHours, ReasonCode, Routed
from bot.domain.claims import Certainty
from bot.domain.mutes import Mutable, Mute, MuteId
from bot.engine.silence import Silence, named
from tests.engine.makers import FEED, NOW, claim, entry, party
from tests.engine.room import ASIA, DENIAL, DENIED, MAIN, Room, codes, keys, watch

#: It is one in the afternoon in Berlin.
NAP = replace(MAIN, quiet=QuietHours(time(13), time(14)))
BEHIND = Silence(catch_up=True)
DONE = claim("xiaomi", certainty=Certainty.DONE, origin=party("xiaomi"))


def mute(name: str, companies: str = "", *, what: Mutable = Mutable.COMPANY, at: Channel | None = MAIN, id: int = 3):
    until = datetime(2026, 3, 1, tzinfo=UTC)
    channel = None if at is None else at.ref
    return Mute(MuteId(id), channel, what, name, until, "slack:T1/U1", NOW, frozenset(companies.split()))


def muted(*mutes: Mute) -> Silence:
    return Silence(mutes)


XIAOMI, NIO = mute("xiaomi", "xiaomi"), mute("nio", "nio", id=4)
STORY = mute("1", what=Mutable.STORY)


def details(routed: Routed) -> list[str]:
    return [d.reason.detail for d in routed.decisions if d.reason.code is ReasonCode.MUTED]


def held(routed: Routed) -> list[tuple[ReasonCode, Certainty, str | None]]:
    return [(h.reason.code, h.certainty, h.root) for h in routed.held]


# ------------------------------------------------------------ mutes

NAMES = [
    (XIAOMI, "M3 company xiaomi until 2026-03-01"),
    (mute("xiaomi", "xiaomi", at=None), "M3 company xiaomi until 2026-03-01 everywhere"),
    (replace(STORY, until=None), "M3 story S1"),
    (mute("china", "xiaomi nio", what=Mutable.WATCHLIST), "M3 watchlist china until 2026-03-01"),
]


@pytest.mark.parametrize(("one", "words"), NAMES)
def test_a_mute_has_a_name_people_can_end_it_by(one, words):
    """Its number first, as `unmute` takes it."""
    assert named(one) == words


@pytest.mark.parametrize(("one", "words"), NAMES)
def test_a_muted_story_tells_nothing(one, words):
    """Neither message nor digest item nor post, and the reason names the mute."""
    routed = Room(watch("xiaomi")).poll(entry(1, claim("xiaomi")), silence=muted(one))
    assert (codes(routed), details(routed)) == ([ReasonCode.MUTED], [words])
    assert (routed.deliveries, routed.held, routed.posts) == ((), (), ())


def test_a_mute_of_another_channel_silences_nobody_here():
    """A mute holds for its channel."""
    assert keys(Room(watch("xiaomi")).poll(entry(1, claim("xiaomi")), silence=muted(mute("xiaomi", "xiaomi", at=ASIA))))


def test_a_muted_company_does_not_hide_its_partner():
    """Only where every watched party is muted is the story silent."""
    both = claim("xiaomi", "nio", certainty=Certainty.ANNOUNCED)
    told = Room(watch("xiaomi nio")).poll(entry(1, both), silence=muted(XIAOMI))
    assert codes(told) == [ReasonCode.ROOT]
    silent = Room(watch("xiaomi nio")).poll(entry(1, both), silence=muted(XIAOMI, NIO))
    assert details(silent) == ["M3 company xiaomi until 2026-03-01; M4 company nio until 2026-03-01"]
    alone = Room(watch("xiaomi")).poll(entry(1, both), silence=muted(XIAOMI))
    assert codes(alone) == [ReasonCode.MUTED]


def test_a_mute_leaves_a_channels_other_subscription_alone():
    """One subscription watches the muted company, the other its partner once a day."""
    room = Room(watch("xiaomi"), watch("nio", id=2, cadence=Cadence.DAILY))
    routed = room.poll(entry(1, claim("xiaomi", "nio", certainty=Certainty.ANNOUNCED)), silence=muted(XIAOMI))
    assert [(h.subscription, h.reason.code) for h in routed.held] == [(2, ReasonCode.DIGEST)]


def test_what_is_filtered_anyway_is_filtered():
    """The mute is no reason where there would have been nothing."""
    room = Room(watch("xiaomi", filter=Filter(languages=frozenset({"zh"}))))
    assert codes(room.poll(entry(1, claim("xiaomi")), silence=muted(XIAOMI))) == [ReasonCode.FILTERED]


@pytest.mark.parametrize("one", [XIAOMI, STORY])
def test_a_muted_story_is_not_edited_either(one):
    """When the mute is over, the next report says what was missed."""
    room = Room(watch("xiaomi"))
    room.poll(entry(1, claim("xiaomi")))
    assert keys(room.poll(entry(2, claim("xiaomi"), outlet="heise"), silence=muted(one))) == []
    assert codes(room.poll(entry(3, DENIAL, days=1), days=1, silence=muted(one))) == [ReasonCode.MUTED]
    after = room.poll(entry(4, DENIAL, outlet="36Kr", days=2), days=2)
    assert keys(after) == ["story:1:r4:edit", "story:1:r4:line"]


# ------------------------------------------------------------ held

WHYS = [
    pytest.param(NAP, Silence(), ReasonCode.QUIET, id="quiet hours"),
    pytest.param(replace(MAIN, budget=2), Silence(told={MAIN.ref: 2}), ReasonCode.BUDGET, id="budget"),
    pytest.param(MAIN, BEHIND, ReasonCode.CATCH_UP, id="catching up"),
    pytest.param(replace(NAP, budget=0), BEHIND, ReasonCode.CATCH_UP, id="catching up goes first"),
    pytest.param(replace(NAP, budget=0), Silence(), ReasonCode.QUIET, id="then quiet hours"),
]


@pytest.mark.parametrize(("at", "silence", "code"), WHYS)
def test_a_message_that_may_not_be_told_now_is_held(at, silence, code):
    """A second outlet makes no message of it; a change of certainty does, once it may."""
    room = Room(watch("xiaomi", at))
    first = room.poll(entry(1, claim("xiaomi")), silence=silence)
    assert (codes(first), held(first), keys(first)) == ([code], [(code, Certainty.RUMOUR, None)], [])
    assert [(p.root, p.in_digest) for p in first.posts] == [(None, False)]
    room.subscriptions = (watch("xiaomi"),)
    second = room.poll(entry(2, claim("xiaomi"), outlet="heise"))
    assert (codes(second), keys(second), held(second)) == ([ReasonCode.DIGEST], [], [])
    third = room.poll(entry(3, DENIAL, days=1), days=1)
    assert (codes(third), keys(third)) == ([ReasonCode.ROOT], ["story:1:r3:root"])


def test_the_same_outlet_with_nothing_new_is_nothing_new_while_it_waits():
    """No decision says digest for what adds nothing."""
    room = Room(watch("xiaomi", NAP))
    room.poll(entry(1, claim("xiaomi")))
    assert codes(room.poll(entry(2, claim("xiaomi")))) == [ReasonCode.NOTHING_NEW]


@pytest.mark.parametrize(("at", "silence", "code"), WHYS[:1] + WHYS[2:])
def test_a_line_that_may_not_be_told_now_is_an_edit_and_held(at, silence, code):
    """The message says at once what holds now; the digest says that it changed, and nobody says it again."""
    room = Room(watch("xiaomi"))
    room.poll(entry(1, claim("xiaomi")))
    room.subscriptions = (watch("xiaomi", at),)
    done = room.poll(entry(2, DONE, days=1), days=1, silence=silence)
    assert (codes(done), keys(done)) == ([code], ["story:1:r2:edit"])
    assert held(done) == [(code, Certainty.DONE, "story:1:r1:root")]
    room.subscriptions = (watch("xiaomi"),)
    again = room.poll(entry(3, DONE, outlet="heise", days=2), days=2)
    assert (codes(again), keys(again)) == ([ReasonCode.EDIT], ["story:1:r3:edit"])


def test_a_story_that_changes_while_it_waits_waits_on_as_it_is_now():
    """Held twice, for the same digest."""
    room = Room(watch("xiaomi", NAP))
    room.poll(entry(1, claim("xiaomi")))
    assert held(room.poll(entry(2, DENIAL))) == [(ReasonCode.QUIET, DENIED, None)]


def test_a_story_told_in_a_digest_whose_change_may_not_be_told_waits_again():
    """It is in the next digest."""
    room = Room(watch("xiaomi", NAP))
    room.poll(entry(1, claim("xiaomi")))
    room.told_in_digest()
    routed = room.poll(entry(2, DENIAL))
    assert held(routed) == [(ReasonCode.QUIET, DENIED, None)]
    assert not routed.posts[0].in_digest


def test_an_edit_is_silent_and_free():
    """Neither quiet hours nor a budget hold it; the deliverer waits for the morning."""
    room = Room(watch("xiaomi"))
    room.poll(entry(1, claim("xiaomi")))
    room.subscriptions = (watch("xiaomi", replace(NAP, budget=0)),)
    assert codes(room.poll(entry(2, claim("xiaomi"), outlet="heise"), silence=BEHIND)) == [ReasonCode.EDIT]


def test_what_a_daily_subscriber_waits_for_anyway_is_in_its_digest():
    """Quiet hours are no reason for what would not have been told now."""
    routed = Room(watch("xiaomi", NAP, cadence=Cadence.DAILY)).poll(entry(1, claim("xiaomi")))
    assert (codes(routed), routed.posts) == ([ReasonCode.DIGEST], ())


# ------------------------------------------------------------ budget

MAKERS = "xiaomi xpeng nio geely foxconn"


def test_a_poll_spends_what_is_left_of_the_day():
    """Three of five; the other two wait."""
    room = Room(watch(MAKERS, replace(MAIN, budget=5)))
    entries = [entry(i, claim(c)) for i, c in enumerate(MAKERS.split(), 1)]
    routed = room.poll(*entries, silence=Silence(told={MAIN.ref: 2}))
    assert [c.value for c in codes(routed)] == ["root"] * 3 + ["budget"] * 2
    assert [p.root is None for p in routed.posts] == [False] * 3 + [True] * 2


@pytest.mark.parametrize(("news", "told"), [(DENIAL, True), (DONE, False)])
def test_only_a_line_to_confirmed_or_denied_breaks_the_budget(news, told):
    """Whoever read the rumour hears of its end today; that a plan was carried out can wait."""
    room = Room(watch("xiaomi", replace(MAIN, budget=1)))
    room.poll(entry(1, claim("xiaomi")))
    routed = room.poll(entry(2, news), silence=Silence(told={MAIN.ref: 1}))
    assert codes(routed) == [ReasonCode.LINE if told else ReasonCode.BUDGET]


def test_a_message_about_a_denial_does_not_break_the_budget():
    """Who never read the rumour can wait for the digest."""
    room = Room(watch("xiaomi", replace(MAIN, budget=0)))
    room.poll(entry(1, claim("xiaomi"), silent=True))
    assert codes(room.poll(entry(2, DENIAL))) == [ReasonCode.BUDGET]


def test_in_quiet_hours_there_is_no_overflow_line():
    """Everything waits for the digest anyway."""
    room = Room(watch(MAKERS, NAP), watch(MAKERS, ASIA, id=2), feed=replace(FEED, burst=1))
    routed = room.poll(*[entry(i, claim(c)) for i, c in enumerate(MAKERS.split(), 1)])
    assert [d.channel for d in routed.deliveries if d.part is Part.OVERFLOW] == [ASIA.ref]
    assert codes(routed).count(ReasonCode.QUIET) == 5


def test_a_paused_channel_holds_nothing():
    """Paused is paused, at any hour."""
    room = Room(watch("xiaomi", replace(NAP, paused="not in channel")))
    routed = room.poll(entry(1, claim("xiaomi")))
    assert (codes(routed), routed.held, routed.posts) == ([ReasonCode.PAUSED], (), ())
