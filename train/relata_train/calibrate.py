"""Fits how sure the scores of relations and of links of mentions may be, and the threshold from which relations are
reported:
`python -m relata_train.calibrate --checkpoint ../runs/a/checkpoint.pt --relata ../target/release/relata
--out calibration.json` from the folder `train/`.

The program itself extracts the development passages, with a copy of the model that reports nearly everything; a line
through the log-odds of the mean scores of ten bins (after Platt 1999) makes them the shares of relations that are right.
Two numbers are fitted for all types together, so that rare types cannot be fitted to chance; a second line through the
relations that are then reported corrects them. Links get a line of their own, qualifiers a shift each
(`relata_train.qualifiers`). `export` puts all of it into the weights.
"""
import argparse
import json
import math
import os
import subprocess
import tempfile

import torch

from . import export, qualifiers
from .schema import RELATIONS, ROOT

NEWS = os.path.join(ROOT, "data", "news", "dev.gold")
SLACK = 0.0025  # F1 that thresholds may differ by and still count as good
# What the copy makes of its scores: relations are reported down to the lowest, and links, which else crowd near 1, are
# spread over the bins.
TRIAL = {"scale": 1.0, "shift": 0.0, "threshold": 0.02, "links": [0.2, 0.0]}


def log_odds(probability):
    probability = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(probability / (1 - probability))


def fit(bins):
    """(scale, shift) of most likelihood for [(count, confidence, accuracy)], by Newton's method with shorter steps where a
    whole one would lead away."""
    def loss(scale, shift):
        total = 0.0
        for count, confidence, accuracy in bins:
            z = scale * log_odds(confidence) + shift
            # -log of the probability of the right ones and of the wrong ones
            total += count * (max(z, 0.0) + math.log1p(math.exp(-abs(z))) - accuracy * z)
        return total

    scale, shift = 1.0, 0.0
    for _ in range(100):
        gradient, matrix = [0.0, 0.0], [[1e-9, 0.0], [0.0, 1e-9]]
        for count, confidence, accuracy in bins:
            x = log_odds(confidence)
            p = 1 / (1 + math.exp(-(scale * x + shift)))
            for i, a in enumerate((x, 1.0)):
                gradient[i] += count * (p - accuracy) * a
                for j, b in enumerate((x, 1.0)):
                    matrix[i][j] += count * p * (1 - p) * a * b
        determinant = matrix[0][0] * matrix[1][1] - matrix[0][1] * matrix[1][0]
        steps = ((matrix[1][1] * gradient[0] - matrix[0][1] * gradient[1]) / determinant,
                 (matrix[0][0] * gradient[1] - matrix[1][0] * gradient[0]) / determinant)
        share = 1.0
        while share > 1e-6 and loss(scale - share * steps[0], shift - share * steps[1]) > loss(scale, shift):
            share /= 2
        scale, shift = scale - share * steps[0], shift - share * steps[1]
    return scale, shift


def evaluate(relata, arguments, calibration, gold):
    """What `relata eval --json` says of a checkpoint with a calibration."""
    with tempfile.TemporaryDirectory() as folder:
        export.write(arguments.checkpoint, os.path.join(folder, "model.relata"), calibration, arguments.encoder, "trial")
        command = [relata, "--quiet", "--model", folder, "eval", "--json", gold]
        return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def sharpen(best, evaluated):
    """A second line, through the relations that are reported, since the many unlikely ones bend the first; the threshold
    moves along, so that the same relations are reported. The better of both calibrations, as `best`."""
    f1, trial, report = best
    scale, shift = fit([(b["count"], b["confidence"], b["accuracy"]) for b in report["relation_calibration"]["bins"]])
    log_threshold = scale * log_odds(trial["threshold"]) + shift
    second = {**trial, "scale": round(scale * trial["scale"], 3), "shift": round(scale * trial["shift"] + shift, 3),
              "threshold": round(1 / (1 + math.exp(-log_threshold)), 3)}
    report_of_second = evaluated(second)
    errors = [100 * r["relation_calibration"]["expected_error"] for r in (report, report_of_second)]
    print(f"second line: expected calibration error {errors[0]:.1f} -> {errors[1]:.1f} %, relations F1 "
          f"{100 * f1:.2f} -> {100 * report_of_second['relations']['strict']['all']['f1']:.2f}")
    return (f1, second, report_of_second) if errors[1] < errors[0] else best


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    p.add_argument("--checkpoint", required=True)
    p.add_argument("--relata", required=True, help="the program, built for release")
    p.add_argument("--gold", default=NEWS)
    p.add_argument("--encoder", default="minilm")
    p.add_argument("--out", required=True)
    args = p.parse_args()
    with torch.no_grad():
        shifts = qualifiers.shifts(*reversed(export.load(args.checkpoint, args.encoder)))
    report, lines = evaluate(args.relata, args, {**TRIAL, "qualifiers": shifts}, args.gold), {}
    for what, spread in (("relation", TRIAL["scale"]), ("link", TRIAL["links"][0])):
        calibration = report[what + "_calibration"]
        scale, shift = fit([(b["count"], b["confidence"], b["accuracy"]) for b in calibration["bins"]])
        lines[what] = (round(scale * spread, 3), round(shift, 3))
        print(f"{calibration['scored']} {what}s: scale and shift {lines[what]}")
    tried = []
    for threshold in (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45):
        trial = {"scale": lines["relation"][0], "shift": lines["relation"][1], "threshold": threshold,
                 "links": list(lines["link"]), "qualifiers": shifts}
        report = evaluate(args.relata, args, trial, args.gold)
        f1 = report["relations"]["strict"]["all"]["f1"]
        errors = [100 * report[what + "_calibration"]["expected_error"] for what in ("relation", "link")]
        print(f"threshold {threshold}: relations F1 {100 * f1:.2f}, expected calibration error {errors[0]:.1f} %, "
              f"of links {errors[1]:.1f} %")
        tried.append((f1, trial, report))
    # The middle one of the thresholds that do about as well, since the best of them is so by chance.
    enough = [one for one in tried if one[0] >= max(f1 for f1, _, _ in tried) - SLACK]
    best = enough[len(enough) // 2]
    best = sharpen(best, lambda trial: evaluate(args.relata, args, trial, args.gold))
    with open(args.out, "w", encoding="utf-8") as file:
        json.dump(best[1], file, indent=2)
        file.write("\n")
    print(f"{args.out}: {best[1]}, for all {len(RELATIONS)} types")


if __name__ == "__main__":
    main()
