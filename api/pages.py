"""What a build leaves and a server gives: a page that is asked for anew each time, and assets that are kept for good.

The page names its assets by their hashes, so a browser that has the page of today has the assets of today. A build may put
compressed copies beside its files (``main-1a2b.js.br``); they are given to whoever takes them.
"""

from __future__ import annotations

import mimetypes
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from starlette.datastructures import Headers
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

KEPT_FOR_GOOD: Final = "public, max-age=31536000, immutable"
ASKED_ANEW: Final = "no-cache"

_COPIES: Final = {"br": ".br", "gzip": ".gz"}
"""The codings that a build makes, the smallest first, and what their files' names end with."""


class Assets(StaticFiles):
    """A folder of files whose names change with their content."""

    def __init__(self, directory: Path, policy: Mapping[str, str]) -> None:
        super().__init__(directory=directory, check_dir=False)
        # What is not built yet has no assets, which is no mistake of the server.
        self.config_checked = True
        self._policy = policy

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await self._smallest(path, scope)
        response.headers["cache-control"] = KEPT_FOR_GOOD
        # Workers are scripts of their own and live under the policy that they came with.
        response.headers.update(self._policy)
        return response

    async def _smallest(self, path: str, scope: Scope) -> Response:
        for coding in _codings_taken(scope):
            copy = path + _COPIES[coding]
            if self.lookup_path(copy)[1] is not None:
                response = await super().get_response(copy, scope)
                return _of_the_original(response, path, coding)
        response = await super().get_response(path, scope)
        response.headers["vary"] = "Accept-Encoding"
        return response


def page(index: Path, scope: Scope, *, policy: Mapping[str, str], not_built: str) -> Response:
    """The page of a build, or a sentence on how to build it. What is answered at its address depends on ``Accept``."""
    headers = {**policy, "vary": "Accept, Accept-Encoding"}
    if not index.is_file():
        return HTMLResponse(not_built, headers={**headers, "cache-control": "no-store"})
    headers["cache-control"] = ASKED_ANEW
    for coding in _codings_taken(scope):
        copy = index.with_name(index.name + _COPIES[coding])
        if copy.is_file():
            return FileResponse(copy, headers={**headers, "content-encoding": coding}, media_type="text/html")
    return FileResponse(index, headers=headers)


def _codings_taken(scope: Scope) -> list[str]:
    """Those of ours that the client lists and does not refuse."""
    said = Headers(scope=scope).get("accept-encoding", "").lower().replace(" ", "")
    taken = dict(each.partition(";")[::2] for each in said.split(","))
    return [coding for coding in _COPIES if coding in taken and taken[coding] not in ("q=0", "q=0.0")]


def _of_the_original(response: Response, path: str, coding: str) -> Response:
    """A compressed copy is answered as what it is a copy of."""
    kind = mimetypes.guess_type(path)[0] or "application/octet-stream"
    response.headers["content-type"] = f"{kind}; charset=utf-8" if kind.startswith("text/") else kind
    response.headers["content-encoding"] = coding
    response.headers["vary"] = "Accept-Encoding"
    return response
