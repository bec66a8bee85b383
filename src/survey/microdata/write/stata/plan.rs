//! What becomes of each variable in a Stata file.

use std::collections::{HashMap, HashSet};

use super::super::entry::{Entry, missing_numbers};
use super::super::extent::{Extent, MOST_MISSING};
use super::super::names::{Names, cut_characters};
use crate::survey::microdata::{
    Characteristic, Codebook, Format, Kind, Origin, Storage, Value, Variable, stata, value,
};

/// A variable as it is written.
pub(super) struct Planned<'a> {
    pub variable: &'a Variable,
    pub name: String,
    pub storage: Storage,
    pub format: String,
    /// The set of labels, by its place among those of the file.
    pub set: Option<usize>,
    pub label: String,
    /// User-missing numbers, as bits, and the letters that stand for them.
    pub letters: HashMap<u64, u8>,
}

impl Planned<'_> {
    /// Whether a text is written. Stata has no missing texts but the empty one: as any other text, a refusal would be an
    /// answer there.
    pub fn holds(&self, text: &str) -> bool {
        let missing = &self.variable.missing.values;
        missing.is_empty() || !missing.contains(&Value::Text(text.to_owned()))
    }
}

/// All of a file.
pub(super) struct Plan<'a> {
    pub variables: Vec<Planned<'a>>,
    pub sets: Vec<LabelSet>,
    pub characteristics: Vec<Characteristic>,
}

#[derive(PartialEq)]
pub(super) struct LabelSet {
    pub name: String,
    /// By number, letters last.
    pub labels: Vec<(i32, String)>,
}

/// The longest text that stands among the data.
const LONGEST: usize = 2045;
/// Characters of a label.
const LABEL: usize = 80;
/// Bytes of the label of a value.
const VALUE_LABEL: usize = 32_000;
/// Variables of a file of format 118.
const MOST: usize = 32_767;
/// The largest double that is no missing value.
const HIGHEST: f64 = f64::from_bits(0x7fdf_ffff_ffff_ffff);

pub(super) fn plan<'a>(
    codebook: &'a Codebook,
    extents: &[Extent],
    notes: &mut Vec<String>,
) -> Result<Plan<'a>, (String, String)> {
    let names: Vec<&str> = codebook.variables.iter().map(|v| v.name.as_str()).collect();
    if let Some(name) = names.get(MOST) {
        let problem = format!("is one variable too many: Stata files have {MOST} at most");
        return Err(((*name).to_owned(), problem));
    }
    let written = written_names(codebook, &names);
    let mut plan = Plan {
        variables: Vec::new(),
        sets: Vec::new(),
        characteristics: characteristics(codebook),
    };
    for ((variable, extent), name) in codebook.variables.iter().zip(extents).zip(written) {
        let refused = |problem: String| (variable.name.clone(), problem);
        let storage = storage(variable, extent).map_err(refused)?;
        let is_text = matches!(storage, Storage::Text(_) | Storage::LongString);
        let letters = match is_text {
            true => HashMap::new(),
            false => letters(variable, extent, notes).map_err(refused)?,
        };
        if is_text {
            missing_texts(variable, notes);
        }
        let label = plan.label(variable, &name, notes);
        let labels = labels(variable, is_text, &letters, notes);
        let set = plan.set(variable, &name, labels);
        plan.variables.push(Planned {
            variable,
            storage,
            format: format(variable, extent, storage),
            set,
            label,
            letters,
            name,
        });
    }
    Ok(plan)
}

fn written_names(codebook: &Codebook, names: &[&str]) -> Vec<String> {
    let is_own = |variable: &Variable| matches!(variable.native.format, Some(Format::Stata(_)));
    let fits = |variable: &Variable| {
        let refused = Names::Stata.refuses(&variable.name).is_some();
        variable.name.chars().count() <= 32 && (is_own(variable) || !refused)
    };
    match codebook.variables.iter().all(fits) {
        true => names.iter().map(|name| (*name).to_owned()).collect(),
        false => Names::Stata.written(names.iter().copied()),
    }
}

/// Those of a Stata file; otherwise notes of the data.
fn characteristics(codebook: &Codebook) -> Vec<Characteristic> {
    match &codebook.origin {
        Origin::Stata { characteristics } => characteristics.clone(),
        _ if codebook.notes.is_empty() => Vec::new(),
        _ => vec![
            note("_dta", "note0", "1"),
            note("_dta", "note1", &codebook.notes.join("\n")),
        ],
    }
}

fn note(of: &str, name: &str, text: &str) -> Characteristic {
    Characteristic {
        of: of.to_owned(),
        name: name.to_owned(),
        text: text.to_owned(),
    }
}

