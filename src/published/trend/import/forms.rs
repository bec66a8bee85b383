//! The forms in which collections of polls are published: which column means what.

use super::Shape;

/// A form by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Polls of FiveThirtyEight: a row a poll, population and answer, or a column an answer.
    Fte,
    /// Its `raw-polls`: the middle day of a poll, two or three candidates and their results in columns.
    RawFte,
    /// Tables of wahlrecht.de as they are scraped: published, parties, respondents, a period without a year.
    Wahlrecht,
    /// Europe Elects.
    EuropeElects,
    /// SwedishPolls.
    SwedishPolls,
    /// A table of Wikipedia, saved as CSV.
    Wikipedia,
    /// HuffPost Pollster and what The Economist made of it.
    HuffPost,
}

impl Form {
    /// All of them, by the names that `--as` takes.
    pub const ALL: [(&'static str, Form); 7] = [
        ("538", Form::Fte),
        ("raw538", Form::RawFte),
        ("wahlrecht", Form::Wahlrecht),
        ("europeelects", Form::EuropeElects),
        ("swedishpolls", Form::SwedishPolls),
        ("wikipedia", Form::Wikipedia),
        ("huffpost", Form::HuffPost),
    ];

    /// What its columns mean.
    pub fn shape(self) -> Shape {
        match self {
            Form::Fte => shape(&[
                ("contest", "contest|race_id|politician|subject"),
                ("poll", "question_id|poll_id"),
                ("pollster", "pollster|display_name"),
                ("sponsor", "sponsors|sponsor"),
                ("start", "start_date|startdate"),
                ("end", "end_date|enddate"),
                ("n", "sample_size|samplesize"),
                ("population", "population"),
                ("mode", "methodology|mode"),
                ("tracking", "tracking"),
                ("partisan", "partisan"),
                ("response", "answer|candidate_name|choice|party"),
                ("percent", "pct"),
            ])
            .with_wide("yes|no|approve|disapprove|favorable|unfavorable|dem|rep|ind")
            .with_month_first(),
            Form::RawFte => shape(&[
                ("contest", "race"),
                ("poll", "question_id|poll_id"),
                ("pollster", "pollster"),
                ("start", "polldate"),
                ("end", "polldate"),
                ("n", "samplesize"),
                ("partisan", "partisan"),
                ("mode", "methodology"),
            ])
            .with_candidates()
            .with_month_first(),
            Form::Wahlrecht => shape(&[
                ("pollster", "institut|institute|pollster"),
                ("published", "datum|date|veröffentlicht|publiziert|published"),
                ("period", "zeitraum|befragungszeitraum"),
                ("n", "befragte|respondents"),
                ("sponsor", "auftraggeber"),
            ])
            .with_ignored("nichtwähler/unentschl.|nichtwähler|unentschlossene"),
            Form::EuropeElects => shape(&[
                ("contest", "scope"),
                ("pollster", "polling firm"),
                ("sponsor", "commissioners"),
                ("start", "fieldwork start"),
                ("end", "fieldwork end"),
                ("n", "sample size"),
            ])
            .with_ignored("sample size qualification|participation|precision|country|area"),
            Form::SwedishPolls => shape(&[
                ("pollster", "house|company"),
                ("published", "publdate"),
                ("start", "collectperiodfrom"),
                ("end", "collectperiodto"),
                ("n", "n"),
            ])
            .with_ignored("publyearmonth|uncertain|approxperiod|company"),
            Form::Wikipedia => shape(&[
                (
                    "pollster",
                    "polling firm|pollster|polling firm/client|polling firm/commissioner|pollster/client|poll source",
                ),
                ("sponsor", "client|commissioner|sponsor"),
                (
                    "period",
                    "fieldwork date|dates conducted|date(s) conducted|fieldwork|date|dates administered|date(s) administered",
                ),
                ("n", "sample size|sample|sample size[a]|samplesize"),
            ])
            .with_ignored("lead|turnout|abs.|margin of error|area|ref.|ref|others lead"),
            Form::HuffPost => shape(&[
                ("contest", "state"),
                ("poll", "poll_id|poll_slug|question_id"),
                ("pollster", "pollster|survey_house"),
                ("start", "start.date|start_date"),
                ("end", "end.date|end_date"),
                ("n", "number.of.observations|observations|sample_size"),
                ("population", "population|sample_subpopulation"),
                ("mode", "mode"),
                ("partisan", "partisanship|partisan"),
            ])
            .with_ignored(
                "entry.date.time..et.|entry_date|question.text|question.iteration|source.url|pollster.url|url|affiliation|\
                 margin|margin_of_error|spread|undecided lead|clinton_margin|partisan_affiliation",
            )
            .with_slash_in_pollster(),
        }
    }
}

fn shape(columns: &[(&'static str, &'static str)]) -> Shape {
    let known = columns
        .iter()
        .map(|(ours, theirs)| (*ours, (*theirs).to_owned()));
    Shape {
        columns: known.collect(),
        ..Shape::default()
    }
}
