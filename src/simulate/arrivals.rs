//! The arrivals of a run.

use std::{array, ops::Range};

use super::random::{Purpose, Stream, scaled, units};
use crate::model::{Arrival, Burst, Workload};

/// Nanoseconds in a thousand seconds.
const KSEC_NS: u64 = 1_000_000_000_000;
/// The number of gaps that are drawn at a time.
const AHEAD: usize = 16;

/// The clock of the arrivals, in nanoseconds. Gaps of whole microseconds would change the rate.
pub(super) struct Arrivals {
    stream: Stream,
    arrival: Arrival,
    burst: Option<Burst>,
    trigger_us: Range<u64>,
    /// The mean gaps outside and within bursts.
    gaps_ns: [u64; 2],
    /// The mean gaps outside and within bursts during the trigger.
    trigger_gaps_ns: [u64; 2],
    clock_ns: u64,
    scheduled: u64,
    /// The next gaps, as multiples of their means, in parts of 2^32.
    drawn: array::IntoIter<u64, AHEAD>,
}

impl Arrivals {
    /// Creates the arrivals of a workload, whose rate must always be above 0.
    pub(super) fn new(workload: &Workload, seed: u64) -> Self {
        let stream = Stream::new(seed, Purpose::Arrival);
        let gaps = |triggered| {
            [false, true].map(|in_burst| {
                let rate = u64::try_from(workload.rate(in_burst, triggered)).unwrap_or(u64::MAX);
                KSEC_NS / rate.max(1)
            })
        };
        let trigger_ms = workload.trigger.map_or(0..0, |it| it.start_ms.get()..it.end_ms());
        Self {
            stream,
            arrival: workload.arrival,
            burst: workload.burst,
            trigger_us: trigger_ms.start * 1000..trigger_ms.end * 1000,
            gaps_ns: gaps(false),
            trigger_gaps_ns: gaps(true),
            clock_ns: 0,
            scheduled: 0,
            drawn: unit_gaps(stream, 0).into_iter(),
        }
    }

    /// Returns the time of the next arrival, in microseconds, at the current rate.
    pub(super) fn schedule(&mut self, now_us: u64) -> u64 {
        self.clock_ns += self.gap_ns(now_us);
        self.scheduled += 1;
        now_us.max(self.clock_ns / 1000)
    }

    /// Returns the number of the last scheduled request, from 0.
    pub(super) fn latest(&self) -> u64 {
        self.scheduled - 1
    }

    fn gap_ns(&mut self, now_us: u64) -> u64 {
        let mean = self.mean_gap_ns(now_us);
        match self.arrival {
            Arrival::Constant => mean,
            Arrival::Poisson => scaled(mean, self.unit_gap()),
        }
    }

    fn mean_gap_ns(&self, now_us: u64) -> u64 {
        let bursting = self
            .burst
            .is_some_and(|burst| now_us / 1000 % burst.period_ms().get() < burst.on_ms().get());
        let gaps =
            if self.trigger_us.contains(&now_us) { self.trigger_gaps_ns } else { self.gaps_ns };
        gaps[usize::from(bursting)]
    }

    fn unit_gap(&mut self) -> u64 {
        if self.drawn.len() == 0 {
            self.drawn = unit_gaps(self.stream, self.scheduled).into_iter();
        }
        self.drawn.next().unwrap_or_default()
    }
}

/// Returns the gaps before a request and before the requests that follow it, as multiples of their
/// means, in parts of 2^32.
fn unit_gaps(stream: Stream, first: u64) -> [u64; AHEAD] {
    let mut request = first;
    units([(); AHEAD].map(|()| {
        let draw = stream.draw(request, 0);
        request += 1;
        draw
    }))
}
