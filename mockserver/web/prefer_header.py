"""The `Prefer` header, read.

Source: RFC 7240 for its form; Prism's preferences `code`, `example` and `dynamic` (design 6).
`deviation` is our own.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches

from mockserver.errors import ApiError, nearest

PREFERENCES = ("code", "example", "dynamic", "seed", "deviation")

_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_QUOTED = r'"(?:[^"\\]|\\.)*"'
_WELL_QUOTED = re.compile(rf'(?:[^"]|{_QUOTED})*')
_BETWEEN_COMMAS = re.compile(rf'(?:[^,"]|{_QUOTED})+')
_BETWEEN_SEMICOLONS = re.compile(rf'(?:[^;"]|{_QUOTED})+')
_CODE = re.compile(r"[1-5][0-9]{2}")
_INTEGER = re.compile(r"-?[0-9]{1,18}")


@dataclass(frozen=True, slots=True)
class Prefer:
    """What a caller asks for; *others* names preferences that are none of the mock's.

    *deviation* is a fault or a quirk for this one call, as `--fault` takes it.
    """

    code: int | None = None
    example: str | None = None
    dynamic: bool = False
    seed: int | None = None
    deviation: str | None = None
    others: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether no answer is asked for; a deviation has taken effect before."""
        return self.code is None and self.example is None and not self.dynamic

    @property
    def applied(self) -> str:
        """The value of `Preference-Applied`, but for the deviation."""
        parts = []
        if self.code is not None:
            parts.append(f"code={self.code}")
        if self.example is not None:
            parts.append(f"example={_word(self.example)}")
        if self.dynamic:
            parts.append("dynamic=true")
            if self.seed is not None:
                parts.append(f"seed={self.seed}")
        return ", ".join(parts)


def parse_prefer(header: str) -> Prefer:
    """Read a `Prefer` header (several are joined by commas). Raises ApiError 400.

    The first of two equal preferences holds. A seed asks for generated values unless
    `dynamic=false` says no; preferences of other specifications are ignored.
    """
    given: dict[str, str | None] = {}
    for name, value in _preferences(header):
        given.setdefault(name, value)
    others = tuple(name for name in given if name not in PREFERENCES)
    for name in others:
        _refuse_typing_error(name)
    seed = _seed(given["seed"]) if "seed" in given else None
    is_dynamic = _flag(given["dynamic"]) if "dynamic" in given else seed is not None
    return Prefer(
        code=_code(given["code"]) if "code" in given else None,
        example=_example(given["example"]) if "example" in given else None,
        dynamic=is_dynamic,
        seed=seed,
        deviation=_deviation(given["deviation"]) if "deviation" in given else None,
        others=others,
    )


def _preferences(header: str) -> Iterator[tuple[str, str | None]]:
    """Names in lower case with their values, unquoted; None where no value is given."""
    if not _WELL_QUOTED.fullmatch(header):
        raise ApiError(400, f"Prefer: a quotation mark is not closed in {header!r}")
    for item in _BETWEEN_COMMAS.findall(header):
        if item.strip():
            preference, *parameters = _BETWEEN_SEMICOLONS.findall(item)
            if any(_pair(parameter)[0] in PREFERENCES for parameter in parameters):
                raise ApiError(
                    400, f"Prefer: commas separate preferences, not ';' (got {item.strip()!r})"
                )
            yield _pair(preference)


def _pair(text: str) -> tuple[str, str | None]:
    name, _, value = (part.strip() for part in text.partition("="))
    if not _TOKEN.fullmatch(name):
        raise ApiError(400, f"Prefer: {text.strip()!r} is no preference")
    if value.startswith('"') and value.endswith('"'):
        value = re.sub(r"\\(.)", r"\1", value[1:-1])
    return name.lower(), value or None  # an empty value equals none (RFC 7240 section 2)


def _refuse_typing_error(name: str) -> None:
    meant = get_close_matches(
        name, PREFERENCES, n=1, cutoff=0.8
    )  # `mode` and `safe` are others' own
    if meant:
        raise ApiError(400, f"Prefer: unknown preference {name!r}; did you mean {meant[0]!r}?")


def _code(value: str | None) -> int:
    if value is None or not _CODE.fullmatch(value):
        raise ApiError(400, f"Prefer: code must be a status from 100 to 599 (got {value!r})")
    return int(value)


def _example(value: str | None) -> str:
    if value is None:
        raise ApiError(400, "Prefer: example needs the name of an example")
    return value


def _deviation(value: str | None) -> str:
    if value is None:
        raise ApiError(400, "Prefer: deviation needs the name of a fault or a quirk")
    return value


def _flag(value: str | None) -> bool:
    if value is None or value.lower() == "true":
        return True
    if value.lower() == "false":
        return False
    meant = nearest(value.lower(), ("true", "false"))
    hint = f"; did you mean {meant!r}?" if meant else ""
    raise ApiError(400, f"Prefer: dynamic must be true or false (got {value!r}){hint}")


def _seed(value: str | None) -> int:
    if value is None or not _INTEGER.fullmatch(value):
        raise ApiError(400, f"Prefer: seed must be a whole number (got {value!r})")
    return int(value)


def _word(text: str) -> str:
    if _TOKEN.fullmatch(text):
        return text
    escaped = re.sub(r'(["\\])', r"\\\1", text)
    return f'"{escaped}"'
