"""Whether deployments agree with the program: with its settings, ports, paths, limits, and the time that it takes to go."""

from __future__ import annotations

import inspect
import re
from pathlib import Path
from typing import Any

import crossplane
import httpx
import pytest
from prometheus_client import REGISTRY

from api import configuration
from api.choices import Environment
from api.processes.answering import _config
from api.processes.crew import DRAIN_LIMIT_S
from api.settings import Settings
from api.sockets.endpoint import FINISH_S, Sockets
from domain.jobs.settings import JobSettings
from subscriptions.limits import SocketLimits
from tests.deploy.installations import DEPLOY, compose, environments, fly, images, of_kind, pods, seconds, unit
from tests.support.servers import small_app

ENVIRONMENTS = environments()
KNOWN = {name for setting in Settings.model_fields for name in configuration.names_of(setting)}
OTHERS = {"PYTHONDONTWRITEBYTECODE"}


def a_drain_s() -> float:
    """The longest that a server takes to go: operations end, feeds are flushed, sockets part, uvicorn waits for the rest."""
    defaults = [
        each.default for each in inspect.signature(Sockets.drain).parameters.values() if each.kind is each.KEYWORD_ONLY
    ]
    last_requests_s = _config(lambda *_: None).timeout_graceful_shutdown  # type: ignore[arg-type, return-value]
    return FINISH_S + sum(defaults) + (last_requests_s or 0)


def directives(block: list[Any], name: str) -> list[list[str]]:
    """The arguments of a directive of nginx, wherever it stands."""
    found = [each["args"] for each in block if each["directive"] == name]
    return found + [args for each in block for args in directives(each.get("block", []), name)]


@pytest.fixture(scope="module")
def nginx() -> list[Any]:
    parsed: list[Any] = crossplane.parse(str(DEPLOY / "nginx.conf"), single=True)["config"][0]["parsed"]
    return parsed


@pytest.mark.parametrize("deployment", ENVIRONMENTS)
def test_production_starts_with_what_a_deployment_tells(
    deployment: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    told = ENVIRONMENTS[deployment]
    assert set(told) - KNOWN - OTHERS == set(), "there are no such settings"
    monkeypatch.chdir(tmp_path)
    for name in KNOWN:
        monkeypatch.delenv(name, raising=False)
    for name, value in told.items():
        monkeypatch.setenv(name, value)
    settings = Settings()
    assert settings.environment is Environment.PRODUCTION
    assert settings.trusted_proxies >= 1, "every deployment has a proxy before its servers"


def test_no_image_moves() -> None:
    named = {each for each in images() if each not in ("app", "packages")}
    assert len(named) >= 6
    for image in named:
        assert re.search(r":v?\d+\.\d+", image), f"{image} is not pinned"


def test_ports_agree(nginx: list[Any]) -> None:
    dockerfile = (DEPLOY / "Dockerfile").read_text()
    assert "EXPOSE 8000" in dockerfile and "DAFTARI_PORT=8000" in dockerfile
    told = ENVIRONMENTS["fly"]
    assert told["DAFTARI_PORT"] == str(fly()["http_service"]["internal_port"])
    assert told["DAFTARI_WORKER_PORT"] == str(fly()["checks"]["worker"]["port"])
    scraped = {name: str(each["port"]) for each in fly()["metrics"] for name in each["processes"]}
    assert scraped == {"server": told["DAFTARI_PORT"], "worker": told["DAFTARI_WORKER_PORT"]}
    ports = {
        pod["containers"][0]["name"]: [str(each["containerPort"]) for each in pod["containers"][0]["ports"]]
        for pod in pods()
        if "ports" in pod["containers"][0]
    }
    told = ENVIRONMENTS["kubernetes"]
    assert ports == {"server": [told["DAFTARI_PORT"]], "worker": [told["DAFTARI_WORKER_PORT"]]}
    worker = dict(
        pair.split("=") for key, value in unit("daftari-worker.service") if key == "Environment" for pair in value.split()
    )
    assert worker["DAFTARI_WORKER_PORT"] == told["DAFTARI_WORKER_PORT"]
    upstreams = {args[0] for args in directives(nginx, "server") if args}
    servers = {f"{name}:8000" for name, each in compose()["services"].items() if each.get("command") == ["serve"]}
    assert upstreams == servers
    listened = {args[0] for args in directives(nginx, "listen")}
    assert listened == {each.split(":")[1] for each in compose()["services"]["nginx"]["ports"]}


async def test_paths_are_answered() -> None:
    [server] = [pod["containers"][0] for pod in pods() if pod["containers"][0]["name"] == "server"]
    probes = {server[probe]["httpGet"]["path"] for probe in ("startupProbe", "livenessProbe", "readinessProbe")}
    checks = {each["path"] for each in (*fly()["http_service"]["checks"], fly()["checks"]["worker"])}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(small_app()), base_url="http://server") as client:
        for path in probes | checks | {each["path"] for each in fly()["metrics"]} | {"/health/ready"}:
            assert (await client.get(path)).status_code != 404, path


