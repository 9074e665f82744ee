"""Scheme files: the JSON of `model.Scheme`."""

from __future__ import annotations

import json
from collections.abc import Collection
from contextlib import suppress
from pathlib import Path

from pydantic import ValidationError

from desktop.colours import text_on
from desktop.errors import UserError
from desktop.model import Attribute, Colour, Colours, Label, Scheme

# For labels that come without colours: (light line, dark line), told apart by dichromats too.
PALETTE = (
    ("#A85400", "#FFB066"), ("#1B5FBF", "#8FBCFF"), ("#5A7300", "#B9DB74"), ("#8A3FA8", "#E5B2F2"),
    ("#00706B", "#6FD9CF"), ("#A3254B", "#FF9DB5"), ("#5B5B5B", "#C9C9C9"), ("#5546C4", "#B9AEFF"),
    ("#B3261E", "#FF8A80"), ("#2B6E3F", "#93DBA4"), ("#7A4B2A", "#DDB08F"), ("#7A6200", "#F0CF55"),
)  # fmt: skip


def read(path: Path) -> Scheme:
    """Raises UserError naming the file and the place for anything that is no scheme."""
    try:
        given = json.loads(path.read_text(encoding="utf-8-sig"))
        return loads(given, str(path))
    except OSError as error:
        raise UserError(
            f"the scheme cannot be read: {error.strerror}", "check the path", file=str(path)
        ) from None
    except UnicodeDecodeError:
        raise UserError("the scheme is not UTF-8 text", "save it as UTF-8", file=str(path)) from None
    except json.JSONDecodeError as error:
        raise UserError(f"the scheme is not valid JSON: {error.msg}", "correct it",
                        file=str(path), position=f"line {error.lineno}") from None  # fmt: skip


def loads(given: object, file: str = "") -> Scheme:
    try:
        scheme = Scheme.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise UserError(
            f"not a scheme: {first['msg'].lower()}", "correct it", file=file, position=place
        ) from None
    problem = problems(scheme)
    if problem:
        raise UserError(problem, "correct the scheme", file=file)
    return scheme


def problems(scheme: Scheme) -> str | None:
    """What keeps a scheme from being used; None if nothing does."""
    if not scheme.labels:
        return "the scheme has no label"
    names = [label.name for label in scheme.labels]
    keys = [label.key.lower() for label in scheme.labels if label.key]
    if not all(map(good_name, names)):
        return "a label has an empty name, or blanks around it"
    if len(set(names)) < len(names):
        return f"the label {next(n for n in names if names.count(n) > 1)!r} is there twice"
    if any(len(key) != 1 or not key.isalnum() for key in keys):
        return (
            f"the key {next(k for k in keys if len(k) != 1 or not k.isalnum())!r} is not one letter or digit"
        )
    if len(set(keys)) < len(keys):
        return f"the key {next(k for k in keys if keys.count(k) > 1)!r} belongs to two labels"
    found = (
        _attribute_problem(label, attribute) for label in scheme.labels for attribute in label.attributes
    )
    return next((problem for problem in found if problem), None) or _relation_problem(scheme)


def _attribute_problem(label: Label, attribute: Attribute) -> str | None:
    values = [choice.name for choice in attribute.values]
    if not good_name(attribute.name):
        return f"an attribute of {label.name} has an empty name, or blanks around it"
    if [other.name for other in label.attributes].count(attribute.name) > 1:
        return f"the attribute {attribute.name!r} of {label.name} is there twice"
    if not all(map(good_name, values)):
        return f"a value of {label.name}.{attribute.name} is empty, or has blanks around it"
    if len(set(values)) < len(values):
        twice = next(value for value in values if values.count(value) > 1)
        return f"the value {twice!r} of {label.name}.{attribute.name} is there twice"
    if attribute.type == "choice" and attribute.default is not None and attribute.default not in values:
        return f"the default {attribute.default!r} of {label.name}.{attribute.name} is none of its values"
    return None


def _relation_problem(scheme: Scheme) -> str | None:
    names = [relation.name for relation in scheme.relations]
    if not all(map(good_name, names)):
        return "a relation has an empty name, or blanks around it"
    if len(set(names)) < len(names):
        return f"the relation {next(n for n in names if names.count(n) > 1)!r} is there twice"
    return None


def good_name(name: str) -> bool:
    """Whether a label may be called that."""
    return bool(name.strip()) and name == name.strip() and "\n" not in name


def dumps(scheme: Scheme) -> str:
    return json.dumps(scheme.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n"


def write(path: Path, scheme: Scheme) -> None:
    """A scheme file that `read` reads; UserError where it cannot be written. What was there stays until it is whole."""
    beside = path.with_name(f".{path.name}.new")
    try:
        beside.write_text(dumps(scheme), encoding="utf-8", newline="\n")
        beside.replace(path)
    except OSError as error:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise UserError(
            f"the scheme cannot be written: {error.strerror}", "choose a folder of your own", file=str(path)
        ) from None


def new_label(name: str, scheme: Scheme, avoid: Collection[str] = ()) -> Label:
    """A label for a new name: a free key that is none of `avoid` (perhaps none), and the next free colours of the palette."""
    taken = {label.key.lower() for label in scheme.labels} | {key.lower() for key in avoid}
    letters = [
        char
        for char in (name + "abcdefghijklmnopqrstuvwxyz0123456789").lower()
        if char.isascii() and char.isalnum()
    ]
    used = {label.colours.light.line.lower() for label in scheme.labels}
    turned = [PALETTE[(len(scheme.labels) + step) % len(PALETTE)] for step in range(len(PALETTE))]
    light, dark = next((pair for pair in turned if pair[0].lower() not in used), turned[0])
    colours = Colours(light=Colour(background=light, text=text_on(light), line=light),
                      dark=Colour(background=dark, text=text_on(dark), line=dark))  # fmt: skip
    return Label(name=name, key=next((char for char in letters if char not in taken), ""), colours=colours)
