"""The reference of settings: it is written from them, and leaves nothing out."""

from __future__ import annotations

from typer.testing import CliRunner

from api import configuration
from api.cli import cli
from api.settings import Settings


def test_the_page_is_what_the_settings_say() -> None:
    assert configuration.PAGE.read_text(encoding="utf-8") == configuration.reference(), "run: python -m api.configuration"


def test_the_command_tells_the_same() -> None:
    assert CliRunner().invoke(cli, ["configuration"]).stdout == configuration.reference()


def test_every_setting_is_told_with_a_sentence() -> None:
    rows = [row for row in configuration.reference().splitlines() if row.startswith("| `")]
    assert len(rows) == len(Settings.model_fields)
    for name, field in Settings.model_fields.items():
        assert (field.description or "").endswith("."), f"{name} does not say what it does"
        names = configuration.names_of(name)
        [told] = [row for row in rows if row.startswith(f"| `{names[0]}`")]
        assert all(f"`{each}`" in told for each in names)


def test_units_bounds_and_secrets_are_told() -> None:
    page = configuration.reference()
    assert "| `DAFTARI_JOB_LEASE_S` | number, seconds (≥ 1 ≤ 3600) | `10.0` |" in page
    assert "`DASHBOARD_REFRESH_INTERVAL` | whole number, milliseconds" in page
    assert "| `DAFTARI_SECRET` | text, **secret** | one that everybody knows |" in page
    assert "everybody-knows" not in page, "a secret is not printed, not even that one"
