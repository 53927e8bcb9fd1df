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
from pathlib import Path

from paths import options

# The calibration's and the evaluation's draws; any key does, the same one gives the same table.
KEY = "5a" * 32


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


def rows(answers: dict[str, dict]) -> list[list[str]]:
    """Detection of successful examples in per cent: the chain at each rate, then each detector at the first."""
    first = next(iter(answers.values()))
    names = [detector["name"] for detector in first["detectors"]]
    at = [f"{float(rate):.0%}" for rate in answers]
    head = ["attack", "rows", "successful", *(f"chain at {x}" for x in at), "AUC", *(f"{n} at {at[0]}" for n in names)]
    lines = [head, [":--", *["--:"] * (len(head) - 1)]]
    for i, one in enumerate(first["sets"]):
        chain = [percent(answer["sets"][i]["detection_rate"]) for answer in answers.values()]
        auc = "–" if one["auc"] is None else f"{one['auc']:.3f}"
        alone = [percent(detector["sets"][i]["detection_rate"]) for detector in first["detectors"]]
        lines.append([Path(one["file"]).stem, str(one["n"]), str(one["successful"]), *chain, auc, *alone])
    return lines + [summary(name, pick, answers) for name, pick in (("mean", mean), ("worst", min))]


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


def summary(name: str, pick, answers: dict[str, dict]) -> list[str]:
    first = next(iter(answers.values()))

    def over(sets: list[dict], key: str = "detection_rate") -> float | None:
        known = [one[key] for one in sets if one[key] is not None]
        return pick(known) if known else None

    chain = [percent(over(answer["sets"])) for answer in answers.values()]
    auc = over(first["sets"], "auc")
    alone = [percent(over(detector["sets"])) for detector in first["detectors"]]
    return [f"**{name}**", "", "", *chain, "–" if auc is None else f"{auc:.3f}", *alone]


def clean(rate: str, answer: dict) -> str:
    part, alone = answer["clean"], ", ".join(f"{d['name']} {percent(d['clean']['fpr'])} %" for d in answer["detectors"])
    promise = answer.get("promise")
    given = f"; promise {json.dumps(promise)}" if promise else ""
    return (
        f"At {float(rate):.0%}: {part['flagged']} of {part['n']} clean rows flagged ({percent(part['fpr'])} %), "
        f"accuracy {percent(part['accuracy'])} %, {answer['passes_per_request']} passes a request{given}. "
        f"Detectors alone: {alone}."
    )


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
        print(clean(rate, answer) + "\n")
    if given.bench:
        configuration = next(iter(configurations.values()))
        print("```\n" + picket(given.build, "bench", "--config", configuration, "--model", model) + "```")
    return 0


if __name__ == "__main__":
    sys.exit(main())