def test_nginx_waits_longer_than_anybody_is_quiet(nginx: list[Any]) -> None:
    quiet_s = Settings().ws_heartbeat_interval_s + SocketLimits().answer_s
    assert all(
        seconds(args[0]) > quiet_s for name in ("read", "send") for args in directives(nginx, f"proxy_{name}_timeout")
    )
    assert fly()["http_service"]["http_options"]["idle_timeout"] > quiet_s
    [ingress] = of_kind("Ingress")
    assert all(seconds(value) > quiet_s for name, value in ingress["metadata"]["annotations"].items() if "timeout" in name)


def test_nginx_lets_through_what_a_server_takes(nginx: list[Any]) -> None:
    units = {"k": 1024, "m": 1024**2}
    sizes = [int(args[0][:-1]) * units[args[0][-1]] for args in directives(nginx, "client_max_body_size")]
    defaults = Settings.model_fields
    assert sorted(sizes) == [defaults["max_body_bytes"].default, defaults["max_file_bytes"].default]


def test_nginx_passes_sockets_and_streams_on(nginx: list[Any]) -> None:
    headers = {args[0]: args[1] for args in directives(nginx, "proxy_set_header")}
    assert headers["Upgrade"] == "$http_upgrade" and headers["Connection"] == "$connection_upgrade"
    assert headers["X-Forwarded-For"] == "$proxy_add_x_forwarded_for"
    assert ["off"] in directives(nginx, "proxy_buffering")


def test_a_drain_fits_into_every_grace() -> None:
    drain_s = a_drain_s()
    assert drain_s < DRAIN_LIMIT_S
    assert seconds(fly()["kill_timeout"]) > drain_s
    for service in compose()["services"].values():
        if service["image"].startswith("daftari:"):
            assert seconds(service["stop_grace_period"]) > DRAIN_LIMIT_S
    grace_s = {pod["containers"][0]["name"]: pod.get("terminationGracePeriodSeconds") for pod in pods()}
    [server] = [pod["containers"][0] for pod in pods() if "lifecycle" in pod["containers"][0]]
    before_s = int(server["lifecycle"]["preStop"]["exec"]["command"][1])
    assert grace_s["server"] > before_s + drain_s
    assert grace_s["worker"] > JobSettings().grace_s
    assert seconds(dict(unit("daftari-server@.service"))["TimeoutStopSec"]) > DRAIN_LIMIT_S
    assert seconds(dict(unit("daftari-worker.service"))["TimeoutStopSec"]) > JobSettings().grace_s


def test_the_autoscaler_asks_for_a_metric_that_is_shown() -> None:
    [scaler] = of_kind("HorizontalPodAutoscaler")
    [asked] = [each["pods"]["metric"]["name"] for each in scaler["spec"]["metrics"] if each["type"] == "Pods"]
    assert REGISTRY.get_sample_value(asked) is not None
    assert asked in (DEPLOY / "kubernetes" / "autoscaling-rule.yaml").read_text()


def test_no_pod_may_do_more_than_it_needs() -> None:
    for pod in pods():
        assert pod["automountServiceAccountToken"] is False and pod["securityContext"]["runAsNonRoot"] is True
        for container in pod["containers"]:
            rights = container["securityContext"]
            assert rights["readOnlyRootFilesystem"] is True and rights["allowPrivilegeEscalation"] is False
            assert rights["capabilities"] == {"drop": ["ALL"]}
            assert "memory" in container["resources"]["limits"]


def test_whoever_selects_finds_somebody() -> None:
    found = [each["spec"]["template"]["metadata"]["labels"] for each in of_kind("Deployment")]
    selectors = [
        each["spec"]["selector"]["matchLabels"] for each in (*of_kind("Deployment"), *of_kind("PodDisruptionBudget"))
    ]
    selectors += [each["spec"]["selector"] for each in of_kind("Service") if each["metadata"]["name"] == "daftari"]
    selectors += [each["spec"]["podSelector"]["matchLabels"] for each in of_kind("NetworkPolicy")]
    for selector in selectors:
        assert any(selector.items() <= labels.items() for labels in found), selector
