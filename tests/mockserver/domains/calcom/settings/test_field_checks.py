from collections.abc import Callable

import pytest

from mockserver.domains.calcom.settings.booking_fields import stored_fields
from mockserver.domains.calcom.settings.field_checks import (
    check_email,
    check_reachable,
    repeated_name,
)
from mockserver.model import Document
from mockserver.openapi.quirks import Quirks

PHONE = {"type": "phone", "slug": "attendeePhoneNumber", "label": "P", "required": True}
NO_EMAIL = {"type": "email", "required": False, "hidden": True}
UNREACHABLE = (
    "Booking fields validation failed: visible and required email or visible and required attendee "
    "phone field is needed."
)


@pytest.mark.parametrize(
    "sent",
    [
        [NO_EMAIL],
        [{"type": "email", "required": True, "hidden": True}],
        [{"type": "email", "required": False}],
        [NO_EMAIL, {**PHONE, "required": False}],
        [NO_EMAIL, {**PHONE, "hidden": True}],
        [NO_EMAIL, {**PHONE, "slug": "other"}],
    ],
)
def test_the_booker_must_be_reachable(
    sent: list[Document], no_quirks: Quirks, message_of: Callable[..., str]
) -> None:
    assert message_of(check_reachable, stored_fields(sent, no_quirks)) == UNREACHABLE


@pytest.mark.parametrize("sent", [[{"type": "email", "required": True}], [NO_EMAIL, PHONE]])
def test_an_address_or_a_number_is_enough(sent: list[Document], no_quirks: Quirks) -> None:
    check_reachable(stored_fields(sent, no_quirks))


def test_a_number_alone_is_not_enough_where_mail_is_needed(
    no_quirks: Quirks, message_of: Callable[..., str]
) -> None:
    fields = stored_fields([NO_EMAIL, PHONE], no_quirks)
    assert message_of(check_email, fields) == (
        "checkIsEmailUserAccessible - Email booking field must be required and visible"
    )
    check_email(stored_fields([{"type": "email", "required": True}], no_quirks))


@pytest.mark.parametrize("slug", ["email", "name"])
def test_a_custom_field_may_not_take_a_name_of_the_server(slug: str, no_quirks: Quirks) -> None:
    sent = {"type": "text", "slug": slug, "label": "L", "required": False}
    assert repeated_name(stored_fields([sent, {"type": "splitName"}], no_quirks)) == slug


def test_names_that_differ_do_not_repeat(no_quirks: Quirks) -> None:
    sent = {"type": "text", "slug": "splitName", "label": "L", "required": False}
    assert repeated_name(stored_fields([sent, {"type": "splitName"}], no_quirks)) is None
