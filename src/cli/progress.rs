//! Shows a progress bar on standard error, for runs that take longer than a second.

use std::{
    io::{self, IsTerminal},
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::Duration,
};

use indicatif::{ProgressBar, ProgressStyle};

use crate::workspace::Progress;

/// The time before the bar appears.
const SILENT: Duration = Duration::from_secs(1);
/// The interval between updates of the bar.
const TICK: Duration = Duration::from_millis(100);

/// Does the work that `verb` names, and shows the progress on a terminal.
pub(super) fn watched<T>(verb: &'static str, progress: &Progress, work: impl FnOnce() -> T) -> T {
    if !io::stderr().is_terminal() {
        return work();
    }
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let watcher = scope.spawn(|| watch(verb, progress, &done));
        let result = work();
        done.store(true, Ordering::Relaxed);
        watcher.thread().unpark();
        result
    })
}

fn watch(verb: &str, progress: &Progress, done: &AtomicBool) {
    thread::park_timeout(SILENT);
    if done.load(Ordering::Relaxed) {
        return;
    }
    let bar = ProgressBar::new(0);
    let template = format!("{verb} {{pos}}/{{len}} {{wide_bar}}");
    if let Ok(style) = ProgressStyle::with_template(&template) {
        bar.set_style(style);
    }
    while !done.load(Ordering::Relaxed) {
        let load = |count: &std::sync::atomic::AtomicUsize| count.load(Ordering::Relaxed) as u64;
        bar.set_length(load(&progress.total));
        bar.set_position(load(&progress.done));
        thread::park_timeout(TICK);
    }
    bar.finish_and_clear();
}
