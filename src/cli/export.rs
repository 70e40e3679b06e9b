//! `rolecast export`: loaded figures as a file.

use std::{fs, io::BufWriter, path::PathBuf, process::ExitCode};

use anyhow::Context as _;
use clap::{Args, ValueEnum};
use jobs::{pipeline, starter};

use super::{open, say};
use crate::config::Config;

/// Write loaded figures to a file.
#[derive(Debug, Args)]
pub(super) struct Export {
    /// What to write
    what: What,
    /// Where to write it
    #[arg(long, value_name = "FILE", default_value = "jobs/starter/figures.jsonl.zst")]
    out: PathBuf,
}

#[derive(Clone, Copy, Debug, ValueEnum)]
enum What {
    /// The newest edition of every published release, as a first start loads it
    Starter,
}

impl Export {
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<ExitCode> {
        let What::Starter = self.what;
        open::with(config, open::Need::Read, async |cx| self.write(&cx).await).await
    }

    async fn write(&self, cx: &pipeline::Context) -> anyhow::Result<ExitCode> {
        // Beside the file, then over it: a failed export leaves the old one whole.
        let part = self.out.with_extension("part");
        let file = fs::File::create(&part).with_context(|| format!("cannot write {}", part.display()))?;
        let releases = match starter::export(cx, BufWriter::new(file)).await {
            Ok(releases) => releases,
            Err(error) => {
                fs::remove_file(&part).ok();
                return Err(error.into());
            }
        };
        fs::rename(&part, &self.out).with_context(|| format!("cannot write {}", self.out.display()))?;
        say(format_args!("{releases} releases in {}", self.out.display()));
        Ok(ExitCode::SUCCESS)
    }
}
