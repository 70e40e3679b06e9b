//! Claims about growth.

use std::sync::Arc;

use entity::{Classification, GrowthCategory, PayMethod, occupation};
use jobs::page::{Doubt, Limit, Outlook};
use sea_orm::DbErr;

use super::{
    Check, Finding, Verdict, judged,
    rounding::{Fit, fit, unit},
    unclear,
};
use crate::{
    frame::Subject,
    matching::words,
    outlook::{category, rate},
    reader::{ProjectionRef, Reader, Subjects},
    snapshot::{RoleEntry, RoleLink},
    text::percent,
};

/// A whole percent, in thousandths: the roughest claim of growth.
const WHOLE: i64 = 1000;

/// The projections that decide: that of the years named, and today's.
struct Sides {
    made: Result<ProjectionRef, String>,
    now: Result<ProjectionRef, String>,
}

impl Sides {
    fn none(why: &str) -> Self {
        Self { made: Err(why.to_owned()), now: Err(why.to_owned()) }
    }
}

/// Checks the percent where there is one, and the words for it where there are some.
pub(super) async fn check(
    reader: &Reader,
    role: Option<Arc<RoleEntry>>,
    said: &Outlook,
    sentence: &str,
) -> Result<Vec<Check>, DbErr> {
    let sides = sides(reader, role.as_deref(), said).await?;
    let span = said.years.map_or(String::new(), |(from, to)| format!(" from {from} to {to}"));
    let side = |found: &Result<ProjectionRef, String>,
                judge: &dyn Fn(ProjectionRef) -> Finding<ProjectionRef>| match found {
        Ok(found) => judge(found.clone()),
        Err(why) => Finding::none(why.clone()),
    };
    let sides = match unclear(said.manner, said.doubt.as_ref()) {
        Some(why) => Sides::none(&why),
        None => sides,
    };
    let mut checks = Vec::new();
    let mut put = |what: &str, judge: &dyn Fn(ProjectionRef) -> Finding<ProjectionRef>| {
        let claim = format!("{what}{span}: “{sentence}”");
        let (made, now) = (side(&sides.made, judge), side(&sides.now, judge));
        let now = beside(&made, said.years, now);
        let (mut check, projection) = judged(claim, made, now);
        check.projection = projection;
        checks.push(check);
    };
    if let Some(claimed) = said.percent_thousandths {
        let limit = said.manner.limit;
        let range = (said.doubt == Some(Doubt::Range)).then_some("a range to ");
        let words = range.map(ToOwned::to_owned).or(limit.map(|limit| format!("{} ", limit.words())));
        let yearly = if said.yearly { " a year" } else { "" };
        put(&format!("{}{}{yearly}", words.unwrap_or_default(), percent(claimed)), &|found| {
            of_percent(reader, (claimed, limit, said.yearly), found)
        });
    }
    if let Some((words, word)) = said.words.as_deref().and_then(|words| Some((words, category_of(words)?))) {
        put(words, &|found| of_words(reader, word, found));
    }
    Ok(checks)
}

async fn sides(reader: &Reader, role: Option<&RoleEntry>, said: &Outlook) -> Result<Sides, DbErr> {
    let Some(role) = role else {
        return Ok(Sides::none("The text names no known occupation."));
    };
    let Some(place) = reader.catalog().region_of_code(&said.region) else {
        return Ok(Sides::none(&format!("There is no official projection for {}.", said.region)));
    };
    let now = reader.best_projection(None, role, place.row.id, &[]).await?.filter(is_official);
    let (title, name) = (&role.row.title, &place.row.name);
    let now = now.ok_or_else(|| format!("There is no official projection of {title} in {name}."));
    let Some(years) = said.years else { return Ok(Sides { made: now.clone(), now }) };
    let mut subjects = Subjects::of_role(reader.catalog(), role);
    for row in broader(reader, role) {
        subjects.add(Subject::Occupation(row.id), None);
    }
    let all = reader.projections_over_time(None, &subjects, place.row.id).await?;
    let of_cycle = all.into_iter().filter(|found| is_official(found) && years_of(found) == years);
    let made = in_cycle(role, of_cycle.collect());
    let (from, to) = years;
    let made = made
        .ok_or_else(|| format!("No official projection of {title} in {name} from {from} to {to} is loaded."));
    Ok(Sides { made, now })
}

/// Today's projection of other years than those named says only whether what held of them still does.
fn beside(
    made: &Finding<ProjectionRef>,
    years: Option<(i16, i16)>,
    mut now: Finding<ProjectionRef>,
) -> Finding<ProjectionRef> {
    let is_other = now.evidence.as_ref().zip(years).is_some_and(|(found, years)| years_of(found) != years);
    match now.verdict {
        _ if is_other && !made.verdict.held() => return Finding::none(made.why.clone()),
        Verdict::Supported | Verdict::NotCheckable => {}
        _ if is_other => now.verdict = Verdict::Stale,
        _ => {}
    }
    now
}

fn years_of(found: &ProjectionRef) -> (i16, i16) {
    (found.row().base_year, found.row().target_year)
}

fn is_official(found: &ProjectionRef) -> bool {
    matches!(found.loaded.release.method(), PayMethod::Survey | PayMethod::Register)
}

/// Returns the projection of a role in one cycle, `found` for its occupations and the [`broader`] ones: that of its occupations
/// in their order, else of a broader one. Of several editions the last.
fn in_cycle(role: &RoleEntry, mut found: Vec<ProjectionRef>) -> Option<ProjectionRef> {
    found.sort_by_key(|found| std::cmp::Reverse(found.loaded.release.age()));
    let of = |id| found.iter().find(|found| Subject::of(found.row()) == Subject::Occupation(id));
    let own = role.occupations.iter().find_map(|link| of(link.occupation.id));
    own.or_else(|| found.iter().find(|found| found.row().occupation_id.is_some())).cloned()
}

