//! Installs error reports, runs the command line, and ends with its exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    // Only a bug gets here: everything else is a message of one line.
    if let Err(error) = color_eyre::install() {
        eprint_once(&error.to_string());
    }
    ExitCode::from(gonogo::cli::main())
}

fn eprint_once(message: &str) {
    use std::io::Write;
    drop(writeln!(std::io::stderr(), "gonogo: {message}"));
}
