//! `--output-format review`: reads the changed lines from git and the host's comments from a file.

use similar::{Algorithm, DiffOp, capture_diff_slices};

use super::{
    Failure,
    arguments::{Check, Color, ReviewOptions},
    git::{FileChange, Git, GitObject, Revision},
    outputs::Output,
    projects, show,
};
use crate::{
    configuration::Configuration,
    report::{
        FindingsReport, Format,
        review::{ChangedFile, HostComments, Hunk, MAX_COMMENTS, Review},
    },
    repository::Repository,
    source::regular,
};

/// The maximum size of the file with the host's comments, in bytes.
const MOST_OF_COMMENTS: u64 = 64 << 20;

/// Writes the findings to all outputs. `is_complete` says whether every document was read.
pub(super) fn show(
    run: &FindingsReport<'_>,
    outputs: &[Output<'_>],
    command: &Check,
    color: Color,
    is_complete: bool,
) -> Result<(), Failure> {
    if !outputs.iter().any(|output| output.format.format == Format::Review) {
        return show::show(run, outputs, color);
    }
    let review = review(run, &command.review, is_complete)?;
    show::show(&FindingsReport { review: Some(&review), ..*run }, outputs, color)
}

/// Returns a failure if options about a pull request have no effect, or if the command changes
/// documents.
pub(super) fn refuse(command: &Check) -> Result<(), Failure> {
    let mut formats = command.written.output_format.iter();
    let has_review = formats.any(|it| it.format == Format::Review);
    let ReviewOptions {
        review_base,
        review_head,
        review_comments,
        review_author: _,
        review_job,
        max_comments,
    } = &command.review;
    let options = [
        (review_base.is_some(), "--review-base"),
        (review_head.is_some(), "--review-head"),
        (review_comments.is_some(), "--review-comments"),
        (review_job.is_some(), "--review-job"),
        (max_comments.is_some(), "--max-comments"),
    ];
    if has_review && (command.fix || command.diff) {
        return Err(Failure::new(
            "`--output-format review` cannot be used with `--fix` or `--diff`",
        ));
    }
    match options.iter().find(|(is_given, _)| *is_given && !has_review) {
        None => Ok(()),
        Some((_, option)) => {
            Err(Failure::new(format!("`{option}` needs `--output-format review`")))
        }
    }
}

fn review(
    run: &FindingsReport<'_>,
    options: &ReviewOptions,
    is_complete: bool,
) -> Result<Review, Failure> {
    let directory = projects::directory()?;
    let directory = directory.canonicalize().unwrap_or(directory);
    let repository = Repository::around(&directory).filter(Repository::is_whole);
    let Some(repository) = repository else {
        return Err(Failure::new("`--output-format review` works only in a git repository"));
    };
    let host = host_comments(options)?;
    let git = Git::around(&repository, &directory);
    let head = git.review_head(options.review_head.as_deref().unwrap_or("HEAD"))?;
    let base = git.review_base(options.review_base.as_deref(), &head)?;
    let paths = run.paths_in_repository();
    let changes = git.changes(&base, &head, |path| paths.contains_key(path))?;
    let texts = texts(git, &head, &changes)?;
    let files = changes.into_iter().zip(texts).filter_map(|(change, head)| {
        let head = head?;
        let checked = run.sources.source(paths[&change.path]).text().unwrap_or_default();
        let hunks = change.hunks.unwrap_or_else(|| all_lines(&head));
        let since_head = differences(&head, checked);
        Some((change.path, ChangedFile { hunks, since_head }))
    });
    Ok(Review {
        files: files.collect(),
        base: base.commit().to_owned(),
        head: head.commit().to_owned(),
        host,
        job: options.review_job.clone(),
        max_comments: options.max_comments.unwrap_or(MAX_COMMENTS),
        is_complete,
    })
}

/// Reads the comments of the host, or returns none if the command line names no file.
fn host_comments(options: &ReviewOptions) -> Result<HostComments, Failure> {
    let (Some(path), Some(author)) = (&options.review_comments, &options.review_author) else {
        return Ok(HostComments::default());
    };
    let name = path.display();
    let mut bytes = Vec::new();
    regular::read(path, MOST_OF_COMMENTS + 1, &mut bytes)
        .map_err(|error| Failure::io(&format!("cannot read `{name}`"), &error))?;
    if bytes.len() as u64 > MOST_OF_COMMENTS {
        return Err(Failure::new(format!("`{name}` is larger than {MOST_OF_COMMENTS} bytes")));
    }
    HostComments::parse(&bytes, author).map_err(|error| {
        Failure::new(format!("`{name}` is not a JSON list of comments of a pull request: {error}"))
    })
}

/// Returns the texts of the changed files in the last commit of the pull request. A text is `None` if
/// the file is too large to compare.
fn texts(
    git: Git<'_>,
    head: &Revision,
    changes: &[FileChange],
) -> Result<Vec<Option<String>>, Failure> {
    let limit = Configuration::default().max_file_bytes;
    let blobs: Vec<_> = changes.iter().map(|change| change.blob.clone()).collect();
    let objects = git.objects(head, &blobs, limit)?;
    let text = |object| match object {
        GitObject::Bytes(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
        GitObject::TooLarge | GitObject::Lost => None,
    };
    Ok(objects.into_iter().map(text).collect())
}

/// Returns the change that adds all lines of a text.
fn all_lines(text: &str) -> Vec<Hunk> {
    let count = text.lines().count();
    if count == 0 { Vec::new() } else { vec![Hunk { old: 1..1, new: 1..count + 1 }] }
}

/// Returns the lines that differ between two texts. Ignores line endings.
fn differences(old: &str, new: &str) -> Vec<Hunk> {
    if old == new {
        return Vec::new();
    }
    let [old, new]: [Vec<_>; 2] = [old, new].map(|text| text.lines().collect());
    let operations = capture_diff_slices(Algorithm::Myers, &old, &new);
    let changed = operations.iter().filter(|it| !matches!(it, DiffOp::Equal { .. }));
    let lines = |range: std::ops::Range<usize>| range.start + 1..range.end + 1;
    changed.map(|it| Hunk { old: lines(it.old_range()), new: lines(it.new_range()) }).collect()
}
