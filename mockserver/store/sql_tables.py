"""The tables of a world in a database, and how names are written in them."""

import json
import re
from hashlib import blake2b
from typing import Final

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

VERSION: Final = 2
"""Of the tables; a database of another one is refused."""

PREFIX: Final = "understudy_"
LONGEST_KEY: Final = 200
"""Longer keys are found by their digest: PostgreSQL's indexes hold no long texts."""

_ODD = re.compile('\\A"|[\x00\ud800-\udfff]')
_Number = BigInteger().with_variant(Integer(), "sqlite")

metadata = MetaData()

world = Table(
    f"{PREFIX}world",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("version", Integer, nullable=False),
    Column("is_filled", Boolean, nullable=False),
    Column("openings", Integer, nullable=False),
    Column("indexes", Integer, nullable=False),
    Column("clock", Text, nullable=False),
    Column("marks", Text, nullable=False),
)
"""One row. Every transaction reads it at its beginning; a writing one locks it. *marks* tells what
has changed since it was read last, see `sql_remembered`."""

documents = Table(
    f"{PREFIX}documents",
    metadata,
    Column("number", _Number, primary_key=True, autoincrement=False),
    Column("collection", Text, nullable=False),
    Column("key", Text, nullable=False),
    Column("long_key", Text),
    Column("body", Text, nullable=False),
    UniqueConstraint("collection", "key"),
)
"""*number* is the order of insertion, *body* JSON."""

sequences = Table(
    f"{PREFIX}sequences",
    metadata,
    Column("name", Text, primary_key=True),
    Column("number", BigInteger, nullable=False),
)

indexes = Table(
    f"{PREFIX}indexes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("collection", Text, nullable=False),
    Column("fields", Text, nullable=False),
    UniqueConstraint("collection", "fields"),
)
"""The sets of fields by which documents were once looked for; *fields* is a JSON array."""

entries = Table(
    f"{PREFIX}entries",
    metadata,
    Column("index_id", Integer, primary_key=True, autoincrement=False),
    Column("digest", _Number, primary_key=True, autoincrement=False),
    Column("number", _Number, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
"""For each index, where documents with these values are: the digest stands for the values."""

kept = Table(
    f"{PREFIX}kept",
    metadata,
    Column("name", Text, primary_key=True),
    Column("value", LargeBinary, nullable=False),
)


def name_text(name: str) -> str:
    """*name* as a database can hold it: as it is, or as a JSON string where it cannot."""
    return json.dumps(name) if _ODD.search(name) else name


def name_of(text: str) -> str:
    """The name that `name_text` has written so."""
    name: str = json.loads(text) if text.startswith('"') else text
    return name


def key_texts(key: str) -> tuple[str, str | None]:
    """What is looked for in the place of *key*, and the key itself where that is only a digest."""
    text = name_text(key)
    if len(text) <= LONGEST_KEY:
        return text, None
    return f'"{blake2b(text.encode(), digest_size=32).hexdigest()}', text


def key_of(text: str, long_text: str | None) -> str:
    """The key that `key_texts` has written so."""
    return name_of(text if long_text is None else long_text)
