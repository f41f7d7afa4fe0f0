//! The binary as its users run it: arguments, files, streams, exit codes.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on has failed")]

mod cli {
    mod bench;
    mod boundary;
    mod budget;
    mod commands;
    mod compile;
    mod dom;
    mod faults;
    mod feasibility;
    mod files;
    mod findings;
    mod fix;
    mod formats;
    mod hostile;
    mod import;
    mod init;
    mod inputs;
    mod large;
    mod limited;
    mod many;
    mod matrix;
    mod page;
    mod readme;
    mod report;
    mod repository;
    mod sandbox;
    mod schema;
    mod settings;
    mod steering;
    mod streams;
}