impl Plan<'_> {
    /// A label that is cut stands in full in a note of its variable.
    fn label(&mut self, variable: &Variable, name: &str, notes: &mut Vec<String>) -> String {
        let mut label = variable.label.clone().unwrap_or_default();
        if name != variable.name {
            notes.push(format!("{} is named {name} in the file", variable.name));
            if label.is_empty() {
                label.clone_from(&variable.name);
            }
        }
        let cut = cut_characters(&label, LABEL).to_owned();
        if cut != label {
            notes.push(format!(
                "the label of {} is cut to {LABEL} characters: Stata has no more room; all of it is a note of the variable",
                variable.name
            ));
            self.characteristics.push(note(name, "note0", "1"));
            self.characteristics.push(note(name, "note1", &label));
        }
        cut
    }

    /// Variables of a Stata file share their sets of labels.
    fn set(
        &mut self,
        variable: &Variable,
        name: &str,
        labels: Vec<(i32, String)>,
    ) -> Option<usize> {
        if labels.is_empty() {
            return None;
        }
        let set = LabelSet {
            name: variable
                .native
                .label_set
                .clone()
                .unwrap_or_else(|| name.to_owned()),
            labels,
        };
        if let Some(at) = self.sets.iter().position(|other| *other == set) {
            return Some(at);
        }
        let taken: HashSet<&str> = self.sets.iter().map(|set| set.name.as_str()).collect();
        let names = std::iter::once(set.name.clone())
            // a name has 32 characters: room for the number
            .chain((2_u64..).map(|number| format!("{}_{number}", cut_characters(&set.name, 24))));
        let free = names
            .into_iter()
            .find(|name| !taken.contains(name.as_str()));
        self.sets.push(LabelSet {
            name: free.unwrap_or_default(),
            ..set
        });
        Some(self.sets.len() - 1)
    }
}

/// The type that the file had if the entries fit; else the shortest that holds them all exactly.
fn storage(variable: &Variable, extent: &Extent) -> Result<Storage, String> {
    if variable.kind == Kind::Text || extent.texts {
        let is_own = matches!(variable.native.format, Some(Format::Stata(_)));
        let width = match variable.native.storage {
            Some(Storage::Text(width)) if is_own => width,
            _ => 1,
        };
        let long = variable.native.storage == Some(Storage::LongString) || extent.zero_byte;
        return Ok(match extent.bytes() {
            ..=LONGEST if !long => Storage::Text(extent.bytes().max(width).min(LONGEST)),
            _ => Storage::LongString,
        });
    }
    if extent.letters.contains(&b'_') {
        return Err("has the missing value ._, and Stata knows .a to .z alone".to_owned());
    }
    let bounds = extent.bounds.map(|(low, high)| {
        let stored = |number| stata::stored(variable.kind, number);
        (stored(low), stored(high))
    });
    if bounds.is_some_and(|(low, high)| low.is_infinite() || high > HIGHEST) {
        return Err("has a number that Stata takes for missing or infinite".to_owned());
    }
    let whole = !extent.broken || variable.kind == Kind::DateTime;
    let within =
        |least: f64, most: f64| bounds.is_none_or(|(low, high)| least <= low && high <= most);
    let holds = |storage: Storage| match storage {
        Storage::Byte => whole && within(-127.0, 100.0),
        Storage::Int => whole && within(-32_767.0, 32_740.0),
        Storage::Long => whole && within(-2_147_483_647.0, 2_147_483_620.0),
        // missing floats begin at 2^127
        Storage::Float => !extent.double && within(-1.7e38, 1.7e38),
        Storage::Double => true,
        Storage::Text(_) | Storage::LongString => false,
    };
    let recorded = match variable.native.format {
        Some(Format::Stata(_)) => variable.native.storage,
        // new weights
        None if variable.native.storage == Some(Storage::Double) => Some(Storage::Double),
        _ => None,
    };
    // milliseconds fill a double and are seldom whole seconds
    let shortest = match variable.kind {
        Kind::DateTime => [Storage::Double].as_slice(),
        _ => &[Storage::Byte, Storage::Int, Storage::Long, Storage::Double],
    };
    let candidates = recorded.iter().chain(shortest);
    Ok(candidates
        .copied()
        .find(|storage| holds(*storage))
        .unwrap_or(Storage::Double))
}

