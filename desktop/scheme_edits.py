"""Editing a scheme: each function gives the scheme as it is after one edit, or says why it cannot be made. Pure values.

What becomes of the spans is another matter: scheme_steps.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, Literal, TypeVar

from desktop.colours import CONTRAST, contrast, is_colour, readable, text_on
from desktop.errors import UserError
from desktop.formats import scheme as schemes
from desktop.model import Attribute, Choice, Colour, Label, Nesting, RelationType, Scheme

ThemeName = Literal["light", "dark"]
T = TypeVar("T", Attribute, Choice, Label, RelationType)
Pairs = tuple[tuple[str, str], ...]


def checked(scheme: Scheme) -> Scheme:
    """The scheme itself; raises UserError where it could not be used."""
    problem = schemes.problems(scheme)
    if problem:
        raise UserError(problem, "change it")
    return scheme


def label_of(scheme: Scheme, name: str) -> Label:
    found = scheme.label(name)
    if found is None:
        raise UserError(f"the scheme has no label {name!r}", "it was removed or renamed meanwhile")
    return found


def relation_of(scheme: Scheme, name: str) -> RelationType:
    found = scheme.relation(name)
    if found is None:
        raise UserError(f"the scheme has no relation {name!r}", "it was removed or renamed meanwhile")
    return found


def described(scheme: Scheme, /, **values: str) -> Scheme:
    """Another name (`scheme`), `version` or `summary`."""
    return checked(scheme.model_copy(update={name: value.strip() for name, value in values.items()}))


# Labels


def with_label(scheme: Scheme, name: str, avoid: Collection[str] = ()) -> Scheme:
    """One more label, at the end, with colours of its own and a free key that is none of `avoid`."""
    _new_name(name, [label.name for label in scheme.labels], "label")
    return _with_labels(scheme, [*scheme.labels, schemes.new_label(name, scheme, avoid)])


def changed_label(scheme: Scheme, name: str, **values: Any) -> Scheme:
    """A label with another key, description or colours; its name is changed with `renamed_label`."""
    assert "name" not in values
    label = label_of(scheme, name)
    return _with_labels(scheme, _replaced(scheme.labels, label, label.model_copy(update=values)))


def renamed_label(scheme: Scheme, old: str, new: str) -> Scheme:
    """The same label under another name, wherever the scheme names it."""
    label = label_of(scheme, old)
    if new == old:
        return scheme
    _new_name(new, [other.name for other in scheme.labels if other is not label], "label")
    renamed = _replaced(scheme.labels, label, label.model_copy(update={"name": new}))
    return _with_labels(_pairs_mapped(scheme, {old: new}), renamed)


def moved_label(scheme: Scheme, name: str, place: int) -> Scheme:
    """A label at another place in the row, 0 for the first."""
    label = label_of(scheme, name)
    others = [other for other in scheme.labels if other is not label]
    others.insert(max(0, min(place, len(others))), label)
    return _with_labels(scheme, others)


def merged_label(scheme: Scheme, name: str, into: str) -> Scheme:
    """Without the label `name`; `into` has its attributes too, and stands wherever it stood."""
    gone, kept = label_of(scheme, name), label_of(scheme, into)
    if gone is kept:
        raise UserError("a label cannot be merged into itself", "choose another one")
    attributes = list(kept.attributes)
    for attribute in gone.attributes:
        same = next((other for other in attributes if other.name == attribute.name), None)
        if same is None:
            attributes.append(attribute)
        else:
            attributes[attributes.index(same)] = _united(same, attribute)
    merged = kept.model_copy(update={"attributes": tuple(attributes)})
    labels = [merged if label is kept else label for label in scheme.labels if label is not gone]
    return _with_labels(_pairs_mapped(scheme, {name: into}), labels)


def _united(one: Attribute, other: Attribute) -> Attribute:
    """An attribute that can hold the values of both."""
    if one.type == "text" or other.type == "text":
        return one.model_copy(update={"type": "text", "values": ()})
    names = {choice.name for choice in one.values}
    more = tuple(choice for choice in other.values if choice.name not in names)
    return one.model_copy(update={"values": (*one.values, *more)})


def without_label(scheme: Scheme, name: str) -> Scheme:
    """Without a label, and without what the scheme says of it elsewhere."""
    gone = label_of(scheme, name)
    if len(scheme.labels) == 1:
        raise UserError("a scheme needs a label", "add another one first")
    labels = [label for label in scheme.labels if label is not gone]
    return _with_labels(_pairs_mapped(scheme, {name: None}), labels)


def with_key(scheme: Scheme, name: str, key: str) -> Scheme:
    """A label with another key, a letter or digit, or with none."""
    key = key.strip().lower()
    owner = next((other for other in scheme.labels if key and other.key.lower() == key), None)
    if owner and owner.name != name:
        raise UserError(f"{key.upper()} is the key of the label {owner.name}", "choose another key")
    return changed_label(scheme, name, key=key)


def with_line(scheme: Scheme, name: str, theme: ThemeName, line: str, grounds: Sequence[str]) -> Scheme:
    """A label with another colour in one theme.

    Its letter is painted in it on `grounds`: UserError where that could not be read, naming the nearest colour that can.
    """
    if not is_colour(line):
        raise UserError(f"{line!r} is no colour", "write it as #rrggbb")
    worst = min(contrast(line, ground) for ground in grounds)
    if worst < CONTRAST:
        raise UserError(
            f"{line} has a contrast of {worst:.1f} in {theme} colours where letters need {CONTRAST}",
            f"the nearest that can be read is {readable(line, grounds)}",
        )
    colours = label_of(scheme, name).colours
    shade = Colour(background=line, text=text_on(line), line=line)
    return changed_label(scheme, name, colours=colours.model_copy(update={theme: shade}))


# Attributes


def with_attribute(scheme: Scheme, label: str, attribute: Attribute, old: str | None = None) -> Scheme:
    """A label with one more attribute, or with `attribute` in the place of `old`."""
    found = label_of(scheme, label)
    before = next((other for other in found.attributes if other.name == old), None)
    if old is not None and before is None:
        raise UserError(f"{label} has no attribute {old!r}", "it was removed or renamed meanwhile")
    if attribute.name != old:
        _new_name(
            attribute.name, [other.name for other in found.attributes if other.name != old], "attribute"
        )
    attributes = _replaced(found.attributes, before, attribute) if before else (*found.attributes, attribute)
    return changed_label(scheme, label, attributes=tuple(attributes))


def without_attribute(scheme: Scheme, label: str, name: str) -> Scheme:
    found = label_of(scheme, label)
    return changed_label(scheme, label, attributes=tuple(a for a in found.attributes if a.name != name))


# Relation types


def with_relation(scheme: Scheme, relation: RelationType, old: str | None = None) -> Scheme:
    """One more type of relation, or `relation` in the place of the type `old`."""
    if relation.name != old:
        _new_name(relation.name, [other.name for other in scheme.relations if other.name != old], "relation")
    relations = (
        _replaced(scheme.relations, relation_of(scheme, old), relation)
        if old is not None
        else (*scheme.relations, relation)
    )
    return checked(scheme.model_copy(update={"relations": tuple(relations)}))


def without_relation(scheme: Scheme, name: str) -> Scheme:
    gone = relation_of(scheme, name)
    left = tuple(relation for relation in scheme.relations if relation is not gone)
    return checked(scheme.model_copy(update={"relations": left}))


# Whole schemes


def keeping(
    new: Scheme, old: Scheme, labels: Collection[str], relations: Collection[str]
) -> tuple[Scheme, list[str]]:
    """Another scheme in the place of `old`, with what is in use added to it; and the names of what was added."""
    kept = [label for label in old.labels if label.name in labels and not new.label(label.name)]
    taken = {label.key.lower() for label in new.labels}
    free = [label.model_copy(update={"key": ""}) if label.key.lower() in taken else label for label in kept]
    types = [kind for kind in old.relations if kind.name in relations and not new.relation(kind.name)]
    names = {label.name for label in (*new.labels, *free)}
    loose = {name for pairs in (kind.endpoints for kind in types) for pair in pairs for name in pair} - names
    bare: dict[str, str | None] = dict.fromkeys(loose)
    types = [kind.model_copy(update={"endpoints": _mapped(kind.endpoints, bare)}) for kind in types]
    made = new.model_copy(update={"labels": (*new.labels, *free), "relations": (*new.relations, *types)})
    return checked(made), [*(label.name for label in kept), *(kind.name for kind in types)]


def with_everything_on(scheme: Scheme) -> Scheme:
    """The same scheme with all its attributes and relation types shown from the start."""
    on = {"on_by_default": True}
    labels = tuple(
        label.model_copy(update={"attributes": tuple(a.model_copy(update=on) for a in label.attributes)})
        for label in scheme.labels
    )
    relations = tuple(relation.model_copy(update=on) for relation in scheme.relations)
    return scheme.model_copy(update={"labels": labels, "relations": relations})


def _with_labels(scheme: Scheme, labels: Sequence[Label]) -> Scheme:
    return checked(scheme.model_copy(update={"labels": tuple(labels)}))


def _replaced(things: Sequence[T], old: T, new: T) -> tuple[T, ...]:
    return tuple(new if thing is old else thing for thing in things)


def _new_name(name: str, taken: Collection[str], kind: str) -> None:
    if not schemes.good_name(name):
        raise UserError(f"a {kind} needs a name without blanks around it", "type one")
    same = next((other for other in taken if other.casefold() == name.casefold()), None)
    if same is not None:  # on screen, and as files of a dataset on some systems, they would be one
        article = "an" if kind[0] in "aeiou" else "a"
        raise UserError(f"there is {article} {kind} {same!r} already", "choose another name")


def _pairs_mapped(scheme: Scheme, names: dict[str, str | None]) -> Scheme:
    """The scheme with other names of labels in the ends of relations and in the nesting; None drops what names it."""
    relations = tuple(
        relation.model_copy(update={"endpoints": _mapped(relation.endpoints, names)})
        for relation in scheme.relations
    )
    nesting: Nesting | None = scheme.nesting
    if nesting:
        nesting = nesting.model_copy(update={"allowed": _mapped(nesting.allowed, names)})
    return scheme.model_copy(update={"relations": relations, "nesting": nesting})


def _mapped(pairs: Pairs, names: dict[str, str | None]) -> Pairs:
    get: Callable[[str], str | None] = lambda name: names.get(name, name)  # noqa: E731
    mapped = ((get(one), get(other)) for one, other in pairs)
    return tuple(dict.fromkeys((one, other) for one, other in mapped if one and other))
