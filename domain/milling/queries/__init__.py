"""Reading the mill. Every read starts from the warehouses that the actor may see; items and partners are the whole mill's.

The functions that take several ids are for loaders: one statement answers for all of them.
"""
