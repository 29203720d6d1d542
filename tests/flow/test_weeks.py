"""One story over weeks: one message, edited as outlets join, a line where its certainty changes, restarts or not."""

import pytest

from tests.kit.world import DESK

#: What is published, how many days later, and the certainty the message shows from then on.
STEPS = (
    (0, "Xiaomi plant Einstieg in den Bau von Elektroautos, berichten Insider", "Gerücht"),
    (3, "Xiaomi is said to be planning to build electric cars, sources say", "Gerücht"),
    (1, "知情人士称，小米计划造电动汽车", "Gerücht"),
    (9, "Xiaomi dementiert Pläne für den Bau von Elektroautos", "Dementiert"),
    (12, "Xiaomi still plans to build electric cars, sources say", "Dementiert"),
    (16, "小米正式确认进入电动汽车行业", "Bestätigt"),
)


async def pass_days(world, days):
    """Polled once a day, which is enough not to be behind."""
    for _ in range(days):
        world.clock.advance("1d")
        await world.settle()


async def tell(world, steps, *, restart_after=-1):
    """Publish each step in a feed of its own; what the channel shows then."""
    seen = []
    for number, (wait, title, _) in enumerate(steps):
        await pass_days(world, wait)
        world.feed(f"outlet{number}").publish(title)
        await world.run_for("5m")
        (told,) = world.slack.messages("C0DE")
        seen.append((told.shown.first_line, len(told.edits), [line.first_line for line in told.lines]))
        if number == restart_after:
            await world.restart()
    return seen


@pytest.mark.parametrize("restart_after", range(-1, len(STEPS) - 1))
async def test_a_rumour_is_denied_rumoured_again_and_confirmed(world, restart_after):
    """One root; outlets edit it; the denial and the confirmation are a line each, wherever a restart falls."""
    await world.subscribe("C0DE", "xiaomi", language="de")
    seen = await tell(world, STEPS, restart_after=restart_after)
    for (shown, _, _), (_, title, certainty) in zip(seen, STEPS, strict=True):
        assert certainty in shown, title
    assert [edits for _, edits, _ in seen] == [0, 1, 2, 3, 4, 5]
    assert [len(lines) for _, _, lines in seen] == [0, 0, 0, 1, 1, 2]
    denied, confirmed = seen[-1][2]
    assert "Jetzt: dementiert" in denied
    assert "Jetzt: bestätigt" in confirmed
    keys = world.slack.keys
    assert len(set(keys)) == len(keys)
    assert len(world.slack.messages(DESK)) == 1


async def test_the_last_edit_tells_how_it_came(world):
    """The message names what it was before and who told it first, and who reported it again after the denial."""
    await world.subscribe("C0DE", "xiaomi", language="de")
    await tell(world, STEPS[:5])
    (told,) = world.slack.messages("C0DE")
    assert "erneut gemeldet: Outlet4" in told.shown.notes
    world.feed("outlet5").publish(STEPS[5][1])
    await world.run_for("5m")
    assert told.shown.notes[0] == "zuvor: Gerücht (Outlet0), Dementiert"
    labels = {s.label for s in told.shown.sources}
    assert len(labels) == 5
    assert any("6 Medien" in note for note in told.shown.notes)


FEBRUARY = (
    "Xiaomi steht angeblich vor dem Einstieg in die Produktion von Elektroautos",
    """Der Smartphone-Hersteller Xiaomi soll vor dem Einstieg in den Bau von Elektroautos stehen. Das berichtet das
    chinesische Medium Late Post unter Berufung auf Insider. Gründer Lei Jun soll das Projekt selbst leiten.""",
)
MARCH = (
    "Xiaomi steigt in den Bau von Elektroautos ein",
    """Xiaomi hat den Einstieg in das Geschäft mit Elektroautos bestätigt. Lei Jun werde das Unternehmen leiten, teilte
    Xiaomi am Dienstag mit.""",
)


async def test_the_february_rumour_and_the_march_confirmation_are_one_story(world):
    """Forty days apart: one message, one line that it is confirmed now."""
    await world.subscribe("C0DE", "xiaomi", language="de")
    world.feed("first").publish(*FEBRUARY)
    await world.run_for("5m")
    await pass_days(world, 40)
    world.feed("second").publish(*MARCH)
    await world.run_for("5m")
    (told,) = world.slack.messages("C0DE")
    assert told.message.first_line == "Xiaomi: Einstieg in Elektroautos. Gerücht. Zuerst: Late Post"
    assert told.shown.first_line.startswith("Xiaomi: Einstieg in Elektroautos. Bestätigt.")
    assert [line.first_line for line in told.lines] == [
        "Xiaomi: Einstieg in Elektroautos. Jetzt: bestätigt. Quelle: Xiaomi"
    ]
    assert "zuvor: Gerücht (Late Post)" in told.shown.notes
