"""Rules that are changed while everything runs: real folders and a real store, with time and the outside made up."""

import asyncio
import gc
import shutil
import time
import weakref
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from bot import rulebook
from bot.domain.channels import ChannelRef
from bot.domain.rulebook import WatchList
from bot.errors import StoreError
from bot.parts import Rules
from bot.pipeline.live import Live
from bot.pipeline.reload import Reloader
from bot.settings import Settings
from tests.kit.world import DESK, OPERATORS, World

BAONENG = "{id: baoneng, name: Baoneng, sector: [carmaker], aliases: [Baoneng, 宝能]}"
VENTURE_DE = "Baoneng und BYD gründen ein Gemeinschaftsunternehmen für Elektroautos"
VENTURE_ZH = "宝能与比亚迪成立电动汽车合资公司"
LISTS = """
- {id: small, title: Klein, companies: [byd]}
- {id: smaller, title: 小, companies: [nio]}
"""
FEEDS = [
    {"id": name, "url": f"http://feeds.example:80/{name}", "title": name.title(), "interval": "1m", "backlog": "all"}
    for name in ("first", "second")
]


class Editor:
    """Somebody at the rules of a world that runs."""

    def __init__(self, world: World, folder: Path) -> None:
        self.world = world
        self.folder = folder
        self.rules = Rules(Settings(rules_dir=folder, rules_only=True))
        for feed in FEEDS:
            world.feed(str(feed["id"]))

    def write(self, name: str, text: str) -> None:
        (self.folder / name).write_text(text, encoding="utf-8")

    async def start(self, live: Live | None = None) -> None:
        """The process begins with the rules as they are, which are loaded unless they are given."""
        stamp = self.rules.stamp()
        live = live or self.rules.load()
        world = self.world
        await world._start()
        world.live.swap(live.rulebook, live.reader)
        self.reloader = Reloader(world.store, world.clock, world.live, world.notices, self.rules, stamp=stamp)
        await self.reloader.start()

    async def look(self) -> bool:
        """Two looks, which is what it takes; whether other rules are in use."""
        return [await self.reloader.tick(), await self.reloader.tick()][-1]

    async def told(self, room: str = OPERATORS) -> list[str]:
        """First lines, as they are shown now."""
        await self.world.settle()
        return [told.text for told in self.world.slack.messages(room)]


@pytest.fixture(scope="module")
def copied(tmp_path_factory):
    """The bundled rules, but for their feeds, and for places, which take long to read."""
    folder = tmp_path_factory.mktemp("copied") / "rules"
    shutil.copytree(rulebook.bundled(), folder, ignore=shutil.ignore_patterns("places.yaml"))
    (folder / "feeds.yaml").write_text(yaml.safe_dump(FEEDS), encoding="utf-8")
    return folder, Rules(Settings(rules_dir=folder, rules_only=True)).load()


@pytest.fixture
async def editor(world, copied, tmp_path):
    """The desk hears of every company; the rules lie in a folder one can write into."""
    folder, live = copied
    shutil.copytree(folder, tmp_path / "rules")
    made = Editor(world, tmp_path / "rules")
    await made.start(live)
    return made


# ------------------------------------------------------------------------------------------------------- taken over


@pytest.mark.parametrize("title", [VENTURE_DE, VENTURE_ZH])
async def test_the_next_entry_is_read_by_the_new_rules(world, editor, title):
    """A company that is added is told of at once, to whoever watches a list it is on."""
    await world.run_for("1m")
    editor.write("companies/baoneng.yaml", BAONENG)
    assert await editor.look()
    world.feed("first").publish(title)
    await world.run_for("2m")
    [told] = await editor.told(DESK)
    assert "Baoneng" in told
    assert await editor.told() == []


async def test_what_is_still_being_written_is_let_be(editor):
    """Only what two looks running find alike is loaded."""
    editor.write("companies/baoneng.yaml", "id: baoneng\n")
    assert not await editor.reloader.tick()
    editor.write("companies/baoneng.yaml", BAONENG)
    assert not await editor.reloader.tick()
    assert await editor.reloader.tick()
    assert not await editor.look()
    assert await editor.told() == []


async def test_a_touched_file_changes_nothing(world, editor):
    """The same bytes are the same rules."""
    before = world.live.reader
    (editor.folder / "feeds.yaml").touch()
    assert not await editor.look()
    assert world.live.reader is before


