"""One look through a bundle before an export: layers, articles, counts, and names that the scheme lacks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Container
from dataclasses import dataclass, field, replace

from desktop.bundle import Record
from desktop.formats.scheme import new_label
from desktop.model import RelationType, Scheme, State


@dataclass(frozen=True, slots=True)
class Listed:
    """An article as the manifest lists it."""

    id: str
    text_sha256: str
    group: str
    length: int
    annotators: tuple[str, ...]
    status: tuple[tuple[str, State], ...]


@dataclass
class Survey:
    """What a bundle holds."""

    articles: list[Listed] = field(default_factory=list)
    with_spans: set[str] = field(default_factory=set)
    with_status: set[str] = field(default_factory=set)
    labels: dict[str, Counter[str]] = field(default_factory=dict)
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
        self.labels[article.id] = Counter(span.label for span in record.spans)
        self.relations.update(relation.type for relation in record.relations)
        self.languages |= {article.language} if article.language else set()
        self.articles.append(
            Listed(article.id, article.text_sha256, article.group or article.id, article.length,
                   tuple(sorted(annotators)), tuple(sorted(status.items())))
        )  # fmt: skip

    def without(self, names: Container[str]) -> Survey:
        """What is left when these articles are taken away; who has tagged and what relations there are stays as it is."""
        kept = [article for article in self.articles if article.id not in names]
        labels = {article.id: self.labels[article.id] for article in kept}
        return replace(self, articles=kept, labels=labels)

    def label_counts(self) -> Counter[str]:
        return sum(self.labels.values(), Counter())


def complete(scheme: Scheme, found: Survey) -> Scheme:
    """`scheme` with every label and relation type that is in use, so that no format is without a place for one."""
    for name in sorted(found.label_counts()):
        if not scheme.label(name):
            scheme = scheme.model_copy(update={"labels": (*scheme.labels, new_label(name, scheme))})
    unknown = sorted(name for name in found.relations if not scheme.relation(name))
    types = tuple(RelationType(name=name) for name in unknown)
    return scheme.model_copy(update={"relations": (*scheme.relations, *types)})
