use std::borrow::Cow;

use crate::frames::words::{printable, printable_lines};

/// A table as its content: what stands where, nothing about how it is drawn.
#[derive(Clone, Debug, Default)]
pub struct Table {
    pub title: String,
    /// Said at the right of the title: counts, level.
    pub aside: String,
    /// Said under the title: the question as asked, what is measured.
    pub subtitle: Option<String>,
    pub columns: Vec<Column>,
    pub blocks: Vec<Block>,
    /// The letters that occur among the flags, with what each means.
    pub legend: Vec<(char, String)>,
    /// Paragraphs under the table: method, source, what is not known.
    pub foot: Vec<String>,
    /// That of them which is about intervals alone.
    pub interval_method: Option<String>,
}

/// A column after the label.
#[derive(Clone, Debug)]
pub struct Column {
    pub head: String,
    pub align: Align,
    pub emphasis: Emphasis,
    /// Left out where fewer display columns than this are there.
    pub needs_width: usize,
}

impl Column {
    pub fn new(head: &str, align: Align) -> Column {
        Column {
            head: head.to_owned(),
            align,
            emphasis: Emphasis::Plain,
            needs_width: 0,
        }
    }

    pub fn emphasis(self, emphasis: Emphasis) -> Column {
        Column { emphasis, ..self }
    }

