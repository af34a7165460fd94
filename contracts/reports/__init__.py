"""Shows a report: to people, to CI, to other programs."""
