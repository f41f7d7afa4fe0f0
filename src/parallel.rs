//! Runs tasks on all processors and returns their results in order.

use std::{
    num::NonZero,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

/// Returns the number of threads that can run at the same time.
pub(crate) fn threads() -> usize {
    thread::available_parallelism().map_or(1, NonZero::get)
}

/// Runs all tasks and returns their results in order. A single task runs in this thread.
pub(crate) fn all<T: Sync, R: Send>(tasks: &[T], run: impl Fn(&T) -> R + Sync) -> Vec<R> {
    let threads = threads().min(tasks.len());
    if threads <= 1 {
        return tasks.iter().map(run).collect();
    }
    let next = AtomicUsize::new(0);
    let work = || {
        let mut results = Vec::new();
        while let number = next.fetch_add(1, Ordering::Relaxed)
            && let Some(task) = tasks.get(number)
        {
            results.push((number, run(task)));
        }
        results
    };
    let mut results = thread::scope(|scope| {
        let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
        let mut results = work();
        results.extend(others.into_iter().flat_map(|other| joined(other.join())));
        results
    });
    results.sort_unstable_by_key(|(number, _)| *number);
    results.into_iter().map(|(_, result)| result).collect()
}

/// Returns the result of a thread. Resumes its panic, if it panicked.
pub(crate) fn joined<T>(result: thread::Result<T>) -> T {
    result.unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}

#[cfg(test)]
mod tests {
    use super::all;

    #[test]
    fn results_are_in_order_of_tasks() {
        for length in [0, 1, 2, 1000] {
            let tasks: Vec<usize> = (0..length).collect();
            let doubled: Vec<usize> = tasks.iter().map(|task| task * 2).collect();
            assert_eq!(all(&tasks, |task| task * 2), doubled);
        }
    }
}
