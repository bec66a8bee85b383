//! Several files of the same questions, one after the other: waves of a poll.

use std::collections::HashMap;
use std::sync::Arc;

use super::{
    Batch, Codebook, Coded, Codes, Column, ColumnRequest, Error, Kind, Measure, MissingValues,
    MultipleResponse, Source, Value, Variable, View,
};

/// Files that are read as one. Variables are matched by their names, levels by their labels: who chose “Agree” chose it
/// whatever its code is in which wave. What differs is named in [`Waves::differences`].
pub struct Waves {
    waves: Vec<Wave>,
    codebook: Codebook,
    /// Where the variable that tells the waves apart stands, if it was made.
    made: Option<usize>,
    differences: Vec<String>,
}

struct Wave {
    source: Arc<dyn Source>,
    name: String,
    first_row: u64,
    /// By variable of all files, what it is here.
    variables: Vec<Option<Own>>,
}

/// A variable of one file among those of all.
struct Own {
    name: String,
    recoded: Vec<(Value, Value)>,
}

impl Waves {
    /// Puts files together, each with what its wave is called; `wave` is the variable that tells them apart. One that all
    /// files have is taken as it is; one that none has is made, its levels the names in their order.
    ///
    /// # Errors
    /// A variable that only some files have as `wave`, or that is numbers in one and texts in another.
    pub fn new(sources: Vec<(String, Arc<dyn Source>)>, wave: &str) -> Result<Waves, Error> {
        let having = |name: &str| {
            let all = sources
                .iter()
                .filter(|(_, source)| find(source.codebook(), name).is_some());
            all.map(|(name, _)| name.as_str()).collect::<Vec<&str>>()
        };
        let with_wave = having(wave);
        if !with_wave.is_empty() && with_wave.len() < sources.len() {
            return Err(Error::Stopped(format!(
                "{wave} is in {}, and not in all files: take a name that none has, or one that all have",
                with_wave.join(", ")
            )));
        }
        let make = with_wave.is_empty();
        let mut merger = Merger::default();
        let mut waves: Vec<Wave> = Vec::new();
        let mut first_row = 0;
        for (name, source) in sources {
            merger.add(&name, source.codebook())?;
            let rows = rows(source.as_ref())?;
            waves.push(Wave {
                source,
                name,
                first_row,
                variables: Vec::new(),
            });
            first_row += rows;
        }
        let mut codebook = merger.codebook();
        for wave in &mut waves {
            wave.variables = codebook
                .variables
                .iter()
                .map(|merged| merger.own(merged, wave.source.codebook()))
                .collect();
        }
        let differences = merger.differences;
        let made = make.then(|| {
            let labels = (1..).zip(&waves);
            codebook.variables.push(Variable {
                labels: labels
                    .map(|(at, wave)| (Value::Number(f64::from(at)), wave.name.clone()))
                    .collect(),
                measure: Some(Measure::Ordinal),
                ..Variable::bare(wave, Kind::Number)
            });
            codebook.variables.len() - 1
        });
        Ok(Waves {
            waves,
            codebook,
            made,
            differences,
        })
    }

    /// What is not the same in all files: questions that are new or gone, levels with other codes, other words.
    pub fn differences(&self) -> &[String] {
        &self.differences
    }

    /// The variables that not every wave has, by the waves that lack them: "not in w2: q7, q8"; of those that are told
    /// elsewhere nothing.
    pub fn missing_variables(&self, told: &[&str]) -> Vec<String> {
        missing_variables(&self.codebook, &self.waves, told)
    }

    /// The row that each wave begins with.
    pub fn first_rows(&self) -> Vec<u64> {
        self.waves.iter().map(|wave| wave.first_row).collect()
    }
}

fn rows(source: &dyn Source) -> Result<u64, Error> {
    if let Some(rows) = source.rows() {
        return Ok(rows);
    }
    let first = source.codebook().variables.first();
    let request = first.map(|variable| ColumnRequest {
        name: variable.name.clone(),
        view: View::Codes,
    });
    let count = std::sync::atomic::AtomicU64::new(0);
    let requests: Vec<ColumnRequest> = request.into_iter().collect();
    source.scan(&requests, &|batch| {
        count.fetch_add(batch.rows as u64, std::sync::atomic::Ordering::Relaxed);
        Ok(())
    })?;
    Ok(count.into_inner())
}

