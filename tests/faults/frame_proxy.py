"""Stands between a follower and the service it follows, speaks CURVE with both, and mistreats the frames on their way.

    frame_proxy.py CONFIG        CONFIG: JSON with keys, endpoints and a seed; orders come as JSON lines on stdin:
    {"rates": {"drop": 0.05}}    of every message: drop, twice, late, swap or cut
    {"deaf": 2.0}                swallow everything for so many seconds: a half-open connection
    {"rebind": 1}                cut every connection and bind anew
At its end it tells how many messages it has mistreated, as a JSON line.
"""
import collections
import heapq
import json
import random
import sys
import threading
import time

import zmq


class Chaos:
    """What happens to messages in one direction."""

    def __init__(self, chance, send):
        self.chance, self.send = chance, send
        self.done = collections.Counter()
        self.rates, self.late, self.swapped = {}, [], None

    def take(self, frames):
        kind = self.chance.choices([*self.rates, None], [*self.rates.values(), max(0, 1 - sum(self.rates.values()))])[0]
        if kind == "swap" and self.swapped is not None:
            kind = None
        self.done[kind] += 1
        if kind == "drop":
            return
        if kind == "late":
            heapq.heappush(self.late, (time.monotonic() + self.chance.uniform(0, 0.6), id(frames), frames))
            return
        if kind == "swap":
            self.swapped = frames
            return
        if kind == "cut":
            frames = [*frames[:-1], frames[-1][:self.chance.randrange(len(frames[-1]) + 1)]]
        self.send(frames)
        if kind == "twice":
            self.send(frames)
        if self.swapped is not None:
            held, self.swapped = self.swapped, None
            self.send(held)

    def release(self):
        while self.late and self.late[0][0] <= time.monotonic():
            self.send(heapq.heappop(self.late)[2])

    def forget(self):
        self.late, self.swapped = [], None


class Edge:
    """One follower's way to one service: its live stream and its requests."""

    def __init__(self, context, config, chance):
        self.context, self.config = context, config
        self.events_back = self.connect(zmq.XSUB, config["events_back"])
        self.requests_back = self.connect(zmq.DEALER, config["requests_back"])
        self.bind()
        self.ways = [Chaos(chance, lambda frames: self.pass_on(self.events_front, frames)),
                     Chaos(chance, lambda frames: self.pass_on(self.requests_front, frames)),
                     Chaos(chance, lambda frames: self.pass_on(self.requests_back, frames))]
        self.deaf_until = 0.0

    def connect(self, kind, endpoint):
        sock = self.context.socket(kind)
        sock.linger = 0
        sock.curve_publickey, sock.curve_secretkey = (self.config[key].encode() for key in ("public", "secret"))
        sock.curve_serverkey = self.config["server_public"].encode()
        sock.connect(endpoint)
        return sock

    def bind(self):
        self.events_front = self.front(zmq.XPUB, self.config["events_front"])
        self.requests_front = self.front(zmq.ROUTER, self.config["requests_front"])

    def front(self, kind, endpoint):
        sock = self.context.socket(kind)
        sock.linger = 0
        sock.curve_server = True
        sock.curve_secretkey = self.config["server_secret"].encode()
        for _ in range(100):
            try:
                sock.bind(endpoint)
                return sock
            except zmq.ZMQError:
                time.sleep(0.02)  # the port is being given back by the socket that was closed before
        raise RuntimeError(f"{endpoint} cannot be bound")

    def pass_on(self, sock, frames):
        try:
            sock.send_multipart(frames, zmq.NOBLOCK)
        except zmq.ZMQError:
            pass

    def sockets(self):
        return [self.events_back, self.requests_back, self.events_front, self.requests_front]

    def take(self, ready):
        deaf = time.monotonic() < self.deaf_until
        if self.events_front in ready:
            self.pass_on(self.events_back, self.events_front.recv_multipart())  # subscriptions
        for sock, way in ((self.events_back, 0), (self.requests_back, 1), (self.requests_front, 2)):
            if sock in ready:
                frames = sock.recv_multipart()
                if deaf:
                    self.ways[way].done["deaf"] += 1
                else:
                    self.ways[way].take(frames)
        for way in self.ways:
            way.release()

    def obey(self, order):
        for way in self.ways:
            way.rates = order.get("rates", way.rates)
        if "deaf" in order:
            self.deaf_until = time.monotonic() + order["deaf"]
        if "rebind" in order:
            self.events_front.close()
            self.requests_front.close()
            for way in self.ways:
                way.forget()
            self.bind()


def main():
    config = json.loads(sys.argv[1])
    context, chance = zmq.Context(), random.Random(config["seed"])
    edges = [Edge(context, {**config, **edge}, chance) for edge in config["edges"]]
    orders = context.socket(zmq.PULL)
    orders.bind("inproc://orders")

    def listen():
        sender = context.socket(zmq.PUSH)
        sender.connect("inproc://orders")
        for line in sys.stdin:
            sender.send_string(line)
        sender.send_string("")

    threading.Thread(target=listen, daemon=True).start()
    print("ready", flush=True)
    while True:
        poller = zmq.Poller()
        for sock in (orders, *(sock for edge in edges for sock in edge.sockets())):
            poller.register(sock, zmq.POLLIN)
        ready = dict(poller.poll(20))
        for edge in edges:
            edge.take(ready)
        if orders in ready:
            line = orders.recv_string()
            if not line:
                done = sum((way.done for edge in edges for way in edge.ways), collections.Counter())
                print(json.dumps({kind or "untouched": n for kind, n in done.items()}), flush=True)
                return
            order = json.loads(line)
            edges[order.get("edge", chance.randrange(len(edges)))].obey(order)


main()
