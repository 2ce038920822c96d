#!/usr/bin/env python3
"""Stands in for Slurm's srun in tests: runs the command once on each of the job's nodes, hands signals on, waits for all.

DRUMFIRE_TEST_NODES: JSON, node -> the words to put before a command that shall run there.
"""
import json
import os
import signal
import subprocess
import sys

words = sys.argv[1:]
while words and words[0].startswith("--"):
    if words.pop(0).split("=")[0] not in ("--overlap", "--ntasks-per-node", "--cpu-bind"):
        sys.exit("srun: unknown option")

nodes = json.loads(os.environ["DRUMFIRE_TEST_NODES"])
tasks = [subprocess.Popen([*prefix, *words], env={**os.environ, "SLURMD_NODENAME": node}) for node, prefix in nodes.items()]


def hand_on(number, _):
    for task in tasks:
        task.send_signal(number)


signal.signal(signal.SIGTERM, hand_on)
sys.exit(max(task.wait() for task in tasks))
