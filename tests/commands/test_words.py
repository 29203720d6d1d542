import ast
import re
from datetime import UTC, datetime, time, timedelta

import pytest
from fluent.syntax import FluentParser
from fluent.syntax import ast as ftl

from bot.commands import times
from bot.commands.rights import NEEDED
from bot.commands.table import COMMANDS
from bot.commands.texts import FOLDER, Voice, languages
from bot.commands.words import _words, nearest, plain, split, vocabulary

SOURCES = sorted(FOLDER.parent.glob("*.py"))


def messages(language):
    """Every message of a language with the variables it needs."""
    found = {}
    for file in sorted((FOLDER / language).glob("*.ftl")):
        for entry in FluentParser().parse(file.read_text(encoding="utf-8")).body:
            assert not isinstance(entry, ftl.Junk), f"{file.name}: {entry.content}"
            if isinstance(entry, ftl.Message):
                assert entry.id.name not in found, f"{file.name}: {entry.id.name} is written twice"
                found[entry.id.name] = {n.id.name for n in nodes(entry) if isinstance(n, ftl.VariableReference)}
    return found


def nodes(node):
    yield node
    for value in vars(node).values():
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ftl.BaseNode):
                yield from nodes(child)


def said():
    """Every call of `say` in the sources: the keys or the start of a key it may be, and the values it gives."""
    for file in SOURCES:
        tree = ast.parse(file.read_text(encoding="utf-8"))
        named = {
            t.id: n.value
            for n in ast.walk(tree)
            if isinstance(n, ast.Assign)
            for t in n.targets
            if isinstance(t, ast.Name)
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", "") == "say" and node.args:
                key = node.args[0]
                key = named.get(key.id, key) if isinstance(key, ast.Name) else key
                values = {k.arg for k in node.keywords}
                yield file.name, list(keys(key)), values


def keys(node):
    """The constants a key may be; the start of an f-string ends in a star."""
    if isinstance(node, ast.Constant):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from [*keys(node.body), *keys(node.orelse)]
    elif isinstance(node, ast.JoinedStr) and isinstance(node.values[0], ast.Constant):
        yield str(node.values[0].value) + "*"


def test_every_language_says_everything():
    """The same messages with the same variables, in German, English and Chinese."""
    english = messages("en")
    assert {"de", "en", "zh"} <= set(languages())
    for language in languages():
        own = messages(language)
        assert {k: v for k, v in own.items() if k not in english} == {}
        assert [k for k in english if k not in own] == [], language
        # A language without plurals may leave a number out of a choice, never a name.
        assert {k: v ^ own[k] for k, v in english.items() if v ^ own[k]} == {}, language


def test_every_message_is_said_with_its_variables():
    """A call gives what the message needs; what nobody says is not kept."""
    known, used = messages("en"), set()
    for file, names, values in said():
        for name in names:
            matching = [k for k in known if k.startswith(name[:-1])] if name.endswith("*") else [name]
            assert set(matching) <= set(known), f"{file} says {name}"
            used.update(matching)
            assert [(file, k) for k in matching if not known[k] <= values] == []
    constants = {
        n.value for f in SOURCES for n in ast.walk(ast.parse(f.read_text("utf-8"))) if isinstance(n, ast.Constant)
    }
    assert set(known) - used - constants == set()


def test_a_message_is_one_line():
    """Whatever is chosen within it."""
    for language in languages():
        voice = Voice(language)
        for key, variables in messages(language).items():
            for value in (0, 1, 2, 21):
                line = voice.say(key, **dict.fromkeys(variables, value))
                assert line, key
                assert "\n" not in line, key


def test_numbers_have_their_plural():
    """One story, two stories; Chinese knows no difference."""
    assert Voice("en").say("digest-waiting", count=1).startswith("1 story waits")
    assert Voice("en").say("digest-waiting", count=2).startswith("2 stories wait")
    assert Voice("de").say("digest-waiting", count=1).startswith("1 Meldung wartet")
    assert Voice("zh").say("digest-waiting", count=1) == "有 1 个事件等待摘要："


def test_values_are_made_safe_and_never_read():
    """Foreign text cannot hide, turn a line around or call a message."""
    line = Voice("en").say("unknown-name-plain", name="{ $near } \u202e{ help-first }\n<!channel>\x00")
    assert line == "I know no company and no list “{ $near } { help-first } <!channel>”."


def test_an_unknown_language_is_spoken_to_in_english():
    """Its first lines may be in its own; commands are answered in English."""
    assert Voice("fr").say("which-story") == Voice("en").say("which-story")
    assert Voice("de-AT").language == "de"


def test_a_word_means_one_thing():
    """Within a group no word means two things, in whatever language it is."""
    meanings: dict[tuple[str, str], set[str]] = {}
    for code in languages():
        for (group, name), words in _words(code).items():
            for word in words:
                meanings.setdefault((group, word), set()).add(name)
    assert {k: v for k, v in meanings.items() if len(v) > 1} == {}


def test_every_language_has_the_same_words():
    """What can be said in English can be said in German and Chinese."""
    english = set(_words("en"))
    assert {language: english ^ set(_words(language)) for language in languages()} == {
        language: set() for language in languages()
    }


def test_every_line_of_the_words_is_read():
    """A slip in the table is no silent hole."""
    for file in FOLDER.glob("*/words.txt"):
        lines = [x for x in file.read_text(encoding="utf-8").splitlines() if x and not x.startswith("#")]
        assert len(lines) == len(_words(file.parent.name))


def test_every_command_has_words_rights_and_help():
    """In every language."""
    for command in (*COMMANDS, "help"):
        assert command in NEEDED
        for language in languages():
            assert vocabulary(language).shown("command", command)
            assert all(Voice(language).has(f"{part}-{command}") for part in ("usage", "about", "example"))


@pytest.mark.parametrize("language", languages())
def test_usage_and_example_begin_with_the_word_of_the_language(language):
    """What help shows can be typed."""
    for command in COMMANDS:
        if command == "company":
            continue
        for part in ("usage", "example"):
            line = Voice(language).say(f"{part}-{command}")
            assert vocabulary(language).find("command", split(line)[0]) == command, line


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("mute  byd\t7d", ("mute", "byd", "7d")),
        ('list new mine "Great Wall"', ("list", "new", "mine", "Great Wall")),
        ("list neu „Meine Liste“ byd", ("list", "neu", "Meine Liste", "byd")),
        ("名单 新建 「我的 名单」 比亚迪", ("名单", "新建", "我的 名单", "比亚迪")),
        ("类型：合资，工厂", ("类型:合资,工厂",)),
        ("静音 ＢＹＤ ７ｄ", ("静音", "BYD", "7d")),
        ("subscribe all −byd –nio", ("subscribe", "all", "-byd", "-nio")),
        ('broken "quote', ("broken", "quote")),
        ('""', ()),
        ("", ()),
    ],
)
def test_a_line_is_split_as_any_keyboard_types_it(typed, words):
    """Full width, quotes of every language, dashes that are no hyphens."""
    assert split(typed) == words


