"""A rules folder as read so far: the entries that are sound, the names of all, and where each stands."""

from typing import NamedTuple, TypeVar, cast

from bot.core.errors import Fault
from bot.core.words import Frozen
from bot.rulebook.tree import Branch, Path

AnyFrozen = TypeVar("AnyFrozen", bound=Frozen)


class Place(NamedTuple):
    """Where something stands: its file, the tree of that file, and the path from the top of it."""

    file: str
    tree: Branch
    path: Path = ()

    def down(self, *steps: str | int) -> "Place":
        """Give a place further down the same tree."""
        return self._replace(path=(*self.path, *steps))

    @property
    def branch(self) -> Branch:
        """What stands here."""
        return self.tree.follow(self.path)[0]

    def fault(self, problem: str, *, at_key: bool = False) -> Fault:
        """Make a fault that points here: at the value, or at its key."""
        spot = (self.tree.key_spot if at_key else self.tree.spot_of)(self.path)
        return Fault(file=self.file, line=spot.line, column=spot.column, problem=problem)


class Trouble(NamedTuple):
    """What is wrong between entries: the entry (by model and key), the path inside it, and the problem.

    An entry that does not exist stands for the section it is missing from.
    """

    model: type[Frozen]
    entry: str
    path: Path
    problem: str
    at_key: bool = False


class Draft:
    """Everything read from one folder; ``faults`` holds what was wrong so far, ``queries`` the text of each query.

    An entry has a place as soon as its name is read, and is among ``all`` only when it is sound. So a mistake inside
    an entry never makes those who refer to it look mistaken too.
    """

    def __init__(self) -> None:
        self.faults: list[Fault] = []
        self.queries: dict[str, str] = {}
        self._sound: dict[type[Frozen], dict[str, Frozen]] = {}
        self._places: dict[type[Frozen], dict[str, Place]] = {}
        self._sections: dict[type[Frozen], Place] = {}
        self._unread: set[type[Frozen]] = set()

    def begin(self, model: type[Frozen], place: Place) -> None:
        """Note where a section of such entries stands."""
        self._sections.setdefault(model, place)

    def skip(self, model: type[Frozen]) -> None:
        """Note that some entries of a kind could not be read, so that their names are not known."""
        self._unread.add(model)

    def name(self, model: type[Frozen], key: str, place: Place) -> None:
        """Note that there is an entry of that name."""
        self._places.setdefault(model, {})[key] = place

    def keep(self, key: str, entry: Frozen) -> None:
        """Take a sound entry in."""
        self._sound.setdefault(type(entry), {})[key] = entry

    def all(self, model: type[AnyFrozen]) -> dict[str, AnyFrozen]:
        """Give the sound entries of a kind, by key, in the order they stand."""
        return cast(dict[str, AnyFrozen], self._sound.get(model, {}))

    def one(self, model: type[AnyFrozen]) -> AnyFrozen | None:
        """Give the entry of a kind that has only one, when it is sound."""
        return self.all(model).get("")

    def places(self, model: type[Frozen]) -> dict[str, Place]:
        """Give the place of every entry of a kind, sound or not, by key."""
        return self._places.get(model, {})

    def knows_all(self, model: type[Frozen]) -> bool:
        """Say whether every file with such entries could be read, so that an unknown name is a mistake."""
        return model not in self._unread

    def begun(self, model: type[Frozen]) -> bool:
        """Say whether a section of such entries was read at all."""
        return model in self._sections and self.knows_all(model)

    def place(self, model: type[Frozen], entry: str, path: Path = ()) -> Place:
        """Give the place inside an entry; of an entry that does not exist, that of its section."""
        return self.places(model).get(entry, self._sections[model]).down(*path)

    def fault(self, trouble: Trouble) -> Fault:
        """Put a trouble where it stands in its file."""
        place = self.place(trouble.model, trouble.entry, trouble.path)
        return place.fault(trouble.problem, at_key=trouble.at_key)
