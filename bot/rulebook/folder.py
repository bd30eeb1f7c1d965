"""The rules folder on disk: which files it has, their bytes, and the name of exactly this content."""

import hashlib
from collections.abc import Iterator
from itertools import chain
from pathlib import Path

import bot
from bot.core.errors import Fault
from bot.rulebook.layout import FILES, KPI_FILES, QUERIES, SECTIONS, query_name, sections_of
from bot.rulebook.nearest import nearest

MAX_BYTES = 1 << 20


def shipped_rules() -> Path:
    """Give the folder of the demo company: inside the installed package, or in the checkout."""
    package = Path(bot.__file__).parent
    inside = package / "_data" / "rules"
    return inside if inside.is_dir() else package.parent / "rules"


def read_files(folder: Path) -> tuple[dict[str, bytes], list[Fault]]:
    """Read the folder's YAML files and queries by name (``company.yaml``, ``queries/churn.sql``), with what is wrong.

    A file that cannot be taken is left out and has its fault.
    """
    try:
        if not folder.is_dir():
            return {}, [_fault(str(folder), "is no folder; name the folder that holds company.yaml")]
        names = file_names(folder)
    except OSError as error:
        return {}, [_fault(str(folder), f"cannot be listed: {error.strerror}")]
    contents: dict[str, bytes] = {}
    faults: list[Fault] = []
    for file in names:
        taken = _content(folder, file)
        if isinstance(taken, bytes):
            contents[file] = taken
        else:
            faults.append(_fault(file, taken))
    return contents, faults + list(_missing({*contents, *(fault.file for fault in faults)}))


def file_names(folder: Path) -> list[str]:
    """Give the names of the files that make the policy, or are meant to. Raises OSError when it cannot be listed."""
    return sorted({*_yaml_files(folder), *_query_files(folder)})


def hashes_of(contents: dict[str, bytes]) -> dict[str, str]:
    """Name the content of each file: 16 hexadecimal digits."""
    return {file: hashlib.sha256(content).hexdigest()[:16] for file, content in contents.items()}


def version_of(contents: dict[str, bytes]) -> str:
    """Name exactly this content: 16 hexadecimal digits, from the names and bytes of all files."""
    digest = hashlib.sha256()
    for file, content in sorted(contents.items()):
        digest.update(f"{file}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()[:16]


def _yaml_files(folder: Path) -> Iterator[str]:
    """Every YAML file an operator might mean as policy; hidden ones (an editor's own) are not."""
    for path in chain.from_iterable(folder.glob(f"{depth}*.y*ml") for depth in ("", "*/", "kpis/*/")):
        name = path.relative_to(folder).as_posix()
        if path.suffix in (".yaml", ".yml") and not any(part.startswith(".") for part in name.split("/")):
            yield name


def _query_files(folder: Path) -> Iterator[str]:
    for path in folder.glob(f"{QUERIES}/*.sql"):
        if not path.name.startswith("."):
            yield path.relative_to(folder).as_posix()


def _content(folder: Path, file: str) -> bytes | str:
    """Give the bytes of the file, or what is wrong with it."""
    path = folder / file
    if not sections_of(file) and query_name(file) is None:
        return _unknown_file(file)
    try:
        if not path.resolve().is_relative_to(folder.resolve()):
            return "is a link that leaves the rules folder; copy the file into it"
        if not path.is_file():
            return "is no file that can be read"
        with path.open("rb") as stream:
            content = stream.read(MAX_BYTES + 1)
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    except RuntimeError:  # what Python 3.11 calls a circle of links
        return "is a link that leads to itself; copy the file into it"
    return content if len(content) <= MAX_BYTES else "is larger than 1 MiB; split it"


def _unknown_file(file: str) -> str:
    if file.endswith(".yml") and sections_of(file.removesuffix(".yml") + ".yaml"):
        return f"is not read; rename it to {file.removesuffix('.yml')}.yaml"
    meant = nearest(file, FILES)
    hint = f"did you mean {meant}?" if meant else f"known: {', '.join(FILES)}"
    return f"unknown file; {hint}"


def _missing(present: set[str]) -> Iterator[Fault]:
    for file in FILES:
        wanted = not all(section.optional for section in SECTIONS if section.file == file)
        found = (
            any(sections_of(name) for name in present if name.startswith("kpis/"))
            if file == KPI_FILES
            else file in present
        )
        if wanted and not found:
            yield _fault(file, "is missing; every rules folder has one")


def _fault(file: str, problem: str) -> Fault:
    return Fault(file=file, line=1, column=1, problem=problem)
