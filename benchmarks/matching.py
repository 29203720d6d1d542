"""Finding names: ours beside spaCy's PhraseMatcher and a bare Aho-Corasick scan, and what one reading costs.

    make bench                          everything, a table
    python benchmarks/matching.py --json [--quick]

docs/speed.md says what is measured and why so.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import sys
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path

import spacy
from ahocorasick_rs import AhoCorasick
from measuring import Row, cpu, ratio, report, resident
from news import Article, Name, companies, make_articles, make_names
from rich.progress import Progress
from spacy.matcher import PhraseMatcher
from traps import wrong

import bot.rulebook
from bot.adapters.store import SqlStore, sqlite_url
from bot.domain.channels import Channel, ChannelRef, Subscription, SubscriptionId
from bot.domain.claims import Field
from bot.domain.entries import Entry
from bot.domain.rulebook import Cue, Phrase, Rule, Rulebook, Status, TermList, Terms, Within
from bot.engine.automaton import Automaton, What
from bot.engine.companies import longest
from bot.engine.conditions import Place, Scopes, rule_holds
from bot.engine.reader import Reader
from bot.engine.rows import Row as Sentence
from bot.engine.text import FieldText, fold

SIZES = (1_000, 10_000, 100_000)
#: How much of what is read are phrases of the rules, in a hundred words.
_PHRASES = 6

Found = Iterable[tuple[str, int, int]]


class Ours:
    """What finds companies in a reading: normalise, scan, boundaries, the longest of each place."""

    def __init__(self, names: Sequence[Name]) -> None:
        self._automaton = Automaton(Rulebook(companies=companies(names)))

    def find(self, text: str) -> Found:
        field = FieldText(Field.TEXT, text, markup=False)
        for hit in longest(self._automaton.hits(field)):
            if hit.pattern.what is What.COMPANY:
                yield hit.pattern.id, field.plain_at(hit.start), field.plain_at(hit.end)


class Spacy:
    """PhraseMatcher over any language's tokens, whatever the case.

    `cache` is how many different words its tokenizer remembers: its own default fills up with the first 10,000 words
    it meets, the names among them, and all others are taken apart anew each time.
    """

    def __init__(self, names: Sequence[Name], cache: int | None = None) -> None:
        self._nlp = spacy.blank("xx")
        if cache is not None:
            self._nlp.tokenizer.max_cache_size = cache
        self._matcher = PhraseMatcher(self._nlp.vocab, attr="LOWER")
        by_company: dict[str, list[spacy.tokens.Doc]] = {}
        for name in names:
            by_company.setdefault(name.company, []).append(self._nlp.make_doc(name.text))
        for company, docs in by_company.items():
            self._matcher.add(company, docs)

    def find(self, text: str) -> Found:
        doc = self._nlp.make_doc(text)
        for key, a, b in self._matcher(doc):
            yield self._nlp.vocab.strings[key], doc[a].idx, doc[b - 1].idx + len(doc[b - 1])


class Bare:
    """Nothing but the scan of casefolded text: the floor."""

    def __init__(self, names: Sequence[Name]) -> None:
        self._machine = AhoCorasick([n.text.casefold() for n in names])

    def find(self, text: str) -> Sequence[tuple[int, int, int]]:
        return self._machine.find_matches_as_indexes(text.casefold(), overlapping=True)


def recall(peer: Ours | Spacy, articles: Sequence[Article], *, cjk: bool | None = None) -> float:
    """How much of what was planted is found."""
    there = found = 0
    for article in articles:
        hits = list(peer.find(article.text))
        for planted in article.planted:
            if cjk is None or planted.cjk is cjk:
                there += 1
                found += any(c == planted.company and a < planted.end and b > planted.start for c, a, b in hits)
    return found / there


def matching(names: Sequence[Name], batches: Sequence[Sequence[Article]], size: int) -> Iterator[Row]:
    """Ours, spaCy and the bare scan over the same articles, by turns; every turn has articles nobody has seen."""
    peers = {"ours": Ours(names), "spacy": Spacy(names), "warm": Spacy(names, cache=10**9), "bare": Bare(names)}
    texts = [[a.text for a in batch] for batch in batches]
    works = {n: (lambda turn, p=p: [list(p.find(t)) for t in texts[turn]]) for n, p in peers.items()}
    taken = cpu(works, len(batches) - 1, fresh=True)
    shown = f"{size // 1000}k aliases"
    bound = {"must": 12.0, "aim": 20.0} if size >= 10_000 else {}
    yield Row(f"{shown}: spaCy / ours", ratio(taken, "spacy", "ours"), more_is_better=True, **bound)
    yield Row(f"{shown}: spaCy with a cache without end / ours", ratio(taken, "warm", "ours"), more_is_better=True)
    floor = {"must": 3.0, "aim": 2.0} if size == 10_000 else {}
    yield Row(f"{shown}: ours / bare scan", ratio(taken, "ours", "bare"), **floor)
    for name in ("ours", "spacy"):
        peer, must = peers[name], 1.0 if name == "ours" else None
        yield Row(f"{shown}: recall, {name}", recall(peer, batches[0]), "", must, more_is_better=True)
        yield Row(f"{shown}: recall in CJK, {name}", recall(peer, batches[0], cjk=True), "", must, more_is_better=True)


def phrases(book: Rulebook) -> dict[str, list[str]]:
    """The rules' own words by language: without them nothing would be understood of an article."""
    found: dict[str, list[str]] = {code: [] for code in book.languages}
    for terms in book.terms.values():
        for code, listed in terms.phrases.items():
            found.setdefault(code, []).extend(p.text.strip("*").strip() for p in listed)
    for code, language in book.languages.items():
        for cue, texts in language.cues.items():
            if cue is not Cue.ABBREVIATION:
                found[code] += [t.strip("*").strip() for t in texts]
    return found


