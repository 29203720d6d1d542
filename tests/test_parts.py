"""The rule folders as the running process has them."""

import shutil

import pytest

from bot import parts
from bot.errors import ConfigError
from bot.settings import Settings

BAONENG = "{id: baoneng, name: Baoneng, sector: [carmaker], aliases: [宝能]}"


@pytest.fixture
def rules(tmp_path, monkeypatch):
    """The bundled rules, with whatever `./rules` there will be."""
    monkeypatch.chdir(tmp_path)
    return parts.Rules(Settings())


def write(tmp_path, text=BAONENG):
    (tmp_path / "rules/companies").mkdir(parents=True, exist_ok=True)
    (tmp_path / "rules/companies/own.yaml").write_text(text, encoding="utf-8")


def test_a_folder_of_ones_own_may_come_later(rules, tmp_path):
    """It is seen, and laid over the bundled one."""
    before = rules.stamp()
    assert "baoneng" not in rules.load().rulebook.companies
    assert rules.stamp() == before
    write(tmp_path)
    assert rules.stamp() != before
    assert "baoneng" in rules.load().rulebook.companies


def test_a_folder_that_was_there_is_never_done_without(rules, tmp_path):
    """It is about to be replaced, or somebody has made a mistake."""
    write(tmp_path)
    before = rules.stamp()
    shutil.rmtree(tmp_path / "rules")
    assert rules.stamp() != before
    with pytest.raises(ConfigError, match="rules: no such folder"):
        rules.load(proven=True)


def test_only_what_is_proven_has_to_keep_its_promises(rules, tmp_path):
    """Lint and examples stop a change, not a start."""
    write(tmp_path, "{id: baoneng, name: BYD}")
    assert "baoneng" in rules.load().rulebook.companies
    with pytest.raises(ConfigError, match="'BYD' also stands for"):
        rules.load(proven=True)


def test_examples_that_never_end_are_a_mistake(rules, monkeypatch):
    """Until they have run, nothing else is found out."""
    monkeypatch.setattr(parts, "PATIENCE", -1)
    with pytest.raises(ConfigError, match="all of them together take longer than"):
        rules.load(proven=True)
