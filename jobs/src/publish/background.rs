//! What the checks compare a release with: the classification, and the release before.

use std::collections::{HashMap, HashSet};

use chrono::NaiveDate;
use entity::{
    Cell, Count, Experience, FigureKind, Marks, OccupationId, PayConcept, PayPeriod, RegionId, ReleaseId,
    Sex, SourceId, WorkTime, growth_projection, release, salary_band,
};
use futures::TryStreamExt as _;
use sea_orm::{
    ColumnTrait, ConnectionTrait as _, DatabaseConnection, DbErr, DerivePartialModel, EntityTrait,
    PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Statement,
};

use super::{editions, lifecycle::visible, occupations::Known, rows, source_id};
use crate::{
    codes,
    definition::{Field, Figure, Source},
    normalize::{Band, Release, SegmentKey, Subject},
    validate::{Background, Census, Size, Stated},
};

/// Returns what the checks compare a release with that came in on `today`.
pub async fn background(
    db: &DatabaseConnection,
    source: &Source,
    of: &Release,
    today: NaiveDate,
) -> Result<Background, DbErr> {
    let id = source_id(db, &source.key).await?;
    let before = release::Entity::find()
        .filter(release::Column::SourceId.eq(id))
        .filter(release::Column::Dataset.eq(&of.dataset))
        .filter(release::Column::ReferenceEnd.lte(of.end))
        .filter(visible())
        .order_by_desc(release::Column::ReferenceEnd)
        .order_by_desc(release::Column::Edition)
        .one(db)
        .await?;
    let known = Known::served(db, of).await?;
    let background = Background {
        composites: known.composites(of),
        today: Some(today),
        twin: twin(db, id, of).await?,
        ..Background::default()
    };
    let Some(before) = before else { return Ok(background) };
    let same_period = before.label == of.label;
    Ok(Background {
        before: Some(Size { same_period, ..size(db, &before).await? }),
        stated: stated(db, before.id).await?,
        pay: pay(db, &before, of, &known).await?,
        years: of.end.years_since(before.reference_end).map_or(0, u32::cast_signed),
        ..background
    })
}

/// Returns another period of the dataset whose release says what `of` says: no two periods of a survey have all figures alike, but what
/// a page says, or a day's table, stands until it is changed.
async fn twin(db: &DatabaseConnection, id: SourceId, of: &Release) -> Result<Option<String>, DbErr> {
    if of.is_without_figures() || of.page.is_some() || of.start == of.end {
        return Ok(None);
    }
    let total = of.total();
    let others: Vec<(String, String)> = release::Entity::find()
        .filter(release::Column::SourceId.eq(id))
        .filter(release::Column::Dataset.eq(&of.dataset))
        .filter(release::Column::Label.ne(&of.label))
        .filter(release::Column::RowsRead.eq(total.read.cast_signed()))
        .filter(release::Column::RowsLoaded.eq(total.loaded.cast_signed()))
        .filter(visible())
        .order_by_desc(release::Column::ReferenceEnd)
        .select_only()
        .columns([release::Column::Label, release::Column::Content])
        .into_tuple()
        .all(db)
        .await?;
    if others.is_empty() {
        return Ok(None);
    }
    let content = editions::content(of)?;
    Ok(others.into_iter().find_map(|(label, other)| (other == content).then_some(label)))
}

async fn size(db: &DatabaseConnection, of: &release::Model) -> Result<Size, DbErr> {
    let bands = salary_band::Entity::find().filter(salary_band::Column::ReleaseId.eq(of.id)).select_only();
    let bands = bands.columns([salary_band::Column::Part, salary_band::Column::Row]).distinct();
    let projections =
        growth_projection::Entity::find().filter(growth_projection::Column::ReleaseId.eq(of.id)).count(db);
    let figures = bands.count(db).await? + projections.await?;
    Ok(Size { rows: of.rows_read.cast_unsigned(), figures, same_period: false })
}