def test_the_channels_language_wins_and_english_always_works():
    """German and Chinese words are understood beside the English ones everywhere."""
    for language in languages():
        find = vocabulary(language).find
        for word in ("subscribe", "abonnieren", "订阅", "ABONNIEREN"):
            assert find("command", word) == "subscribe"
        for word in ("help", "Hilfe", "帮助"):
            assert find("command", word) == "help"
        for word in ("daily", "täglich", "每日"):
            assert find("cadence", word) == "daily"
    assert vocabulary("de").shown("command", "mute") == "stumm"
    assert vocabulary("fr").shown("command", "mute") == "mute"


@pytest.mark.parametrize(
    ("language", "values", "line"),
    [
        ("zh", {"company": "吉利"}, "吉利已不在规则中，不会再有新内容。"),
        ("zh", {"company": "NIO"}, "NIO 已不在规则中，不会再有新内容。"),
        ("zh", {"company": "小米 SU7"}, "小米 SU7 已不在规则中，不会再有新内容。"),
        ("de", {"company": "吉利"}, "吉利 steht nicht mehr in den Regeln; Neues wird dazu nicht mehr gelesen."),
    ],
)
def test_chinese_leaves_no_space_beside_chinese(language, values, line):
    """Beside Latin letters it does, and within a name nothing is changed."""
    assert Voice(language).say("company-gone", **values) == line


