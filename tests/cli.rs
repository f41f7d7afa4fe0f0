//! The binary as its users run it: arguments, files, streams, exit codes.

mod cli {
    mod commands;
    mod compile;
    mod files;
    mod findings;
    mod fix;
    mod hostile;
    mod init;
    mod inputs;
    mod limited;
    mod matrix;
    mod readme;
    mod sandbox;
    mod settings;
    mod streams;
}
