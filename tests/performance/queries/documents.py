"""What is asked: one object, a nested list, a flat list. Everybody gets the same documents and gives the same answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """A document. ``begins`` is how the data of every answer begin."""

    name: str
    title: str
    operation: str
    text: str
    begins: bytes
    variables: Mapping[str, Any] = field(default_factory=dict)


ONE_LOAN: Final = Asked(
    "Q1",
    "one loan by its id, 8 fields",
    "OneLoan",
    """query OneLoan($id: ID!) {
  loan(id: $id) {
    id number borrowerName status requestedPrincipal { amount } annualRate instalmentCount createdAt
  }
}""",
    b'"data":{"loan":{"id":"',
)
NESTED_LOANS: Final = Asked(
    "Q2",
    "20 loans, each with its borrower and 10 instalments: 1,182 fields",
    "NestedLoans",
    """query NestedLoans {
  loans(first: 20) {
    nodes {
      id number status annualRate createdAt
      borrower { id name }
      schedule { number dueOn completedOn due { amount } }
    }
  }
}""",
    b'"data":{"loans":{"nodes":[{"id":"',
)


def flat_loans(name: str, first: int) -> Asked:
    return Asked(
        name,
        f"{first} loans, 6 plain fields each: {2 + 6 * first} fields",
        "FlatLoans",
        """query FlatLoans($first: Int!) {
  loans(first: $first) { nodes { id number status annualRate instalmentCount createdAt } }
}""",
        b'"data":{"loans":{"nodes":[{"id":"',
        {"first": first},
    )


FLAT_LOANS: Final = flat_loans("Q3", 100)
DOCUMENTS: Final = (ONE_LOAN, NESTED_LOANS, FLAT_LOANS)
SIZES: Final = {first: flat_loans(f"{first} loans", first) for first in (1, 5, 20, 50, 100)}
"""The flat list again, from short to long: what a request costs by itself, and what each of its rows adds."""