/// A variable by name, and if there is none, one whose name differs by capitals alone.
fn find<'c>(codebook: &'c Codebook, name: &str) -> Option<&'c Variable> {
    let same = |variable: &&Variable| variable.name == name;
    let alike = |variable: &&Variable| variable.name.to_lowercase() == name.to_lowercase();
    let mut all = codebook.variables.iter();
    all.find(same)
        .or_else(|| codebook.variables.iter().find(alike))
}

/// Variables of all files in the order in which they are met.
#[derive(Default)]
struct Merger {
    variables: Vec<Variable>,
    sets: Vec<MultipleResponse>,
    title: Option<String>,
    /// The wave that each was met in first.
    first: Vec<String>,
    differences: Vec<String>,
}

impl Merger {
    fn add(&mut self, wave: &str, codebook: &Codebook) -> Result<(), Error> {
        self.title = self.title.take().or(codebook.title.clone());
        for set in &codebook.sets {
            if !self.sets.iter().any(|known| known.name == set.name) {
                self.sets.push(set.clone());
            }
        }
        for variable in &codebook.variables {
            let lower = variable.name.to_lowercase();
            let known = self
                .variables
                .iter()
                .position(|of| of.name.to_lowercase() == lower);
            match known {
                None => {
                    self.variables.push(variable.clone());
                    self.first.push(wave.to_owned());
                }
                Some(at) => self.merge(at, wave, variable)?,
            }
        }
        Ok(())
    }

    fn merge(&mut self, at: usize, wave: &str, other: &Variable) -> Result<(), Error> {
        let first = self.first[at].clone();
        let merged = &mut self.variables[at];
        let name = merged.name.clone();
        let asked = |variable: &Variable| variable.label.clone().filter(|label| !label.is_empty());
        if let (Some(here), Some(there)) = (asked(merged), asked(other))
            && here != there
        {
            self.differences.push(format!(
                "{name}: asked otherwise in {wave}: {there}; in {first}: {here}"
            ));
        }
        merged.label = asked(merged).or(asked(other));
        if merged.kind != other.kind {
            *merged = as_texts(merged, other, &first, wave)?;
            return Ok(());
        }
        if merged.kind == Kind::Number {
            for note in merge_labels(merged, other, &first, wave) {
                self.differences.push(note);
            }
        }
        let moved = |value: &Value| recode(merged, other, value);
        let added: Vec<Value> = other.missing.values.iter().map(moved).collect();
        let mut missing = merged.missing.clone();
        let differs = added.iter().any(|value| !missing.holds(value))
            || missing
                .values
                .iter()
                .any(|value| !added.contains(value) && !other.missing.holds(value));
        missing.values.extend(
            added
                .into_iter()
                .filter(|of| !missing.values.contains(of))
                .collect::<Vec<_>>(),
        );
        missing.ranges.extend(
            other
                .missing
                .ranges
                .iter()
                .filter(|of| !missing.ranges.contains(of))
                .copied()
                .collect::<Vec<_>>(),
        );
        if differs {
            self.differences.push(format!(
                "{name}: other values are missing answers in {wave} than in {first}; those of both are in all waves"
            ));
        }
        merged.missing = missing;
        Ok(())
    }

    fn codebook(&mut self) -> Codebook {
        let variables = self.variables.clone();
        let there = |name: &String| variables.iter().any(|variable| variable.name == *name);
        let mut sets = std::mem::take(&mut self.sets);
        sets.retain(|set| set.variables.iter().all(there));
        Codebook {
            title: self.title.clone(),
            variables,
            sets,
            ..Codebook::default()
        }
    }

    /// What a variable of all files is in one of them.
    fn own(&self, merged: &Variable, codebook: &Codebook) -> Option<Own> {
        let own = find(codebook, &merged.name)?;
        let recoded = own.labels.iter().filter_map(|(value, label)| {
            let to = match (merged.kind, own.kind) {
                (Kind::Text, Kind::Number) => Value::Text(label.clone()),
                (Kind::Number, Kind::Number) => recode(merged, own, value),
                _ => return None,
            };
            (to != *value).then(|| (value.clone(), to))
        });
        Some(Own {
            name: own.name.clone(),
            recoded: recoded.collect(),
        })
    }
}

/// The value that a label has among the labels of all files.
fn recode(merged: &Variable, own: &Variable, value: &Value) -> Value {
    let label = own.label_of(value).filter(|label| !label.is_empty());
    let Some(label) = label else {
        return value.clone();
    };
    let mut same = merged.labels.iter().filter(|(_, known)| known == label);
    // of two values with one label the own one
    let own_value = same.clone().find(|(known, _)| known == value);
    own_value
        .or_else(|| same.next())
        .map_or_else(|| value.clone(), |(known, _)| known.clone())
}

