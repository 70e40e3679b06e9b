//! Every setting: its default in `config.default.toml`, changed by a file, the environment and flags, in this order.

use std::{
    collections::BTreeMap,
    fs, io,
    path::{Path, PathBuf},
    time::Duration,
};

use axum::http::Uri;
use serde::Deserialize;
use toml::{Table, Value, de::DeTable};
use tracing_subscriber::EnvFilter;

/// The manual of the settings, and their defaults.
pub const DEFAULTS: &str = include_str!("../config.default.toml");

/// The file that is read when no other is named.
const FILE: &str = "rolecast.toml";

/// What the names of environment variables begin with.
const PREFIX: &str = "ROLECAST_";

/// Every setting, checked.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a setting of its own")]
pub struct Config {
    /// Where the server listens: a host or its address, and a port.
    pub listen: String,
    /// The folder of the database and the archive.
    pub data_dir: PathBuf,
    /// The database; empty means a file in the data folder. See [`Config::database`].
    pub database_url: String,
    /// The bucket the publishers' files are kept in, or nothing for a folder of the data folder.
    pub archive: String,
    /// The operator's e-mail address, or nothing. See [`Config::contact`].
    pub contact: String,
    /// A folder of further source definitions, or nothing.
    pub sources_dir: PathBuf,
    /// Keys of the sources whose licence the operator holds. See [`jobs::definition::Source::terms`].
    pub acknowledged_licences: Vec<String>,
    /// Whether the network stays untouched.
    pub offline: bool,
    /// Whether a first start loads the shipped figures.
    pub starter: bool,
    /// Whether the server runs workers too.
    pub workers: bool,
    /// What goes to the log.
    pub log: String,
    /// The largest request body, in bytes.
    pub body_limit: usize,
    /// Seconds a client may take. See [`Config::patience`].
    pub client_timeout: u16,
    /// Most words and signs of a document.
    pub max_tokens: usize,
    /// Most levels of fields.
    pub max_depth: usize,
    /// Most fields of a document, fragments spread.
    pub max_fields: u64,
    /// Most fields of an answer.
    pub max_cost: u64,
    /// Most requests in one body; 0 takes no lists.
    pub max_batch: usize,
    /// Whether clients may ask for the schema.
    pub introspection: bool,
    /// Whether errors suggest names.
    pub suggestions: bool,
    /// Most documents remembered by their hash.
    pub persisted_queries: usize,
    /// A manifest of the only documents that are answered, or nothing.
    pub trusted_documents: PathBuf,
    /// Bytes of documents kept parsed and judged.
    pub document_cache: u64,
    /// Bytes of answers kept.
    pub answer_cache: u64,
    /// Seconds an answer to a GET may be kept by others.
    pub max_age: u32,
    /// Fewest bytes of an answer that is compressed; 0 compresses none.
    pub compress_from: u16,
    /// Origins whose scripts may read answers.
    pub cors_origins: Vec<String>,
    /// Whether anybody may read.
    pub public_reads: bool,
    /// The token that may do everything, or nothing.
    pub admin_token: String,
    /// Points per second of an address; 0 is no limit.
    pub address_rate: u32,
    /// Points per second of a token; 0 is no limit.
    pub token_rate: u32,
    /// Seconds of points that a bucket holds.
    pub rate_burst: u32,
    /// Whether a proxy says where a request comes from.
    pub trust_proxy: bool,
    /// Most open WebSockets.
    pub max_sockets: usize,
    /// Most open WebSockets of one token or address.
    pub max_sockets_each: usize,
    /// Most subscriptions on a WebSocket.
    pub max_subscriptions: usize,
}

impl Default for Config {
    fn default() -> Self {
        Self {
            listen: "127.0.0.1:8080".into(),
            data_dir: "./data".into(),
            database_url: String::new(),
            archive: String::new(),
            contact: String::new(),
            sources_dir: PathBuf::new(),
            acknowledged_licences: Vec::new(),
            offline: false,
            starter: true,
            workers: true,
            log: "warn".into(),
            body_limit: 1024 * 1024,
            client_timeout: 65,
            max_tokens: 10_000,
            max_depth: 30,
            max_fields: 5_000,
            max_cost: 1_000_000,
            max_batch: 0,
            introspection: true,
            suggestions: true,
            persisted_queries: 1000,
            trusted_documents: PathBuf::new(),
            document_cache: 32 * 1024 * 1024,
            answer_cache: 32 * 1024 * 1024,
            max_age: 60,
            compress_from: 1024,
            cors_origins: vec!["*".into()],
            public_reads: true,
            admin_token: String::new(),
            address_rate: 0,
            token_rate: 0,
            rate_burst: 60,
            trust_proxy: false,
            max_sockets: 1000,
            max_sockets_each: 100,
            max_subscriptions: 50,
        }
    }
}

