"""The words of the program as frozen values: scheme, article, span, relation, status. No behaviour.

Offsets are half-open Unicode code-point offsets into the article's text. `key` is the integer key of a row in
one project file (0 while the row is not stored); it is never exported. `id` is the name that files carry.
"""

from __future__ import annotations

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

Fragment = tuple[int, int]
State = Literal["todo", "in_progress", "done"]


class Model(BaseModel):
    model_config = ConfigDict(frozen=True, extra="ignore", defer_build=True)


class Choice(Model):
    """One value of a choice attribute."""

    name: str
    description: str = ""


class Attribute(Model):
    """A property that spans of one label may carry. A `default` is preselected, never stored unasked."""

    name: str
    type: Literal["choice", "text"] = "text"
    on_by_default: bool = False
    default: str | None = None
    description: str = ""
    values: tuple[Choice, ...] = ()


class Colour(Model):
    """Hex colours of a label in one theme."""

    background: str
    text: str
    line: str


class Colours(Model):
    light: Colour
    dark: Colour


class Label(Model):
    """A label of the scheme; `key` is the letter that applies it in the window."""

    name: str
    key: str
    on_by_default: bool = True
    description: str = ""
    colours: Colours
    attributes: tuple[Attribute, ...] = ()


class RelationType(Model):
    """A type of link; `endpoints` are the (head label, tail label) pairs it is meant for."""

    name: str
    on_by_default: bool = False
    description: str = ""
    symmetric: bool = False
    transitive: bool = False
    endpoints: tuple[tuple[str, str], ...] = ()


class Nesting(Model):
    """Pairs of (outer label, inner label) that are expected; others are a warning in `check`."""

    description: str = ""
    allowed: tuple[tuple[str, str], ...] = ()


class Scheme(Model):
    """The labels, their attributes and the relation types of a project."""

    scheme: str
    version: str = ""
    summary: str = ""
    labels: tuple[Label, ...]
    relations: tuple[RelationType, ...] = ()
    nesting: Nesting | None = None

    def label(self, name: str) -> Label | None:
        return next((label for label in self.labels if label.name == name), None)

    def relation(self, name: str) -> RelationType | None:
        return next((relation for relation in self.relations if relation.name == name), None)


class Row(Model):
    """Something a project file keeps as one row."""

    key: int = 0


class Article(Row):
    """An article without its text; `length` counts code points, `text_sha256` is of the text in UTF-8.

    `outside` marks page furniture: sorted half-open stretches that are shown grey and carry no suggestion.
    """

    id: str
    title: str
    text_sha256: str
    length: int
    language: str | None = None
    meta: dict[str, Any] = {}
    note: str = ""
    flag: bool = False
    group: str | None = None
    outside: tuple[Fragment, ...] = ()
    deleted: bool = False


class Span(Row):
    """A labelled stretch of one article. `text` is the quoted stretch `start:end`, kept as proof of the place.

    `fragments` are sorted, disjoint and not touching; the first starts at `start`, the last ends at `end`.
    """

    article: int = 0
    id: str
    start: int
    end: int
    label: str
    text: str
    fragments: tuple[Fragment, ...]
    attributes: dict[str, Any] = {}
    annotator: str
    note: str = ""
    created: str = ""
    changed: str = ""


class Relation(Row):
    """A typed arrow from `head` to `tail`, both ids of spans of the same article and annotator."""

    article: int = 0
    id: str
    type: str
    head: str
    tail: str
    attributes: dict[str, Any] = {}
    annotator: str
    note: str = ""


class Status(Row):
    """How far one annotator is with one article; all before `read_to` was read, labelled or not."""

    article: int = 0
    annotator: str
    state: State
    read_to: int = 0


class Assignment(Row):
    """The split that an article has in a deal of the articles, kept so that it never moves; `none` leaves it out."""

    article: int = 0
    deal: str
    split: Literal["train", "validation", "test", "none"]


class Removal(Row):
    """What one step removed from one article: the article itself (`whole`), or spans with their relations.

    Both are kept as the fields of their models. `title`, `annotator` and `made` (UTC, ISO 8601) are those of the step.
    """

    article: int = 0
    whole: bool = False
    title: str
    annotator: str
    made: str
    spans: tuple[dict[str, Any], ...] = ()
    relations: tuple[dict[str, Any], ...] = ()


class Property(Row):
    """A named text that belongs to the whole project: its scheme (JSON), its guidelines (Markdown)."""

    name: str
    value: str
