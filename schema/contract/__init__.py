"""The contract that client teams hold in their hands: everything in ``frontend-contract/`` that is made from the server.

``python -m schema.contract`` writes it anew, and says what does not hold: operations that a change of the schema breaks,
breaks that nobody announced, and whatever leaves the conventions. ``--check`` writes nothing.
"""
