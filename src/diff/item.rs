//! The items that changes affect.

use std::fmt;

use super::{KeyChange, ListedFinding};
use crate::model::{BenchmarkProfile, DriverName, Name, Scope, ServerName, TemplateName};

/// The item that a change affects. If the base has the item, its name is the name in the base.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum ChangedItem {
    /// A driver.
    Driver(DriverName),
    /// The budget of one scope.
    Budget(BenchmarkProfile, Scope),
    /// The workload of one scope.
    Workload(BenchmarkProfile, Scope),
    /// The benchmarks of one driver and profile.
    Benchmark(DriverName, BenchmarkProfile),
    /// The waiver of a rule, for one driver or for all drivers.
    Waiver(String, Option<DriverName>),
    /// A line of the baseline.
    Baseline(ListedFinding),
    /// A key of `driverc.toml`.
    Configuration(KeyChange),
    /// A template, which stands for the drivers that take a field from the template. A
    /// [`Difference`](super::Difference) contains the drivers; only human-readable formats show the
    /// template.
    Template(TemplateName),
    /// A server.
    Server(ServerName),
    /// A caller that is not a driver.
    Caller(DriverName),
    /// The calls from a driver or caller to a driver.
    Call(DriverName, DriverName),
    /// The requirement of a consumer for a driver and, if it sets limits of a budget, a profile.
    Requirement(Name, DriverName, Option<BenchmarkProfile>),
}

impl ChangedItem {
    /// Returns the driver, if the item belongs to exactly one driver.
    pub const fn driver(&self) -> Option<&DriverName> {
        match self {
            Self::Driver(name)
            | Self::Call(_, name)
            | Self::Requirement(_, name, _)
            | Self::Benchmark(name, _)
            | Self::Budget(_, Scope::Driver(name))
            | Self::Workload(_, Scope::Driver(name)) => Some(name),
            Self::Waiver(_, name) => name.as_ref(),
            Self::Baseline(line) => line.driver.as_ref(),
            Self::Budget(..)
            | Self::Workload(..)
            | Self::Configuration(_)
            | Self::Template(_)
            | Self::Server(_)
            | Self::Caller(_) => None,
        }
    }

    /// Returns the kind of the item: the name of its table.
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Driver(_) => "driver",
            Self::Budget(..) => "budget",
            Self::Workload(..) => "workload",
            Self::Benchmark(..) => "benchmark",
            Self::Waiver(..) => "waiver",
            Self::Baseline(_) => "baseline",
            Self::Configuration(_) => "configuration",
            Self::Template(_) => "template",
            Self::Server(_) => "server",
            Self::Caller(_) => "caller",
            Self::Call(..) => "call",
            Self::Requirement(..) => "requirement",
        }
    }
}

/// The dotted path for `--accept`: a driver's name, or the table of another item.
impl fmt::Display for ChangedItem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Driver(name) => formatter.write_str(name),
            Self::Budget(profile, scope) | Self::Workload(profile, scope) => {
                write!(formatter, "{}.{}", self.kind(), profile.label())?;
                match scope {
                    Scope::All => Ok(()),
                    Scope::Class(class) => write!(formatter, ".class.{}", class.label()),
                    Scope::Driver(name) => write!(formatter, ".driver.{name}"),
                }
            }
            Self::Benchmark(driver, profile) => {
                write!(formatter, "benchmark.{driver}.{}", profile.label())
            }
            Self::Waiver(rule, Some(driver)) => write!(formatter, "waiver.{rule}.{driver}"),
            Self::Waiver(rule, None) => write!(formatter, "waiver.{rule}"),
            Self::Baseline(ListedFinding { rule, driver: Some(driver), .. }) => {
                write!(formatter, "baseline.{rule}.{driver}")
            }
            Self::Baseline(line) => write!(formatter, "baseline.{}", line.rule),
            Self::Configuration(setting) => write!(formatter, "configuration.{}", setting.key),
            Self::Template(name) => write!(formatter, "template.{name}"),
            Self::Server(name) => write!(formatter, "server.{name}"),
            Self::Caller(name) => write!(formatter, "caller.{name}"),
            Self::Call(from, to) => write!(formatter, "call.{from}.{to}"),
            Self::Requirement(consumer, driver, profile) => {
                write!(formatter, "requirement.{consumer}.{driver}")?;
                profile.map_or(Ok(()), |profile| write!(formatter, ".{}", profile.label()))
            }
        }
    }
}
