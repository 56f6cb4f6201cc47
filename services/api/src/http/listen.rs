//! Accepts connections within bounds: a client that is slow or many holds up nobody else.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

/// Connections at the same time; more wait to be accepted. Below the usual limit of 1,024 open
/// files, with room for the journal, the index and the model's server.
const CONNECTIONS: usize = 512;

/// The wait after a connection could not be accepted, as when there are too many open files.
const PAUSE: Duration = Duration::from_millis(500);

/// How long open connections may take to end when the service is told to stop. Streams of events
/// do not end by themselves.
const GRACE: Duration = Duration::from_secs(5);

/// Serves `router` until `stop` is done; then answers what was asked already, and ends.
///
/// A connection whose next request has no complete head within `head_time` is closed. (A body has
/// its own time, in [`super::body`], because there the client can still be told why.)
pub async fn serve(
    listener: TcpListener,
    router: Router,
    head_time: Duration,
    stop: impl Future<Output = ()>,
) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let (connections, ending) = (TaskTracker::new(), CancellationToken::new());
    let accept = async {
        loop {
            let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
            match listener.accept().await {
                Ok((stream, _)) => {
                    let (router, ending) = (router.clone(), ending.clone());
                    connections.spawn(async move {
                        connection(stream, router, head_time, ending).await;
                        drop(place);
                    });
                }
                Err(error) => {
                    tracing::warn!(%error, "a connection could not be accepted");
                    tokio::time::sleep(PAUSE).await;
                }
            }
        }
    };
    tokio::select! {
        () = accept => {}
        () = stop => {}
    }
    drop(listener);
    ending.cancel();
    connections.close();
    // What is left after that ends with the runtime.
    let _ = tokio::time::timeout(GRACE, connections.wait()).await;
}

async fn connection(
    stream: TcpStream,
    router: Router,
    head_time: Duration,
    ending: CancellationToken,
) {
    let service = TowerToHyperService::new(router.into_service::<Incoming>());
    let mut connection = std::pin::pin!(
        http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(head_time)
            .serve_connection(TokioIo::new(stream), service)
    );
    let ended = tokio::select! {
        ended = connection.as_mut() => ended,
        () = ending.cancelled() => {
            connection.as_mut().graceful_shutdown();
            connection.await
        }
    };
    if let Err(error) = ended {
        // Clients that hang up, or are too slow, are no fault of the service.
        tracing::debug!(%error, "a connection broke");
    }
}
