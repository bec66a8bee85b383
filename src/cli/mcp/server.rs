//! The protocol: which tools there are, one call after the other, none longer than it may take.

use std::convert::Infallible;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use rmcp::model::{
    CallToolRequestParams, CallToolResponse, CallToolResult, ContentBlock, Implementation,
    ListToolsResult, PaginatedRequestParams, ProgressNotificationParam, ProgressToken,
    ServerCapabilities, ServerConfig, ToolAnnotations,
};
use rmcp::service::{RequestContext, ServerInitializeError};
use rmcp::transport::stdio;
use rmcp::{ErrorData, Peer, RoleServer, ServerHandler, ServiceExt};
use serde_json::{Map, Value};
use tokio::runtime::Builder;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};

use super::answer::{Answer, Waiting, answer};
use super::folders::Folders;
use super::tools::{Kind, TOOLS, Tool};
use crate::Error;
use crate::cli::failure::Failure;
use crate::cli::streams::ReadWatch;
use crate::frames::words::nearest;
use crate::present::chart::base64;

/// Calls at a time. Each takes all cores where it pays; one that does not stop keeps its place until it ends.
const MOST_AT_ONCE: usize = 4;
/// How long work may take to see that it is to stop.
const GRACE: Duration = Duration::from_secs(2);
/// From one step that a client is told of to the next.
const BETWEEN_STEPS: Duration = Duration::from_millis(500);
/// The stack of a call: as much as the main thread of the program has.
const STACK: usize = 8 << 20;

const INSTRUCTIONS: &str = "\
Public-opinion statistics. Begin with describe (which files there are, what one holds), then design, then estimate or crosstab; \
for figures that others printed: figures, interval, compare, check, bounds. Every answer has `said`: what may be said of its \
numbers and what may not. Hand that on, with the base n, the field dates and the source; never report a share without its base, \
a gap as a lead where the sentence of compare does not call it one, or a margin of error where the sample was not drawn at \
random. Shares in rows are 0..1. An option --rep-type of a message is the argument rep_type. The command of each answer gives the same at a terminal.";

/// Serves until the client closes standard input.
pub fn serve(folders: Folders, longest: Duration, most_rows: usize) -> Result<(), Failure> {
    let runtime = Builder::new_current_thread()
        .enable_all()
        .thread_stack_size(STACK)
        .build()
        .map_err(|error| Failure::File(format!("the tool server: {error}")))?;
    let server = Server {
        folders: Arc::new(folders),
        longest,
        most_rows,
        places: Arc::new(Semaphore::new(MOST_AT_ONCE)),
    };
    let served = runtime.block_on(async {
        match server.serve(stdio()).await {
            Ok(running) => running.waiting().await.map(drop).map_err(Failure::usage),
            // a client that leaves before it has said anything has done nothing wrong
            Err(ServerInitializeError::ConnectionClosed(_)) => Ok(()),
            Err(error) => Err(Failure::Usage(format!("the tool server: {error}"))),
        }
    });
    // work that is still going on is not waited for: nobody is there to hear of it
    runtime.shutdown_background();
    served
}

#[derive(Clone)]
struct Server {
    folders: Arc<Folders>,
    longest: Duration,
    most_rows: usize,
    places: Arc<Semaphore>,
}

impl ServerHandler for Server {
    fn get_info(&self) -> ServerConfig {
        let capabilities = ServerCapabilities::builder().enable_tools().build();
        let about = Implementation::new("opine", env!("CARGO_PKG_VERSION"))
            .with_title("opine: public-opinion statistics");
        ServerConfig::new(capabilities)
            .with_server_info(about)
            .with_instructions(INSTRUCTIONS)
    }

    async fn list_tools(
        &self,
        _: Option<PaginatedRequestParams>,
        _: RequestContext<RoleServer>,
    ) -> Result<ListToolsResult, ErrorData> {
        Ok(ListToolsResult::with_all_items(
            TOOLS.iter().map(described).collect(),
        ))
    }

    fn get_tool(&self, name: &str) -> Option<rmcp::model::Tool> {
        TOOLS.iter().find(|tool| tool.name == name).map(described)
    }

    async fn call_tool(
        &self,
        request: CallToolRequestParams,
        context: RequestContext<RoleServer>,
    ) -> Result<CallToolResponse, ErrorData> {
        let Some(tool) = TOOLS.iter().find(|tool| tool.name == request.name) else {
            return Err(no_tool(&request.name));
        };
        let (read_watch, progress) = match context.meta.get_progress_token() {
            Some(token) => {
                let (watch, steps) = read_watch();
                (Some(watch), Some((token, steps)))
            }
            None => (None, None),
        };
        let waiting = Waiting {
            read_watch,
            ..Waiting::default()
        };
        // where the client takes the call back, or goes, this future is dropped and the work with it
        let _stops = Stop(Arc::clone(&waiting.interrupt));
        let work = self.call(tool, request.arguments.unwrap_or_default(), waiting);
        let answer = tokio::select! {
            biased;
            never = report(progress, &context.peer) => match never {},
            answer = work => answer,
            () = context.ct.cancelled() => Err(Error::new("stopped", "the client took the call back")),
        };
        let answer = answer.unwrap_or_else(|error| Answer::of_error(&error));
        Ok(CallToolResponse::from(result(answer)))
    }
}

