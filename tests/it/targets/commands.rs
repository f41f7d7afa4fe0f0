//! The commands `emit`, `adopt`, `verify` and `target`.
