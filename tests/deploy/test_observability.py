"""Rules and board are understood by those who read them, and whoever is woken finds what to do."""

from __future__ import annotations

import re

import pytest
import yaml

from tests.deploy import watching
from tests.deploy.installations import compose, of_kind
from tests.deploy.watching import FOLDER, GUIDE, everything_asked, metrics_in, panels, rules

SEVERITIES = {"critical", "warning", "info"}


def test_prometheus_understands_every_expression() -> None:
    asked = everything_asked()
    assert len(asked) > 100
    for by, expression in asked:
        assert metrics_in(expression), by


@pytest.mark.parametrize("nonsense", ["sum(rate(x[5m])", "rate(x)[5m] >", "histogram_quantile(0.9 x)"])
def test_nonsense_is_not_understood(nonsense: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        metrics_in(nonsense)


def test_a_rule_has_what_its_readers_need() -> None:
    names = [rule["alert"] for rule in rules()]
    assert len(set(names)) == len(names) >= 30
    for rule in rules():
        assert rule.keys() == {"alert", "expr", "for", "labels", "annotations"}, rule["alert"]
        assert rule["labels"]["severity"] in SEVERITIES
        assert re.fullmatch(r"\d+[mh]", rule["for"])
        summary = rule["annotations"]["summary"]
        assert summary.endswith(".") and summary.count("{{") == summary.count("}}")
        asked_for = set(re.findall(r"\$labels\.(\w+)", summary))
        by = {name.strip() for found in re.findall(r"\bby \(([^)]*)\)", rule["expr"]) for name in found.split(",")}
        # Whatever no aggregation has taken away has the labels of the scrape.
        assert asked_for <= (by or {"instance", "job"}), f"{rule['alert']} tells a label that it has not"


def test_the_guide_tells_what_to_do_about_every_alert_and_about_no_other() -> None:
    headings = re.findall(r"^### (\w+)$", GUIDE.read_text(), re.MULTILINE)
    assert headings == [rule["alert"] for rule in rules()], "in the order of the rules"
    for rule in rules():
        page, _, place = rule["annotations"]["runbook"].partition("#")
        assert page == "deploy/observability.md" and place == rule["alert"].lower()


def test_panels_stand_beside_each_other() -> None:
    board = watching.board()
    ids = [panel["id"] for panel in board["panels"]]
    assert len(set(ids)) == len(ids)
    places = [panel["gridPos"] for panel in board["panels"]]
    taken = [(x, y) for at in places for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])]
    assert len(set(taken)) == len(taken), "two panels overlap"
    assert all(at["x"] + at["w"] <= 24 for at in places)
    for panel in panels():
        assert panel["title"] and panel["fieldConfig"]["defaults"]["unit"]
        assert {target["datasource"]["uid"] for target in panel["targets"]} == {"${datasource}"}


def test_prometheus_of_compose_finds_servers_and_workers() -> None:
    services = compose()["services"]
    told = yaml.safe_load((FOLDER / "prometheus.yaml").read_text())
    jobs = {job["job_name"]: job for job in told["scrape_configs"]}
    servers = {f"{name}:8000" for name, each in services.items() if each.get("command") == ["serve"]}
    assert {target for each in jobs["daftari-server"]["static_configs"] for target in each["targets"]} == servers
    [worker] = jobs["daftari-worker"]["dns_sd_configs"]
    assert services[worker["names"][0]]["command"] == ["worker"]
    assert str(worker["port"]) == services["worker"]["environment"]["DAFTARI_WORKER_PORT"]
    assert services["worker"]["environment"]["DAFTARI_WORKER_HOST"] == "0.0.0.0"
    mounted = {volume.split(":")[1] for volume in services["prometheus"]["volumes"]}
    assert set(told["rule_files"]) <= mounted
    for volume in (*services["prometheus"]["volumes"], *services["grafana"]["volumes"]):
        source = volume.split(":")[0]
        assert not source.startswith(".") or (FOLDER.parent / source).is_file(), source
    assert services["prometheus"]["profiles"] == services["grafana"]["profiles"] == ["observability"]


def test_pods_are_scraped_and_probed_where_they_answer() -> None:
    deployments = of_kind("Deployment")
    assert len(deployments) == 2
    for deployment in deployments:
        template = deployment["spec"]["template"]
        [container] = template["spec"]["containers"]
        [port] = container["ports"]
        annotations = template["metadata"]["annotations"]
        assert annotations == {
            "prometheus.io/scrape": "true",
            "prometheus.io/port": str(port["containerPort"]),
            "prometheus.io/path": "/metrics",
        }
        live, ready = container["livenessProbe"]["httpGet"], container["readinessProbe"]["httpGet"]
        assert (live["path"], ready["path"]) == ("/health/live", "/health/ready")
        assert live["port"] == ready["port"] == port["name"]
    policed = {
        port["port"]
        for policy in of_kind("NetworkPolicy")
        for each in policy["spec"].get("ingress", ())
        for port in each["ports"]
    }
    assert policed == {each["spec"]["template"]["spec"]["containers"][0]["ports"][0]["name"] for each in deployments}