/// Adds the labels that are new; a code that stands for something else in the other files gets a new one.
fn merge_labels(merged: &mut Variable, other: &Variable, first: &str, wave: &str) -> Vec<String> {
    let mut notes = Vec::new();
    let mut new: Vec<&str> = Vec::new();
    let mut moved: Vec<String> = Vec::new();
    let before = merged.labels.clone();
    let answers = |variable: &Variable, value: &Value| !variable.missing.holds(value);
    for (value, label) in other.labels.iter().filter(|(_, label)| !label.is_empty()) {
        if let Some((known, _)) = before.iter().find(|(_, known)| known == label) {
            if known != value {
                moved.push(format!("{label} is {} there", value.text()));
            }
            continue;
        }
        if answers(other, value) {
            new.push(label);
        }
        let taken = merged.labels.iter().any(|(known, _)| known == value);
        let numbers = merged
            .labels
            .iter()
            .chain(&other.labels)
            .filter_map(|(of, _)| match of {
                Value::Number(number) => Some(*number),
                _ => None,
            });
        let free = numbers.fold(0.0, f64::max).floor() + 1.0;
        let value = if taken {
            Value::Number(free)
        } else {
            value.clone()
        };
        merged.labels.push((value, label.clone()));
    }
    let name = &merged.name;
    if !moved.is_empty() {
        notes.push(format!(
            "{name}: levels have other codes in {wave} than in {first}, and go by their labels: {}",
            moved.join(", ")
        ));
    }
    if !new.is_empty() && !before.is_empty() {
        notes.push(format!("{name}: new in {wave} is {}", new.join(", ")));
    }
    let kept = |label: &String| other.labels.iter().any(|(_, of)| of == label);
    let gone = before
        .iter()
        .filter(|(value, label)| !label.is_empty() && !kept(label) && answers(merged, value));
    let gone: Vec<&str> = gone.map(|(_, label)| label.as_str()).collect();
    if !gone.is_empty() && !other.labels.is_empty() {
        notes.push(format!("{name}: not in {wave} is {}", gone.join(", ")));
    }
    notes
}

/// Codes with labels in one file and texts in another are texts.
fn as_texts(
    merged: &Variable,
    other: &Variable,
    first: &str,
    wave: &str,
) -> Result<Variable, Error> {
    let fits = |variable: &Variable| variable.kind == Kind::Text || !variable.labels.is_empty();
    if !fits(merged) || !fits(other) {
        return Err(Error::Stopped(format!(
            "{} is of another kind in {wave} than in {first}: texts in one, numbers or dates without labels in the other",
            merged.name
        )));
    }
    let texts = |variable: &Variable| {
        let missing = variable.missing.values.iter();
        let text = |value: &Value| match variable.label_of(value) {
            Some(label) if variable.kind == Kind::Number => Value::Text(label.to_owned()),
            _ => Value::Text(value.text()),
        };
        missing.map(text).collect::<Vec<Value>>()
    };
    let mut values = texts(merged);
    values.extend(texts(other));
    let labelled = [merged, other]
        .into_iter()
        .find(|of| of.kind == Kind::Number);
    let labels = labelled.into_iter().flat_map(|of| &of.labels);
    Ok(Variable {
        label: merged.label.clone(),
        labels: labels
            .map(|(_, label)| (Value::Text(label.clone()), label.clone()))
            .collect(),
        missing: MissingValues {
            values,
            ranges: Vec::new(),
        },
        ..Variable::bare(&merged.name, Kind::Text)
    })
}

/// Variables that not all files have, by the files that have none.
fn missing_variables(codebook: &Codebook, waves: &[Wave], told: &[&str]) -> Vec<String> {
    let without = |at: usize| {
        // the variable that tells the waves apart may be made, and is in none
        let lacks = |wave: &&Wave| wave.variables.get(at).is_some_and(Option::is_none);
        let missing = waves.iter().filter(lacks);
        missing
            .map(|wave| wave.name.as_str())
            .collect::<Vec<&str>>()
    };
    let mut by_waves: Vec<(Vec<&str>, Vec<&str>)> = Vec::new();
    for (at, variable) in codebook.variables.iter().enumerate() {
        let missing = without(at);
        if missing.is_empty() || told.contains(&variable.name.as_str()) {
            continue;
        }
        match by_waves.iter_mut().find(|(waves, _)| *waves == missing) {
            Some((_, names)) => names.push(&variable.name),
            None => by_waves.push((missing, vec![&variable.name])),
        }
    }
    let note = |(waves, names): (Vec<&str>, Vec<&str>)| {
        format!("not in {}: {}", waves.join(", "), names.join(", "))
    };
    by_waves.into_iter().map(note).collect()
}

