//! The files that say what a walk leaves out, looked at before the walk reads them.
//!
//! They are read whole and by somebody else, who would wait for a pipe and read a device for ever.

use std::{
    fs,
    path::{Path, absolute},
    sync::{Arc, Mutex, PoisonError},
};

use ignore::{DirEntry, WalkBuilder};

use super::LoadError;
use crate::source::regular;

const NAME: &str = ".gitignore";

/// The folders that were left out for their own files; safe to fill while they are walked.
#[derive(Clone, Default)]
pub(super) struct LeftOut {
    errors: Arc<Mutex<Vec<LoadError>>>,
}

impl LeftOut {
    /// Leaves out every folder below the first whose file no walk can read.
    pub(super) fn of_walk(walk: &mut WalkBuilder) -> Self {
        let left_out = Self::default();
        let errors = Arc::clone(&left_out.errors);
        walk.filter_entry(move |entry| match unreadable_below(entry) {
            None => true,
            Some(error) => {
                errors.lock().unwrap_or_else(PoisonError::into_inner).push(error);
                false
            }
        });
        left_out
    }

    /// Why they were left out.
    pub(super) fn errors(&self) -> Vec<LoadError> {
        std::mem::take(&mut self.errors.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

/// The file that no walk can read in a folder, or in one around it.
pub(super) fn unreadable_around(folder: &Path) -> Option<LoadError> {
    absolute(folder).ok()?.ancestors().find_map(unreadable)
}

fn unreadable_below(entry: &DirEntry) -> Option<LoadError> {
    if entry.file_type().is_some_and(|kind| kind.is_dir()) {
        return unreadable(entry.path());
    }
    None
}

fn unreadable(folder: &Path) -> Option<LoadError> {
    let path = folder.join(NAME);
    match fs::metadata(&path) {
        Ok(metadata) if !metadata.is_file() && !metadata.is_dir() => {
            Some(LoadError { path, error: regular::no_file() })
        }
        _ => None,
    }
}
