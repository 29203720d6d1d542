"""News made up for measuring: names, and articles of about 1.2 kB in six languages that name them.

Everything follows from a seed; nothing is taken from anywhere. Words come in the proportions of language (few often,
many seldom), dressed as feeds dress them: quotes, dashes, no-break spaces, here and there full width, soft hyphens
and decomposed letters.
"""

from __future__ import annotations

import random
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from bot.domain.rulebook import Alias, Company, Phrase

LANGUAGES = ("de", "en", "zh", "ja", "ko", "fr")
SIZE = 1_200  #: bytes of UTF-8
_PER_COMPANY = 5

_OFTEN = {
    "de": "der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als auch es an werden aus er "
    "hat dass sie nach bei einer um am noch wie über soll wurde heißt Straße größte müsse können Jahr Euro Werk",
    "en": "the of and to in a is that for it as was with be by on not he his but at are this have from or had an they "
    "which one you were her all she there would their we him been has when who will more no if out so said plant year",
    "fr": "de la le et les des en un du une que est pour qui dans a par plus pas au sur ne se ce il sont avec son été "
    "où déjà être français société année côté marché d’une l’année c’est qu’il n’a véhicule usine milliards",
}
_SYLLABLES = {
    "de": "ver ge be ent stell wirt schaft lich keit ung häus über kräf tig zug grö füh ren län der sen en el zei",
    "en": "con pre tion ment ing ate ure ally less ship stand work line port form ized ence ough ther ward ling est er",
    "fr": "tion eur é ais ment ière ance ité cou rant près hô tel çai vé gou ver né ment eau eux ouv rir dép ense ant",
}
_LATIN_NAME = "zor vex qui lum tra bel nix dor fal gri hux jov kel mir nod pyx rud syl tov urb vam wex yol zin ark eld"
_LEGAL = ("Motors", "Energy", "Systems", "Group", "AG", "Mobility", "Technologies")
_KANA = [chr(c) for c in range(0x30A2, 0x30ED)]
_HIRAGANA = "のにはをたがでてとしれさあるいるもなことして"
_COMMON_HAN = (
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子说产种面而方后多"
)


def _syllable_words(rng: random.Random, syllables: str, count: int, capitals: float) -> list[str]:
    parts = syllables.split()
    words = ["".join(rng.choices(parts, k=rng.randint(2, 4))) for _ in range(count)]
    return [w.capitalize() if rng.random() < capitals else w for w in words]


def _block_words(rng: random.Random, block: range, count: int, longest: int) -> list[str]:
    letters = [chr(c) for c in rng.sample(block, 900)]
    return ["".join(rng.choices(letters, k=rng.randint(1, longest))) for _ in range(count)]


def _vocabulary(language: str) -> list[str]:
    """Words of a language, the frequent ones first."""
    rng = random.Random(f"words {language}")
    if language == "zh":
        return [*_COMMON_HAN, *_block_words(rng, range(0x4E00, 0x8FFF), 4_000, 3)]
    if language == "ja":
        kana = ["".join(rng.choices(_KANA, k=rng.randint(3, 6))) for _ in range(600)]
        mixed = [w + rng.choice(_HIRAGANA) for w in _block_words(rng, range(0x4E00, 0x8FFF), 3_000, 2)]
        return [*_HIRAGANA, *kana[:40], *mixed, *kana[40:]]
    if language == "ko":
        return _block_words(rng, range(0xAC00, 0xD7A4), 4_000, 4)
    capitals = {"de": 0.4, "en": 0.05, "fr": 0.05}[language]
    return [*_OFTEN[language].split(), *_syllable_words(rng, _SYLLABLES[language], 5_000, capitals)]


@dataclass(frozen=True, slots=True)
class Name:
    """A way to write a company."""

    text: str
    company: str
    cjk: bool


def make_names(count: int) -> list[Name]:
    """Names, five a company: the first thousand of them are the same whatever the count."""
    rng = random.Random("names")
    syllables = _LATIN_NAME.split()
    han, hangul = (rng.sample(block, 2_000) for block in (range(0x4E00, 0x9FA0), range(0xAC00, 0xD7A4)))
    seen: dict[str, None] = {}
    while len(seen) < count:
        kind = rng.random()
        if kind < 0.62:
            text = "".join(rng.choices(syllables, k=rng.randint(3, 5))).capitalize()
            text += f" {rng.choice(_LEGAL)}" if rng.random() < 0.35 else ""
        elif kind < 0.66:
            text = "".join(rng.choices("BCDFGHJKLMNPQRSTVWXYZ", k=rng.randint(4, 5)))
        elif kind < 0.84:
            text = "".join(map(chr, rng.choices(han, k=rng.randint(3, 4))))
        elif kind < 0.92:
            text = "".join(rng.choices(_KANA, k=rng.randint(5, 7)))
        else:
            text = "".join(map(chr, rng.choices(hangul, k=rng.randint(3, 5))))
        seen.setdefault(text)
    return [Name(t, f"c{i // _PER_COMPANY}", t[0] > "\u2e80") for i, t in enumerate(seen)]


