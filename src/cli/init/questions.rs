//! Asks for the values of a new driver on a terminal.

use std::io::{self, BufRead, IsTerminal, Write};

use crate::cli::Failure;

/// Returns true if a person can answer: both the questions and the answers use a terminal.
pub(super) fn are_possible() -> bool {
    io::stdin().is_terminal() && io::stderr().is_terminal()
}

/// Questions to a person.
pub(super) struct Questions<R, W> {
    pub(super) answers: R,
    pub(super) output: W,
}

/// Asks on the terminal.
pub(super) fn on_terminal() -> Questions<io::StdinLock<'static>, io::Stderr> {
    Questions { answers: io::stdin().lock(), output: io::stderr() }
}

impl<R: BufRead, W: Write> Questions<R, W> {
    /// Asks until an answer can be read. An empty answer means the default. Fails at the end of
    /// the input, which is Ctrl-D on a terminal.
    pub(super) fn ask<T>(
        &mut self,
        question: &str,
        default: Option<&str>,
        read: impl Fn(&str) -> Result<T, String>,
    ) -> Result<T, Failure> {
        loop {
            let shown = default.map_or_else(String::new, |default| format!(" [{default}]"));
            // A closed output does not matter if an answer comes all the same.
            _ = write!(self.output, "{question}{shown}: ").and_then(|()| self.output.flush());
            let mut answer = String::new();
            let length = self.answers.read_line(&mut answer);
            if length.map_err(|error| Failure::io("cannot read the answer", &error))? == 0 {
                _ = writeln!(self.output);
                return Err(Failure::new("no answer; nothing was written"));
            }
            let answer = answer.trim();
            let answer = if answer.is_empty() { default.unwrap_or(answer) } else { answer };
            match read(answer) {
                Ok(value) => return Ok(value),
                Err(fault) => _ = writeln!(self.output, "{fault}"),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn asked(answers: &str, default: Option<&str>) -> (Result<u64, String>, String) {
        let mut questions = Questions { answers: answers.as_bytes(), output: Vec::new() };
        let number = |text: &str| text.parse().map_err(|_| format!("`{text}` is not a number"));
        let answer = questions.ask("Slots", default, number).map_err(|error| error.to_string());
        (answer, String::from_utf8(questions.output).unwrap())
    }

    #[test]
    fn question_is_repeated_until_answer_is_valid() {
        let (answer, output) = asked("many\n 7 \n", Some("20"));
        assert_eq!(answer, Ok(7));
        assert_eq!(output, "Slots [20]: `many` is not a number\nSlots [20]: ");
        assert_eq!(asked("\n", Some("20")).0, Ok(20));
        assert_eq!(asked("\n8\n", None), (Ok(8), "Slots: `` is not a number\nSlots: ".to_owned()));
    }

    #[test]
    fn end_of_input_ends_questions() {
        let (answer, output) = asked("many\n", None);
        assert_eq!(answer, Err("no answer; nothing was written".to_owned()));
        assert!(output.ends_with("Slots: \n"), "{output}");
    }
}
