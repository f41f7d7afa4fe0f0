//! Generates fleets of contracts with budgets, in folders of 256 files. They are the same on every
//! run and machine.
//!
//! A valid fleet has no findings at any level. Every contract of an invalid fleet has three faults,
//! with one finding each: a misspelt key, a number out of range and an unknown word.

use std::{fmt::Write, fs, io, ops::Range, path::Path};

/// The number of contracts in one folder.
const CONTRACTS_PER_FOLDER: usize = 256;
/// One in this many drivers has its own budget.
const OWN_BUDGET_EVERY: usize = 16;

/// A fleet of contracts with their budgets.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Corpus {
    /// The number of contracts.
    pub(crate) contracts: usize,
    /// The faults of every contract.
    pub(crate) faults: Faults,
    /// Whether the documents also declare servers with one or two drivers each.
    pub(crate) servers: bool,
    /// Whether a caller calls every driver.
    pub(crate) called: bool,
}

/// The faults of every contract of a fleet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Faults {
    None,
    /// Three read errors.
    Errors,
    /// Three findings of rules.
    Weak,
}

/// A kind of system, with typical limits.
struct Kind {
    name: &'static str,
    class: &'static str,
    provider: &'static str,
    in_flight: usize,
    queue: usize,
    connect_ms: usize,
    request_ms: usize,
    idle_ms: usize,
    attempts: usize,
    backoff_ms: [usize; 2],
    jitter: usize,
    more: &'static str,
    /// The limits of `heavy_data` and `mixed_latency`, in the order of a budget's fields.
    limits: [[usize; 4]; 2],
}

const PROFILES: [&str; 2] = ["heavy_data", "mixed_latency"];

const KINDS: [Kind; 4] = [
    Kind {
        name: "postgres",
        class: "relational_adapter",
        provider: "sqlx::postgres",
        in_flight: 20,
        queue: 200,
        connect_ms: 3100,
        request_ms: 5000,
        idle_ms: 600_000,
        attempts: 3,
        backoff_ms: [50, 1000],
        jitter: 100,
        more: "",
        limits: [[120, 10, 50, 400], [130, 10, 50, 850]],
    },
    Kind {
        name: "clickhouse",
        class: "columnar_adapter",
        provider: "clickhouse::pool",
        in_flight: 10,
        queue: 40,
        connect_ms: 10_000,
        request_ms: 30_000,
        idle_ms: 2_000,
        attempts: 3,
        backoff_ms: [300, 5000],
        jitter: 100,
        more: "",
        limits: [[3000, 20, 100, 8], [1200, 10, 100, 28]],
    },
    Kind {
        name: "kafka",
        class: "stream_adapter",
        provider: "rdkafka::producer",
        in_flight: 5,
        queue: 128,
        connect_ms: 10_000,
        request_ms: 30_000,
        idle_ms: 540_000,
        attempts: 5,
        backoff_ms: [100, 1000],
        jitter: 20,
        more: ", \"checkpoint_resume\"",
        limits: [[70, 5, 50, 200], [100, 5, 50, 330]],
    },
    Kind {
        name: "object_store",
        class: "object_store_adapter",
        provider: "object_store::aws",
        in_flight: 32,
        queue: 128,
        connect_ms: 3100,
        request_ms: 20_000,
        idle_ms: 15_000,
        attempts: 3,
        backoff_ms: [100, 2000],
        jitter: 100,
        more: ", \"checkpoint_resume\"",
        limits: [[700, 10, 100, 85], [500, 10, 100, 200]],
    },
];

impl Corpus {
    /// Returns a fleet without faults.
    pub(crate) const fn valid(contracts: usize) -> Self {
        Self { contracts, faults: Faults::None, servers: false, called: false }
    }

    /// Returns a fleet in which every contract has three faults.
    pub(crate) const fn invalid(contracts: usize) -> Self {
        Self { contracts, faults: Faults::Errors, servers: false, called: false }
    }

    /// Returns a fleet in which every contract has three findings of rules.
    pub(crate) const fn weak(contracts: usize) -> Self {
        Self { contracts, faults: Faults::Weak, servers: false, called: false }
    }

