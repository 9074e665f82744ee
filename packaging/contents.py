"""What goes into the built program and what is left out: tables for tagline.spec, and the rules over them.

Every entry below was left out because the self-test of the built program (selftest.py) holds without it.
"""

from __future__ import annotations

import re
from importlib import metadata
from pathlib import Path

# What the program itself ships beside its code; each is found by `desktop.paths.shipped`.
SHIPPED = (
    "resources/fonts",
    "resources/guide",
    "resources/guidelines",
    "resources/icons",
    "resources/schemes",
    "resources/translations",
    "seeds",
    "CHANGELOG.md",
    "LICENSE",
)

# Imported inside functions only; named here so that a build holds them whatever the analysis of the code finds.
LIBRARIES = (
    "cassis",
    "charset_normalizer",
    "docx",
    "duckdb",
    "lxml_html_clean",
    "openpyxl",
    "pypdfium2",
    "regex",
    "spacy",
    "trafilatura",
)

# Packages that read files of their own which PyInstaller's hooks do not know.
WITH_DATA = ("cassis", "justext", "tld", "trafilatura")

# Asked for their version by importlib.metadata.
WITH_METADATA = ("dkpro-cassis", "openpyxl", "pypdfium2", "python-docx", "regex", "spacy", "trafilatura")

# No TLS and no Qt network: the program cannot speak HTTPS even by accident. hashlib falls back to its own code.
NO_NETWORK = ("_hashlib", "_ssl", "ssl", "PySide6.QtNetwork")
EXCLUDED = (
    *NO_NETWORK,
    "IPython",
    "PIL",
    "PySide6.QtQml",
    "PySide6.QtQuick",
    "_tkinter",
    "curses",
    "duckdb.experimental",
    "duckdb.query_graph",
    "idlelib",
    "lib2to3",
    "mypy",
    "numpy.f2py",
    "pandas",
    "pip",
    "pkg_resources",
    "pyarrow",
    "pydantic.mypy",
    "pydantic.v1",
    "pydoc",
    "pygments.lexers.cplint",
    "readline",
    "setuptools",
    "spacy.tests",
    "thinc.tests",
    "tkinter",
    "torch",
    "unittest",
)

LANGUAGES_OF_QT = ("ar", "de", "en", "es", "fr", "he", "it", "ja", "pt_BR", "ru", "tr", "uk", "zh_CN")

# Plugins of Qt, by folder; a folder that is not named is left out whole. Names as on all systems, without lib, prefix q and ending.
PLUGINS = {
    "platforms": ("xcb", "wayland", "offscreen", "windows", "cocoa"),
    "platformthemes": ("xdgdesktopportal",),
    "platforminputcontexts": ("composeplatforminputcontextplugin", "ibusplatforminputcontextplugin"),
    "iconengines": ("svgicon",),
    "imageformats": ("svg", "ico"),
    "styles": ("modernwindowsstyle", "macstyle"),
    "wayland-decoration-client": ("adwaita", "bradient"),
    "wayland-graphics-integration-client": ("t-plugin-wayland-egl",),
    "wayland-shell-integration": ("xdg-shell",),
    "xcbglintegrations": ("xcb-egl-integration", "xcb-glx-integration"),
}

# Paths in the bundle, as regular expressions on the whole path with forward slashes.
LEFT_OUT = tuple(
    re.compile(pattern)
    for pattern in (
        r".*libQt6?(Egl[Ff][Ss]\w*|Network|Qml\w*|Quick\w*|WlShellIntegration|VirtualKeyboard\w*)\b.*",
        r".*Qt6(Network|Qml\w*|Quick\w*|VirtualKeyboard\w*)\.dll",
        r".*/Qt(Network|Qml\w*|Quick\w*|VirtualKeyboard\w*)\.framework/.*",
        r".*opengl32sw\.dll",  # a software renderer: the window paints without OpenGL
        # GTK and what it brings along: which of it a build machine has differs, and nothing here needs it.
        r"lib(gtk|gdk|atk|cairo|pango|epoxy|harfbuzz|thai|datrie|fribidi|pixman|graphite2)\S*\.so\..*",
        # TLS, Kerberos and terminals.
        r"lib(ssl|crypto|krb5\w*|gssapi_krb5|k5crypto|com_err|keyutils|readline|tinfo|ncurses\w*)\.so\..*",
        r"certifi/.*",
        # Sources and headers, tests, type stubs, command-line tools' templates.
        r".*\.(pyx|pxd|pxi|pyi|c|cpp|h)",
        r"(numpy|spacy|thinc|srsly|tld|lxml)/(.*/)?tests/.*",
        r".*/py\.typed",
        # How a package was installed: its scripts name the environment that the build was made in.
        r"[^/]*\.dist-info/(RECORD|INSTALLER|REQUESTED|direct_url\.json)",
        # Names of languages and of days in 1,084 locales; used when web addresses are judged, which happens nowhere here.
        r"babel/locale-data/(?!(root|en)\.dat).*",
        r"lxml/(isoschematron|objectify).*",
    )
)
_PLUGIN = re.compile(
    r".*Qt6?/plugins/([\w-]+)/(?:lib)?q?([^./]+)(?:\.abi3)?(?:\.so|\.dll|\.dylib)$|.*PySide6/plugins/([\w-]+)/q?([^./]+)\.dll$"
)
_TRANSLATION = re.compile(r".*PySide6/.*translations/(.+)\.qm$")


def wanted(path: str) -> bool:
    """Whether a file belongs into the bundle; `path` is where it would lie there."""
    path = path.replace("\\", "/")
    if plugin := _PLUGIN.match(path):
        folder, name = plugin[1] or plugin[3], plugin[2] or plugin[4]
        return name in PLUGINS.get(folder, ())
    if translation := _TRANSLATION.match(path):
        return translation[1] in {f"qtbase_{language}" for language in LANGUAGES_OF_QT}
    return not any(pattern.fullmatch(path) for pattern in LEFT_OUT)


def tools(requirements: Path) -> list[str]:
    """The modules of packages that are there for building only: optional imports of others would find them and take them in."""
    needed, building = (
        {
            re.split("==", line)[0].lower()
            for line in (requirements / name).read_text("utf-8").splitlines()
            if "==" in line
        }
        for name in ("run.txt", "build.txt")
    )
    owners = metadata.packages_distributions()
    return sorted(
        module
        for module, names in owners.items()
        if {re.sub(r"[-_.]+", "-", name).lower() for name in names} <= building - needed
    )


def shipped(root: Path, work: Path) -> list[tuple[str, str]]:
    """The program's own files, and those beside its modules, as pairs of source and folder in the bundle.

    The guide comes from `work`, where its pictures were just taken. Raises FileNotFoundError for a file that is missing.
    """
    pairs = []
    for name in SHIPPED:
        path = (work if name == "resources/guide" else root) / name
        if not path.exists():
            raise FileNotFoundError(path)
        pairs.append((str(path), name if path.is_dir() else "."))
    for path in sorted([*root.glob("desktop/**/*"), *root.glob("ui/**/*")]):
        if path.is_file() and path.suffix not in (".py", ".pyc"):
            pairs.append((str(path), path.parent.relative_to(root).as_posix()))
    return pairs
