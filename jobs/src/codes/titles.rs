//! From a job title to the occupation that bears it: exactly, once case, marks and plurals are taken away.

use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

use entity::{Classification, OccupationLevel};

use super::{
    roles,
    tables::{OCCUPATIONS, Occupation, TITLES, Titles, known},
};

/// What bears a title.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bearer {
    /// One occupation: its code and official title.
    One(&'static str, &'static str),
    /// Several occupations.
    Several,
    /// None.
    None,
}

/// Returns the occupation of SOC 2018 that bears `title`: a curated role's first occupation, else that with
/// this official title, else that with this other title in O*NET. `Laborer, landscape` is also `landscape laborer`.
pub fn occupation_of_title(title: &str) -> Bearer {
    let turned = match title.split_once(',') {
        Some((noun, rest)) if !rest.contains(',') => format!("{rest} {noun}"),
        _ => String::new(),
    };
    for form in [plain(title), plain(&turned)] {
        if form.is_empty() {
            continue;
        }
        if let Some(index) = INDEX.iter().find_map(|index| index.get(&form)) {
            return match index.as_slice() {
                [code] => TITLE.get(code).map_or(Bearer::None, |(code, title)| Bearer::One(code, title)),
                _ => Bearer::Several,
            };
        }
    }
    Bearer::None
}

/// Returns whether the catalog has `code` in `classification`.
pub fn is_of(classification: Classification, code: &str) -> bool {
    CODES.get(&classification).is_some_and(|codes| codes.contains(code))
}

static CODES: LazyLock<HashMap<Classification, HashSet<String>>> = LazyLock::new(|| {
    let mut codes: HashMap<_, HashSet<_>> = HashMap::new();
    for row in occupations() {
        codes.entry(row.classification).or_default().insert(row.code);
    }
    codes
});

/// Returns the title of the one curated role that is called `title`, by its own title or another of its names. What is the
/// very title of an occupation is that of the occupation's own role.
pub(crate) fn role_called(title: &str) -> Option<&'static str> {
    static ROLES: LazyLock<Index> = LazyLock::new(|| index(roles::names()));
    static OWN: LazyLock<HashSet<String>> =
        LazyLock::new(|| TITLE.values().map(|(_, title)| roles::slug(title)).collect());
    match ROLES.get(&plain(title))?.as_slice() {
        [role] if !OWN.contains(&roles::slug(title)) => Some(role),
        _ => None,
    }
}

type Index = HashMap<String, Vec<String>>;

/// Official titles by code, of every level: some other titles are those of a broad occupation.
static TITLE: LazyLock<HashMap<String, (String, String)>> = LazyLock::new(|| {
    let known = occupations().into_iter().filter(|row| row.classification == Classification::Soc2018);
    known.map(|row| (row.code.clone(), (row.code, row.title))).collect()
});

/// Curated, official and other titles, in the order in which they count.
static INDEX: LazyLock<[Index; 3]> = LazyLock::new(|| {
    let detailed = occupations().into_iter().filter(|row| {
        row.classification == Classification::Soc2018 && row.level == OccupationLevel::Detailed
    });
    let official = detailed.map(|row| (row.title, row.code));
    let extended = occupations().into_iter().filter(|row| row.classification == Classification::OnetSoc2019);
    let extended = extended.map(|row| (row.title, whole(&row.code)));
    let other = known::<Titles>(TITLES).into_iter();
    let other = other.filter(|row| row.classification == Classification::OnetSoc2019.as_str());
    let other = other.flat_map(|row| {
        let code = whole(&row.code);
        row.title.split('|').map(|title| (title.to_owned(), code.clone())).collect::<Vec<_>>()
    });
    [index(roles::titles().into_iter()), index(official), index(extended.chain(other))]
});

fn occupations() -> Vec<Occupation> {
    known(OCCUPATIONS)
}

/// The SOC code that an O*NET-SOC code extends.
fn whole(code: &str) -> String {
    code.split('.').next().unwrap_or_default().to_owned()
}

fn index(titles: impl Iterator<Item = (String, String)>) -> Index {
    let mut index = Index::new();
    for (title, code) in titles {
        let codes = index.entry(plain(&title)).or_default();
        if !codes.contains(&code) {
            codes.push(code);
        }
    }
    index
}

/// A title in lower case, without marks and what stands in brackets, every word in the singular.
fn plain(title: &str) -> String {
    let mut depth = 0_u32;
    let bare: String = title
        .chars()
        .filter_map(|letter| {
            match letter {
                '(' => depth += 1,
                ')' => depth = depth.saturating_sub(1),
                _ if depth > 0 => {}
                _ if letter.is_alphanumeric() || matches!(letter, '+' | '#') => return Some(letter),
                _ => return Some(' '),
            }
            None
        })
        .collect();
    bare.to_lowercase().split_whitespace().map(singular).collect::<Vec<_>>().join(" ")
}

fn singular(word: &str) -> String {
    match word.strip_suffix("ies") {
        Some(stem) if !stem.is_empty() => format!("{stem}y"),
        _ if word.len() > 3 && !word.ends_with("ss") => word.strip_suffix('s').unwrap_or(word).to_owned(),
        _ => word.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_title_is_found_in_its_forms() {
        let developers = Bearer::One("15-1252", "Software Developers");
        assert_eq!(occupation_of_title("SOFTWARE DEVELOPER"), developers);
        assert_eq!(occupation_of_title("Software Engineer"), developers);
        assert_eq!(occupation_of_title("Developer, back-end"), developers);
        assert_eq!(
            occupation_of_title("GENERAL AND OPERATIONS MANAGERS"),
            Bearer::One("11-1021", "General and Operations Managers")
        );
        assert_eq!(
            occupation_of_title("LABORER, LANDSCAPE"),
            Bearer::One("37-3011", "Landscaping and Groundskeeping Workers")
        );
        assert_eq!(occupation_of_title("Data Analyst"), Bearer::Several);
        assert_eq!(occupation_of_title("Wizard of Oz"), Bearer::None);
        assert_eq!(occupation_of_title(""), Bearer::None);
        assert_eq!(plain("Secretaries (all) & Class A/B"), "secretary class a b");
    }

    #[test]
    fn a_role_is_called_by_each_of_its_names() {
        for name in
            ["Back End Developer", "Backend developers", "BACK-END ENGINEER", "Backend Developer (m/f/d)"]
        {
            assert_eq!(role_called(name), Some("Back End Developer"), "{name}");
        }
        // The occupation of this title has a role of its own.
        assert_eq!(role_called("Information Security Analysts"), None);
        assert_eq!(role_called("Information Security Analyst"), Some("Cybersecurity Analyst"));
        assert_eq!(role_called("Backend"), None);
        assert_eq!(role_called(""), None);
    }

    #[test]
    fn every_title_leads_to_an_occupation() {
        let codes: HashSet<&String> =
            INDEX[0].values().flatten().chain(INDEX[2].values().flatten()).collect();
        let lost: Vec<_> = codes.into_iter().filter(|code| !TITLE.contains_key(*code)).collect();
        assert!(lost.is_empty(), "{lost:?}");
    }
}
