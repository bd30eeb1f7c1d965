"""A folder under somebody's hands: read when it has changed and stands still, never half old and half new."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.rulebook.folder import read_files
from bot.rulebook.watching import FolderWatch, Reading, messages_stamp, read_folder, rules_stamp
from tests.rulebook.reading import edit
from tests.rulebook.small_company import FILES, write_small_company

SETTLES = 2.0


class Watcher:
    """Looks at a folder on a clock that tests move."""

    def __init__(self, folder: Path) -> None:
        self.now = 0.0
        self._watch = FolderWatch(folder, settles=SETTLES, clock=lambda: self.now)

    def look(self, after: float = 0.0) -> Reading | None:
        self.now += after
        return self._watch.look()

    def settled(self) -> Reading:
        """Give what is there once the folder has stood still."""
        assert self.look() is None, "not before it has stood still"
        reading = self.look(after=SETTLES)
        assert reading is not None
        assert self.look(after=60) is None, "each change is given once"
        return reading


@pytest.fixture
def watcher(folder: Path) -> Watcher:
    return Watcher(folder)


def test_nothing_new_is_nothing_to_read(watcher: Watcher, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "open", lambda *_: pytest.fail("a file was opened"))
    assert [watcher.look(after=10) for _ in range(5)] == [None] * 5


def test_a_change_is_read_once_it_has_settled(watcher: Watcher, folder: Path) -> None:
    edit(folder, "company.yaml", "Small Company", "Tiny Company")
    policy = watcher.settled().policy
    assert policy is not None
    assert policy.company.name == "Tiny Company"


def test_a_slow_copy_of_many_files_is_not_read_before_it_is_whole(tmp_path: Path) -> None:
    folder = write_small_company(tmp_path / "rules")
    watcher = Watcher(folder)
    shutil.rmtree(folder)
    for file, text in FILES.items():
        (folder / file).parent.mkdir(parents=True, exist_ok=True)
        (folder / file).write_text(text[: len(text) // 2])
        assert watcher.look(after=SETTLES / 2) is None
        (folder / file).write_text(text)
        assert watcher.look(after=SETTLES / 2) is None
    assert watcher.settled().policy is not None


def test_what_changes_while_it_is_read_is_not_taken_but_read_again(
    watcher: Watcher, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    edit(folder, "company.yaml", "Small Company", "Tiny Company")
    assert watcher.look() is None

    def torn(read: Path) -> tuple[dict[str, bytes], list[object]]:
        contents, faults = read_files(read)
        edit(folder, "people.yaml", "Ana Alba", "Ana Arce")
        return contents, list(faults)

    with monkeypatch.context() as patch:
        patch.setattr("bot.rulebook.watching.read_files", torn)
        assert watcher.look(after=SETTLES) is None
    policy = watcher.settled().policy
    assert policy is not None
    assert (policy.company.name, policy.people["ana"].name) == ("Tiny Company", "Ana Arce")


def test_the_same_size_at_the_same_time_is_still_noticed(watcher: Watcher, folder: Path) -> None:
    path = folder / "company.yaml"
    was = path.stat()
    edit(folder, "company.yaml", "Small", "Large")
    os.utime(path, ns=(was.st_atime_ns, was.st_mtime_ns))
    assert watcher.settled().policy is not None


def test_a_file_that_is_gone_or_new_is_noticed(watcher: Watcher, folder: Path) -> None:
    (folder / "reports.yaml").rename(folder / "reports.bak")
    reading = watcher.settled()
    assert reading.policy is not None and reading.policy.reports == {}
    (folder / "reports.bak").rename(folder / "reports.yaml")
    assert "reports.yaml" in watcher.settled().files


@pytest.mark.parametrize("file", [".company.yaml.swp", "company.yaml~", "#company.yaml#", "kpis/.#sales.yaml", "4913"])
def test_an_editors_own_file_is_not_a_change(watcher: Watcher, folder: Path, file: str) -> None:
    (folder / file).write_text("{ half")
    assert [watcher.look(after=10) for _ in range(3)] == [None] * 3


def test_links_swapped_as_a_whole_are_one_change(tmp_path: Path) -> None:
    mount = tmp_path / "rules"
    mount.mkdir()
    for number in (1, 2):
        write_small_company(mount / f"..{number}")
    edit(mount / "..2", "company.yaml", "Small Company", "Tiny Company")
    (mount / "..data").symlink_to("..1")
    for name in {Path(file).parts[0] for file in FILES}:
        (mount / name).symlink_to(Path("..data") / name)
    watcher = Watcher(mount)
    (mount / "..new").symlink_to("..2")
    (mount / "..new").rename(mount / "..data")
    policy = watcher.settled().policy
    assert policy is not None
    assert policy.company.name == "Tiny Company"


def test_a_folder_that_is_itself_a_swapped_link_is_followed(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_small_company(tmp_path / name)
    edit(tmp_path / "two", "company.yaml", "Small Company", "Tiny Company")
    (tmp_path / "rules").symlink_to("one")
    watcher = Watcher(tmp_path / "rules")
    (tmp_path / "new").symlink_to("two")
    (tmp_path / "new").rename(tmp_path / "rules")
    policy = watcher.settled().policy
    assert policy is not None
    assert policy.company.name == "Tiny Company"


@pytest.mark.parametrize("lost", ["", "kpis", "reports.yaml"])
def test_lost_permission_is_a_fault_with_a_place_and_noticed_when_it_is_back(open_to_all: Path, lost: str) -> None:
    folder = write_small_company(open_to_all / "rules")
    watcher = Watcher(folder)
    with _locked(folder / lost):
        reading = watcher.settled()
        assert reading.policy is None
        assert all((fault.line, fault.column) == (1, 1) for fault in reading.faults)
    assert watcher.settled().policy is not None


def test_a_link_in_a_circle_is_a_fault(watcher: Watcher, folder: Path) -> None:
    (folder / "reports.yaml").unlink()
    (folder / "reports.yaml").symlink_to("reports.yaml")
    (fault,) = watcher.settled().faults
    assert fault.file == "reports.yaml"


def test_each_file_is_named_by_a_hash_of_its_content(folder: Path) -> None:
    before = read_folder(folder).files
    edit(folder, "company.yaml", "Small Company", "Tiny Company")
    after = read_folder(folder).files
    assert {file for file in after if after[file] != before[file]} == {"company.yaml"}
    assert set(after) == set(FILES)


def test_templates_are_stamped_like_rules(tmp_path: Path) -> None:
    (tmp_path / "en").mkdir()
    before = messages_stamp(tmp_path)
    (tmp_path / "en" / "help.j2").write_text("words")
    assert messages_stamp(tmp_path) != before
    assert messages_stamp(tmp_path / "nowhere") == rules_stamp(tmp_path / "nowhere") == ()


@pytest.fixture
def open_to_all() -> Iterator[Path]:
    """A folder that whoever we become may walk into."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    """Take the permission to read away; from the superuser, who may everything, by becoming somebody else."""
    mode, me = path.stat().st_mode, os.geteuid()
    path.chmod(0)
    if me == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(me)
        path.chmod(mode)
