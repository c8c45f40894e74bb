#!/usr/bin/env python3
"""Runs the scenarios of scenarios/published and prints what they give beside what was published, as a Markdown table.

usage: published.py [--program build/conclave] [--binding] [--only PART]

Published figures: Delphi-BFT (Berger, Toumia, Reiser), data of its repository: HotStuff on Shadow and on EC2, and PBFT
(Themis) on Shadow. With --binding each point is run again with twice as much of one resource at a time; the resource that
helps most is what binds it. Standard library only.
"""

import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

PROJECT = pathlib.Path(__file__).resolve().parent.parent

# (kop/s, ms): on Shadow, and on real machines.
HOTSTUFF_P1024 = {4: ((200.0, 14.0), (114.8, 19.4)), 8: ((200.0, 14.0), (118.9, 19.9)),
                  32: ((75.8, 37.1), (61.4, 39.3)), 128: ((20.0, 148.1), (22.1, 108.3))}
HOTSTUFF_10MS = {4: ((20.0, 80.0), (19.17, 84.2)), 8: ((20.0, 80.0), (18.78, 85.7)),
                 32: ((20.0, 80.0), (18.19, 88.4)), 128: ((19.2, 84.0), (15.11, 106.0))}
PBFT_P1024 = {4: ((293.0, 9.0), None), 8: ((146.5, 10.4), None), 32: ((36.0, 22.3), None), 128: ((9.35, 89.5), None)}
SERIES = {"hotstuff_p1024": HOTSTUFF_P1024, "hotstuff_10ms": HOTSTUFF_10MS, "pbft_p1024": PBFT_P1024}

# The cost model of the real column, the same for all points: secp256k1 on one core, and what a core spends on each message
# that it takes up, which is fitted to the point p1024, n = 4 and predicts the others. The real p1024 had links below 1 ms.
CPU = {"crypto.sign": "25us", "crypto.verify": "40us", "agents.replica.handling": "8us"}
CPU_10MS = {**CPU, "agents.replica.handling": "1500ns"}
REAL = {"hotstuff_p1024": {**CPU, "platform.star.latency": "100us"}, "hotstuff_10ms": CPU_10MS}


def twice(quantity, factor):
    """A quantity with a unit, times a factor."""
    digits = quantity.rstrip("abcdefghijklmnopqrstuvwxyzKMGib")
    return f"{round(float(digits) * factor)}{quantity[len(digits):]}"


def relaxed(series, settings, text):
    """For each resource the settings with twice as much of it."""
    def current(path, default):
        return settings.get(path, default)

    def found(key):
        return text.split(key + ": ")[1].split(",")[0].split(" ")[0].rstrip("}")

    clients = int(text.split("group: client, count: ")[1].split(",")[0])
    limit = found("limit")
    resources = {
        "uplinks of clients": {"faults[0].limit": twice(limit, 2)},
        "uplinks of replicas": {"platform.star.bandwidth": twice(found("bandwidth"), 2)},
        "delay of links": {"platform.star.latency": twice(current("platform.star.latency", "500us"), 0.5)},
        "requests under way": {"agents.client.count": str(2 * clients), "faults[0].limit": twice(limit, 0.5),
                               "platform.star.hosts": str(2 * clients + 200)},
    }
    if series == "hotstuff_10ms":
        resources["delay of links"].update({"faults[1].by": "4ms", "faults[2].mean": "500us"})
    if "crypto.verify" in settings:
        resources["CPU of replicas"] = {path: twice(settings[path], 0.5) for path in CPU}
    if series.startswith("pbft"):
        resources["batch timeout"] = {"agents.replica.pbft.batch_delay": "5ms"}
    return resources


def run(program, scenario, settings):
    """Requests a second in thousands and their mean latency in ms, settled."""
    with tempfile.TemporaryDirectory() as folder:
        command = [program, "run", str(scenario), "--json", "--no-trace", "--out", folder + "/run"]
        for path, value in settings.items():
            command += ["--set", f"{path}={value}"]
        result = subprocess.run(command, capture_output=True, text=True)
        if result.returncode != 0:
            sys.exit(f"{' '.join(command)} ended with {result.returncode}:\n{result.stdout}{result.stderr}")
        settled = json.loads(result.stdout)["outcome"]["consensus"]["requests_settled"]
        return settled["per_second"] / 1e3, settled["latency_ns"]["mean"] / 1e6


def binding(program, scenario, series, settings, base):
    text = scenario.read_text(encoding="utf-8")
    gains = {name: run(program, scenario, {**settings, **more})[0] / base
             for name, more in relaxed(series, settings, text).items()}
    name = max(gains, key=gains.get)
    return f"{name} (twice as much: x {gains[name]:.2f})" if gains[name] > 1.05 else "none alone"


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default=str(PROJECT / "build/conclave"))
    parser.add_argument("--binding", action="store_true", help="find what binds each point")
    parser.add_argument("--only", default="", help="series and n that contain this, such as pbft or p1024_32")
    arguments = parser.parse_args()
    print("| series | n | published kop/s, ms | conclave kop/s, ms | difference | kop/s x ms / 1000 = under way | what binds |")
    print("|---|---|---|---|---|---|---|")
    for series, points in SERIES.items():
        for column in (0, 1):
            for n, published in points.items():
                if published[column] is None or arguments.only not in f"{series}_{n}":
                    continue
                scenario = PROJECT / f"scenarios/published/{series}_{n}.yaml"
                settings = REAL[series] if column == 1 else {}
                throughput, latency = run(arguments.program, scenario, settings)
                bound = binding(arguments.program, scenario, series, settings, throughput) if arguments.binding else ""
                was, took = published[column]
                print(f"| {series}, {'EC2' if column else 'Shadow'} | {n} | {was:g}, {took:g} | {throughput:.1f}, {latency:.1f} | "
                      f"{100 * (throughput / was - 1):+.0f} %, {100 * (latency / took - 1):+.0f} % | "
                      f"{throughput * latency:.0f} | {bound} |", flush=True)


if __name__ == "__main__":
    main()
