//! Every source, by key: the built-in ones and those of a folder.

use std::{collections::BTreeMap, fs, io, path::Path};

use rust_embed::RustEmbed;

use super::{Source, read};

/// Mistakes in definitions, all of them.
#[derive(Debug, thiserror::Error)]
pub enum DefinitionError {
    /// A folder or file cannot be read.
    #[error("cannot read {path}")]
    Read {
        /// The folder or file.
        path: String,
        /// Why not.
        source: io::Error,
    },
    /// Files that are no definitions, with place and reason.
    #[error("{}", .0.join("\n"))]
    Mistakes(Vec<String>),
}

/// Every configured source.
#[derive(Clone, Debug, Default)]
pub struct Registry {
    sources: BTreeMap<String, Source>,
}

/// The definitions compiled into the binary.
#[derive(RustEmbed)]
#[folder = "sources"]
struct BuiltIn;

impl FromIterator<Source> for Registry {
    /// Makes a registry of these sources alone; the last one of a key counts.
    fn from_iter<I: IntoIterator<Item = Source>>(sources: I) -> Self {
        Self { sources: sources.into_iter().map(|source| (source.key.clone(), source)).collect() }
    }
}

impl Registry {
    /// Returns the sources that come with the binary.
    pub fn built_in() -> Result<Self, DefinitionError> {
        let mut registry = Self::default();
        registry.add(BuiltIn::iter().filter(|name| name.ends_with(".toml")).filter_map(|name| {
            let file = BuiltIn::get(&name)?;
            Some((name.into_owned(), String::from_utf8_lossy(&file.data).into_owned()))
        }))?;
        Ok(registry)
    }

    /// Adds every `*.toml` of `dir`; a key that exists is replaced.
    pub fn add_folder(&mut self, dir: &Path) -> Result<(), DefinitionError> {
        let read = |path: &Path, source| DefinitionError::Read { path: path.display().to_string(), source };
        let mut files = Vec::new();
        for entry in fs::read_dir(dir).map_err(|error| read(dir, error))? {
            let path = entry.map_err(|error| read(dir, error))?.path();
            if path.extension().is_some_and(|ext| ext == "toml") {
                let text = fs::read_to_string(&path).map_err(|error| read(&path, error))?;
                files.push((path.display().to_string(), text));
            }
        }
        files.sort();
        self.add(files.into_iter())
    }

    /// Notes that the operator holds what the sources called `keys` ask for: their [`Source::terms`].
    ///
    /// # Errors
    ///
    /// Fails where there is no such source, or where it asks for nothing.
    pub fn acknowledge(&mut self, keys: &[String]) -> Result<(), DefinitionError> {
        let mut mistakes = Vec::new();
        for key in keys {
            match self.sources.get_mut(key) {
                Some(source) if source.terms.is_some() => source.acknowledged = true,
                Some(_) => mistakes.push(format!("acknowledged_licences: `{key}` asks for no licence")),
                None => mistakes.push(format!("acknowledged_licences: there is no source `{key}`")),
            }
        }
        if mistakes.is_empty() { Ok(()) } else { Err(DefinitionError::Mistakes(mistakes)) }
    }

    /// Returns the source called `key`.
    pub fn get(&self, key: &str) -> Option<&Source> {
        self.sources.get(key)
    }

    /// Returns the sources in order of their keys.
    pub fn sources(&self) -> impl Iterator<Item = &Source> {
        self.sources.values()
    }

    fn add(&mut self, files: impl Iterator<Item = (String, String)>) -> Result<(), DefinitionError> {
        let mut mistakes = Vec::new();
        let mut keys = BTreeMap::new();
        for (name, text) in files {
            match read(&name, &text) {
                Ok(source) => {
                    if let Some(known) = keys.insert(source.key.clone(), name.clone()) {
                        mistakes.push(format!("{name}: the key `{}` is that of {known} too", source.key));
                    }
                    self.sources.insert(source.key.clone(), source);
                }
                Err(found) => mistakes.extend(found),
            }
        }
        if mistakes.is_empty() { Ok(()) } else { Err(DefinitionError::Mistakes(mistakes)) }
    }
}
