"""Where an article is from and when it came out, as its metadata tells."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from typing import Any
from urllib.parse import urlsplit

DATES = ("published", "date")
SOURCES = ("source", "site", "publisher")
LINKS = ("url", "link")
_DAY = re.compile(r"\s*(\d{4})-(\d{2})-(\d{2})(?!\d)")


def day(meta: Mapping[str, Any]) -> str | None:
    """The day an article came out as `YYYY-MM-DD`, None where the metadata names none that is in the calendar."""
    for name in DATES:
        found = as_day(meta.get(name))
        if found:
            return found
    return None


def as_day(value: object) -> str | None:
    """The day at the beginning of a text in ISO 8601."""
    match = _DAY.match(value) if isinstance(value, str) else None
    try:
        return date(*map(int, match.groups())).isoformat() if match else None
    except ValueError:
        return None


def source(meta: Mapping[str, Any]) -> str | None:
    """Who brought the article out: what is named as its source (of a web address the host), else the host of its address."""
    for name in SOURCES:
        value = meta.get(name)
        if isinstance(value, str) and value.strip():
            return host(value) or " ".join(value.split())
    for name in LINKS:
        found = host(meta.get(name))
        if found:
            return found
    return None


def host(address: object) -> str | None:
    """The host of a web address without `www.`, None for anything else."""
    if not isinstance(address, str):
        return None
    try:
        name = urlsplit(address.strip()).hostname
    except ValueError:
        return None
    return name.removeprefix("www.") if name else None