impl Config {
    /// Returns the address of the database.
    pub fn database(&self) -> String {
        if self.database_url.is_empty() {
            format!("sqlite://{}?mode=rwc", self.data_dir.join("rolecast.db").display())
        } else {
            self.database_url.clone()
        }
    }

    /// Returns the operator's e-mail address, if it is set.
    pub fn contact(&self) -> Option<&str> {
        Some(self.contact.as_str()).filter(|contact| !contact.is_empty())
    }

    /// Returns how long a client may take: to send the head of a request, then its body, and to take a message of a WebSocket.
    pub fn patience(&self) -> Duration {
        Duration::from_secs(self.client_timeout.into())
    }

    fn mistakes(&self) -> Vec<String> {
        let (contact, listen) = (&self.contact, &self.listen);
        let mut mistakes = Vec::new();
        let place =
            listen.rsplit_once(':').filter(|(host, port)| !host.is_empty() && port.parse::<u16>().is_ok());
        if place.is_none() {
            mistakes.push(format!(
                "listen: `{listen}` is not a host and a port, such as 127.0.0.1:8080 or localhost:8080"
            ));
        }
        if !contact.is_empty() && (!contact.contains('@') || !contact.bytes().all(|b| b.is_ascii_graphic())) {
            mistakes.push(format!("contact: `{contact}` is not an e-mail address"));
        }
        if let Err(error) = EnvFilter::try_new(&self.log) {
            mistakes.push(format!("log: `{}` is not a log filter: {error}", self.log));
        }
        mistakes.extend(self.mistakes_of_the_api());
        if self.body_limit < 1024 {
            mistakes.push(format!("body_limit: {} is less than 1024 bytes", self.body_limit));
        }
        if !self.archive.is_empty() && !self.archive.starts_with("s3://") {
            mistakes.push("archive: does not begin with s3://".into());
        }
        let known = ["", "sqlite:", "postgres:", "postgresql:"];
        let scheme = self.database_url.split_inclusive(':').next().unwrap_or_default();
        if !known.contains(&scheme) {
            mistakes.push("database_url: begins with neither sqlite: nor postgres:".into());
        }
        mistakes
    }

    fn mistakes_of_the_api(&self) -> Vec<String> {
        let mut mistakes = Vec::new();
        let origin = |text: &str| {
            text == "*"
                || (text.starts_with("http") && text.matches('/').count() == 2 && text.parse::<Uri>().is_ok())
        };
        for wrong in self.cors_origins.iter().filter(|text| !origin(text)) {
            mistakes.push(format!("cors_origins: `{wrong}` is not an origin such as https://example.org"));
        }
        // Whatever is shorter can be guessed.
        if !self.admin_token.is_empty() && self.admin_token.len() < 16 {
            mistakes.push("admin_token: is shorter than 16 characters".into());
        }
        if self.client_timeout == 0 {
            mistakes.push("client_timeout: 0 seconds leave no time to send anything".into());
        }
        if self.rate_burst == 0 {
            mistakes.push("rate_burst: a bucket that holds nothing answers nothing".into());
        }
        mistakes
    }
}

/// Why the settings are refused.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The named file cannot be read.
    #[error("cannot read the settings in {path}")]
    Read {
        /// The file.
        path: String,
        /// Why not.
        source: io::Error,
    },
    /// Everything that is wrong with the settings.
    #[error("the settings are refused:\n  {}", .0.join("\n  "))]
    Mistakes(Vec<String>),
}

/// What the command line says, by the names of the settings.
pub type Flags = BTreeMap<&'static str, Value>;

