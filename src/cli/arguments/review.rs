//! The arguments of `driverc check` about a pull request, for `--output-format review`.

use std::path::PathBuf;

use clap::{Args, builder::NonEmptyStringValueParser};

use crate::report::review::JobName;

#[derive(Debug, Args)]
pub(in crate::cli) struct ReviewOptions {
    /// Base branch or base commit of the pull request. `review` comments only on lines that changed
    /// since the merge base [default: the default branch]
    #[arg(long, value_name = "REV")]
    pub(in crate::cli) review_base: Option<String>,

    /// Last commit of the pull request, if the checkout is a merge with the base [default: HEAD]
    #[arg(long, value_name = "REV")]
    pub(in crate::cli) review_head: Option<String>,

    /// JSON file with the existing comments of the pull request. `review` lists which to keep and
    /// which to remove
    #[arg(long, value_name = "FILE", requires = "review_author")]
    pub(in crate::cli) review_comments: Option<PathBuf>,

    /// Account that posts the comments of `review`. Comments of other accounts are never removed
    #[arg(long, value_name = "LOGIN", requires = "review_comments", value_parser = NonEmptyStringValueParser::new())]
    pub(in crate::cli) review_author: Option<String>,

    /// Name that separates the comments of this job from the comments of other jobs
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) review_job: Option<JobName>,

    /// Maximum number of line comments from `review`. One more comment lists the other findings
    /// [default: 30]
    #[arg(long, value_name = "N")]
    pub(in crate::cli) max_comments: Option<usize>,
}
