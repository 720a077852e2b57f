//! HTTP servers of the tests, without the timeouts of Actix that are not under test.

use std::net::TcpListener;
use std::time::Duration;

use actix_web::body::MessageBody;
use actix_web::dev::{Server, ServiceFactory, ServiceRequest, ServiceResponse};
use actix_web::http::KeepAlive;
use actix_web::{App, Error, HttpServer};

/// Connections that may wait to be accepted: more than any test opens at once.
const BACKLOG: u32 = 4_096;

/// Variable of a program that a test starts: its server has the timeouts of Actix.
pub const ACTIX_TIMEOUTS: &str = "ACTIX_TIMEOUTS";

/// Server on `listener`. It closes no connection because its machine is slow: by default Actix does after five seconds without
/// a request, or without a whole head.
pub fn server<T, B>(
    listener: TcpListener,
    workers: usize,
    app: impl Fn() -> App<T> + Send + Clone + 'static,
) -> Server
where
    T: ServiceFactory<
            ServiceRequest,
            Config = (),
            Response = ServiceResponse<B>,
            Error = Error,
            InitError = (),
        > + 'static,
    B: MessageBody + 'static,
{
    let mut server = HttpServer::new(app).backlog(BACKLOG);
    if std::env::var_os(ACTIX_TIMEOUTS).is_none() {
        server = server
            .keep_alive(KeepAlive::Os)
            .client_request_timeout(Duration::ZERO)
            .client_disconnect_timeout(Duration::ZERO);
    }
    server
        // Visitors who leave are noticed at once, also while nothing is sent to them.
        .h1_allow_half_closed(false)
        .workers(workers)
        .listen(listener)
        .unwrap()
        .run()
}
