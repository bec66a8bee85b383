//! Where a command reads and prints, and how it is told to stop.

use std::io::{self, IsTerminal, Read, Write};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::failure::Failure;
use super::paths::Paths;
use crate::frames::words::printable_lines;
use crate::present::provenance::Provenance;
use crate::present::table::TextOptions;
use crate::survey::microdata::Source;

/// Hears of each batch of respondents that was read: how many, and how many the file has where that is known.
pub(super) type ReadWatch = Arc<dyn Fn(u64, Option<u64>) + Send + Sync>;

/// Standard input, output and error of one command: the process’s own, or buffers.
pub struct Streams<'s> {
    input: Mutex<Box<dyn Read + Send + 's>>,
    output: Mutex<Box<dyn Write + Send + 's>>,
    error: Mutex<Box<dyn Write + Send + 's>>,
    output_look: TextOptions,
    error_look: TextOptions,
    output_is_terminal: bool,
    shows_progress: bool,
    of_process: bool,
    interrupt: Arc<AtomicBool>,
    read_watch: Option<ReadWatch>,
}

impl Streams<'static> {
    /// Those of the process: as wide as its terminal, with colours where it takes them. COLUMNS goes first; a pipe has 100
    /// columns.
    pub fn process() -> Streams<'static> {
        let columns = std::env::var("COLUMNS").ok();
        let columns = columns.and_then(|columns| columns.parse().ok());
        let terminal = || terminal_size::terminal_size().map(|(width, _)| usize::from(width.0));
        let width = columns.or_else(terminal).unwrap_or(100);
        let look = |choice| TextOptions {
            width,
            styled: !matches!(choice, anstream::ColorChoice::Never),
        };
        Streams {
            input: Mutex::new(Box::new(io::stdin())),
            output: Mutex::new(Box::new(io::stdout())),
            error: Mutex::new(Box::new(anstream::stderr())),
            output_look: look(anstream::AutoStream::choice(&io::stdout())),
            error_look: look(anstream::AutoStream::choice(&io::stderr())),
            output_is_terminal: io::stdout().is_terminal(),
            shows_progress: io::stderr().is_terminal(),
            of_process: true,
            interrupt: Arc::default(),
            read_watch: None,
        }
    }
}

impl<'s> Streams<'s> {
    /// Buffers in their place: no colours, 100 columns, no progress.
    pub fn buffers(
        input: impl Read + Send + 's,
        output: impl Write + Send + 's,
        error: impl Write + Send + 's,
    ) -> Streams<'s> {
        Streams {
            input: Mutex::new(Box::new(input)),
            output: Mutex::new(Box::new(output)),
            error: Mutex::new(Box::new(error)),
            output_look: TextOptions::default(),
            error_look: TextOptions::default(),
            output_is_terminal: false,
            shows_progress: false,
            of_process: false,
            interrupt: Arc::default(),
            read_watch: None,
        }
    }

    /// The same for readers with so many columns, and with colours or not.
    pub fn with_look(self, look: TextOptions) -> Streams<'s> {
        Streams {
            output_look: look,
            error_look: look,
            ..self
        }
    }

    /// The same with a flag that stops the command once it is set: it ends with [`ExitCode::Interrupted`](super::ExitCode).
    ///
    /// Long work looks at the flag between batches of respondents; a file that was being written is as it was.
    pub fn with_interrupt(self, interrupt: Arc<AtomicBool>) -> Streams<'s> {
        Streams { interrupt, ..self }
    }

    /// The same with somebody who hears how far a pass over the respondents is.
    pub(super) fn with_read_watch(self, read_watch: Option<ReadWatch>) -> Streams<'s> {
        Streams { read_watch, ..self }
    }

    pub(super) fn output_look(&self) -> TextOptions {
        self.output_look
    }

    pub(super) fn error_look(&self) -> TextOptions {
        self.error_look
    }

    /// Whether `-` is a stream of the process.
    pub(super) fn is_process(&self) -> bool {
        self.of_process
    }

    pub(super) fn is_interrupted(&self) -> bool {
        self.interrupt.load(Ordering::Relaxed)
    }

    /// Writes to standard output; a reader that has closed it has had enough.
    pub(super) fn write_output(&self, bytes: &[u8]) -> Result<(), Failure> {
        let mut output = locked(&self.output);
        match output.write_all(bytes).and_then(|()| output.flush()) {
            Err(error) if error.kind() != io::ErrorKind::BrokenPipe => {
                Err(Failure::File(format!("standard output: {error}")))
            }
            _ => Ok(()),
        }
    }

    /// Writes to standard error. Where that fails there is nobody to tell.
    pub(super) fn write_error(&self, text: &str) {
        let mut error = locked(&self.error);
        let _ = error
            .write_all(text.as_bytes())
            .and_then(|()| error.flush());
    }
}

