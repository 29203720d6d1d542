"""The demo's channels: three desks on the console, each in its language and with its own companies."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.domain.channels import Channel, ChannelRef, Subscription, SubscriptionId
from bot.domain.rulebook import Rulebook
from bot.ports import Store


@dataclass(frozen=True, slots=True)
class Desk:
    """Who is told of what."""

    room: str
    language: str
    timezone: str
    watchlists: tuple[str, ...] = ()
    companies: tuple[str, ...] = ()


DESKS = (
    Desk("berlin", "de", "Europe/Berlin", ("asian-tech", "german-makers")),
    Desk("london", "en", "Europe/London", ("charging", "us-makers"), ("catl",)),
    Desk("shanghai", "zh", "Asia/Shanghai", companies=("byd", "li-auto", "nio", "xpeng")),
)


async def subscribe(store: Store, rulebook: Rulebook, now: datetime) -> None:
    """Set up the channels and what they watch; those that are there stay as they are."""
    for desk in DESKS:
        ref = ChannelRef("console", desk.room)
        hour = digest_hour(now, desk.timezone)
        channel = await store.set_channel(Channel(ref, desk.language, desk.timezone, hour))
        companies = frozenset(desk.companies)
        watched = companies.union(*(rulebook.watchlists[w].companies for w in desk.watchlists))
        subscription = Subscription(SubscriptionId(0), channel, desk.watchlists, companies, watched)
        await store.subscribe(subscription, now)


def digest_hour(now: datetime, timezone: str) -> time:
    """Eight in the morning; ten where eight is so near that the digest would come in the middle of the show."""
    local = now.astimezone(ZoneInfo(timezone))
    early = timedelta(hours=7) <= timedelta(hours=local.hour, minutes=local.minute) < timedelta(hours=8, minutes=5)
    return time(10, 0) if early else time(8, 0)