/// Returns what a release states of each figure.
async fn stated(db: &DatabaseConnection, of: ReleaseId) -> Result<Census, DbErr> {
    let cells = Cell::ALL.map(Figure::Cell).into_iter().zip(rows::CELLS.iter().copied());
    let counts = Count::ALL
        .map(|count| Figure::Outlook(Field::of_count(count)))
        .into_iter()
        .zip(rows::COUNTS.iter().copied());
    let mut census = Census::new();
    for (table, columns) in
        [("salary_band", cells.collect::<Vec<_>>()), ("growth_projection", counts.collect())]
    {
        let asked = columns.iter().map(|(_, column)| {
            format!(r#"COUNT("{column}"), CAST(COALESCE(AVG("{column}"), 0) AS double precision)"#)
        });
        let asked = asked.collect::<Vec<_>>().join(", ");
        let sql = format!("SELECT COUNT(*), {asked} FROM {table} WHERE release_id = {}", of.0);
        let row = db.query_one_raw(Statement::from_string(db.get_database_backend(), sql)).await?;
        let Some(row) = row else { continue };
        let of: i64 = row.try_get_by_index(0)?;
        for (place, (figure, _)) in columns.iter().enumerate() {
            let amounts: i64 = row.try_get_by_index(2 * place + 1)?;
            let stated = Stated {
                amounts: amounts.cast_unsigned(),
                of: of.cast_unsigned(),
                mean: row.try_get_by_index(2 * place + 2)?,
            };
            census.insert(*figure, stated);
        }
    }
    Ok(census)
}

/// About as many bands are looked at, those of some occupations: enough to know the middle of all.
const SAMPLE: usize = 5_000;

/// What two bands have in common whose pay can be compared.
type Key = ((OccupationId, RegionId, SegmentKey), (PayPeriod, String, PayConcept));

/// What is read of a band of the release before.
#[derive(DerivePartialModel)]
#[sea_orm(entity = "salary_band::Entity")]
struct Former {
    occupation_id: Option<OccupationId>,
    region_id: RegionId,
    industry: String,
    ownership: String,
    sex: Sex,
    work_time: WorkTime,
    experience: Experience,
    period: PayPeriod,
    currency: String,
    concept: PayConcept,
    median: Option<i64>,
    mean: Option<i64>,
    marks: Marks,
}

/// A median and a mean above 0.
type Middle = [Option<i64>; 2];

/// Returns the middle pay that `before` states and the one that `of` states, of each occupation, place and segment they share.
async fn pay(
    db: &DatabaseConnection,
    before: &release::Model,
    of: &Release,
    known: &Known,
) -> Result<Vec<(i64, i64)>, DbErr> {
    if of.bands.is_empty() {
        return Ok(Vec::new());
    }
    let regions = codes::region_ids(db).await?;
    let every = of.bands.len() / SAMPLE + 1;
    let keyed = |band: &Band| {
        let Subject::Occupation(index) = band.subject else { return None };
        if index % every > 0 {
            return None;
        }
        let (region, _) = regions.get(&of.regions[band.region])?;
        let occupation = known.find(&of.occupations[index])?.id;
        let who = (occupation, *region, band.segment.clone());
        Some((
            (who, (band.period, band.currency.clone(), band.concept)),
            middle(|cell| band.cell(cell), band.marks),
        ))
    };
    let stated = of.bands.iter().filter_map(keyed);
    let stated: HashMap<Key, Middle> =
        stated.filter(|(_, middle)| middle.iter().any(Option::is_some)).collect();
    let looked_at: HashSet<OccupationId> = stated.keys().map(|((occupation, ..), _)| *occupation).collect();
    let mut shared = Vec::new();
    let rows = salary_band::Entity::find()
        .filter(salary_band::Column::ReleaseId.eq(before.id))
        .filter(salary_band::Column::OccupationId.is_in(looked_at));
    let mut rows = rows.into_partial_model::<Former>().stream(db).await?;
    while let Some(row) = rows.try_next().await? {
        let Some(occupation) = row.occupation_id else { continue };
        let amounts = middle(|cell| if cell == Cell::Median { row.median } else { row.mean }, row.marks);
        let segment = SegmentKey {
            industry: row.industry,
            ownership: row.ownership,
            sex: row.sex,
            work_time: row.work_time,
            experience: row.experience,
        };
        let key = ((occupation, row.region_id, segment), (row.period, row.currency, row.concept));
        let pairs = stated.get(&key).map(|stated| amounts.into_iter().zip(*stated));
        shared.extend(pairs.into_iter().flatten().find_map(|(before, stated)| before.zip(stated)));
    }
    Ok(shared)
}

/// The median and the mean, where they are amounts.
fn middle(amount: impl Fn(Cell) -> Option<i64>, marks: Marks) -> Middle {
    let exact = |cell: &Cell| marks.get(*cell) == FigureKind::Exact;
    [Cell::Median, Cell::Mean]
        .map(|cell| Some(cell).filter(exact).and_then(&amount).filter(|amount| *amount > 0))
}