fn locked<T>(stream: &Mutex<T>) -> MutexGuard<'_, T> {
    stream.lock().unwrap_or_else(PoisonError::into_inner)
}

/// One run of a command.
pub(super) struct Session<'s> {
    pub streams: Streams<'s>,
    pub paths: Paths,
    /// What was typed, as --stamp puts it into a file.
    pub command: String,
    /// Nothing is said but errors.
    pub quiet: bool,
    /// Files of respondents that were opened.
    pub opened: Mutex<Vec<Arc<dyn Source>>>,
}

impl<'s> Session<'s> {
    /// What was assumed of the files that were opened. Some of it shows in their data alone, so that it is said at the end.
    pub fn say_assumptions(&self) {
        for source in locked(&self.opened).drain(..) {
            for note in source.notes() {
                self.note(&note);
            }
        }
    }

    /// What made the files of this run, with the command where that is asked for.
    pub fn provenance(&self, with_command: bool) -> Provenance {
        let provenance = self.paths.provenance();
        match with_command {
            true => provenance.with_command(self.command.clone()),
            false => provenance,
        }
    }

    /// Remembers a file for what is to be said of it.
    pub fn opens(&self, source: &Arc<dyn Source>) {
        locked(&self.opened).push(Arc::clone(source));
    }

    /// What is set for reading, to standard output.
    pub fn print(&self, text: &str) -> Result<(), Failure> {
        self.streams.write_output(text.as_bytes())
    }

    /// What another program is to read, byte by byte; on a terminal nothing in it steers the terminal.
    pub fn print_exact(&self, text: &str) -> Result<(), Failure> {
        match self.streams.output_is_terminal {
            true => self.print(&printable_lines(text)),
            false => self.print(text),
        }
    }

    /// What is no text, and not for a terminal.
    pub fn print_bytes(&self, bytes: &[u8]) -> Result<(), Failure> {
        match self.streams.output_is_terminal {
            true => Err(Failure::Usage(
                "what is written is no text for a terminal: name a file with -o".to_owned(),
            )),
            false => self.streams.write_output(bytes),
        }
    }

    /// A line on standard error, unless it is to be quiet.
    pub fn say(&self, line: &str) {
        if !self.quiet {
            self.streams
                .write_error(&format!("{}\n", printable_lines(line)));
        }
    }

    /// Something that may make the result another than the user thinks.
    pub fn warn(&self, text: &str) {
        self.say(&format!("warning: {text}"));
    }

    /// Something one should know of the result.
    pub fn note(&self, text: &str) {
        self.say(&format!("note: {text}"));
    }

    pub fn input(&self) -> MutexGuard<'_, Box<dyn Read + Send + 's>> {
        locked(&self.streams.input)
    }

    pub fn interrupt(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.streams.interrupt)
    }

    pub fn read_watch(&self) -> Option<ReadWatch> {
        self.streams.read_watch.clone()
    }

    /// Whether somebody waits who can see how far it is.
    pub fn shows_progress(&self) -> bool {
        self.streams.shows_progress && !self.quiet
    }
}
