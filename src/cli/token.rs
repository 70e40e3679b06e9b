//! `rolecast token`: who may do what.

use std::process::ExitCode;

use anyhow::{Context as _, bail};
use clap::{Args, Subcommand};
use entity::access_key;
use sea_orm::DatabaseConnection;

use super::{now, open, say};
use crate::{
    access::{Scope, keys},
    config::Config,
};

/// Make, list and revoke tokens.
#[derive(Debug, Args)]
pub(super) struct Token {
    #[command(subcommand)]
    act: Act,
}

#[derive(Debug, Subcommand)]
enum Act {
    /// Make a token and print it, once
    Create {
        /// What it is called in the list and the audit log
        name: String,
        /// What it may do: read, refresh, record or admin; more than one with commas between
        #[arg(long, value_delimiter = ',', required = true, value_name = "SCOPE")]
        scope: Vec<String>,
    },
    /// List the tokens, never themselves
    List,
    /// Make a token useless
    Revoke {
        /// What it is called
        name: String,
    },
}

impl Token {
    /// Does what was asked.
    pub(super) async fn run(self, config: &Config) -> anyhow::Result<ExitCode> {
        let scopes = self.scopes()?;
        let need = if matches!(self.act, Act::List) { open::Need::Read } else { open::Need::Write };
        open::with(config, need, async |cx| self.act(&cx.db, scopes).await).await
    }

    async fn act(self, db: &DatabaseConnection, scopes: Vec<Scope>) -> anyhow::Result<ExitCode> {
        match self.act {
            Act::Create { name, .. } => {
                let token = keys::create(db, &name, scopes.into_iter().collect(), now()).await?;
                say(token.reveal());
            }
            Act::List => {
                for row in keys::list(db).await.context("cannot read the tokens")? {
                    say(line(&row));
                }
            }
            Act::Revoke { name } => keys::revoke(db, &name, now()).await?,
        }
        Ok(ExitCode::SUCCESS)
    }

    fn scopes(&self) -> anyhow::Result<Vec<Scope>> {
        let Act::Create { name, scope } = &self.act else { return Ok(Vec::new()) };
        if name.trim().is_empty() || name.len() > 100 {
            bail!("a token's name has 1 to 100 characters");
        }
        let named = scope.iter().map(|name| {
            Scope::parse(name)
                .with_context(|| format!("`{name}` is no scope; there are read, refresh, record and admin"))
        });
        named.collect()
    }
}

fn line(row: &access_key::Model) -> String {
    let made = row.created_at.format("%Y-%m-%d");
    let revoked = row.revoked_at.map(|at| format!("  revoked {}", at.format("%Y-%m-%d"))).unwrap_or_default();
    format!("{}  {}…  {}  made {made}{revoked}", row.name, row.hint, row.scopes)
}
