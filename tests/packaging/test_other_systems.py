"""What cannot run here: the workflow, Windows' and macOS' files. They are read, and compared with the program and the build."""

from __future__ import annotations

import plistlib
import re
import runpy
import subprocess
import sys
import xml.etree.ElementTree as Xml
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[2]
PACKAGING = ROOT / "packaging"
WORKFLOW = ROOT / ".github" / "workflows" / "build.yml"
JOBS: dict[str, Any] = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))["jobs"]
STEPS: list[dict[str, Any]] = [step for job in JOBS.values() for step in job["steps"]]
COMMAND = "python packaging/build.py"


# The workflow


@pytest.mark.outside("actionlint")
def test_actionlint() -> None:
    result = subprocess.run(
        ["actionlint", str(WORKFLOW)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert result.returncode == 0, result.stdout + result.stderr


@pytest.mark.parametrize(
    "step", [step for step in STEPS if "uses" in step], ids=lambda step: step["uses"].split("@")[0]
)
def test_actions_are_pinned_by_commit_and_their_version_is_said(step: dict[str, Any]) -> None:
    uses = step["uses"]
    assert re.fullmatch(r"actions/[\w-]+@[0-9a-f]{40}", uses)
    assert re.search(rf"{uses} # v\d+\.\d+\.\d+$", WORKFLOW.read_text(encoding="utf-8"), re.M)


def test_all_systems_are_built_by_the_one_command_that_the_readme_names() -> None:
    assert JOBS["build"]["strategy"]["matrix"]["system"] == [
        "ubuntu-22.04", "windows-2022", "macos-14", "macos-15-intel",
    ]  # fmt: skip
    assert [step["run"] for step in STEPS if step.get("name") == "Build"] == [COMMAND]
    assert COMMAND.replace("python", "python3") in (PACKAGING / "README.md").read_text(encoding="utf-8")


def test_what_is_built_is_tried_on_every_system_before_it_is_kept() -> None:
    names = [step.get("name", step.get("uses", "")) for step in JOBS["build"]["steps"]]
    tried = [number for number, name in enumerate(names) if name.startswith("Try it")]
    assert len(tried) == 3
    for system in ("Linux", "Windows", "macOS"):
        assert any(
            step.get("if") == f"runner.os == '{system}'"
            for step in JOBS["build"]["steps"]
            if step.get("name", "").startswith("Try")
        )
    assert names.index("Build") < min(tried)
    assert max(tried) < len(names) - 1
    assert "upload-artifact" in names[-1]


def test_secrets_are_seen_only_by_steps_that_sign_and_only_from_a_tag() -> None:
    text = WORKFLOW.read_text(encoding="utf-8")
    users = [step for step in STEPS if "secrets." in str(step)]
    assert sum(str(step).count("secrets.") for step in users) == text.count("secrets.")
    for step in users:
        assert step["name"].startswith("The certificate")
        assert "startsWith(github.ref, 'refs/tags/')" in step["if"]
        assert 'if [ -n "$CERTIFICATE" ]' in step["run"], "without the secret it is built unsigned"


def test_every_script_the_workflow_calls_is_there() -> None:
    for name in re.findall(r"packaging[\\/][\w.\\/-]+\.py", WORKFLOW.read_text(encoding="utf-8")):
        assert (ROOT / name.replace("\\", "/")).is_file(), name


def test_the_workflow_may_write_only_where_it_publishes() -> None:
    whole = yaml.safe_load(WORKFLOW.read_text(encoding="utf-8"))
    assert whole["permissions"] == {"contents": "read"}
    assert [name for name, job in JOBS.items() if job.get("permissions", {}).get("contents") == "write"] == [
        "publish"
    ]


# macOS


def test_the_document_type_of_macos() -> None:
    import identity

    sys.path.insert(0, str(PACKAGING / "macos"))
    try:
        info = runpy.run_path(str(PACKAGING / "macos" / "info.py"))["info_plist"]()
    finally:
        sys.path.remove(str(PACKAGING / "macos"))
    again = plistlib.loads(plistlib.dumps(info))
    (document,), (kind,) = again["CFBundleDocumentTypes"], again["UTExportedTypeDeclarations"]
    assert document["LSItemContentTypes"] == [kind["UTTypeIdentifier"]]
    assert kind["UTTypeTagSpecification"]["public.filename-extension"] == ["tagline"]
    assert kind["UTTypeTagSpecification"]["public.mime-type"] == [identity.MIME_TYPE]
    assert again["CFBundleShortVersionString"] == identity.version()
    assert again["LSMinimumSystemVersion"] == "13.0"


def test_entitlements_ask_for_nothing_but_what_python_needs() -> None:
    entitlements = plistlib.loads((PACKAGING / "macos" / "entitlements.plist").read_bytes())
    assert entitlements == {"com.apple.security.cs.allow-unsigned-executable-memory": True}


# Windows


def test_the_installer_needs_no_administrator_and_takes_the_file_type() -> None:
    import identity

    text = (PACKAGING / "windows" / "tagline.iss").read_text(encoding="utf-8")
    sections = re.findall(r"^\[(\w+)\]$", text, re.M)
    assert sections == ["Setup", "Languages", "Tasks", "InstallDelete", "Files", "Icons", "Registry", "Run"]
    setup = dict(re.findall(r"^(\w+)=(.*)$", text, re.M))
    assert setup["PrivilegesRequired"] == "lowest"
    assert setup["ChangesAssociations"] == "yes"
    assert setup["AppId"].startswith("{{"), "a brace alone begins a constant"
    assert f'#define AppId "{identity.APP_ID}"' in text
    assert rf"Software\Classes\{identity.SUFFIX}" in text
    assert "HKLM" not in text
    for name in re.findall(r"\{#(\w+)\}", text):
        assert name in {"Version", "Folder", "Out"} or f"#define {name} " in text, name


def test_the_manifest_of_windows() -> None:
    text = (PACKAGING / "windows" / "tagline.manifest").read_text(encoding="utf-8")
    found = {element.tag.rpartition("}")[2]: element.text for element in Xml.fromstring(text.encode()).iter()}
    assert found["longPathAware"] == "true"
    assert found["activeCodePage"] == "UTF-8"
    assert "asInvoker" in text


def test_the_version_resource_can_be_read() -> None:
    import identity

    class Called:
        def __init__(self, *given: Any, **named: Any) -> None:
            self.given, self.named = given, named

    text = runpy.run_path(str(PACKAGING / "windows" / "version.py"))["text"]()
    names = (
        "VSVersionInfo",
        "FixedFileInfo",
        "StringFileInfo",
        "StringTable",
        "StringStruct",
        "VarFileInfo",
        "VarStruct",
    )
    made = eval(text, dict.fromkeys(names, Called))
    assert made.named["ffi"].named["filevers"] == (*map(int, identity.version().split(".")), 0)
    table = made.named["kids"][0].given[0][0].given[1]
    assert dict(row.given for row in table)["ProductVersion"] == identity.version()


# Flatpak


def test_the_flatpak_has_no_network() -> None:
    import identity

    manifest = yaml.safe_load((PACKAGING / "linux" / f"{identity.APP_ID}.yml").read_text(encoding="utf-8"))
    assert manifest["id"] == identity.APP_ID
    assert "--share=network" not in manifest["finish-args"]
    assert manifest["modules"][0]["build-options"]["strip"] is False


@pytest.mark.outside("flatpak-builder")
def test_flatpak_builder_reads_the_manifest() -> None:
    manifest = next((PACKAGING / "linux").glob("*.yml"))
    said = subprocess.run(
        ["flatpak-builder", "--show-manifest", str(manifest)], capture_output=True, text=True, check=False
    )
    assert said.returncode == 0, said.stderr


# AppImage


@pytest.mark.skipif(sys.platform != "linux", reason="AppImages are for Linux")
def test_the_appimage_recipe_puts_everything_where_its_tool_looks(tmp_path: Path) -> None:
    """With a tool in the place of appimagetool that keeps the folder it is given."""
    import identity
    import wrap

    top = tmp_path / "tagline-0.1.0"
    (top / "_internal").mkdir(parents=True)
    for name in ("tagline", "tagline-cli"):
        (top / name).write_text(f'#!/bin/sh\necho "{name} $1"\n', encoding="utf-8")
        (top / name).chmod(0o755)
    (top / "add-to-menu.sh").touch()
    (tmp_path / "icons").mkdir()
    for edge in wrap.SIZES:
        (tmp_path / "icons" / f"{edge}.png").touch()
    wrap.lay_out_share(tmp_path, top / "share")
    archive = tmp_path / "tagline-0.1.0-linux-x86_64.tar.xz"
    subprocess.run(["tar", "-cJf", str(archive), "-C", str(tmp_path), top.name], check=True)
    tool = tmp_path / "tool"
    tool.write_text('#!/bin/sh\ncp -a "$2" "$3"\n', encoding="utf-8")
    tool.chmod(0o755)
    subprocess.run(
        ["sh", str(PACKAGING / "linux" / "appimage.sh"), str(archive), str(tmp_path)],
        check=True, env={"APPIMAGETOOL": str(tool), "PATH": "/usr/bin:/bin"},
    )  # fmt: skip
    (made,) = tmp_path.glob("tagline-0.1.0-*.AppImage")
    for name in ("AppRun", f"{identity.APP_ID}.desktop", f"{identity.APP_ID}.png", ".DirIcon",
                 f"usr/share/metainfo/{identity.APP_ID}.metainfo.xml"):  # fmt: skip
        assert (made / name).exists(), name
    for called, answer in (("x.AppImage", "tagline a b\n"), ("bin/tagline-cli", "tagline-cli a b\n")):
        said = subprocess.run([str(made / "AppRun"), "a b"], capture_output=True, text=True, check=True, env={"ARGV0": called, "PATH": "/usr/bin:/bin"})  # fmt: skip
        assert said.stdout == answer
