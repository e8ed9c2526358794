"""Mutation testing of verdicts and indicators: how many small changes of the code does some test notice?

Runs mutmut afresh and writes its counts, and the mutants that no test kills with the reason for each, into ``tests/faults.md``.
Reasons stand in ``mutants.yaml``, each with a pattern for the line as the mutant has it. A mutant whose tests ran out of time
does not count as killed. Names of mutants as arguments try these again and keep the other results. Ends with status 1 where a mutant survives
without a reason, or where a reason fits no survivor any more.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import yaml
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from report import ROOT, machine, write

WORK = ROOT / "mutants"


def run(names: list[str]) -> None:
    """Mutate and test: all afresh, since mutmut keeps former results where only a test has changed, or the mutants named."""
    if not names:
        shutil.rmtree(WORK, ignore_errors=True)
    environment = {**os.environ, "EASTWARD_ROOT": str(WORK)}
    subprocess.run([Path(sys.executable).with_name("mutmut"), "run", *names], cwd=ROOT, env=environment, check=True)


def outcomes() -> dict[str, dict[str, str]]:
    """Status of each mutant by module."""
    found = {}
    for file in sorted((WORK / "src").rglob("*.meta")):
        codes = json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"]
        module = file.name.removesuffix(".py.meta")
        if codes:
            found[module] = {name: status_by_exit_code[code] for name, code in codes.items()}
    return found


def changed_line(mutant: str) -> str:
    """The line as the mutant has it."""
    lines = get_diff_for_mutant(mutant).splitlines()
    return next(line[1:].strip() for line in lines if line.startswith("+") and not line.startswith("+++"))


def counts(found: dict[str, dict[str, str]]) -> str:
    """Table of the modules."""
    rows = ["| Module | Mutants | Killed | Of all |", "|---|---:|---:|---:|"]
    every = {"all": {name: status for module in found.values() for name, status in module.items()}}
    for module, statuses in (found | every).items():
        killed = sum(status == "killed" for status in statuses.values())
        shown = module if module == "all" else f"`{module}`"
        rows.append(f"| {shown} | {len(statuses):,} | {killed:,} | {100 * killed / len(statuses):.1f}\u00a0% |")
    return "\n".join(rows)


def main() -> int:
    """Run, write the page, name what has no reason."""
    run(sys.argv[1:])
    os.chdir(ROOT)
    found = outcomes()
    reasons = yaml.safe_load((ROOT / "benchmarks" / "mutants.yaml").read_text(encoding="utf-8"))
    lines = {
        name: changed_line(name) for module in found.values() for name, status in module.items() if status != "killed"
    }
    fits = {
        name: next((i for i, reason in enumerate(reasons) if re.search(reason["line"], line)), None)
        for name, line in lines.items()
    }
    seen = Counter(fits.values())
    table = ["| Survivors | What they change | Why no test can, or need, tell |", "|---:|---|---|"]
    table += [f"| {seen[i]} | {reason['change']} | {reason['why']} |" for i, reason in enumerate(reasons)]
    text = "\n\n".join([f"Measured by `make mutants`: {machine()}.", counts(found), "\n".join(table)])
    write("tests/faults.md", "mutants", text)
    print(text)
    for name, index in fits.items():
        if index is None:
            print(f"no reason for {name}: {lines[name]}", file=sys.stderr)
    for i, reason in enumerate(reasons):
        if not seen[i]:
            print(f"no survivor for the reason of {reason['change']}", file=sys.stderr)
    return 1 if None in seen or not all(seen[i] for i in range(len(reasons))) else 0


if __name__ == "__main__":
    sys.exit(main())
