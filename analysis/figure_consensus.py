#!/usr/bin/env python3
"""Draws latency and throughput of PBFT, HotStuff and Tendermint against the number of replicas.

usage: figure_consensus.py LATENCY.sqlite THROUGHPUT.sqlite FOLDER

The databases are those of `conclave sweep run analysis/sweeps/consensus_latency.yaml` and `…/consensus_throughput.yaml`; the
pictures are FOLDER/consensus_latency.svg and FOLDER/consensus_throughput.svg.
"""

import pathlib
import sys

import conclave_results as conclave
import figure_style as style

LABELS = {"[pbft]": "PBFT", "[hotstuff]": "HotStuff (chained)", "[tendermint]": "Tendermint"}


def order(frame):
    frame["stack"] = frame["stack"].astype(style_category())
    return frame.sort_values(["stack", "count"])


def style_category():
    from pandas.api.types import CategoricalDtype
    return CategoricalDtype(list(LABELS), ordered=True)


def latency(database, path):
    sweep = order(conclave.load_sweep(database))
    figure, (times, messages) = style.pyplot.subplots(1, 2, figsize=(9, 3.8))
    style.lines(times, conclave.mean_ci(sweep, ["stack", "count"], "latency"), "count", "stack", LABELS, 1e-6)
    times.set(xlabel="replicas", ylabel="request to answer, median [ms]", title="Latency, one request at a time")
    sweep["per_round"] = sweep["messages"] / sweep["decided"]
    style.lines(messages, conclave.mean_ci(sweep, ["stack", "count"], "per_round"), "count", "stack", LABELS)
    messages.set(xlabel="replicas", ylabel="messages per decision", title="What a decision costs", yscale="log")
    times.set_ylim(bottom=0)
    times.legend()
    style.save(figure, path)


def throughput(database, path):
    sweep = order(conclave.load_sweep(database))
    figure, axes = style.pyplot.subplots()
    style.lines(axes, conclave.mean_ci(sweep, ["stack", "count"], "rate"), "count", "stack", LABELS)
    axes.set(xlabel="replicas", ylabel="requests per second", title="Throughput under load")
    axes.set_ylim(bottom=0)
    axes.legend()
    style.save(figure, path)


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[3])
    latency(sys.argv[1], folder / "consensus_latency.svg")
    throughput(sys.argv[2], folder / "consensus_throughput.svg")
