"""What may not be told now: mutes silence; quiet hours, a budget that is used up and catching up hold."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.channels import Channel, ChannelRef, ReasonCode
from bot.domain.claims import Certainty
from bot.domain.mutes import Mutable, Mute
from bot.domain.stories import StoryId
from bot.engine.timing import in_quiet

#: A line that says one of these may break the day's budget: whoever read the rumour must hear of it.
_URGENT = frozenset({Certainty.CONFIRMED, Certainty.DENIED})


@dataclass(frozen=True, slots=True)
class Silence:
    """What one poll finds."""

    mutes: Sequence[Mute] = ()  #: those that hold now, of all channels concerned
    told: Mapping[ChannelRef, int] = field(default_factory=dict)  #: roots and lines of its day so far, by channel
    catch_up: bool = False  #: the database is behind: what is new to it is no news


class Mutes:
    """What one channel does not want to hear of now."""

    def __init__(self, mutes: Sequence[Mute], channel: ChannelRef) -> None:
        self._mutes = [m for m in mutes if m.channel in (None, channel)]
        self.companies = frozenset[str]().union(*(m.companies for m in self._mutes))

    def story(self, story: StoryId) -> str:
        """The mute of this very story, named; empty where there is none."""
        return next((named(m) for m in self._mutes if m.covers(story)), "")

    def all_of(self, companies: Collection[str]) -> str:
        """The mutes that leave none of these companies, named; empty where one is left, or there are none."""
        if not companies or not self.companies.issuperset(companies):
            return ""
        first = (next(m for m in self._mutes if c in m.companies) for c in companies)
        return "; ".join(dict.fromkeys(map(named, first)))


def named(mute: Mute) -> str:
    """A mute in words: `M3 company xiaomi until 2026-03-01 everywhere`."""
    name = f"S{mute.name}" if mute.what is Mutable.STORY else mute.name
    until = f" until {mute.until:%Y-%m-%d}" if mute.until else ""
    return f"M{mute.id} {mute.what} {name}{until}" + ("" if mute.channel else " everywhere")


class Hush:
    """What keeps one channel from hearing of more during one poll."""

    def __init__(self, channel: Channel, silence: Silence, now: datetime) -> None:
        self.mutes = Mutes(silence.mutes, channel.ref)
        self._catch_up = silence.catch_up
        self._quiet = in_quiet(now, channel.timezone, channel.quiet) is not None
        self._left = None if channel.budget is None else channel.budget - silence.told.get(channel.ref, 0)

    def holds(self, *, line_to: Certainty | None = None) -> ReasonCode | None:
        """Why a new message, or a line to this certainty, may not be told now; None where it may."""
        if self._catch_up:
            return ReasonCode.CATCH_UP
        if self._quiet:
            return ReasonCode.QUIET
        if self._left is not None and self._left <= 0 and line_to not in _URGENT:
            return ReasonCode.BUDGET
        return None

    def spend(self) -> None:
        """One more message or line is told today."""
        if self._left is not None:
            self._left -= 1
