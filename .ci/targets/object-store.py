"""Runs obstore and deltalake with the options that driverc writes and rejects. The argument is the binary."""

import datetime
import http.server
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import threading
import time

# Panics are expected, so their traces are not needed.
os.environ["RUST_BACKTRACE"] = "0"
import contracts as common  # noqa: E402
import deltalake  # noqa: E402
import obstore  # noqa: E402
import obstore.store  # noqa: E402

driverc = common.Driverc(sys.argv[1])
FIXED = {
    "driver_class": "object_store_adapter", "module": "object_store::aws", "slots": 5, "queue": 10,
    "jitter": 100,
}
BUILTIN = "object_store_async"
SEED = 20_261_130
GENERATED = 40


class Failing(http.server.BaseHTTPRequestHandler):
    """Answers each request with 503, and keeps the times of the requests."""

    times = []

    def do_GET(self):
        self.times.append(time.monotonic())
        self.send_response(503)
        self.send_header("content-length", "0")
        self.end_headers()

    do_HEAD = do_GET

    def log_message(self, *_arguments):
        pass


SERVER = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Failing)
threading.Thread(target=SERVER.serve_forever, daemon=True).start()
URL = f"http://127.0.0.1:{SERVER.server_port}"


ARGUMENTS = {"weeks", "days", "hours", "minutes", "seconds", "milliseconds", "microseconds"}


def times(value):
    """Replaces the arguments of `timedelta` with the time."""
    if not isinstance(value, dict):
        return value
    if value and set(value) <= ARGUMENTS:
        return datetime.timedelta(**value)
    return {name: times(inner) for name, inner in value.items()}


def open_obstore(values):
    options = {"allow_http": True, **times(values.get("client_options", {}))}
    retry = times(values.get("retry_config", {}))
    return obstore.store.HTTPStore(URL, client_options=options, retry_config=retry)


def read_obstore(values):
    obstore.get(open_obstore(values), "x")


def read_deltalake(values):
    options = {
        "AWS_ENDPOINT_URL": URL,
        "AWS_ALLOW_HTTP": "true",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
        "AWS_REGION": "us-east-1",
        **values,
    }
    deltalake.DeltaTable("s3://bucket/table", storage_options=options)


def outcome(read, values):
    """Returns the times of the requests, and the reason why the client does not start, or None."""
    Failing.times.clear()
    try:
        read(values)
    except BaseException as error:  # A panic is not an exception.
        text = f"{type(error).__name__}: {error}"
        is_panic = "Panic" in text or "panicked" in text
        refused = is_panic or not Failing.times
        return list(Failing.times), text if refused else None
    raise AssertionError("a server that fails cannot be read")


DIALECTS = {"delta-rs": read_deltalake, "obstore": read_obstore}


def contracts(count):
    """Returns the names and texts of contracts, with numbers from small to the limits."""
    generated = common.generated(
        count,
        SEED,
        connect=[500, 3_100, 86_400_000],
        request=[1_000, 20_000, 86_400_000],
        idle=[1, 90_000, 604_800_000],
        time=["", ", deadline_ms = 1000", ", deadline_ms = 604800000"],
        attempts=[1, 2, 3],
        base=[0, 1, 7, 20],
        maximum=[0, 1, 15, 3_600_000],
        growth=["", ", multiplier_percent = 100", ", multiplier_percent = 130"],
    )
    for name, values in generated.items():
        yield name, common.contract(name, **FIXED, **values), values["attempts"]


def check_emitted(folder):
    """Every file that `emit` writes is accepted, `verify` is silent, and the attempts are counted."""
    (folder / "generated.toml").write_text("".join(text for _, text, _ in contracts(GENERATED)))
    names = [(BUILTIN, "builtin:", 3)]
    names += [(name, "generated.toml", attempts) for name, _, attempts in contracts(GENERATED)]
    for dialect, read in DIALECTS.items():
        for name, source, attempts in names:
            choice = ("--driver", name, "--dialect", dialect)
            emitted = driverc("emit", "object-store", source, *choice, folder=folder)
            assert emitted.returncode == 0, emitted
            requests, reason = outcome(read, json.loads(emitted.stdout))
            assert reason is None, f"{reason}\n{emitted.stdout}"
            assert len(requests) == attempts, f"{requests}\n{emitted.stdout}"
            (folder / "a.json").write_text(emitted.stdout)
            verify = ("verify", "object-store", "a.json", *choice, "--workspace", source)
            verified = driverc(*verify, "--show", "info", folder=folder)
            assert verified.returncode == 0 and not verified.stdout, verified
        print(f"{dialect} accepts {len(names)} files, and makes `max_attempts` attempts with each")


