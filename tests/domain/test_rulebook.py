from dataclasses import replace

from bot.domain.rulebook import Company, Rulebook

NIO = Company("weilai", "NIO", formerly=("nio", "nextev"))
BOOK = Rulebook(
    companies={"weilai": NIO, "byd": Company("byd", "BYD")},
    former={"company:nio": "weilai", "company:nextev": "weilai", "watchlist:baoneng": "all"},
)


def test_a_company_that_left_keeps_its_name():
    """It is named, and not one of the companies: nobody finds it in an entry, nobody subscribes to it."""
    book = BOOK.remembering({"byd": "Build Your Dreams", "nio": "Nio Inc.", "baoneng": "宝能"})
    assert book.departed == {"baoneng": Company("baoneng", "宝能")}
    assert book.named["baoneng"].name == "宝能"
    assert book.companies == BOOK.companies


def test_a_former_id_has_the_name_of_today():
    """Whatever was remembered of it."""
    book = BOOK.remembering({"nio": "Nio Inc."})
    assert {key: company.name for key, company in book.named.items()} == {
        "nio": "NIO",
        "nextev": "NIO",
        "weilai": "NIO",
        "byd": "BYD",
    }


def test_a_company_that_came_back_is_of_today():
    """What was remembered before is put aside."""
    book = BOOK.remembering({"baoneng": "宝能"}).remembering({"weilai": "NIO"})
    assert book == replace(BOOK, departed={})
