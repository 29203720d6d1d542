"""Rules, their lines and their examples, from nodes."""

from __future__ import annotations

from collections.abc import Iterator

from bot.domain.claims import Certainty, Kind
from bot.domain.examples import Case, CaseEntry, Example, Expected
from bot.domain.rulebook import (
    AllOf,
    AnyOf,
    Companies,
    Condition,
    Parties,
    Rule,
    Sector,
    Severity,
    Status,
    Terms,
    Within,
)
from bot.rulebook.context import Context
from bot.rulebook.forms import Form, either, quoted
from bot.rulebook.nodes import Items, Place, Table, Text

SECTORS = (
    *("carmaker", "battery", "charging", "supplier", "tech", "mobility"),
    *("investor", "contract-manufacturer", "aerospace"),
)
FIELDS = ("title", "text")
CLAIM_KEYS = ("kind", "parties")
WHEN_KEYS = ("within", "in", "all", "none")
TESTS = ("companies", "terms", "sector", "any", "all")  #: a line has exactly one of them
LINE_KEYS = (*TESTS, "within", "in")
EXAMPLE_KEYS = ("text", "title", "date", "lang", "expect")
EXPECT_KEYS = ("who", "whom", "kind", "certainty", "retold", "origin")
ENTRY_KEYS = ("title", "text", "date", "outlet", "lang")
CASE_EXPECT_KEYS = ("stories", "certainty", "lines")


def build_rule(form: Form, context: Context) -> Rule:
    """A rule."""
    form.require("id", "title", "claim", "when")
    claim = form.form("claim", CLAIM_KEYS)
    if claim:
        claim.require(*CLAIM_KEYS)
    when = form.form("when", WHEN_KEYS)
    lines: tuple[Condition, ...] = ()
    none: tuple[Condition, ...] = ()
    if when:
        when.require("all")
        within = when.choice("within", Within, Within.SENTENCE)
        fields = _fields(when, frozenset(FIELDS))
        lines = tuple(_lines(when, "all", within, fields, context))
        none = tuple(_lines(when, "none", within, fields, context))
    return Rule(
        id=form.id("id"),
        title=form.text("title"),
        kind=claim.choice("kind", Kind, Kind.EV_NEWS) if claim else Kind.EV_NEWS,
        parties=claim.choice("parties", Parties, Parties.ONE) if claim else Parties.ONE,
        status=form.choice("status", Status, Status.STABLE),
        severity=form.choice("severity", Severity, Severity.NORMAL),
        all=lines,
        none=none,
        known_false_alarms=form.texts("known_false_alarms"),
        examples=examples(form, context),
        formerly=context.former_ids(form, "rule"),
        file=form.place.file,
        line=form.place.line,
    )


def sectors(form: Form) -> tuple[str, ...]:
    """The `sector` list of a form."""
    return form.words("sector", lambda path, text, place: _one_of(form, path, text, place, SECTORS))


def _fields(form: Form, default: frozenset[str]) -> frozenset[str]:
    if not form.has("in"):
        return default
    return frozenset(form.words("in", lambda path, text, place: _one_of(form, path, text, place, FIELDS)))


def _one_of(form: Form, path: str, text: str, place: Place, words: tuple[str, ...]) -> bool:
    if text in words:
        return True
    form.report(path, f"must be {either(words)}, not {quoted(text)}", place)
    return False


def _lines(form: Form, key: str, within: Within, fields: frozenset[str], context: Context) -> Iterator[Condition]:
    """The conditions of a list of lines; `within` and `fields` hold for lines that do not say otherwise."""
    node = form.node(key)
    if isinstance(node, Items) and not node.items and key != "none":
        form.report(key, "must not be empty")
    for path, item in form.nodes(key):
        line = form.below(path, item, LINE_KEYS)
        if line and (condition := _line(line, within, fields, context)):
            yield condition


