//! The compiled-in catalog agrees with itself and is written once.

use entity::{crosswalk, occupation, occupation_title, region, role, role_occupation};
use migration::{Migrator, MigratorTrait};
use sea_orm::{ColumnTrait, ConnectOptions, ConnectionTrait, Database, DatabaseConnection, EntityTrait};
use sea_orm::{PaginatorTrait, QueryFilter};

use super::{
    currencies_of, currency, load, region_of_code, region_of_country, region_of_fips, region_of_postal,
    roles, rows, tables,
};

async fn database() -> DatabaseConnection {
    let mut options = ConnectOptions::new("sqlite::memory:");
    options.max_connections(1).sqlx_logging(false);
    let db = Database::connect(options).await.unwrap();
    Migrator::up(&db, None).await.unwrap();
    db
}

async fn counts(db: &DatabaseConnection) -> [u64; 6] {
    [
        occupation::Entity::find().count(db).await.unwrap(),
        occupation_title::Entity::find().count(db).await.unwrap(),
        crosswalk::Entity::find().count(db).await.unwrap(),
        region::Entity::find().count(db).await.unwrap(),
        role::Entity::find().count(db).await.unwrap(),
        role_occupation::Entity::find().count(db).await.unwrap(),
    ]
}

async fn title(db: &DatabaseConnection, classification: &str, code: &str) -> Option<String> {
    let found = occupation::Entity::find()
        .filter(occupation::Column::Classification.eq(classification))
        .filter(occupation::Column::Code.eq(code));
    found.one(db).await.unwrap().map(|row| row.title)
}

#[tokio::test]
async fn a_second_load_changes_nothing_and_a_new_fingerprint_keeps_ids() {
    let db = database().await;
    load(&db).await.unwrap();
    let first = counts(&db).await;
    assert!(first[0] > 9_000 && first[1] > 85_000 && first[2] > 13_000 && first[3] > 1_000, "{first:?}");
    assert!(first[4] >= 867, "{first:?}");
    let regions = region::Entity::find().all(&db).await.unwrap();
    let roles = role::Entity::find().all(&db).await.unwrap();
    load(&db).await.unwrap();
    assert_eq!(counts(&db).await, first);
    db.execute_unprepared("UPDATE setting SET value = 'older' WHERE name = 'codes'").await.unwrap();
    db.execute_unprepared("UPDATE region SET name = 'wrong'").await.unwrap();
    load(&db).await.unwrap();
    assert_eq!(counts(&db).await, first);
    assert_eq!(region::Entity::find().all(&db).await.unwrap(), regions);
    assert_eq!(role::Entity::find().all(&db).await.unwrap(), roles);
}

#[tokio::test]
async fn what_a_release_told_outlives_a_newer_catalog() {
    let db = database().await;
    load(&db).await.unwrap();
    let shipped = counts(&db).await;
    let told = [
        "INSERT INTO occupation_title (occupation_id, title, kind, release_id) VALUES (1, 'Told Once', 'alternate', 7)",
        "UPDATE occupation_title SET release_id = 7 WHERE id = 1",
        "DELETE FROM crosswalk WHERE id = 2",
        "UPDATE crosswalk SET release_id = 7, note = 'told' WHERE id = 1",
        "UPDATE setting SET value = 'older' WHERE name = 'codes'",
    ];
    for statement in told {
        db.execute_unprepared(statement).await.unwrap();
    }
    load(&db).await.unwrap();
    let [.., titles, pairs, _, _, _] = counts(&db).await;
    assert_eq!((titles, pairs), (shipped[1] + 2, shipped[2] + 1));
    let title = occupation_title::Entity::find().filter(occupation_title::Column::Title.eq("Told Once"));
    assert!(title.one(&db).await.unwrap().is_some());
    let pair = crosswalk::Entity::find().filter(crosswalk::Column::Note.eq("told"));
    assert!(pair.one(&db).await.unwrap().is_some());
}

#[tokio::test]
async fn well_known_codes_have_their_titles() {
    let db = database().await;
    load(&db).await.unwrap();
    for (classification, code, expected) in [
        ("SOC_2018", "15-1252", "Software Developers"),
        ("SOC_2010", "13-1161", "Market Research Analysts and Marketing Specialists"),
        ("UK_SOC_2020", "2134", "Programmers and software development professionals"),
        ("NOC_2021", "21232", "Software developers and programmers"),
        ("NOC_2021", "00010", "Legislators"),
        ("NOC_2016", "0011", "Legislators"),
        ("ISCO_08", "2512", "Software developers"),
        ("ONET_SOC_2019", "15-1252.00", "Software Developers"),
        ("ESCO", "2512.4", "software developer"),
    ] {
        assert_eq!(
            title(&db, classification, code).await.as_deref(),
            Some(expected),
            "{classification} {code}"
        );
    }
    assert_eq!(title(&db, "SOC_2018", "00-0000").await, None);
}

