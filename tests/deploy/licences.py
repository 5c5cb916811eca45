"""The licences of what Daftari is shipped with: ``python -m tests.deploy.licences`` writes ``deploy/licences.md``.

What is shipped: the Python packages that a server needs, and the npm packages that are built into its pages. Tools that
only build or test are not among them.
"""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterator
from importlib.metadata import metadata
from typing import Final, NamedTuple

from packaging.markers import Marker

from tests.deploy.installations import DEPLOY, ROOT

PAGE: Final = DEPLOY / "licences.md"
LOCKS: Final = ("frontend-contract/package-lock.json", "frontend-contract/graphiql/package-lock.json")
PERMISSIVE: Final = frozenset(
    [
        "0BSD",
        "Apache-2.0",
        "BSD-2-Clause",
        "BSD-3-Clause",
        "BlueOak-1.0.0",
        "CC0-1.0",
        "ISC",
        "MIT",
        "MIT-0",
        "MIT-CMU",
        "PSF-2.0",
        "Python-2.0",
        "Unlicense",
        "Zlib",
    ]
)
KEPT_APART: Final = frozenset({"LGPL-3.0-only", "MPL-2.0", "OFL-1.1"})
"""They ask that changes of the library itself be given away, which we do not change, and that it can be replaced, which
whoever installs a package can do. GPL and AGPL ask for more, and are not among these."""

WRITTEN_AS: Final = {
    "3-Clause BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "BSD License": "BSD-3-Clause",
    "ISC License": "ISC",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "PSFL": "PSF-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
}
"""Names from before packages told SPDX expressions."""

HEAD: Final = """# Licences

Daftari is MIT. It is shipped with these packages, under their own licences, whose texts are in the packages, and for the app
at `/app/licences.md`. This page is written by `python -m tests.deploy.licences`; a test fails when a licence is unknown or
would ask that Daftari itself be given away.
"""
IMAGE: Final = {
    "implementation_name": "cpython",
    "os_name": "posix",
    "platform_machine": "x86_64",
    "platform_python_implementation": "CPython",
    "platform_system": "Linux",
    "python_full_version": "3.11.14",
    "python_version": "3.11",
    "sys_platform": "linux",
}
"""Where it runs: deploy/Dockerfile."""


class Package(NamedTuple):
    """``licence`` is an SPDX expression, or empty where a package tells none."""

    origin: str
    name: str
    licence: str


def packages() -> list[Package]:
    return [*_of_python(), *_of_npm()]


def refused(licence: str) -> bool:
    """Whether Daftari, which is MIT, cannot be shipped with it, or nobody knows what it is. One of several suffices."""
    choices = [re.split(r" AND ", each.strip("() ")) for each in licence.replace("(", "").replace(")", "").split(" OR ")]
    return not any(all(part in PERMISSIVE | KEPT_APART for part in choice) for choice in choices)


def page() -> str:
    rows = "".join(f"| {each.origin} | {each.name} | {each.licence} |\n" for each in packages())
    return f"{HEAD}\n| from | package | licence |\n|---|---|---|\n{rows}"


def _of_python() -> Iterator[Package]:
    for name in sorted(_needed_by("daftari") - {"daftari"}):
        told = metadata(name)
        names = [each.rsplit(" :: ", 1)[-1] for each in told.get_all("Classifier") or [] if each.startswith("License ::")]
        older = (told.get("License") or "").partition("\n")[0] or " OR ".join(WRITTEN_AS.get(each, each) for each in names)
        yield Package("PyPI", name, told.get("License-Expression") or WRITTEN_AS.get(older, older))


def _needed_by(root: str) -> set[str]:
    """All that is installed for a package, by the lock."""
    locked = {each["name"]: each for each in tomllib.loads((ROOT / "uv.lock").read_text())["package"]}
    found: set[str] = set()
    waiting = [root]
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            extras = [each for names in locked[name].get("optional-dependencies", {}).values() for each in names]
            needed = [*locked[name].get("dependencies", []), *extras]
            waiting += [each["name"] for each in needed if "marker" not in each or Marker(each["marker"]).evaluate(IMAGE)]
    return found


def _of_npm() -> Iterator[Package]:
    found = {}
    for lock in LOCKS:
        for path, told in json.loads((ROOT / lock).read_text())["packages"].items():
            name = path.rpartition("node_modules/")[2]
            is_ours = not path.startswith("node_modules/") or told.get("link")
            if not is_ours and not told.get("dev") and not told.get("devOptional"):
                found[name] = Package("npm", name, told.get("license", ""))
    yield from (found[name] for name in sorted(found))


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
