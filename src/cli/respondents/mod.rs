//! A file of respondents and its design, as arguments.

mod source;

use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::streams::Session;
use super::values::parsed;
use crate::survey::design::{Design, Lonely, MissingWeights, RepType, Replicates};
use crate::survey::microdata::OpenOptions;
pub use source::Respondents;

/// Which file, and how to read it where it is text.
#[derive(clap::Args, Clone, Debug)]
pub struct FileArgs {
    /// Respondents: .csv, .sav, .dta, .parquet and others; - for standard input
    ///
    /// .csv, .tsv, .parquet, .arrow, .sav, .zsav, .por, .dta or .xpt; for opine estimate also sums of them (opine sums).
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// Entries that are missing, besides the empty one: --na NA,-99
    #[arg(
        long,
        value_name = "TEXT",
        value_delimiter = ',',
        allow_hyphen_values = true
    )]
    pub na: Vec<String>,
    /// Byte between the fields of a delimited file: , ; tab | [default: found out]
    #[arg(long, value_name = "CHAR", value_parser = delimiter)]
    pub delimiter: Option<u8>,
    /// Encoding of a delimited file, such as windows-1252 [default: found out]
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
}

impl FileArgs {
    pub fn open(&self, session: &Session) -> Result<Respondents, Failure> {
        Respondents::open(&self.file, &self.options(), session)
    }

    /// How it is read where it is text.
    pub fn options(&self) -> OpenOptions {
        OpenOptions {
            delimiter: self.delimiter,
            encoding: self.encoding.clone(),
            na: (!self.na.is_empty()).then(|| {
                let named = self.na.iter().filter(|text| !text.is_empty());
                named.cloned().collect()
            }),
            ..OpenOptions::default()
        }
    }

    /// The file without its folders, for the foot of a table.
    pub fn title(&self) -> String {
        if self.is_standard_input() {
            return "standard input".to_owned();
        }
        let name = self.file.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    /// What the estimates give as their source.
    pub fn name(&self) -> String {
        if self.is_standard_input() {
            return "stdin".to_owned();
        }
        let name = self.file.file_stem().unwrap_or_default();
        name.to_string_lossy().into_owned()
    }

    fn is_standard_input(&self) -> bool {
        self.file == Path::new("-")
    }

    /// A flag that says how respondents are read.
    pub fn before_sums(&self) -> Option<&'static str> {
        let flags = [
            (!self.na.is_empty(), "--na"),
            (self.delimiter.is_some(), "--delimiter"),
            (self.encoding.is_some(), "--encoding"),
        ];
        flags
            .into_iter()
            .find(|(is_set, _)| *is_set)
            .map(|(_, flag)| flag)
    }
}

fn delimiter(text: &str) -> Result<u8, String> {
    match text.as_bytes() {
        b"tab" | b"\\t" => Ok(b'\t'),
        [one] if one.is_ascii() => Ok(*one),
        _ => Err("a delimiter is one character, or tab".to_owned()),
    }
}

