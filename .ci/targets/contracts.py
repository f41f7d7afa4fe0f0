"""The contracts and the command of the scripts that run real clients."""

import pathlib
import random
import subprocess

CONTRACT = """
[driver.{name}]
class = "{driver_class}"
provider_module = "{module}"
max_in_flight = {slots}
max_queue_depth = {queue}
capabilities = ["non_blocking_execute", "bounded_concurrency", "timeout_telemetry", "retry_telemetry"{capability}]
support_tier = "tier1"
tuning_guide = ""
timeout_policy = {{ connect_ms = {connect}, request_ms = {request}, idle_ms = {idle}{time} }}
retry_policy = {{ max_attempts = {attempts}, base_backoff_ms = {base}, max_backoff_ms = {maximum}, jitter_percent = {jitter}{growth} }}
[driver.{name}.telemetry]
timeout_metric = "{name}_timeouts_total"
retry_metric = "{name}_retries_total"
latency_metric = "{name}_duration_seconds"
in_flight_metric = "{name}_in_flight"
"""
# The keys that most contracts do not set, each with a comma in front.
OPTIONAL = {"capability": "", "time": "", "growth": ""}


def contract(name, **values):
    """Returns the text of a contract with these values."""
    return CONTRACT.format(name=name, **{**OPTIONAL, **values})


def generated(count, seed, **choices):
    """Returns the names of contracts, each with one of the choices for each value."""
    numbers = random.Random(seed)
    pick = lambda: {key: numbers.choice(values) for key, values in choices.items()}
    return {f"generated_{index}": pick() for index in range(count)}


class Driverc:
    """Runs a binary, and returns the finished process."""

    def __init__(self, binary):
        self.binary = str(pathlib.Path(binary).resolve())

    def __call__(self, *arguments, folder):
        command = [self.binary, *arguments]
        return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
