"""Two network namespaces joined by a link that delays every packet and loses some, for kernels without `tc netem`.

Usage, as root: delay-link.py CLIENT SERVER MILLISECONDS [PERCENT]. Makes the namespaces CLIENT (10.98.0.1) and SERVER (10.98.0.2),
prints "ready", and removes both on SIGTERM. MILLISECONDS is one way; PERCENT of the packets are lost, drawn from a fixed seed.
"""

import fcntl
import heapq
import itertools
import os
import random
import select
import signal
import struct
import subprocess
import sys
import time

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000


def tun(name):
    handle = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
    fcntl.ioctl(handle, TUNSETIFF, struct.pack("16sH", name.encode(), IFF_TUN | IFF_NO_PI))
    return handle


def ip(*args):
    subprocess.run(["ip", *args], check=True)


def end(*_):
    sys.exit(0)


client, server, delay = sys.argv[1], sys.argv[2], float(sys.argv[3]) / 1000
loss = float(sys.argv[4]) / 100 if len(sys.argv) > 4 else 0
chance = random.Random(1)
signal.signal(signal.SIGTERM, end)
made = []
try:
    ends = []
    for name, peer, own in ((client, "10.98.0.2", "10.98.0.1"), (server, "10.98.0.1", "10.98.0.2")):
        ends.append(tun(name[:15]))
        ip("netns", "add", name)
        made.append(name)
        ip("link", "set", name[:15], "netns", name)
        ip("-n", name, "link", "set", "lo", "up")
        ip("-n", name, "addr", "add", own, "peer", peer, "dev", name[:15])
        ip("-n", name, "link", "set", name[:15], "up", "txqueuelen", "10000")
    print("ready", flush=True)
    other = {ends[0]: ends[1], ends[1]: ends[0]}
    waiting, count = [], itertools.count()
    while True:
        wait = max(0, waiting[0][0] - time.monotonic()) if waiting else None
        for handle in select.select(ends, [], [], wait)[0]:
            try:
                while True:
                    packet = os.read(handle, 65536)
                    if chance.random() < loss:
                        continue
                    heapq.heappush(waiting, (time.monotonic() + delay, next(count), other[handle], packet))
            except BlockingIOError:
                pass
        while waiting and waiting[0][0] <= time.monotonic():
            _, _, handle, packet = heapq.heappop(waiting)
            os.write(handle, packet)
finally:
    for name in made:
        subprocess.run(["ip", "netns", "del", name], check=False)
