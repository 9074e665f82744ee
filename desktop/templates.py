"""Choices for an export, saved with the project under a name: each a property of it, as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict

from pydantic import TypeAdapter, ValidationError

from desktop.commands import set_property
from desktop.datasets.options import ExportOptions
from desktop.errors import UserError
from desktop.session import Session
from desktop.store import queries
from desktop.store.store import Store

_PREFIX = "template "
LONGEST = 60


def names(store: Store) -> list[str]:
    rows = store.query("SELECT name FROM property WHERE name LIKE ? ORDER BY name", (f"{_PREFIX}%",))
    return [row[0].removeprefix(_PREFIX) for row in rows]


def load(store: Store, name: str) -> ExportOptions:
    """Raises UserError where there is no such template, or a later version of Tagline has saved it."""
    found = queries.property_of(store, _PREFIX + name)
    if not found:
        known = ", ".join(names(store))
        raise UserError(
            f"the project has no template {name!r}", f"use one of {known}" if known else "save one first"
        )
    try:
        return TypeAdapter(ExportOptions).validate_python(json.loads(found.value))
    except (ValidationError, ValueError):
        raise UserError(
            f"the template {name!r} is not one that this version can use", "save it anew"
        ) from None


def tidy(name: str) -> str:
    """The name as it is kept. Raises UserError for what is none."""
    name = " ".join(name.split())
    if not name or len(name) > LONGEST or not name.isprintable():
        raise UserError("that is no name for a template", f"use a name of up to {LONGEST} characters")
    return name


def save(session: Session, name: str, options: ExportOptions) -> None:
    """Save choices under a name, over those that had it."""
    name = tidy(name)
    value = json.dumps(
        {**asdict(options), "choices": dict(options.choices)}, ensure_ascii=False, sort_keys=True
    )
    with session.step(f"Save template {name}"):
        set_property(session, _PREFIX + name, value)


def remove(session: Session, name: str) -> None:
    load_from = queries.property_of(session.store, _PREFIX + name)
    if load_from:
        with session.step(f"Remove template {name}"):
            session.drop(load_from)
