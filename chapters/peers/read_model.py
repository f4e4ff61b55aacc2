"""Opens a model that `swift run chapter6 --save model.safetensors` wrote, and computes its exact held-out ELBO.

    python3 chapters/peers/read_model.py model.safetensors

For the chapter's own digits, with Bernoulli pixels and two latent dimensions: the same number as the chapter's
"mean of all 297". Needs `pip install torch numpy safetensors`.
"""

import sys
from pathlib import Path

import numpy as np
import torch
from safetensors import safe_open
from torch import nn
from torch.nn import functional

DIGITS = Path(__file__).resolve().parents[2] / "Sources/ImageModels/Digits/digits-images-idx3-ubyte"
ACTIVATIONS = {"softplus": nn.Softplus, "relu": nn.ReLU, "tanh": nn.Tanh}

with safe_open(sys.argv[1], framework="pt") as file:
    settings = file.metadata()
    tensors = {name: file.get_tensor(name) for name in file.keys()}


def network(name):
    """nn.Sequential(Linear, activation, Linear, …) with the file's numbers, in double precision."""
    mine = {key.removeprefix(name + "."): value for key, value in tensors.items() if key.startswith(name)}
    weights = sorted((key for key in mine if key.endswith("weight")), key=lambda key: int(key.split(".")[0]))
    layers = []
    for outputs, inputs in [mine[key].shape for key in weights]:
        layers += [nn.Linear(inputs, outputs), ACTIVATIONS[settings["activation"]]()]
    sequence = nn.Sequential(*layers[:-1]).double()
    sequence.load_state_dict(mine)
    return sequence


encoder, decoder = network("encoder"), network("decoder")
levels = np.fromfile(DIGITS, np.uint8, offset=16).reshape(-1, 64)[1500:]
x = torch.from_numpy((levels >= 8).astype(float))

# E_q[log p(x|z)] by Gauss–Hermite in each of the two dimensions, z = µ + σ√2 t.
nodes, weights = map(torch.from_numpy, np.polynomial.hermite.hermgauss(48))
grid = 2**0.5 * torch.cartesian_prod(nodes, nodes)
product = torch.outer(weights, weights).flatten() / torch.pi
elbo = []
with torch.no_grad():
    for image, (mean, log_variance) in zip(x, (row.chunk(2) for row in encoder(x))):
        logits = decoder(mean + (0.5 * log_variance).exp() * grid)
        loss = functional.binary_cross_entropy_with_logits(logits, image.expand_as(logits), reduction="none")
        divergence = 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).sum()
        elbo.append(-product @ loss.sum(1) - divergence)
print(f"{len(x)} held-out digits, ELBO {torch.stack(elbo).mean():.8f} nats")
