"""What a call over HTTP can be refused with: the statuses, in words, and the codes a problem can bear with each.
tests/schema/openapi_test.py compares the codes with those of the sources, and the tests of the gateway each refusal."""

STATUSES = {
    400: "The body is no JSON, or the Idempotency-Key none: mend it",
    401: "The token is absent, not known, revoked or over",
    403: "The token lacks a scope, a partnership or a municipality: `detail` says which",
    404: "There is no such thing: `detail` says which",
    409: "It contradicts what was done: another content under the same id, a state that does not allow it, a log that ends "
         "before `after`",
    410: "What comes next in the log is kept no longer, or the event that was read last, which can then not be compared: "
         "`detail` says what to do",
    413: "The body is too large, or there should be none",
    415: "The Content-Type is not the one this call takes, or the body is encoded",
    422: "A field is not as it must be: `errors` names each",
    500: "The service failed at this; its log says why",
    503: "Not now: send the same again, with pauses that grow",
    504: "No answer came in time: send the same again, with the same ids",
}
# Each stands in docs/runbook.md.
CODES = {
    409: ["BUS-DIVERGED", "BUS-KEY-REUSED"],
    422: ["BUS-CRASHED"],
    500: ["BUS-FENCED"],
    503: ["BUS-AWAY", "BUS-BUSY", "BUS-DENIED", "BUS-NOT-READY", "BUS-UNKNOWN"],
}

ALWAYS = (413, 503)
TOKEN = (401, 403)
ASKED = (500, 504)  # of a service
READ = (*TOKEN, *ASKED, 404, 409, 422)
BODY = (*READ, 400, 415)
PUBLISH = (*TOKEN, *ASKED, 400, 409, 415, 422)
LOG = (*READ, 410)


def schema(status, problem):
    """Of a problem with that status."""
    told = {"status": {"const": status}}
    if status in CODES:
        told["code"] = {"enum": CODES[status]}
    return {"allOf": [problem, {"properties": told}]}


def responses(content_of, problem):
    """The components that operations refer to."""
    return {f"problem-{status}": {"description": words, **content_of(schema(status, problem))}
            for status, words in STATUSES.items()}


def of(statuses):
    """The responses of one operation."""
    return {str(status): {"$ref": f"#/components/responses/problem-{status}"} for status in sorted({*ALWAYS, *statuses})}
