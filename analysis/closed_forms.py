#!/usr/bin/env python3
"""Closed forms of delivery against the simulator: a table of predicted, simulated, confidence interval.

closed_forms.py [--program build/conclave] [--messages 1000000] [--out FILE.json]

Each form is simulated on so many messages at least, by a scenario that this script writes, and compared with its
prediction within a confidence interval. The error rate is declared for the whole table: if the simulator is right, some
interval misses its prediction with probability at most FAMILY_ERROR, which is split evenly over the forms (Bonferroni).
The runs are deterministic, so the table either passes on every machine or on none. Exit code 1 if a form misses.

Sources: the geometric series of repeated trials; the resequencing formulas follow from the order statistics of a Poisson
stream through independent exponential delays (an M/G/infinity queue): a message sent at 0 is in order at t if it has
arrived and none sent before is still on its way.
"""

import argparse
import json
import math
import statistics
import subprocess
import sys
import tempfile

FAMILY_ERROR = 0.01


def scenario(layer, options, traffic, faults, pairs, every, requests, stop, latency="500us", header="0B"):
    """`pairs` sources, each of which writes to the sink of its own rank, over its own links."""
    lines = "\n".join(f"  - {fault}" for fault in faults)
    return f"""seed: SEED
platform: {{ star: {{ hosts: {2 * pairs}, latency: {latency}, bandwidth: 1Tbps }} }}
network: {{ header: {header} }}
agents:
  - group: source
    count: {pairs}
    stack: [{layer}, traffic]
    {layer}: {options}
    traffic: {traffic}
    workload: {{ requests: {requests}, every: {every} }}
  - {{ group: sink, count: {pairs}, stack: [{layer}, traffic], {layer}: {options}, traffic: {{ to: source, pattern: pair }} }}
faults:
{lines}
stop_at: {stop}
checks: []
"""


def run(program, text, seed):
    with tempfile.TemporaryDirectory() as folder:
        path = f"{folder}/closed_form.yaml"
        with open(path, "w", encoding="utf-8") as file:
            file.write(text.replace("SEED", str(seed)))
        command = [program, "run", path, "--json", "--no-trace", "--out", f"{folder}/run"]
        result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        sys.exit(f"closed_forms: the run failed:\n{result.stderr}\n{text}")
    report = json.loads(result.stdout)
    return report["outcome"]["delivery"], report["metrics"]


def moments(values):
    """Mean and its variance."""
    return values["mean"], values["variance"] / values["count"]


def share(count, of):
    """A proportion and the variance of its estimate, by its own value."""
    p = count / of
    return p, max(p * (1 - p), 1.0 / of) / of


def student(freedom, upper):
    """The quantile of Student's distribution that is exceeded with probability `upper`, by bisection."""
    scale = math.exp(math.lgamma((freedom + 1) / 2) - math.lgamma(freedom / 2)) / math.sqrt(freedom * math.pi)

    def tail(t):  # by Simpson's rule in u = 1 / x, where the density is smooth and ends at 0
        steps, total = 2000, 0.0
        for i in range(steps + 1):
            u = i / steps / t
            value = 0.0 if u == 0 else (1 + 1 / (u * u * freedom)) ** (-(freedom + 1) / 2) / (u * u)
            total += value * (1 if i in (0, steps) else 4 if i % 2 else 2)
        return scale * total / (3 * steps * t)

    low, high = 0.5, 1000.0
    for _ in range(100):
        middle = (low + high) / 2
        low, high = (middle, high) if tail(middle) > upper else (low, middle)
    return low


class Table:
    """Rows with a standard error that theory gives, or with the means of independent runs."""

    def __init__(self):
        self.rows = []

    def add(self, name, formula, parameters, messages, predicted, estimate, variance, runs=None):
        self.rows.append({"form": name, "formula": formula, "parameters": parameters, "messages": messages,
                          "predicted": predicted, "simulated": estimate, "standard_error": math.sqrt(variance),
                          "runs": runs})

    def add_runs(self, name, formula, parameters, messages, predicted, means):
        variance = statistics.variance(means) / len(means)
        self.add(name, formula, parameters, messages, predicted, statistics.fmean(means), variance, len(means))

    def finish(self):
        """Confidence intervals at the level that the number of rows asks for; the rows that miss."""
        upper = FAMILY_ERROR / len(self.rows) / 2
        z = statistics.NormalDist().inv_cdf(1 - upper)
        for row in self.rows:
            half = row["standard_error"] * (student(row["runs"] - 1, upper) if row["runs"] else z)
            row["interval"] = [row["simulated"] - half, row["simulated"] + half]
            row["within"] = row["interval"][0] <= row["predicted"] <= row["interval"][1]
        return z, [row for row in self.rows if not row["within"]]


# Messages of one pair are a second or more apart, so that repeated attempts of one never meet those of the next.


