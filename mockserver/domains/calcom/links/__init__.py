"""Private links: their rules, and the operations on them."""
