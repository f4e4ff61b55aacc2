"""The Pyro tutorial's VAE, by the book, on Fashion-MNIST: the peer of

    swift run chapter6 --data DIR --latent 50 --hidden 400 --batch 256 --epochs 10

    python3 chapters/peers/fashion.py --data DIR [--epochs 10] [--seed 1]

784–400–(50, 50)–400–784, softplus, Bernoulli pixels binarised at half, Adam at 1e-3, PyTorch's default
initialisation. Prints the mean held-out ELBO after each epoch, in nats an image. Needs `pip install torch numpy`.
"""

import argparse
import gzip
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional

LATENTS = 50


def images(folder, part):
    """The images of an IDX file, one a row: 1 where a grey level reaches 128, else 0."""
    with gzip.open(Path(folder) / f"{part}-images-idx3-ubyte.gz") as file:
        data = file.read()
    count, rows, columns = np.frombuffer(data, ">u4", count=3, offset=4)
    levels = np.frombuffer(data, np.uint8, offset=16).reshape(count, rows * columns)
    return torch.from_numpy((levels >= 128).astype(np.float32))


def elbo(encoder, decoder, x):
    """The ELBO of each row of x: one draw for E_q[log p(x|z)], the KL in closed form."""
    mean, log_variance = encoder(x).chunk(2, dim=1)
    z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
    loss = functional.binary_cross_entropy_with_logits(decoder(z), x, reduction="none").sum(1)
    divergence = 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).sum(1)
    return -loss - divergence


def held_out(encoder, decoder, data):
    """The mean of one draw an image."""
    with torch.no_grad():
        return torch.cat([elbo(encoder, decoder, x) for x in data.split(1000)]).double().mean().item()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--data", required=True, help="a folder with Fashion-MNIST's .gz files")
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    training, test = images(options.data, "train"), images(options.data, "t10k")

    torch.manual_seed(options.seed)
    pixels = training.shape[1]
    encoder = nn.Sequential(nn.Linear(pixels, 400), nn.Softplus(), nn.Linear(400, 2 * LATENTS))
    decoder = nn.Sequential(nn.Linear(LATENTS, 400), nn.Softplus(), nn.Linear(400, pixels))
    optimiser = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], lr=1e-3)
    print("epoch   held-out ELBO, one draw   mean of 10 draws")
    for epoch in range(1, options.epochs + 1):
        for batch in torch.randperm(len(training)).split(256):
            loss = -elbo(encoder, decoder, training[batch]).mean()
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
        draws = [held_out(encoder, decoder, test) for _ in range(10)]
        print(f"{epoch:5}{draws[0]:26.4f}{sum(draws) / 10:19.4f}", flush=True)


if __name__ == "__main__":
    main()
