"""The headers that the real server's `helmet` puts on every answer.

Source: reference conventions section 1 (S `bootstrap.ts`), recordings (every exchange).
"""

from collections.abc import Sequence

from mockserver.openapi.quirks import Quirks

SECURITY_HEADERS = (
    (
        "Content-Security-Policy",
        "default-src 'self';base-uri 'self';font-src 'self' https: data:;form-action 'self';"
        "frame-ancestors 'self';img-src 'self' data:;object-src 'none';script-src 'self';"
        "script-src-attr 'none';style-src 'self' https: 'unsafe-inline';"
        "upgrade-insecure-requests",
    ),
    ("Cross-Origin-Opener-Policy", "same-origin"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
    ("Origin-Agent-Cluster", "?1"),
    ("Referrer-Policy", "no-referrer"),
    ("Strict-Transport-Security", "max-age=15552000; includeSubDomains"),
    ("X-Content-Type-Options", "nosniff"),
    ("X-DNS-Prefetch-Control", "off"),
    ("X-Download-Options", "noopen"),
    ("X-Frame-Options", "SAMEORIGIN"),
    ("X-Permitted-Cross-Domain-Policies", "none"),
    ("X-XSS-Protection", "0"),
)


def standing_headers(quirks: Quirks) -> Sequence[tuple[str, str]]:
    """Headers of every answer: none, or with the quirk `security-headers` those of `helmet`.

    `Cross-Origin-Resource-Policy` and the like are no part of the documented contract, and get
    into the way of a front end that is served from elsewhere.
    """
    return SECURITY_HEADERS if quirks.has("security-headers") else ()
