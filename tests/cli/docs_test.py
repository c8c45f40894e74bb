"""What is generated and kept in the repository is what would be generated now."""

import subprocess
import sys
import unittest

from support import PROGRAM, PROJECT


class Generated(unittest.TestCase):
    def test_reference_of_the_scenario_format(self):
        explained = subprocess.run([PROGRAM, "explain", "--all"], capture_output=True, text=True, check=True).stdout
        kept = (PROJECT / "docs/scenarios.md").read_text(encoding="utf-8")
        self.assertEqual(explained, kept, "run `make docs` and commit docs/scenarios.md")

    def test_platforms(self):
        for name, options in (("wan_21_regions", ["-n", "10"]), ("wan_5_regions", ["-n", "40"])):
            with self.subTest(name):
                kept = (PROJECT / f"platforms/{name}.xml").read_text(encoding="utf-8")
                command = next(line for line in kept.splitlines() if "make_wan_platform.py" in line).split("edit: ")[1].split()
                made = subprocess.run([sys.executable, *command], cwd=PROJECT, capture_output=True, text=True, check=True)
                self.assertEqual(made.stdout, kept)
                self.assertEqual(command[2:4], options)


if __name__ == "__main__":
    unittest.main()
