#!/usr/bin/env python3
"""Draws a space-time diagram of a run as SVG: one line per agent, time to the right, an arrow per message.

usage: space_time.py RUN_FOLDER [-o FILE.svg] [--from MS] [--until MS]

RUN_FOLDER is what `conclave run` leaves behind; a trace written with --compress needs the program `zstd`.
Standard library only.
"""

import argparse
import html
import json
import pathlib
import subprocess
import sys

# Messages beyond this many make a picture that shows nothing: choose a window instead.
MESSAGES_MAX = 2000
WIDTH, LANE, LEFT, RIGHT, TOP, BOTTOM = 1000, 64, 110, 40, 46, 44
# Colour-blind safe (Okabe and Ito, 2008).
COLOURS = ["#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#000000"]


def fail(message):
    sys.exit(f"space_time.py: error: {message}")


def trace_lines(folder):
    """Yields the trace's lines, plain or compressed."""
    plain, packed = folder / "trace.jsonl", folder / "trace.jsonl.zst"
    if plain.exists():
        with plain.open(encoding="utf-8") as lines:
            yield from lines
    elif packed.exists():
        process = subprocess.Popen(["zstd", "-dcq", str(packed)], stdout=subprocess.PIPE, text=True)
        yield from process.stdout
    else:
        fail(f"{folder} has no trace: run the scenario without --no-trace")


def read(folder, from_ns, until_ns):
    """The agents' names, the messages (sent, received, from, to, kind) in the window, and the emitted events."""
    lines = trace_lines(folder)
    header = json.loads(next(lines))
    names = {}
    for group in header["agents"]:
        for i in range(group["count"]):
            names[group["first"] + i] = f"{group['group']}[{i}]"
    sent, messages, marks = {}, [], []
    for line in lines:
        event = json.loads(line)
        kind, time = event["event"], event["t"]
        if time > until_ns and kind == "sent":
            continue
        if kind == "sent":
            sent[event["agent"], event["message"]] = time
        elif kind in ("delivered", "dropped"):
            left = sent.get((event["from"], event["message"]))
            if left is not None and left >= from_ns and left <= until_ns:
                messages.append((left, time, event["from"], event["agent"], event["kind"], kind == "dropped"))
        elif kind == "emitted" and from_ns <= time <= until_ns:
            marks.append((time, event["agent"], event["record"]["name"]))
    return names, messages, marks


def draw(names, messages, marks):
    if not messages:
        fail("no message left in this window")
    if len(messages) > MESSAGES_MAX:
        fail(f"{len(messages)} messages in this window, at most {MESSAGES_MAX} can be seen apart: use --from and --until")
    start = min(m[0] for m in messages)
    end = max([m[1] for m in messages] + [m[0] for m in marks])
    agents = sorted({a for m in messages for a in (m[2], m[3])})
    lane = {agent: TOP + LANE * i for i, agent in enumerate(agents)}
    height = TOP + LANE * (len(agents) - 1) + BOTTOM
    colour = {kind: COLOURS[i % len(COLOURS)] for i, kind in enumerate(dict.fromkeys(m[4] for m in messages))}

    def x(time):
        return LEFT + (WIDTH - LEFT - RIGHT) * (time - start) / max(end - start, 1)

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" font-family="sans-serif" font-size="13">',
        f'<rect width="{WIDTH}" height="{height}" fill="white"/>',
    ]
    legend = LEFT
    for kind, shade in colour.items():
        out.append(f'<line x1="{legend}" y1="16" x2="{legend + 22}" y2="16" stroke="{shade}" stroke-width="2.5"/>')
        out.append(f'<text x="{legend + 28}" y="20">{html.escape(kind)}</text>')
        legend += 44 + 8 * len(kind)
    for agent, y in lane.items():
        out.append(f'<line x1="{LEFT}" y1="{y}" x2="{WIDTH - RIGHT}" y2="{y}" stroke="#999"/>')
        out.append(f'<text x="{LEFT - 10}" y="{y + 4}" text-anchor="end">{html.escape(names[agent])}</text>')
    for left, arrived, source, target, kind, dropped in messages:
        style = ' stroke-dasharray="4 3" opacity="0.5"' if dropped else ""
        x1, y1, x2, y2 = x(left), lane[source], x(arrived), lane[target]
        out.append(
            f'<line x1="{x1:.1f}" y1="{y1}" x2="{x2:.1f}" y2="{y2}" stroke="{colour[kind]}" stroke-width="1.5"{style}/>'
        )
        out.append(f'<circle cx="{x2:.1f}" cy="{y2}" r="2.6" fill="{colour[kind]}"/>')
    for time, agent, name in marks:
        if name == "decided" and agent in lane:
            out.append(f'<path d="M{x(time):.1f} {lane[agent] - 13} l6 7 l-6 7 l-6 -7 z" fill="#333"/>')
    axis = height - 16
    for i in range(6):
        time = start + (end - start) * i / 5
        out.append(f'<text x="{x(time):.1f}" y="{axis}" text-anchor="middle" fill="#555">{(time - start) / 1e6:.2f} ms</text>')
    if any(name == "decided" for _, _, name in marks):
        out.append(f'<path d="M{legend + 6} 9 l6 7 l-6 7 l-6 -7 z" fill="#333"/><text x="{legend + 20}" y="20">decided</text>')
    return "\n".join(out + ["</svg>"]) + "\n"


def main():
    parser = argparse.ArgumentParser(description="space-time diagram of a run")
    parser.add_argument("folder", type=pathlib.Path)
    parser.add_argument("-o", "--output", type=pathlib.Path, help="SVG file (default: RUN_FOLDER/space_time.svg)")
    parser.add_argument("--from", dest="start", type=float, default=0, metavar="MS", help="first sending time shown")
    parser.add_argument("--until", type=float, default=float("inf"), metavar="MS", help="last sending time shown")
    arguments = parser.parse_args()
    picture = draw(*read(arguments.folder, arguments.start * 1e6, arguments.until * 1e6))
    output = arguments.output or arguments.folder / "space_time.svg"
    output.write_text(picture, encoding="utf-8")
    print(output)


if __name__ == "__main__":
    main()
