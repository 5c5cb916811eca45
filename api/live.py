"""Daftari Live, the app of ``frontend-contract/app``: served from the API's own origin, on every path that is nobody's.

The app finds its way by the path itself, so whatever a browser opens that is no endpoint gets the same page. Programs are
not browsers: what they ask for and nobody has is not found, as ever.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.responses import FileResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send
from starlette.websockets import WebSocketClose

from api import pages

DIST: Final = Path(__file__).resolve().parent.parent / "frontend-contract" / "app" / "dist"
ASSETS: Final = "app"
"""The folder of the build whose files are named by their hashes, and the path where they are served."""

POLICY: Final = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}
"""Nothing from elsewhere, nothing inline, and nowhere to send anything but here."""

NOT_BUILT: Final = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Daftari</title></head>
<body>
<h1>Daftari Live is not built yet</h1>
<p><code>make run</code> builds it, or by hand:</p>
<pre>cd frontend-contract &amp;&amp; npm ci &amp;&amp; npm run build</pre>
<p>The API itself works, at <code>/graphql</code>.</p>
</body>
</html>
"""


def assets(dist: Path = DIST) -> ASGIApp:
    """Scripts, styles and pictures."""
    return pages.Assets(dist / ASSETS, POLICY)


def page(dist: Path = DIST) -> ASGIApp:
    """Answers what no route has answered."""

    async def serve(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "websocket":
            await WebSocketClose()(scope, receive, send)
            return
        response = _answer(dist, scope)
        if response is None:
            raise HTTPException(status_code=404)
        await response(scope, receive, send)

    return serve


def _answer(dist: Path, scope: Scope) -> Response | None:
    if scope["method"] not in ("GET", "HEAD"):
        return None
    name = scope["path"].removeprefix("/")
    if _is_beside_the_page(name) and (dist / name).is_file():
        return FileResponse(dist / name, headers={**POLICY, "cache-control": pages.ASKED_ANEW})
    if name == "" or "text/html" in Headers(scope=scope).get("accept", ""):
        return pages.page(dist / "index.html", scope, policy=POLICY, not_built=NOT_BUILT)
    return None


def _is_beside_the_page(name: str) -> bool:
    """An icon, say: a file of the build that keeps its name."""
    return "/" not in name and "\\" not in name and not name.startswith(".") and "." in name