async def test_feeds_come_and_go(world, editor):
    """A feed that is added is polled, one that left is not; its entries stay."""
    await world.run_for("1m")
    editor.write(
        "feeds.yaml", yaml.safe_dump([FEEDS[1], {**FEEDS[1], "id": "third", "url": "http://feeds.example:80/3"}])
    )
    assert await editor.look()
    assert [f.spec.id for f in await world.store.feeds()] == ["second", "third"]


# ---------------------------------------------------------------------------------------------------------- refused

BAD = [
    pytest.param(
        "companies/x.yaml", "id: baoneng\nnaem: 宝能\n", "rules/companies/x.yaml:2: naem: unknown key", id="schema"
    ),
    pytest.param("companies/x.yaml", "{id: baoneng, name: BYD}", "'BYD' also stands for", id="lint"),
    pytest.param(
        "feeds.yaml", "{id: f, url: https://f.example, kind: telex}", "f.kind: must be one of feed", id="kind"
    ),
    pytest.param(
        "cases/x.yaml",
        "{id: x, title: Falsch, entries: [{title: Guten Tag}], expect: {stories: 1}}",
        "rules/cases/x.yaml:1: expect.stories: expected 1, got 0",
        id="case",
    ),
]


@pytest.mark.parametrize(("name", "text", "problem"), BAD)
async def test_wrong_rules_are_told_once_and_not_used(world, editor, name, text, problem):
    """The old rules go on; nothing more is said until they are well again, which is said once too."""
    before = world.live.rulebook
    was = (editor.folder / name).read_bytes() if (editor.folder / name).exists() else None
    editor.write(name, text)
    assert not await editor.look()
    (editor.folder / name).touch()
    assert not await editor.look()
    [told] = await editor.told()
    assert told.startswith("The changed rules are not used, those of before are: ")
    assert problem in told
    assert world.live.rulebook is before
    (editor.folder / name).unlink() if was is None else (editor.folder / name).write_bytes(was)
    await editor.look()
    await editor.look()
    assert await editor.told() == [told, "The rules are well again, and in use as they are now"]


async def test_the_first_problem_stands_for_all(editor):
    """The line says how many more there are; the log has every one."""
    editor.write("companies/x.yaml", "id: baoneng\nnaem: 宝能\nsektor: [carmaker]\n")
    await editor.look()
    [told] = await editor.told()
    assert told.endswith("(and 1 more)")


async def test_a_folder_that_is_gone_is_a_mistake(world, editor):
    """A checkout may be under way: the rules of before are used until it is back."""
    before = world.live.rulebook
    away = editor.folder.with_name("away")
    editor.folder.rename(away)
    assert not await editor.look()
    away.rename(editor.folder)
    await editor.look()
    assert world.live.rulebook is before
    [gone, back] = await editor.told()
    assert "there is no folder" in gone
    assert back.startswith("The rules are well again")


async def test_the_same_mistake_after_a_restart_is_told_no_more(world, editor):
    """What the operators know they know; that it is well is said by whichever process finds it so."""
    editor.write("companies/x.yaml", "id: baoneng\n")
    await editor.look()
    assert len(await editor.told()) == 1
    (editor.folder / "companies/x.yaml").unlink()
    await world.restart()
    await editor.start()
    assert len(await editor.told()) == 2
    editor.write("companies/x.yaml", "id: baoneng\n")
    await editor.look()
    assert len(await editor.told()) == 2


# ------------------------------------------------------------------------------------------------------------- lists


