"""Linux: the folder as a .deb and as a .tar.xz, the same bytes whenever they are made from the same folder."""

from __future__ import annotations

import os
import platform
import shutil
import stat
import subprocess
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
import elf
import identity
from identity import APP_ID, NAME, TITLE

HERE = Path(__file__).parent
ARCHITECTURE = {"x86_64": "amd64", "aarch64": "arm64"}
# Libraries that every system must have its own of, and the Debian package that holds them. Anything else that is missing from
# the folder stops the build: on a bare system it would not be there.
OF_THE_SYSTEM = {
    "ld-linux-x86-64.so.2": "libc6",
    "ld-linux-aarch64.so.1": "libc6",
    "libc.so.6": "libc6",
    "libdl.so.2": "libc6",
    "libm.so.6": "libc6",
    "libpthread.so.0": "libc6",
    "librt.so.1": "libc6",
    "libresolv.so.2": "libc6",
    "libutil.so.1": "libc6",
    "libEGL.so.1": "libegl1",
    "libGL.so.1": "libgl1",
    "libGLX.so.0": "libgl1",
    "libOpenGL.so.0": "libopengl0",
    "libwayland-client.so.0": "libwayland-client0",
    "libwayland-cursor.so.0": "libwayland-cursor0",
    "libwayland-egl.so.1": "libwayland-egl1",
    "libxcb.so.1": "libxcb1",
}
# Without a font every letter is a box, and fontconfig finds none without its settings.
FONTS = ("fontconfig-config", "fonts-dejavu-core | fonts-liberation | fonts-noto-core")
SIZES = (16, 22, 24, 32, 48, 64, 128, 256, 512)


def wrap(work: Path, bundle: Path, out: Path) -> dict[str, object]:
    """Make both artefacts in `out`; returns figures for the record."""
    saved = elf.strip(bundle)
    needs = elf.needs(bundle)
    if strange := {name: users for name, users in needs.missing.items() if name not in OF_THE_SYSTEM}:
        raise SystemExit(f"neither in the program nor promised by the system: {strange}")
    settle(bundle)
    root = work / "deb"
    _lay_out(work, bundle, root)
    (root / "DEBIAN").mkdir()
    (root / "DEBIAN" / "control").write_text(control(root, needs), encoding="utf-8")
    settle(root)
    machine = platform.machine()
    deb = out / f"{NAME}_{identity.version()}_{ARCHITECTURE[machine]}.deb"
    _call("dpkg-deb", "--root-owner-group", "-Zzstd", "-z9", "--build", str(root), str(deb))
    tar = out / f"{NAME}-{identity.version()}-linux-{machine}.tar.xz"
    _make_tar(work, bundle, tar)
    return {
        "stripped MB": round(saved / 1e6),
        "glibc": ".".join(map(str, needs.glibc)),
        "files": sum(1 for path in bundle.rglob("*") if path.is_file()),
        "folder MB": round(_size(bundle) / 1e6),
        "deb MB": round(deb.stat().st_size / 1e6, 1),
        "tar MB": round(tar.stat().st_size / 1e6, 1),
    }


def _lay_out(work: Path, bundle: Path, root: Path) -> None:
    """The folders of an installed system; the program under /opt is hard links to the folder, not a copy."""
    shutil.copytree(bundle, root / "opt" / NAME, symlinks=True, copy_function=os.link)
    binaries = root / "usr" / "bin"
    binaries.mkdir(parents=True)
    for program in (NAME, f"{NAME}-cli"):
        (binaries / program).symlink_to(f"../../opt/{NAME}/{program}")
    lay_out_share(work, root / "usr" / "share")
    documents = root / "usr" / "share" / "doc" / NAME
    documents.mkdir(parents=True)
    shutil.copy(work / "copyright", documents)
    for name in ("licences", "guide"):
        (documents / name).symlink_to(
            f"../../../../opt/{NAME}/_internal/{'resources/guide' if name == 'guide' else name}"
        )