/// Reads the settings from `file` (or `rolecast.toml`, if it is there), `environment` and `flags`.
pub fn read(
    file: Option<&Path>,
    environment: impl IntoIterator<Item = (String, String)>,
    flags: Flags,
) -> Result<Config, ConfigError> {
    let mut layers = Layers::new();
    if let Some((name, text)) = text(file)? {
        layers.file(&name, &text);
    }
    for (name, value) in environment {
        layers.variable(&name, &value);
    }
    for (name, value) in flags {
        layers.set(&format!("--{}", name.replace('_', "-")), name, value);
    }
    layers.finish()
}

fn text(file: Option<&Path>) -> Result<Option<(String, String)>, ConfigError> {
    let path = file.unwrap_or(Path::new(FILE));
    match fs::read_to_string(path) {
        Ok(text) => Ok(Some((path.display().to_string(), text))),
        Err(error) if file.is_none() && error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(source) => Err(ConfigError::Read { path: path.display().to_string(), source }),
    }
}

/// Reads a list without brackets: `a, b`.
fn listed(text: &str) -> Value {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).collect::<Vec<_>>().into()
}

/// The settings so far, and what is wrong with them.
struct Layers {
    table: Table,
    mistakes: Vec<String>,
}

impl Layers {
    fn new() -> Self {
        match DEFAULTS.parse() {
            Ok(table) => Self { table, mistakes: Vec::new() },
            Err(error) => {
                Self { table: Table::new(), mistakes: vec![format!("config.default.toml: {error}")] }
            }
        }
    }

    fn file(&mut self, name: &str, text: &str) {
        let (table, spans) = match (text.parse::<Table>(), DeTable::parse(text)) {
            (Ok(table), Ok(spans)) => (table, spans),
            (Err(error), _) | (_, Err(error)) => return self.mistakes.push(format!("{name}: {error}")),
        };
        let line = |key: &str| {
            let place =
                spans.get_ref().keys().find(|known| known.get_ref() == key).map_or(0, |key| key.span().start);
            text[..place].matches('\n').count() + 1
        };
        for (key, value) in table {
            self.set(&format!("{name}:{}", line(&key)), &key, value);
        }
    }

    /// Takes a variable of the environment. One that names no setting is left alone, as where the service itself is
    /// called rolecast, the container system sets `ROLECAST_PORT` and the like; one that nearly names one is a mistake.
    fn variable(&mut self, name: &str, text: &str) {
        let Some(key) = name.strip_prefix(PREFIX).map(str::to_ascii_lowercase) else { return };
        let Some(default) = self.table.get(&key) else { return self.misspelt(name, &key) };
        if text.is_empty() {
            return;
        }
        let value = match default {
            Value::String(_) => Value::String(text.to_owned()),
            Value::Array(_) if !text.trim_start().starts_with('[') => listed(text),
            _ => format!("v = {text}")
                .parse::<Table>()
                .ok()
                .and_then(|mut table| table.remove("v"))
                .unwrap_or_else(
                    // Not a number, a list or a truth value: the check below says what it should be.
                    || Value::String(text.to_owned()),
                ),
        };
        self.set(name, &key, value);
    }

    /// Notes a variable whose name is a slip away from that of a setting.
    fn misspelt(&mut self, name: &str, key: &str) {
        let far = |known: &&String| strsim::osa_distance(known, key);
        let near = self.table.keys().min_by_key(far).filter(|known| far(known) <= 1 + key.len() / 8);
        if let Some(known) = near {
            let meant = known.to_ascii_uppercase();
            self.mistakes.push(format!("{name}: there is no such setting; did you mean {PREFIX}{meant}?"));
        }
    }

    /// Takes one setting, or notes what is wrong with it and where.
    fn set(&mut self, place: &str, key: &str, value: Value) {
        let mut tried = self.table.clone();
        tried.insert(key.to_owned(), value);
        match Config::deserialize(tried.clone()) {
            Ok(_) => self.table = tried,
            Err(error) => self.mistakes.push(format!("{place}: {key}: {}", error.to_string().trim_end())),
        }
    }

    fn finish(mut self) -> Result<Config, ConfigError> {
        match Config::deserialize(self.table) {
            Ok(config) => {
                self.mistakes.extend(config.mistakes());
                if self.mistakes.is_empty() { Ok(config) } else { Err(ConfigError::Mistakes(self.mistakes)) }
            }
            Err(error) => Err(ConfigError::Mistakes(vec![error.to_string()])),
        }
    }
}

#[cfg(test)]
mod tests;
