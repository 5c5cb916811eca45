"""Invoice finance in the API: offering, funding, auctions, repayment, and what people see of it."""
