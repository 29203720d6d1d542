"""A claim in one line of a channel's language; never surer than the claim itself."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from datetime import date

from bot.domain.claims import Certainty, Claim, Kind, OriginType
from bot.domain.rulebook import Company, Language, NameKind
from bot.engine.hygiene import shown

#: Every label a language may give, with what stands in its place where it does not: the fields alone, no words.
LABELS: Mapping[str, str] = {
    "one": "{who}: {kind}",
    "from-to": "{who} > {whom}: {kind}",
    "one-short": "{who}, {kind}",
    "from-to-short": "{who} > {whom}, {kind}",
    "equals": "{a} + {b}",
    "list": "{a}, {b}",
    "plain": "{what}. {certainty}.",
    "with-origin": "{what}. {certainty}. {origin}",
    "plain-line": "{what}. > {certainty}.",
    "with-origin-line": "{what}. > {certainty}. {origin}",
    "origin-outlet": "({name})",
    "origin-sources": "({name})",
    "origin-document": "({name})",
    "origin-party": "({name})",
    "origin-own": "({name})",
    "sources": "?",
    "document": "?",
    "also": "+ {items}",
    "also-counted": "+ {items}; {counts}",
    "more": "{items}, +{count}",
    "counts": "{origins}/{outlets}",
    "counts-one": "1/{outlets}",
    "also-in": "+ {items}",
    "also-in-more": "+ {items} ...",
    "claims": "{a}; {b}",
    "before": "< {items}",
    "told-by": "{what} ({name})",
    "again": "+ {items}",
    "denied-by": "? {items}",
    "follows": "< {items}",
    "related": "~ {items}",
    "digest": "{date}: {count}",
    "digest-one": "{date}: 1",
    "catch-up": "{date}: {count}",
    "catch-up-one": "{date}: 1",
    "overflow": "{feed}: +{count}",
    "overflow-one": "{feed}: +1",
    "list-left": "{list}: {items}",
    "list-paused": "- {numbers}",
    "list-going-on": "+ {numbers}",
    "list-back": "{list}: + {numbers}",
    "date": "{year}-{month}-{day}",
    "action-mute": "mute",
    "action-why": "why",
    "action-story": "story",
    "action-useful": "+",
    "action-useless": "-",
}

#: Neither does it to the other, whatever the rule calls them.
_MUTUAL = frozenset({Kind.JOINT_VENTURE, Kind.PARTNERSHIP, Kind.TALKS})
#: How the letters of a script are named in Unicode; latin is what `Company.name` is written in.
_SCRIPTS = {"han": "CJK UNIFIED", "kana": "KATAKANA", "hangul": "HANGUL", "cyrillic": "CYRILLIC", "greek": "GREEK"}
_MAX_PARTIES = 4
_MAX_NAME = 80
_FIELD = re.compile(r"\{(\w+)\}")


def first_line(
    claim: Claim,
    companies: Mapping[str, Company],
    language: Language,
    outlet: str | None,
    certainty: Certainty | None = None,
    *,
    changed: bool = False,
) -> str:
    """Who does what, how sure, who says so; `outlet`: of the entry. `changed`: as a line that says what is new.

    `certainty` is the story's, where it is another than the claim's.
    """
    sure = certainty or claim.certainty
    word = certainty_word(claim.kind, sure, language)
    if changed:
        word = word[:1].lower() + word[1:]  # it stands behind a colon
    origin = _origin(claim, companies, language, outlet, sure)
    label = ("with-origin" if origin else "plain") + ("-line" if changed else "")
    return say(language, label, what=_what(claim, companies, language), certainty=word, origin=origin)


def short_line(claim: Claim, companies: Mapping[str, Company], language: Language) -> str:
    """Who does what, for a side claim."""
    return _what(claim, companies, language, "-short")


def certainty_word(kind: Kind, certainty: Certainty, language: Language) -> str:
    """How sure, in the word that goes with this kind."""
    words = language.first_line
    if words is None:
        return certainty.value
    return words.labels.get(f"{kind}-{certainty}") or words.certainty.get(certainty, certainty.value)


def say(language: Language, label: str, **values: str) -> str:
    """A label of the language with its fields filled in; values are never read as patterns themselves."""
    words = language.first_line
    pattern = words.labels.get(label, LABELS[label]) if words else LABELS[label]
    return _FIELD.sub(lambda m: values.get(m[1], ""), pattern)


def join(names: Sequence[str], language: Language, label: str = "list", limit: int | None = None) -> str:
    """Names in one phrase; past `limit` only how many more."""
    kept = names[:limit]
    line = kept[0] if kept else ""
    for name in kept[1:]:
        line = say(language, label, a=line, b=name)
    rest = len(names) - len(kept)
    return say(language, "more", items=line, count=str(rest)) if rest else line


def company_name(id: str, companies: Mapping[str, Company], language: Language) -> str:
    """The company's name, in the script of the language where it has one there."""
    company = companies.get(id)
    if company is None:
        return id
    script = _SCRIPTS.get(language.script)
    if script:
        for alias in company.aliases:
            if alias.kind is NameKind.ALIAS and _written_in(alias.phrase.text, script):
                return alias.phrase.text
    return company.name


def day(when: date, language: Language) -> str:
    """A date as the language writes it."""
    return say(language, "date", year=f"{when.year:04}", month=f"{when.month:02}", day=f"{when.day:02}")


def choose(languages: Mapping[str, Language], code: str) -> Language:
    """The language with this code, else English, else any that has words; else one without."""
    for candidate in (code, code.partition("-")[0], "en", *sorted(languages)):
        language = languages.get(candidate)
        if language is not None and language.first_line is not None:
            return language
    return _WORDLESS


_WORDLESS = Language("en", "", "latin", (), "svo", (), {}, (), None)


def _what(claim: Claim, companies: Mapping[str, Company], language: Language, form: str = "") -> str:
    words = language.first_line
    kind = words.kinds.get(claim.kind, claim.kind.value) if words else claim.kind.value
    mutual = claim.kind in _MUTUAL
    who = claim.parties if mutual else claim.who or claim.whom
    whom = () if mutual or not claim.who else claim.whom
    doers = join([company_name(c, companies, language) for c in who], language, "equals", _MAX_PARTIES)
    if not whom:
        return say(language, "one" + form, who=doers, kind=kind)
    others = join([company_name(c, companies, language) for c in whom], language, "list", _MAX_PARTIES)
    return say(language, "from-to" + form, who=doers, whom=others, kind=kind)


def _origin(
    claim: Claim, companies: Mapping[str, Company], language: Language, outlet: str | None, sure: Certainty
) -> str:
    """Who says so. An outlet's own word is named only where no party stands behind it."""
    origin = claim.origin
    if origin is None:
        own = shown(outlet or "", _MAX_NAME) if sure is Certainty.RUMOUR else ""
        return say(language, "origin-own", name=own) if own else ""
    name = shown(origin.name, _MAX_NAME)
    if origin.type is OriginType.PARTY:
        name = company_name(origin.name, companies, language) if origin.name in companies else name
    elif origin.type is OriginType.SOURCES:
        name = say(language, "sources")  # the text's own words are in its language, and say no more
    elif not name and origin.type is not OriginType.OUTLET:
        name = say(language, origin.type.value)
    return say(language, f"origin-{origin.type}", name=name) if name else ""


def _written_in(name: str, script: str) -> bool:
    return bool(name) and all(unicodedata.name(c, "").startswith(script) for c in name)
