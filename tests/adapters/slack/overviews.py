"""An Overview as the desk gives it, for the golden files of forms and Home."""

from datetime import UTC, datetime, time

from bot.commands.overview import TEXTS
from bot.commands.texts import Voice
from bot.domain.channels import Appetite, Cadence, Channel, ChannelRef, Filter, QuietHours, Subscription, SubscriptionId
from bot.domain.claims import Kind
from bot.domain.messages import Message, SourceLink
from bot.domain.requests import Choice, Overview, Subscribed
from bot.domain.rulebook import Severity

TEAM = "T0TEAM"
CHANNEL = Channel(
    ChannelRef("slack", f"{TEAM}/C0EVDESK"), "en", "Europe/Berlin", quiet=QuietHours(time(22), time(7)), budget=20
)
OTHER = Channel(ChannelRef("slack", f"{TEAM}/C0SECRET"), "en", "Europe/Berlin")
FIRST = Subscription(
    SubscriptionId(3),
    CHANNEL,
    ("chinese-ev-makers",),
    frozenset({"xiaomi"}),
    frozenset({"xiaomi", "byd"}),
    filter=Filter(
        frozenset({"byd"}),
        frozenset({Kind.JOINT_VENTURE}),
        languages=frozenset({"zh"}),
        outlets=frozenset({"Reuters"}),
        severity=Severity.HIGH,
    ),
    appetite=Appetite.MOVES,
    cadence=Cadence.WEEKLY,
    digest_at=time(7, 30),
    weekday=4,
)
SECOND = Subscription(SubscriptionId(4), CHANNEL, (), frozenset({"xiaomi"}), frozenset({"xiaomi"}))
SECRET = Subscription(SubscriptionId(5), OTHER, (), frozenset({"nio"}), frozenset({"nio"}))
NASTY = "<!channel> *NIO* & <@U1>"
STORY = Message(
    "Xiaomi: move into electric cars. Rumour, first told by 晚点 LatePost.",
    quote="据晚点报道，小米即将进入电动汽车制造领域",
    sources=(SourceLink("晚点 LatePost", "https://www.latepost.example/1?a=1&b=2", datetime(2021, 2, 19, tzinfo=UTC)),),
    story="S42",
)


def choices(**labels):
    return tuple(Choice(value.replace("_", "-"), label) for value, label in labels.items())


def overview(*subscriptions, language="en"):
    """With these, or two of this channel and one of another."""
    voice = Voice(language)
    shown = subscriptions or (FIRST, SECOND, SECRET)
    words = {3: "3: Chinese EV makers and Xiaomi; without BYD; weekly", 4: "4: Xiaomi; at once", 5: f"5: {NASTY}"}
    return Overview(
        CHANNEL,
        tuple(Subscribed(s, words[s.id], tuple(s.filter.outlets)) for s in shown if s is not None),
        {
            "list": choices(chinese_ev_makers="Chinese EV makers", suppliers="Suppliers"),
            "company": choices(xiaomi="小米", byd="BYD"),
            "kind": choices(joint_venture="joint venture", plant="plant"),
            "certainty": choices(confirmed="Confirmed", denied="Denied"),
            "severity": choices(low="low", normal="normal", high="high"),
            "lang": choices(de="Deutsch", zh="中文"),
            "appetite": tuple(Choice(a.value, voice.say(f"form-appetite-{a}")) for a in Appetite),
            "cadence": tuple(Choice(c.value, voice.say(f"form-cadence-{c}")) for c in Cadence),
            "weekday": choices(monday="Monday", tuesday="T", wednesday="W", thursday="Th", friday="Friday"),
            "period": choices(**{"1d": "1 day", "7d": "7 days", "ever": "For ever"}),
        },
        (Choice("S42", "This story (S42)"), Choice("xiaomi", "小米")),
        ("120 feeds: 1 fails.", "late-post fails since 2026-03-01 09:00 (404)"),
        (STORY,),
        {key: voice.say(f"form-{key}") for key in TEXTS},
    )
