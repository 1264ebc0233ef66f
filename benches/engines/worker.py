"""Runs the encoder of a weight file in another engine, on one thread, over the windows that relata cut.

    python worker.py ENGINE WINDOWS MODEL

ENGINE is `torch-f32`, `torch-bf16`, `torch-int8`, `onnx-f32` or `onnx-int8`. WINDOWS has the pieces of a window a line,
MODEL is the weight file. Prints the pieces that were read and the CPU seconds that they took, without loading and without
the first windows; each window is a batch of its own, as in relata. The int8 engines quantize the linear layers
dynamically, weights by channel.
"""
import json
import os
import sys
import tempfile
import time

# Before the libraries are loaded: one thread, as for relata.
for variable in ["OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"]:
    os.environ[variable] = "1"

import torch

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, "train"))
from relata_train.export import read  # noqa: E402
from relata_train.model import Encoder  # noqa: E402

CLS, SEP = 101, 102
WARM = 3  # windows that are read before the clock starts


class States(torch.nn.Module):
    """The encoder over one window: pieces [1, pieces] to states [1, pieces, width]."""

    def __init__(self, encoder):
        super().__init__()
        self.encoder = encoder

    def forward(self, pieces):
        zeros = torch.zeros_like(pieces)
        x = self.encoder.word(pieces) + self.encoder.position.weight[:pieces.shape[1]]
        x = self.encoder.norm(x + self.encoder.shape(zeros) + self.encoder.gap(zeros))
        for layer in self.encoder.layers:
            x = layer(x, None)
        return x


def load(path):
    header, tensors, pieces, _ = read(path)
    sizes = header["encoder"]
    encoder = Encoder(len(pieces), sizes["width"], sizes["layers"], sizes["heads"], sizes["inner"], sizes["positions"],
                      sizes["epsilon"])
    encoder.load_state_dict({name.removeprefix("encoder."): value for name, value in tensors.items()
                             if name.startswith("encoder.")})
    return States(encoder).eval()


def with_torch(model, kind):
    if kind == "int8":
        by_channel = {torch.nn.Linear: torch.ao.quantization.per_channel_dynamic_qconfig}
        model = torch.ao.quantization.quantize_dynamic(model, by_channel)
    if kind == "bf16":
        model = model.to(torch.bfloat16)
    return lambda window: model(torch.tensor([window]))


def with_onnx(model, kind, folder):
    import numpy as np
    import onnx
    import onnxruntime
    from onnxruntime.quantization import QuantType, quantize_dynamic
    path = os.path.join(folder, "encoder.onnx")
    torch.onnx.export(model, (torch.tensor([[CLS, 1000, 1001, SEP]]),), path, input_names=["pieces"],
                      dynamic_shapes=[{1: torch.export.Dim("length", min=2, max=512)}])
    if kind == "int8":
        quantized = os.path.join(folder, "encoder.int8.onnx")
        quantize_dynamic(path, quantized, weight_type=QuantType.QInt8, per_channel=True, reduce_range=False)
        path = quantized
        nodes = onnx.load(path).graph.node
        layers = sum(node.op_type.startswith(("MatMulInteger", "DynamicQuantizeMatMul")) for node in nodes)
        wanted = 6 * len(model.encoder.layers)
        if layers < wanted:
            raise SystemExit(f"onnxruntime quantized {layers} of {wanted} linear layers")
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])
    return lambda window: session.run(None, {"pieces": np.array([window], dtype=np.int64)})


def main():
    engine, windows, model = sys.argv[1:]
    library, kind = engine.split("-")
    torch.set_num_threads(1)
    with open(windows, encoding="utf-8") as lines:
        windows = [[CLS, *json.loads(line), SEP] for line in lines]
    with torch.no_grad(), tempfile.TemporaryDirectory() as folder:
        model = load(model)
        run = with_torch(model, kind) if library == "torch" else with_onnx(model, kind, folder)
        for window in windows[:WARM]:
            run(window)
        started = time.process_time()
        for window in windows:
            run(window)
        seconds = time.process_time() - started
    print(json.dumps({"engine": engine, "pieces": sum(map(len, windows)) - 2 * len(windows), "seconds": seconds}))


main()
