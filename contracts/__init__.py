"""Holds a mock or a live deployment to its OpenAPI document, and says what is wrong."""