def lay_out_share(work: Path, share: Path) -> None:
    """Menu entry, file type, description and icons, as they lie under /usr/share or ~/.local/share."""
    for folder, name in (
        ("applications", f"{APP_ID}.desktop"),
        ("metainfo", f"{APP_ID}.metainfo.xml"),
        ("mime/packages", f"{APP_ID}.xml"),
    ):
        (share / folder).mkdir(parents=True)
        shutil.copy(HERE / name, share / folder)
    for edge in SIZES:
        for kind, name in (("apps", APP_ID), ("mimetypes", identity.MIME_TYPE.replace("/", "-"))):
            target = share / "icons" / "hicolor" / f"{edge}x{edge}" / kind
            target.mkdir(parents=True)
            shutil.copy(work / "icons" / f"{edge}.png", target / f"{name}.png")
    scalable = share / "icons" / "hicolor" / "scalable" / "apps"
    scalable.mkdir(parents=True)
    shutil.copy(identity.ROOT / "resources" / "icons" / "app.svg", scalable / f"{APP_ID}.svg")


def control(root: Path, needs: elf.Needs) -> str:
    """Debian's description of the package; what it depends on is read from the files in it."""
    packages = {OF_THE_SYSTEM[name] for name in needs.missing} - {"libc6"}
    depends = [f"libc6 (>= {'.'.join(map(str, needs.glibc))})", *sorted(packages), *FONTS]
    return "\n".join((
        f"Package: {NAME}",
        f"Version: {identity.version()}",
        f"Architecture: {ARCHITECTURE[platform.machine()]}",
        f"Maintainer: The {TITLE} maintainers <maintainers@tagline.invalid>",
        f"Installed-Size: {_size(root) // 1024}",
        f"Depends: {', '.join(depends)}",
        "Recommends: fonts-noto-core",
        "Section: editors",
        "Priority: optional",
        f"Description: {identity.SUMMARY}",
        " Highlight what happened, who did it, where, and what is claimed in an article;",
        " one key labels it, and it is on disk before the window says so. Exports",
        " datasets that a training run loads without repair.",
        " .",
        " It opens no network connection.",
        "",
    ))  # fmt: skip


def settle(folder: Path) -> None:
    """Permissions and times that depend on neither the person nor the day."""
    when = identity.epoch()
    for path in [*folder.rglob("*"), folder]:
        if not path.is_symlink():
            runs = path.is_dir() or bool(path.stat().st_mode & stat.S_IXUSR)
            path.chmod(0o755 if runs else 0o644)
        os.utime(path, (when, when), follow_symlinks=False)


def _make_tar(work: Path, bundle: Path, tar: Path) -> None:
    """One folder that runs where it is unpacked, with what a menu needs beside it."""
    top = work / "tar" / f"{NAME}-{identity.version()}"
    shutil.copytree(bundle, top, symlinks=True, copy_function=os.link)
    lay_out_share(work, top / "share")
    shutil.copy(HERE / "add-to-menu.sh", top)
    (top / "add-to-menu.sh").chmod(0o755)
    settle(top)
    _call(
        "tar", "--sort=name", "--format=gnu", "--owner=0", "--group=0", "--numeric-owner", "--hard-dereference",
        f"--mtime=@{identity.epoch()}", "--use-compress-program=xz -1 -T2", "-cf", str(tar), "-C", str(top.parent), top.name,
    )  # fmt: skip


def _size(folder: Path) -> int:
    return sum(path.lstat().st_size for path in folder.rglob("*") if not path.is_dir())


def _call(*command: str) -> None:
    started = time.monotonic()
    subprocess.run(command, check=True, env={**os.environ, "SOURCE_DATE_EPOCH": str(identity.epoch())})
    print(f"   {command[0]}: {time.monotonic() - started:.0f} s", flush=True)
