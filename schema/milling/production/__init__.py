"""Bills of materials and productions as clients see them."""