    /// Only where the table may be at least that wide.
    pub fn from_width(self, needs_width: usize) -> Column {
        Column {
            needs_width,
            ..self
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    Left,
    Right,
    /// Decimal points under each other.
    Decimal,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Emphasis {
    Plain,
    Strong,
    Dim,
    /// What cannot be right.
    Wrong,
}

/// Rows under a common head.
#[derive(Clone, Debug, Default)]
pub struct Block {
    pub head: Option<String>,
    pub note: Option<String>,
    pub rows: Vec<Row>,
}

#[derive(Clone, Debug, Default)]
pub struct Row {
    pub label: String,
    /// Steps to the right: a part stands under its NET.
    pub indent: usize,
    pub cells: Vec<Cell>,
    /// Lines under the row: what else was printed, what it can’t hold with.
    pub notes: Vec<String>,
}

#[derive(Clone, Debug, Default)]
pub struct Cell {
    pub text: String,
    /// Overrides that of the column.
    pub emphasis: Option<Emphasis>,
    /// The standard error of an estimate, for what sets it below: see [`Table::with_errors_below`].
    pub error: Option<String>,
}

impl From<String> for Cell {
    fn from(text: String) -> Cell {
        Cell {
            text,
            ..Cell::default()
        }
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Cell {
        Cell::from(text.to_owned())
    }
}

impl Cell {
    pub fn wrong(text: impl Into<String>) -> Cell {
        Cell {
            text: text.into(),
            emphasis: Some(Emphasis::Wrong),
            error: None,
        }
    }

    pub fn dim(text: impl Into<String>) -> Cell {
        Cell {
            text: text.into(),
            emphasis: Some(Emphasis::Dim),
            error: None,
        }
    }

    /// Where an interval would stand.
    pub fn no_interval() -> Cell {
        Cell::dim(NO_INTERVAL)
    }

    /// An estimate with its standard error, as both are printed; an empty one is none.
    pub fn with_error(self, error: String) -> Cell {
        Cell {
            error: Some(error).filter(|error| !error.is_empty()),
            ..self
        }
    }
}

impl Table {
    /// The same with every text as it can be shown: see [`printable`].
    pub(super) fn printable(&self) -> Table {
        let mut table = self.clone();
        for text in table.texts_mut() {
            if let Cow::Owned(shown) = printable(text) {
                *text = shown;
            }
        }
        // heads are set in lines
        for column in &mut table.columns {
            if let Cow::Owned(shown) = printable_lines(&column.head) {
                column.head = shown;
            }
        }
        table
    }

    /// Every text but the heads of columns.
    pub fn texts_mut(&mut self) -> Vec<&mut String> {
        let mut texts: Vec<&mut String> = vec![&mut self.title, &mut self.aside];
        texts.extend(&mut self.subtitle);
        texts.extend(self.legend.iter_mut().map(|(_, meaning)| meaning));
        texts.extend(&mut self.foot);
        for block in &mut self.blocks {
            texts.extend(block.head.iter_mut().chain(&mut block.note));
            for row in &mut block.rows {
                texts.push(&mut row.label);
                texts.extend(row.cells.iter_mut().map(|cell| &mut cell.text));
                texts.extend(&mut row.notes);
            }
        }
        texts
    }

    /// The same with the intervals behind estimates, `53 (49.7–56.7)`, in columns of their own, where cells can be copied and
    /// set under each other.
    pub fn with_intervals_apart(&self) -> Table {
        let mut table = self.clone();
        table.columns.clear();
        let rows = || self.blocks.iter().flat_map(|block| &block.rows);
        let has_interval: Vec<bool> = (0..self.columns.len())
            .map(|at| {
                let mut cells = rows().filter_map(|row| row.cells.get(at));
                cells.any(|cell| interval_apart(&cell.text).is_some())
            })
            .collect();
        for (column, is_double) in self.columns.iter().zip(&has_interval) {
            match is_double {
                false => table.columns.push(column.clone()),
                true => {
                    let right = Column {
                        align: Align::Right,
                        ..column.clone()
                    };
                    let interval = Column {
                        head: "interval".to_owned(),
                        emphasis: Emphasis::Plain,
                        ..right.clone()
                    };
                    table.columns.extend([right, interval]);
                }
            }
        }
        for row in table.blocks.iter_mut().flat_map(|block| &mut block.rows) {
            let cells = std::mem::take(&mut row.cells).into_iter().enumerate();
            for (at, cell) in cells {
                if has_interval.get(at) != Some(&true) {
                    row.cells.push(cell);
                    continue;
                }
                let (text, interval) = match interval_apart(&cell.text) {
                    Some((text, interval)) => (text.to_owned(), interval.to_owned()),
                    None => (cell.text.trim_end().to_owned(), String::new()),
                };
                row.cells.push(Cell { text, ..cell });
                row.cells.push(Cell::from(interval));
            }
        }
        table
    }

    /// The same with a row under each row whose estimates have standard errors, `(0.99)`, and without intervals, which these are in
    /// the place of; a last paragraph says what the brackets are. As it is where no estimate has one.
    pub fn with_errors_below(&self) -> Table {
        if !self.has_errors() {
            return self.clone();
        }
        let mut table = self.with_intervals_apart();
        let kept: Vec<bool> = (0..table.columns.len())
            .map(|at| !table.has_only_intervals(at))
            .collect();
        keep(&mut table.columns, &kept);
        for block in &mut table.blocks {
            let rows = std::mem::take(&mut block.rows);
            for mut row in rows {
                keep(&mut row.cells, &kept);
                let below: Vec<Cell> = row.cells.iter().map(error_of).collect();
                let notes = std::mem::take(&mut row.notes);
                block.rows.push(row);
                if below.iter().any(|cell| !cell.text.is_empty()) {
                    block.rows.push(Row {
                        cells: below,
                        ..Row::default()
                    });
                }
                if let Some(last) = block.rows.last_mut() {
                    last.notes = notes;
                }
            }
        }
        let method = table.interval_method.take();
        table
            .foot
            .retain(|paragraph| Some(paragraph) != method.as_ref());
        table.foot.push("In brackets: standard errors.".to_owned());
        table
    }

    /// Whether an estimate has its standard error.
    pub fn has_errors(&self) -> bool {
        let mut rows = self.blocks.iter().flat_map(|block| &block.rows);
        rows.any(|row| row.cells.iter().any(|cell| cell.error.is_some()))
    }

    fn has_only_intervals(&self, at: usize) -> bool {
        let rows = self.blocks.iter().flat_map(|block| &block.rows);
        let cells = rows.filter_map(|row| row.cells.get(at));
        let mut texts = cells
            .map(|cell| cell.text.trim())
            .filter(|text| !text.is_empty())
            .peekable();
        texts.peek().is_some() && texts.all(|text| is_interval(text) || text == NO_INTERVAL)
    }

    pub fn row_count(&self) -> usize {
        self.blocks.iter().map(|block| block.rows.len()).sum()
    }
}

/// In the place of an interval.
const NO_INTERVAL: &str = "no interval";

/// "(0.99)", set as the numbers above are.
fn error_of(cell: &Cell) -> Cell {
    match &cell.error {
        Some(error) => Cell {
            text: format!("({error})"),
            emphasis: Some(Emphasis::Plain),
            error: None,
        },
        None => Cell::default(),
    }
}

fn keep<T>(all: &mut Vec<T>, kept: &[bool]) {
    let mut kept = kept.iter();
    all.retain(|_| kept.next().is_none_or(|kept| *kept));
}

/// The estimate and the interval behind it.
fn interval_apart(text: &str) -> Option<(&str, &str)> {
    let (text, interval) = text.strip_suffix(')')?.rsplit_once(" (")?;
    is_interval(interval).then_some((text.trim_end(), interval))
}

/// "44.9–51.1", "−3.0 to 9.0".
fn is_interval(text: &str) -> bool {
    let has_ends = text.contains('–') || text.contains(" to ");
    has_ends && text.starts_with(|sign: char| sign.is_ascii_digit() || "+−-".contains(sign))
}
