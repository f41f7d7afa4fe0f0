"""Runs gRPC with the files that driverc writes and rejects. The argument is the binary."""

import concurrent.futures
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

# Refused service configs are expected, so the log is not needed.
os.environ["GRPC_VERBOSITY"] = "NONE"
import contracts as common  # noqa: E402

# The folder of this script has a module with the name `grpc`.
sys.path.pop(0)
import grpc  # noqa: E402

driverc = common.Driverc(sys.argv[1])
FIXED = {
    "driver_class": "relational_adapter", "module": "tonic::client", "slots": 5, "queue": 10,
    "connect": 1_000, "idle": 60_000, "jitter": 34,
}
BUILTIN = ["postgres_async", "clickhouse_async", "kafka_async", "object_store_async"]
SEED = 20_261_130
GENERATED = 80


class Server(grpc.GenericRpcHandler):
    """Answers each request with a status, and keeps the times of the requests."""

    def __init__(self, status):
        self.status = status
        self.times = []
        self.pool = concurrent.futures.ThreadPoolExecutor(4)
        self.server = grpc.server(self.pool, handlers=[self])
        self.port = self.server.add_insecure_port("127.0.0.1:0")
        self.server.start()

    def service(self, _details):
        return grpc.unary_unary_rpc_method_handler(self.answer)

    def answer(self, _request, context):
        self.times.append(time.monotonic())
        if self.status is not None:
            context.abort(self.status, "")
        return b""

    def call(self, config):
        """Calls once with a service config. Returns the error, or None, and the times of the requests."""
        self.times = []
        options = [("grpc.service_config", config), ("grpc.enable_http_proxy", 0)]
        with grpc.insecure_channel(f"127.0.0.1:{self.port}", options=options) as channel:
            try:
                channel.unary_unary("/test.Service/Method")(b"", wait_for_ready=True, timeout=30)
            except grpc.RpcError as error:
                return error, list(self.times)
        return None, list(self.times)


def is_refused(config, server):
    error, _times = server.call(config)
    if error is None or error.code() == grpc.StatusCode.DEADLINE_EXCEEDED:
        return False
    assert error.code() in (grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.UNAVAILABLE), error
    return True


def contracts(count):
    """Returns the names and texts of contracts, with numbers from small to the limits."""
    generated = common.generated(
        count,
        SEED,
        request=[1_000, 5_000, 300_001, 86_400_000],
        time=["", ", deadline_ms = 1000", ", deadline_ms = 604800000"],
        attempts=[1, 2, 3, 4, 5, 6],
        base=[0, 1, 7, 120, 360_001, 3_600_000],
        maximum=[0, 1, 1_000, 300_001, 3_600_000],
        growth=["", ", multiplier_percent = 130", ", multiplier_percent = 1000"],
    )
    for name, values in generated.items():
        yield name, common.contract(name, **FIXED, **values)


def check_emitted(folder, server):
    """Every file that `emit` writes is accepted, and `verify` is silent."""
    (folder / "generated.toml").write_text("".join(text for _, text in contracts(GENERATED)))
    names = [(name, "builtin:") for name in BUILTIN]
    names += [(name, "generated.toml") for name, _ in contracts(GENERATED)]
    written = 0
    for name, source in names:
        emitted = driverc("emit", "grpc", source, "--driver", name, folder=folder)
        if emitted.returncode == 1:
            assert "emit-impossible" in emitted.stdout, emitted
            continue
        assert emitted.returncode == 0, emitted
        assert not is_refused(emitted.stdout, server), emitted.stdout
        (folder / "a.json").write_text(emitted.stdout)
        verify = ("verify", "grpc", "a.json", "--driver", name, "--workspace", source)
        verified = driverc(*verify, "--show", "info", folder=folder)
        assert verified.returncode == 0 and not verified.stdout, verified
        written += 1
    print(f"gRPC accepts {written} service configs")
    assert written > 40


