"""Runs this package's bench and its peers by turns, A B A B …, and prints medians, minima and ratios.

    python3 chapters/peers/compare.py [rounds]

Needs `pip install torch numpy`, and a build: `swift build --product bench`.
"""

import json
import statistics
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BENCH = [str(ROOT / ".build/debug/bench"), "--json"]
PEERS = [sys.executable, str(ROOT / "chapters/peers/peers.py")]
NAMES = ["pyro-256", "pyro-128", "digits", "AB", "normals", "importance"]


def run(command):
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def main():
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 5
    ours, theirs = [], []
    for number in range(rounds):
        mine, peer = {}, {}
        for name in NAMES:
            a, b = run(BENCH + [f"--only={name}"]), run(PEERS + [name])
            mine[name], peer[name] = a[name], b[name]
            if name == "pyro-256":
                mine["memory"], peer["memory"] = a["memory"], b["memory"]
        ours.append(mine)
        theirs.append(peer)
        print(f"round {number + 1} of {rounds} done", file=sys.stderr)
    print(f"{'':12}{'ours: median':>14}{'min':>12}{'peer: median':>14}{'min':>12}{'ratio':>8}   ratio of each round")
    for name in NAMES + ["memory"]:
        a = [r[name] for r in ours]
        b = [r[name] for r in theirs]
        ratios = [x / y for x, y in zip(a, b)]
        print(
            f"{name:12}{statistics.median(a):14.1f}{min(a):12.1f}{statistics.median(b):14.1f}{min(b):12.1f}"
            f"{statistics.median(ratios):8.2f}   " + " ".join(f"{r:.2f}" for r in ratios)
        )


if __name__ == "__main__":
    main()
