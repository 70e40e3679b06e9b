//! A client whose types are made from `schema.graphql`, the crate `graphql_client`, and the program itself as the server.

use std::{
    io::{BufRead as _, BufReader},
    process::{Command, Stdio},
};

use graphql_client::{GraphQLQuery, Response};
use tempfile::TempDir;

use crate::{app::Running, http::client};

type CurrencyCode = String;
type RegionCode = String;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "tests/it/typed_client.graphql",
    response_derives = "Debug, PartialEq"
)]
struct RolesPage;

#[derive(GraphQLQuery)]
#[graphql(
    schema_path = "schema.graphql",
    query_path = "tests/it/typed_client.graphql",
    response_derives = "Debug, PartialEq"
)]
struct PayOf;

/// The program, serving the figures that ship.
struct Served {
    _program: Running,
    url: String,
    _world: TempDir,
}

fn serve() -> Served {
    let world = TempDir::new().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_rolecast"));
    command.args(["serve", "--offline", "--no-workers", "--listen", "127.0.0.1:0"]).env_clear();
    command.env("ROLECAST_DATA_DIR", world.path()).current_dir(world.path());
    let mut program = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut first = String::new();
    BufReader::new(program.stdout.as_mut().unwrap()).read_line(&mut first).unwrap();
    let url = format!("{}/graphql", first.trim().rsplit(' ').next().unwrap());
    Served { _program: Running(program), url, _world: world }
}

impl Served {
    async fn ask<Q: GraphQLQuery>(&self, variables: Q::Variables) -> Response<Q::ResponseData> {
        let body = serde_json::to_string(&Q::build_query(variables)).unwrap();
        let request = client().post(&self.url).header("content-type", "application/json").body(body);
        request.send().await.unwrap().json().await.unwrap()
    }
}

#[tokio::test]
async fn roles_are_paged_through_pay_is_read_and_a_mistake_is_told() {
    let served = serve();
    let (mut roles, mut after) = (Vec::new(), None);
    let total = loop {
        let page = served.ask::<RolesPage>(roles_page::Variables { first: 4, after }).await;
        let page = page.data.unwrap().roles;
        assert!(page.nodes.len() <= 4);
        roles.extend(page.nodes.into_iter().map(|role| role.slug));
        match page.page_info {
            info if info.has_next_page => after = info.end_cursor,
            _ => break page.total_count,
        }
    };
    assert_eq!(i64::try_from(roles.len()).unwrap(), total);
    assert!(total > 4 && roles.contains(&"registered-nurses".to_owned()), "{roles:?}");

    let variables = pay_of::Variables { slug: "registered-nurses".into(), region: "US-CA".into() };
    let role = served.ask::<PayOf>(variables).await.data.unwrap().role.unwrap();
    let salary = role.salary.unwrap();
    assert_eq!((role.title.as_str(), salary.region.name.as_str()), ("Registered Nurses", "California"));
    assert_eq!(salary.period, pay_of::PayPeriod::YEAR);
    assert!(salary.median.amount.unwrap() > 90_000.0, "{salary:?}");
    assert_eq!(salary.median.kind, pay_of::FigureKind::EXACT);

    let wrong = served.ask::<RolesPage>(roles_page::Variables { first: 1_000, after: None }).await;
    let error = &wrong.errors.unwrap()[0];
    let code = error.extensions.as_ref().and_then(|all| all.get("code")?.as_str());
    assert_eq!((code, error.path.is_some()), (Some("BAD_USER_INPUT"), true), "{error}");
}