fn format(variable: &Variable, extent: &Extent, storage: Storage) -> String {
    let is_text = matches!(storage, Storage::Text(_) | Storage::LongString);
    match &variable.native.format {
        Some(Format::Stata(format)) if is_text == (variable.kind == Kind::Text) => {
            // moments are written as clocks show them, without the leap seconds that %tC would count
            return match variable.kind {
                Kind::DateTime => format.replacen("tC", "tc", 1),
                _ => format.clone(),
            };
        }
        // a number with decimals; the others are shown as Stata does
        Some(Format::Spss { print, .. }) if !is_text && variable.kind == Kind::Number => {
            let (kind, width, decimals) = (print >> 16, (print >> 8) & 0xff, print & 0xff);
            if kind == 5 && decimals > 0 && width > decimals + 1 {
                return format!("%{width}.{decimals}f");
            }
        }
        _ => {}
    }
    match (variable.kind, storage) {
        // as Stata does by itself: no text in fewer than 9 columns
        (_, Storage::Text(width)) => format!("%{}s", width.max(9)),
        (_, Storage::LongString) => "%9s".to_owned(),
        (Kind::Date, _) => "%td".to_owned(),
        (Kind::DateTime, _) => "%tc".to_owned(),
        (_, Storage::Byte | Storage::Int) => "%8.0g".to_owned(),
        (_, Storage::Long) => "%12.0g".to_owned(),
        (_, Storage::Float) => "%9.0g".to_owned(),
        (_, Storage::Double) if extent.broken => "%10.0g".to_owned(),
        (_, Storage::Double) => "%18.0g".to_owned(),
    }
}

/// Letters for the missing values of a variable: Stata knows no others. Those that are named come first.
fn letters(
    variable: &Variable,
    extent: &Extent,
    notes: &mut Vec<String>,
) -> Result<HashMap<u64, u8>, String> {
    let mut numbers = missing_numbers(variable);
    let within = |number: f64| {
        let ranges = &variable.missing.ranges;
        ranges
            .iter()
            .any(|(low, high)| *low <= number && number <= *high)
    };
    for (value, _) in &variable.labels {
        if let Entry::Number(number) = Entry::from_value(variable, value)
            && within(number)
        {
            numbers.push(number);
        }
    }
    let mut occurring: Vec<f64> = extent
        .missing
        .iter()
        .map(|bits| f64::from_bits(*bits))
        .collect();
    occurring.sort_by(f64::total_cmp);
    numbers.extend(occurring);
    let mut seen = HashSet::new();
    numbers.retain(|number| seen.insert(number.to_bits()));
    let taken: HashSet<u8> = extent.letters.iter().copied().collect();
    let mut free = (b'a'..=b'z').filter(|letter| !taken.contains(letter));
    let mut letters = HashMap::new();
    let mut replaced = Vec::new();
    for number in &numbers {
        let Some(letter) = free.next() else {
            let problem = "has more missing values than the 26 that Stata has letters for";
            return Err(problem.to_owned());
        };
        letters.insert(number.to_bits(), letter);
        replaced.push(format!(
            ".{} is {}",
            char::from(letter),
            value::written(*number)
        ));
    }
    if extent.missing.len() >= MOST_MISSING {
        return Err("has more missing values than the 26 that Stata has letters for".to_owned());
    }
    if !replaced.is_empty() {
        notes.push(format!(
            "missing values of {} are letters in Stata: {}",
            variable.name,
            few(&replaced)
        ));
    }
    Ok(letters)
}

fn missing_texts(variable: &Variable, notes: &mut Vec<String>) {
    let values = variable.missing.values.iter();
    let texts: Vec<String> = values
        .filter(|value| !matches!(value, Value::Null))
        .map(|value| format!("'{}'", cut_characters(&value.text(), 20)))
        .collect();
    if !texts.is_empty() {
        notes.push(format!(
            "missing values of {} are empty in Stata, which knows no others among texts: {}",
            variable.name,
            few(&texts)
        ));
    }
}

fn labels(
    variable: &Variable,
    is_text: bool,
    letters: &HashMap<u64, u8>,
    notes: &mut Vec<String>,
) -> Vec<(i32, String)> {
    let mut labels = Vec::new();
    let mut left_out = Vec::new();
    for (value, label) in &variable.labels {
        let number = match Entry::from_value(variable, value) {
            _ if is_text => None,
            Entry::Number(number) => match letters.get(&number.to_bits()) {
                Some(letter) => Some(stata::letter_code(*letter)),
                None => whole(stata::stored(variable.kind, number)),
            },
            Entry::Letter(letter) => Some(stata::letter_code(letter)),
            Entry::Nothing => Some(stata::LETTERS),
            Entry::Text(_) => None,
        };
        match number {
            Some(number) if label.len() <= VALUE_LABEL => labels.push((number, label.clone())),
            _ => left_out.push(format!("'{}'", cut_characters(&value.text(), 20))),
        }
    }
    if !left_out.is_empty() {
        notes.push(format!(
            "labels of {} are left out, since Stata labels whole numbers alone: those of {}",
            variable.name,
            few(&left_out)
        ));
    }
    labels.sort_by_key(|(number, _)| *number);
    labels
}

/// The first of them.
fn few(texts: &[String]) -> String {
    let more = if texts.len() > 4 { " and more" } else { "" };
    let first: Vec<&str> = texts.iter().take(4).map(String::as_str).collect();
    format!("{}{more}", first.join(", "))
}

fn whole(number: f64) -> Option<i32> {
    let fits = number.fract() == 0.0 && (-2_147_483_647.0..=2_147_483_620.0).contains(&number);
    fits.then_some(number as i32)
}
