"""The pure rules of payments: what the provider said, whether it agrees with what we know, and what follows for the money.

``settle(intent, evidence, now)`` is a payment as a function of all that was ever said about it. A service stores what
arrives, asks again with everything that is there, and books the difference; so it does not matter which channel was first,
what came twice, and when somebody was killed in between.
"""
