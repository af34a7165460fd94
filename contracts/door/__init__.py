"""The one way out: targets, the rules that stand in the door, and the transports behind it."""
