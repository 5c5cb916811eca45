"""Whether the files of each deployment are well-formed, by the schemas and parsers of those who read them."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import crossplane
import jsonschema
import kubernetes_validate
import pytest

from tests.deploy.installations import DEPLOY, SYSTEMD, compose, manifests

KUBERNETES_VERSIONS = ("1.30", "1.37")
"""The oldest that the manifests are for, and the newest whose schemas are known here."""


def test_compose() -> None:
    schema = files("check_jsonschema.builtin_schemas") / "vendor" / "compose-spec.json"
    jsonschema.validate(compose(), json.loads(schema.read_text()))


@pytest.mark.parametrize("version", KUBERNETES_VERSIONS)
def test_kubernetes(version: str) -> None:
    for manifest in manifests():
        kubernetes_validate.validate(manifest, version, strict=True)


def test_nginx() -> None:
    path = str(DEPLOY / "nginx.conf")
    # What is looked up in a map is no directive, though the parser says that it does not know it.
    understood = crossplane.parse(path, single=True)["config"][0]["parsed"]
    [http] = [each["block"] for each in understood if each["directive"] == "http"]
    in_maps = {entry["line"] for each in http if each["directive"] == "map" for entry in each["block"]}
    checked = crossplane.parse(path, single=True, strict=True, check_ctx=True, check_args=True)
    assert [each for each in checked["errors"] if each["line"] not in in_maps] == []


def test_dockerfile() -> None:
    hadolint = Path(sys.executable).with_name("hadolint")
    checked = subprocess.run([hadolint, DEPLOY / "Dockerfile"], capture_output=True, text=True, check=False)
    assert checked.returncode == 0, checked.stdout


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="this machine has no systemd")
def test_systemd_units(tmp_path: Path) -> None:
    """The program is not where an installation has it, so another stands in; a template is looked at as one of its units."""
    for path in SYSTEMD.glob("*.service"):
        text = path.read_text().replace("/opt/daftari/.venv/bin/daftari", "/bin/true")
        (tmp_path / path.name).write_text(text)
        (tmp_path / path.name.replace("@.", "@8001.")).write_text(text)
    units = sorted(path for path in tmp_path.iterdir() if "@." not in path.name)
    assert len(units) == 3
    checked = subprocess.run(["systemd-analyze", "verify", *units], capture_output=True, text=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, "")
