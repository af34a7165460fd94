"""Suites: each makes cases from a document, and a case drives traffic and judges it."""
