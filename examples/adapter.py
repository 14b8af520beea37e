#!/usr/bin/python3
"""An adapter in a page: refers a person, and hears over the registry's stream what became of it.
    examples/adapter.py STACK [KEY] [PUBLISH FOLLOW]
STACK is the folder of a stack that runs (var/stack), whose stack.json tells where PUBLISH (the gateway's door for adapters)
and FOLLOW (the registry's stream) are; KEY the file of our keys, or else keys/adapter.key of the stack. Needs Debian's
python3-zmq and python3-msgpack.
"""
import json
import pathlib
import re
import sys
import uuid

import msgpack
import zmq

stack, words = pathlib.Path(sys.argv[1] if len(sys.argv) > 1 else ""), sys.argv[2:]
len(words) <= 3 and (stack / "keys").is_dir() or sys.exit(__doc__)
read = lambda file, name: re.search(name + r' = "(.+?)"', file.read_text())[1].encode()
ours = pathlib.Path(words.pop(0) if len(words) % 2 else stack / "keys/adapter.key")
port = 0 if words else json.loads((stack / "stack.json").read_text())["port"]
publish, follow = words or [f"tcp://127.0.0.1:{port + away}" for away in (1, 12)]


def connect(kind, service, endpoint):
    """CURVE on both sides: our key is in the stack's list, and the service must have the one we know it by."""
    sock, theirs = zmq.Context.instance().socket(kind), stack / f"keys/allowed/{service}.pub"
    sock.curve_publickey, sock.curve_secretkey = read(ours, "public-key"), read(ours, "secret-key")
    sock.curve_serverkey, sock.linger = read(theirs, "public-key"), 0
    sock.connect(endpoint)
    return sock


def receive(sock):
    if sock.poll(15000) == 0:
        sys.exit("nothing heard for 15 s: does the stack run, is our key in its keys/allowed/, and may it read?")
    return sock.recv_multipart()


registry, gateway = connect(zmq.SUB, "registry", follow), connect(zmq.DEALER, "gateway", publish)
registry.subscribe("registry/")
while b"/HEAD/" not in receive(registry)[0]:
    pass  # the first beat: from here on nothing passes us by
referral = str(uuid.uuid4())
header = {"specversion": "1.0", "id": referral, "source": "urn:koppel:adapter:" + read(ours, "name").decode(),
          "type": "koppel.gateway.referral-received.v1"}
data = {"referral_id": referral, "from": "0887010362", "to": "0207501311", "partner_type": "vdab",
        "reason": "language-practice", "partnership": "middenkempen", "postcode": "2200", "preferred_language": "uk",
        "external_person": "case-" + referral[:8], "personal": {"first_name": "Olena", "email": "olena@example.org"}}
gateway.send_multipart([b"", b"PUBLISH", msgpack.packb([{"header": header, "data": data}])])
_, verb, answer = receive(gateway)
print(verb.decode(), json.dumps(msgpack.unpackb(answer)))
while verb == b"ACK":  # sent again after silence, the same event is acknowledged again and counts once
    topic, header, data = receive(registry)
    if b"/HEAD/" not in topic:
        print(topic.decode(), json.dumps(msgpack.unpackb(data)))
    if b"referral-linked" in topic and msgpack.unpackb(data)["referral_id"] == referral:
        sys.exit()
sys.exit(1)
