import pytest

from mockserver.domains.calcom.settings.booking_fields import (
    hides_guests,
    stored_fields,
    with_guests_hidden,
)
from mockserver.domains.calcom.settings.field_defaults import default_fields, unstored_fields
from mockserver.domains.calcom.settings.fields_shown import shown_fields
from mockserver.model import Document
from mockserver.openapi.quirks import Quirks

RESETS = Quirks(["event-type-disable-guests-resets-fields"])
NEEDS_REQUIRED = Quirks(["event-type-email-field-needs-required"])

TEXT = {"type": "text", "slug": "company", "label": "Company", "required": True}


def _slugs(fields: list[Document]) -> list[str]:
    return [field["slug"] for field in fields]


def _stored(field: Document, quirks: Quirks, slug: str | None = None) -> Document:
    """What one field sent becomes."""
    wanted = slug or field["slug"]
    return next(one for one in stored_fields([field], quirks) if one["slug"] == wanted)


def test_a_new_list_holds_the_seven_default_fields() -> None:
    assert default_fields() == [
        {
            "isDefault": True,
            "type": "name",
            "slug": "name",
            "required": True,
            "label": "your_name",
            "disableOnPrefill": False,
        },
        {
            "isDefault": True,
            "type": "email",
            "slug": "email",
            "required": True,
            "disableOnPrefill": False,
            "hidden": False,
        },
        {
            "isDefault": True,
            "type": "radioInput",
            "slug": "location",
            "required": False,
            "hidden": False,
        },
        {
            "isDefault": True,
            "type": "text",
            "slug": "title",
            "required": True,
            "disableOnPrefill": False,
            "hidden": True,
        },
        {
            "isDefault": True,
            "type": "textarea",
            "slug": "notes",
            "required": False,
            "disableOnPrefill": False,
            "hidden": False,
        },
        {
            "isDefault": True,
            "type": "multiemail",
            "slug": "guests",
            "required": False,
            "disableOnPrefill": False,
            "hidden": False,
        },
        {
            "isDefault": True,
            "type": "textarea",
            "slug": "rescheduleReason",
            "required": False,
            "disableOnPrefill": False,
            "hidden": False,
        },
    ]


def test_fields_stand_in_the_apis_order_whatever_is_sent(no_quirks: Quirks) -> None:
    sent: list[Document] = [
        {"slug": "guests"},
        {"type": "text", "slug": "b", "label": "B", "required": False},
        {"type": "phone", "slug": "attendeePhoneNumber", "label": "P", "required": False},
        {"type": "text", "slug": "a", "label": "A", "required": False},
        {"type": "email", "required": True},
        {"slug": "location"},
        {"type": "name"},
    ]
    assert _slugs(stored_fields(sent, no_quirks)) == [
        *("name", "email", "location", "b", "attendeePhoneNumber", "a"),
        *("title", "notes", "guests", "rescheduleReason"),
    ]


def test_a_default_field_that_is_not_sent_takes_its_defaults(no_quirks: Quirks) -> None:
    assert stored_fields([{"type": "name", "label": "Who?"}], no_quirks)[1:] == default_fields()[1:]


def test_of_two_name_fields_the_first_counts(no_quirks: Quirks) -> None:
    fields = stored_fields([{"type": "splitName"}, {"type": "name"}], no_quirks)
    assert _slugs(fields)[:2] == ["splitName", "email"]


def test_a_name_field_loses_the_default_label(no_quirks: Quirks) -> None:
    assert _stored({"type": "name", "placeholder": "P"}, no_quirks, "name") == {
        "isDefault": True,
        "type": "name",
        "slug": "name",
        "required": True,
        "placeholder": "P",
        "disableOnPrefill": False,
    }


