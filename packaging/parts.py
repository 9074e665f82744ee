"""What the built program is made of: Python packages, the C libraries inside them, and libraries of the build machine.

From the list of files that tagline.spec keeps (inside.json) come `licences/` with every part's licence text, and a list of
parts for people (parts.txt) and for Debian (copyright). sbom.py writes the same for machines.
"""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Iterable
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

import identity

HERE = Path(__file__).parent
_TEXT = re.compile(r"(?i)(licen[cs]es?|copying|notice|authors)([-_.].*)?$")
# Where a package's metadata has no licence text: our copies.
_TEXTS = {
    "dkpro-cassis": (identity.ROOT / "LICENSE",),
    "pypdfium2": (HERE / "licences" / "PDFium.txt",),
    "pyside6-essentials": (HERE / "licences" / "Qt.txt",),
    "shiboken6": (HERE / "licences" / "Qt.txt",),
}
# Where metadata tells the licence in words of its own.
_LICENCES = {
    "blis": "BSD-3-Clause",
    "dateparser": "BSD-3-Clause",
    "deprecation": "Apache-2.0",
    "dkpro-cassis": "Apache-2.0",
    "justext": "BSD-2-Clause",
    "numpy": "BSD-3-Clause",
    "pyside6-essentials": "LGPL-3.0-only",
    "pypdfium2": "BSD-3-Clause OR Apache-2.0",
    "shellingham": "ISC",
    "shiboken6": "LGPL-3.0-only",
    "sortedcontainers": "Apache-2.0",
    "toposort": "Apache-2.0",
}
_CLASSIFIERS = {
    "MIT License": "MIT",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "ISC License (ISCL)": "ISC",
    "Python Software Foundation License": "PSF-2.0",
}


@dataclass(frozen=True)
class Part:
    """`kind`: "python", "inside" (a C library within a package) or "system" (from the build machine)."""

    name: str
    version: str
    licence: str
    kind: str
    purl: str = ""
    of: str = ""  # the package it is inside
    texts: tuple[Path, ...] = field(default=(), compare=False)


def find(inside: Iterable[tuple[str, str]]) -> list[Part]:
    """The parts that the files in the bundle come from; pairs of place in the bundle and source. Raises ValueError for a
    package whose licence is not known."""
    sources = {Path(source).resolve() for _, source in inside}
    distributions = _distributions(sources)
    parts = [_python_part(distribution) for distribution in distributions]
    parts += _inside(part.name for part in parts)
    parts += _system(sources)
    parts.append(Part("CPython", platform.python_version(), "PSF-2.0", "python",
                      f"pkg:generic/python@{platform.python_version()}", texts=_python_text()))  # fmt: skip
    return sorted(parts, key=lambda part: (part.kind, part.name.lower()))


def _distributions(sources: set[Path]) -> list[metadata.Distribution]:
    found = {}
    for distribution in metadata.distributions():
        files = distribution.files or ()
        if any(
            ".dist-info" not in str(file) and Path(str(distribution.locate_file(file))).resolve() in sources
            for file in files
        ):
            found[_normal(distribution.name)] = distribution
    found.pop("pyinstaller", None)  # its loader is in the programs, under a licence that lets them have any
    found.pop("pyinstaller-hooks-contrib", None)
    return [found[name] for name in sorted(found)]


def _normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _python_part(distribution: metadata.Distribution) -> Part:
    name = _normal(distribution.name)
    texts = _TEXTS.get(name) or tuple(
        Path(str(distribution.locate_file(file)))
        for file in distribution.files or ()
        if ".dist-info" in file.parts[0] and _TEXT.match(file.name)
    )
    if not texts:
        raise ValueError(f"{name} brings no licence text: add it to packaging/licences and to parts.py")
    licence = _licence(name, distribution)
    return Part(
        name, distribution.version, licence, "python", f"pkg:pypi/{name}@{distribution.version}", texts=texts
    )


