"""Reports as clients ask for them, follow them and fetch them."""