impl Source for Waves {
    fn codebook(&self) -> &Codebook {
        &self.codebook
    }

    fn rows(&self) -> Option<u64> {
        None
    }

    fn notes(&self) -> Vec<String> {
        self.waves
            .iter()
            .flat_map(|wave| wave.source.notes())
            .collect()
    }

    fn scan(
        &self,
        requests: &[ColumnRequest],
        each: &(dyn Fn(&mut Batch) -> Result<(), Error> + Sync),
    ) -> Result<(), Error> {
        let places = requests
            .iter()
            .map(|request| self.codebook.position(&request.name))
            .collect::<Result<Vec<usize>, Error>>()?;
        for (number, wave) in self.waves.iter().enumerate() {
            let own = |at: usize| wave.variables.get(at).and_then(Option::as_ref);
            let mut passed: Vec<ColumnRequest> = Vec::new();
            let mut from: Vec<Option<usize>> = Vec::new();
            for (place, request) in places.iter().zip(requests) {
                let column = own(*place);
                from.push(column.map(|_| passed.len()));
                passed.extend(column.map(|own| ColumnRequest {
                    name: own.name.clone(),
                    view: request.view,
                }));
            }
            if passed.is_empty()
                && let Some(first) = wave.source.codebook().variables.first()
            {
                // a reader of nothing still counts the rows
                passed.push(ColumnRequest {
                    name: first.name.clone(),
                    view: View::Codes,
                });
            }
            wave.source.scan(&passed, &|batch| {
                let rows = batch.rows;
                let read = std::mem::take(&mut batch.columns);
                for ((place, request), from) in places.iter().zip(requests).zip(&from) {
                    let is_wave = self.made == Some(*place);
                    let column = match from.and_then(|at| read.get(at)) {
                        Some(column) => recoded(column, own(*place)),
                        None if is_wave => constant(Some(number as f64 + 1.0), rows, request.view),
                        None => constant(None, rows, request.view),
                    };
                    batch.columns.push(column);
                }
                batch.first_row += wave.first_row;
                each(batch)
            })?;
        }
        Ok(())
    }
}

fn constant(number: Option<f64>, rows: usize, view: View) -> Column {
    match view {
        View::Numbers => Column::Numbers(vec![number.unwrap_or(f64::NAN); rows]),
        View::Codes => Column::Codes(Coded {
            codes: Codes::Narrow(vec![0; rows]),
            values: Arc::new(vec![number.map_or(Value::Null, Value::Number)]),
        }),
    }
}

fn recoded(column: &Column, own: Option<&Own>) -> Column {
    let Some(own) = own.filter(|own| !own.recoded.is_empty()) else {
        return column.clone();
    };
    let new = |value: &Value| {
        let to = own.recoded.iter().find(|(from, _)| from == value);
        to.map_or_else(|| value.clone(), |(_, to)| to.clone())
    };
    match column {
        Column::Numbers(numbers) => {
            let new = |number: &f64| match new(&Value::Number(*number)) {
                Value::Number(number) => number,
                _ => f64::NAN,
            };
            Column::Numbers(numbers.iter().map(new).collect())
        }
        Column::Codes(coded) => {
            // a dictionary holds each value once
            let mut values: Vec<Value> = Vec::new();
            let mut place: HashMap<String, u32> = HashMap::new();
            let mut codes = Vec::with_capacity(coded.values.len());
            for value in coded.values.iter().map(new) {
                let key = format!("{value:?}");
                let next = values.len() as u32;
                let code = *place.entry(key).or_insert(next);
                if code == next {
                    values.push(value);
                }
                codes.push(code);
            }
            let of_row = (0..coded.codes.len()).map(|row| codes[coded.codes.get(row) as usize]);
            let codes = match values.len() <= 256 {
                true => Codes::Narrow(of_row.map(|code| code as u8).collect()),
                false => Codes::Wide(of_row.collect()),
            };
            Column::Codes(Coded {
                codes,
                values: Arc::new(values),
            })
        }
    }
}
