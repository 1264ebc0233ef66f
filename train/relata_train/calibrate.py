"""Fits how sure the relation scores may be, and the threshold from which relations are reported:
`python -m relata_train.calibrate --checkpoint runs/a/checkpoint.pt --relata ../target/release/relata --out calibration.json`
from the folder `train/`.

The program itself extracts the development passages, with a copy of the model that reports nearly everything; a line
through the log-odds of the scores (Platt 1999) makes them the shares of relations that are right. Two numbers are
fitted for all types together, so that rare types cannot be fitted to chance. `export` puts them into the weights.
"""
import argparse
import json
import math
import os
import subprocess
import tempfile

from . import export
from .schema import RELATIONS, ROOT

NEWS = os.path.join(ROOT, "data", "news", "dev.gold")
LOWEST = 0.02  # of the scores that the copy reports


def log_odds(probability):
    probability = min(max(probability, 1e-6), 1 - 1e-6)
    return math.log(probability / (1 - probability))


def fit(bins):
    """(scale, shift) of most likelihood for [(count, confidence, accuracy)], by Newton's method."""
    scale, shift = 1.0, 0.0
    for _ in range(50):
        gradient, matrix = [0.0, 0.0], [[1e-9, 0.0], [0.0, 1e-9]]
        for count, confidence, accuracy in bins:
            x = log_odds(confidence)
            p = 1 / (1 + math.exp(-(scale * x + shift)))
            for i, a in enumerate((x, 1.0)):
                gradient[i] += count * (p - accuracy) * a
                for j, b in enumerate((x, 1.0)):
                    matrix[i][j] += count * p * (1 - p) * a * b
        determinant = matrix[0][0] * matrix[1][1] - matrix[0][1] * matrix[1][0]
        scale -= (matrix[1][1] * gradient[0] - matrix[0][1] * gradient[1]) / determinant
        shift -= (matrix[0][0] * gradient[1] - matrix[1][0] * gradient[0]) / determinant
    return scale, shift


def evaluate(relata, arguments, calibration, gold):
    """What `relata eval --json` says of a checkpoint with a calibration."""
    with tempfile.TemporaryDirectory() as folder:
        export.write(arguments.checkpoint, os.path.join(folder, "model.relata"), calibration, arguments.encoder, "trial")
        command = [relata, "--quiet", "--model", folder, "eval", "--json", gold]
        return json.loads(subprocess.run(command, check=True, capture_output=True).stdout)


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    p.add_argument("--checkpoint", required=True)
    p.add_argument("--relata", required=True, help="the program, built for release")
    p.add_argument("--gold", default=NEWS)
    p.add_argument("--encoder", default="minilm")
    p.add_argument("--out", required=True)
    args = p.parse_args()
    report = evaluate(args.relata, args, {"scale": 1.0, "shift": 0.0, "threshold": LOWEST}, args.gold)
    bins = [(b["count"], b["confidence"], b["accuracy"]) for b in report["relation_calibration"]["bins"] if b["count"]]
    scale, shift = fit(bins)
    print(f"{sum(b[0] for b in bins)} relations: scale {scale:.3f}, shift {shift:.3f}")
    best = None
    for threshold in (0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45):
        trial = {"scale": round(scale, 3), "shift": round(shift, 3), "threshold": threshold}
        report = evaluate(args.relata, args, trial, args.gold)
        f1 = report["relations"]["strict"]["all"]["f1"]
        error = report["relation_calibration"]["expected_error"]
        print(f"threshold {threshold}: relations F1 {100 * f1:.2f}, expected calibration error {100 * error:.1f} %")
        if best is None or f1 > best[0]:
            best = (f1, trial)
    with open(args.out, "w", encoding="utf-8") as file:
        json.dump(best[1], file, indent=2)
        file.write("\n")
    print(f"{args.out}: {best[1]}, for all {len(RELATIONS)} types")


if __name__ == "__main__":
    main()
