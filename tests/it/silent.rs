//! A database that falls silent: no error, no closed connection, no reply.

use std::net::SocketAddr;

use entity::Classification;
use rolecast::config::Config;
use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
    sync::watch,
};

use crate::{
    app::App,
    http::{client, serve},
    made, postgres,
};

/// Passes bytes on while it is told that the way is open.
async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, mut open: watch::Receiver<bool>) {
    let mut bytes = [0; 8192];
    while let Ok(read @ 1..) = from.read(&mut bytes).await {
        if open.wait_for(|open| *open).await.is_err() || to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}

/// Stands between a client and `server`; returns where.
async fn relay(server: String, open: watch::Receiver<bool>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move {
        while let Ok((near, _)) = listener.accept().await {
            let far = TcpStream::connect(&server).await.unwrap();
            let ((from_near, to_near), (from_far, to_far)) = (near.into_split(), far.into_split());
            tokio::spawn(pass(from_near, to_far, open.clone()));
            tokio::spawn(pass(from_far, to_near, open.clone()));
        }
    });
    address
}

#[tokio::test]
async fn figures_are_served_while_the_database_is_silent() {
    let Some(url) = postgres::database().await else { return };
    let (start, name) = url.rsplit_once('/').unwrap();
    let (user, server) = start.rsplit_once('@').unwrap();
    let (switch, open) = watch::channel(true);
    let address = relay(server.to_owned(), open).await;
    let app = App::on_postgres_at(&format!("{user}@{address}/{name}")).await;
    let codes = app.codes(Classification::Soc2018).await;
    app.take("bls-oews", "oews_national_2021.csv", made::national(&codes).as_bytes()).await.unwrap();
    let base = serve(app.schema().await, &Config::default()).await;

    let client = client();
    let ready = async || {
        let answer = client.get(format!("{base}/readyz")).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    assert_eq!(ready().await, (200, "ready\n".to_owned()));
    switch.send(false).unwrap();
    assert_eq!(ready().await, (503, "the database does not reply\n".to_owned()));
    let pay = json!({ "query": "{ salaryBands(filter: { sources: [\"bls-oews\"] }) { nodes { median { amount } } } }" });
    let answer: Value =
        client.post(format!("{base}/graphql")).json(&pay).send().await.unwrap().json().await.unwrap();
    assert!(answer["data"]["salaryBands"]["nodes"][0]["median"]["amount"].is_u64(), "{answer}");
    switch.send(true).unwrap();
    while ready().await.0 != 200 {}
}
