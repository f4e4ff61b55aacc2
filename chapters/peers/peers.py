"""The work of `swift run bench`, written by the book for PyTorch and NumPy. Prints one JSON object.

Needed only for the comparison in compare.py: nothing else in this package uses Python.
"""

import json
import resource
import sys
import time


def best_rate(repetition, repetitions=8):
    """The rate of the fastest repetition; `repetition` returns how much it did."""
    repetition()
    rates = []
    for _ in range(repetitions):
        start = time.perf_counter()
        amount = repetition()
        rates.append(amount / (time.perf_counter() - start))
    return max(rates)


def training(pixels, hidden, latents, batch, images, fused):
    import torch
    from torch import nn
    from torch.nn import functional

    torch.set_num_threads(2)
    torch.manual_seed(1)
    encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.Softplus(), nn.Linear(hidden, 2 * latents))
    decoder = nn.Sequential(nn.Linear(latents, hidden), nn.Softplus(), nn.Linear(hidden, pixels))
    parameters = [*encoder.parameters(), *decoder.parameters()]
    optimiser = torch.optim.Adam(parameters, lr=1e-3, fused=fused)
    data = (torch.rand(images, pixels) < 0.3).float()

    def epoch():
        order = torch.randperm(images)
        for start in range(0, images, batch):
            x = data[order[start : start + batch]]
            mean, log_variance = encoder(x).chunk(2, dim=1)
            z = mean + torch.exp(0.5 * log_variance) * torch.randn_like(mean)
            logits = decoder(z)
            reconstruction = functional.binary_cross_entropy_with_logits(logits, x, reduction="sum")
            divergence = 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).sum()
            loss = (reconstruction + divergence) / len(x)
            optimiser.zero_grad(set_to_none=True)
            loss.backward()
            optimiser.step()
        return images

    return epoch


def best_training(**shape):
    """The better of Adam's two implementations."""
    return max(best_rate(training(**shape, fused=fused), 4) for fused in (True, False))


def normals():
    import numpy as np

    generator = np.random.default_rng(3)
    out = np.empty(1 << 21, dtype=np.float32)

    def draw():
        generator.standard_normal(out=out, dtype=np.float32)
        return out.size * 1e-6

    return best_rate(draw)


def importance():
    import numpy as np

    generator = np.random.default_rng(4)
    weights = np.array([[1.2, 0.7], [-0.4, 1.0], [0.9, 0.8]])
    offset = np.array([0.2, -0.5, 1.0])
    noise = np.array([[0.6, 0.1, 0.0], [0.1, 0.5, -0.1], [0.0, -0.1, 0.8]])
    x = np.array([1.0, 0.5, -0.3])
    precision = np.eye(2) + weights.T @ np.linalg.solve(noise, weights)
    covariance = np.linalg.inv(precision)
    mean = covariance @ weights.T @ np.linalg.solve(noise, x - offset)
    factor = np.linalg.cholesky(2 * covariance)
    whiten = np.linalg.inv(np.linalg.cholesky(noise))
    constant = np.log(np.diag(factor)).sum() + np.log(np.diag(whiten)).sum() - 1.5 * np.log(2 * np.pi)
    slope = whiten @ weights
    target = whiten @ (x - offset)
    draws = 1_000_000

    def estimate():
        epsilon = generator.standard_normal((draws, 2))
        z = mean + epsilon @ factor.T
        residual = target - z @ slope.T
        log_weights = constant + 0.5 * (
            np.einsum("ij,ij->i", epsilon, epsilon)
            - np.einsum("ij,ij->i", z, z)
            - np.einsum("ij,ij->i", residual, residual)
        )
        largest = log_weights.max()
        log_mean = largest + np.log(np.exp(log_weights - largest).mean())
        assert np.isfinite(log_mean)
        return draws * 1e-6

    return best_rate(estimate)


def product():
    import torch

    torch.set_num_threads(1)
    a, b = torch.randn(256, 784), torch.randn(784, 400)

    def multiply():
        for _ in range(20):
            a @ b
        return 20 * 2e-9 * 256 * 784 * 400

    return best_rate(multiply)


WORKLOADS = {
    "pyro-256": lambda: best_training(pixels=784, hidden=400, latents=50, batch=256, images=4096),
    "pyro-128": lambda: best_training(pixels=784, hidden=400, latents=50, batch=128, images=4096),
    "digits": lambda: best_training(pixels=64, hidden=128, latents=2, batch=100, images=1500),
    "AB": product,
    "normals": normals,
    "importance": importance,
}

if __name__ == "__main__":
    names = sys.argv[1:] or list(WORKLOADS)
    results = {name: WORKLOADS[name]() for name in names}
    results["memory"] = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    print(json.dumps(results))
