//! Declarations that edits add to the base.

pub(super) const ANOTHER_DRIVER: &str = r#"
[driver.another]
class = "stream_adapter"
provider_module = "rdkafka"
max_in_flight = 5
max_queue_depth = 50
capabilities = []
support_tier = "tier1"
tuning_guide = ""
timeout_policy = { connect_ms = 1, request_ms = 2, idle_ms = 3 }
retry_policy = { max_attempts = 1, base_backoff_ms = 0, max_backoff_ms = 0, jitter_percent = 0 }
[driver.another.telemetry]
timeout_metric = "a"
retry_metric = "b"
latency_metric = "c"
in_flight_metric = "d"
"#;

pub(super) const ANOTHER_SAMPLE: &str = r#"
[[benchmark]]
driver = "example"
profile = "heavy_data"
p50_latency_ms = 20
p95_latency_ms = 74
timeout_rate_bps = 1
retry_rate_bps = 11
throughput_ops_per_sec = 449
p99_latency_ms = 90
"#;

pub(super) const ANOTHER_WORKLOAD: &str = r#"
[workload.mixed_latency]
duration_ms = 60000
rate_ops_per_ksec = 450000
operation = [{ weight = 1, service = { constant_us = 700 } }]
seeds = [3]
warmup_ms = 1
arrival = "constant"
burst = { period_ms = 1000, on_ms = 100, percent = 160 }
error_bps = 10
error_us = 2000
stall_bps = 5
stall_us = 40000
slot_recovery_us = 100
contention_ppm = 20000
coherence_ppm = 500
server_slots = 30
abandoned_work = "cancelled"
trigger = { start_ms = 1000, duration_ms = 500, rate_percent = 300 }
"#;

pub(super) const ANOTHER_WAIVER: &str = r#"
[[waiver]]
rule = "retry-no-jitter"
reason = "one caller alone"
owner = "data-team"
expires = 2027-03-31
"#;

pub(super) const ANOTHER_SERVER: &str = r"
[server.other_pg]
idle_close_ms = 700000
instances = { another = 1 }
";

pub(super) const ANOTHER_CALLER: &str = r"
[caller.jobs]
attempt_ms = 200000
max_attempts = 1
";

pub(super) const ANOTHER_REQUIREMENT: &str = r#"
[[requirement]]
consumer = "audit"
driver = "example"
owner = "audit-team"
reason = "daily"
max_attempts = 9
"#;

pub(super) const ANOTHER_CALL: &str = r#"
[[call]]
from = "edge"
to = "example"
parallel = true
"#;
