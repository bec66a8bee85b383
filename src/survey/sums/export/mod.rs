//! The file form of sums: a table in Parquet or CSV with no respondent in it, which other programs can read and make.
//!
//! Written is one Parquet file (ending `.sums`), version 2 of the format. Its metadata have the keys `opine.sums` (the
//! version) and `opine.sums.spec` (the specification, below); the table has the specification, too, so that it may be
//! copied by any program, to Parquet or CSV, and still be read. A file is known by its ending `.sums`, or as a `.parquet`
//! or `.csv` by its column `opine_sums`, which stands first.
//!
//! # Columns
//! | column | type | what it holds |
//! | --- | --- | --- |
//! | `opine_sums` | integer | the version, 2, in every row |
//! | `part` | text | what the row is (next table) |
//! | `item` | text | the item in its canonical form: `prop(q1)`; `#` in the row of the specification |
//! | `stratum_…` | text | a column a variable of the strata |
//! | `psu_…` | text | a column a stage that enters the variance |
//! | `fpc_low_…`, `fpc_high_…` | number | smallest and largest fpc of the unit, a pair a stage; null where one is missing |
//! | `by_…` | text | a column a group; the value as coded, not its label |
//! | `level` | text | the level of a share or total; the value of a variable with quantiles; null for no answer |
//! | `term` | text | which sum of numbers: `1`, an expression `y`, its square `y^2`, or two of these with a comma, `x, y` |
//! | `replicate` | integer | number of the replicate, from 1 in the order of the columns |
//! | `n` | integer | respondents; of items those with a weight other than 0 |
//! | `weighted` | integer | respondents with a weight other than 0 |
//! | `w`, `w_low` | number | the sum of weights, or of weights times the term: high and low half |
//! | `w2`, `w2_low` | number | the same with squared weights |
//!
//! The names of columns after `stratum_`, `psu_`, `fpc_…_` and `by_` are letters, digits and underscores of the variable's
//! name; the specification lists them. A sum is the unevaluated sum of its two halves, about 32 digits, so that files
//! merged in any order give the digits of all respondents together. An engine that adds floats leaves `w_low` and
//! `w2_low` null or out: the digits then agree to about 12. Rows stand in any order.
//!
//! Version 1 counted respondents with weight 0 in `n` of items and had neither `without_group` nor `weighted`; such files are
//! read, count as they did, and a warning says so where it makes a difference.
//!
//! # Rows
//! | `part` | one row a | what is in it |
//! | --- | --- | --- |
//! | `spec` | file | `item` is `#`, `level` the specification |
//! | `rows` | count | `term` is `all`, `without_weight`, `negative_weight`, `incomplete` (left out before the design), `without_group` (of the subpopulation, some group not known) or `weighted` (weight other than 0; `w` is the sum of all weights), `n` how many |
//! | `unit` | unit of the design | strata, PSUs, fpc; `n` and `weighted` of all its respondents, in a group or not. Units are those of the last stage that enters the variance; strata where rows are the units; one in all for replicate weights |
//! | `cell` | unit and domain | `n`, `weighted`, `w` = Σ w, `w2` = Σ w². A domain is a crossing of groups, of the subpopulation alone |
//! | `level` | item and level | a level that occurs, perhaps outside of all domains; nothing else |
//! | `item` | item, unit, domain, level | of a share or quantile: `n`, `w` = Σ w; where rows are the units `w2` = Σ w² |
//! | `item` | item, unit, domain, term | of numbers z_0 = 1, z_1, …: `n` with all of them; for `term` z_b `w` = Σ w z_b; where rows are the units `w2` = Σ w² z_a z_b for every pair |
//! | `moment` | item, domain, pair | Σ w z_a z_b, 1 ≤ a ≤ b, for design effects |
//! | `replicate` | item, domain, level or term, replicate | Σ w_r, or Σ w_r z_b |
//! | `rank` | entry | a triangle with the rank of the matrix of replicate weights: row `n`, column `replicate`, entry `w` |
//!
//! Items have no row where nobody is. Levels and groups are values as coded; labels are in the codebook. A query takes the
//! codes that FILE has: where a column of texts in FILE (`Yes`, `No`) is boolean in the engine's table, the levels are those
//! that the engine writes for it (`true`, `false`, or `t`, `f`), and a code of FILE fits none of them. Let the engine read
//! such a column as text.
//!
//! # Banner tables
//! Sums that `--columns` asks for have the key `banner` in their specification: `blocks` (`name`, `text` as typed, `title`,
//! `overlapping`, how many `patterns`, and the `columns`: `parts` of the name and the `patterns` that lie in each), `sets`,
//! `set_base` and `title`. Their groups are `block` and `pattern`: a respondent lies in one pattern of each block (one level;
//! of a set, one combination of answers), block 0 being the total, and so in as many domains as there are blocks. Columns are
//! patterns added up, and so are those who lie in two columns at once. `item` is a question (`prop(q1)`, `mean(age)`; of a
//! set `$news`, `mentions($news)`, `responses($news)`); `level` is a level, null for no answer and for the base of a set, or
//! the term `1`, `y`, `y^2` of a number. A row `moment` has by item, domain and level the respondents `n` and Σ w² in `w` (of
//! `y^2` Σ w y²). Rows stand in the order in which they were written.
//!
//! # Specification
//! JSON with `format` ("opine sums"), `version`, `source` (name of the respondents' file), `items` in their canonical form,
//! `asked` (the same as they were typed, where that differs), `by` (`name` and `expression` each), `where` (or null), `design`
//! (TOML, as for `--design`), `incomplete` (`domain` or `drop`), `weights_from_fpc`, `replicates` (how many), `columns`
//! (`strata`, `psu`, `fpc`, `by`: the names above), and `codebook`: of each variable used `name`, `kind` (`number`, `text`,
//! `date`, `datetime`), and where known `label`, `measure`, `labels` (pairs of value and label), `missing` (values that are
//! no answer), `missing_ranges`.
//!
//! # What can be
//! Sums that come of no respondents are refused when they are read, with their row: weights that add up to less than 0, a
//! Σ w² below (Σ w)²/n or above (Σ w)², squares of a number below what its sum leaves them, a weight of nobody, cells that
//! hold more than their unit, levels that do not add up to their cell. Rounding of engines that add floats (one in a
//! million) is none of that. The same sums in two files are a warning.
//!
//! # What is protected
//! No row is a respondent's, unless a cell has one respondent. A limit on the cells (`--min-cell`) refuses a table in which
//! any respondents of a unit and domain, of a level in them, or with all numbers of an item, are fewer than it. It says
//! nothing of what follows by subtraction: a domain less the answers of all levels but one, a total less its parts in
//! another file with other groups, a cell less those who answered. Nor does it hide that a unit has nobody in a domain, the
//! labels of strata and PSUs, or the least and largest value of a variable with quantiles. Nothing is perturbed.

mod possible;
mod read;
mod spec;
mod table;
mod write;

pub use read::{ItemToRead, LabelKinds, SumsReader};
pub use spec::{ColumnNames, Spec, VERSION, has_number_levels, level_text, level_value};
pub use table::{Table, is_sums, read, to_parquet};
pub use write::{BannerItem, SPECIFICATION, lay_out, lay_out_banner};
