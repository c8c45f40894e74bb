"""conclave sweep: runs over a design, stored so that nothing is lost and nothing is done twice."""

import csv
import io
import json
import os
import pathlib
import resource
import signal
import sqlite3
import subprocess
import time
import unittest

from bad_output_test import limit_files
from support import (CHECK_FAILED, ENDLESS, INTERRUPTED, OK, PROGRAM, SMALL, TIME_LIMIT_S, USAGE, CliTest,
                     clean_environment, end, wait_until)

TINY = SMALL.replace("requests: 3", "requests: 1")

SWEEP = """\
scenario: tiny.yaml
parameters:
  - zip: { agents.replica.count: [4, 7], agents.replica.pbft.f: [1, 2], platform.star.hosts: [5, 8] }
  - grid: { platform.star.latency: [500us, 1ms] }
seed: 10
repetitions: 3
"""


def is_alive(pid):
    try:
        return " Z " not in pathlib.Path(f"/proc/{pid}/stat").read_text()  # not a dead one that nobody has asked for
    except OSError:
        return False


class Sweeps(CliTest):
    def setUp(self):
        super().setUp()
        self.write("tiny.yaml", TINY)
        self.sweep = self.write("sweep.yaml", SWEEP)

    def run_sweep(self, *arguments, code=OK, **options):
        return self.expect(code, self.conclave("sweep", "run", "sweep.yaml", *arguments, **options))

    def export(self, database="results/sweep.sqlite", *arguments):
        return self.expect(OK, self.conclave("sweep", "export", database, *arguments)).stdout

    def status(self, database="results/sweep.sqlite"):
        return json.loads(self.expect(OK, self.conclave("sweep", "status", database, "--json")).stdout)

    def rows(self, *arguments):
        return list(csv.DictReader(io.StringIO(self.export("results/sweep.sqlite", *arguments))))


class Plan(Sweeps):
    def test_lists_points_and_runs(self):
        result = self.expect(OK, self.conclave("sweep", "plan", "sweep.yaml"))
        self.assertIn("agents.replica.count=4 agents.replica.pbft.f=1 platform.star.hosts=5 "
                      "platform.star.latency=500us\n", result.stdout)
        self.assertIn("4 points, of 3 repetitions each from seed 10: 12 runs\n", result.stdout)
        self.assertEqual(["sweep.yaml", "tiny.yaml"], self.files())

    def test_of_a_part(self):
        result = self.expect(OK, self.conclave("sweep", "plan", "sweep.yaml", "--json", "--where", "count > 4"))
        self.assertEqual([2, 3], [point["point"] for point in json.loads(result.stdout)["points"]])


