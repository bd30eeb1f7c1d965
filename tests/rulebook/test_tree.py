"""Only plain YAML is taken, and every key and value knows where it stands."""

import pytest

from bot.core.errors import Fault
from bot.rulebook.tree import Spot, read_tree

BOMB = "a: &a [x, x, x]\n" + "".join(
    f"{chr(98 + n)}: &{chr(98 + n)} [{', '.join([f'*{chr(97 + n)}'] * 9)}]\n" for n in range(9)
)


def _faults(content: bytes | str) -> list[Fault]:
    return read_tree("f.yaml", content if isinstance(content, bytes) else content.encode())[1]


def test_keys_and_values_know_their_line_and_column() -> None:
    tree, faults = read_tree("f.yaml", b"# first\na:\n  b: [1, {c: 2}]\n")
    assert not faults
    assert tree is not None
    assert tree.data == {"a": {"b": [1, {"c": 2}]}}
    assert tree.key_spot(("a", "b")) == Spot(3, 3)
    assert tree.spot_of(("a", "b", 1, "c")) == Spot(3, 14)
    assert tree.spot_of(("a", "b")) == Spot(3, 3)


def test_columns_count_characters_not_bytes() -> None:
    tree, _ = read_tree("f.yaml", "{é: ñ, b: 1}".encode())
    assert tree is not None
    assert tree.spot_of(("b",)) == Spot(1, 11)


def test_byte_order_mark_is_passed_over() -> None:
    tree, faults = read_tree("f.yaml", b"\xef\xbb\xbfa: 1\n")
    assert not faults
    assert tree is not None
    assert tree.data == {"a": 1}


@pytest.mark.parametrize(
    ("content", "place", "words"),
    [
        ("", "1:1", "is empty"),
        ("# only a comment\n", "1:1", "is empty"),
        ("a: 1\na: 2\n", "2:1", "key 'a' is already given in line 1"),
        ("a: &x 1\nb: *x\n", "1:4", "anchors ('&x') are not taken"),
        ("a: *x\n", "1:4", "aliases ('*x') are not taken"),
        (BOMB, "1:4", "anchors"),
        ("&k a: 1\n", "1:1", "anchors"),
        ("a: {<<: {b: 1}}\n", "1:5", "merge keys"),
        ("a: !!python/object:os.system x\n", "1:4", "tags"),
        ("! a: 1\n", "1:1", "tags"),
        ("a: 1\n---\nb: 1\n", "2:1", "begins a second document"),
        ("? [a, b]\n: 1\n", "1:3", "a key is a plain name"),
        ("true: 1\n", "1:1", "'true' is no name for an entry"),
        ("~: 1\n", "1:1", "'~' is no name for an entry"),
        ("a: b: c\n", "1:5", "is not valid YAML here"),
        (b"a: 1\nb: \xff\n", "2:4", "is not UTF-8 text"),
        ("a: 1\nb: \x07\n", "2:4", "has a character that is not text (U+0007)"),
        ("a: [" * 30, "1:41", "is nested more than 20 levels deep"),
    ],
)
def test_what_is_not_plain_is_refused_where_it_stands(content: bytes | str, place: str, words: str) -> None:
    (fault,) = _faults(content)
    assert f"{fault.line}:{fault.column}" == place
    assert words in fault.problem


def test_quotes_make_a_reserved_word_an_ordinary_key() -> None:
    tree, faults = read_tree("f.yaml", b'"true": 1\n"<<": 2\n')
    assert not faults
    assert tree is not None
    assert tree.data == {"true": 1, "<<": 2}


def test_every_mistake_of_a_readable_file_is_told() -> None:
    assert [fault.line for fault in _faults("a: 010\na: 1\nb: 1_000\nc:\n")] == [1, 2, 3, 4]


def test_mistakes_before_the_one_that_ends_the_reading_are_told_too() -> None:
    assert [fault.line for fault in _faults("a: 010\nb: &x 1\nc: 020\n")] == [1, 2]


def test_file_of_nothing_but_mistakes_is_given_up_after_a_thousand() -> None:
    faults = _faults("a: [" + "010, " * 5000 + "]")
    assert len(faults) == 1001
    assert "is not read further after 1000 mistakes" in faults[-1].problem
