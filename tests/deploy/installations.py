"""The deployments that the project offers, as the environments that their processes would see."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parent.parent.parent
DEPLOY: Final = ROOT / "deploy"
KUBERNETES: Final = DEPLOY / "kubernetes"
SYSTEMD: Final = DEPLOY / "systemd"

Environ = dict[str, str]

CHOSEN: Final[Environ] = {
    "DAFTARI_SECRET": "0a4be7d1c25f683990aa1bd4e87fc2365d",
    "POSTGRES_PASSWORD": "hunter2",
    "DATABASE_URL": "postgresql://daftari:hunter2@db.example/daftari?sslmode=verify-full",
    "REDIS_URL": "rediss://:hunter2@redis.example",
    "DAFTARI_ALLOWED_ORIGINS": "https://daftari.example.org",
    "DAFTARI_CERTIFICATES": "/etc/letsencrypt/live/daftari.example.org",
}
"""What whoever deploys fills in."""

_ASKED_FOR: Final = re.compile(r"\$\{(\w+)(?::\?[^}]*|:-([^}]*))?\}")


def compose() -> dict[str, Any]:
    return _mapping(yaml.safe_load((DEPLOY / "compose.yaml").read_text()))


def fly() -> dict[str, Any]:
    return tomllib.loads((DEPLOY / "fly.toml").read_text())


@cache
def manifests() -> list[dict[str, Any]]:
    """What kustomize would hand to Kubernetes, but for the names of images."""
    listed = yaml.safe_load((KUBERNETES / "kustomization.yaml").read_text())["resources"]
    return [_mapping(each) for name in listed for each in yaml.safe_load_all((KUBERNETES / name).read_text())]


def of_kind(kind: str) -> list[dict[str, Any]]:
    return [each for each in manifests() if each["kind"] == kind]


def unit(name: str) -> list[tuple[str, str]]:
    """The assignments of a systemd unit, in order; names may come again."""
    lines = (SYSTEMD / name).read_text().splitlines()
    return [(key, value) for key, sign, value in (line.partition("=") for line in lines if line[:1] not in "#[") if sign]


def environments() -> dict[str, Environ]:
    """By deployment, and by service where these differ: what a process is told, the blanks filled in."""
    found: dict[str, Environ] = {}
    for name, service in compose()["services"].items():
        if service["image"].startswith("daftari:"):
            found[f"compose {name}"] = {key: _filled_in(value) for key, value in service["environment"].items()}
    found["fly"] = fly()["env"] | _chosen(*_named_in(DEPLOY / "fly.toml", r"[ ](\w+)=(?:\.\.\.|\$\()"))
    [settings] = of_kind("ConfigMap")
    secrets = _named_in(KUBERNETES / "kustomization.yaml", r"--from-literal=(\w+)=")
    found["kubernetes"] = settings["data"] | _chosen(*secrets)
    written = dict(line.split("=", 1) for line in _assignments(SYSTEMD / "environment.example"))
    for path in SYSTEMD.glob("*.service"):
        own = [pair for key, value in unit(path.name) if key == "Environment" for pair in value.split()]
        told = {key: value or CHOSEN[key] for key, value in written.items()}
        found[f"systemd {path.stem}"] = told | dict(pair.replace("%i", "8001").split("=", 1) for pair in own)
    return found


def images() -> list[str]:
    """Every image that is named anywhere."""
    dockerfile = re.findall(r"^FROM (\S+)", (DEPLOY / "Dockerfile").read_text(), re.MULTILINE)
    composed = [service["image"] for service in compose()["services"].values()]
    deployed = [each["image"] for pod in pods() for each in pod["containers"]]
    return dockerfile + composed + deployed


def pods() -> list[dict[str, Any]]:
    return [each["spec"]["template"]["spec"] for each in (*of_kind("Deployment"), *of_kind("Job"))]


def seconds(text: str) -> int:
    """Of 45s or 30min."""
    number, unit_of = re.fullmatch(r"(\d+)(s|min|)", text).groups()  # type: ignore[union-attr]
    return int(number) * (60 if unit_of == "min" else 1)


def _mapping(found: Any) -> dict[str, Any]:
    assert isinstance(found, dict)
    return found


def _filled_in(value: str) -> str:
    return _ASKED_FOR.sub(lambda found: CHOSEN.get(found[1]) or found[2] or "", value)


def _named_in(path: Path, pattern: str) -> list[str]:
    names = re.findall(pattern, path.read_text())
    assert names, f"{path.name} does not say how secrets are set"
    return names


def _chosen(*names: str) -> Environ:
    return {name: CHOSEN[name] for name in names}


def _assignments(path: Path) -> list[str]:
    return [line for line in path.read_text().splitlines() if "=" in line and not line.startswith("#")]