def test_a_split_name_has_texts_for_everything(no_quirks: Quirks) -> None:
    sent = {"type": "splitName", "lastNameLabel": "Family", "lastNameRequired": True}
    assert _stored(sent, no_quirks, "splitName") == {
        "isDefault": True,
        "type": "splitName",
        "slug": "splitName",
        "firstNameLabel": "",
        "firstNamePlaceholder": "",
        "lastNameLabel": "Family",
        "lastNamePlaceholder": "",
        "lastNameRequired": True,
        "disableOnPrefill": False,
    }


@pytest.mark.parametrize(
    ("slug", "kind"),
    [
        ("title", "text"),
        ("notes", "textarea"),
        ("guests", "multiemail"),
        ("rescheduleReason", "textarea"),
    ],
)
def test_a_default_field_is_kept_as_sent(slug: str, kind: str, no_quirks: Quirks) -> None:
    sent = {"slug": slug, "label": "L", "required": True, "hidden": True, "disableOnPrefill": True}
    assert _stored(sent, no_quirks) == {"isDefault": True, "type": kind, **sent}


def test_a_default_field_sent_bare_is_neither_required_nor_hidden(no_quirks: Quirks) -> None:
    title = _stored({"slug": "title"}, no_quirks)
    assert (title["required"], title["hidden"]) == (False, False)


def test_the_location_field_takes_a_label_only(no_quirks: Quirks) -> None:
    assert _stored({"slug": "location", "label": "Where", "hidden": True}, no_quirks) == {
        "isDefault": True,
        "type": "radioInput",
        "slug": "location",
        "required": False,
        "hidden": False,
        "label": "Where",
    }


def test_the_slug_of_a_default_field_wins_over_the_type(no_quirks: Quirks) -> None:
    fields = stored_fields([{"type": "email", "slug": "notes"}], no_quirks)
    assert _slugs(fields) == _slugs(default_fields())
    assert fields[1]["required"] is True


def test_an_email_field_is_required_unless_it_says_otherwise(no_quirks: Quirks) -> None:
    assert _stored({"type": "email", "label": "M"}, no_quirks, "email")["required"] is True
    assert _stored({"type": "email", "required": False}, no_quirks, "email")["required"] is False


def test_the_real_server_takes_an_email_field_for_optional() -> None:
    assert _stored({"type": "email"}, NEEDS_REQUIRED, "email")["required"] is False
    required = _stored({"type": "email", "required": True}, NEEDS_REQUIRED, "email")
    assert required["required"] is True


OUTPUT = {"isDefault": False, "disableOnPrefill": False, "hidden": False}


@pytest.mark.parametrize(
    "kind", ["phone", "address", "text", "number", "textarea", "multiemail", "url"]
)
def test_a_written_field_is_shown_with_its_placeholder(kind: str, no_quirks: Quirks) -> None:
    sent = {**TEXT, "type": kind, "placeholder": "P"}
    assert _stored(sent, no_quirks) == {**OUTPUT, **sent}


def test_a_placeholder_that_is_not_set_is_not_shown(no_quirks: Quirks) -> None:
    assert _stored(TEXT, no_quirks) == {**OUTPUT, **TEXT}


@pytest.mark.parametrize("kind", ["multiselect", "checkbox", "radio"])
def test_a_chosen_field_has_options_and_no_placeholder(kind: str, no_quirks: Quirks) -> None:
    sent = {**TEXT, "type": kind, "options": ["a", "b"]}
    assert _stored({**sent, "placeholder": "P"}, no_quirks) == {**OUTPUT, **sent}


def test_a_select_has_both(no_quirks: Quirks) -> None:
    sent = {**TEXT, "type": "select", "options": ["a"], "placeholder": "P"}
    assert _stored(sent, no_quirks) == {**OUTPUT, **sent}


def test_a_boolean_has_neither(no_quirks: Quirks) -> None:
    sent = {**TEXT, "type": "boolean"}
    assert _stored({**sent, "placeholder": "P", "options": []}, no_quirks) == {**OUTPUT, **sent}


