"""conclave swarm: many seeds with faults of their own; each finding can be had again."""

import re
import shlex
import unittest

from support import CHECK_FAILED, OK, SMALL, USAGE, CliTest

SWARM = SMALL + """\
swarm:
  of: replica
  faults: 1..2
  draw:
    - { behaviour: silent }
    - { link: jitter, mean: 10us..1ms }
    - { link: loss, probability: 50%..100%, agents: client }
"""
HARMLESS = SWARM.replace("    - { link: loss, probability: 50%..100%, agents: client }\n", "").replace(
    "    - { behaviour: silent }\n", "")


class Swarm(CliTest):
    def test_passes_where_no_seed_can_fail(self):
        self.write("harmless.yaml", HARMLESS)
        run = self.conclave("swarm", "harmless.yaml", "--seeds", "20")
        self.assertEqual(OK, run.returncode, run.stderr)
        self.assertEqual("20 passed, 0 failed\n", run.stdout)

    def test_repeats_every_finding_with_the_command_that_it_prints(self):
        self.write("swarm.yaml", SWARM)
        run = self.conclave("swarm", "swarm.yaml", "--seeds", "12", "--jobs", "3")
        self.assertEqual(CHECK_FAILED, run.returncode, run.stderr)
        passed, failed = map(int, re.search(r"(\d+) passed, (\d+) failed", run.stdout).groups())
        self.assertEqual(12, passed + failed)
        commands = re.findall(r"repeat: (conclave run .*)", run.stdout)
        self.assertEqual(failed, len(commands))
        self.assertGreater(failed, 1)
        for command in commands:
            again = self.conclave(*shlex.split(command)[1:])
            self.assertEqual(CHECK_FAILED, again.returncode, again.stdout + again.stderr)
            self.assertIn("✘ progress", again.stdout)

    def test_leaves_a_scenario_that_needs_no_drawing(self):
        self.write("swarm.yaml", SWARM)
        drawn = self.conclave("run", "swarm.yaml", "--swarm", "--seed", "5", "--json", "--out", "out")
        again = self.conclave("run", "out/scenario.yaml", "--json", "--out", "again")
        fingerprint = re.compile(r'"fingerprint":"(\w+)"')
        self.assertEqual(fingerprint.search(drawn.stdout)[1], fingerprint.search(again.stdout)[1])

    def test_refuses_a_scenario_without_ranges(self):
        self.write("small.yaml")
        run = self.conclave("swarm", "small.yaml")
        self.assertEqual(USAGE, run.returncode)
        self.assertIn("there is no section `swarm`", run.stderr)

    def test_kills_a_run_that_takes_too_long(self):
        self.write("endless.yaml", SWARM.replace("requests: 3, every: 100ms", "requests: 1000000000, every: 1ms").replace(
            "stop_at: 10s", "stop_at: 2000h"))
        run = self.conclave("swarm", "endless.yaml", "--seeds", "1", "--time-limit", "300ms")
        self.assertEqual(CHECK_FAILED, run.returncode)
        self.assertIn("takes too long", run.stdout)


if __name__ == "__main__":
    unittest.main()
