"""The benchmarks: Daftari's own server against what others would put in its place, on one machine, in one run.

``make bench`` runs them. They assert nothing: absolute figures are those of the machine, so only ratios are compared.
"""