    /// Returns a valid fleet with two servers per three contracts.
    pub(crate) const fn with_servers(contracts: usize) -> Self {
        Self { contracts, faults: Faults::None, servers: true, called: false }
    }

    /// Returns a valid fleet, in which the caller of each folder calls every driver.
    pub(crate) const fn called(contracts: usize) -> Self {
        Self { contracts, faults: Faults::None, servers: false, called: true }
    }

    /// Writes one file per contract into `contracts/` of an empty folder.
    pub(crate) fn write(self, root: &Path) -> io::Result<()> {
        write_project(root)?;
        let contracts = root.join("contracts");
        fs::create_dir_all(&contracts)?;
        fs::write(contracts.join("budgets.toml"), budgets())?;
        for first in (0..self.contracts).step_by(CONTRACTS_PER_FOLDER) {
            let folder = contracts.join(format!("{:04}", first / CONTRACTS_PER_FOLDER));
            fs::create_dir_all(&folder)?;
            let last = self.contracts.min(first + CONTRACTS_PER_FOLDER);
            for number in first..last {
                let text = self.document(number);
                fs::write(folder.join(format!("{}.toml", name(number))), text)?;
            }
            fs::write(folder.join("budgets.toml"), own_budgets(first..last))?;
            if self.called {
                let caller = caller(first);
                let text = format!("[caller.{caller}]\nattempt_ms = 600000\nmax_attempts = 1\n");
                fs::write(folder.join("caller.toml"), text)?;
            }
        }
        Ok(())
    }

    /// Writes all contracts and budgets into one file, `contracts/all.toml` of an empty folder.
    pub(crate) fn write_joined(self, root: &Path) -> io::Result<()> {
        write_project(root)?;
        let mut text = budgets();
        for number in 0..self.contracts {
            text.push_str(&self.contract(number));
        }
        text.push_str(&own_budgets(0..self.contracts));
        fs::create_dir_all(root.join("contracts"))?;
        fs::write(root.join("contracts/all.toml"), text)
    }

    /// Returns the text of one contract file.
    pub(crate) fn document(self, number: usize) -> String {
        let server = if self.servers { self.server(number) } else { String::new() };
        let calls = if self.called { call(number) } else { String::new() };
        let contract = self.contract(number);
        format!("#:schema ../../schema/contracts.schema.json\n{contract}{server}{calls}")
    }

    /// Returns the server whose first driver this is. Of three drivers, the first has a server of
    /// its own, and the others share one.
    fn server(self, number: usize) -> String {
        if number % 3 == 2 {
            return String::new();
        }
        let mut text = format!(
            "\n[server.of_{number:06}]\n\
             max_connections = 100\n\
             reserved_connections = 3\n\
             idle_close_ms = 900000\n\n\
             [server.of_{number:06}.instances]\n\
             {} = 2\n",
            name(number)
        );
        if number % 3 == 1 && number + 1 < self.contracts {
            // Writing to a string cannot fail.
            _ = writeln!(text, "{} = 2", name(number + 1));
        }
        text
    }