class Run(Sweeps):
    def test_gives_what_single_runs_give(self):
        result = self.run_sweep()
        self.assertIn("4 points: 12 runs done", result.stdout)
        rows = self.rows("--wide")
        self.assertEqual(12, len(rows))
        row = next(row for row in rows if row["agents.replica.count"] == "7" and row["seed"] == "11" and
                   row["platform.star.latency"] == "1ms")
        single = self.run_json("tiny.yaml", "--seed", 11, "--set", "agents.replica.count=7",
                               "--set", "agents.replica.pbft.f=2", "--set", "platform.star.hosts=8",
                               "--set", "platform.star.latency=1ms")
        self.assertEqual(single["fingerprint"], row["fingerprint"])
        self.assertEqual(single["decisions_fingerprint"], row["decisions_fingerprint"])
        self.assertEqual(str(single["metrics"]["messages_sent"]), row["metrics.messages_sent [1]"])
        self.assertEqual(str(single["metrics"]["latency_ns"]["p50"]), row["metrics.latency_ns.p50 [ns]"])

    def test_has_common_random_numbers(self):
        self.run_sweep()
        seeds = {}
        for row in self.rows("--wide"):
            seeds.setdefault(row["point"], []).append(row["seed"])
        self.assertEqual([["10", "11", "12"]] * 4, list(seeds.values()))

    def test_again_does_nothing(self):
        self.run_sweep()
        before = self.export()
        result = self.run_sweep()
        self.assertIn("0 runs done", result.stdout)
        self.assertIn("12 were there before", result.stdout)
        self.assertEqual(before, self.export())

    def test_exports_do_not_hang_on_the_number_of_workers(self):
        for jobs in (1, 2, 7):
            self.run_sweep("--jobs", jobs, "--db", f"{jobs}.sqlite")
        one = self.export("1.sqlite")
        self.assertEqual(one, self.export("2.sqlite"))
        self.assertEqual(one, self.export("7.sqlite"))
        self.assertEqual(self.export("1.sqlite", "--format", "jsonl"), self.export("7.sqlite", "--format", "jsonl"))

    def test_grows_without_doing_old_runs_again(self):
        self.run_sweep()
        self.write("sweep.yaml", SWEEP.replace("repetitions: 3", "repetitions: 5").replace("[500us, 1ms]",
                                                                                          "[500us, 700us, 1ms]"))
        result = self.run_sweep()
        self.assertIn("6 points: 18 runs done", result.stdout)
        self.assertIn("12 were there before", result.stdout)
        self.run_sweep("--db", "fresh.sqlite")
        self.assertEqual(self.export("fresh.sqlite"), self.export())

    def test_of_another_scenario_is_another_campaign(self):
        self.run_sweep()
        self.write("tiny.yaml", "# a comment changes nothing\n" + TINY)
        self.assertIn("0 runs done", self.run_sweep().stdout)
        self.write("tiny.yaml", TINY.replace("every: 100ms", "every: 90ms"))
        self.assertIn("12 runs done", self.run_sweep().stdout)
        self.assertEqual(12, self.status()["runs"])
        self.assertEqual(12, self.status()["other_runs"])

    def test_of_a_part(self):
        self.assertIn("6 runs done", self.run_sweep("--where", "latency = 1000us").stdout)
        self.assertEqual({"1ms"}, {row["platform.star.latency"] for row in self.rows()})
        self.assertIn("6 runs done", self.run_sweep().stdout)

    def test_keeps_named_metrics(self):
        self.write("sweep.yaml", SWEEP + """\
metrics:
  latency: max(outcome.consensus.rounds[].latency_ns)
  decided: { path: outcome.consensus.rounds_decided, unit: rounds }
""")
        self.run_sweep()
        rows = self.rows()
        self.assertEqual({("latency", "ns"), ("decided", "rounds")}, {(row["metric"], row["unit"]) for row in rows})
        self.assertEqual({"1"}, {row["value"] for row in rows if row["metric"] == "decided"})

    def test_says_when_no_run_has_a_metric(self):
        self.write("sweep.yaml", SWEEP + "metrics: { sent: metrics.mesages_sent }\n")
        result = self.run_sweep(code=CHECK_FAILED)
        self.assertIn("no run has the metric `sent`; did you mean `metrics.messages_sent`?", result.stderr)

    def test_stops_when_the_mean_is_known(self):
        self.write("tiny.yaml", TINY + "faults: [ { link: jitter, distribution: exponential, mean: 2ms } ]\n")
        self.write("sweep.yaml", SWEEP + """\
metrics: { latency: "max(outcome.consensus.rounds[].latency_ns)" }
until: { metric: latency, rel_ci: 0.1, max: 60, every: 2 }
""")
        self.run_sweep("--jobs", 1, "--db", "1.sqlite")
        self.run_sweep("--jobs", 5, "--db", "5.sqlite")
        self.assertEqual(self.export("1.sqlite"), self.export("5.sqlite"))
        status = self.status("1.sqlite")
        self.assertGreater(status["runs"], 12)
        self.assertLess(status["runs"], 4 * 60)


