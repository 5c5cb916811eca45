"""What fees are made of as clients see it, and how students are charged by it, given back money and paid ahead."""