def sizes(messages):
    """Pairs and messages of each pair."""
    pairs = max(10, min(500, messages // 100))
    return pairs, math.ceil(messages / pairs)


def repeated_trials(table, program, messages):
    p, q = 0.2, 0.1
    pairs, each = sizes(messages)
    faults = [f'{{ link: loss, probability: {100 * p:g}%, kinds: [delivery_envelope] }}',
              f'{{ link: loss, probability: {100 * q:g}%, kinds: [delivery_ack] }}']
    options = "{ timeout: 10ms, factor: 1, jitter: none, attempts: 1000, confirm: true }"
    text = scenario("at_least_once", options, "{ to: sink, pattern: pair }", faults, pairs, "2s", each, f"{2 * each + 20}s")
    outcome, metrics = run(program, text, 1)
    n = outcome["sent"]
    given = {"p": p, "q": q}
    mean, variance = moments(outcome["attempts"])
    table.add("attempts until acknowledged", "1/((1-p)(1-q))", given, n, 1 / ((1 - p) * (1 - q)), mean, variance)
    # Copies received are geometric with success 1 - q: variance q / (1 - q)^2.
    received = outcome["delivered"] + outcome["duplicates"]
    table.add("copies received of a message", "1/(1-q)", given, n, 1 / (1 - q), received / n, q / (1 - q) ** 2 / n)
    acks = metrics["messages_by_kind"]["delivery_ack"]
    table.add("acknowledgements sent for a message", "1/(1-q)", given, n, 1 / (1 - q), acks / n, q / (1 - q) ** 2 / n)
    once = scenario("exactly_once", options, "{ to: sink, pattern: pair }", faults, pairs, "2s", each, f"{2 * each + 20}s")
    outcome, _ = run(program, once, 2)
    n = outcome["sent"]
    suppressed = outcome["violations"].get("duplicate", 0)
    table.add("repetitions that are suppressed", "q/(1-q)", given, n, q / (1 - q), suppressed / n, q / (1 - q) ** 2 / n)


def bounded_attempts(table, program, messages):
    p, q, most = 0.2, 0.1, 4
    pairs, each = sizes(messages)
    faults = [f'{{ link: loss, probability: {100 * p:g}%, kinds: [delivery_envelope] }}',
              f'{{ link: loss, probability: {100 * q:g}%, kinds: [delivery_ack] }}']
    options = f"{{ timeout: 10ms, factor: 1, jitter: none, attempts: {most}, confirm: true }}"
    text = scenario("at_least_once", options, "{ to: sink, pattern: pair }", faults, pairs, "1s", each, f"{each + 20}s")
    outcome, _ = run(program, text, 3)
    n = outcome["sent"]
    r = 1 - (1 - p) * (1 - q)
    given = {"p": p, "q": q, "A": most}
    for name, formula, predicted, count in (
            ("delivered within A attempts", "1-p^A", 1 - p ** most, outcome["delivered"]),
            ("given up after A attempts", "r^A", r ** most, outcome["given_up"]),
            ("given up although delivered", "r^A-p^A", r ** most - p ** most, outcome["given_up_but_delivered"])):
        estimate, _ = share(count, n)
        table.add(name, formula, given, n, predicted, estimate, predicted * (1 - predicted) / n)


def waits(table, program, messages):
    p, factor, base = 0.2, 1.4, 0.010
    pairs, each = sizes(messages)
    faults = [f'{{ link: loss, probability: {100 * p:g}%, kinds: [delivery_envelope] }}']
    # p b^4 < 1, or the variance of the variance would be infinite, and no interval could be trusted.
    for jitter, share_of_wait in (("none", 1.0), ("equal", 0.75), ("full", 0.5)):
        options = f"{{ timeout: 10ms, factor: {factor}, cap: 1h, jitter: {jitter}, attempts: 1000 }}"
        text = scenario("at_least_once", options, "{ to: sink, pattern: pair }", faults, pairs, "20s", each, f"{20 * each + 4000}s")
        outcome, _ = run(program, text, 4)
        mean, variance = moments(outcome["latency_ns"]["moments"])
        predicted = base * p / (1 - factor * p) * share_of_wait + 0.001
        table.add(f"wait until the first arrival, {jitter} jitter", f"{share_of_wait:g} T p/(1-b p) + latency",
                  {"p": p, "b": factor, "T": base}, outcome["sent"], predicted, mean * 1e-9, variance * 1e-18)


def ein(x):
    """The entire exponential integral, the sum of (-1)^(k+1) x^k / (k k!)."""
    total, term, k = 0.0, 1.0, 0
    while k < 200:
        k += 1
        term *= -x / k
        total -= term / k
    return total


def resequencing(table, program, messages):
    """Poisson messages, exponential delays of mean 10 ms: in order after E[D], held with a known probability."""
    mu, runs = 100.0, 10
    for rho in (1, 5, 10):
        pairs = 20 if messages >= 1_000_000 else 4
        each = math.ceil(messages / pairs / runs)
        gap = 1 / (rho * mu)
        faults = ['{ link: jitter, distribution: exponential, mean: 10ms }']
        traffic = f"{{ to: sink, pattern: pair, poisson: {round(gap * 1e9)}ns, messages: {each} }}"
        text = scenario("fifo", "{ naks: 0, buffer: 100000 }", traffic, faults, pairs, "1s", 0, f"{math.ceil(each * gap) + 20}s")
        # Messages near each other share their fate, so the error comes from independent runs.
        outcomes = [run(program, text, 100 + seed)[0] for seed in range(runs)]
        n = sum(outcome["delivered"] for outcome in outcomes)
        predicted = (ein(rho) + (1 - math.exp(-rho)) / rho) / mu + 0.001
        table.add_runs(f"time until in order, rho = {rho}", "(Ein(r)+(1-e^-r)/r)/m + latency", {"rho": rho, "mu": mu}, n,
                       predicted, [outcome["latency_ns"]["moments"]["mean"] * 1e-9 for outcome in outcomes])
        table.add_runs(f"messages held, rho = {rho}", "1-(1-e^-r)/r", {"rho": rho}, n,
                       1 - (1 - math.exp(-rho)) / rho, [outcome["held"] / outcome["delivered"] for outcome in outcomes])


def stalled(table, program, messages):
    """Strict order without gap recovery: (1-p)/p messages of each conversation are handed over, and then no more."""
    p, length = 0.05, 500
    pairs = max(10, math.ceil(messages / length))
    faults = [f'{{ link: loss, probability: {100 * p:g}% }}']
    text = scenario("fifo", "{ naks: 0, buffer: 100000 }", "{ to: sink, pattern: pair }", faults, pairs, "10ms", length,
                    "10s")
    outcome, _ = run(program, text, 6)
    # A geometric number, cut off at the length of the conversation.
    predicted = (1 - p) / p * (1 - (1 - p) ** length)
    table.add("messages before the first gap", "(1-p)/p", {"p": p, "length": length}, outcome["sent"], predicted,
              outcome["delivered"] / pairs, (1 - p) / p ** 2 / pairs)


def windows(table, program, messages):
    """A window of W messages over a link with a round trip of R keeps W / R messages a second going; stop-and-wait with
    loss p keeps (1-p) / R going when an attempt is repeated after just R."""
    pairs = 100 if messages >= 1_000_000 else 10
    each = math.ceil(messages / pairs)
    for window, p in ((1, 0.0), (8, 0.0), (1, 0.2)):
        options = f"{{ timeout: {'2001us' if p else '1h'}, cap: 1h, factor: 1, jitter: none, window: {window}, buffer: 1000000, attempts: 1000, evidence: 0 }}"
        faults = [f'{{ link: loss, probability: {100 * p:g}%, kinds: [delivery_envelope] }}'] if p else [
            '{ link: loss, probability: 0%, kinds: [delivery_envelope] }']
        traffic = f"{{ to: sink, pattern: pair, burst: {each} }}"
        rate = window * (1 - p) / 0.002
        stop = max(0.5, 0.9 * each / rate)
        text = scenario("exactly_once", options, traffic, faults, pairs, "1s", 1, f"{round(stop * 1e6)}us")
        outcome, _ = run(program, text, 7)
        simulated = outcome["delivered"] / pairs / stop
        attempts = stop / 0.002
        variance = p * (1 - p) / attempts / pairs / 0.002 ** 2 + (window / stop) ** 2 / 12  # the last round trip
        table.add(f"throughput, W = {window}, p = {p:g}", "W (1-p)/R", {"W": window, "p": p, "R": 0.002},
                  outcome["sent"], rate, simulated, variance)


def print_table(rows):
    print(f"{'form':<44}{'formula':<34}{'messages':>9}{'predicted':>13}{'simulated':>13}  interval")
    for row in rows:
        low, high = row["interval"]
        print(f"{row['form']:<44}{row['formula']:<34}{row['messages']:>9}{row['predicted']:>13.6g}{row['simulated']:>13.6g}"
              f"  {low:.6g} .. {high:.6g}{'' if row['within'] else '   MISSES'}")


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--program", default="build/conclave")
    parser.add_argument("--messages", type=int, default=1_000_000, help="of each form at least")
    parser.add_argument("--out", help="write the table as JSON")
    arguments = parser.parse_args()
    table = Table()
    for form in (repeated_trials, bounded_attempts, waits, resequencing, stalled, windows):
        form(table, arguments.program, arguments.messages)
    z, missed = table.finish()
    print_table(table.rows)
    print(f"{len(table.rows)} forms, family error rate {FAMILY_ERROR:g}: intervals of {z:.2f} standard errors; {len(missed)} miss")
    if arguments.out:
        with open(arguments.out, "w", encoding="utf-8") as file:
            json.dump({"family_error": FAMILY_ERROR, "standard_errors": z, "rows": table.rows}, file, indent=2)
            file.write("\n")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
