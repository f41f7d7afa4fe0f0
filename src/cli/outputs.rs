//! The outputs of a run: each has a format, and goes to a file or to standard output.

mod inputs;

use std::{collections::BTreeSet, path::Path};

pub(super) use self::inputs::{refuse_configuration, refuse_inputs, refuse_inputs_in};

use super::{
    Failure,
    arguments::{FindingsOutput, FormatArgument, FormatOptions},
    output,
};
use crate::report::Format;

/// One output of a run.
#[derive(Clone, Copy, Debug)]
pub(super) struct Output<'a, F = FormatOptions> {
    pub(super) format: F,
    /// The file to replace, or `None` for standard output.
    pub(super) file: Option<&'a Path>,
}

/// Returns one output: findings in the full format, on standard output.
pub(super) fn full(quiet: bool) -> [Output<'static>; 1] {
    let format = FormatOptions { quiet, ..FormatOptions::from(Format::Full) };
    [Output { format, file: None }]
}

/// Returns the outputs that `--output-format` and `--output-file` name. Only one `--output-format`
/// can omit its file. Its output goes to the file of `--output-file`, or to standard output.
pub(super) fn of<'a, F: Copy>(
    formats: &'a [FormatArgument<F>],
    output_file: Option<&'a Path>,
) -> Result<Vec<Output<'a, F>>, Failure> {
    let unnamed = formats.iter().filter(|it| it.file.is_none()).count();
    if unnamed > 1 {
        return Err(Failure::new(
            "only one output can go to standard output; write `--output-format FORMAT=FILE` for \
             the others",
        ));
    }
    if let Some(file) = output_file.filter(|_| unnamed == 0) {
        return Err(Failure::new(format!(
            "no output is left for `--output-file {0}`; leave it out, or add an `--output-format` \
             without `=FILE`",
            file.display()
        )));
    }
    let outputs = formats.iter().map(|FormatArgument { format, file }| Output {
        format: *format,
        file: file.as_deref().or(output_file),
    });
    let outputs: Vec<_> = outputs.collect();
    refuse_same_file(outputs.iter().filter_map(|it| it.file))?;
    Ok(outputs)
}

/// Returns a failure if two outputs go to the same file.
pub(super) fn refuse_same_file<'p>(
    mut outputs: impl Iterator<Item = &'p Path>,
) -> Result<(), Failure> {
    let (mut files, mut places) = (BTreeSet::new(), output::Places::default());
    match outputs.find(|file| !files.insert(places.of(file))) {
        None => Ok(()),
        Some(file) => Err(Failure::new(format!(
            "two outputs go to `{}`; name a different file for each",
            file.display()
        ))),
    }
}

/// Renders every output, then writes them: all files first, then standard output.
pub(super) fn write<F: Copy>(
    outputs: &[Output<'_, F>],
    mut render: impl FnMut(&Output<'_, F>) -> Result<Vec<u8>, Failure>,
) -> Result<(), Failure> {
    let mut rendered = Vec::new();
    for output in outputs {
        rendered.push((output.file, render(output)?));
    }
    output::write_all(&rendered)
}

impl FindingsOutput {
    /// Returns the outputs of findings, with their limits.
    pub(super) fn outputs<'a>(
        &'a self,
        output_file: Option<&'a Path>,
    ) -> Result<Vec<Output<'a>>, Failure> {
        let outputs = of(&self.output_format, output_file)?.into_iter();
        let with_limits = |Output { format, file }| Output { format: self.shape(format), file };
        Ok(outputs.map(with_limits).collect())
    }

    fn shape(&self, format: Format) -> FormatOptions {
        let shape = FormatOptions::from(format);
        let most = self.max_diagnostics.unwrap_or(shape.most);
        FormatOptions { most, quiet: self.quiet, ..shape }
    }
}
