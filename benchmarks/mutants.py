"""Mutation testing of rules, evidence and indicators: how many small changes of the code does some test notice?

Runs mutmut afresh and writes its counts, and the mutants that no test kills with the reason for each, into ``tests/faults.md``.
Reasons stand in ``mutants.yaml``, each with a pattern for the line as the mutant has it. A mutant whose tests ran out of time
does not count as killed. Names of mutants as arguments try these again and keep the other results. With ``--sample`` it tries
those of the files in ``EVERY`` that are not yet killed: all mutants of these would take hours, and a run that was cut short
goes on. Ends with status 1 where a mutant survives without a reason, or where a reason fits no survivor any more.

mutmut runs the tests with this module as a plugin of pytest.
"""

import inspect
import json
import os
import re
import shutil
import subprocess
import sys
from collections import Counter
from pathlib import Path

import yaml
from mutmut.__main__ import copy_also_copy_files, copy_src_dir, create_mutants
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from report import ROOT, machine, write
from scipy.stats import binomtest

WORK = ROOT / "mutants"
WHOLE = ("eastward.claims.verdicts.*", "eastward.methods.*")
"""What is mutated in full."""

EVERY = {"claims/contest": 8, "claims/settings": 4, "evidence": 50}
"""Of the mutants of these files the sample has every n-th, in mutmut's order."""


def pytest_sessionstart() -> None:
    """Forget what evidence keeps: a mutant would not be seen behind what the code as it stands has found."""
    for module in [m for name, m in sys.modules.items() if name.startswith("eastward.")]:
        for function in filter(inspect.isfunction, list(vars(module).values())):
            inspect.getclosurevars(function).nonlocals.get("known", {}).clear()


def pytest_runtest_setup() -> None:
    """Have mutmut learn of each test all that it reaches, not only what no test before it has found."""
    if os.environ.get("MUTANT_UNDER_TEST") == "stats":
        pytest_sessionstart()


def run(names: list[str], sampled: bool) -> None:
    """Mutate and test: all afresh, since mutmut keeps former results where only a test has changed, or the mutants named."""
    if sampled:
        if not outcomes(sampled):
            copy_src_dir()
            copy_also_copy_files()
            create_mutants(os.cpu_count() or 1)
        names = [name for _, of in outcomes(sampled).values() for name, status in of.items() if status != "killed"]
        if not names:
            return
    elif not names:
        shutil.rmtree(WORK, ignore_errors=True)
        names = [*WHOLE]
    path = os.pathsep.join(map(str, (WORK / "src", ROOT / "benchmarks")))
    environment = {**os.environ, "EASTWARD_ROOT": str(WORK), "PYTHONPATH": path, "PYTEST_PLUGINS": "mutants"}
    subprocess.run([Path(sys.executable).with_name("mutmut"), "run", *names], cwd=ROOT, env=environment, check=True)


def outcomes(sampled: bool) -> dict[str, tuple[int, dict[str, str]]]:
    """Number of mutants by module, and the status of each, or of each in the sample."""
    found = {}
    for file in sorted((WORK / "src").rglob("*.meta")):
        codes = json.loads(file.read_text(encoding="utf-8"))["exit_code_by_key"]
        module = str(file.relative_to(WORK / "src" / "eastward")).removesuffix(".py.meta")
        every = next((n for start, n in EVERY.items() if module.startswith(start)), 0)
        if codes and sampled == bool(every):
            of = {name: status_by_exit_code[code] for name, code in list(codes.items())[:: every or 1]}
            found[module] = len(codes), of
    return found


def changed_line(mutant: str) -> str:
    """The line as the mutant has it."""
    lines = get_diff_for_mutant(mutant).splitlines()
    return next(line[1:].strip() for line in lines if line.startswith("+") and not line.startswith("+++"))


def counts(found: dict[str, tuple[int, dict[str, str]]]) -> str:
    """Table of the modules; where not all mutants were tried, with the 95 per cent interval of Clopper and Pearson."""
    rows = ["| Module | Mutants | Tried | Killed | Of those tried |", "|---|---:|---:|---:|---:|"]
    whole = sum(total for total, _ in found.values()), {k: v for _, of in found.values() for k, v in of.items()}
    for module, (total, statuses) in (found | {"all": whole}).items():
        tried, killed = len(statuses), sum(status == "killed" for status in statuses.values())
        low, high = (100 * bound for bound in binomtest(killed, tried).proportion_ci())
        share = f"{100 * killed / tried:.1f}\u00a0%" + f" ({low:.1f} to {high:.1f})" * (tried < total)
        shown = module if module == "all" else f"`{module}`"
        rows.append(f"| {shown} | {total:,} | {tried:,} | {killed:,} | {share} |")
    return "\n".join(rows)


def main() -> int:
    """Run, write the page, name what has no reason."""
    os.chdir(ROOT)
    sampled = "--sample" in sys.argv
    mark = "sample" if sampled else "mutants"
    run([name for name in sys.argv[1:] if name != "--sample"], sampled)
    found = outcomes(sampled)
    reasons = yaml.safe_load((ROOT / "benchmarks" / "mutants.yaml").read_text(encoding="utf-8"))[mark]
    lines = {name: changed_line(name) for _, of in found.values() for name, status in of.items() if status != "killed"}
    fits = {
        name: next((i for i, reason in enumerate(reasons) if re.search(reason["line"], line)), None)
        for name, line in lines.items()
    }
    seen = Counter(fits.values())
    table = ["| Survivors | What they change | Why no test can, or need, tell |", "|---:|---|---|"]
    table += [f"| {seen[i]} | {reason['change']} | {reason['why']} |" for i, reason in enumerate(reasons)]
    what = f" of every n-th mutant (n: {', '.join(f'`{k}` {n}' for k, n in EVERY.items())})" * sampled
    text = "\n\n".join([f"Measured by `make mutants`{what}: {machine()}.", counts(found), "\n".join(table)])
    write("tests/faults.md", mark, text)
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