    fn contract(self, number: usize) -> String {
        let kind = &KINDS[number % KINDS.len()];
        let name = name(number);
        let Kind { class, provider, in_flight, queue, connect_ms, .. } = kind;
        let Kind { request_ms, idle_ms, attempts, jitter, more, .. } = kind;
        let [base, most] = kind.backoff_ms;
        let (in_flight_key, jitter, write) = match self.faults {
            Faults::Errors => ("max_inflight", jitter + 101, "batch_wriet"),
            Faults::Weak => ("max_in_flight", 0, "batch_write"),
            Faults::None => ("max_in_flight", *jitter, "batch_write"),
        };
        let is_weak = self.faults == Faults::Weak;
        let (connect_ms, attempts) = if is_weak { (900, 12) } else { (*connect_ms, *attempts) };
        format!(
            "\n[driver.{name}]\n\
             class = \"{class}\"\n\
             provider_module = \"{provider}::fleet_{number:06}\"\n\
             {in_flight_key} = {in_flight} # of one replica\n\
             max_queue_depth = {queue}\n\
             capabilities = [\n  \"non_blocking_execute\", \"bounded_concurrency\", \
             \"timeout_telemetry\", \"retry_telemetry\",\n  \"batch_read\", \"{write}\", \
             \"idempotent_write\", \"mixed_latency_tolerance\"{more},\n]\n\
             support_tier = \"tier1\"\n\
             tuning_guide = \"docs/tuning/{}.md\"\n\n\
             [driver.{name}.timeout_policy]\n\
             connect_ms = {connect_ms}\n\
             request_ms = {request_ms}\n\
             idle_ms = {idle_ms}\n\n\
             [driver.{name}.retry_policy]\n\
             max_attempts = {attempts}\n\
             base_backoff_ms = {base}\n\
             max_backoff_ms = {most}\n\
             jitter_percent = {jitter}\n\n\
             [driver.{name}.telemetry]\n\
             timeout_metric = \"{name}_timeouts_total\"\n\
             retry_metric = \"{name}_retries_total\"\n\
             latency_metric = \"{name}_duration_seconds\"\n\
             in_flight_metric = \"{name}_in_flight_requests\"\n",
            kind.name
        )
    }
}

fn name(number: usize) -> String {
    format!("{}_{number:06}", KINDS[number % KINDS.len()].name)
}

/// Returns the name of the caller of a contract's folder.
fn caller(number: usize) -> String {
    format!("service_{:04}", number / CONTRACTS_PER_FOLDER)
}

fn call(number: usize) -> String {
    let (from, to) = (caller(number), name(number));
    format!("\n[[call]]\nfrom = \"{from}\"\nto = \"{to}\"\nparallel = true\n")
}

/// The schema that other programs check contracts against.
const SCHEMA: &str = include_str!("../../schema/contracts.schema.json");

/// Writes the rest of the project: a repository with a `.gitignore`, the schema and the tuning
/// guides.
fn write_project(root: &Path) -> io::Result<()> {
    fs::create_dir_all(root.join(".git"))?;
    fs::write(root.join(".gitignore"), "/target\n*.log\n")?;
    fs::create_dir_all(root.join("schema"))?;
    fs::write(root.join("schema/contracts.schema.json"), SCHEMA)?;
    fs::create_dir_all(root.join("docs/tuning"))?;
    KINDS.iter().try_for_each(|kind| {
        fs::write(root.join(format!("docs/tuning/{}.md", kind.name)), "# Tuning\n")
    })
}

/// Returns the budgets of all classes. There is no budget for all drivers, because its limits would
/// have to be looser than all of these.
fn budgets() -> String {
    let mut text = String::new();
    for kind in &KINDS {
        for (profile, limits) in PROFILES.iter().zip(kind.limits) {
            push_budget(&mut text, &format!("{profile}.class.{}", kind.class), limits);
        }
    }
    text
}

/// Returns slightly stricter budgets for some of the drivers.
fn own_budgets(numbers: Range<usize>) -> String {
    let mut text = String::new();
    // Alternates between the kinds.
    let of_turn = |first: usize| first + first / OWN_BUDGET_EVERY % KINDS.len();
    let firsts = numbers.clone().filter(|number| number % OWN_BUDGET_EVERY == 0);
    for number in firsts.map(of_turn).filter(|number| numbers.contains(number)) {
        let [heavy, _] = KINDS[number % KINDS.len()].limits;
        let [p95, timeouts, retries, throughput] = heavy;
        let limits = [p95, timeouts, retries - retries / 10, throughput];
        push_budget(&mut text, &format!("heavy_data.driver.{}", name(number)), limits);
    }
    text
}

fn push_budget(text: &mut String, scope: &str, limits: [usize; 4]) {
    let [p95, timeouts, retries, throughput] = limits;
    // Writing to a string cannot fail.
    _ = write!(
        text,
        "\n[budget.{scope}]\n\
         max_p95_latency_ms = {p95}\n\
         max_timeout_rate_bps = {timeouts}\n\
         max_retry_rate_bps = {retries}\n\
         min_throughput_ops_per_sec = {throughput}\n"
    );
}
