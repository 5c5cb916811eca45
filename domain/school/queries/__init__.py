"""Reading the school. Every read starts from what the actor may see."""
