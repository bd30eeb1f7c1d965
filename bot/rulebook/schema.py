"""JSON schemas of the YAML files, for editors: keys and words complete as one types, mistakes show at once.

Made from the same models that read the files, in the shape people write: entries by key, shorthand forms, durations
and numbers of periods as text. What stands between entries is checked by the rulebook alone.
"""

import json
from pathlib import Path
from typing import Any

from pydantic.json_schema import models_json_schema

from bot.core.errors import BadInput
from bot.core.organisation import Level
from bot.core.units import UNIT_WORDS
from bot.rulebook.layout import FILES, Form, Section, sections_of
from bot.rulebook.plain_words import CHOICE

FOLDER = ".schema"
_DIALECT = "http://json-schema.org/draft-07/schema#"
_KEY = {"pattern": "^[a-z][a-z0-9_]{0,62}$"}
_DURATION = {"type": "string", "pattern": "^[0-9]{1,5}[smhdw]$"}
_PERIODS = {"type": "string", "pattern": "^[0-9]{1,3} periods?$"}
_NUMBER = {"type": "number"}
_AMOUNT = {"anyOf": [_NUMBER, {"type": "string", "pattern": r"^[0-9]+(\.[0-9]+)? ?(%|points?)$"}]}
_SHORT = {
    "Text": {"type": "string", "minLength": 1, "maxLength": 200},
    "CheckIn": {"const": True},
    "Above": _NUMBER,
    "Below": _NUMBER,
    "MissesTargetBy": _AMOUNT,
    "BeatsTargetBy": _AMOUNT,
    "OffPace": _AMOUNT,
    "ForecastMissesTarget": _PERIODS,
    "WorsensFor": _PERIODS,
    "Stale": _PERIODS,
}
_UNWRITTEN = "reaches"  # the condition thresholds are made of; nobody writes it
_LISTS = ("AllOf", "AnyOf")
Schema = dict[str, Any]


def schemas() -> dict[str, Schema]:
    """Give the schema of each kind of file, by the name of the schema file (``company.json``, ``kpis.json``)."""
    return {_schema_name(file): _file_schema(sections_of(file)) for file in FILES}


def schema_texts() -> dict[str, str]:
    """Give the schemas as the text of their files."""
    return {
        name: json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"
        for name, schema in schemas().items()
    }


def write_schemas(folder: Path) -> list[Path]:
    """Write the schemas into ``.schema`` of a rules folder; gives the files that were not already so.

    Raises BadInput when there is no such folder.
    """
    if not folder.is_dir():
        raise BadInput(str(folder), "is no folder", "name the folder that holds company.yaml")
    target = folder / FOLDER
    target.mkdir(exist_ok=True)
    changed = []
    for name, text in schema_texts().items():
        path = target / name
        if not path.is_file() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            changed.append(path)
    return changed


def _schema_name(file: str) -> str:
    return file.split("/")[0].removesuffix(".yaml") + ".json"


def _file_schema(sections: tuple[Section, ...]) -> Schema:
    _, made = models_json_schema([(section.model, "validation") for section in sections])
    definitions: Schema = {
        name: _definition(name, schema) for name, schema in made["$defs"].items() if name != _UNWRITTEN.title()
    }
    if sections[0].within:
        whole: Schema = {
            "type": "object",
            "properties": {section.within: _entries(section) for section in sections},
            "required": [section.within for section in sections if not section.optional],
            "additionalProperties": False,
        }
    else:
        whole = _entries(sections[0])
    return {"$schema": _DIALECT, "definitions": definitions, **whole}


def _entries(section: Section) -> Schema:
    entry = {"$ref": f"#/definitions/{section.model.__name__}"}
    if section.form is Form.ONE:
        return entry if section.within else {"allOf": [entry]}
    names = {"enum": [level.value for level in Level]} if section.noun == "level" else _KEY
    if section.form is Form.NAMED and section.noun != "level":
        names = {"type": "string"}
    return {"type": "object", "additionalProperties": entry, "propertyNames": names}


def _definition(name: str, made: Schema) -> Schema:
    schema: Schema = _plainer(made)
    if name == "Amount":
        return {**_AMOUNT, "description": schema["description"]}
    properties = schema.get("properties", {})
    properties.pop("key", None)
    properties.pop(_UNWRITTEN, None)
    for word in {"unit", "currency"} & set(properties):
        properties[word] = {"enum": list(UNIT_WORDS)}
    if "milestones" in properties:
        properties["milestones"] = {"type": "object", "additionalProperties": properties["milestones"]["items"]}
    if "required" in schema:
        schema["required"] = [word for word in schema["required"] if word != "key"]
    if name == "When":
        schema |= {"minProperties": 1, "maxProperties": 1}
    if name == "Formula":
        return {**properties["text"], "description": schema["description"]}
    if name in _LISTS:
        return {**properties["parts"], "description": schema["description"]}
    if name in _SHORT:
        return {"anyOf": [_SHORT[name], schema], "description": schema.pop("description", name)}
    return schema


def _plainer(made: Any) -> Any:
    """Drop titles and defaults, and say durations, periods and choices the way they are written."""
    if isinstance(made, list):
        return [_plainer(each) for each in made]
    if not isinstance(made, dict):
        return made
    if made.get("format") == "duration":
        return dict(_DURATION)
    if made.get("type") == "string" and "ge" in made:
        return dict(_PERIODS)
    if "$ref" in made:
        return {"$ref": made["$ref"].replace("#/$defs/", "#/definitions/")}
    return _without_null({word: _plainer(each) for word, each in made.items() if not _is_noise(word, each)})


def _is_noise(word: str, value: object) -> bool:
    return (word == "title" and isinstance(value, str)) or word == "default"


def _without_null(schema: Schema) -> Schema:
    """A line without a value is refused, so null is no choice; a pattern of plain words is one."""
    choice = CHOICE.fullmatch(str(schema.get("pattern", "")))
    if choice:
        return {"enum": choice[1].split("|")}
    if "anyOf" not in schema:
        return schema
    left = [each for each in schema["anyOf"] if each != {"type": "null"}]
    return {**schema, "anyOf": left} if len(left) > 1 else dict(left[0])
