"""Orders as the mill's customers who are registered users see and pay them."""
