//! Who asks, and what they may do.

use std::fmt;

pub mod keys;
pub mod token;

/// What a caller may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Read where reads are not public, and see releases that are held.
    Read,
    /// Queue refreshes, cancel them, and replay rejects.
    Refresh,
    /// Record figures read off pages.
    Record,
    /// Everything, and the pages under `/admin`.
    Admin,
}

impl Scope {
    /// Every scope.
    pub const ALL: [Self; 4] = [Self::Read, Self::Refresh, Self::Record, Self::Admin];

    /// Returns the scope's name.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Refresh => "refresh",
            Self::Record => "record",
            Self::Admin => "admin",
        }
    }

    /// Returns the scope with this name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == name)
    }
}

impl fmt::Display for Scope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A set of scopes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Scopes(u8);

impl Scopes {
    /// Returns whether these scopes allow what needs `scope`. An administrator may do everything; every token may read.
    pub fn allow(self, scope: Scope) -> bool {
        let held = |scope: Scope| self.0 & (1 << scope as u8) != 0;
        held(scope) || held(Scope::Admin) || (scope == Scope::Read && self.0 != 0)
    }

    /// Reads names with commas between; what is no scope is left out.
    pub fn parse(names: &str) -> Self {
        names.split(',').filter_map(|name| Scope::parse(name.trim())).collect()
    }

    /// Returns the set as a number, the same for the same scopes.
    pub fn bits(self) -> u8 {
        self.0
    }
}

impl FromIterator<Scope> for Scopes {
    fn from_iter<I: IntoIterator<Item = Scope>>(scopes: I) -> Self {
        Self(scopes.into_iter().fold(0, |bits, scope| bits | 1 << scope as u8))
    }
}

impl fmt::Display for Scopes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let held = Scope::ALL.into_iter().filter(|scope| self.0 & (1 << *scope as u8) != 0);
        let names: Vec<_> = held.map(Scope::as_str).collect();
        f.write_str(&names.join(","))
    }
}

/// Who asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// The name of the token; what the audit log says.
    pub name: String,
    /// What they may do.
    pub scopes: Scopes,
}

impl Caller {
    /// Somebody without a token.
    pub fn anonymous() -> Self {
        Self { name: "anonymous".into(), scopes: Scopes::default() }
    }

    /// Whoever has the command line, or the administrator's token.
    pub fn operator(name: &str) -> Self {
        Self { name: name.into(), scopes: [Scope::Admin].into_iter().collect() }
    }

    /// Returns whether they may do what needs `scope`.
    pub fn may(&self, scope: Scope) -> bool {
        self.scopes.allow(scope)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_administrator_may_do_everything_and_a_stranger_nothing() {
        for scope in Scope::ALL {
            assert!(Caller::operator("root").may(scope));
            assert!(!Caller::anonymous().may(scope));
        }
    }

    #[test]
    fn a_scope_allows_itself_and_reading() {
        let scopes = Scopes::parse("record, nonsense");
        assert!(scopes.allow(Scope::Record) && scopes.allow(Scope::Read));
        assert!(!scopes.allow(Scope::Refresh) && !scopes.allow(Scope::Admin));
        assert_eq!(scopes.to_string(), "record");
    }
}
