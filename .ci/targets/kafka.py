"""Runs librdkafka with the files that driverc writes and rejects. The argument is the binary."""

import contextlib
import ctypes
import io
import pathlib
import subprocess
import sys
import tempfile

import confluent_kafka
import contracts as common

driverc = common.Driverc(sys.argv[1])
FIXED = {"driver_class": "stream_adapter", "module": "rdkafka::producer", "jitter": 34}
BUILTIN = "kafka_async"
SEED = 20_261_129
GENERATED = 120


def settings(text):
    lines = [line for line in text.splitlines() if line and not line.startswith("#")]
    return dict(line.split("=", 1) for line in lines)


def refusal(values, role="producer"):
    """Returns the reason why librdkafka does not start, or None."""
    values = dict(values)
    try:
        with contextlib.redirect_stderr(io.StringIO()):
            if role == "producer":
                confluent_kafka.Producer(values, logger=LOGGER)
            else:
                confluent_kafka.Consumer({"group.id": "g", **values}, logger=LOGGER)
    except (confluent_kafka.KafkaException, ValueError) as error:
        return str(error)
    return None


class Quiet:
    """Drops the log of librdkafka."""

    def log(self, *_arguments):
        pass


LOGGER = Quiet()


def contracts(count):
    """Returns the names and texts of contracts, with numbers from small to the limits."""
    generated = common.generated(
        count,
        SEED,
        slots=[1, 2, 5, 6, 100, 1_000_000],
        queue=[0, 1, 128, 10_000, 200_000, 10_000_000],
        capability=["", ', "idempotent_write"'],
        connect=[1, 999, 1_000, 10_000, 86_400_000],
        request=[1, 9, 10, 5_000, 300_000, 300_001, 86_400_000],
        idle=[1, 540_000, 604_800_000],
        time=["", ", deadline_ms = 1", ", deadline_ms = 120000", ", deadline_ms = 604800000"],
        attempts=[1, 2, 5, 100],
        base=[0, 1, 7, 120, 360_001, 3_600_000],
        maximum=[0, 1, 1_000, 300_000, 300_001, 3_600_000],
    )
    for name, values in generated.items():
        yield name, common.contract(name, **FIXED, **values)


def check_emitted(folder):
    """Every file that `emit` writes starts a client, `verify` is silent, and `adopt` reads it."""
    (folder / "generated.toml").write_text("".join(text for _, text in contracts(GENERATED)))
    names = [(BUILTIN, "builtin:")] + [(name, "generated.toml") for name, _ in contracts(GENERATED)]
    written = {"producer": 0, "consumer": 0}
    for name, source in names:
        for role in written:
            emitted = driverc("emit", "kafka", source, "--driver", name, "--role", role, folder=folder)
            if emitted.returncode == 1:
                assert "emit-impossible" in emitted.stdout, emitted
                continue
            assert emitted.returncode == 0, emitted
            reason = refusal(settings(emitted.stdout), role)
            assert reason is None, f"{name} {role}: {reason}\n{emitted.stdout}"
            (folder / "a.properties").write_text(emitted.stdout)
            verify = ("verify", "kafka", "a.properties", "--driver", name, "--role", role)
            verified = driverc(*verify, "--workspace", source, "--show", "info", folder=folder)
            assert verified.returncode == 0 and not verified.stdout, verified
            written[role] += 1
    print(f"librdkafka accepts {written['producer']} producers and {written['consumer']} consumers")
    assert min(written.values()) > 10


REJECTED = [
    {"max.in.flight": "6", "enable.idempotence": "true"},
    {"retries": "0", "enable.idempotence": "true"},
    {"acks": "1", "enable.idempotence": "true"},
    {"retry.backoff.ms": "0"},
    {"retry.backoff.max.ms": "300001"},
    {"socket.timeout.ms": "9"},
    {"socket.timeout.ms": "300001"},
    {"request.timeout.ms": "900001"},
    {"socket.connection.setup.timeout.ms": "999"},
    {"delivery.timeout.ms": "5", "linger.ms": "5"},
    {"queue.buffering.max.messages": "-1"},
    {"batch.num.messages": "0"},
    {"retries": "many"},
    {"enable.idempotence": "yes"},
    {"acks": "all # wait"},
    {"buffer.memory": "33554432"},
    {"max.block.ms": "60000"},
    {"socket.connection.setup.timeout.max.ms": "30000"},
    {"retrys": "99"},
    {"acks": "1001"},
    {"acks": "-2"},
    {"acks": "2", "enable.idempotence": "true"},
    {"transactional.id": "t", "message.timeout.ms": "60001"},
    {"transactional.id": "t", "delivery.timeout.ms": "5000", "transaction.timeout.ms": "4999"},
    {"transactional.id": "t", "socket.timeout.ms": "60101"},
    {"transactional.id": "t", "enable.idempotence": "false"},
    {"transactional.id": "t", "acks": "1"},
    {"transactional.id": "t", "retries": "0"},
    {"transactional.id": "t", "max.in.flight": "6"},
    {"transactional.id": "t", "transaction.timeout.ms": "999"},
]
ACCEPTED = [
    {"max.in.flight": "5", "enable.idempotence": "true"},
    {"retries": "4 # four"},
    {"retries": "0x10"},
    {"enable.idempotence": "TRUE"},
    {"acks": "-1"},
    {"delivery.timeout.ms": "0", "linger.ms": "5"},
    {"delivery.timeout.ms": "6", "linger.ms": "5"},
    {"retry.backoff.ms": "2000", "retry.backoff.max.ms": "1000"},
    {"queue.buffering.max.messages": "0"},
    {"acks": "2"},
    {"acks": "1000"},
    {"acks": "1 # leader"},
    {"transactional.id": ""},
    {"transactional.id": "", "message.timeout.ms": "60001"},
    {"transactional.id": "t"},
    {"transactional.id": "t", "message.timeout.ms": "60000", "socket.timeout.ms": "60100"},
    {"transactional.id": "t", "delivery.timeout.ms": "0"},
    {"delivery.timeout.ms": "60001", "transaction.timeout.ms": "1000"},
]


