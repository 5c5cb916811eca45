"""The GraphiQL page: our own build, from our own origin."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from api import pages
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
"""Gives who can be signed in as in one click: name, email, password, roles, note, business."""


def page(dist: Path = DIST) -> ASGIApp:
    """The page itself."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        await pages.page(dist / "index.html", scope, policy=POLICY, not_built=NOT_BUILT)(scope, receive, send)

    return serve


def assets(dist: Path = DIST) -> ASGIApp:
    """What the page loads; Monaco's workers are among it."""
    return pages.Assets(dist / "assets", POLICY)


def demo_users_endpoint(demo_users: DemoUsers) -> Callable[[Request], Awaitable[Response]]:
    async def answer(request: Request) -> Response:
        return JSONResponse(await demo_users(), headers={"cache-control": "no-store"})

    return answer