class Failures(Sweeps):
    def test_of_a_check_is_a_result(self):
        self.write("tiny.yaml", TINY.replace("within: 1s", "within: 1us"))
        self.run_sweep()
        self.assertEqual({("ok", "fail")}, {(row["status"], row["verdict"]) for row in self.rows("--wide")})
        self.assertEqual(12, self.status()["checks_failed"])

    def test_of_a_point_is_a_row(self):
        self.write("sweep.yaml", SWEEP.replace("pbft.f: [1, 2]", "pbft.f: [1, 3]"))
        result = self.run_sweep(code=CHECK_FAILED)
        self.assertIn("12 runs done", result.stdout)
        self.assertIn("6 without results", result.stdout)
        self.assertIn("repeat: conclave run tiny.yaml --seed 10 --set agents.replica.count=7 --set "
                      "agents.replica.pbft.f=3", result.stdout)
        failed = [row for row in self.rows("--wide") if row["status"] != "ok"]
        self.assertEqual(6, len(failed))
        self.assertEqual({"refused"}, {row["status"] for row in failed})
        self.assertIn("--set agents.replica.pbft.f=3", failed[0]["reason"])

    def test_of_the_time_limit_is_a_row_that_can_be_retried(self):
        self.write("tiny.yaml", ENDLESS)
        self.write("sweep.yaml", "scenario: tiny.yaml\nparameters: [ { grid: { stop_at: [1s, 2000h] } } ]\n"
                                 "time_limit: 1s\n")
        result = self.run_sweep(code=CHECK_FAILED)
        self.assertIn("timed out: stop_at=2000h", result.stdout)
        self.assertEqual({"ok": 1, "timed out": 1}, self.status()["by_status"])
        self.assertIn("0 runs done", self.run_sweep().stdout)
        self.assertIn("1 runs done", self.run_sweep("--retry", code=CHECK_FAILED).stdout)

    def test_of_the_process_is_a_row(self):
        # The kernel kills what has used a second of its processor: the endless run, as a crash would.
        self.write("tiny.yaml", ENDLESS)
        self.write("sweep.yaml", "scenario: tiny.yaml\nparameters: [ { grid: { stop_at: [1s, 2000h, 2s] } } ]\n")
        limit = lambda: resource.setrlimit(resource.RLIMIT_CPU, (1, 1))
        self.run_sweep("--jobs", 1, code=CHECK_FAILED, preexec_fn=limit)
        rows = self.rows("--wide")
        self.assertEqual(["ok", "crashed", "ok"], [row["status"] for row in rows])
        self.assertRegex(rows[1]["reason"], r"signal \d+ \(.+\)")


