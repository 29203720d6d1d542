"""What two transcripts say about each other: lost, doubled, out of order.

Stories are known by the links of their reports, since numbers differ from run to run. For each room and story:

- told: as a root, or named in a digest; where the one happened in one run and the other in the other, it was told.
- the last first line (of the root as edited, or of the digest that named it last) is the same: it has the certainty.
- where both runs told it by a root: the root's final text is the same, and the same lines stand in its thread: but in
  rooms whose quiet hours or budget make a digest of some changes, and of stories a change of which stands in a digest
  (a clock that jumped by days makes the database behind, and what it missed is told in the catch-up digest).

Order is judged within each room: no edit or line before its root; each story's edits, and its lines, in order of
revision; and roots, lines and edits in the order of their rows, but in rooms with quiet hours, where rows are put off.
Digests and notices have an hour of their own.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from bot.domain.channels import Channel, ChannelRef, Part
from tests.kit.chaos_news import story_of
from tests.kit.wire_server import Arrived

Key = tuple[ChannelRef, int]

_OF_STORY = re.compile(r"story:(\d+):r(\d+):")
_NUMBER = re.compile(r"\bS\d+\b")
#: A digest names a change of what was told before as a line does: "Now: denied" is "Denied".
_NOW = re.compile("(?:Now|Jetzt): |最新：")


@dataclass
class Told:
    """One story in one room, in the end."""

    line: str = ""  #: the last first line
    roots: dict[str, str] = field(default_factory=dict)  #: id -> text as edited
    lines: list[str] = field(default_factory=list)
    digested: bool = False  #: a change of it stands in a digest


@dataclass(frozen=True)
class Verdict:
    """Every list is empty where all went well."""

    lost: list[str]
    doubled: list[str]
    disordered: list[str]
    different: list[str]  #: told, but not to the same end
    repeated_edits: int  #: an edit made twice is seen once: no harm

    @property
    def clean(self) -> bool:
        return not (self.lost or self.doubled or self.disordered or self.different)

    def __str__(self) -> str:
        named = {k: v for k, v in vars(self).items() if isinstance(v, list)}
        return "\n".join(
            f"{name}: {len(items)}" + "".join(f"\n  {i}" for i in items[:20]) for name, items in named.items()
        )


def judge(
    calm: Sequence[Arrived],
    killed: Sequence[Arrived],
    outbox: Mapping[tuple[str, str], int],
    rooms: Mapping[ChannelRef, Channel],
) -> Verdict:
    """Compare a run with kills to one without. `outbox`: (channel, key) -> row, of the run with kills."""
    wanted, told = told_of(calm), told_of(killed)
    lost = [f"{_shown(key)}: {wanted[key].line}" for key in wanted.keys() - told.keys()]
    different = [f"{_shown(key)} was told with kills only: {told[key].line}" for key in told.keys() - wanted.keys()]
    for key in wanted.keys() & told.keys():
        room = rooms[key[0]]
        different += _different(key, wanted[key], told[key], threads=not (room.quiet or room.budget))
    counts = Counter((a.channel, a.key, a.part) for a in killed)
    doubled = [f"{ref} {key}: {n} times" for (ref, key, part), n in counts.items() if n > 1 and part is not Part.EDIT]
    doubled += [f"{_shown(key)}: {len(t.roots)} roots" for key, t in told.items() if len(t.roots) > 1]
    repeated = sum(n - 1 for (_, _, part), n in counts.items() if part is Part.EDIT)
    put_off = {ref for ref, room in rooms.items() if room.quiet}
    return Verdict(sorted(lost), doubled, list(_disordered(killed, outbox, put_off)), sorted(different), repeated)


def told_of(arrived: Iterable[Arrived]) -> dict[Key, Told]:
    """What each room knows of each story in the end."""
    found: dict[Key, Told] = {}
    for a in arrived:
        for story, line in _tellings(a):
            told = found.setdefault((a.channel, story), Told())
            if a.part is Part.LINE:
                told.lines.append(a.text)
                continue
            told.line = line
            told.digested |= a.part is Part.DIGEST and _NOW.search(line) is not None
            if a.part in (Part.ROOT, Part.EDIT):
                told.roots[a.id] = a.text
    return found


def _tellings(a: Arrived) -> Iterator[tuple[int, str]]:
    """The stories a message tells, each with its first line."""
    first, *rest = a.text.splitlines()
    if a.part in (Part.ROOT, Part.EDIT, Part.LINE):
        story = story_of(a.text)
        assert story is not None, a.text
        yield story, first
    elif a.part is Part.DIGEST:
        for line in rest:  # of each story its first line, then its link
            story = story_of(line)
            if story is None:
                first = line.strip()
            else:
                yield story, first


def _different(key: Key, wanted: Told, told: Told, *, threads: bool) -> Iterator[str]:
    pairs = [("last line", _NOW.sub("", wanted.line).casefold(), _NOW.sub("", told.line).casefold())]
    if wanted.roots and told.roots:
        pairs.append(("root", _final(wanted), _final(told)))
        if threads and not (wanted.digested or told.digested):
            pairs.append(("lines", str(sorted(wanted.lines)), str(sorted(told.lines))))
    for name, one, other in pairs:
        if _NUMBER.sub("S", one) != _NUMBER.sub("S", other):
            yield f"{_shown(key)}: its {name} was {one!r}, with kills it is {other!r}"


def _final(told: Told) -> str:
    return list(told.roots.values())[-1]


def _disordered(
    arrived: Iterable[Arrived], outbox: Mapping[tuple[str, str], int], put_off: Collection[ChannelRef]
) -> Iterator[str]:
    roots: set[tuple[ChannelRef, str]] = set()
    seen: set[tuple[ChannelRef, str]] = set()
    revisions: dict[tuple[ChannelRef, str, Part], int] = {}
    latest: dict[ChannelRef, tuple[int, str]] = {}
    for a in arrived:
        if a.part is Part.ROOT:
            roots.add((a.channel, a.id))
        elif a.root is not None and (a.channel, a.root) not in roots:
            yield f"{a.channel} {a.key} came before its root"
        if (a.channel, a.key) in seen:
            continue
        seen.add((a.channel, a.key))
        match = _OF_STORY.match(a.key)
        if match is None:
            continue
        of, revision = (a.channel, match[1], a.part), int(match[2])
        if revision < revisions.get(of, 0):
            yield f"{a.channel} {a.key} came after revision {revisions[of]}"
        revisions[of] = revision
        row, (before, its) = outbox.get((str(a.channel), a.key), -1), latest.get(a.channel, (0, ""))
        if row < before and a.channel not in put_off:
            yield f"{a.channel} {a.key} (row {row}) came after {its} (row {before})"
        latest[a.channel] = (row, a.key)


def _shown(key: Key) -> str:
    return f"{key[0]} story {key[1]}"
