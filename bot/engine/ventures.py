"""Named joint ventures: a venture is no party of itself, its parents are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.domain.rulebook import Company, Cue
from bot.engine.companies import Named
from bot.engine.frames import Frame
from bot.engine.rows import Row


def of_parents(frame: Frame, row: Row, companies: Mapping[str, Company]) -> Frame:
    """A joint venture's frame with each venture in it replaced by those of its parents that the sentence names."""
    present = {name.company for name in row.named}

    def parties(ids: Sequence[str]) -> tuple[str, ...]:
        out: dict[str, None] = {}
        for party in ids:
            parents = [p for p in companies[party].venture_of if p in present] if party in companies else []
            out.update(dict.fromkeys(parents or [party]))
        return tuple(out)

    who = parties(frame.who)
    return replace(frame, who=who, whom=tuple(p for p in parties(frame.whom) if p not in who))


def only_described(row: Row, companies: Mapping[str, Company]) -> bool:
    """Whether the sentence tells what a venture is (Jidu, the venture of A and B), not that it comes into being."""
    named = any(companies[n.company].venture_of for n in row.named if n.company in companies)
    return named and row.has(Cue.FOUND) is None


def named_ventures(rows: Sequence[Row], companies: Mapping[str, Company]) -> list[tuple[Row, Named, tuple[str, ...]]]:
    """Each venture the entry names, at its first place, with those of its parents that the entry names too."""
    places = [(row, name) for row in rows for name in row.named]
    present = {name.company for _, name in places}
    found: dict[str, tuple[Row, Named, tuple[str, ...]]] = {}
    for row, name in places:
        company = companies.get(name.company)
        parents = tuple(p for p in company.venture_of if p in present) if company is not None else ()
        if len(parents) > 1:
            found.setdefault(name.company, (row, name, parents))
    return list(found.values())