def _licence(name: str, distribution: metadata.Distribution) -> str:
    """An SPDX expression, from our table, the metadata, or its classifiers."""
    about = distribution.metadata
    if known := _LICENCES.get(name) or about.get("License-Expression"):
        return known
    said = about.get("License") or ""
    if re.fullmatch(r"[\w.+-]+( (AND|OR|WITH) [\w.+-]+)*", said):
        return said
    classes = [
        line.split(" :: ")[-1] for line in about.get_all("Classifier") or [] if line.startswith("License ::")
    ]
    if len(classes) == 1 and classes[0] in _CLASSIFIERS:
        return _CLASSIFIERS[classes[0]]
    raise ValueError(f"the licence of {name} is not clear ({said or classes}): add it to parts.py")


def _inside(packages: Iterable[str]) -> list[Part]:
    """C libraries that wheels bring along, with versions asked of the packages themselves."""
    present = set(packages)
    parts = []
    for package, versions in ((name, read) for name, read in _INSIDE.items() if name in present):
        parts += [
            Part(name, version, licence, "inside", f"pkg:generic/{name.lower()}@{version}", package)
            for name, version, licence in versions()
        ]
    return parts


def _of_qt() -> list[tuple[str, str, str]]:
    from PySide6.QtCore import qVersion  # noqa: PLC0415

    version = qVersion() or ""
    rows = [("Qt", version, "LGPL-3.0-only")]
    import PySide6  # noqa: PLC0415

    for path in Path(PySide6.__path__[0]).rglob("libicuuc.so.*"):
        found = re.search(rb"\0(\d{2}\.\d(?:\.\d)?)\0", path.read_bytes())
        rows.append(("ICU", found[1].decode() if found else path.name.split(".so.")[1], "Unicode-3.0"))
    return rows


def _of_lxml() -> list[tuple[str, str, str]]:
    from lxml import etree  # noqa: PLC0415

    return [
        ("libxml2", ".".join(map(str, etree.LIBXML_VERSION)), "MIT"),
        ("libxslt", ".".join(map(str, etree.LIBXSLT_VERSION)), "MIT"),
    ]


def _of_numpy() -> list[tuple[str, str, str]]:
    import numpy  # noqa: PLC0415

    config = numpy.show_config("dicts")["Build Dependencies"]["blas"]
    rows = [("OpenBLAS", config["version"], "BSD-3-Clause")] if "openblas" in config["name"] else []
    if platform.system() == "Linux":
        rows.append(("libgfortran", "5", "GPL-3.0-or-later WITH GCC-exception-3.1"))
    return rows


def _of_pypdfium2() -> list[tuple[str, str, str]]:
    from pypdfium2 import PDFIUM_INFO  # noqa: PLC0415

    version = ".".join(str(getattr(PDFIUM_INFO, name)) for name in ("major", "minor", "build", "patch"))
    return [("PDFium", version, "BSD-3-Clause")]


_INSIDE = {
    "pyside6-essentials": _of_qt,
    "lxml": _of_lxml,
    "numpy": _of_numpy,
    "pypdfium2": _of_pypdfium2,
    "duckdb": lambda: [("DuckDB", metadata.version("duckdb"), "MIT")],
    "blis": lambda: [("BLIS", metadata.version("blis"), "BSD-3-Clause")],
}


def _system(sources: set[Path]) -> list[Part]:
    """Libraries of this machine: Debian's packages know their versions and licences; elsewhere only what Python was built with."""
    import pyexpat  # noqa: PLC0415
    import sqlite3  # noqa: PLC0415
    import zlib  # noqa: PLC0415

    parts = []
    if shutil.which("dpkg-query"):
        outside = [
            str(source)
            for source in sources
            if source.is_relative_to("/usr/lib") or source.is_relative_to("/lib")
        ]
        parts = [_debian_part(package) for package in sorted(set(_owners(outside)))]
    names = " ".join(part.name for part in parts)
    for name, version, licence in (
        ("sqlite3", sqlite3.sqlite_version, "blessing"),
        ("zlib", zlib.ZLIB_RUNTIME_VERSION, "Zlib"),
        ("expat", pyexpat.EXPAT_VERSION.removeprefix("expat_"), "MIT"),
    ):
        if name not in names:
            parts.append(Part(name, version, licence, "inside", f"pkg:generic/{name}@{version}", "CPython"))
    return parts


