"""A small document with everything that checks look at, and exchanges with it."""

import json
from typing import Any

from contracts.exchange import Exchange
from contracts.findings import Finding
from contracts.yardstick import Yardstick
from mockserver.model import Document, Json

SHOP: Document = {
    "openapi": "3.0.3",
    "info": {"title": "Shop", "version": "1"},
    "servers": [{"url": "https://shop.example.test/api"}],
    "security": [{"key": []}],
    "paths": {
        "/things": {
            "get": {
                "parameters": [
                    {"name": "sort", "in": "query", "schema": {"enum": ["up", "down"]}},
                    {"name": "seen", "in": "cookie", "schema": {"type": "string"}},
                ],
                "responses": {
                    "200": {
                        "description": "ok",
                        "headers": {
                            "X-Total": {"required": True, "schema": {"type": "integer"}},
                            "X-Kinds": {"schema": {"type": "array", "items": {"type": "integer"}}},
                        },
                        "content": {
                            "application/json": {
                                "schema": {
                                    "type": "array",
                                    "items": {"$ref": "#/components/schemas/Thing"},
                                }
                            }
                        },
                    },
                    "4XX": {"$ref": "#/components/responses/Bad"},
                },
            },
            "post": {
                "requestBody": {
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}
                    }
                },
                "responses": {
                    "201": {
                        "description": "made",
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}
                        },
                    },
                    "4XX": {"$ref": "#/components/responses/Bad"},
                },
            },
        },
        "/things/{thingId}": {
            "parameters": [],
            "get": {
                "parameters": [
                    {
                        "name": "thingId",
                        "in": "path",
                        "required": True,
                        "schema": {"type": "integer"},
                    }
                ],
                "responses": {
                    "200": {
                        "description": "ok",
                        "content": {
                            "application/json": {"schema": {"$ref": "#/components/schemas/Thing"}}
                        },
                    },
                    "503": {"description": "closed at night"},
                },
                "security": [{}, {"key": []}],
            },
            "delete": {
                "parameters": [
                    {
                        "name": "thingId",
                        "in": "path",
                        "required": True,
                        "schema": {"type": "integer"},
                    }
                ],
                "responses": {"204": {"description": "gone"}},
            },
        },
    },
    "components": {
        "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
        "responses": {
            "Bad": {
                "description": "bad",
                "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Fault"}}},
            }
        },
        "schemas": {
            "Fault": {
                "type": "object",
                "required": ["code", "why"],
                "properties": {"code": {"type": "string"}, "why": {"type": "string"}},
            },
            "Base": {
                "type": "object",
                "required": ["id"],
                "properties": {"id": {"type": "integer", "readOnly": True}},
            },
            "Size": {
                "type": "object",
                "required": ["width"],
                "properties": {"width": {"type": "number"}},
            },
            "Weight": {
                "type": "object",
                "required": ["grams"],
                "properties": {"grams": {"type": "number"}, "unit": {"type": "string"}},
            },
            "Thing": {
                "allOf": [
                    {"$ref": "#/components/schemas/Base"},
                    {
                        "type": "object",
                        "required": ["name"],
                        "properties": {
                            "name": {"type": "string"},
                            "kind": {"type": "string", "enum": ["big", "small"]},
                            "pin": {"type": "string", "writeOnly": True},
                            "free": {"type": "object"},
                            "counts": {
                                "type": "object",
                                "properties": {"all": {"type": "integer"}},
                                "additionalProperties": {"type": "integer"},
                            },
                            "places": {
                                "type": "object",
                                "additionalProperties": {"$ref": "#/components/schemas/Size"},
                            },
                            "measure": {
                                "nullable": True,
                                "oneOf": [
                                    {"$ref": "#/components/schemas/Size"},
                                    {"$ref": "#/components/schemas/Weight"},
                                ],
                            },
                            "parts": {
                                "type": "array",
                                "items": {"$ref": "#/components/schemas/Thing"},
                            },
                        },
                    },
                ]
            },
        },
    },
}


def body_of(value: Json) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()


def rules(findings: "list[Finding] | Any") -> list[str]:
    return [finding.rule for finding in findings]


def all_findings(exchange: Exchange, yardstick: Yardstick) -> list[Finding]:
    from contracts.checks import CHECKS  # the list under test

    return [finding for check in CHECKS for finding in check(exchange, yardstick)]
