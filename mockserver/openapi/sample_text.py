"""Text that fits a format, a length or a simple pattern."""

from base64 import b64encode
from collections.abc import Mapping
from random import Random
from uuid import UUID

from mockserver.model import Json
from mockserver.openapi.sample_pattern import Unfit, matching

_WORDS = (
    "amber", "basin", "cedar", "delta", "ember", "fjord", "grove", "harbor", "inlet", "juniper",
    "kestrel", "lagoon", "meadow", "nectar", "orchard", "prairie", "quartz", "river", "summit",
    "thicket", "upland", "valley", "willow", "yarrow", "zephyr",
)  # fmt: skip


def text_for(schema: Mapping[str, Json], random: Random) -> str:
    """A text for a string schema; by format, else by pattern, else words of a fitting length."""
    if (formatted := _formatted(schema.get("format", ""), random)) is not None:
        return formatted
    if "pattern" in schema:
        try:
            return matching(schema["pattern"], random, schema.get("minLength", 0))
        except Unfit:
            pass
    return _of_length(schema.get("minLength", 0), schema.get("maxLength"), random)


def _of_length(least: int, most: int | None, random: Random) -> str:
    text = random.choice(_WORDS)
    while len(text) < least:
        text += " " + random.choice(_WORDS)
    if most is not None and len(text) > most:
        text = text[:most]
        if text.endswith(" "):
            text = text[:-1] + "s"
    return text


def _formatted(name: str, random: Random) -> str | None:
    word = random.choice(_WORDS)
    match name:
        case "date-time":
            return f"{_date(random)}T{_time(random)}.000Z"
        case "date":
            return _date(random)
        case "time":
            return f"{_time(random)}Z"
        case "email" | "idn-email":
            return f"{word}@example.com"
        case "uuid":
            return str(UUID(int=random.getrandbits(128), version=4))
        case "uri" | "url" | "iri":
            return f"https://example.com/{word}"
        case "uri-reference" | "iri-reference":
            return f"/{word}"
        case "hostname" | "idn-hostname":
            return f"{word}.example.com"
        case "ipv4":
            return f"192.0.2.{random.randint(1, 254)}"
        case "ipv6":
            return f"2001:db8::{random.randint(1, 65535):x}"
        case "byte":
            return b64encode(word.encode()).decode()
        case "json-pointer":
            return f"/{word}"
        case "regex":
            return f"^{word}$"
    return None


def _date(random: Random) -> str:
    return f"{random.randint(2030, 2034)}-{random.randint(1, 12):02}-{random.randint(1, 28):02}"


def _time(random: Random) -> str:
    return f"{random.randint(0, 23):02}:{random.choice((0, 15, 30, 45)):02}:00"