impl Server {
    /// One call on a thread of its own, until its time is over.
    async fn call(
        &self,
        tool: &'static Tool,
        arguments: Map<String, Value>,
        waiting: Waiting,
    ) -> Result<Answer, Error> {
        let place = self.place().await?;
        let interrupt = Arc::clone(&waiting.interrupt);
        let (folders, most_rows) = (Arc::clone(&self.folders), self.most_rows);
        let mut work = tokio::task::spawn_blocking(move || {
            let _place = place;
            answer(tool, &arguments, &folders, most_rows, &waiting)
        });
        tokio::select! {
            done = &mut work => done.unwrap_or_else(|_| Err(Error::new("internal", "the program failed in this call: its other tools go on"))),
            () = sleep(self.longest) => {
                interrupt.store(true, Ordering::Relaxed);
                let stopped = timeout(GRACE, work).await.is_ok();
                let seconds = self.longest.as_secs_f64();
                let still = if stopped { "" } else { ", and is still being stopped" };
                let message = format!(
                    "this took longer than {seconds} seconds{still}: ask for fewer items or groups, or start the server with a \
                     longer --timeout"
                );
                Err(Error::new("limit", message))
            }
        }
    }

    async fn place(&self) -> Result<OwnedSemaphorePermit, Error> {
        let place = Arc::clone(&self.places).acquire_owned();
        match timeout(self.longest, place).await {
            Ok(Ok(place)) => Ok(place),
            _ => Err(Error::new(
                "limit",
                format!("{MOST_AT_ONCE} calls are going on, and none has ended in time: try again"),
            )),
        }
    }
}

/// How far the work of one call is: respondents read so far, over all passes of it, and the sentence for it.
struct Step {
    read: u64,
    message: String,
}

/// Counts what is read, and tells of it at once and then at most twice a second.
fn read_watch() -> (ReadWatch, UnboundedReceiver<Step>) {
    let (steps, receiver) = unbounded_channel();
    let state = Mutex::new((0_u64, None::<Instant>));
    let watch = move |rows: u64, all: Option<u64>| {
        // steps go out under the lock: the number a client sees never falls
        let mut state = state.lock().unwrap_or_else(PoisonError::into_inner);
        let (read, last) = &mut *state;
        *read += rows;
        if last.is_some_and(|last| last.elapsed() < BETWEEN_STEPS) {
            return;
        }
        *last = Some(Instant::now());
        let message = match all {
            Some(all) if all > 0 => format!("{read} respondents read, of a file of {all}"),
            _ => format!("{read} respondents read"),
        };
        // nobody waits any more: the work is about to be stopped
        let _ = steps.send(Step {
            read: *read,
            message,
        });
    };
    (Arc::new(watch), receiver)
}

/// Hands steps on to the client that asked for them; never ends.
async fn report(
    progress: Option<(ProgressToken, UnboundedReceiver<Step>)>,
    client: &Peer<RoleServer>,
) -> Infallible {
    if let Some((token, mut steps)) = progress {
        while let Some(step) = steps.recv().await {
            let note = ProgressNotificationParam::new(token.clone(), step.read as f64)
                .with_message(step.message);
            // a client that has gone hears of nothing
            let _ = client.notify_progress(note).await;
        }
    }
    std::future::pending().await
}

/// Stops work when nobody waits for it any more.
struct Stop(Arc<AtomicBool>);

impl Drop for Stop {
    fn drop(&mut self) {
        self.0.store(true, Ordering::Relaxed);
    }
}

/// A tool as the protocol describes it.
fn described(tool: &Tool) -> rmcp::model::Tool {
    let writes = tool
        .params()
        .any(|param| matches!(param.kind, Kind::Output));
    let hints = ToolAnnotations::new()
        .read_only(!writes)
        .destructive(false)
        .idempotent(!writes)
        .open_world(false);
    rmcp::model::Tool::new(tool.name, tool.about, Arc::new(tool.input_schema()))
        .with_title(tool.title)
        .with_raw_output_schema(Arc::new(tool.output_schema()))
        .with_annotations(hints)
}

fn no_tool(name: &str) -> ErrorData {
    let names = TOOLS.iter().map(|tool| tool.name);
    let near = nearest(name, names.clone());
    let meant = match near {
        Some(near) => format!("did you mean {near}?"),
        None => format!("there are {}", names.collect::<Vec<_>>().join(", ")),
    };
    ErrorData::invalid_params(
        format!("there is no tool “{name}”: {meant}"),
        Some(serde_json::json!({"code": "request", "where": name, "hint": near})),
    )
}

fn result(answer: Answer) -> CallToolResult {
    let mut content = Vec::new();
    if let Some(png) = answer.png {
        content.push(ContentBlock::image(base64(&png), "image/png"));
    }
    content.push(ContentBlock::text(answer.text));
    let mut result = match answer.is_error {
        true => CallToolResult::error(content),
        false => CallToolResult::success(content),
    };
    result.structured_content = Some(answer.structured);
    result
}
