#!/bin/bash
# An adapter with curl: tells of a person's new situation, and sends it again, which counts once.
#   examples/adapter.sh STACK [URL]
# STACK is the folder of a stack that runs (koppel up: var/stack) and serves the partnership middenkempen.
set -euo pipefail
[ -d "${1:-}/secrets" ] || { sed -n '2,4s/^# //p' "$0" >&2; exit 2; }
stack=$1
url=${2:-http://127.0.0.1:$(grep -o '"port": *[0-9]*' "$stack/stack.json" | grep -o '[0-9]*')}
id=$(cat /proc/sys/kernel/random/uuid)
call() { curl -sS --fail-with-body -H "Authorization: Bearer $1" "${@:2}"; }
operator() { call "$(cat "$stack/secrets/token")" "$url/v1/commands/$1" -H 'Content-Type: application/json' -d "$2"; }
of() { sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/"; }

# The operator's part: a token that may do no more than this, under whose name the events go.
made=$(operator create-token '{"name": "adapter:example", "partnerships": ["middenkempen"],
    "scopes": ["status-changed"]}') || { echo "$made" >&2; exit 1; }
trap 'operator revoke-token "{\"token_id\": \"$(of token_id <<<"$made")\"}" >/dev/null' EXIT
token=$(of token <<<"$made")

# The partner's: one event, sent twice, as after a time-out. The second time it is a duplicate, at the same place.
for _ in once again; do
    call "$token" "$url/v1/events" -H 'Content-Type: application/cloudevents+json' -d @- <<EVENT
{"specversion": "1.0", "id": "$id", "source": "urn:koppel:adapter:example",
 "type": "koppel.gateway.status-changed.v1",
 "data": {"external_person": "case-${id:0:8}", "partner_type": "vdab", "status": "employed",
          "partnership": "middenkempen"}}
EVENT
done
