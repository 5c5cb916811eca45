"""The provider's statement, worked through in the background: what its rows say is evidence, and what it lacks is found.

work    an import from its first row to its last, in batches that may be begun again
rows    a batch of rows: which are known already, which say something new, and what follows from that
owners  whose payment a row is about
gaps    payments that the statement should tell of, and does not
jobs    the work that is left for later, and what becomes of an import whose work broke off
"""
