"""What may be said of the house because it was tried: the marks and figures of the suite, and the page made of them.

A test that tries a fault says so with ``@pytest.mark.fault("what breaks")``, and may tell figures with the fixture
``figures``. A run with ``TRUST=1`` in the environment keeps what its tests told in ``figures.json``, in place of what was
told before by the same files; `python -m tests.trust` writes ``deploy/trust.md`` from that and from the figures of the
benchmarks, the soak and the differential proof.
"""
