#!/bin/bash
# An adapter with curl: tells of a person's new situation, and reads it back from the gateway's log.
#   examples/adapter.sh STACK [URL]
# STACK is the folder of a stack that runs (koppel up: var/stack); its token may do everything.
set -euo pipefail
[ -d "${1:-}/secrets" ] || { sed -n '2,4s/^# //p' "$0" >&2; exit 2; }
stack=$1
url=${2:-http://127.0.0.1:$(grep -o '"port": *[0-9]*' "$stack/stack.json" | grep -o '[0-9]*')}
id=$(cat /proc/sys/kernel/random/uuid)
ask() { curl -sS --fail-with-body -H "Authorization: Bearer $(cat "$stack/secrets/token")" "$@"; }

ask "$url/v1/events" -H 'Content-Type: application/cloudevents+json' -d @- <<EVENT
{"specversion": "1.0", "id": "$id", "source": "https://partner.example/adapter",
 "type": "koppel.gateway.status-changed.v1",
 "data": {"external_person": "case-${id:0:8}", "partner_type": "vdab", "status": "employed"}}
EVENT
seq=$(ask -D - -o /dev/null "$url/v1/events?stream=gateway&limit=1" | tr -d '\r' | sed -n 's/^Koppel-Head: //p')
ask "$url/v1/events?stream=gateway&after=$((seq - 1))"