/// Returns the occupations whose titles begin with that of the role's SOC 2018 one, under the same broad code, in any edition:
/// what a cycle printed together.
fn broader<'a>(reader: &'a Reader, role: &RoleEntry) -> impl Iterator<Item = &'a occupation::Model> {
    let soc = |link: &&RoleLink| link.occupation.classification == Classification::Soc2018;
    let own = role.occupations.iter().find(soc).map(|link| &link.occupation);
    let own = own.and_then(|row| Some((row.code.get(..5)?.to_owned(), words(&row.title))));
    reader.catalog().occupations().iter().map(AsRef::as_ref).filter(move |row| {
        own.as_ref()
            .is_some_and(|(near, wanted)| row.code.starts_with(near) && words(&row.title).starts_with(wanted))
    })
}

/// Names a projection: publisher, occupation and years.
fn origin(reader: &Reader, found: &ProjectionRef) -> String {
    let row = found.row();
    let title = row.occupation_id.and_then(|id| reader.catalog().occupation(id)).map(|row| row.title.clone());
    format!(
        "{} prints, for {} from {} to {},",
        found.loaded.release.source.publisher,
        title.unwrap_or_default(),
        row.base_year,
        row.target_year
    )
}

fn of_percent(
    reader: &Reader,
    (said, limit, yearly): (i32, Option<Limit>, bool),
    found: ProjectionRef,
) -> Finding<ProjectionRef> {
    let origin = origin(reader, &found);
    let (row, of_year) = (found.row(), if yearly { " a year" } else { "" });
    let printed = if yearly { rate::annual(row) } else { row.change_percent };
    let Some(printed) = printed else {
        return Finding::new(Verdict::NotCheckable, format!("{origin} no percent{of_year}."), Some(found));
    };
    let claimed = i64::from(said);
    let unit = unit(claimed, WHOLE);
    let shown = format!("{}{of_year}", percent(printed));
    let limit = limit.map(|limit| if said < 0 { limit.of_a_decline() } else { limit });
    let fits = match limit {
        Some(limit) if limit.admits(&printed, &said) => Fit::Holds,
        Some(_) => Fit::Differs,
        None => fit(claimed, printed.into(), unit),
    };
    let (verdict, more) = match fits {
        Fit::Holds => (Verdict::Supported, String::new()),
        Fit::Misrounded => {
            let rounded = (i64::from(printed).abs() + unit / 2) / unit * unit * i64::from(printed.signum());
            let rounded = percent(i32::try_from(rounded).unwrap_or(printed));
            (Verdict::WrongRounding, format!(", which rounds to {rounded}"))
        }
        Fit::Differs => {
            match (limit.is_none() && !yearly).then(|| namesake(reader, &found, claimed)).flatten() {
                Some(other) => (Verdict::WrongOccupation, format!("; {} is that of {other}", percent(said))),
                None => (Verdict::Contradicted, String::new()),
            }
        }
    };
    Finding::new(verdict, format!("{origin} {shown}{more}."), Some(found))
}

/// Returns another occupation of the same broad group with the claimed percent in the same release.
fn namesake(reader: &Reader, found: &ProjectionRef, claimed: i64) -> Option<String> {
    let own = reader.catalog().occupation(found.row().occupation_id?)?;
    let group = own.parent_code.as_deref()?;
    found.loaded.frame.projections().iter().find_map(|row| {
        let other = reader.catalog().occupation(row.occupation_id?)?;
        let sibling =
            other.classification == own.classification && other.parent_code.as_deref() == Some(group);
        let holds = fit(claimed, row.change_percent?.into(), unit(claimed, WHOLE)) == Fit::Holds;
        (sibling && holds && other.id != own.id && row.region_id == found.row().region_id)
            .then(|| other.title.clone())
    })
}

fn of_words(reader: &Reader, word: GrowthCategory, found: ProjectionRef) -> Finding<ProjectionRef> {
    let origin = origin(reader, &found);
    let row = found.row();
    let shown = row.change_percent.map_or_else(|| "no percent".to_owned(), percent);
    let Some(known) = category::of(reader.catalog(), &found.loaded.release, row) else {
        let why = format!("{origin} {shown}; the words for it in that cycle are not known.");
        return Finding::new(Verdict::NotCheckable, why, Some(found));
    };
    let verdict = if known == word { Verdict::Supported } else { Verdict::Contradicted };
    let named = known.as_str().to_lowercase().replace('_', " ");
    Finding::new(verdict, format!("{origin} {shown}, {named} by the cut-offs of that cycle."), Some(found))
}

fn category_of(words: &str) -> Option<GrowthCategory> {
    let words = words.to_lowercase();
    let known = [
        ("much faster", GrowthCategory::MuchFasterThanAverage),
        ("faster", GrowthCategory::FasterThanAverage),
        ("as fast as", GrowthCategory::AsFastAsAverage),
        ("slower", GrowthCategory::SlowerThanAverage),
        ("little or no change", GrowthCategory::LittleOrNoChange),
        ("decline", GrowthCategory::Decline),
        ("shrink", GrowthCategory::Decline),
        ("decrease", GrowthCategory::Decline),
        ("fall", GrowthCategory::Decline),
    ];
    known.into_iter().find(|(name, _)| words.contains(name)).map(|(_, category)| category)
}