def _owners(paths: list[str]) -> Iterable[str]:
    """Debian packages that own these files, under /usr/lib or its older name /lib."""
    asked = [name for path in paths for name in (path, path.removeprefix("/usr"))]
    said = subprocess.run(["dpkg-query", "-S", *asked], capture_output=True, text=True, check=False)
    return [line.split(":")[0] for line in said.stdout.splitlines() if not line.startswith("diversion")]


def _debian_part(package: str) -> Part:
    said = subprocess.run(
        ["dpkg-query", "-W", "-f", "${Version}\t${Architecture}", package], capture_output=True, text=True, check=True
    ).stdout  # fmt: skip
    version, architecture = said.split("\t")
    text = Path("/usr/share/doc", package, "copyright")
    purl = f"pkg:deb/debian/{package}@{version}?arch={architecture}"
    return Part(
        package, version, _debian_licence(text), "system", purl, texts=(text,) if text.exists() else ()
    )


def _debian_licence(path: Path) -> str:
    """The licences that Debian's copyright file names, as it writes them."""
    if not path.exists():
        return "see its sources"
    names = re.findall(r"^License: *(\S.*)$", path.read_text("utf-8", "replace"), re.MULTILINE)
    return ", ".join(dict.fromkeys(name.strip() for name in names)) or "see its copyright file"


def _python_text() -> tuple[Path, ...]:
    """Python's own licence, where its maker or Debian puts it."""
    short = f"python{platform.python_version().rpartition('.')[0]}"
    places = (
        Path(sysconfig.get_path("stdlib"), "LICENSE.txt"),
        Path(sysconfig.get_config_var("prefix") or "", "LICENSE.txt"),
        Path("/usr/share/doc", short, "copyright"),
    )
    return tuple(place for place in places if place.exists())[:1]


def write_licences(parts: Iterable[Part], folder: Path) -> None:
    """Every licence text by part, the general ones, and parts.txt, which lists them all."""
    if folder.exists():
        shutil.rmtree(folder)
    folder.mkdir(parents=True)
    for name in ("LGPL-3.0.txt", "GPL-3.0.txt", "Qt.txt"):
        shutil.copyfile(HERE / "licences" / name, folder / name)
    shutil.copyfile(identity.ROOT / "LICENSE", folder / "Apache-2.0.txt")
    lines = [f"Tagline {identity.version()} (Apache-2.0) is made with:", ""]
    for part in parts:
        of = f", in {part.of}" if part.of else ""
        lines.append(f"{part.name} {part.version}{of}: {part.licence}")
        for text in part.texts:
            target = folder / part.name.lower() / text.name.removesuffix(".txt")
            target.parent.mkdir(exist_ok=True)
            shutil.copyfile(text, target.with_name(f"{target.name}.txt"))
    (folder / "parts.txt").write_text("\n".join(lines) + "\n", encoding="utf-8", newline="\n")


def write_copyright(parts: Iterable[Part], path: Path) -> None:
    """Debian's copyright file, machine-readable."""
    lines = [
        "Format: https://www.debian.org/doc/packaging-manuals/copyright-format/1.0/",
        f"Upstream-Name: {identity.TITLE}",
        "",
        "Files: *",
        "Copyright: The Tagline maintainers",
        "License: Apache-2.0",
        " On Debian systems the text is in /usr/share/common-licenses/Apache-2.0.",
        "Comment:",
        " The program holds these parts; their licence texts are in /usr/share/doc/tagline/licences:",
        *(f" {part.name} {part.version} ({part.licence})" for part in parts),
    ]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
