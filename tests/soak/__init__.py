"""The soak: a whole installation under a small, constant load for as long as one likes, and whether it stays as it was.

`python -m tests.soak --minutes 30` (`make soak`) runs a server, a worker, PostgreSQL and Valkey as processes of their own.
People transfer money and read over HTTP, the demo's own traffic moves all five businesses, and subscribers follow feeds over
a wire that cuts them off at random. Memory, file descriptors and connections are looked at every few seconds.

It is no part of `make test`: what leaks slowly shows in half an hour, and not in a second.
"""
