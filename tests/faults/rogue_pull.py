"""A ZeroMQ PULL socket with CURVE keys of its own, of no run: prints what it gets from the endpoint given, for the seconds given.

Needs python3-zmq. A helper of records_test.py, which runs it on another host.
"""
import sys

import zmq

endpoint, seconds = sys.argv[1], float(sys.argv[2])
socket = zmq.Context().socket(zmq.PULL)
public, secret = zmq.curve_keypair()
socket.curve_publickey, socket.curve_secretkey = public, secret
socket.curve_serverkey = zmq.curve_keypair()[0]
socket.connect(endpoint)
monitor = socket.get_monitor_socket()
if socket.poll(int(seconds * 1000)):
    print("got", len(socket.recv()), "bytes")
else:
    print("nothing")
