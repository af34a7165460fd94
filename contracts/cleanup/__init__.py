"""Removes what a run created, and proves by listing that nothing of it is left."""
