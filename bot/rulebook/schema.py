"""Nodes to the words of bot.domain; every mistake is noted, none stops the others."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TypeVar
from urllib.parse import urlsplit

from bot.domain.claims import Certainty, Kind
from bot.domain.feeds import FeedSpec, FeedStatus
from bot.domain.rulebook import (
    Alias,
    Company,
    Cue,
    FirstLine,
    Language,
    NameKind,
    Outlet,
    Phrase,
    Rulebook,
    Status,
    TermList,
    WatchList,
)
from bot.domain.rulebook import Place as Town
from bot.engine.text import fold
from bot.errors import Problem
from bot.rulebook.context import Context
from bot.rulebook.forms import Form, as_text, either, is_id, quoted
from bot.rulebook.layers import COMMON_KEYS, Laid
from bot.rulebook.nodes import Items, Place
from bot.rulebook.phrases import case_bound, is_phrase, phrase_list, phrase_texts
from bot.rulebook.rules import build_case, build_rule, examples, sectors

T = TypeVar("T")

SCRIPTS = ("latin", "han", "kana", "hangul")
VERBS = ("second", "svo", "last")

#: Every key of every kind of thing; docs/rules.md has a word on each.
KEYS: Mapping[str, tuple[str, ...]] = {
    "company": (
        *("id", "name", "sector", "aliases", "people", "products", "tickers"),
        *("not_meant", "venture_of", "formerly"),
    ),
    "watchlist": ("id", "title", "titles", "companies", "all", "sector", "formerly"),
    "terms": ("id", "title", "phrases", "not_meant"),
    "language": (
        *("code", "name", "script", "verb", "common", "months"),
        *("postpositions", "cues", "attribution", "first_line", "examples"),
    ),
    "outlet": ("id", "name", "aliases", "domains"),
    "place": ("id", "name", "aliases", "not_meant", "country"),
    "rule": ("id", "title", "claim", "severity", "when", "known_false_alarms", "examples", "formerly"),
    "case": ("id", "title", "entries", "expect"),
    "feed": ("id", "url", "title", "language", "kind", "outlet", "interval", "backlog", "burst"),
}
_NAMES = {
    "aliases": NameKind.ALIAS,
    "people": NameKind.PERSON,
    "products": NameKind.PRODUCT,
    "tickers": NameKind.TICKER,
}
_HOST = re.compile(r"[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")
_MODULE = re.compile(r"[a-z][a-z0-9_]*")


def build(laid: Laid, problems: list[Problem]) -> tuple[Rulebook, Mapping[str, Place]]:
    """The rulebook, and where each thing and each of its names stands; of use only when `problems` stays empty."""
    context = Context(laid, problems)
    companies = _each("company", context, _company)
    book = Rulebook(
        companies=companies,
        watchlists=_each("watchlist", context, lambda form, c: _watchlist(form, c, companies)),
        terms=_each("terms", context, _terms),
        languages=_each("language", context, _language),
        outlets=_each("outlet", context, _outlet),
        places=_each("place", context, _place),
        rules=_each("rule", context, build_rule),
        cases=_each("case", context, build_case),
        feeds=_each("feed", context, _feed),
        hash=laid.hash,
        origins={
            f"{kind}:{key}": " + ".join(thing.files)
            for kind, things in laid.things.items()
            for key, thing in things.items()
        },
        former=context.former,
    )
    return book, context.places


def _each(kind: str, context: Context, make: Callable[[Form, Context], T]) -> dict[str, T]:
    """Every thing of a kind, by id."""
    made: dict[str, T] = {}
    for key, thing in context.laid.things[kind].items():
        form = Form(thing.table, context.problems, (*KEYS[kind], *COMMON_KEYS))
        context.places[f"{kind}:{key}"] = thing.table.place
        if kind == "feed":
            form.choice("status", FeedStatus, FeedStatus.ACTIVE, allowed=(FeedStatus.ACTIVE, FeedStatus.RETIRED))
        elif kind != "rule":
            form.choice("status", Status, Status.STABLE, allowed=(Status.STABLE, Status.RETIRED))
        form.switch("extends")
        made[key] = make(form, context)
    return made


def _company(form: Form, context: Context) -> Company:
    form.require("id", "name")
    key, name = form.id("id"), form.text("name")
    aliases = [
        Alias(phrase, kind)
        for names, kind in _NAMES.items()
        for phrase in phrase_list(form, names, context, f"company:{key}")
    ]
    if _stands_for_itself(name, [alias.phrase for alias in aliases]):
        aliases.insert(0, Alias(Phrase(name)))
    return Company(
        id=key,
        name=name,
        sector=sectors(form),
        aliases=tuple(aliases),
        not_meant=phrase_texts(form, "not_meant"),
        venture_of=context.ids(form, "venture_of", "company"),
        formerly=context.former_ids(form, "company"),
    )


def _stands_for_itself(name: str, aliases: Sequence[Phrase]) -> bool:
    """True where the name is one name, and no alias says already how it is to be matched."""
    if not name or " / " in name or "(" in name or "*" in name:
        return False
    same = [phrase for phrase in aliases if fold(phrase.text) == fold(name)]
    # KIA matches in capitals only, so it does not make Kia superfluous; a spelling with needs was put there on purpose.
    return not any(p.text == name or p.needs or p.exact or not case_bound(p) for p in same)


def _watchlist(form: Form, context: Context, companies: Mapping[str, Company]) -> WatchList:
    form.require("id", "title")
    if not any(form.has(key) for key in ("companies", "all", "sector")):
        form.report("companies", "missing")
    members = set(context.ids(form, "companies", "company"))
    wanted = set(sectors(form))
    everyone = form.switch("all")
    members |= {company.id for company in companies.values() if everyone or wanted.intersection(company.sector)}
    former = context.former_ids(form, "watchlist")
    written = form.open("titles", _language_code)
    titles = {code: written.text(code) for code in written.table.pairs} if written else {}
    return WatchList(form.id("id"), form.text("title"), frozenset(members), former, titles)


def _terms(form: Form, context: Context) -> TermList:
    form.require("id", "title", "phrases")
    key = form.id("id")
    phrases = form.open("phrases", _language_code)
    not_meant = form.open("not_meant", _language_code)
    return TermList(
        id=key,
        title=form.text("title"),
        phrases={c: phrase_list(phrases, c, context, f"terms:{key}") for c in phrases.table.pairs} if phrases else {},
        not_meant={code: phrase_texts(not_meant, code) for code in not_meant.table.pairs} if not_meant else {},
    )


def _language_code(key: str) -> str | None:
    return None if is_id(key) else f"must be a language like de, not {quoted(key)}"


def _language(form: Form, context: Context) -> Language:
    form.require("code", "name", "script", "verb")
    for key, words in (("script", SCRIPTS), ("verb", VERBS)):
        if form.text(key) and form.text(key) not in words:
            form.report(key, f"must be {either(words)}, not {quoted(form.text(key))}")
    cues = form.form("cues", tuple(Cue))
    return Language(
        code=form.id("code"),
        name=form.text("name"),
        script=form.text("script"),
        common=form.texts("common"),
        verb=form.text("verb"),
        months=tuple(_months(form)),
        cues={cue: phrase_texts(cues, cue) for cue in Cue if cues.has(cue)} if cues else {},
        attribution=form.words("attribution", lambda path, text, place: _names_outlet(form, path, text, place)),
        first_line=_first_line(form),
        examples=examples(form, context),
        postpositions=form.switch("postpositions") or False,
    )


def _months(form: Form) -> Iterator[tuple[str, ...]]:
    items = list(form.nodes("months"))
    if items and len(items) != 12:
        form.report("months", f"must be twelve, not {len(items)}")
    for path, node in items:
        if isinstance(node, Items):
            yield tuple(filter(None, (as_text(form, f"{path}.{n}", item) for n, item in enumerate(node.items, 1))))
        else:
            yield tuple(filter(None, (as_text(form, path, node),)))


def _names_outlet(form: Form, path: str, text: str, place: Place) -> bool:
    if re.findall(r"{(.*?)}", text) == ["outlet"]:
        return True
    form.report(path, f"must have {{outlet}} once and no other braces, not as in {quoted(text)}", place)
    return False


def _first_line(form: Form) -> FirstLine | None:
    words = form.form("first_line", ("kinds", "certainty", "labels"))
    if words is None:
        return None
    words.require("kinds", "certainty", "labels")
    kinds = words.form("kinds", tuple(Kind))
    certainty = words.form("certainty", tuple(Certainty))
    labels = words.open("labels")
    return FirstLine(
        kinds={kind: kinds.text(kind) for kind in Kind if kinds.has(kind)} if kinds else {},
        certainty={c: certainty.text(c) for c in Certainty if certainty.has(c)} if certainty else {},
        labels={key: labels.text(key, empty=True) for key in labels.table.pairs} if labels else {},
    )


def _outlet(form: Form, context: Context) -> Outlet:
    form.require("id", "name")
    key = form.id("id")

    def check(path: str, text: str, place: Place) -> bool:
        context.places.setdefault(f"outlet:{key}:{text}", place)
        return is_phrase(form, path, text, place)

    return Outlet(
        id=key,
        name=form.text("name"),
        aliases=form.words("aliases", check),
        domains=form.words("domains", lambda path, text, place: _is_host(form, path, text, place)),
    )


def _place(form: Form, context: Context) -> Town:
    form.require("id", "name")
    key, name = form.id("id"), form.text("name")
    aliases = phrase_list(form, "aliases", context, f"place:{key}")
    if _stands_for_itself(name, aliases):
        aliases = (Phrase(name), *aliases)
    return Town(key, name, aliases, phrase_texts(form, "not_meant"), form.switch("country") or False)


def _is_host(form: Form, path: str, text: str, place: Place) -> bool:
    if _HOST.fullmatch(text):
        return True
    form.report(path, f"must be a host like latepost.com, not {quoted(text)}", place)
    return False


def _feed(form: Form, context: Context) -> FeedSpec:
    form.require("id", "url")
    key, url, kind = form.id("id"), form.text("url"), form.text("kind", "feed")
    if url and not _is_web(url):
        form.report("url", f"must be an address like https://news.example/feed, not {quoted(url)}")
    if kind and not _MODULE.fullmatch(kind):
        form.report("kind", f"must be the name of a module like feed, not {quoted(kind)}")
    context.places[f"feed:{key}:url"] = form.where("url")
    retired = context.retired("outlet", form.text("outlet"))
    return FeedSpec(
        id=key,
        url=url,
        title=form.text("title"),
        language=form.id("language") or None,
        kind=kind,
        outlet=None if retired else context.id(form, "outlet", "outlet"),
        interval=form.duration("interval"),
        backlog=None if form.text("backlog") == "all" else form.number("backlog", 0),
        burst=form.number("burst", 20, least=1),
    )


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0 and " " not in url
    except ValueError:
        return False
