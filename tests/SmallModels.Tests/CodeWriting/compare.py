"""Runs PyTorch modules that SmallModel.WriteCode has written, and compares them with what TorchSharp said.

A folder holds NAME.py with NAME.pth, and NAME.case0.pth and so on: state dicts with input0..., output0... Each line of the output is a name, the
number of cases and the largest error relative to the largest output, or what Python said. Usage: python3 compare.py FOLDER
"""

import importlib.util
import pathlib
import sys

import torch


def load_module(path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def take(case, kind):
    names = [f"{kind}{i}" for i in range(len(case))]
    return [case[name] for name in names if name in case]


def relative_error(expected, actual):
    if expected.shape != actual.shape:
        return float("inf")
    difference = (expected.double() - actual.double()).abs().max().item()
    return difference / max(expected.double().abs().max().item(), 1e-30)


def compare(path):
    network = getattr(load_module(path), path.stem).load(path.with_suffix(".pth"))
    cases = sorted(path.parent.glob(f"{path.stem}.case*.pth"))
    worst = 0.0
    for file in cases:
        case = torch.load(file, map_location="cpu")
        with torch.no_grad():
            result = network(*take(case, "input"))
        actual = list(result) if isinstance(result, tuple) else [result]
        expected = take(case, "output")
        if len(actual) != len(expected):
            return f"error {len(actual)} outputs in place of {len(expected)}"
        worst = max([worst] + [relative_error(e, a) for e, a in zip(expected, actual)])
    return f"{len(cases)} {worst:.1e}"


if __name__ == "__main__":
    torch.set_num_threads(1)
    print(f"torch {torch.__version__}")
    for code in sorted(pathlib.Path(sys.argv[1]).glob("*.py")):
        try:
            print(code.stem, compare(code), flush=True)
        except Exception as fault:
            print(code.stem, f"error {type(fault).__name__}: {str(fault).splitlines()[0]}", flush=True)
