"""Compiled operations: a document is turned into a function of Python that answers it level by level.

``picture`` reads what an operation selects, ``writing`` writes the function, ``running`` is what it calls while it runs,
``assembling`` finds the places and the nulls of what failed, and ``plan`` is how the pipeline asks for all that. Answers
and errors are those of graphql-core, which runs whatever is not understood here.
"""

from schema.compiled.plan import CompiledPlan, Compiler, Outcome

__all__ = ["CompiledPlan", "Compiler", "Outcome"]
