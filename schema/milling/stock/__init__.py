"""What lies where: what moved it, the documents about it, what can be had of it, and what it is worth."""
