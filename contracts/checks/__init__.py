"""What is wrong with an exchange, whoever sent it: pure functions to findings."""

from collections.abc import Callable, Iterable
from typing import Final, TypeAlias

from contracts.checks.bodies import body_fits_schema
from contracts.checks.content import (
    body_is_encoded_as_told,
    content_is_as_documented,
    names_are_unique,
)
from contracts.checks.echoes import (
    ids_are_those_of_the_path,
    location_leads_to_the_new_item,
    texts_come_back_whole,
)
from contracts.checks.headers import (
    allow_tells_the_methods,
    declared_headers_are_right,
    headers_are_declared,
    https_is_not_demanded_in_the_clear,
    length_is_right,
    private_answers_are_not_shared,
    rate_limits_agree,
)
from contracts.checks.leaks import errors_keep_credentials, errors_keep_internals
from contracts.checks.statuses import (
    documented_method_is_allowed,
    method_is_documented,
    redirect_stays_here,
    server_does_not_fail,
    status_is_documented,
)
from contracts.checks.undeclared import properties_are_declared
from contracts.exchange import Exchange
from contracts.findings import Finding
from contracts.yardstick import Yardstick

Check: TypeAlias = Callable[[Exchange, Yardstick], Iterable[Finding]]

CHECKS: Final[tuple[Check, ...]] = (
    status_is_documented,
    server_does_not_fail,
    method_is_documented,
    documented_method_is_allowed,
    redirect_stays_here,
    content_is_as_documented,
    body_is_encoded_as_told,
    names_are_unique,
    body_fits_schema,
    properties_are_declared,
    declared_headers_are_right,
    headers_are_declared,
    allow_tells_the_methods,
    length_is_right,
    private_answers_are_not_shared,
    rate_limits_agree,
    https_is_not_demanded_in_the_clear,
    errors_keep_internals,
    errors_keep_credentials,
    ids_are_those_of_the_path,
    location_leads_to_the_new_item,
    texts_come_back_whole,
)
"""Those that hold for every exchange of every suite."""

__all__ = ["CHECKS", "Check"]
