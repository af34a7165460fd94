"""What all operations share: envelopes, refusals and their words, bodies, paths."""
