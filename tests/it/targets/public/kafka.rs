//! Public configurations of Kafka clients: values of public files, with other names.

use super::Public;

pub(super) const CONFIGURATIONS: &[Public] = &[
    // PostHog/posthog:rust/capture/src/sinks/kafka.rs
    Public {
        name: "event_capture",
        options: ("kafka", Some("librdkafka"), Some("producer")),
        text: "bootstrap.servers=broker.example:9092
statistics.interval.ms=10000
partitioner=murmur2_random
metadata.max.age.ms=60000
topic.metadata.refresh.interval.ms=20000
message.send.max.retries=2
linger.ms=20
message.max.bytes=1000000
message.timeout.ms=20000
socket.timeout.ms=60000
compression.codec=none
queue.buffering.max.kbytes=409600
acks=all
batch.num.messages=10000
batch.size=1000000
max.in.flight.requests.per.connection=1000000
sticky.partitioning.linger.ms=10
enable.idempotence=false
log.connection.close=true
queue.buffering.max.messages=100000
retry.backoff.max.ms=1000
socket.send.buffer.bytes=0
socket.receive.buffer.bytes=0
",
        adopted: "max_in_flight=1000000 connect_ms=30000 request_ms=60000 deadline_ms=20000 \
                  max_attempts=3 base_backoff_ms=120 max_backoff_ms=1000",
        left_out: "max_queue_depth idle_ms",
        is_idempotent: false,
        reported: &[
            ("drift-default", "request.timeout.ms"),
            ("drift-default", "connections.max.idle.ms"),
        ],
        change: ("message.timeout.ms=20000", "message.timeout.ms=60000"),
        result: ("drift-looser", "delivery.timeout.ms"),
    },
    // apache/metron:metron-sensors/fastcapa/conf/fastcapa.conf
    Public {
        name: "packet_capture",
        options: ("kafka", Some("librdkafka"), Some("producer")),
        text: "metadata.broker.list = broker.example:9092
client.id = capture
compression.codec = snappy
batch.num.messages = 500000
socket.timeout.ms = 6000
",
        adopted: "max_in_flight=1000000 connect_ms=30000 request_ms=6000 deadline_ms=300000 \
                  base_backoff_ms=120 max_backoff_ms=1000",
        left_out: "max_queue_depth idle_ms max_attempts",
        is_idempotent: false,
        reported: &[
            ("drift-default", "retries"),
            ("drift-default", "request.timeout.ms"),
            ("drift-default", "connections.max.idle.ms"),
        ],
        change: ("socket.timeout.ms = 6000", "socket.timeout.ms = 60000"),
        result: ("drift-looser", "socket.timeout.ms"),
    },
    // Laoban-man/video_streaming_cicd_pipeline:producer_config.py
    Public {
        name: "video_stream",
        options: ("kafka", Some("librdkafka"), Some("producer")),
        text: "bootstrap.servers=broker.example:9092
enable.idempotence=True
acks=all
retries=100
max.in.flight.requests.per.connection=5
compression.type=snappy
linger.ms=5
batch.num.messages=32
",
        adopted: "max_in_flight=5 max_queue_depth=3120 connect_ms=30000 request_ms=60000 \
                  deadline_ms=300000 base_backoff_ms=120 max_backoff_ms=1000",
        left_out: "idle_ms max_attempts",
        is_idempotent: true,
        reported: &[
            ("drift-default", "request.timeout.ms"),
            ("drift-default", "connections.max.idle.ms"),
            ("drift-looser", "retries"),
        ],
        change: ("connection=5", "connection=4"),
        result: ("drift-stricter", "max.in.flight.requests.per.connection"),
    },
    // jmf-mordis/asynckafka:docs/rdk_configuration.rst
    Public {
        name: "async_wrapper",
        options: ("kafka", Some("librdkafka"), Some("producer")),
        text: "metadata.broker.list=broker.example:9092
batch.num.messages=100000
message.send.max.retries=4
message.timeout.ms=10000
",
        adopted: "max_in_flight=1000000 connect_ms=30000 request_ms=60000 deadline_ms=10000 \
                  max_attempts=5 base_backoff_ms=120 max_backoff_ms=1000",
        left_out: "max_queue_depth idle_ms",
        is_idempotent: false,
        reported: &[
            ("drift-default", "request.timeout.ms"),
            ("drift-default", "connections.max.idle.ms"),
        ],
        change: ("retries=4", "retries=5"),
        result: ("drift-looser", "retries"),
    },
    // confluentinc/confluent-kafka-python:examples/consumer.py
    Public {
        name: "balanced_consumer",
        options: ("kafka", Some("librdkafka"), Some("consumer")),
        text: "bootstrap.servers=broker.example:9092
group.id=readers
session.timeout.ms=6000
auto.offset.reset=smallest
statistics.interval.ms=5000
",
        adopted: "connect_ms=30000 request_ms=60500 base_backoff_ms=120 max_backoff_ms=1000",
        left_out: "max_in_flight max_queue_depth idle_ms max_attempts",
        is_idempotent: false,
        reported: &[("drift-default", "connections.max.idle.ms")],
        change: ("reset=smallest", "reset=smallest\nfetch.wait.max.ms=1000"),
        result: ("drift-default", "socket.timeout.ms"),
    },
    // IntuitiveDesigns/AlgorithmArena:src/main/resources/producer.properties
    Public {
        name: "arena",
        options: ("kafka", Some("java"), Some("producer")),
        text: "bootstrap.servers=broker.example:9092
linger.ms=20
batch.size=131072
compression.type=lz4
acks=all
retries=2147483647
max.in.flight.requests.per.connection=5
buffer.memory=67108864
group.id=arena
enable.auto.commit=true
auto.commit.interval.ms=1000
auto.offset.reset=earliest
fetch.min.bytes=1048576
fetch.max.wait.ms=50
max.partition.fetch.bytes=4194304
max.poll.records=500
",
        adopted: "max_in_flight=5 max_queue_depth=507 connect_ms=30000 request_ms=30000 \
                  idle_ms=540000 deadline_ms=120000 base_backoff_ms=120 max_backoff_ms=1000",
        left_out: "max_attempts",
        is_idempotent: true,
        reported: &[
            ("drift-default", "socket.connection.setup.timeout.ms"),
            ("drift-looser", "retries"),
            ("drift-dead-setting", "fetch.max.wait.ms"),
        ],
        change: ("buffer.memory=67108864", "buffer.memory=134217728"),
        result: ("drift-looser", "buffer.memory"),
    },
    // axv0419/kafka-cloud-replicator:config/producer.properties
    Public {
        name: "replicator",
        options: ("kafka", Some("java"), Some("producer")),
        text: "bootstrap.servers=broker.example:9092
compression.type=none
security.protocol=SASL_SSL
sasl.mechanism=PLAIN
request.timeout.ms=20000
retry.backoff.ms=500
",
        adopted: "max_in_flight=5 max_queue_depth=2043 connect_ms=30000 request_ms=20000 \
                  idle_ms=540000 deadline_ms=120000 base_backoff_ms=600 max_backoff_ms=1000",
        left_out: "max_attempts",
        is_idempotent: true,
        reported: &[
            ("drift-default", "retries"),
            ("drift-default", "socket.connection.setup.timeout.ms"),
        ],
        change: ("retry.backoff.ms=500", "retry.backoff.ms=1000"),
        result: ("drift-looser", "retry.backoff.ms"),
    },
    // italia/daf-replicate-ingestion:src/main/resources/producer.properties
    Public {
        name: "ingestion",
        options: ("kafka", Some("java"), Some("producer")),
        text: "client.id = events
bootstrap.servers = broker.example:9092
acks=1
retries=3
key.serializer=org.apache.kafka.common.serialization.StringSerializer
value.serializer=org.apache.kafka.common.serialization.StringSerializer
schema.registry.url=http://registry.example:8081
",
        adopted: "max_in_flight=5 max_queue_depth=2043 connect_ms=30000 request_ms=30000 \
                  idle_ms=540000 deadline_ms=120000 max_attempts=4 base_backoff_ms=120 \
                  max_backoff_ms=1000",
        left_out: "",
        is_idempotent: false,
        reported: &[
            ("drift-default", "socket.connection.setup.timeout.ms"),
            ("drift-unknown-setting", "line 7"),
        ],
        change: ("retries=3", "retries=2"),
        result: ("drift-stricter", "retries"),
    },
    // dzinsou/kafka-bench:producer.properties
    Public {
        name: "bench",
        options: ("kafka", Some("java"), Some("producer")),
        text: "bootstrap.servers=broker.example:6667
security.protocol=SASL_PLAINTEXT
sasl.kerberos.service.name=kafka
linger.ms=500
batch.size=10240000
buffer.memory=102400000
request.timeout.ms=300000
max.block.ms=300000
",
        adopted: "max_in_flight=5 max_queue_depth=5 connect_ms=30000 request_ms=300000 \
                  idle_ms=540000 deadline_ms=300500 base_backoff_ms=120 max_backoff_ms=1000",
        left_out: "max_attempts",
        is_idempotent: true,
        reported: &[
            ("drift-default", "retries"),
            ("drift-default", "socket.connection.setup.timeout.ms"),
        ],
        change: ("request.timeout.ms=300000", "request.timeout.ms=200000"),
        result: ("drift-stricter", "request.timeout.ms"),
    },
    // ericmackay5/benchmarking-workshop:config/producer.properties
    Public {
        name: "workshop",
        options: ("kafka", Some("java"), Some("producer")),
        text: "bootstrap.servers=broker.example:9092
security.protocol=SASL_SSL
sasl.mechanism=PLAIN
batch.size=100000
linger.ms=100
compression.type=none
acks=-1
buffer.memory=33554432
retries=2147483647
enable.idempotence=false
max.in.flight.requests.per.connection=1
delivery.timeout.ms=120000
",
        adopted: "max_in_flight=1 max_queue_depth=335 connect_ms=30000 request_ms=30000 \
                  idle_ms=540000 deadline_ms=120000 base_backoff_ms=120 max_backoff_ms=1000",
        left_out: "max_attempts",
        is_idempotent: false,
        reported: &[
            ("drift-default", "socket.connection.setup.timeout.ms"),
            ("drift-stricter", "buffer.memory"),
            ("drift-looser", "retries"),
        ],
        change: ("connection=1", "connection=5"),
        result: ("drift-looser", "max.in.flight.requests.per.connection"),
    },
    // ericmackay5/benchmarking-workshop:consumer.properties
    Public {
        name: "workshop_reader",
        options: ("kafka", Some("java"), Some("consumer")),
        text: "bootstrap.servers=broker.example:9092
security.protocol=SASL_SSL
sasl.mechanism=PLAIN
fetch.min.bytes=1
fetch.max.wait.ms=500
enable.auto.commit=true
session.timeout.ms=45000
max.poll.interval.ms=300000
max.poll.records=500
",
        adopted: "connect_ms=30000 request_ms=30000 idle_ms=540000 base_backoff_ms=120 \
                  max_backoff_ms=1000",
        left_out: "max_in_flight max_queue_depth max_attempts",
        is_idempotent: false,
        reported: &[("drift-default", "socket.connection.setup.timeout.ms")],
        change: ("max.poll.records=500", "request.timeout.ms=60000"),
        result: ("drift-looser", "request.timeout.ms"),
    },
];