async def test_a_list_that_left_pauses_what_has_nothing_else(world, editor):
    """Told once to its channel and once to the operators; back again, it goes on and says so."""
    editor.write("watchlists/own.yaml", LISTS)
    await editor.look()
    only = await world.subscribe("C0KLEIN", "small", language="de")
    both = await world.subscribe("C0BEIDE", "small", "nio", language="zh")
    editor.write("watchlists/own.yaml", LISTS.replace("small,", "tiny,"))
    await editor.look()
    await editor.reloader.start()  # as after a restart
    paused = {s.id: s.paused for s in await world.store.all_subscriptions()}
    assert (paused[only], paused[both]) == ("left the rules: small", None)
    left = "Watch list small left the rules. Subscriptions: "
    assert await editor.told("C0KLEIN") == [
        f"Die Liste small steht nicht mehr in den Regeln. Abos: #{only} ruhen, bis sie zurück ist"
    ]
    assert await editor.told("C0BEIDE") == [f"名单 small 已不在规则中。订阅：#{both} 继续关注其余内容"]
    assert await editor.told() == [f"{left}#{only} paused until it is back; #{both} going on with what else they name"]

    editor.write("watchlists/own.yaml", LISTS)
    await editor.look()
    await editor.reloader.start()
    assert {s.paused for s in await world.store.all_subscriptions()} == {None}
    back = "Watch list small is back in the rules. Subscriptions that are told of it again: "
    assert (await editor.told("C0KLEIN"))[1:] == [
        f"Die Liste small steht wieder in den Regeln. Abos, die wieder davon erfahren: #{only}"
    ]
    assert (await editor.told())[1:] == [f"{back}#{only}, #{both}"]

    editor.write("watchlists/own.yaml", LISTS.replace("small,", "tiny,"))
    world.clock.set(world.clock.now().replace(year=world.clock.now().year + 1))
    await editor.look()
    assert len(await editor.told("C0KLEIN")) == 3


async def test_a_subscription_somebody_paused_stays_paused(world, editor):
    """Whatever its lists do."""
    editor.write("watchlists/own.yaml", LISTS)
    await editor.look()
    only = await world.subscribe("C0KLEIN", "small")
    await world.store.pause_subscription(only, "im Urlaub")
    for text in ("[]", LISTS):
        editor.write("watchlists/own.yaml", text)
        await editor.look()
        [paused] = [s.paused for s in await world.store.all_subscriptions(ChannelRef("slack", "C0KLEIN"))]
        assert paused == "im Urlaub"


async def test_a_list_made_in_chat_never_leaves(world, editor):
    """The rules know nothing of it."""
    store, now = world.store, world.clock.now()
    await store.save_watchlist(WatchList("unsere", "我们的", frozenset({"nio"})), "slack:U1", now)
    [desk] = await store.all_subscriptions()
    await store.subscribe(replace(desk, watchlists=("unsere",)), now)
    editor.write("companies/baoneng.yaml", BAONENG)
    await editor.look()
    _, ours = await store.all_subscriptions()
    assert (ours.paused, ours.watched) == (None, {"nio"})
    assert await editor.told() == []


# --------------------------------------------------------------------------------------------------- names and renames


async def test_a_company_that_left_keeps_its_name(world, editor):
    """What is told already goes on by its name; the reader finds it no more."""
    editor.write("companies/baoneng.yaml", BAONENG)
    await editor.look()
    world.feed("first").publish(VENTURE_DE)
    await world.run_for("2m")
    (editor.folder / "companies/baoneng.yaml").unlink()
    await editor.look()
    assert world.live.rulebook.departed["baoneng"].name == "Baoneng"
    assert "baoneng" not in world.live.rulebook.companies
    world.feed("second").publish("Baoneng baut Elektroautos in China")
    await world.run_for("2m")
    assert "Baoneng" in (await editor.told(DESK))[0]
    assert not any("baoneng" in told for told in await editor.told(DESK))
    await editor.reloader.start()
    assert world.live.rulebook.departed["baoneng"].name == "Baoneng"


async def test_a_renamed_company_keeps_its_story(world, editor):
    """The second report edits the message of the first; subscriptions go on."""
    editor.write("companies/baoneng.yaml", BAONENG)
    await editor.look()
    await world.subscribe("C0KLEIN", "baoneng", language="zh")
    world.feed("first").publish(VENTURE_DE)
    await world.run_for("2m")
    editor.write("companies/baoneng.yaml", BAONENG.replace("id: baoneng", "id: baoneng-auto, formerly: [baoneng]"))
    await editor.look()
    world.feed("second").publish(VENTURE_ZH)
    await world.run_for("2m")
    [english], [chinese] = world.slack.messages(DESK), world.slack.messages("C0KLEIN")
    for told, name in ((english, "Baoneng"), (chinese, "宝能")):
        assert name in told.text
        assert [link.label for link in told.shown.sources] == ["Second", "First"]
    [story] = await world.store.latest(companies=["baoneng-auto"])
    assert story.story.outlets == {"First", "Second"}


