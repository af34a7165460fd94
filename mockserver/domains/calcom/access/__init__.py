"""Who is calling, and what they may do: the guards of every operation."""
