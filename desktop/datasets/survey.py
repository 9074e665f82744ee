"""One look through a bundle before an export: layers, articles, counts, and names that the scheme lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container
from dataclasses import dataclass, field, replace

from desktop.bundle import Record
from desktop.formats.scheme import new_label
from desktop.model import RelationType, Scheme, State
from desktop.scratch import Pile, filled


@dataclass(frozen=True, slots=True)
class Listed:
    """An article as the manifest lists it, and how many spans it has of each of the survey's labels."""

    id: str
    digest: bytes
    group: str
    length: int
    annotators: tuple[str, ...]
    status: tuple[tuple[str, State], ...]
    counts: tuple[int, ...]

    @property
    def text_sha256(self) -> str:
        return self.digest.hex()


@dataclass
class Survey:
    """What a bundle holds; `labels` in the order in which they were found."""

    articles: Pile[Listed] = field(default_factory=Pile)
    with_spans: set[str] = field(default_factory=set)
    with_status: set[str] = field(default_factory=set)
    labels: list[str] = field(default_factory=list)
    relations: Counter[str] = field(default_factory=Counter)
    languages: set[str] = field(default_factory=set)

    @property
    def layers(self) -> list[str]:
        """Those who have spans; where nobody has, those who have a status."""
        return sorted(self.with_spans or self.with_status)

    def add(self, record: Record) -> None:
        article, status = record.article, record.status or {}
        annotators = {span.annotator for span in record.spans}
        self.with_spans |= annotators
        self.with_status |= set(status)
        self.relations.update(relation.type for relation in record.relations)
        self.languages |= {article.language} if article.language else set()
        labels = Counter(span.label for span in record.spans)
        self.labels += [name for name in labels if name not in self.labels]
        self.articles.append(
            Listed(article.id, bytes.fromhex(article.text_sha256), article.group or article.id, article.length,
                   tuple(sorted(annotators)), tuple(sorted(status.items())),
                   tuple(labels[name] for name in self.labels))
        )  # fmt: skip

    def labels_of(self, article: Listed) -> dict[str, int]:
        """How many spans an article has of each label that it has any of."""
        # Labels that were first met in a later article are not in its counts.
        return {name: count for name, count in zip(self.labels, article.counts, strict=False) if count}

    def without(self, names: Container[str]) -> Survey:
        """What is left when these articles are taken away; who has tagged and what relations there are stays as it is."""
        return replace(self, articles=filled(a for a in self.articles if a.id not in names))

    def label_counts(self) -> Counter[str]:
        counts: Counter[str] = Counter()
        for article in self.articles:
            counts.update(self.labels_of(article))
        return counts


def complete(scheme: Scheme, found: Survey) -> Scheme:
    """`scheme` with every label and relation type that is in use, so that no format is without a place for one."""
    for name in sorted(found.label_counts()):
        if not scheme.label(name):
            scheme = scheme.model_copy(update={"labels": (*scheme.labels, new_label(name, scheme))})
    unknown = sorted(name for name in found.relations if not scheme.relation(name))
    types = tuple(RelationType(name=name) for name in unknown)
    return scheme.model_copy(update={"relations": (*scheme.relations, *types)})