def test_a_fixtures_field_without_label_gets_an_empty_one(no_quirks: Quirks) -> None:
    assert _stored({"type": "text", "slug": "company"}, no_quirks)["label"] == ""


def test_the_attendees_phone_counts_as_a_default_field(no_quirks: Quirks) -> None:
    sent = {**TEXT, "type": "phone", "slug": "attendeePhoneNumber"}
    assert _stored(sent, no_quirks)["isDefault"] is True


def test_disabled_guests_hide_the_guests_field_of_what_is_sent(no_quirks: Quirks) -> None:
    fields = with_guests_hidden([{"slug": "guests", "label": "G"}, TEXT], None, True, no_quirks)
    assert hides_guests(fields)
    guests = next(field for field in fields if field["slug"] == "guests")
    assert (guests["label"], guests["hidden"]) == ("G", True)
    assert "company" in _slugs(fields)


def test_guests_that_are_enabled_show_the_field_again(no_quirks: Quirks) -> None:
    fields = with_guests_hidden([{"slug": "guests", "hidden": True}], None, False, no_quirks)
    assert not hides_guests(fields)


def test_disabling_guests_alone_keeps_custom_fields(no_quirks: Quirks) -> None:
    stored = stored_fields([TEXT], no_quirks)
    fields = with_guests_hidden(None, stored, True, no_quirks)
    assert "company" in _slugs(fields)
    assert hides_guests(fields)
    assert not hides_guests(stored)


def test_the_real_server_loses_custom_fields_with_it(no_quirks: Quirks) -> None:
    fields = with_guests_hidden(None, stored_fields([TEXT], no_quirks), True, RESETS)
    assert _slugs(fields) == _slugs(default_fields())
    assert hides_guests(fields)


def test_disabling_guests_writes_a_list_that_was_never_written(no_quirks: Quirks) -> None:
    fields = with_guests_hidden(None, None, True, no_quirks)
    assert _slugs(fields) == _slugs(default_fields())


def test_a_list_never_written_shows_the_defaults_of_the_server() -> None:
    shown = shown_fields(None, without_hidden=False)
    assert shown == unstored_fields()
    assert _slugs(shown) == [
        *("name", "email", "attendeePhoneNumber", "location"),
        *("title", "notes", "guests", "rescheduleReason"),
    ]
    assert "label" not in shown[0]
    assert shown[2] == {
        "isDefault": True,
        "type": "phone",
        "slug": "attendeePhoneNumber",
        "required": False,
        "disableOnPrefill": False,
        "hidden": True,
    }


def test_an_empty_list_shows_nothing() -> None:
    assert shown_fields([], without_hidden=False) == []


def test_hidden_fields_are_left_out_of_a_list_only() -> None:
    assert _slugs(shown_fields(default_fields(), without_hidden=True)) == [
        *("name", "email", "location", "notes", "guests", "rescheduleReason")
    ]
    assert shown_fields(default_fields(), without_hidden=False) == default_fields()


@pytest.mark.parametrize("kind", ["moon", "text"])
def test_an_unreadable_field_is_shown_as_text_after_the_others(kind: str) -> None:
    unreadable = {"name": "x", "type": kind}
    assert shown_fields([unreadable, *default_fields()], without_hidden=True)[-1] == {
        "type": "unknown",
        "slug": "unknown",
        "bookingField": f'{{"name":"x","type":"{kind}"}}',
    }


def test_a_split_name_can_be_read_back(no_quirks: Quirks) -> None:
    fields = stored_fields([{"type": "splitName"}], no_quirks)
    assert shown_fields(fields, without_hidden=False) == fields


def test_what_is_shown_can_be_sent_again(no_quirks: Quirks) -> None:
    once = stored_fields([{"type": "splitName"}, {"type": "email", "label": "M"}, TEXT], no_quirks)
    assert stored_fields(once, no_quirks) == once
