"""How a dataset card says that each format is read: lines that run as they stand in the dataset's folder, or what another
program wants to be told."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from string import Template

from desktop.formats.base import SPLITS

# In the place of a split where there are none.
_WHOLE = "articles"
_JSONL = """\
```python
import json

with open("$file", encoding="utf-8", newline="\\n") as file:
    articles = [json.loads(line) for line in file]
for span in articles[0]["spans"]:
    print(span["label"], articles[0]["text"][span["start"] : span["end"]])
```"""
_PARQUET = """\
```python
import duckdb  # or pandas, polars, pyarrow

query = 'SELECT id, span.label, span.start, span."end", span.text FROM (SELECT id, unnest(spans) AS span FROM "$file")'
print(duckdb.sql(query))
```"""
_SPACY = """\
```python
import spacy
from spacy.tokens import DocBin

docs = list(DocBin().from_disk("$file").get_docs(spacy.blank("xx").vocab))
print([(span.label_, span.text) for span in docs[0].spans["sc"]])
```"""
_CSV = """\
```python
import csv

with open("$file", encoding="utf-8-sig", newline="") as file:
    spans = list(csv.DictReader(file, delimiter="$separator"))
```"""
_HUGGINGFACE = 'With `load_dataset`, as above; `load_dataset("huggingface")` reads this folder by itself.'
_CONLL = (
    "Four columns parted by one blank, of which the first is the token and the last the tag; a blank line ends a sentence, and a\n"
    "line that begins with `-DOCSTART-` an article. `$file` has the articles in the same order,\n"
    "`conll/tagline-names.json` the label of each tag."
)
_COLUMNS = (
    "Columns parted by one blank, named in the first line; a blank line ends a sentence, and a line that begins with\n"
    "`-DOCSTART-` an article. The `.articles.json` of a split has the articles in the same order, `conll/tagline-names.json`\n"
    "the label of each tag."
)
_BRAT = (
    "Each split is a folder of `.txt` and `.ann` files: put it, with `annotation.conf` and `visual.conf`, into brat's `data` folder.\n"
    "`brat/tagline-names.json` has the names of the scheme, where brat needs others."
)
_LABELSTUDIO = (
    "Make a project with the code of `labeling-config.xml` as its labelling interface, then import `$file`."
)
_PRODIGY = (
    "`prodigy db-in NAME $file` makes a data set of it; `token_end` is the last token, not the one after it."
)
_DOCCANO = (
    "Make a project for sequence labelling that allows overlapping spans, with relations where the lines have any, then import\n"
    "`$file` as JSONL."
)
_GLINER = "`$file` is a JSON array for GLiNER's trainer; the second number of an entry of `ner` is its last word, not the one after it."
_CAS = (
    "In INCEpTION import `TypeSystem.xml` under the project's layers first, then the `.xmi` files as UIMA CAS XMI; in Python\n"
    "dkpro-cassis reads both."
)
# The file that a format begins with, and what is said of it. Where there are two lines for a format the first that is there holds.
_WAYS = (
    ("jsonl", "jsonl/{split}.jsonl", _JSONL),
    ("huggingface", "huggingface/README.md", _HUGGINGFACE),
    ("parquet", "parquet/{split}.parquet", _PARQUET),
    ("spacy", "spacy/spans/{split}/00001.spacy", _SPACY),
    ("conll", "conll/{split}.conll", _COLUMNS),
    ("conll", "conll/{split}.articles.json", _CONLL),
    ("brat", "brat/annotation.conf", _BRAT),
    ("labelstudio", "labelstudio/{split}.json", _LABELSTUDIO),
    ("prodigy", "prodigy/{split}.jsonl", _PRODIGY),
    ("doccano", "doccano/{split}.jsonl", _DOCCANO),
    ("gliner", "gliner/{split}.json", _GLINER),
    ("csv", "csv/spans.csv", _CSV),
    ("csv", "csv/spans.tsv", _CSV),
    ("cas", "cas/TypeSystem.xml", _CAS),
)


def ways(folder: Path, formats: Iterable[str]) -> dict[str, list[str]]:
    """The lines on each format of the dataset in `folder`, by its name."""
    return {name: _way(folder, name) for name in formats}


def _way(folder: Path, format: str) -> list[str]:
    for name, place, text in _WAYS:
        files = (place.format(split=split) for split in (*SPLITS, _WHOLE))
        found = next((file for file in files if name == format and (folder / file).exists()), None)
        if found:
            separator = "\\t" if found.endswith(".tsv") else ","
            return Template(text).substitute(file=found, separator=separator).split("\n")
    return []