def entries(book: Rulebook, names: Sequence[Name], count: int) -> list[Entry]:
    """Entries of the generated news, with something to understand in them."""
    articles = make_articles(names, count, phrases(book), _PHRASES / 100)
    return [Entry(title=a.text[:70].replace("\n", " "), text=a.text[70:], language=a.language) for a in articles]


def growth(book: Rulebook, names: Sequence[Name], read: Sequence[Entry], passes: int) -> Iterator[Row]:
    """The cost of whole readings at each number of aliases."""
    readers = {}
    for size in SIZES:
        readers[str(size)] = Reader(replace(book, companies={**book.companies, **companies(names[:size])}))
    taken = cpu({n: (lambda _, r=r: [r.read(e) for e in read]) for n, r in readers.items()}, passes)
    finders = {str(size): Ours(names[:size]) for size in SIZES}
    alone = cpu({n: (lambda _, f=f: [list(f.find(e.text)) for e in read]) for n, f in finders.items()}, passes)
    yield Row("finding names alone, 1k -> 100k aliases", ratio(alone, "100000", "1000"))
    yield Row("one reading, 1k -> 10k aliases", ratio(taken, "10000", "1000"))
    yield Row("one reading, 1k -> 100k aliases", ratio(taken, "100000", "1000"), must=2.0, aim=1.5)


def with_rules(book: Rulebook, count: int) -> Rulebook:
    """The rulebook and so many rules more, each on a list of its own that no article has a word of."""
    rng = random.Random("rules")
    pattern = next(r for r in book.rules.values() if r.status is Status.STABLE)
    fields = frozenset({"title", "text"})
    terms, rules = dict(book.terms), dict(book.rules)
    for i in range(count):
        key = f"unconcerned-{i}"
        word = "".join(rng.choices("bcdfghjklmnpqrstvwxyz", k=12))
        terms[key] = TermList(key, key, {"en": (Phrase(f"{word} deal"),)})
        lines = (Terms(key, Within.SENTENCE, fields), *(c for c in pattern.all if not isinstance(c, Terms)))
        rules[key] = replace(pattern, id=key, all=lines)
    return replace(book, terms=terms, rules=rules)


class EachRule:
    """Tries every rule in every sentence with a term, without an index: whether it holds, and nothing further."""

    def __init__(self, book: Rulebook) -> None:
        self._book = book
        self._rules: list[Rule] = list(book.rules.values())

    def find(self, rows: Sequence[Sentence], *_: object) -> tuple[tuple[()], str]:
        scopes = Scopes.of(rows)
        for row in rows:
            if row.terms:
                place = Place(row, row.terms[0], len(row.named))
                for rule in self._rules:
                    rule_holds(rule, place, scopes, self._book.companies)
        return (), ""