def check_rejected(folder):
    """`drift-rejected` and librdkafka agree."""
    for values in REJECTED + ACCEPTED:
        lines = [f"{name}={value}\n" for name, value in values.items()]
        (folder / "a.properties").write_text("".join(lines))
        verify = ("verify", "kafka", "a.properties", "--driver", BUILTIN, "--workspace", "builtin:")
        verified = driverc(*verify, folder=folder)
        is_rejected = "drift-rejected" in verified.stdout
        reason = refusal(values)
        assert is_rejected == (values in REJECTED), f"{values}\n{verified.stdout}"
        assert is_rejected == (reason is not None), f"{values}: {reason}"
    print(f"librdkafka refuses {len(REJECTED)} files and accepts {len(ACCEPTED)}, as verify says")


class Librdkafka:
    """The C interface of the library inside the Python package."""

    PRODUCE = 0
    NOT_ENOUGH_REPLICAS = 19

    def __init__(self):
        package = pathlib.Path(confluent_kafka.__file__).parent.parent / "confluent_kafka.libs"
        (path,) = package.glob("librdkafka-*.so*")
        self.library = ctypes.CDLL(str(path))
        pointers = [
            "rd_kafka_conf_new", "rd_kafka_new", "rd_kafka_handle_mock_cluster", "rd_kafka_topic_new",
            "rd_kafka_mock_get_requests",
        ]
        for name in pointers:
            getattr(self.library, name).restype = ctypes.c_void_p
        self.library.rd_kafka_mock_request_timestamp.restype = ctypes.c_int64

    def requests(self, values, errors):
        """Produces a message while the broker answers with errors. Returns the times of the requests in ms."""
        library, pointer = self.library, ctypes.c_void_p
        configuration = pointer(library.rd_kafka_conf_new())
        text = ctypes.create_string_buffer(512)
        for name, value in {**values, "test.mock.num.brokers": "1", "linger.ms": "0", "log_level": "0"}.items():
            result = library.rd_kafka_conf_set(configuration, name.encode(), value.encode(), text, 512)
            assert result == 0, text.value
        client = pointer(library.rd_kafka_new(0, configuration, text, 512))
        assert client.value, text.value
        cluster = pointer(library.rd_kafka_handle_mock_cluster(client))
        library.rd_kafka_mock_start_request_tracking(cluster)
        codes = (ctypes.c_int * errors)(*[self.NOT_ENOUGH_REPLICAS] * errors)
        library.rd_kafka_mock_push_request_errors_array(
            cluster, ctypes.c_int16(self.PRODUCE), ctypes.c_size_t(errors), codes
        )
        topic = pointer(library.rd_kafka_topic_new(client, b"topic", None))
        copied = 2
        library.rd_kafka_produce(
            topic, ctypes.c_int32(0), copied, b"x", ctypes.c_size_t(1), None, ctypes.c_size_t(0), None
        )
        library.rd_kafka_flush(client, 60_000)
        count = ctypes.c_size_t()
        found = library.rd_kafka_mock_get_requests(cluster, ctypes.byref(count))
        found = ctypes.cast(found, ctypes.POINTER(pointer))
        requests = [pointer(found[index]) for index in range(count.value)]
        produced = [it for it in requests if library.rd_kafka_mock_request_api_key(it) == self.PRODUCE]
        times = [library.rd_kafka_mock_request_timestamp(it) / 1000 for it in produced]
        library.rd_kafka_topic_destroy(topic)
        library.rd_kafka_destroy(client)
        return times


# The scheduling of threads delays a request.
LATE_MS = 60


def check_attempts(folder):
    """The number of attempts is `max_attempts`, and backoffs are within the contract's interval."""
    library = Librdkafka()
    for attempts in (1, 2, 3, 5):
        base, maximum = 240, 600
        text = common.contract(
            "counted", **FIXED, slots=5, queue=10, capability=', "idempotent_write"' if attempts > 1 else "",
            connect=10_000, request=5_000, idle=540_000, attempts=attempts, base=base,
            maximum=maximum,
        )
        (folder / "counted.toml").write_text(text)
        emitted = driverc("emit", "kafka", "counted.toml", "--driver", "counted", folder=folder)
        assert emitted.returncode == 0, emitted
        times = library.requests(settings(emitted.stdout), errors=50)
        assert len(times) == attempts, f"{attempts} attempts of the contract, {len(times)} made"
        gaps = [after - before for before, after in zip(times, times[1:])]
        for number, gap in enumerate(gaps):
            longest = min(maximum, base * 2**number)
            shortest = min(maximum, base * 2**number * 0.66)
            assert shortest - 1 <= gap <= longest + LATE_MS, f"{gap} is outside {shortest} to {longest}"
        shown = ", ".join(f"{gap:.0f}" for gap in gaps)
        print(f"max_attempts = {attempts}: {len(times)} requests, backoffs in ms: {shown or 'none'}")


with tempfile.TemporaryDirectory() as work:
    check_emitted(pathlib.Path(work))
    check_rejected(pathlib.Path(work))
    check_attempts(pathlib.Path(work))
