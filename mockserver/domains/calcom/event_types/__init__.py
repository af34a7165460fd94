"""Event types of users and teams: the operations on them."""
