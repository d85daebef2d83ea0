use crystallum_messages::{
    Event, Failure, FromEngine, Outcome, Refusal, Reply, Request, Response, ToEngine, session,
};
use crystallum_snapshots::{Samples, add_variants, expect_file};

fn request() -> Request {
    Request { id: 1, command: session::Command::Sync.into() }
}

fn response() -> Response {
    Response { id: 1, result: Ok(Reply::Session(session::Reply::Done)) }
}

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    add_variants!(samples, ToEngine {
        Request => ToEngine::Request(request()),
        Answer => ToEngine::Answer { ticket: 4, outcome: Outcome::Refused(Refusal::Cancelled) },
    });
    samples.add("Request", request());
    add_variants!(samples, FromEngine {
        Event => FromEngine::Event(Event::Changed),
        Response => FromEngine::Response(response()),
    });
    samples.add("Response", response());
    samples.add("Response failed", Response { id: 2, result: Err(Failure::Unreachable) });
    samples
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/boundary.json"]);
}