REJECTED = {
    "delta-rs": [
        {"timeout": "3.1"},
        {"timeout": "100"},
        {"connect_timeout": "5 Sec"},
        {"pool_idle_timeout": "+5s"},
        {"retry_timeout": "x"},
        {"max_retries": "-1"},
        {"max_retries": "many"},
        {"max_retries": "2 # two"},
        {"max_retries": "1", "backoff_config.base": "x"},
        {"max_retries": "1", "backoff_config.base": "1"},
        {"max_retries": "1", "backoff_config.base": "0.5"},
        {"max_retries": "1", "backoff_config.init_backoff": "0s"},
        {"max_retries": "1", "init_backoff": "0s"},
        {"max_retries": "1", "backoff.base": "1"},
        {"TIMEOUT": "100"},
        {"max_retries": "2", "backoff_config.init_backoff": "100ms", "backoff_config.max_backoff": "10ms"},
    ],
    "obstore": [
        {"client_options": {"timeout": "3.1"}},
        {"client_options": {"timeout": ".5s"}},
        {"client_options": {"connect_timeout": ""}},
        {"retry_config": {"max_retries": -1}},
        {"retry_config": {"retry_timeout": {"seconds": -1}}},
        {"retry_config": {"max_retries": 1, "backoff": {"init_backoff": {"seconds": 0}}}},
        {"retry_config": {"max_retries": 1, "backoff": {"base": 1}}},
        {"retry_config": {"max_retries": 1, "backoff": {"init_backoff": {"milliseconds": 0}}}},
        {
            "retry_config": {
                "max_retries": 2,
                "backoff": {"init_backoff": {"milliseconds": 100}, "max_backoff": {"milliseconds": 10}},
            }
        },
    ],
}
ACCEPTED = {
    "delta-rs": [
        {"max_retries": "1", "timeout": "3s 100ms"},
        {"max_retries": "0", "timeout": "1m30s"},
        {"max_retries": "1", "max_retrys": "x"},
        {"max_retries": "0", "TIMEOUT": "1m30s"},
        {"max_retries": "1", "BACKOFF_CONFIG.BASE": "x"},
        {"MAX_RETRIES": "x", "max_retries": "0"},
        {"max_retries": "0", "OBJECT_STORE_CONCURRENCY_LIMIT": "x"},
        {"max_retries": "1", "backoff_config.base": "1.3", "retry_timeout": "1month"},
        {"max_retries": "1", "backoff_config.init_backoff": "50ms", "backoff_config.max_backoff": "10ms"},
    ],
    "obstore": [
        {"client_options": {"timeout": "1.5m"}, "retry_config": {"max_retries": 0}},
        {"client_options": {"timeout": "1500000us"}, "retry_config": {"max_retries": 0}},
        {"client_options": {"timeout": {"minutes": 1.5}}, "retry_config": {"max_retries": 0}},
        {"retry_config": {"max_retries": 1, "retry_timeout": {"minutes": 3, "seconds": 20}}},
        {"retry_config": {"max_retries": 1, "backoff": {"init_backoff": {"seconds": 0.05}}}},
        {"retry_config": {"max_retries": 1, "retry_timeout": {"milliseconds": 0}}},
        {"retry_config": {"max_retries": 1, "backoff": {"base": 1.01}}},
    ],
}


def check_rejected(folder):
    """`drift-rejected` and the clients agree."""
    for dialect, read in DIALECTS.items():
        for values in REJECTED[dialect] + ACCEPTED[dialect]:
            (folder / "a.json").write_text(json.dumps(values))
            choice = ("--driver", BUILTIN, "--dialect", dialect, "--workspace", "builtin:")
            verified = driverc("verify", "object-store", "a.json", *choice, folder=folder)
            is_rejected = "drift-rejected" in verified.stdout
            _requests, reason = outcome(read, values)
            assert is_rejected == (reason is not None), f"{values}: {reason}\n{verified.stdout}"
            assert is_rejected == (values in REJECTED[dialect]), f"{values}\n{verified.stdout}"
        rejected, accepted = len(REJECTED[dialect]), len(ACCEPTED[dialect])
        print(f"{dialect} refuses {rejected} files and accepts {accepted}, as verify says")


# The scheduling of threads delays a request.
LATE_MS = 60


def check_backoffs(folder):
    """Backoffs lie between the first backoff and the contract's longest."""
    for dialect, read in DIALECTS.items():
        for base, maximum, growth in ((150, 400, 200), (600, 200, 200), (150, 1_000, 130)):
            text = common.contract(
                "counted", **FIXED, connect=1_000, request=5_000, idle=60_000, attempts=5,
                base=base, maximum=maximum, growth=f", multiplier_percent = {growth}",
            )
            (folder / "counted.toml").write_text(text)
            choice = ("--driver", "counted", "--dialect", dialect)
            emitted = driverc("emit", "object-store", "counted.toml", *choice, folder=folder)
            assert emitted.returncode == 0, emitted
            requests, reason = outcome(read, json.loads(emitted.stdout))
            assert reason is None and len(requests) == 5, (reason, requests)
            gaps = [(after - before) * 1000 for before, after in zip(requests, requests[1:])]
            for number, gap in enumerate(gaps):
                longest = min(maximum, base * (growth / 100) ** number)
                assert min(base, maximum) - 1 <= gap <= longest + LATE_MS, f"{gap}: {longest}"
            shown = ", ".join(f"{gap:.0f}" for gap in gaps)
            print(f"{dialect}, base {base}, maximum {maximum}, growth {growth}%: backoffs in ms: {shown}")


with tempfile.TemporaryDirectory() as work:
    check_emitted(pathlib.Path(work))
    check_rejected(pathlib.Path(work))
    check_backoffs(pathlib.Path(work))
