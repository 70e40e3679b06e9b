//! One test binary. Every test owns its world: a database, an archive, a publisher.

/// Runs each named test on both engines; the Postgres half needs PostgreSQL's programs on this machine.
macro_rules! on_both_engines {
    ($($name:ident),+ $(,)?) => {$(
        mod $name {
            #[tokio::test]
            async fn sqlite() {
                super::$name($crate::app::App::start().await).await;
            }

            #[tokio::test]
            async fn postgres() {
                if let Some(app) = $crate::app::App::on_postgres().await {
                    super::$name(app).await;
                }
            }
        }
    )+};
}

mod answers;
mod app;
mod asking;
mod at_hand;
mod bad_input;
mod best;
mod broken;
mod changing;
mod claims;
mod cli;
mod comparison;
mod contributing;
mod corpus;
mod countries;
mod cycles;
mod diff;
mod doubts;
mod editions;
mod engines;
mod fetched;
mod figures;
mod fixtures;
mod full_disk;
mod histories;
mod http;
mod identity;
mod killed;
mod lifecycle;
mod looks;
mod made;
mod matching;
mod metrics;
mod microdata;
mod mistaken;
mod money;
mod mutations;
mod nearest;
mod occupations;
mod outlook;
mod paging;
mod patience;
mod postgres;
mod quota;
mod rankings;
mod readme;
mod reads;
mod references;
mod regions;
mod revised;
mod roles;
mod s3;
mod schema;
mod series;
mod silent;
mod typed_client;
mod variables;
mod views;
mod watching;