def _line(form: Form, within: Within, fields: frozenset[str], context: Context) -> Condition | None:
    tests = [key for key in TESTS if form.has(key)]
    if len(tests) != 1:
        if tests:
            form.report("", f"must have only one of {either(tests)}")
        elif form.table.pairs.keys() <= set(LINE_KEYS):  # else the unknown key was what they meant
            form.report("", f"must have {either(TESTS)}")
        return None
    within = form.choice("within", Within, within)
    fields = _fields(form, fields)
    match tests[0]:
        case "companies":
            return Companies(form.number("companies", 1, least=1), within, fields)
        case "terms":
            list_id = context.id(form, "terms", "terms")
            return Terms(list_id, within, fields) if list_id else None
        case "sector":
            return Sector(frozenset(sectors(form)), within, fields)
        case "any":
            return AnyOf(tuple(_lines(form, "any", within, fields, context)))
        case _:
            return AllOf(tuple(_lines(form, "all", within, fields, context)))


def examples(form: Form, context: Context) -> tuple[Example, ...]:
    """The examples of a rule or a language."""
    found = (_example(below, context) for below in form.forms("examples", EXAMPLE_KEYS))
    return tuple(example for example in found if example)


def _example(form: Form, context: Context) -> Example | None:
    """An example; None where it expects a company that was taken away."""
    form.require("expect")
    if not form.has("text") and not form.has("title"):
        form.report("text", "missing")
    expected: Expected | None = None
    node = form.node("expect")
    if isinstance(node, Text):
        if node.value.strip() != "nothing":
            form.report("expect", f"must be nothing or keys and values, not {quoted(node.value)}")
    elif isinstance(node, Table):
        expected, missing = _expected(form, context)
        if missing:
            return None
    elif node is not None:
        form.report("expect", "must be nothing or keys and values, not a list")
    return Example(
        text=form.text("text"),
        expect=expected,
        title=form.text("title"),
        date=form.day("date"),
        language=form.id("lang") or None,
        file=form.place.file,
        line=form.place.line,
    )


def _expected(form: Form, context: Context) -> tuple[Expected | None, bool]:
    below = form.form("expect", EXPECT_KEYS)
    if below is None:
        return None, False
    if not below.table.pairs:
        below.report("", f"must say {either(EXPECT_KEYS)}, or be nothing")
    parties = below.written("who") | below.written("whom")
    expected = Expected(
        kind=below.choice("kind", Kind, Kind.EV_NEWS) if below.has("kind") else None,
        who=context.ids(below, "who", "company") if below.has("who") else None,
        whom=context.ids(below, "whom", "company") if below.has("whom") else None,
        certainty=_certainty(below),
        retold=below.switch("retold"),
        origin=below.optional("origin"),
    )
    return expected, any(context.retired("company", key) for key in parties)


def build_case(form: Form, context: Context) -> Case:
    """A case: several entries and what must come out of them."""
    form.require("id", "title", "entries", "expect")
    entries = []
    for below in form.forms("entries", ENTRY_KEYS):
        if not below.has("title") and not below.has("text"):
            below.report("title", "missing")
        entries.append(
            CaseEntry(
                title=below.text("title"),
                text=below.text("text"),
                date=below.day("date"),
                outlet=below.optional("outlet"),
                language=below.id("lang") or None,
            )
        )
    expect = form.form("expect", CASE_EXPECT_KEYS)
    if expect and not expect.table.pairs:
        expect.report("", f"must say {either(CASE_EXPECT_KEYS)}")
    return Case(
        id=form.id("id"),
        title=form.text("title"),
        entries=tuple(entries),
        stories=expect.number("stories", 0) if expect and expect.has("stories") else None,
        certainty=_certainty(expect) if expect else None,
        lines=expect.number("lines", 0) if expect and expect.has("lines") else None,
        file=form.place.file,
        line=form.place.line,
    )


def _certainty(form: Form) -> Certainty | None:
    return form.choice("certainty", Certainty, Certainty.RUMOUR) if form.has("certainty") else None
