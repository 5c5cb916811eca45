"""Reading the mill. Every read starts from the warehouses that the actor may see; items and partners are the whole mill's.

What answers several ids at once does so in one statement.
"""
