"""The canonical operations of the contract as tests run them, and what they answer."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import orjson

from domain.identity.actor import Actor
from domain.kit.context import CallContext
from schema.kit.context import Context
from schema.pipeline import Request
from subscriptions.feed import StateItem
from tests.support.graphql import pipeline, run

OPERATIONS = Path(__file__).resolve().parents[2] / "frontend-contract" / "operations"


@cache
def operation(path: str) -> str:
    """The document of a canonical operation, such as ``wallets/Wallet``."""
    return (OPERATIONS / f"{path}.graphql").read_text()


def money(amount: str, currency: str = "INR") -> dict[str, str]:
    """A MoneyInput."""
    return {"amount": amount, "currency": currency}


def shown(amount: str, currency: str = "INR") -> dict[str, str]:
    """Money as canonical operations select it."""
    return {"amount": amount.replace(",", ""), "formatted": f"{currency} {amount}"}


async def nodes_of(actor: Actor, document: str, **variables: Any) -> Any:
    """The rows of a list that a canonical operation reads, beside which it asks for the cursor to follow from."""
    result = await run(actor, document, **variables)
    assert result.errors == []
    data = orjson.loads(result.to_bytes())["data"]
    assert data.pop("asOf")
    [page] = data.values()
    return page["nodes"]


async def state_shown(actor: Actor, document: str, **variables: Any) -> Any:
    """The state that a state feed shows to the actor now, as JSON."""
    request = Request(query=document, variables=variables)
    context = Context(actor, CallContext(actor_id=actor.id), pipeline().services)
    subscription = await pipeline().subscribe(pipeline().prepare(request), request, context)
    assert subscription.feed.state is not None
    await subscription.feed.topics(actor, subscription.arguments)
    state = await subscription.feed.state(actor, subscription.arguments)
    rendered = orjson.loads(await subscription.shape.render(StateItem(state, "the cursor")))
    assert "errors" not in rendered, rendered
    [item] = rendered["data"].values()
    return item["state"]
