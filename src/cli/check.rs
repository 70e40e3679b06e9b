//! `rolecast sources check`: what is wrong with a definition, and what it makes of a file.

use std::{
    env,
    fs::{self, File},
    io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use anyhow::Context as _;
use clap::Args;
use jobs::{
    definition,
    document::{Arriving, Document},
    sample,
};

use super::{now, say};

/// Say what is wrong with a source definition
#[derive(Debug, Args)]
pub(super) struct Check {
    /// The definition
    file: PathBuf,
    /// Read this file with it: show the first rows as figures, the rejects and the columns nothing uses; keep nothing
    #[arg(long, value_name = "FILE")]
    sample: Option<PathBuf>,
    /// The release the sample is, where its name does not say
    #[arg(long, value_name = "LABEL", requires = "sample")]
    release: Option<String>,
}

impl Check {
    /// Succeeds when the definition is good and the sample can be believed.
    pub(super) fn run(&self) -> anyhow::Result<ExitCode> {
        let text =
            fs::read_to_string(&self.file).with_context(|| format!("cannot read {}", self.file.display()))?;
        let source = match definition::read(&self.file.display().to_string(), &text) {
            Ok(source) => source,
            Err(mistakes) => {
                mistakes.iter().for_each(say);
                return Ok(ExitCode::FAILURE);
            }
        };
        say(format_args!("{}: `{}` is a good definition", self.file.display(), source.key));
        let Some(sample) = &self.sample else { return Ok(ExitCode::SUCCESS) };
        self.read(&source, sample)
    }

    fn read(&self, source: &definition::Source, sample: &Path) -> anyhow::Result<ExitCode> {
        let named = || sample.display().to_string();
        let file = copy(sample).with_context(|| format!("cannot read {}", named()))?;
        let name = sample.file_name().map_or_else(named, |name| name.to_string_lossy().into_owned());
        let read = sample::sample(source, &name, file, self.release.as_deref(), now())
            .with_context(|| format!("{} by `{}`", named(), source.key))?;
        read.lines.iter().for_each(say);
        Ok(if read.good { ExitCode::SUCCESS } else { ExitCode::FAILURE })
    }
}

/// A pipe is read once, a document as often as it takes.
fn copy(from: &Path) -> io::Result<Document> {
    let mut file = Arriving::on_disk(&env::temp_dir())?;
    io::copy(&mut File::open(from)?, &mut file)?;
    file.finish()
}
