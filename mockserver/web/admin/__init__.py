"""The admin API: what a running mock lets people and tests do to it from outside."""

from mockserver.web.admin.app import admin_app
from mockserver.web.admin.document import admin_document

__all__ = ["admin_app", "admin_document"]
