"""What is asked: one object, a nested list, a flat list. Everybody gets the same documents and gives the same answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Asked:
    """A document. ``begins`` is how the data of every answer begin."""

    name: str
    title: str
    operation: str
    text: str
    begins: bytes


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
FLAT_LOANS: Final = Asked(
    "Q3",
    "100 loans, 6 plain fields each: 602 fields",
    "FlatLoans",
    """query FlatLoans {
  loans(first: 100) { nodes { id number status annualRate instalmentCount createdAt } }
}""",
    b'"data":{"loans":{"nodes":[{"id":"',
)
DOCUMENTS: Final = (ONE_LOAN, NESTED_LOANS, FLAT_LOANS)
