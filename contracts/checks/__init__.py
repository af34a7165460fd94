"""What can be wrong with an exchange: pure functions from exchanges to findings."""
