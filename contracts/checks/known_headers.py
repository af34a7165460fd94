"""Response headers that servers, proxies, caches, gateways and hosts add on their own."""

from typing import Final

# fmt: off
_NAMES: Final = frozenset([
    "accept-ch", "accept-patch", "accept-post", "accept-ranges", "age", "allow", "alt-svc",
    "authentication-info", "cache-control", "cdn-cache-control", "clear-site-data",
    "connection", "content-digest", "content-disposition", "content-encoding",
    "content-language", "content-length", "content-location", "content-range",
    "content-security-policy", "content-security-policy-report-only", "content-type",
    "cross-origin-embedder-policy", "cross-origin-opener-policy",
    "cross-origin-resource-policy", "date", "deprecation", "etag", "expect-ct", "expires",
    "feature-policy", "keep-alive", "last-modified", "link", "location", "nel",
    "origin-agent-cluster", "p3p", "permissions-policy", "pragma", "preference-applied",
    "priority", "proxy-authenticate", "proxy-connection", "public-key-pins",
    "referrer-policy", "refresh", "report-to", "reporting-endpoints", "retry-after",
    "server", "server-timing", "set-cookie", "strict-transport-security", "sunset",
    "timing-allow-origin", "trace", "trailer", "transfer-encoding", "tk", "traceparent",
    "tracestate", "upgrade", "vary", "via", "warning", "www-authenticate", "x-cache",
    "x-cache-hits", "x-content-type-options", "x-correlation-id", "x-dns-prefetch-control",
    "x-download-options", "x-frame-options", "x-permitted-cross-domain-policies",
    "x-powered-by", "x-real-ip", "x-request-id", "x-response-time", "x-robots-tag",
    "x-runtime", "x-served-by", "x-timer", "x-trace-id", "x-ua-compatible",
    "x-xss-protection",
])
_FAMILIES: Final = (
    "access-control-", "ratelimit", "x-ratelimit-", "x-rate-limit-", "x-forwarded-",
    "x-amz-", "x-amzn-", "x-azure-", "x-b3-", "x-cloud-", "x-datadog-", "x-envoy-",
    "x-fastly-", "x-goog-", "x-kong-", "x-ms-", "x-nf-", "x-vercel-", "x-matched-path",
    "fly-", "cf-", "sec-",
)
# fmt: on


def is_known(name: str) -> bool:
    """Whether documents need not list a response header *name* (in lower case).

    Source: the registry of HTTP field names; assumed (what is common besides).
    """
    return name in _NAMES or name.startswith(_FAMILIES)
