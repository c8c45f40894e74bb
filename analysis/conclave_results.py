"""Runs and sweeps of Conclave as pandas DataFrames.

    import conclave_results as conclave
    sweep = conclave.load_sweep("results/consensus_latency.sqlite")   # a row for each run
    means = conclave.mean_ci(sweep, ["stack", "count"], "latency")    # mean and 95 % confidence interval
    run = conclave.load_run("results/pbft_4-7")                       # run.events, run.metrics, run.verdict

Needs Debian's python3-pandas (and python3-matplotlib to draw), which belong to /usr/bin/python3.
"""

import json
import math
import pathlib
import re
import sqlite3
import subprocess
import sys

try:
    import pandas
except ImportError:
    sys.exit("conclave_results: error: pandas is missing: apt-get install python3-pandas python3-matplotlib, and run "
             "this with /usr/bin/python3")

SCHEMA = 1

# Factors to the unit in which results hold such a quantity: ns, bytes, bits per second, flops, a share of 1.
UNITS = {"ns": 1, "us": 1e3, "ms": 1e6, "s": 1e9, "min": 6e10, "h": 3.6e12, "B": 1, "kB": 1e3, "KiB": 2**10, "MB": 1e6,
         "MiB": 2**20, "GB": 1e9, "GiB": 2**30, "bps": 1, "kbps": 1e3, "Mbps": 1e6, "Gbps": 1e9, "Tbps": 1e12, "f": 1,
         "kf": 1e3, "Mf": 1e6, "Gf": 1e9, "Tf": 1e12, "%": 0.01}

# Two-sided 95 % quantiles of Student's t for 1 to 30 degrees of freedom (any textbook); beyond, by Cornish and Fisher.
T95 = [12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131, 2.120,
       2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042]


def number(text):
    """A parameter's value as a number in the units of results; a text that is none stays as it is."""
    match = re.fullmatch(r"([0-9]+(?:\.[0-9]+)?) ?([A-Za-z%]*)", text)
    if not match or (match[2] and match[2] not in UNITS):
        return text
    value = float(match[1])
    if match[2]:
        return value * UNITS[match[2]]
    return int(value) if value.is_integer() else value


def short_names(paths):
    """The last part of each path, as far as these are different: `agents.replica.count` is `count`."""
    last = [path.split(".")[-1] for path in paths]
    return {path: name if last.count(name) == 1 else path for path, name in zip(paths, last)}


def load_sweep(database):
    """A row for each run of the sweep's plan: its parameters under short names, seed, status, verdict and metrics.

    `frame.attrs` holds `units` (of metrics), `paths` (of parameters) and `provenance`.
    """
    database = pathlib.Path(database)
    if not database.exists():
        raise FileNotFoundError(f"{database}: there is no such database")
    with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
        schema = connection.execute("PRAGMA user_version").fetchone()[0]
        if schema != SCHEMA:
            raise ValueError(f"{database}: its schema is {schema}, and this module reads {SCHEMA}")
        meta = dict(connection.execute("SELECT name, value FROM meta"))
        chosen = ("FROM runs r JOIN points p ON r.point = p.id WHERE ordinal IS NOT NULL AND campaign = "
                  "(SELECT value FROM meta WHERE name = 'campaign')")
        runs = pandas.read_sql_query(
            "SELECT r.id AS run, ordinal AS point, parameters, seed, status, reason, verdict, fingerprint, "
            f"decisions_fingerprint, wall_time_s {chosen} ORDER BY ordinal, length(seed), seed", connection)
        metrics = pandas.read_sql_query(
            "SELECT m.run, n.name, n.unit, m.value FROM metrics m JOIN metric_names n ON m.name = n.id "
            f"WHERE m.run IN (SELECT r.id {chosen})", connection)
    paths = json.loads(meta["paths"])
    names = short_names(paths)
    parameters = runs.pop("parameters").map(json.loads)
    for path in paths:
        runs[names[path]] = [number(values[path]) if path in values else None for values in parameters]
    frame = runs.merge(metrics.pivot(index="run", columns="name", values="value"), left_on="run", right_index=True,
                       how="left").drop(columns="run")
    frame.attrs["units"] = dict(zip(metrics["name"], metrics["unit"]))
    frame.attrs["paths"] = {name: path for path, name in names.items()}
    frame.attrs["provenance"] = {key: meta[key] for key in ("sweep", "title", "version", "program", "scenario")}
    return frame


def t95(degrees):
    """Two-sided 95 % quantile of Student's t."""
    if degrees <= len(T95):
        return T95[degrees - 1]
    z = 1.959964
    return z + (z**3 + z) / (4 * degrees) + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * degrees**2)


def mean_ci(frame, by, metric):
    """For each group: mean, half the 95 % confidence interval (`ci`), and number (`runs`) of the runs with the metric."""
    groups = frame.dropna(subset=[metric]).groupby(by, sort=True)[metric]
    out = groups.agg(mean="mean", std="std", runs="count").reset_index()
    out["ci"] = [t95(runs - 1) * std / math.sqrt(runs) if runs > 1 else 0.0 for std, runs in zip(out["std"], out["runs"])]
    return out.drop(columns="std")


class Run:
    """What `conclave run` left in a folder."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        if not (self.folder / "verdict.json").exists():
            raise FileNotFoundError(f"{self.folder}: this is not the folder of a run: it has no verdict.json")
        read = lambda name: json.loads((self.folder / name).read_text(encoding="utf-8"))
        self.verdict, self.metrics, self.outcome = read("verdict.json"), read("metrics.json"), read("outcome.json")

    @property
    def events(self):
        """The trace: a row for each event, bodies and records as dictionaries."""
        lines = self._lines()
        self.header = json.loads(next(lines))
        return pandas.DataFrame([json.loads(line) for line in lines])

    @property
    def rounds(self):
        """The rounds of the consensus family."""
        return pandas.DataFrame(self.outcome.get("consensus", {}).get("rounds", []))

    def _lines(self):
        plain, packed = self.folder / "trace.jsonl", self.folder / "trace.jsonl.zst"
        if plain.exists():
            with plain.open(encoding="utf-8") as lines:
                yield from lines
        elif packed.exists():
            with subprocess.Popen(["zstd", "-dcq", str(packed)], stdout=subprocess.PIPE, text=True) as process:
                yield from process.stdout
        else:
            raise FileNotFoundError(f"{self.folder} has no trace: run the scenario without --no-trace")


def load_run(folder):
    return Run(folder)