def test_what_is_to_be_typed_keeps_its_spaces():
    """Whatever is beside it."""
    assert "订阅 名单和公司 每周" in Voice("zh").say("digest-no-weekly", subscribe="订阅", weekly="每周")


def test_the_nearest_word_is_found():
    """A slip has a suggestion, nonsense has none."""
    assert vocabulary("en").nearest("command", "subscrib") == "subscribe"
    assert vocabulary("de").nearest("command", "abonieren") == "abonnieren"
    assert nearest("xyzzy", ["subscribe", "mute"]) is None


@pytest.mark.parametrize(
    ("typed", "at"),
    [
        ("8", time(8)),
        ("08:00", time(8)),
        ("8.30", time(8, 30)),
        ("8h", time(8)),
        ("8pm", time(20)),
        ("12am", time(0)),
        ("24:00", time(0)),
        ("8点", time(8)),
        ("8点30分", time(8, 30)),
        ("８：３０", time(8, 30)),
        ("25:00", None),
        ("8:60", None),
        ("0pm", None),
        ("byd", None),
        ("", None),
    ],
)
def test_times_of_day(typed, at):
    """As people write them."""
    assert times.clock(typed) == at


@pytest.mark.parametrize(
    "typed", ["22:00-07:00", "22-7", "22:00 – 7:00", "from 22 to 7", "von 22 bis 7 Uhr", "22点至7点", "22:00 7:00"]
)
def test_hours_from_and_to(typed):
    """From when to when."""
    assert times.hours(split(typed), vocabulary("en")) == (time(22), time(7))


@pytest.mark.parametrize("typed", ["22", "22-25", "22-7-9", "off", ""])
def test_no_hours(typed):
    """What is no pair of times is none."""
    assert times.hours(split(typed), vocabulary("en")) is None


NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "taken", "end"),
    [
        ("7d", 1, NOW + timedelta(days=7)),
        ("12h", 1, NOW + timedelta(hours=12)),
        ("2w byd", 1, NOW + timedelta(weeks=2)),
        ("2 Wochen", 2, NOW + timedelta(weeks=2)),
        ("für 3 Tage", 3, NOW + timedelta(days=3)),
        ("７天", 1, NOW + timedelta(days=7)),
        ("2 周", 2, NOW + timedelta(weeks=2)),
        ("until 2026-12-01", 2, datetime(2026, 11, 30, 23, tzinfo=UTC)),
        ("bis 1.12.", 2, datetime(2026, 11, 30, 23, tzinfo=UTC)),
        ("bis 1.2.", 2, datetime(2027, 1, 31, 23, tzinfo=UTC)),
        ("至 2026年12月1日", 2, datetime(2026, 11, 30, 23, tzinfo=UTC)),
        ("12月1日", 1, datetime(2026, 11, 30, 23, tzinfo=UTC)),
        ("until monday", 2, datetime(2026, 3, 8, 23, tzinfo=UTC)),
        ("for ever", 2, None),
        ("für immer", 2, None),
        ("永久", 1, None),
        ("until 9999-12-31", 2, None),
    ],
)
def test_how_long(typed, taken, end):
    """Durations, dates of the channel's zone, for ever."""
    assert times.until(split(typed), vocabulary("en"), NOW, "Europe/Berlin") == (taken, times.Until(end))


@pytest.mark.parametrize("typed", ["byd", "7", "0d", "until", "monday", "2026-02-30", "7x", "until byd"])
def test_no_time(typed):
    """What is no time is left for a name."""
    assert times.until(split(typed), vocabulary("en"), NOW, "Europe/Berlin") is None


@pytest.mark.parametrize("typed", ["until 2026-03-01", "until 0001-01-01", "2026-03-02"])
def test_a_date_that_is_over(typed):
    """Is a mistake, not for ever."""
    with pytest.raises(ValueError, match=re.escape(split(typed)[-1])):
        times.until(split(typed), vocabulary("en"), NOW, "Asia/Shanghai")


def test_plain_text_is_compared_without_width_and_case():
    """What looks the same is the same."""
    assert plain("  ＢＹＤ  Auto ") == "byd auto"
