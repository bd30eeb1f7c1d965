"""Small facts, kept by one of several who try at once."""

from concurrent.futures import ThreadPoolExecutor

from bot.store import notes
from bot.store.database import Database


def test_a_value_is_swapped_only_for_the_one_that_is_expected(database: Database) -> None:
    with database.transaction() as tx:
        assert not notes.swap(tx, "a", "one", "two"), "there is none"
        assert notes.swap(tx, "a", None, "one")
        assert not notes.swap(tx, "a", None, "two"), "there is one"
        assert notes.swap(tx, "a", "one", "two")
        assert not notes.swap(tx, "a", "one", "three")
        assert notes.get(tx, "a") == "two"


def test_of_many_who_swap_at_once_one_succeeds(database: Database) -> None:
    def swap(number: int) -> bool:
        with database.transaction() as tx:
            first = notes.swap(tx, "a", None, "begun")
        with database.transaction() as tx:
            return first or notes.swap(tx, "b", None, str(number))

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(swap, range(40))) == 2
