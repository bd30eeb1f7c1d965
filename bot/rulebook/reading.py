"""Reading: the bytes of a folder's files into a draft, entry by entry, so that one bad entry hides no other."""

from collections.abc import Iterable, Iterator

from pydantic import ValidationError

from bot.core.errors import Fault
from bot.core.plans import Initiative
from bot.core.statement import misread
from bot.rulebook.complaints import complaints
from bot.rulebook.draft import Draft, Place
from bot.rulebook.layout import Form, Section, query_name, sections_of
from bot.rulebook.nearest import nearest, unknown
from bot.rulebook.plain_words import shown
from bot.rulebook.tree import MAX_MISTAKES, read_tree


def draft_of(contents: dict[str, bytes], refused: Iterable[str] = ()) -> Draft:
    """Read the files (by name) into a draft; ``refused`` names those that could not be had at all."""
    draft = Draft()
    for file in refused:
        _skip(draft, file)
    for file, content in contents.items():
        query = query_name(file)
        if query is None:
            _read_file(draft, file, content)
        else:
            _read_query(draft, file, query, content)
    return draft


def _read_query(draft: Draft, file: str, name: str, content: bytes) -> None:
    """Keep the text of a query, also of a mistaken one: whoever names it is not mistaken too."""
    draft.queries[name] = content.decode("utf-8-sig", "replace").strip()
    text = content.decode("utf-8", "replace")
    wrong = misread(text)
    if wrong is not None:
        before = text[: wrong.position]
        line, column = before.count("\n") + 1, wrong.position - (before.rfind("\n") + 1) + 1
        draft.faults.append(Fault(file=file, line=line, column=column, problem=wrong.problem))


def _skip(draft: Draft, file: str) -> None:
    query = query_name(file)
    if query is not None:
        draft.queries[query] = ""
    for section in sections_of(file):
        draft.skip(section.model)


def _read_file(draft: Draft, file: str, content: bytes) -> None:
    tree, mistakes = read_tree(file, content)
    draft.faults += mistakes
    if tree is None or not isinstance(tree.data, dict):
        _skip(draft, file)
        if tree is not None:
            draft.faults.append(Place(file, tree).fault(_no_entries(tree.data)))
        return
    before = len(draft.faults)
    for section, place in _sections(draft, Place(file, tree)):
        _read_section(draft, section, place)
    # What could not be read as a word needs no second complaint that it is not of the right kind.
    told = {(mistake.line, mistake.column) for mistake in mistakes}
    draft.faults[before:] = [each for each in draft.faults[before:] if (each.line, each.column) not in told]


def _sections(draft: Draft, top: Place) -> Iterator[tuple[Section, Place]]:
    sections = sections_of(top.file)
    words = [section.within for section in sections if section.within]
    strangers = [str(word) for word in top.tree.below if word not in words] if words else []
    meant = {nearest(stranger, words) for stranger in strangers}
    for section in sections:
        if not section.within:
            yield section, top
        elif section.within in top.tree.below:
            yield section, top.down(section.within)
        elif section.within in meant or not section.optional:
            draft.skip(section.model)
            if section.within not in meant:
                draft.faults.append(top.fault(f"'{section.within}' is missing"))
    for stranger in strangers:
        draft.faults.append(top.down(stranger).fault(unknown("key", stranger, words), at_key=True))


def _read_section(draft: Draft, section: Section, place: Place) -> None:
    draft.begin(section.model, place)
    branch = place.branch
    if section.form is Form.ONE:
        _read_entry(draft, section, "", place)
    elif isinstance(branch.data, dict):
        enough = len(draft.faults) + MAX_MISTAKES
        for key in branch.below:
            _read_entry(draft, section, str(key), place.down(key))
            if len(draft.faults) >= enough:
                draft.skip(section.model)
                said = f"is not checked further after {MAX_MISTAKES} mistakes; mend those first"
                draft.faults.append(place.down(key).fault(said))
                return
    else:
        draft.skip(section.model)
        draft.faults.append(place.fault(_no_entries(branch.data)))


def _read_entry(draft: Draft, section: Section, key: str, place: Place) -> None:
    first = draft.places(section.model).get(key)
    if first is not None:
        said = f"{section.noun} '{key}' is already in {first.file}:{first.fault('').line}; keep one"
        draft.faults.append(place.fault(said, at_key=True))
        return
    draft.name(section.model, key, place)
    branch = place.branch
    if section.form is Form.KEYED and "key" in branch.below:
        said = "the key of an entry is the name it stands under; remove this line"
        draft.faults.append(place.down("key").fault(said, at_key=True))
    try:
        # In YAML a field has one name, its alias where it has one; the other is for Python alone.
        entry = section.model.model_validate(_shaped(section, branch.data, key), by_alias=True, by_name=False)
        draft.keep(key, entry)
    except ValidationError as error:
        for complaint in complaints(section.model, branch, error.errors(include_url=False)):
            where = place.down(*complaint.path)
            draft.faults.append(where.fault(complaint.problem, at_key=complaint.at_key))


def _shaped(section: Section, data: object, key: str) -> object:
    """Give the data as the model wants it: the key inside, an initiative's milestones as a list."""
    if section.form is not Form.KEYED or not isinstance(data, dict):
        return data
    shaped = {**data, "key": key}
    milestones = data.get("milestones")
    if section.model is Initiative and isinstance(milestones, dict):
        shaped["milestones"] = [
            {**entry, "key": name} if isinstance(entry, dict) else entry for name, entry in milestones.items()
        ]
    return shaped


def _no_entries(given: object) -> str:
    return f"expected entries such as 'name: value', got {shown(given)}"
