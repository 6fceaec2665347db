"""Writes the checkpoints of this folder with PyTorch (1.13): python3 make.py. The tests read them; they need no Python."""

import os
import torch
from torch import nn
from torch.nn.utils import prune

HERE = os.path.dirname(os.path.abspath(__file__))
torch.manual_seed(11)


def make_net():
    net = nn.Sequential(nn.Conv2d(2, 4, 3), nn.BatchNorm2d(4), nn.Flatten(), nn.Linear(16, 3))
    net[1].running_mean.normal_()
    net[1].running_var.uniform_(0.5, 2)
    return net


def save(value, name, **options):
    torch.save(value, os.path.join(HERE, name), **options)


net = make_net()
state = net.state_dict()
save(state, "plain.pth")  # what the others are compared with
for protocol in (3, 4, 5):
    save(state, f"protocol{protocol}.pth", pickle_protocol=protocol)
for protocol in (2, 4):
    save(state, f"legacy{protocol}.pth", pickle_protocol=protocol, _use_new_zipfile_serialization=False)

# A training checkpoint of DataParallel, as torchvision's and many others' scripts write it, with counters of a profiler among the buffers.
optimizer = torch.optim.SGD(net.parameters(), lr=0.1, momentum=0.9)
net(torch.randn(5, 2, 4, 4)).sum().backward()
optimizer.step()
wrapped = {f"module.{name}": tensor for name, tensor in state.items()}
wrapped["module.total_ops"] = torch.zeros(1, dtype=torch.float64)
wrapped["module.0.total_ops"] = torch.zeros(1, dtype=torch.float64)
save(
    {"epoch": 7, "arch": "small", "best": 0.25, "model": wrapped, "ema": {"module": state}, "optimizer": optimizer.state_dict()},
    "checkpoint.tar",
)
save({"epoch": 7, "model": wrapped, "optimizer": optimizer.state_dict()}, "checkpoint-legacy.ckpt", _use_new_zipfile_serialization=False)
save(net.state_dict(), "stepped.pth")  # the step has changed what the checkpoints share with the net

pruned = make_net()
prune.ln_structured(pruned[0], "weight", amount=2, n=1, dim=0)
prune.l1_unstructured(pruned[3], "weight", amount=0.5)
prune.l1_unstructured(pruned[3], "bias", amount=1)
save(pruned.state_dict(), "pruned.pth")
save({"0": {"weight": pruned[0].weight_mask, "bias": None}, "3": {"weight": pruned[3].weight_mask, "bias": pruned[3].bias_mask}}, "pruned-masks.pth")
for layer, name in ((pruned[0], "weight"), (pruned[3], "weight"), (pruned[3], "bias")):
    prune.remove(layer, name)
save(pruned.state_dict(), "pruned-removed.pth")

values = torch.arange(24, dtype=torch.float64).reshape(4, 6) - 11.5
shared = values.float()
kinds = {
    "float64": values,
    "float32": shared,
    "half": values.half(),
    "bfloat16": values.bfloat16(),
    "int8": values.to(torch.int8),
    "uint8": values.abs().to(torch.uint8),
    "int16": values.to(torch.int16),
    "int32": values.to(torch.int32),
    "int64": values.to(torch.int64),
    "bool": values > 0,
    "complex64": torch.complex(shared, -shared),
    "complex128": torch.complex(values, values + 1),
    "transposed": shared.t(),
    "columns": shared[:, 1::2],
    "row": shared[2],
    "scalar": torch.tensor(2.5),
    "empty": torch.zeros(0, 3),
    "name with unicode \u00e4\u4e2d": torch.ones(2),
}
save(kinds, "kinds.pth")
for protocol in (2, 5):
    save(kinds, f"kinds-legacy{protocol}.pth", pickle_protocol=protocol, _use_new_zipfile_serialization=False)
save(net, "module.pth", _use_new_zipfile_serialization=False)  # a whole module: to be refused
