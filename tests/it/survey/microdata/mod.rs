//! Files of respondents.

pub mod codebook_file;
pub mod csv;
pub mod damaged;
pub mod describe;
pub mod expected;
pub mod hostile;
pub mod ipc;
pub mod memory;
pub mod odd;
pub mod packed;
pub mod parquet;
pub mod portable;
pub mod spss;
pub mod spss_built;
pub mod stata;
pub mod stata_built;
pub mod table;
pub mod transport;
pub mod whole;
pub mod workbook;
pub mod write;
pub mod write_files;
