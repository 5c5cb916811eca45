"""The differential proof: whatever is asked, compiled operations answer what graphql-core answers.

Documents are made over the whole schema, rows and refusals are fabricated from a seed, both executors see the same world,
and their answers are compared byte for byte. `python -m tests.schema.differential` runs as many cases as one likes.
"""