def rules(book: Rulebook, read: Sequence[Entry], passes: int) -> Iterator[Row]:
    """The cost of readings with ever more rules that are not concerned, and without the index."""
    many = with_rules(book, 10_000)
    readers = {"few": Reader(with_rules(book, 100)), "many": Reader(many)}
    taken = cpu({n: (lambda _, r=r: [r.read(e) for e in read]) for n, r in readers.items()}, passes)
    yield Row("one reading, 100 -> 10,000 rules not concerned", ratio(taken, "many", "few"), must=1.1)
    each = Reader(many)
    each._claims = EachRule(many)  # type: ignore[assignment]  # noqa: SLF001  # the peer is our own reading without the index
    some = read[: max(6, len(read) // 20)]
    by_turns = {"indexed": readers["many"], "each": each}
    taken = cpu({n: (lambda _, r=r: [r.read(e) for e in some]) for n, r in by_turns.items()}, max(3, passes // 2))
    yield Row(
        "10,000 rules: each tried / indexed", ratio(taken, "each", "indexed"), must=30, aim=60, more_is_better=True
    )


def subscriptions(passes: int) -> Iterator[Row]:
    """What a poll asks of the store: who watches these companies. Routing sees nobody else."""
    yield asyncio.run(_subscriptions(passes))


async def _subscriptions(passes: int) -> Row:
    channel = Channel(ChannelRef.parse("console:main"), "en", "UTC")
    asked = [f"c{i}" for i in range(20)]

    def subscription(company: str) -> Subscription:
        one = frozenset({company})
        return Subscription(SubscriptionId(0), channel, (), one, one)

    with tempfile.TemporaryDirectory() as folder:
        stores: dict[str, SqlStore] = {}
        for name, count in (("few", 100), ("many", 10_000)):
            store = stores[name] = SqlStore(sqlite_url(Path(folder) / name), fsync=False)
            await store.start()
            await store.save_channel(channel)
            now = store._clock.now()  # noqa: SLF001  # any time will do
            for i in range(count):
                await store.subscribe(subscription(f"c{i % 20}" if i < 20 else f"other-{i}"), now)
        taken: dict[str, list[float]] = {name: [] for name in stores}
        for _ in range(passes + 1):
            for name, store in stores.items():
                start = time.process_time()
                for _ in range(40):
                    async with store.begin() as tx:
                        await tx.subscriptions(asked)
                taken[name].append(time.process_time() - start)
        for store in stores.values():
            await store.close()
    warm = {name: times[1:] for name, times in taken.items()}
    return Row("asking who watches, 100 -> 10,000 subscriptions not concerned", ratio(warm, "many", "few"), must=1.1)


def _built(size: int) -> tuple[float, float]:
    book = Rulebook(companies=companies(make_names(size)))
    fold("warm")
    memory, start = resident(), time.process_time()
    automaton = Automaton(book)
    taken = time.process_time() - start
    grown = resident() - memory
    del automaton
    return taken, grown


def building() -> Iterator[Row]:
    """Time and memory of the machine, each in a fresh process."""
    for size, seconds, megabytes in ((10_000, 0.5, 15), (100_000, 5, 100)):
        with get_context("spawn").Pool(1) as pool:
            taken, grown = pool.apply(_built, (size,))
        yield Row(f"building {size // 1000}k aliases", taken, "s", seconds)
        yield Row(f"memory of {size // 1000}k aliases", grown, "MB", megabytes)


def main() -> int:
    """Measure and print; 1 where a `must` is missed."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--json", action="store_true", help="JSON instead of the table")
    parser.add_argument("--quick", action="store_true", help="fewer articles and passes: a first look")
    options = parser.parse_args()
    count, passes = (60, 3) if options.quick else (360, 9)
    names = make_names(SIZES[-1])
    known = names[: SIZES[0]]
    articles = make_articles(known, count * (passes + 1))
    batches = [articles[i : i + count] for i in range(0, len(articles), count)]
    book = bot.rulebook.load([bot.rulebook.bundled()])
    read = entries(book, known, count // 3)
    steps = [
        *((f"matching, {size:,} aliases", lambda s=size: matching(names[:s], batches, s)) for size in SIZES),
        ("traps", lambda: wrong({"ours": Ours, "spacy": Spacy})),
        ("growth", lambda: growth(book, names, read, passes)),
        ("rules", lambda: rules(book, read, passes)),
        ("subscriptions", lambda: subscriptions(passes)),
        ("building", building),
    ]
    rows: list[Row] = []
    with Progress(transient=True, disable=not sys.stderr.isatty()) as progress:
        task = progress.add_task("", total=len(steps))
        for name, step in steps:
            progress.update(task, description=name)
            rows += step()
            progress.advance(task)
    notes = [
        f"CPU time, {passes} passes by turns, medians; {count} new articles a pass, of about 1.2 kB, in six languages.",
        "Ratios hold to a quarter or so; absolute times are no part of it, but for building.",
    ]
    return report("Finding names", rows, notes, as_json=options.json)


if __name__ == "__main__":
    sys.exit(main())
