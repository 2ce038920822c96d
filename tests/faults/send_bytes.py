"""Sends the bytes of a file to HOST PORT and reads until the other side ends.

A helper of records_test.py, which runs it on another host.
"""
import socket
import sys
from pathlib import Path

host, port, path = sys.argv[1:]
try:
    with socket.create_connection((host, int(port)), 10) as peer:
        peer.sendall(Path(path).read_bytes())
        peer.shutdown(socket.SHUT_WR)
        peer.settimeout(1)
        while peer.recv(65536):
            pass
except OSError:
    pass  # how the other side ends it, or whether, is its own affair
