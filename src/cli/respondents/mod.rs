//! A file of respondents and its design, as arguments.

mod imputations;
mod no_effect;
mod source;

use std::path::{Path, PathBuf};

use super::failure::Failure;
use super::streams::Session;
use super::values::{self, parsed};
use crate::survey::design::{Design, Lonely, MissingWeights, RepType, Replicates};
use crate::survey::microdata::OpenOptions;
use crate::tabular::{DateOrder, Decimal};
pub use imputations::{ImputationArgs, for_sources};
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
    #[arg(long, value_name = "TEXT", value_delimiter = ',')]
    pub na: Vec<String>,
    /// Byte between the fields of a delimited file: , ; tab | [default: found out]
    #[arg(long, value_name = "CHAR", value_parser = delimiter)]
    pub delimiter: Option<u8>,
    /// Encoding of a delimited file, such as windows-1252 [default: found out]
    #[arg(long, value_name = "NAME")]
    pub encoding: Option<String>,
    /// Decimal mark of a delimited file, and of targets: . or , [default: found out]
    #[arg(long, value_name = "MARK", value_parser = Decimal::parse)]
    pub decimal: Option<Decimal>,
    /// Order of dates where 5/6/2023 may be two days: dmy or mdy
    #[arg(long, value_name = "ORDER", value_parser = DateOrder::parse)]
    pub dates: Option<DateOrder>,
    /// Table of variable,label,value,level,missing,order that tells of the file
    ///
    /// Labels stand in heads, levels in the order of the table. opine describe FILE --codebook writes a draft.
    #[arg(long, value_name = "FILE", num_args = 0..=1, default_missing_value = "")]
    pub codebook: Option<PathBuf>,
    /// Whether --decimal is meant of targets, too.
    #[arg(skip)]
    pub decimal_elsewhere: bool,
}

impl FileArgs {
    pub fn open(&self, session: &Session) -> Result<Respondents, Failure> {
        if self.writes_codebook() {
            return Err(Failure::Usage(
                "--codebook needs a file; opine describe FILE --codebook writes a draft of one"
                    .to_owned(),
            ));
        }
        Respondents::open(&self.file, &self.options(), session)
    }

    /// Whether --codebook stands without a file.
    pub fn writes_codebook(&self) -> bool {
        self.codebook.as_deref() == Some(Path::new(""))
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
            decimal: self.decimal,
            decimal_elsewhere: self.decimal_elsewhere,
            dates: self.dates,
            codebook: self.codebook.clone(),
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
            (self.dates.is_some(), "--dates"),
            (self.codebook.is_some(), "--codebook"),
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
    /// How they were made: brr, fay, jk1, jkn, jk2, bootstrap, sdr, …
    ///
    /// Also subbootstrap and other. jk2 is the paired jackknife of TIMSS, PIRLS and NAEP; acs is another name of sdr.
    #[arg(long, value_name = "TYPE", value_parser = parsed::<RepType>)]
    rep_type: Option<RepType>,
    /// Fay's coefficient
    #[arg(long, value_name = "RHO", value_parser = values::number)]
    rho: Option<f64>,
    /// Factor of the sum of squares of the replicates
    #[arg(long, value_name = "SCALE", value_parser = values::number)]
    scale: Option<f64>,
    /// Factors of the replicates, one each
    #[arg(long, value_name = "FACTORS", value_delimiter = ',', value_parser = values::number)]
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
    #[arg(long, value_name = "DF", value_parser = values::number)]
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
        let in_file = match &self.design {
            None => Design::default(),
            Some(path) => {
                let text =
                    crate::files::read_small_text(path).map_err(|e| Failure::file(path, e))?;
                Design::from_toml(&text)
                    .map_err(|error| Failure::Usage(format!("{}: {error}", path.display())))?
            }
        };
        let mut design = in_file.clone();
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
        design.check().map_err(Failure::coded)?;
        self.refuse_no_effect(&design)?;
        self.note_idle_keys(&in_file, &design, session);
        Ok(design)
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

    pub fn is_lonely_named(&self) -> bool {
        self.lonely.is_some()
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
