//! Finds renamed drivers: drivers that differ only in the name and the metrics, and that match no
//! other driver.
//!
//! Thousands of contracts can differ only in names and metrics, so candidates come from an index.

use std::collections::BTreeMap;

use crate::{
    model::{DriverContract, MetricName, TelemetryProfile},
    signature::driver_signature,
};

/// The maximum number of drivers to compare without an index.
const FEW: usize = 64;

/// Pairs a driver of the base with a new driver, if neither of them fits any other driver.
pub(super) fn find<'w>(
    removed: &[&'w DriverContract],
    added: &[&'w DriverContract],
) -> Vec<(&'w DriverContract, &'w DriverContract)> {
    if removed.is_empty() || added.is_empty() {
        return Vec::new();
    }
    let (old_index, new_index) = (Index::new(removed), Index::new(added));
    let pair = |old: &&'w DriverContract| {
        let new = only(new_index.candidates(old), |new| is_renamed(old, new))?;
        let rival = only(old_index.candidates(new), |rival| is_renamed(rival, new));
        rival.map(|old| (old, new))
    };
    removed.iter().filter_map(pair).collect()
}

/// Returns the only driver that fits, or `None` if several drivers fit or none does.
fn only<'w>(
    candidates: impl Iterator<Item = &'w DriverContract>,
    fits: impl Fn(&DriverContract) -> bool,
) -> Option<&'w DriverContract> {
    let mut fitting = candidates.filter(|driver| fits(driver));
    let first = fitting.next()?;
    fitting.all(|other| other.name == first.name).then_some(first)
}

/// An index of drivers by signature. The signature leaves out the name and the metrics.
struct Index<'w> {
    alike: BTreeMap<String, Alike<'w>>,
}

/// Drivers that differ only in names and metrics.
#[derive(Default)]
struct Alike<'w> {
    drivers: Vec<&'w DriverContract>,
    /// The indices of the drivers, by metric role and by each of the metric's [`forms`]. Empty if
    /// there are at most [`FEW`] drivers.
    by_metric: BTreeMap<(usize, String), Vec<usize>>,
}

impl<'w> Index<'w> {
    fn new(drivers: &[&'w DriverContract]) -> Self {
        let mut alike: BTreeMap<String, Alike<'w>> = BTreeMap::new();
        for driver in drivers {
            alike.entry(unnamed(driver)).or_default().drivers.push(driver);
        }
        alike.values_mut().filter(|alike| alike.drivers.len() > FEW).for_each(Alike::index);
        Self { alike }
    }

    /// Returns the drivers that can fit. One driver can appear several times.
    fn candidates(&self, driver: &DriverContract) -> impl Iterator<Item = &'w DriverContract> {
        self.alike.get(&unnamed(driver)).into_iter().flat_map(|alike| alike.candidates(driver))
    }
}

impl<'w> Alike<'w> {
    fn index(&mut self) {
        for (number, driver) in self.drivers.iter().enumerate() {
            for (role, metric) in metrics(&driver.telemetry).into_iter().enumerate() {
                for form in forms(driver, metric) {
                    self.by_metric.entry((role, form)).or_default().push(number);
                }
            }
        }
    }

    /// Returns the candidates that share a form of one metric. The metric with the fewest
    /// candidates is used.
    fn candidates<'i>(
        &'i self,
        driver: &DriverContract,
    ) -> impl Iterator<Item = &'w DriverContract> + use<'i, 'w> {
        let sharing = metrics(&driver.telemetry).into_iter().enumerate().map(|(role, metric)| {
            let forms = forms(driver, metric).into_iter();
            forms.filter_map(|form| self.by_metric.get(&(role, form))).collect::<Vec<_>>()
        });
        let fewest = sharing.min_by_key(|lists| lists.iter().map(|list| list.len()).sum::<usize>());
        let indexed = fewest.into_iter().flatten().flatten().map(|number| self.drivers[*number]);
        let few = if self.drivers.len() <= FEW { &self.drivers[..] } else { &[] };
        few.iter().copied().chain(indexed)
    }
}

/// Returns the signature without name and metrics.
fn unnamed(driver: &DriverContract) -> String {
    let signature = driver_signature(driver);
    let named = |part: &&str| part.starts_with("name=") || part.starts_with("telemetry.");
    signature.split('|').filter(|part| !named(part)).collect::<Vec<_>>().join("|")
}

/// Returns three forms of a metric: unchanged, without the driver's name, and without the short
/// form of the name.
fn forms(driver: &DriverContract, metric: &str) -> [String; 3] {
    let (short, end) = driver.name.rsplit_once('_').unwrap_or((&driver.name, ""));
    [
        format!("whole {metric}"),
        format!("name {}", metric.replace(driver.name.as_str(), "\0")),
        format!("short {end} {}", metric.replace(short, "\0")),
    ]
}

/// Returns true if only the name differs, both as the driver's name and in its metrics.
fn is_renamed(old: &DriverContract, new: &DriverContract) -> bool {
    let as_before =
        DriverContract { name: old.name.clone(), telemetry: old.telemetry.clone(), ..new.clone() };
    let named_after = |(before, after): (&str, &str)| {
        let [short_old, short_new] = without_common_end(&old.name, &new.name);
        before == after
            || before.replace(old.name.as_str(), &new.name) == after
            || before.replace(short_old, short_new) == after
    };
    let (before, after) = (metrics(&old.telemetry), metrics(&new.telemetry));
    as_before == *old && before.into_iter().zip(after).all(named_after)
}

fn metrics(telemetry: &TelemetryProfile) -> [&str; 4] {
    [
        &telemetry.timeout_metric,
        &telemetry.retry_metric,
        &telemetry.latency_metric,
        &telemetry.in_flight_metric,
    ]
    .map(MetricName::as_str)
}

/// Returns two names without their common ending. Metrics use these short forms: `postgres` and
/// `pg` for `postgres_async` and `pg_async`.
fn without_common_end<'n>(old: &'n str, new: &'n str) -> [&'n str; 2] {
    match (old.rsplit_once('_'), new.rsplit_once('_')) {
        (Some((old, end)), Some((new, same))) if end == same => [old, new],
        _ => [old, new],
    }
}
