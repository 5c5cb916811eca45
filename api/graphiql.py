"""The GraphiQL page: our own build, from our own origin."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, JSONResponse, Response
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from api.middleware import OWN_PAGE_ALLOWED

DIST: Final = Path(__file__).resolve().parent.parent / "frontend-contract" / "graphiql" / "dist"
POLICY: Final = {"content-security-policy": OWN_PAGE_ALLOWED.decode()}

NOT_BUILT: Final = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Daftari</title></head>
<body>
<h1>Daftari speaks GraphQL here</h1>
<p>The GraphiQL page is not built yet. <code>make run</code> builds it, or by hand:</p>
<pre>cd frontend-contract/graphiql &amp;&amp; npm ci &amp;&amp; npm run build</pre>
<p>The API itself works: send a POST with <code>Content-Type: application/json</code> and
<code>{"query": "{ __typename }"}</code> to this address.</p>
</body>
</html>
"""

DemoUsers = Callable[[], Awaitable[list[dict[str, Any]]]]
"""Gives who can be signed in as in one click: name, email, password, roles, note."""


def page(dist: Path = DIST) -> ASGIApp:
    """The page itself. It may not be kept by browsers, because it names its assets by their hashes."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        index = dist / "index.html"
        response: Response
        if index.is_file():
            response = FileResponse(index, headers={**POLICY, "cache-control": "no-cache", "vary": "Accept"})
        else:
            response = HTMLResponse(NOT_BUILT, headers={**POLICY, "cache-control": "no-store", "vary": "Accept"})
        await response(scope, receive, send)

    return serve


class Assets(StaticFiles):
    """The page's assets, whose names change with their content: kept for good."""

    def __init__(self, dist: Path = DIST) -> None:
        super().__init__(directory=dist / "assets", check_dir=False)
        # A page that is not built yet has no assets, which is no mistake of the server.
        self.config_checked = True

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["cache-control"] = "public, max-age=31536000, immutable"
        # Monaco's workers are scripts of their own and live under the page's policy.
        response.headers.update(POLICY)
        return response


def demo_users_endpoint(demo_users: DemoUsers) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        return JSONResponse(await demo_users(), headers={"cache-control": "no-store"})

    return answer
