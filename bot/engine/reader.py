"""Read an entry: the only door of the reading half of the engine."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Sequence

from bot.domain.claims import Aboutness, Claim, Evidence, Family, Field, Mention, Reading
from bot.domain.entries import MAX_TEXT, MAX_TITLE, Entry
from bot.domain.rulebook import Cue, Language, Rule, Rulebook, Status
from bot.engine.automaton import Automaton, Hit, What
from bot.engine.building import build_row
from bot.engine.claims import ClaimFinder
from bot.engine.companies import Named, find_companies, sentence_of
from bot.engine.languages import detect
from bot.engine.misses import Miss, nearest
from bot.engine.origin import attributions, did_not_comment
from bot.engine.rows import Row
from bot.engine.text import FieldText, Sentence, fold, split_sentences

#: Term lists that make the topic `alliance` in a headline, whoever the parties are.
_ALLIANCE = frozenset({"joint-venture", "takeover"})
#: How far apart the parts of a parted phrase may stand, in characters.
_PARTED = 90


class Reader:
    """Reads entries by one rulebook. Built once (it compiles every phrase), used for every entry."""

    def __init__(self, rulebook: Rulebook) -> None:
        self.rulebook = rulebook
        self._automaton = Automaton(rulebook)
        self._abbreviations = {
            code: frozenset(fold(a).rstrip(".") for a in language.cues.get(Cue.ABBREVIATION, ()))
            for code, language in rulebook.languages.items()
        }
        by_anchor: dict[str, list[Rule]] = defaultdict(list)
        for rule in rulebook.rules.values():
            if rule.anchor is not None and rule.status is not Status.RETIRED:
                by_anchor[rule.anchor].append(rule)
        self._anchors = frozenset(a for a, rules in by_anchor.items() if any(r.kind.is_move for r in rules))
        self._claims = ClaimFinder(rulebook, by_anchor)

    def read(self, entry: Entry) -> Reading:
        """Understand one entry; at most MAX_TEXT characters of its text are looked at."""
        code, language, rows, named, _ = self._look(entry)
        found = attributions(rows, language, self.rulebook.outlets)
        claims, quote = self._claims.find(rows, found, entry.when)
        return Reading(
            language=code,
            mentions=_mentions(rows, named, {c for claim in claims if claim.lead for c in claim.parties}),
            topics=_topics(rows, claims),
            claims=claims,
            did_not_comment=did_not_comment(rows),
            quote=quote,
        )

    def misses(self, entry: Entry, limit: int = 3) -> tuple[Miss, ...]:
        """What was missing for a claim, the nearest first."""
        _, _, rows, named, hits = self._look(entry)
        return nearest(rows, named, hits, self._claims.tried(rows), self.rulebook)[:limit]

    def _look(
        self, entry: Entry
    ) -> tuple[str | None, Language | None, list[Row], list[Named], tuple[Sequence[Hit], Sequence[Hit]]]:
        """Language, sentences and names of an entry, and everything that was hit in title and text."""
        title = FieldText(Field.TITLE, entry.title[:MAX_TITLE], markup=False)
        text = FieldText(Field.TEXT, entry.text[:MAX_TEXT], markup=True)
        hits = self._automaton.hits(title), self._automaton.hits(text)
        phrases = Counter[str]()
        for hit in (*hits[0], *hits[1]):
            if hit.pattern.what in (What.TERM, What.CUE):
                phrases[hit.pattern.language] += hit.end - hit.start
        code = detect(f"{title.norm} {text.norm}", entry.language, self.rulebook.languages, phrases)
        language = self.rulebook.languages.get(code or "")
        rows, named = self._rows((title, text), hits, code, language)
        return code, language, rows, named, hits

    def _rows(
        self,
        fields: tuple[FieldText, FieldText],
        hits_by_field: tuple[Sequence[Hit], Sequence[Hit]],
        code: str | None,
        language: Language | None,
    ) -> tuple[list[Row], list[Named]]:
        abbreviations = self._abbreviations.get(code or "", frozenset())
        title, text = fields
        split_sentences(title, abbreviations, 0, 0)
        # a headline is one piece of news, however many sentences it has
        title.sentences = [Sentence(s.index, s.field, s.start, s.end, 0) for s in title.sentences]
        split_sentences(text, abbreviations, len(title.sentences), 1)
        by_sentence: dict[int, list[Hit]] = defaultdict(list)
        company_hits: dict[int, list[tuple[Hit, Sentence]]] = {0: [], 1: []}
        terms: dict[int, set[str]] = defaultdict(set)
        for number, field in enumerate(fields):
            for hit in hits_by_field[number]:
                if hit.pattern.what in (What.CUE, What.MONTH) and hit.pattern.language != code:
                    continue  # what it would do it does in another language
                sentence = sentence_of(field.sentences, hit.start)
                if sentence is None or hit.end > sentence.end:
                    continue
                if hit.pattern.tail and not _follows(field, hit, sentence):
                    continue
                if hit.pattern.what in (What.COMPANY, What.NOT_COMPANY):
                    company_hits[number].append((hit, sentence))
                    continue
                by_sentence[sentence.index].append(hit)
                if hit.pattern.what is What.TERM and not hit.pattern.needs:
                    terms[sentence.index].add(hit.pattern.id)
                    if number == 0:
                        terms[-1].add(hit.pattern.id)
        frozen = {k: frozenset(v) for k, v in terms.items()}
        named = find_companies(fields, company_hits, frozen)
        names_by_sentence: dict[int, list[Named]] = defaultdict(list)
        for name in named:
            names_by_sentence[name.sentence.index].append(name)
        rows = []
        for field in fields:
            for sentence in field.sentences:
                # the electric Fiat 500: what a name follows at once is proved by the name
                begins = {n.start for n in names_by_sentence.get(sentence.index, ())}
                near = frozen.get(sentence.index, frozenset()) | frozen.get(-1, frozenset())
                hits = [
                    h
                    for h in by_sentence.get(sentence.index, ())
                    if not h.pattern.needs or near.intersection(h.pattern.needs) or h.end + 1 in begins
                ]
                rows.append(
                    build_row(
                        sentence,
                        field,
                        names_by_sentence.get(sentence.index, ()),
                        hits,
                        language,
                        anchors=self._anchors,
                    )
                )
        return rows, named


def _follows(field: FieldText, hit: Hit, sentence: Sentence) -> bool:
    """Whether the other part of a parted phrase stands behind it in the sentence: gibt ... auf."""
    tail = hit.pattern.tail
    window = field.norm[hit.end : min(sentence.end, hit.end + _PARTED)]
    return re.search(rf"(?<!\w){re.escape(tail)}(?!\w)", window) is not None


def _mentions(rows: Sequence[Row], named: Sequence[Named], lead: set[str]) -> tuple[Mention, ...]:
    """Each company once with all its places; subject where the lead or the title is about it."""
    texts = {row.sentence.index: row.text for row in rows}
    places: dict[str, list[Evidence]] = {}
    titled: set[str] = set()
    for name in named:
        evidence = texts[name.sentence.index].evidence(f"company:{name.company}", name.start, name.end)
        places.setdefault(name.company, []).append(evidence)
    for row in rows:
        if row.sentence.paragraph == 0:
            titled.update(i for g in row.groups if not g.compared for i in g.ids)
    return tuple(
        Mention(company, Aboutness.SUBJECT if company in lead | titled else Aboutness.PASSING, tuple(evidence))
        for company, evidence in places.items()
    )


def _topics(rows: Sequence[Row], claims: Sequence[Claim]) -> tuple[str, ...]:
    """`ev` where it is more than one passing word; `alliance` where a claim or the headline tells of one."""
    ev = 0
    alliance = any(c.kind.family is Family.ALLIANCE for c in claims)
    for row in rows:
        lists = {t.pattern.id for t in row.terms}
        ev += (2 if row.sentence.paragraph <= 1 else 1) * ("ev" in lists)
        alliance = alliance or (row.sentence.paragraph == 0 and bool(_ALLIANCE & lists))
    return ("ev",) * (ev >= 2) + ("alliance",) * alliance