def companies(names: Sequence[Name]) -> dict[str, Company]:
    """The names as a rulebook has them."""
    aliases: dict[str, list[Alias]] = {}
    for name in names:
        aliases.setdefault(name.company, []).append(Alias(Phrase(name.text)))
    return {key: Company(key, key, aliases=tuple(of)) for key, of in aliases.items()}


@dataclass(frozen=True, slots=True)
class Planted:
    """A name as it stands in an article."""

    company: str
    start: int
    end: int
    cjk: bool


@dataclass(frozen=True, slots=True)
class Article:
    """A text, and the companies it names."""

    language: str
    text: str
    planted: tuple[Planted, ...]


def _genitive(name: str) -> str:
    return name if name[-1] in "sS" else f"{name}s"


#: How a name in Latin letters is spelt beside as we know it, and how often in a hundred.
_SPELLINGS: list[tuple[int, Callable[[str], str]]] = [
    (80, str),
    (4, lambda n: n.replace(" ", "\u00a0")),
    (3, lambda n: n.replace(" ", "-")),
    (4, _genitive),
    (3, str.upper),
    (2, lambda n: f"{n[:3]}\u00ad{n[3:]}"),
    (2, lambda n: "".join(chr(ord(c) + 0xFEE0) if c > " " else "\u3000" for c in n)),
    (2, lambda n: n.replace(" ", "  ")),
]


def make_articles(
    names: Sequence[Name], count: int, phrases: Mapping[str, Sequence[str]] | None = None, share: float = 0
) -> list[Article]:
    """Articles by turns in each language; about one name in thirty words, as news of companies has them.

    `phrases` by language are strewn in, `share` of all words.
    """
    rng = random.Random("articles")
    words = {language: _vocabulary(language) for language in LANGUAGES}
    made = []
    for i in range(count):
        language = LANGUAGES[i % len(LANGUAGES)]
        strewn = (phrases or {}).get(language, ())
        made.append(_article(rng, language, words[language], names, phrases=strewn, share=share))
    return made


def _article(
    rng: random.Random,
    language: str,
    vocabulary: Sequence[str],
    names: Sequence[Name],
    *,
    phrases: Sequence[str],
    share: float,
) -> Article:
    spaced = language not in ("zh", "ja")
    own = [n for n in names if n.cjk is not (language in ("de", "en", "fr"))] or names
    end, commas = ("。", "，" if language == "zh" else "、") if not spaced else (".", ", ")
    quotes = {"de": "„“", "fr": "«»", "ja": "「」"}.get(language, "“”")
    parts: list[str] = []
    planted: list[Planted] = []
    at = size = 0

    def add(text: str) -> None:
        nonlocal at, size
        parts.append(text)
        at += len(text)
        size += len(text.encode())

    while size < SIZE:
        length = rng.randint(8, 22)
        for i in range(length):
            chance = rng.random()
            if chance < 0.035 and not (planted and planted[-1].end == at):  # two names glued are no name
                name = rng.choice(own if rng.random() < 0.7 else names)
                spelling = rng.choices([s for _, s in _SPELLINGS], [w for w, _ in _SPELLINGS])[0]
                text = name.text if name.cjk else spelling(name.text)
                planted.append(Planted(name.company, at, at + len(text), name.cjk))
                add(text)
            elif phrases and rng.random() < share:
                add(rng.choice(phrases))
            else:
                word = vocabulary[int(len(vocabulary) ** rng.random()) - 1]
                add(f"{quotes[0]}{word}{quotes[1]}" if chance > 0.98 else word)
            if i + 1 == length:
                add(end)
            elif rng.random() < 0.07:
                add(commas)
            elif spaced:
                add(" – " if chance > 0.97 else " ")
        add("\n" if rng.random() < 0.15 else " " * spaced)
    text = "".join(parts)
    if rng.random() < 0.02 and not any(p.cjk for p in planted):  # some feeds send decomposed letters
        text = unicodedata.normalize("NFD", text)
        planted = []  # their offsets are others; such articles count for time alone
    return Article(language, text, tuple(planted))