/// The design, from a file and from flags; a flag goes before the file.
#[derive(clap::Args, Clone, Debug)]
#[command(next_help_heading = "Design")]
pub struct DesignArgs {
    /// Design as a TOML file: the names below with underscores
    #[arg(long, value_name = "FILE")]
    pub design: Option<PathBuf>,
    /// Column of the weights, or 'a * b'; @file takes the file's own
    #[arg(long, value_name = "COLUMN")]
    weights: Option<String>,
    /// Columns that are crossed to strata
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    strata: Vec<String>,
    /// Sampled units, one column a stage
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    psu: Vec<String>,
    /// Finite populations, one column a stage: counts or fractions
    ///
    /// One more than of --psu is that of respondents.
    #[arg(long, value_name = "COLUMNS", value_delimiter = ',')]
    fpc: Vec<String>,
    /// PSU labels are those within the stratum
    #[arg(long)]
    nest: bool,
    /// Strata with one PSU: fail, remove, adjust, average or certainty
    #[arg(long, value_name = "HOW", value_parser = parsed::<Lonely>)]
    lonely: Option<Lonely>,
    /// Rows without a weight: fail, warn or allow (as weight 0)
    #[arg(long, value_name = "HOW", value_parser = parsed::<MissingWeights>)]
    missing_weights: Option<MissingWeights>,
    /// Columns of replicate weights, as a regular expression
    #[arg(long, value_name = "REGEX")]
    replicates: Option<String>,
    /// How they were made: brr, fay, jk1, jkn, bootstrap, sdr, …
    ///
    /// Also subbootstrap and other.
    #[arg(long, value_name = "TYPE", value_parser = parsed::<RepType>)]
    rep_type: Option<RepType>,
    /// Fay's coefficient
    #[arg(long, value_name = "RHO")]
    rho: Option<f64>,
    /// Factor of the sum of squares of the replicates
    #[arg(long, value_name = "SCALE")]
    scale: Option<f64>,
    /// Factors of the replicates, one each
    #[arg(long, value_name = "FACTORS", value_delimiter = ',')]
    rscales: Vec<f64>,
    /// Squares about the full-sample estimate: --mse, --mse=false
    ///
    /// Without the option: for sdr alone.
    #[arg(long, value_name = "BOOL", num_args = 0..=1, require_equals = true, default_missing_value = "true")]
    mse: Option<bool>,
    /// Whether the replicate columns are whole weights [default: true]
    #[arg(long, value_name = "BOOL")]
    combined_weights: Option<bool>,
    /// Degrees of freedom, in the place of those that the design gives
    #[arg(long, value_name = "DF")]
    df: Option<f64>,
}

impl DesignArgs {
    /// Whether nothing is said of a design.
    pub fn is_empty(&self) -> bool {
        let columns = [&self.weights, &self.replicates];
        let lists = [&self.strata, &self.psu, &self.fpc];
        self.design.is_none()
            && columns.iter().all(|column| column.is_none())
            && lists.iter().all(|list| list.is_empty())
            && !self.nest
            && self.lonely.is_none()
            && self.missing_weights.is_none()
            && self.df.is_none()
    }

    /// The design as it was declared.
    pub fn read(&self, session: &Session) -> Result<Design, Failure> {
        let mut design = match &self.design {
            None => Design::default(),
            Some(path) => {
                let text = std::fs::read_to_string(path).map_err(|e| Failure::file(path, e))?;
                Design::from_toml(&text)
                    .map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?
            }
        };
        if self.weights.is_some() {
            design.weights.clone_from(&self.weights);
        }
        for (to, from) in [
            (&mut design.strata, &self.strata),
            (&mut design.psu, &self.psu),
            (&mut design.fpc, &self.fpc),
        ] {
            if !from.is_empty() {
                to.clone_from(from);
            }
        }
        design.nest |= self.nest;
        design.lonely = self.lonely.unwrap_or(design.lonely);
        design.missing_weights = self.missing_weights.unwrap_or(design.missing_weights);
        design.df = self.df.or(design.df);
        self.replicates(&mut design)?;
        design.check().map_err(Failure::usage)?;
        self.refuse_no_effect(&design)?;
        if let Some(path) = &self.design {
            let lonely = design.lonely != Lonely::default();
            let missing = design.missing_weights != MissingWeights::default();
            for (key, why) in idle_keys(&design, lonely, missing) {
                let path = path.display();
                session.note(&format!("{path}: {key} has no effect: {why}"));
            }
        }
        Ok(design)
    }

    /// Flags that say something of units, weights or replicates of which the design has none.
    pub fn refuse_no_effect(&self, design: &Design) -> Result<(), Failure> {
        let flags = [
            (self.lonely.is_some(), "lonely"),
            (self.missing_weights.is_some(), "missing_weights"),
            (self.rho.is_some(), "rho"),
        ];
        let idle = idle_keys(
            design,
            self.lonely.is_some(),
            self.missing_weights.is_some(),
        );
        let typed = |(key, _): &&(&str, &str)| flags.contains(&(true, *key));
        match idle.iter().find(typed) {
            Some((key, why)) => {
                let option = format!("--{}", key.replace('_', "-"));
                Err(Failure::no_effect(&option, why))
            }
            None => Ok(()),
        }
    }

