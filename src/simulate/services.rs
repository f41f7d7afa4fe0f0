//! The service times of attempts.

use super::random::{Draw, Purpose, Stream};
use crate::model::{Operation, Quantiles, ServiceTime, Workload};

const BASIS: u64 = 10_000;
const MILLION: u64 = 1_000_000;

/// The service times of a workload under one seed.
pub(super) struct Services {
    kind: Stream,
    service: Stream,
    error: Fault,
    stall: Fault,
    kinds: Vec<Kind>,
}

/// One kind of operation.
struct Kind {
    /// The total weight of this kind and all previous kinds.
    weights: u64,
    shape: Shape,
}

/// The distribution of the service times of one kind, in microseconds.
enum Shape {
    Constant(u64),
    Exponential(u64),
    Quantiles(Vec<Segment>),
}

/// A straight line between two quantiles.
struct Segment {
    start_ppm: u64,
    end_ppm: u64,
    from_us: u64,
    rise_us: u64,
}

/// A failure or delay that affects a share of the attempts.
struct Fault {
    stream: Stream,
    share_bps: u64,
    us: u64,
}

/// The service time and the outcome of one attempt, if it does not time out.
pub(super) struct ServiceSampler {
    /// The service time in microseconds, at least 1.
    pub(super) us: u64,
    /// Whether the attempt fails at the end.
    pub(super) fails: bool,
}

impl Services {
    pub(super) fn new(workload: &Workload, seed: u64) -> Self {
        let fault =
            |purpose, share_bps, us| Fault { stream: Stream::new(seed, purpose), share_bps, us };
        Self {
            kind: Stream::new(seed, Purpose::Kind),
            service: Stream::new(seed, Purpose::Service),
            error: fault(Purpose::Error, workload.error_bps.get(), workload.error_us.get()),
            stall: fault(Purpose::Stall, workload.stall_bps.get(), workload.stall_us.get()),
            kinds: kinds(workload),
        }
    }

    /// Returns the kind of a request: the first kind whose cumulative weight exceeds the random
    /// number.
    pub(super) fn kind(&self, request: u64) -> usize {
        let [.., last] = self.kinds.as_slice() else { return 0 };
        if self.kinds.len() == 1 {
            return 0;
        }
        let draw = self.kind.draw(request, 0).below(last.weights);
        self.kinds.partition_point(|kind| kind.weights <= draw)
    }

    /// Returns the service time of an attempt. `slowed` converts the drawn time, but neither stalls
    /// nor errors.
    pub(super) fn serve(
        &self,
        kind: usize,
        request: u64,
        attempt: u64,
        slowed: impl FnOnce(u64) -> u64,
    ) -> ServiceSampler {
        if self.error.hits(request, attempt) {
            return ServiceSampler { us: self.error.us.max(1), fails: true };
        }
        let draw = self.service.draw(request, attempt);
        let served = slowed(self.kinds[kind].shape.sample(draw));
        let stall = if self.stall.hits(request, attempt) { self.stall.us } else { 0 };
        ServiceSampler { us: (served + stall).max(1), fails: false }
    }
}

fn kinds(workload: &Workload) -> Vec<Kind> {
    let operations = workload.operations.iter();
    let kind = |weights: &mut u64, operation: &Operation| {
        *weights += operation.weight.get();
        Some(Kind { weights: *weights, shape: Shape::of(&operation.service) })
    };
    operations.scan(0, kind).collect()
}

impl Fault {
    fn hits(&self, request: u64, attempt: u64) -> bool {
        self.share_bps > 0 && self.stream.draw(request, attempt).below(BASIS) < self.share_bps
    }
}

impl Shape {
    fn of(service: &ServiceTime) -> Self {
        match service {
            ServiceTime::Constant(time) => Self::Constant(time.get()),
            ServiceTime::Exponential(mean) => Self::Exponential(mean.get()),
            ServiceTime::Quantiles(quantiles) => Self::Quantiles(segments(quantiles)),
        }
    }

    fn sample(&self, draw: Draw) -> u64 {
        match self {
            Self::Constant(us) => *us,
            Self::Exponential(mean_us) => draw.exponential(*mean_us),
            Self::Quantiles(segments) => {
                let ppm = draw.below(MILLION);
                let found = segments.partition_point(|segment| segment.end_ppm <= ppm);
                segments.get(found).map_or(0, |segment| segment.at(ppm))
            }
        }
    }
}

fn segments(quantiles: &Quantiles) -> Vec<Segment> {
    let segments = quantiles.points().windows(2).map(|pair| {
        let [(start, from), (end, to)] = [pair[0], pair[1]];
        Segment {
            start_ppm: start.get(),
            end_ppm: end.get(),
            from_us: from.get(),
            rise_us: to.get() - from.get(),
        }
    });
    segments.collect()
}

impl Segment {
    fn at(&self, ppm: u64) -> u64 {
        let width = self.end_ppm - self.start_ppm;
        self.from_us + self.rise_us * (ppm - self.start_ppm) / width
    }
}
