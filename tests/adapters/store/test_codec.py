import json
from dataclasses import replace
from datetime import UTC

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.store.codec import dumps, loads
from bot.adapters.store.types import clean
from bot.domain.channels import Filter, Reason, ReasonCode
from bot.domain.claims import Certainty, Claim, Evidence, Kind, Reading
from bot.domain.messages import Message, SourceLink
from bot.domain.stories import Story
from tests.kit.builders import CHINESE, claim, message, reading, side, story
from tests.kit.clock import START

texts = st.text().map(clean)
aware = st.datetimes(timezones=st.timezones())
st.register_type_strategy(str, texts)


@given(st.builds(Evidence, text=texts))
def test_evidence_comes_back_as_it_was(evidence):
    """Concept, field, place and words, in any script."""
    assert loads(Evidence, dumps(evidence)) == evidence


@given(st.from_type(Claim))
def test_claims_come_back_as_they_were(made):
    """Whatever the reader says."""
    assert loads(Claim, dumps(made)) == made


@given(st.from_type(Reading))
def test_readings_come_back_as_they_were(made):
    """Mentions, claims and all."""
    assert loads(Reading, dumps(made)) == made


@given(
    st.builds(Filter, certainties=st.frozensets(st.sampled_from(Certainty)), kinds=st.frozensets(st.sampled_from(Kind)))
)
def test_filters_come_back_as_they_were(made):
    """Sets are written sorted, so that equal ones are written alike."""
    assert loads(Filter, dumps(made)) == made


@given(st.builds(SourceLink, published=st.none() | aware))
def test_times_come_back_as_the_same_moment(made):
    """In UTC, whatever their zone was."""
    when = made.published and made.published.astimezone(UTC)
    assert loads(SourceLink, dumps(made)) == replace(made, published=when)


def test_a_digest_comes_back_with_its_items():
    """Messages hold messages."""
    digest = message("Digest", items=(message(CHINESE, story="S1", revision=2), message("2", ringing=True)))
    assert loads(Message, dumps(digest)) == digest


def test_a_story_comes_back_as_it_was():
    """Sets, times and references."""
    made = story(7, "geely foxconn", Kind.JOINT_VENTURE, origins=frozenset({"Late Post"}), follows=3, related=(4, 5))
    assert loads(Story, dumps(made)) == made


def test_a_story_without_a_date_comes_back_without():
    """None is a value like others."""
    made = story(last_claim_at=None)
    assert loads(Story, dumps(made)).last_claim_at is None


def test_what_has_its_default_is_left_out():
    """A field added later reads as its default in old rows."""
    assert dumps(Filter()) == "{}"
    assert json.loads(dumps(Reason(ReasonCode.ROOT))) == {"code": "root"}


def test_letters_are_written_as_they_are():
    """Who looks into the database with sqlite3 can read it."""
    assert "晚点" in dumps(reading(claim(), side("geely", "foxconn")))


def test_nul_and_lone_surrogates_are_cleaned_without_moving_anything():
    """PostgreSQL refuses the one, nothing can encode the other; evidence counts characters."""
    assert loads(Message, dumps(Message("a\0b\ud800c"))).first_line == "a b\ufffdc"


def test_a_naive_datetime_is_refused():
    """Inside JSON too."""
    with pytest.raises(ValueError, match="without a zone"):
        dumps(SourceLink("x", None, START.replace(tzinfo=None)))


@pytest.mark.parametrize(
    "text", ["[]", "{", '{"line": 1}', '{"first_line": 1}', "{}", '{"first_line": "a", "sources": [{"label": null}]}']
)
def test_what_is_not_understood_is_refused(text):
    """A row somebody wrote by hand does not become half a message."""
    from bot.errors import StoreError

    with pytest.raises(StoreError, match="a row holds no Message"):
        loads(Message, text)
