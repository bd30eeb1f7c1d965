"""A query is one statement that asks; what is wrong with another is told where it stands."""

import pytest

from bot.core.statement import MOST_CHARACTERS, called_functions, misread, named_parameters, with_escaped_colons

GOOD = [
    "SELECT 1",
    "select 1;",
    "SELECT 1; -- done\n",
    "/* why */ SELECT 1",
    "WITH a AS (SELECT 1) SELECT * FROM a",
    "VALUES (1)",
    "SELECT ';', 'DELETE FROM sales', \"update\" FROM sales",
    "SELECT 'it''s; fine'",
    "SELECT $$ ; DROP TABLE x $$, $tag$ $$ ; $tag$",
    "SELECT replace(name, 'a', 'b') FROM sales",
    "SELECT updated_at, deleted, created FROM sales",
    "SELECT a FROM sales -- ; DELETE FROM sales",
    "SELECT day::date FROM sales WHERE day >= :since AND day < :until",
    "SELECT a[1:2] FROM sales",
    'SELECT "edit", "nextval" FROM sales WHERE "edit" * (1 + 1) > 2',
    "SELECT 'edit' IN ('edit')",
]


@pytest.mark.parametrize("text", GOOD)
def test_a_query_that_asks_is_taken(text: str) -> None:
    assert misread(text) is None


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("", 0, "holds no statement"),
        ("-- nothing\n", 0, "holds no statement"),
        ("SELECT 1; SELECT 2", 10, "a second statement begins here"),
        ("SELECT 1;;", 9, "a second statement begins here"),
        ("EXPLAIN SELECT 1", 0, "begins with EXPLAIN"),
        ("SELECT 1 INTO x", 9, "INTO does something"),
        ("WITH a AS (DELETE FROM b) SELECT 1", 11, "DELETE does something"),
        ("SELECT pg_notify('a', 'b')", 7, "pg_notify does something"),
        ("SELECT txid_current()", 7, "txid_current does something"),
        ("SELECT pg_stat_statements_reset()", 7, "pg_stat_statements_reset does something"),
        ("SELECT \"pg_notify\"('a', 'b')", 7, "pg_notify does something"),
        ("SELECT pg_catalog.\"pg_notify\" -- so\n ('a', 'b')", 18, "pg_notify does something"),
        ("SELECT `get_lock` /* so */ ('a', 1)", 7, "get_lock does something"),
        ('SELECT U&"a"', 7, "are not taken"),
        ("SELECT 'open", 7, "never ends"),
        ("SELECT $a$ open", 7, "never ends"),
        ("SELECT /* open", 7, "never ends"),
        ("SELECT /* a /* b */ */ 1", 7, "never ends"),
        (r"SELECT 'a\'; DELETE FROM b; --'", 7, "a backslash before a quote is read in two ways"),
        (r"SELECT 'C:\'", 7, "a backslash before a quote is read in two ways"),
        ("SELECT /*! 1 */", 7, "a comment that is executed"),
        ("SELECT :day", 7, "unknown parameter ':day'"),
    ],
)
def test_anything_else_is_told_where_it_stands(text: str, position: int, words: str) -> None:
    wrong = misread(text)
    assert wrong is not None
    assert wrong.position == position
    assert words in wrong.problem


def test_a_text_beyond_all_measure_is_refused_before_it_is_read() -> None:
    wrong = misread("SELECT 1 --" + "x" * MOST_CHARACTERS)
    assert wrong is not None
    assert "is longer than" in wrong.problem


def test_parameters_in_quotes_and_comments_are_none() -> None:
    assert named_parameters("SELECT ':since', \":since\" -- :since\n /* :since */") == frozenset()
    assert named_parameters("SELECT :since::date, :until") == {"since", "until"}


def test_other_colons_are_escaped_and_the_end_mark_is_dropped() -> None:
    assert with_escaped_colons("SELECT ':a', :since::date;") == "SELECT '\\:a', :since\\:\\:date"


def test_what_a_query_calls_is_named_as_a_database_knows_it() -> None:
    text = 'SELECT Max(a), "Half""s" /* ( */ (b), c + (d), \'e\' (f) FROM `g`(1) -- h(i)'
    assert called_functions(text) == {"max", 'Half"s', "g"}
