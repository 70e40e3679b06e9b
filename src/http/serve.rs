//! Takes connections and answers them, and waits for none of them for ever.

use std::{net::SocketAddr, pin::pin, time::Duration};

use axum::{Router, extract::ConnectInfo, serve::Listener};
use hyper::{
    body::Incoming,
    server::conn::http1,
    service::{Service as _, service_fn},
};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    service::TowerToHyperService,
};
use tokio::{
    net::{TcpListener, TcpStream},
    sync::watch,
};
use tokio_io_timeout::TimeoutStream;

/// Answers with `app` until `stop` is done, then waits for the requests that run. A connection is closed on which no whole head of
/// a request comes within `patience`, or whose client takes nothing of what is sent for as long; where nothing is sent, it may be
/// silent.
pub async fn serve(
    mut listener: TcpListener,
    app: Router,
    patience: Duration,
    stop: impl Future<Output = ()>,
) {
    let app = TowerToHyperService::new(app);
    let (stopping, open) = watch::channel(false);
    let mut stop = pin!(stop);
    loop {
        tokio::select! {
            (stream, address) = Listener::accept(&mut listener) => {
                tokio::spawn(converse(stream, address, app.clone(), patience, open.clone()));
            }
            () = &mut stop => break,
        }
    }
    drop((listener, open));
    stopping.send_replace(true);
    // Every open connection holds a receiver.
    stopping.closed().await;
}

/// Answers one request after the other on a connection.
async fn converse(
    stream: TcpStream,
    address: SocketAddr,
    app: TowerToHyperService<Router>,
    patience: Duration,
    mut stop: watch::Receiver<bool>,
) {
    let answer = service_fn(move |mut request: hyper::Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(address));
        app.call(request)
    });
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(patience));
    let mut builder = http1::Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(patience);
    let mut talk = pin!(builder.serve_connection(TokioIo::new(Box::pin(stream)), answer).with_upgrades());
    tokio::select! {
        end = talk.as_mut() => return ended(end),
        _ = stop.wait_for(|stop| *stop) => {}
    }
    talk.as_mut().graceful_shutdown();
    ended(talk.await);
}

/// What a client does to its own connection is no fault of the service.
fn ended(end: hyper::Result<()>) {
    if let Err(error) = end {
        tracing::debug!(error = &error as &dyn std::error::Error, "a connection ended early");
    }
}
