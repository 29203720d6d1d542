"""Twenty traps of finding names: what is written, and which company is meant (or none)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Protocol

from measuring import Row
from news import Name

_NAMES = {
    "strasse": "Groß Straßenwerke",
    "xiaomi": "Xiaomi",
    "byd": "BYD",
    "skoda": "Škoda",
    "general-motors": "General Motors",
    "mercedes-benz": "Mercedes-Benz",
    "volkswagen": "Volkswagen",
    "volkswagen-ag": "Volkswagen AG",
    "ford": "Ford",
    "nio": "NIO",
    "wei-lai": "蔚来",
    "honda": "ホンダ",
    "tesla": "Tesla",
}
NAMES = [Name(text, company, text[0] > "\u2e80") for company, text in _NAMES.items()]

#: The name of the trap, the text, what has to be found there.
TRAPS = (
    ("SS for sharp s", "GROSS STRASSENWERKE BAUEN", "strasse"),
    ("Turkish dotted I", "XİAOMİ builds", "xiaomi"),
    ("full width", "ＢＹＤが生産", "byd"),
    ("decomposed letters", "S\u030ckoda baut", "skoda"),
    ("no-break space", "of General\u00a0Motors today", "general-motors"),
    ("double space", "of General  Motors today", "general-motors"),
    ("hyphen for space", "das General-Motors-Werk", "general-motors"),
    ("space for hyphen", "bei Mercedes Benz heute", "mercedes-benz"),
    ("no-break hyphen", "bei Mercedes\u2011Benz heute", "mercedes-benz"),
    ("soft hyphen", "bei Volks\u00adwagen heute", "volkswagen"),
    ("half-width kana", "ﾎﾝﾀﾞの車", "honda"),
    ("zero width", "蔚\u200b来发布", "wei-lai"),
    ("a short name in a longer word", "the Fordham students", ""),
    ("a capital name in a small word", "it is nio", ""),
    ("Latin glued to CJK", "电动车企NIO发布", "nio"),
    ("German genitive", "Teslas Werk", "tesla"),
    ("English s, straight", "Tesla's plant", "tesla"),
    ("English s, curly", "Tesla’s plant", "tesla"),
    ("the longer name that is not one", "the Volkswagen AGM today", "volkswagen"),
    ("inner overlap", "the Volkswagen AG today", "volkswagen-ag"),
)


class Finder(Protocol):
    """A peer."""

    def find(self, text: str) -> Iterable[tuple[str, int, int]]: ...


def wrong(peers: Mapping[str, Callable[[Sequence[Name]], Finder]]) -> Iterator[Row]:
    """How many traps each peer falls into."""
    for name, make in peers.items():
        peer, fallen = make(NAMES), 0
        for _, text, meant in TRAPS:
            found = {company for company, _, _ in peer.find(text)}
            # of names inside one another a peer may give all: the longest is what counts
            fallen += not (meant in found if meant else not found)
        yield Row(f"traps wrong of {len(TRAPS)}, {name}", fallen, "", 0 if name == "ours" else None)
