"""No GraphQL at all: one function for each document, which reads rows and writes JSON. What a hand could do at best.

It is an ASGI application without a framework, over asyncpg's own pool and orjson.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from typing import Any

import asyncpg
import orjson

from tests.performance.peers.book import Book, global_id, major, open_book, row_id_of
from tests.performance.peers.serving import serve

Record = asyncpg.Record


async def one_loan(book: Book, variables: dict[str, Any]) -> dict[str, Any]:
    loan = await book.loan(row_id_of(variables["id"]))
    if loan is None:
        return {"loan": None}
    return {
        "loan": {
            "id": global_id("Loan", loan["id"]),
            "number": loan["number"],
            "borrowerName": loan["borrower_name"],
            "status": loan["status"],
            "requestedPrincipal": {"amount": major(loan["requested_minor"])},
            "annualRate": loan["annual_rate"],
            "instalmentCount": loan["instalment_count"],
            "createdAt": loan["created_at"],
        }
    }


async def nested_loans(book: Book, variables: dict[str, Any]) -> dict[str, Any]:
    loans = await book.loans(20)
    borrowers = await book.people(list({loan["borrower_id"] for loan in loans}))
    by_id = {row["id"]: {"id": global_id("User", row["id"]), "name": row["name"]} for row in borrowers if row}
    schedules = await book.schedules([loan["id"] for loan in loans])
    nodes = [
        {
            "id": global_id("Loan", loan["id"]),
            "number": loan["number"],
            "status": loan["status"],
            "annualRate": loan["annual_rate"],
            "createdAt": loan["created_at"],
            "borrower": by_id.get(loan["borrower_id"]),
            "schedule": [
                {
                    "number": row["number"],
                    "dueOn": row["due_on"],
                    "completedOn": row["completed_on"],
                    "due": {"amount": major(row["due_minor"])},
                }
                for row in schedule
            ],
        }
        for loan, schedule in zip(loans, schedules, strict=True)
    ]
    return {"loans": {"nodes": nodes}}


async def flat_loans(book: Book, variables: dict[str, Any]) -> dict[str, Any]:
    nodes = [
        {
            "id": global_id("Loan", loan["id"]),
            "number": loan["number"],
            "status": loan["status"],
            "annualRate": loan["annual_rate"],
            "instalmentCount": loan["instalment_count"],
            "createdAt": loan["created_at"],
        }
        for loan in await book.loans(variables["first"])
    ]
    return {"loans": {"nodes": nodes}}


ANSWERS: dict[str, Callable[[Book, dict[str, Any]], Awaitable[dict[str, Any]]]] = {
    "OneLoan": one_loan,
    "NestedLoans": nested_loans,
    "FlatLoans": flat_loans,
}


class Application:
    def __init__(self) -> None:
        self._open = AsyncExitStack()
        self._book: Book | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        message = await receive()
        parts: Sequence[bytes] = [message["body"]]
        while message["more_body"]:
            message = await receive()
            parts = [*parts, message["body"]]
        asked = orjson.loads(b"".join(parts))
        assert self._book is not None
        data = await ANSWERS[asked["operationName"]](self._book, asked.get("variables") or {})
        body = orjson.dumps({"data": data}, option=orjson.OPT_UTC_Z)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    async def _live(self, receive: Any, send: Any) -> None:
        async with self._open:
            await receive()
            self._book = await self._open.enter_async_context(open_book())
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})


if __name__ == "__main__":
    serve(Application())
