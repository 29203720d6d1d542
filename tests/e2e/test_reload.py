"""The rules of a real process, edited while it runs."""

import asyncio

import pytest

BAONENG = "{id: baoneng, name: Baoneng, sector: [carmaker], aliases: [Baoneng, 宝能]}\n"
WRONG = "id: baoneng\nnaem: 宝能\n"
VENTURE = "BYD and Uber form EV joint venture"
OF_BAONENG = {
    "de": "Baoneng und BYD gründen ein Gemeinschaftsunternehmen für Elektroautos",
    "zh": "宝能与比亚迪成立电动汽车合资公司",
}
#: From the save to its being in use, in seconds.
SOON = 10


@pytest.fixture
async def news(site, evwatch):
    """One feed, polled every second, of a process that runs."""
    feed = site.feed("news")
    evwatch.feeds({"id": "news", "url": feed.url, "interval": "1s", "backlog": "all"}, allow=site.place)
    await evwatch.start()
    return feed


def save(evwatch, name, text):
    (evwatch.folder / "rules" / name).write_text(text, encoding="utf-8")


async def until_logged(evwatch, words, times=1):
    async with asyncio.timeout(SOON):
        while evwatch.log.count(words) < times:  # noqa: ASYNC110 - another process's log has no event
            await asyncio.sleep(0.02)


@pytest.mark.parametrize("language", ["de", "zh"])
async def test_a_saved_change_is_in_use_without_a_restart(evwatch, news, language):
    """Within ten seconds: what is published then is told of the new company."""
    save(evwatch, "companies/baoneng.yaml", BAONENG)
    await until_logged(evwatch, b"rules reloaded")
    assert b"companies=+1/-0/~0" in evwatch.log
    news.publish(OF_BAONENG[language])
    [told] = await evwatch.until_told(1)
    assert "Baoneng" in told["text"]


async def test_a_wrong_change_is_told_once_and_everything_goes_on(evwatch, news):
    """By the rules of before, until they are well again."""
    save(evwatch, "companies/baoneng.yaml", WRONG)
    [notice] = await evwatch.until_told(1, seconds=SOON)
    assert "rules/companies/baoneng.yaml:2: naem: unknown key" in notice["text"]
    save(evwatch, "companies/baoneng.yaml", WRONG)
    await until_logged(evwatch, b"rules/companies/baoneng.yaml:2: naem", times=3)  # twice a problem, once the notice
    news.publish(VENTURE)
    _, told = await evwatch.until_told(2)
    assert "BYD" in told["text"]
    save(evwatch, "companies/baoneng.yaml", BAONENG)
    *_, well = await evwatch.until_told(3, seconds=SOON)
    assert well["text"] == "The rules are well again, and in use as they are now"
    assert await evwatch.stop() == 0
