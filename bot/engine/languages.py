"""Which language a text is in: script first, then frequent words. Cheap, and never a condition for reading."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from bot.domain.rulebook import Language

_WORD = re.compile(r"[^\W\d_]+")
#: Kana, Hangul, Han.
_SCRIPTS = tuple(map(re.compile, ("[\u3040-\u30ff]+", "[\uac00-\ud7af]+", "[\u4e00-\u9fff]+")))
_NO_LETTERS = bytes(c for c in range(128) if not chr(c).islower())
#: How much of an entry is looked at.
_SAMPLE = 1_500


def detect(
    norm: str, hint: str | None, languages: Mapping[str, Language], phrases: Mapping[str, int] | None = None
) -> str | None:
    """The code of the language; a hint decides only where the text does not.

    `phrases` says how many characters of the rulebook's phrases of each language stand in the text: in a headline of
    four words that is often all there is to go by.
    """
    sample = norm[:_SAMPLE]
    latin = len(sample.encode("ascii", "ignore").translate(None, _NO_LETTERS))
    kana, hangul, han = (0, 0, 0) if sample.isascii() else (sum(map(len, s.findall(sample))) for s in _SCRIPTS)
    hinted = (hint or "").partition("-")[0].lower() or None
    if kana > 1 and 4 * kana >= han:
        return _of_script("kana", languages) or "ja"
    if 4 * hangul > latin:
        return _of_script("hangul", languages) or "ko"
    if 4 * han > latin:
        return _of_script("han", languages) or "zh"
    words = _WORD.findall(sample)
    scores = {
        code: sum(map(_set(language.common).__contains__, words))
        for code, language in languages.items()
        if language.script == "latin" and language.common
    }
    found = phrases or {}
    weights = {code: 6 * score + found.get(code, 0) for code, score in scores.items()}
    best = max(weights, key=lambda code: (weights[code], code == hinted), default=None)
    if best is None or weights[best] == 0:
        return hinted
    return best


@lru_cache(maxsize=64)
def _set(words: tuple[str, ...]) -> frozenset[str]:
    """The frequent words of a language, made once."""
    return frozenset(words)


def _of_script(script: str, languages: Mapping[str, Language]) -> str | None:
    return next((code for code, language in languages.items() if language.script == script), None)
