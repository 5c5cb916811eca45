"""What breaks around the house: its database, its Redis, the network between them, disks and clocks.

A house in miniature stands on a PostgreSQL and a Valkey of its own, behind wires that a test may cut, hold up or lead to
somewhere else. While people send money and follow what happens, something breaks; in the end each act was done exactly once,
every follower's log is whole, and every invariant holds.

Killed servers, workers and relay leaders are in ``tests/api/processes`` and ``tests/subscriptions``, under the same mark.
"""
