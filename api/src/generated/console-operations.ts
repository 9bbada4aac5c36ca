import type { Operation } from '../operation.ts';

/** Every operation of `api/openapi/console.yaml`. Generated; do not edit. */
export const consoleOperations: readonly Operation[] = [
  {
    "id": "getSession",
    "method": "GET",
    "path": "/api/session",
    "isSecured": true,
    "parameters": [],
    "body": null
  },
  {
    "id": "login",
    "method": "POST",
    "path": "/api/session",
    "isSecured": false,
    "parameters": [],
    "body": {
      "type": "object",
      "required": [
        "token"
      ],
      "additionalProperties": false,
      "properties": {
        "token": {
          "type": "string",
          "minLength": 1,
          "maxLength": 500
        }
      }
    }
  },
  {
    "id": "logout",
    "method": "DELETE",
    "path": "/api/session",
    "isSecured": true,
    "parameters": [],
    "body": null
  },
  {
    "id": "loginWithCode",
    "method": "GET",
    "path": "/login/{code}",
    "isSecured": false,
    "parameters": [
      {
        "name": "code",
        "in": "path",
        "required": true,
        "schema": {
          "type": "string",
          "maxLength": 200
        }
      }
    ],
    "body": null
  },
  {
    "id": "getOpsOverview",
    "method": "GET",
    "path": "/admin/ops/overview",
    "isSecured": true,
    "parameters": [
      {
        "name": "rangeMinutes",
        "in": "query",
        "required": false,
        "schema": {
          "type": "integer",
          "minimum": 5,
          "maximum": 1440,
          "default": 60
        }
      }
    ],
    "body": null
  },
  {
    "id": "listServices",
    "method": "GET",
    "path": "/api/telemetry/services",
    "isSecured": true,
    "parameters": [],
    "body": null
  },
  {
    "id": "getTrace",
    "method": "GET",
    "path": "/api/telemetry/traces/{traceId}",
    "isSecured": true,
    "parameters": [
      {
        "name": "traceId",
        "in": "path",
        "required": true,
        "schema": {
          "type": "string",
          "pattern": "^[0-9a-f]{32}$"
        }
      }
    ],
    "body": null
  },
  {
    "id": "searchSpans",
    "method": "GET",
    "path": "/api/telemetry/spans",
    "isSecured": true,
    "parameters": [
      {
        "name": "service",
        "in": "query",
        "required": false,
        "schema": {
          "type": "string",
          "maxLength": 200
        }
      },
      {
        "name": "name",
        "in": "query",
        "required": false,
        "schema": {
          "type": "string",
          "maxLength": 500
        }
      },
      {
        "name": "status",
        "in": "query",
        "required": false,
        "schema": {
          "type": "string",
          "enum": [
            "unset",
            "ok",
            "error"
          ]
        }
      },
      {
        "name": "minDurationMs",
        "in": "query",
        "required": false,
        "schema": {
          "type": "number",
          "minimum": 0
        }
      },
      {
        "name": "maxDurationMs",
        "in": "query",
        "required": false,
        "schema": {
          "type": "number",
          "minimum": 0
        }
      },
      {
        "name": "attribute",
        "in": "query",
        "required": false,
        "schema": {
          "type": "array",
          "maxItems": 10,
          "items": {
            "type": "string",
            "maxLength": 1000,
            "pattern": "^[^=]+=.*$"
          }
        }
      },
      {
        "name": "rootOnly",
        "in": "query",
        "required": false,
        "schema": {
          "type": "boolean",
          "default": false
        }
      },
      {
        "name": "start",
        "in": "query",
        "required": false,
        "schema": {
          "type": "integer",
          "minimum": 0,
          "maximum": 253402300799999
        }
      },
      {
        "name": "end",
        "in": "query",
        "required": false,
        "schema": {
          "type": "integer",
          "minimum": 0,
          "maximum": 253402300799999
        }
      },
      {
        "name": "limit",
        "in": "query",
        "required": false,
        "schema": {
          "type": "integer",
          "minimum": 1,
          "maximum": 1000,
          "default": 100
        }
      },
      {
        "name": "cursor",
        "in": "query",
        "required": false,
        "schema": {
          "type": "string",
          "maxLength": 200
        }
      }
    ],
    "body": null
  },
  {
    "id": "searchLogs",
    "method": "GET",
    "path": "/api/telemetry/logs",
    "isSecured": true,
    "parameters": [
      {
        "name": "text",
        "in": "query",
        "required": false,
        "schema": {
          "type": "string",
          "maxLength": 500
        }
      },
      {
        "name": "level",
        "in": "query",
        "required": false,
        "schema": {
          "type": "string",
          "enum": [
            "TRACE",
            "DEBUG",
            "INFO",
            "WARN",
            "ERROR",
            "FATAL"
          ]
        }
      },
      {
        "name": "service",
        "in": "query",
        "required": false,
        "schema": {
          "type": "string",
          "maxLength": 200
        }
      },
      {
        "name": "requestId",
        "in": "query",
        "required": false,
        "schema": {
          "type": "string",
          "maxLength": 64
        }
      },
      {
        "name": "traceId",
        "in": "query",
        "required": false,
        "schema": {
          "type": "string",
          "pattern": "^[0-9a-f]{32}$"
        }
      },
      {
        "name": "spanId",
        "in": "query",
        "required": false,
        "schema": {
          "type": "string",
          "pattern": "^[0-9a-f]{16}$"
        }
      },
      {
        "name": "start",
        "in": "query",
        "required": false,
        "schema": {
          "type": "integer",
          "minimum": 0,
          "maximum": 253402300799999
        }
      },
      {
        "name": "end",
        "in": "query",
        "required": false,
        "schema": {
          "type": "integer",
          "minimum": 0,
          "maximum": 253402300799999
        }
      },
      {
        "name": "limit",
        "in": "query",
        "required": false,
        "schema": {
          "type": "integer",
          "minimum": 1,
          "maximum": 1000,
          "default": 100
        }
      },
      {
        "name": "cursor",
        "in": "query",
        "required": false,
        "schema": {
          "type": "string",
          "maxLength": 200
        }
      }
    ],
    "body": null
  },
  {
    "id": "getLogVolume",
    "method": "GET",
    "path": "/api/telemetry/logs/volume",
    "isSecured": true,
    "parameters": [
      {
        "name": "text",
        "in": "query",
        "required": false,
        "schema": {
          "type": "string",
          "maxLength": 500
        }
      },
      {
        "name": "level",
        "in": "query",
        "required": false,
        "schema": {
          "type": "string",
          "enum": [
            "TRACE",
            "DEBUG",
            "INFO",
            "WARN",
            "ERROR",
            "FATAL"
          ]
        }
      },
      {
        "name": "service",
        "in": "query",
        "required": false,
        "schema": {
          "type": "string",
          "maxLength": 200
        }
      },
      {
        "name": "requestId",
        "in": "query",
        "required": false,
        "schema": {
          "type": "string",
          "maxLength": 64
        }
      },
      {
        "name": "traceId",
        "in": "query",
        "required": false,
        "schema": {
          "type": "string",
          "pattern": "^[0-9a-f]{32}$"
        }
      },
      {
        "name": "spanId",
        "in": "query",
        "required": false,
        "schema": {
          "type": "string",
          "pattern": "^[0-9a-f]{16}$"
        }
      },
      {
        "name": "start",
        "in": "query",
        "required": false,
        "schema": {
          "type": "integer",
          "minimum": 0,
          "maximum": 253402300799999
        }
      },
      {
        "name": "end",
        "in": "query",
        "required": false,
        "schema": {
          "type": "integer",
          "minimum": 0,
          "maximum": 253402300799999
        }
      },
      {
        "name": "stepSeconds",
        "in": "query",
        "required": false,
        "schema": {
          "type": "integer",
          "minimum": 1
        }
      }
    ],
    "body": null
  },
  {
    "id": "listMetrics",
    "method": "GET",
    "path": "/api/telemetry/metrics",
    "isSecured": true,
    "parameters": [],
    "body": null
  },
  {
    "id": "queryMetricRange",
    "method": "GET",
    "path": "/api/telemetry/metrics/{name}/range",
    "isSecured": true,
    "parameters": [
      {
        "name": "name",
        "in": "path",
        "required": true,
        "schema": {
          "type": "string",
          "maxLength": 200,
          "pattern": "^[a-zA-Z_:][a-zA-Z0-9_:]*$"
        }
      },
      {
        "name": "function",
        "in": "query",
        "required": false,
        "schema": {
          "type": "string",
          "enum": [
            "value",
            "rate",
            "increase",
            "quantile"
          ],
          "default": "value"
        }
      },
      {
        "name": "quantile",
        "in": "query",
        "required": false,
        "schema": {
          "type": "number",
          "exclusiveMinimum": 0,
          "exclusiveMaximum": 1,
          "default": 0.95
        }
      },
      {
        "name": "label",
        "in": "query",
        "required": false,
        "schema": {
          "type": "array",
          "maxItems": 32,
          "items": {
            "type": "string",
            "maxLength": 500,
            "pattern": "^[^=]+=.*$"
          }
        }
      },
      {
        "name": "by",
        "in": "query",
        "required": false,
        "schema": {
          "type": "array",
          "maxItems": 5,
          "items": {
            "type": "string",
            "maxLength": 200
          }
        }
      },
      {
        "name": "start",
        "in": "query",
        "required": false,
        "schema": {
          "type": "integer",
          "minimum": 0,
          "maximum": 253402300799999
        }
      },
      {
        "name": "end",
        "in": "query",
        "required": false,
        "schema": {
          "type": "integer",
          "minimum": 0,
          "maximum": 253402300799999
        }
      },
      {
        "name": "stepSeconds",
        "in": "query",
        "required": false,
        "schema": {
          "type": "integer",
          "minimum": 1
        }
      }
    ],
    "body": null
  }
];