POLICY = {
    "maxAttempts": 3,
    "initialBackoff": "0.1s",
    "maxBackoff": "1s",
    "backoffMultiplier": 2,
    "retryableStatusCodes": ["UNAVAILABLE"],
}
without = lambda name: {key: value for key, value in POLICY.items() if key != name}
REJECTED = [
    {"timeout": "15150ms"},
    {"timeout": "15"},
    {"timeout": 15},
    {"timeout": "1.0000000001s"},
    {"retryPolicy": {}},
    {"retryPolicy": {"MaxAttempts": 3}},
    {"retryPolicy": {**POLICY, "maxAttempts": 1}},
    {"retryPolicy": {**POLICY, "maxAttempts": 0}},
    {"retryPolicy": {**POLICY, "maxAttempts": "many"}},
    {"retryPolicy": {**POLICY, "initialBackoff": "50ms"}},
    {"retryPolicy": {**POLICY, "initialBackoff": "0s"}},
    {"retryPolicy": {**POLICY, "maxBackoff": "0s"}},
    {"retryPolicy": {**POLICY, "backoffMultiplier": 0}},
    {"retryPolicy": {**POLICY, "backoffMultiplier": "x"}},
    {"retryPolicy": {**POLICY, "retryableStatusCodes": []}},
    {"retryPolicy": without("maxAttempts")},
    {"retryPolicy": without("initialBackoff")},
    {"retryPolicy": without("maxBackoff")},
    {"retryPolicy": without("backoffMultiplier")},
    {"retryPolicy": without("retryableStatusCodes")},
    {"retryPolicy": {**POLICY, "initialBackoff": None}},
    {"retryPolicy": {**POLICY, "retryableStatusCodes": [14]}},
    {"retryPolicy": {**POLICY, "retryableStatusCodes": ["BOGUS"]}},
    {"retryPolicy": {**POLICY, "retryableStatusCodes": ["unavailable"]}},
    {"name": [{}, {}]},
    {"name": [{"method": "x"}]},
    {"name": [{"service": "a"}, {"service": "a", "method": ""}]},
    {"name": [{"service": 1}]},
    {"name": ["x"]},
]
ACCEPTED = [
    {},
    {"timeout": "15.15s"},
    {"timeout": "5s", "unknown": 1},
    {"retryPolicy": POLICY},
    {"retryPolicy": None},
    {"retryPolicy": {**POLICY, "maxAttempts": 7}},
    {"retryPolicy": {**POLICY, "maxAttempts": "3"}},
    {"retryPolicy": {**POLICY, "backoffMultiplier": 0.5}},
    {"retryPolicy": {**POLICY, "initialBackoff": "2s"}},
    {"retryPolicy": {**POLICY, "perAttemptRecvTimeout": "x"}},
    {"timeout": None},
    {"name": None},
    {"name": [{"service": "a", "method": "x"}, {"service": "a"}]},
    {"name": [{"service": "", "method": "x"}]},
    {"retryPolicy": {**POLICY, "backoffMultiplier": 0.2}},
    {"retryPolicy": {**POLICY, "backoffMultiplier": 5000}},
    {"retryPolicy": {**POLICY, "retryableStatusCodes": ["OK", "CANCELLED"]}},
    {"\U0001f600": "\U0001f600"},
]


def check_rejected(folder, server):
    """`drift-rejected` and gRPC agree."""
    for values in REJECTED + ACCEPTED:
        config = json.dumps({"methodConfig": [{"name": [{}], **values}]})
        (folder / "a.json").write_text(config)
        verify = ("verify", "grpc", "a.json", "--driver", "postgres_async", "--workspace", "builtin:")
        verified = driverc(*verify, folder=folder)
        is_rejected = "drift-rejected" in verified.stdout
        assert is_rejected == is_refused(config, server), f"{config}: {verified.stdout}"
        assert is_rejected == (values in REJECTED), f"{config}: {verified.stdout}"
    print(f"gRPC refuses {len(REJECTED)} files and accepts {len(ACCEPTED)}, as verify says")


# The scheduling of threads delays a request.
LATE_MS = 60


def check_attempts(folder, server):
    """The number of attempts is `max_attempts`, and backoffs are within the contract's interval."""
    for attempts, growth in ((1, 200), (2, 200), (3, 130), (5, 200)):
        base, maximum = 240, 600
        text = common.contract(
            "counted", **FIXED, request=5_000, attempts=attempts, base=base, maximum=maximum,
            growth=f", multiplier_percent = {growth}",
        )
        (folder / "counted.toml").write_text(text)
        emitted = driverc("emit", "grpc", "counted.toml", "--driver", "counted", folder=folder)
        assert emitted.returncode == 0, emitted
        error, times = server.call(emitted.stdout)
        assert error.code() == grpc.StatusCode.UNAVAILABLE, error
        assert len(times) == attempts, f"{attempts} attempts of the contract, {len(times)} made"
        gaps = [(after - before) * 1000 for before, after in zip(times, times[1:])]
        for number, gap in enumerate(gaps):
            longest = min(maximum, base * (growth / 100) ** number)
            assert longest * 0.66 - 1 <= gap <= longest + LATE_MS, f"{gap} is outside {longest}"
        shown = ", ".join(f"{gap:.0f}" for gap in gaps)
        print(f"max_attempts = {attempts}: {len(times)} requests, backoffs in ms: {shown or 'none'}")
    # Seven attempts are five, as `drift-dead-setting` says.
    policy = {**POLICY, "maxAttempts": 7, "maxBackoff": "0.1s"}
    config = json.dumps({"methodConfig": [{"name": [{}], "retryPolicy": policy}]})
    _error, times = server.call(config)
    assert len(times) == 5, times
    # Without a method, a policy has no effect, as `drift-dead-setting` says.
    config = json.dumps({"methodConfig": [{"name": [], "retryPolicy": policy}]})
    _error, times = server.call(config)
    assert len(times) == 1, times


with tempfile.TemporaryDirectory() as work:
    check_emitted(pathlib.Path(work), Server(None))
    check_rejected(pathlib.Path(work), Server(None))
    check_attempts(pathlib.Path(work), Server(grpc.StatusCode.UNAVAILABLE))