    /// The first flag that is named, of those that say who was sampled and how.
    pub fn first_set(&self) -> Option<&'static str> {
        let after = [
            (self.lonely.is_some(), "--lonely"),
            (self.df.is_some(), "--df"),
        ];
        let after = after.into_iter().find(|(is_set, _)| *is_set);
        self.before_sums().or(after.map(|(_, flag)| flag))
    }

    /// The same but for the weights.
    pub fn first_set_but_weights(&self) -> Option<&'static str> {
        let others = DesignArgs {
            design: None,
            weights: None,
            missing_weights: None,
            ..self.clone()
        };
        others.first_set()
    }

    /// A flag that says what sums were made of, which is settled by then.
    pub fn before_sums(&self) -> Option<&'static str> {
        let flags = [
            (self.design.is_some(), "--design"),
            (self.weights.is_some(), "--weights"),
            (!self.strata.is_empty(), "--strata"),
            (!self.psu.is_empty(), "--psu"),
            (!self.fpc.is_empty(), "--fpc"),
            (self.nest, "--nest"),
            (self.missing_weights.is_some(), "--missing-weights"),
            (self.replicates.is_some(), "--replicates"),
            (self.rep_type.is_some(), "--rep-type"),
            (self.rho.is_some(), "--rho"),
            (self.scale.is_some(), "--scale"),
            (!self.rscales.is_empty(), "--rscales"),
            (self.mse.is_some(), "--mse"),
            (self.combined_weights.is_some(), "--combined-weights"),
        ];
        flags
            .into_iter()
            .find(|(is_set, _)| *is_set)
            .map(|(_, flag)| flag)
    }

    /// What can still be said of a design whose sums are made: lonely PSUs and degrees of freedom.
    pub fn after_sums(&self) -> (Option<Lonely>, Option<f64>) {
        (self.lonely, self.df)
    }

    fn replicates(&self, design: &mut Design) -> Result<(), Failure> {
        if let Some(columns) = &self.replicates {
            let rep_type = self.rep_type.ok_or_else(|| {
                Failure::Usage("--replicates needs --rep-type: how they were made".to_owned())
            })?;
            design.replicates = Some(Replicates::new(columns, rep_type));
        }
        let about = [
            (self.rep_type.is_some(), "--rep-type"),
            (self.rho.is_some(), "--rho"),
            (self.scale.is_some(), "--scale"),
            (!self.rscales.is_empty(), "--rscales"),
            (self.mse.is_some(), "--mse"),
            (self.combined_weights.is_some(), "--combined-weights"),
        ];
        let Some(replicates) = &mut design.replicates else {
            return match about.into_iter().find(|(is_set, _)| *is_set) {
                Some((_, flag)) => Err(Failure::Usage(format!("{flag} goes with --replicates"))),
                None => Ok(()),
            };
        };
        replicates.rep_type = self.rep_type.unwrap_or(replicates.rep_type);
        replicates.rho = self.rho.or(replicates.rho);
        replicates.scale = self.scale.or(replicates.scale);
        if !self.rscales.is_empty() {
            replicates.rscales = Some(self.rscales.clone());
        }
        replicates.mse = self.mse.or(replicates.mse);
        replicates.combined_weights = self.combined_weights.unwrap_or(replicates.combined_weights);
        Ok(())
    }
}

/// What a design says, or a flag that is part of it, that changes nothing of its estimates; with the reason.
fn idle_keys(design: &Design, lonely: bool, missing: bool) -> Vec<(&'static str, &'static str)> {
    let units = !design.strata.is_empty() || !design.psu.is_empty() || !design.fpc.is_empty();
    let replicates = design.replicates.as_ref();
    let scaled = |replicates: &Replicates| replicates.scale.is_some() && replicates.rho.is_some();
    let rules = [
        (
            lonely && replicates.is_some(),
            "lonely",
            "replicate weights have no strata with one PSU",
        ),
        (
            lonely && !units && replicates.is_none(),
            "lonely",
            "no strata or PSUs are named",
        ),
        (
            missing && replicates.is_none() && design.weights.is_none(),
            "missing_weights",
            "no weights are named",
        ),
        (
            replicates.is_some_and(scaled),
            "rho",
            "the scale of the replicates is named",
        ),
    ];
    let idle = rules.into_iter().filter(|(is, _, _)| *is);
    idle.map(|(_, key, why)| (key, why)).collect()
}