#[test]
fn every_parent_exists_and_every_slug_is_used_once() {
    let regions: Vec<tables::Region> = rows(tables::REGIONS).unwrap();
    let codes: std::collections::HashSet<&str> = regions.iter().map(|row| row.code.as_str()).collect();
    assert_eq!(codes.len(), regions.len());
    assert!(regions.iter().filter_map(|row| row.parent.as_deref()).all(|parent| codes.contains(parent)));
    let known: Vec<tables::Occupation> = rows(tables::OCCUPATIONS).unwrap();
    let roles = roles::all(&known).unwrap();
    let slugs: std::collections::HashSet<&str> = roles.iter().map(|role| role.slug.as_str()).collect();
    assert_eq!(slugs.len(), roles.len());
    assert!(roles.iter().all(|role| !role.occupation.is_empty() && !role.title.is_empty()));
    // A page that is called like a curated role is of the role whose slug that title makes.
    let curated: Vec<String> = roles::names().map(|(_, title)| roles::slug(&title)).collect();
    let named = roles.iter().filter(|role| curated.contains(&role.slug)).count();
    assert_eq!(named, roles::files().len());
}

#[test]
fn a_slug_has_only_letters_digits_and_single_hyphens() {
    assert_eq!(
        roles::slug("Farmers, Ranchers, and Other (Agri/Food) Managers"),
        "farmers-ranchers-and-other-agri-food-managers"
    );
    assert_eq!(roles::slug("Police and Sheriff's Patrol Officers"), "police-and-sheriffs-patrol-officers");
}

#[test]
fn places_are_found_under_the_names_files_use() {
    assert_eq!(region_of_fips("6"), Some("US-CA"));
    assert_eq!(region_of_fips("01"), Some("US-AL"));
    assert_eq!(region_of_fips("72"), Some("US-PR"));
    assert_eq!(region_of_fips("66"), Some("US-GU"));
    assert_eq!(region_of_fips("0"), Some("US"));
    assert_eq!(region_of_fips("99"), None);
    assert_eq!(region_of_postal("dc").as_deref(), Some("US-DC"));
    assert_eq!(region_of_country("united states of america"), Some("US"));
    assert_eq!(region_of_country("UK"), Some("GB"));
    assert_eq!(region_of_country("Atlantis"), None);
}

#[test]
fn a_region_has_the_currencies_of_its_country_then() {
    let of = |region, first: &str, last: &str| {
        currencies_of(region, first.parse().unwrap(), last.parse().unwrap())
    };
    assert_eq!(of("HR", "2012-01-01", "2022-12-31"), ["HRK"]);
    assert_eq!(of("HR", "2012-01-01", "2023-01-01"), ["HRK", "EUR"]);
    assert_eq!(of("NUTS:HR03", "2023-01-01", "2026-01-01"), ["EUR"]);
    assert_eq!(of("NUTS:HR03", "2022-12-31", "2026-01-01"), ["HRK", "EUR"]);
    assert_eq!(of("BG", "1998-01-01", "2026-06-01"), ["BGL", "BGN", "EUR"]);
    assert_eq!(of("BY", "2010-01-01", "2010-12-31"), ["BYR"]);
    assert_eq!(of("US-CA", "1995-01-01", "2026-06-01"), ["USD"]);
    assert!(of("ZZ", "2012-01-01", "2022-12-31").is_empty());
}

#[test]
fn former_currencies_follow_each_other_in_places_that_exist() {
    let former: Vec<tables::FormerCurrency> = rows(tables::FORMER_CURRENCIES).unwrap();
    assert!(former.is_sorted_by(|a, b| (&a.region, a.successor) < (&b.region, b.successor)));
    for row in &former {
        assert!(region_of_code(&row.region).is_some() && row.currency.len() == 3, "{row:?}");
        assert_eq!(currency(&row.currency), Some(&*row.currency));
    }
    assert_eq!((currency("CUC"), currency("XXX"), currency("ABC")), (Some("CUC"), None, None));
}