class Kill(Sweeps):
    def start(self, *arguments):
        run = subprocess.Popen([PROGRAM, "sweep", "run", "sweep.yaml", *arguments], cwd=self.folder,
                               env=clean_environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(end, run)
        return run

    def stored(self, database):
        try:
            with sqlite3.connect(f"file:{database}?mode=ro", uri=True) as connection:
                return connection.execute("SELECT count(*) FROM runs").fetchone()[0]
        except sqlite3.Error:
            return 0

    def test_at_any_moment_loses_nothing_and_does_nothing_twice(self):
        self.write("sweep.yaml", SWEEP.replace("repetitions: 3", "repetitions: 15"))
        database = self.folder / "killed.sqlite"
        kills, done = 0, 0
        for wanted in (0, 1, 5, 11, 20, 33, 47):
            run = self.start("--db", "killed.sqlite", "--jobs", "3")
            wait_until(lambda: run.poll() is not None or self.stored(database) >= wanted, f"{wanted} runs")
            run.send_signal(signal.SIGKILL)
            run.wait()
            kills += run.returncode == -signal.SIGKILL
            now = self.stored(database)
            self.assertGreaterEqual(now, done, "runs are lost")
            done = now
        self.assertGreaterEqual(kills, 5)
        self.assertLess(done, 60, "it was killed too late to show anything")
        result = self.run_sweep("--db", "killed.sqlite")
        self.assertIn(f"{60 - done} runs done", result.stdout)
        self.assertIn(f"{done} were there before", result.stdout)
        with sqlite3.connect(database) as connection:
            self.assertEqual([("ok",)], connection.execute("PRAGMA integrity_check").fetchall())
            self.assertEqual(60, connection.execute("SELECT count(DISTINCT key) FROM runs").fetchone()[0])
        self.run_sweep("--db", "whole.sqlite")
        self.assertEqual(self.export("whole.sqlite"), self.export("killed.sqlite"))

    def test_leaves_no_run_behind(self):
        self.write("tiny.yaml", ENDLESS)
        run = self.start("--jobs", "2")
        children = lambda: subprocess.run(["ps", "-o", "pid=", "--ppid", str(run.pid)], capture_output=True,
                                          text=True).stdout.split()
        wait_until(lambda: len(children()) == 2, "two runs")
        pids = children()
        run.kill()
        run.wait()
        wait_until(lambda: not any(is_alive(pid) for pid in pids), "its runs to end with it")

    def test_by_ctrl_c_says_how_to_go_on(self):
        self.write("tiny.yaml", ENDLESS)
        run = self.start()
        wait_until(lambda: (self.folder / "results/sweep.sqlite").exists(), "the database")
        time.sleep(0.2)
        run.send_signal(signal.SIGINT)
        output, _ = run.communicate(timeout=TIME_LIMIT_S)
        self.assertEqual(INTERRUPTED, run.returncode)
        self.assertIn(b"run it again to go on", output)


class Shards(Sweeps):
    def shard(self, text, code=OK, environment=None):
        return self.run_sweep("--shard", text, "--journals", "shards", code=code, environment=environment)

    def merge(self, *journals, code=OK):
        return self.expect(code, self.conclave("sweep", "merge", "merged.sqlite", *(journals or ["shards"])))

    def journals(self):
        return sorted((self.folder / "shards").glob("*.journal"))

    def test_make_the_whole(self):
        self.run_sweep()
        for part in ("1/3", "2/3", "3/3"):
            self.shard(part)
        self.assertEqual(3, len(self.journals()))
        self.assertEqual([], list((self.folder / "shards").glob(".*")))
        self.assertIn("12 runs of 3 journals", self.merge().stdout)
        self.assertEqual(self.export(), self.export("merged.sqlite"))
        self.merge()  # again: nothing twice
        self.assertEqual(self.export(), self.export("merged.sqlite"))

    def test_of_job_arrays(self):
        slurm = {"SLURM_ARRAY_TASK_MIN": "5", "SLURM_ARRAY_TASK_MAX": "7", "SLURM_ARRAY_TASK_STEP": "2"}
        sge = {"SGE_TASK_FIRST": "1", "SGE_TASK_LAST": "2", "SGE_TASK_STEPSIZE": "1"}
        self.shard("auto", environment={**slurm, "SLURM_ARRAY_TASK_ID": "7"})
        self.shard("auto", environment={**sge, "SGE_TASK_ID": "1"})
        self.shard("auto/4", environment={"PBS_ARRAY_INDEX": "4"})
        names = [path.name.split(".")[1] for path in self.journals()]
        self.assertEqual(["shard-1-of-2", "shard-2-of-2", "shard-4-of-4"], names)

    def test_that_are_none(self):
        for text, environment in (("0/3", None), ("4/3", None), ("x", None), ("1/0", None), ("auto", None),
                                  ("auto", {"PBS_ARRAY_INDEX": "1"}), ("auto/2", {"PBS_ARRAY_INDEX": "3"})):
            with self.subTest(text):
                self.assertIn("--shard", self.shard(text, USAGE, environment).stderr)

    def test_go_on_after_a_kill(self):
        self.shard("1/2")
        journal, = self.journals()
        lines = journal.read_bytes().splitlines(keepends=True)
        self.assertEqual(7, len(lines))  # its head and 6 runs
        # What a process leaves that is killed while it writes: a hidden name, and a line that is not complete.
        partial = journal.with_name(f".{journal.name}.partial")
        partial.write_bytes(b"".join(lines[:4]) + lines[4][:50])
        journal.unlink()
        result = self.shard("1/2")
        self.assertIn("3 runs done", result.stdout)
        self.assertIn("3 were there before", result.stdout)
        self.shard("2/2")
        self.run_sweep()
        result = self.merge(code=USAGE)
        self.assertIn("cut off in this line", result.stderr)
        self.assertEqual(self.export(), self.export("merged.sqlite"))

    def test_that_are_done_do_nothing(self):
        self.shard("1/2")
        self.assertIn("0 runs done", self.shard("1/2").stdout)
        self.assertEqual(1, len(self.journals()))

    def test_damaged_keep_their_good_lines(self):
        self.shard("1/1")
        journal, = self.journals()
        lines = journal.read_bytes().splitlines(keepends=True)
        lines[3] = lines[3].replace(b'"status":"ok"', b'"status":"no"')
        journal.write_bytes(b"".join(lines)[:-20])
        result = self.merge(code=USAGE)
        self.assertIn(f"{journal.name}:4: this line is damaged", result.stderr)
        self.assertIn(f"{journal.name}:13: the journal is cut off", result.stderr)
        self.assertIn("10 runs of 1 journals", result.stdout)
        self.assertEqual(10, self.status("merged.sqlite")["runs"])

    def test_of_another_sweep_are_refused(self):
        self.shard("1/1")
        self.merge()
        self.write("tiny.yaml", TINY.replace("every: 100ms", "every: 90ms"))
        self.run_sweep("--shard", "1/1", "--journals", "others")
        result = self.merge("others", code=USAGE)
        self.assertIn("its scenario differs", result.stderr)
        self.assertEqual(12, self.status("merged.sqlite")["runs"])

    def test_that_are_no_journals(self):
        self.write("shards/x.journal", "hello\n")
        self.write("shards/y.journal", "")
        result = self.merge(code=USAGE)
        self.assertIn("x.journal:1: this is not a journal", result.stderr)
        self.assertIn("y.journal: the journal is empty", result.stderr)


class BadInput(Sweeps):
    def refuse(self, *messages, arguments=(), **options):
        result = self.run_sweep(*arguments, code=USAGE, **options)
        for message in messages:
            self.assertIn(message, result.stderr)
        self.assertEqual("", result.stdout)

    def test_unknown_path(self):
        self.write("sweep.yaml", SWEEP.replace("star.latency", "star.latencyy"))
        self.refuse("sweep.yaml:4:13: error: `platform.star.latencyy=500us`: unknown key `latencyy`",
                    "did you mean `latency`?")
        self.write("sweep.yaml", SWEEP.replace("agents.replica.count", "agents.replicas.count"))
        self.refuse("sweep.yaml:3:12: error: `agents.replicas.count=4`: unknown group `replicas`",
                    "did you mean `replica`?")
        self.assertFalse((self.folder / "results").exists())

    def test_missing_scenario(self):
        (self.folder / "tiny.yaml").unlink()
        self.refuse("the scenario tiny.yaml is no file")

    def test_broken_scenario(self):
        self.write("tiny.yaml", TINY.replace("stop_at: 10s", "stop_at: 10"))
        self.refuse("tiny.yaml:7:10: error: `10` lacks its unit")

    def test_empty_grid(self):
        self.write("sweep.yaml", SWEEP.replace("[500us, 1ms]", "[]"))
        self.refuse("sweep.yaml:4:36: error: an empty list")

    def test_very_many_runs(self):
        self.write("sweep.yaml", SWEEP.replace("repetitions: 3", "repetitions: 5000"))
        self.refuse("this sweep has 20000 runs (4 points, of 5000 repetitions each)", "--confirm 20000")
        self.refuse("--confirm 20000", arguments=["--confirm", 19999])
        self.assertFalse((self.folder / "results").exists())
        result = self.conclave("sweep", "run", "sweep.yaml", "--confirm", 20000, "--db", "/proc/none/x.sqlite")
        self.assertNotIn("--confirm", result.stderr)  # it got beyond that

    def test_database_of_another_schema(self):
        self.run_sweep()
        before = self.export()
        with sqlite3.connect(self.folder / "results/sweep.sqlite") as connection:
            connection.execute("PRAGMA user_version=7")
        for command in (["run", "sweep.yaml"], ["status", "sweep.yaml"], ["export", "sweep.yaml"]):
            result = self.expect(USAGE, self.conclave("sweep", *command))
            self.assertIn("has schema 7, and this program knows schema 1 only", result.stderr)
        with sqlite3.connect(self.folder / "results/sweep.sqlite") as connection:
            connection.execute("PRAGMA user_version=1")
        self.assertEqual(before, self.export())

    def test_database_of_something_else(self):
        with sqlite3.connect(self.folder / "music.sqlite") as connection:
            connection.execute("CREATE TABLE songs (title TEXT)")
        self.refuse("music.sqlite: this is not a database of sweeps", arguments=["--db", "music.sqlite"])
        self.write("text.sqlite", "precious " * 1000)
        self.refuse("text.sqlite", "not a database", arguments=["--db", "text.sqlite"])
        self.assertEqual("precious " * 1000, (self.folder / "text.sqlite").read_text())

    def test_no_database(self):
        result = self.expect(USAGE, self.conclave("sweep", "export", "nowhere.sqlite"))
        self.assertIn("nowhere.sqlite: there is no such database", result.stderr)

    def test_folder_that_cannot_be_written(self):
        home = self.folder / "home"
        home.mkdir(mode=0o555)
        as_nobody = {}
        if os.geteuid() == 0:  # root writes everywhere
            as_nobody = {"user": 65534, "group": 65534, "extra_groups": []}
            self.folder.chmod(0o755)
        self.refuse("home/x.sqlite: cannot write there: Permission denied", arguments=["--db", "home/x.sqlite"],
                    **as_nobody)

    def test_database_that_cannot_be_written(self):
        self.run_sweep()
        before = self.export()
        (self.folder / "results/sweep.sqlite").chmod(0o444)
        as_nobody = {}
        if os.geteuid() == 0:
            as_nobody = {"user": 65534, "group": 65534, "extra_groups": []}
            self.folder.chmod(0o755)
            (self.folder / "results").chmod(0o777)
        self.refuse("cannot write to the database: Permission denied", **as_nobody)
        self.assertEqual(before, self.export())

    def test_full_disk(self):
        self.write("sweep.yaml", SWEEP.replace("repetitions: 3", "repetitions: 20"))
        result = self.run_sweep(code=USAGE, preexec_fn=limit_files(150_000))
        self.assertIn("is the disk full?", result.stderr)
        there = self.status()["runs"]
        self.assertGreater(there, 0)
        self.assertLess(there, 80)
        result = self.run_sweep()
        self.assertIn(f"{80 - there} runs done", result.stdout)
        self.run_sweep("--db", "fresh.sqlite")
        self.assertEqual(self.export("fresh.sqlite"), self.export())

    def test_two_processes_on_one_database(self):
        self.write("tiny.yaml", ENDLESS)
        first = subprocess.Popen([PROGRAM, "sweep", "run", "sweep.yaml"], cwd=self.folder, env=clean_environment(),
                                 stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.addCleanup(end, first)
        wait_until(lambda: (self.folder / "results/sweep.sqlite-wal").exists(), "the first process")
        self.refuse(f"another process, number {first.pid} is writing to this database")
        self.assertEqual(0, self.status()["runs"])  # reading is allowed


class Export(Sweeps):
    def test_tells_all_of_each_row(self):
        self.run_sweep()
        rows = self.rows()
        self.assertGreater(len(rows), 12 * 10)
        row = rows[0]
        self.assertEqual(("sweep", "0", "4", "0", "10", "ok", "pass"),
                         tuple(row[name] for name in ("sweep", "point", "agents.replica.count", "repetition", "seed",
                                                      "status", "verdict")))
        for name in ("key", "program", "content", "fingerprint", "decisions_fingerprint"):
            self.assertRegex(row[name], "^[0-9a-f]{32}$")
        self.assertEqual("tiny.yaml", row["scenario"])
        self.assertEqual(12, len({row["key"] for row in rows}))
        units = {row["metric"]: row["unit"] for row in rows}
        self.assertEqual(("ns", "B", "1"), (units["metrics.latency_ns.p50"], units["metrics.bytes_sent"],
                                            units["metrics.messages_sent"]))

    def test_as_json_lines_says_the_same(self):
        self.run_sweep()
        lines = [json.loads(line) for line in self.export("sweep.yaml", "--format", "jsonl").splitlines()]
        self.assertEqual(12, len(lines))
        wanted = {(row["key"], row["metric"]): (float(row["value"]), row["unit"]) for row in self.rows()}
        found = {(line["key"], name): (metric["value"], metric["unit"]) for line in lines
                 for name, metric in line["metrics"].items()}
        self.assertEqual(wanted, found)
        self.assertEqual("500us", lines[0]["parameters"]["platform.star.latency"])
        self.assertEqual({"version", "program", "scenario", "content"}, lines[0]["provenance"].keys())

    def test_of_a_part(self):
        self.run_sweep()
        rows = self.rows("--wide", "--where", "count = 7 and seed != 10")
        self.assertEqual({("7", "11"), ("7", "12")}, {(row["agents.replica.count"], row["seed"]) for row in rows})
        result = self.expect(USAGE, self.conclave("sweep", "export", "sweep.yaml", "--where", "cont = 7"))
        self.assertIn("`cont` names no parameter", result.stderr)

    def test_with_times(self):
        self.run_sweep()
        for row in self.rows("--wide", "--times"):
            self.assertGreater(float(row["wall_time_s"]), 0)
            self.assertTrue(row["host"])

    def test_into_a_file(self):
        self.run_sweep()
        result = self.expect(OK, self.conclave("sweep", "export", "sweep.yaml", "--wide", "-o", "table.csv"))
        self.assertEqual("table.csv: 12 rows\n", result.stdout)
        self.assertEqual(self.export("sweep.yaml", "--wide"), (self.folder / "table.csv").read_text())


if __name__ == "__main__":
    unittest.main()
