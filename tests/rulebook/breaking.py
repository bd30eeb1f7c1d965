"""Ways a rules folder gets broken while somebody edits it: seeded, so that a failure can be had again."""

import random
import shutil
from collections.abc import Callable
from pathlib import Path

Breaking = Callable[[random.Random, Path], None]


def break_folder(seed: int, folder: Path) -> str:
    """Do one thing to a good folder that may or may not make it bad; gives the name of what was done."""
    chance = random.Random(seed)
    done = BREAKINGS[seed % len(BREAKINGS)]
    done(chance, folder)
    return done.__name__.strip("_")


def _some_file(chance: random.Random, folder: Path) -> Path:
    return chance.choice(sorted(folder.rglob("*.yaml")))


def _rewrite(chance: random.Random, folder: Path, change: Callable[[list[str]], list[str]]) -> None:
    path = _some_file(chance, folder)
    path.write_text("".join(change(path.read_text(encoding="utf-8").splitlines(keepends=True))), encoding="utf-8")


def _line(chance: random.Random, lines: list[str]) -> int:
    """Choose a line in which something stands."""
    return chance.choice([place for place, line in enumerate(lines) if ":" in line and not line.startswith("#")])


def _replace_in_a_line(chance: random.Random, folder: Path, change: Callable[[str], str]) -> None:
    def changed(lines: list[str]) -> list[str]:
        place = _line(chance, lines)
        return [*lines[:place], change(lines[place]), *lines[place + 1 :]]

    _rewrite(chance, folder, changed)


def _cut_in_the_middle(chance: random.Random, folder: Path) -> None:
    path = _some_file(chance, folder)
    content = path.read_bytes()
    path.write_bytes(content[: chance.randrange(len(content))])


def _bytes_flipped(chance: random.Random, folder: Path) -> None:
    path = _some_file(chance, folder)
    content = bytearray(path.read_bytes())
    for _ in range(chance.randint(1, 20)):
        content[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
    path.write_bytes(content)


def _lines_removed(chance: random.Random, folder: Path) -> None:
    def changed(lines: list[str]) -> list[str]:
        start = _line(chance, lines)
        return lines[:start] + lines[start + chance.randint(1, 5) :]

    _rewrite(chance, folder, changed)


def _line_doubled(chance: random.Random, folder: Path) -> None:
    _replace_in_a_line(chance, folder, lambda line: line + line)


def _key_misspelt(chance: random.Random, folder: Path) -> None:
    def misspelt(line: str) -> str:
        key, colon, rest = line.partition(":")
        place = chance.randrange(len(key) - len(key.lstrip()), len(key))
        return key[:place] + "z" + key[place + 1 :] + colon + rest

    _replace_in_a_line(chance, folder, misspelt)


def _wrong_type(chance: random.Random, folder: Path) -> None:
    instead = chance.choice(["[1, 2]", "{a: b}", "true", "'text'", "~", "2026-13-45", "0x1F", ".nan", "-.inf", "1e999"])
    _replace_in_a_line(chance, folder, lambda line: f"{line.partition(':')[0]}: {instead}\n")


def _indentation(chance: random.Random, folder: Path) -> None:
    _replace_in_a_line(chance, folder, lambda line: " " * chance.randint(1, 5) + line)


def _tab(chance: random.Random, folder: Path) -> None:
    _replace_in_a_line(chance, folder, lambda line: "\t" + line.lstrip())


def _file_doubled(chance: random.Random, folder: Path) -> None:
    path = chance.choice(sorted((folder / "kpis").glob("*.yaml")))
    shutil.copyfile(path, path.with_name(f"copy{chance.randint(1, 9)}.yaml"))


def _huge_number(chance: random.Random, folder: Path) -> None:
    _replace_in_a_line(chance, folder, lambda line: f"{line.partition(':')[0]}: {'9' * chance.randint(20, 5000)}\n")


def _deep_nesting(chance: random.Random, folder: Path) -> None:
    depth, kind = chance.randint(30, 5000), chance.choice(["[]", "{}"])
    nested = kind[0] * depth + kind[1] * depth if kind == "[]" else "{a: " * depth + "1" + "}" * depth
    _replace_in_a_line(chance, folder, lambda line: f"{line.partition(':')[0]}: {nested}\n")


def _anchors(chance: random.Random, folder: Path) -> None:
    mark = chance.choice(["&a {x: 1}", "*a", "!!python/object/apply:os.system [ls]", "&b [*b]"])
    _replace_in_a_line(chance, folder, lambda line: f"{line.partition(':')[0]}: {mark}\n")


def _empty_file(chance: random.Random, folder: Path) -> None:
    _some_file(chance, folder).write_text(chance.choice(["", "\n\n", "# nothing\n", "---\n", "---\n---\n"]))


def _byte_order_mark(chance: random.Random, folder: Path) -> None:
    path = _some_file(chance, folder)
    path.write_bytes(chance.choice([b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff"]) + path.read_bytes())


def _latin_1(chance: random.Random, folder: Path) -> None:
    path = _some_file(chance, folder)
    path.write_bytes(path.read_text(encoding="utf-8").encode("latin-1", "replace") + b"# \xe9\n")


def _a_line_of_a_megabyte(chance: random.Random, folder: Path) -> None:
    long = chance.choice(["x", "9", "[", "{", "'", "a: ", "- ", "\u00e9"]) * 1_000_000
    _replace_in_a_line(chance, folder, lambda line: f"{line.rstrip()}{long[:1_000_000]}\n")


def _file_gone(chance: random.Random, folder: Path) -> None:
    _some_file(chance, folder).unlink()


def _file_renamed(chance: random.Random, folder: Path) -> None:
    path = _some_file(chance, folder)
    path.rename(path.with_name(chance.choice([path.stem + ".yml", "unknown.yaml", f"{path.stem}-old.yaml"])))


def _folder_for_a_file(chance: random.Random, folder: Path) -> None:
    path = _some_file(chance, folder)
    path.unlink()
    path.mkdir()


def _link_out_of_the_folder(chance: random.Random, folder: Path) -> None:
    path = _some_file(chance, folder)
    path.unlink()
    path.symlink_to(chance.choice(["/etc/passwd", "/nowhere", path.name, ".."]))


def _control_characters(chance: random.Random, folder: Path) -> None:
    character = chance.choice(["\x00", "\x07", "\x1b[31m", "\u2028", "\ufffe", "\x85"])
    _replace_in_a_line(chance, folder, lambda line: line.rstrip() + character + "\n")


def _second_document(chance: random.Random, folder: Path) -> None:
    _replace_in_a_line(chance, folder, lambda line: chance.choice(["---\n", "...\n", "%YAML 9.9\n---\n"]) + line)


def _quote_left_open(chance: random.Random, folder: Path) -> None:
    mark = chance.choice(["'", '"', "|", ">", "{", "["])
    _replace_in_a_line(chance, folder, lambda line: f"{line.partition(':')[0]}: {mark}half\n")


BREAKINGS: tuple[Breaking, ...] = (
    _cut_in_the_middle, _bytes_flipped, _lines_removed, _line_doubled, _key_misspelt, _wrong_type, _indentation, _tab,
    _file_doubled, _huge_number, _deep_nesting, _anchors, _empty_file, _byte_order_mark, _latin_1,
    _a_line_of_a_megabyte, _file_gone, _file_renamed, _folder_for_a_file, _link_out_of_the_folder, _control_characters,
    _second_document, _quote_left_open,
)  # fmt: skip