async def test_a_poll_that_was_read_by_the_rules_of_before_is_read_again(world, editor, monkeypatch):
    """Rules that change between reading and writing part no story from its past."""
    editor.write("companies/baoneng.yaml", BAONENG)
    await editor.look()
    world.feed("first").publish(VENTURE_DE)
    await world.run_for("2m")
    begin, polls = world.store.begin, len(world.feed("second").polls)

    @asynccontextmanager
    async def late():
        if len(world.feed("second").polls) > polls:
            monkeypatch.undo()
            text = BAONENG.replace("id: baoneng", "id: baoneng-auto, formerly: [baoneng]")
            editor.write("companies/baoneng.yaml", text)
            assert await editor.look()
        async with begin() as tx:
            yield tx

    world.feed("second").publish(VENTURE_ZH)
    monkeypatch.setattr(world.store, "begin", late)
    await world.run_for("2m")
    [story] = await world.store.latest(limit=9)
    assert story.story.parties == {"baoneng-auto", "byd"}
    assert len(await editor.told(DESK)) == 1


@pytest.mark.parametrize("broken", ["rename", "sync_feeds"])
async def test_what_the_store_did_not_take_is_tried_again(world, editor, monkeypatch, broken):
    """At the next look, though no file was changed since."""
    await world.subscribe("C0KLEIN", "byd", language="de")

    async def refuse(*args):
        raise StoreError("disk full")

    editor.write("companies/baoneng.yaml", BAONENG)
    editor.write("feeds.yaml", yaml.safe_dump(FEEDS[:1]))
    monkeypatch.setattr(world.store, broken, refuse)
    for _ in range(2):
        with pytest.raises(StoreError, match="disk full"):
            await editor.look()
    monkeypatch.undo()
    await editor.look()
    assert "baoneng" in world.live.rulebook.companies
    assert [f.spec.id for f in await world.store.feeds()] == ["first"]
    world.feed("first").publish(VENTURE_DE)
    await world.poll_now()
    assert len(world.slack.messages("C0KLEIN")) == 1


async def test_nobody_writes_between_other_names_and_what_lists_mean(world, editor):
    """Whoever waits to write finds both taken over, and the rules with them."""
    editor.write("companies/baoneng.yaml", BAONENG)
    editor.write("watchlists/own.yaml", LISTS)
    await editor.look()
    await world.subscribe("C0KLEIN", "small", language="zh")
    seen: list[tuple[bool, bool]] = []

    async def writer():
        while not seen or not seen[-1][0]:
            async with world.store.begin() as tx:
                meant = {s.channel.ref.room for s in await tx.subscriptions(["nio"])}
                seen.append(("baoneng-auto" in world.live.rulebook.companies, "C0KLEIN" in meant))
            await asyncio.sleep(0)

    editor.write("companies/baoneng.yaml", BAONENG.replace("id: baoneng", "id: baoneng-auto, formerly: [baoneng]"))
    editor.write("watchlists/own.yaml", LISTS.replace("[byd]", "[nio, baoneng-auto]"))
    writing = asyncio.create_task(writer())
    assert await editor.look()
    await asyncio.wait_for(writing, 10)
    assert set(seen) == {(False, False), (True, True)}


async def test_a_renamed_list_goes_on(world, editor):
    """It has not left."""
    editor.write("watchlists/own.yaml", LISTS)
    await editor.look()
    await world.subscribe("C0KLEIN", "small")
    editor.write("watchlists/own.yaml", LISTS.replace("{id: small,", "{id: tiny, formerly: [small],"))
    await editor.look()
    [moved] = await world.store.all_subscriptions(ChannelRef("slack", "C0KLEIN"))
    assert (moved.watchlists, moved.paused, moved.watched) == (("tiny",), None, {"byd"})
    assert await editor.told() == []


# ---------------------------------------------------------------------------------------------------------- its cost


async def test_the_loop_goes_on_while_rules_are_built(world, editor):
    """And the rules of before are let go."""
    editor.write("companies/baoneng.yaml", BAONENG)
    await editor.look()
    before = weakref.ref(world.live.reader)
    gaps: list[float] = []

    async def watch() -> None:
        last = time.perf_counter()
        while True:
            await asyncio.sleep(0.01)
            gaps.append(time.perf_counter() - last)
            last = time.perf_counter()

    editor.write("companies/baoneng.yaml", BAONENG.replace("宝能", "寶能"))
    await editor.reloader.tick()
    watching = asyncio.create_task(watch())
    assert await editor.reloader.tick()
    watching.cancel()
    assert len(gaps) > 10, "the loop had its turns"
    gc.collect()
    assert before() is None
