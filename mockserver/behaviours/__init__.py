"""What operations do: an API's own rules, stored resources, examples."""

from mockserver.behaviours.choose import Choice, choices_of, choose
from mockserver.behaviours.collection import Collection, collections_of
from mockserver.behaviours.generic import generic_domain
from mockserver.behaviours.registry import (
    Account,
    Action,
    Behaviour,
    Behaviours,
    Call,
    Domain,
    Guard,
    Hit,
    Limits,
    Reader,
)

__all__ = [
    "Account",
    "Action",
    "Behaviour",
    "Behaviours",
    "Call",
    "Choice",
    "Collection",
    "Domain",
    "Guard",
    "Hit",
    "Limits",
    "Reader",
    "choices_of",
    "choose",
    "collections_of",
    "generic_domain",
]
