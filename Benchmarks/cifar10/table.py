#!/usr/bin/env python3
"""Calibrates and evaluates a cache's chain, and prints the table for the README.

    table.py --cache DIR --build ../../.build/release                      at 5 % and 1 %
    table.py --cache DIR --build ../../.build/release --rates 0.05 --bench   also what a request costs

The configuration is the cache's picket.yaml with the rate, the calibration file and the plugins' folder filled in.
"""

import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

from paths import options

# The calibration's and the evaluation's draws; any key does, the same one gives the same table.
KEY = "5a" * 32
Pick = Callable[[list[float]], float]


def configured(cache: Path, build: Path, rate: str, confidence: str | None) -> Path:
    text = (cache / "picket.yaml").read_text()
    filled = {
        "false-positive-rate": rate,
        "calibration": f"calibration-{rate}.json",
        "directories": f'[ "{build.resolve()}" ]',
    }
    if confidence is not None:
        filled["confidence"] = confidence
    for key, value in filled.items():
        text, found = re.subn(rf"^(\s*{key}:).*$", rf"\1 {value}", text, flags=re.MULTILINE)
        if not found:
            raise SystemExit(f"{cache}/picket.yaml: no line `{key}:` to fill in")
    path = cache / f"picket-{rate}.yaml"
    path.write_text(text)
    return path


def picket(build: Path, *arguments: object) -> str:
    done = subprocess.run([build / "picket", *map(str, arguments)], stdout=subprocess.PIPE, text=True)
    if done.returncode:
        raise SystemExit(f"picket {arguments[0]} exited with {done.returncode}")
    return done.stdout


def measured(cache: Path, build: Path, model: str, configuration: Path, sets: list[Path]) -> dict:
    shared = ("--config", configuration, "--model", model, "--key", KEY)
    picket(build, "calibrate", *shared, "--clean", cache / "clean-calibration.npz")
    answer = picket(build, "evaluate", *shared, "--clean", cache / "clean-test.npz", "--adversarial", *sets, "--json")
    configuration.with_suffix(".json").write_text(answer)
    return json.loads(answer)


def percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f}"


def detection(one: dict, on_average: bool) -> float | None:
    return (one["marginal"] if on_average else one)["detection_rate"]


def average(values: list[float]) -> float:
    return sum(values) / len(values)


def over(sets: list[dict], pick: Pick, of: Callable[[dict], float | None]) -> float | None:
    known = [value for value in map(of, sets) if value is not None]
    return pick(known) if known else None


def figures(sets: list[list[dict]], alone: list[list[dict]], pick: Pick) -> list[str]:
    """The chain at each rate, as promised and on average; its AUC; each detector by itself at the first rate."""
    chain = [
        percent(over(at, pick, lambda one, free=on_average: detection(one, free)))
        for at in sets
        for on_average in (False, True)
    ]
    auc = over(sets[0], pick, lambda one: one["auc"])
    detectors = [percent(over(one, pick, lambda each: each["detection_rate"])) for one in alone]
    return [*chain, "–" if auc is None else f"{auc:.3f}", *detectors]


def rows(answers: dict[str, dict]) -> list[list[str]]:
    """Detection of successful examples in per cent."""
    first = next(iter(answers.values()))
    rates = [f"{float(rate):.0%}" for rate in answers]
    chain = [column for rate in rates for column in (f"chain, {rate}", f"{rate} on average")]
    head = ["attack", "rows", "successful", *chain, "AUC", *(f"{d['name']}, {rates[0]}" for d in first["detectors"])]
    lines = [head, [":--", *["--:"] * (len(head) - 1)]]
    sets, alone = [answer["sets"] for answer in answers.values()], [d["sets"] for d in first["detectors"]]
    for i, one in enumerate(first["sets"]):
        cells = figures([[at[i]] for at in sets], [[detector[i]] for detector in alone], average)
        lines.append([Path(one["file"]).stem, str(one["n"]), str(one["successful"]), *cells])
    for name, pick in (("mean", average), ("worst", min)):
        lines.append([f"**{name}**", "", "", *figures(sets, alone, pick)])
    return lines


def summary(rate: str, answer: dict) -> str:
    """What the chain does to clean rows, what it promises, and what is left of accuracy under all attacks together."""
    clean, union = answer["clean"], answer["union"]
    alone = ", ".join(f"{d['name']} {percent(d['clean']['fpr'])} %" for d in answer["detectors"])
    lines = [
        f"At {float(rate):.0%}: {clean['flagged']} of {clean['n']} clean rows flagged ({percent(clean['fpr'])} %), "
        f"accuracy {percent(clean['accuracy'])} %, {answer['passes_per_request']} passes a request.",
        f"Promise: {json.dumps(answer['promise'])}.",
        f"Detectors alone flag of the clean rows: {alone}.",
    ]
    if union:
        lines.append(
            f"All {union['sets']} attacks together: of {union['pictures']} pictures {union['lost']} are lost to some "
            f"attack ({union['marginal']['lost']} on average), {union['fooled']} without the chain."
        )
    return "\n".join(lines)


def main() -> int:
    parser = options(__doc__)
    parser.add_argument("--build", type=Path, required=True, help="folder of the built picket and its plugins")
    parser.add_argument("--model", help="the served model; by default the chain's")
    parser.add_argument("--rates", nargs="+", default=["0.05", "0.01"], help="false-positive rates promised")
    parser.add_argument("--confidence", help="of the promise; 0: on average only. By default the configuration's")
    parser.add_argument("--sets", default="*-8bit.npz", help="which adversarial sets, as a pattern")
    parser.add_argument("--bench", action="store_true", help="what guarding a row costs over running it, too")
    given = parser.parse_args()
    sets = sorted((given.cache / "adversarial").glob(given.sets))
    if not sets:
        raise SystemExit(f"{given.cache}/adversarial: no set is called {given.sets}")
    text = (given.cache / "picket.yaml").read_text()
    model = given.model or re.search(r"^\s*- model: (\S+)", text, re.MULTILINE).group(1)
    configurations = {rate: configured(given.cache, given.build, rate, given.confidence) for rate in given.rates}
    answers = {
        rate: measured(given.cache, given.build, model, configuration, sets)
        for rate, configuration in configurations.items()
    }
    for line in rows(answers):
        print("| " + " | ".join(line) + " |")
    print()
    for rate, answer in answers.items():
        print(summary(rate, answer) + "\n")
    if given.bench:
        configuration = next(iter(configurations.values()))
        print("```\n" + picket(given.build, "bench", "--config", configuration, "--model", model) + "```")
    return 0


if __name__ == "__main__":
    sys.exit(main())
