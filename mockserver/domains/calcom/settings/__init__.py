"""The settings of an event type: how they come in, what they become, how they are shown.

The way of a create or update: `read_settings` (before the schema), `check_connected_apps`, for a
team hosts and slug, `new_settings` or `changed_settings`, `check_settings`, for a user slug and
schedule, `check_second_write`, and the write itself.
"""

from mockserver.domains.calcom.settings.checking import (
    check_connected_apps,
    check_second_write,
    check_settings,
)
from mockserver.domains.calcom.settings.completing import complete_event_type
from mockserver.domains.calcom.settings.defaults import lenient_slug
from mockserver.domains.calcom.settings.fields_shown import shown_fields
from mockserver.domains.calcom.settings.locations import shown_locations
from mockserver.domains.calcom.settings.reading import read_settings
from mockserver.domains.calcom.settings.shown import shown_settings, shown_team_settings
from mockserver.domains.calcom.settings.writing import changed_settings, new_settings

__all__ = [
    "changed_settings",
    "check_connected_apps",
    "check_second_write",
    "check_settings",
    "complete_event_type",
    "lenient_slug",
    "new_settings",
    "read_settings",
    "shown_fields",
    "shown_locations",
    "shown_settings",
    "shown_team_settings",
]
