"""What of two rulebooks is another."""

from dataclasses import replace

from bot.domain.rulebook import Company, Rulebook, WatchList
from bot.pipeline.reload import changes
from tests.kit.world import real_rules


def test_changes_are_counted_by_kind():
    """Added, gone and changed; what is as it was is not spoken of."""
    before = Rulebook(
        companies={c: Company(c, c) for c in ("byd", "nio", "蔚来")},
        watchlists={"w": WatchList("w", "W", frozenset({"byd"}))},
    )
    after = replace(
        before, companies={"byd": Company("byd", "BYD"), "nio": Company("nio", "nio"), "vw": Company("vw", "VW")}
    )
    assert changes(before, after) == {"companies": "+1/-1/~1"}
    assert changes(before, before) == {}


def test_a_rule_that_stands_elsewhere_is_the_same():
    """Neither its line nor its examples are what it does."""
    book, _ = real_rules()
    moved = {key: replace(rule, line=rule.line + 1, examples=rule.examples[1:]) for key, rule in book.rules.items()}
    assert changes(book, replace(book, rules=moved)) == {}
