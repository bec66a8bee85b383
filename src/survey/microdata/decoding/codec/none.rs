//! What there is where the libraries were left out of the build.

use super::Codec;
use crate::survey::microdata::Error;
use crate::survey::microdata::parquet::fault::{Fault, damaged};

/// Leaves everything as it is.
pub(crate) struct Packer;

impl Packer {
    /// Its number in Parquet: none.
    pub(crate) const NUMBER: i32 = 0;

    pub(crate) fn new() -> Result<Packer, Error> {
        Ok(Packer)
    }

    pub(crate) fn pack(&mut self, bytes: &[u8]) -> Result<Vec<u8>, Error> {
        Ok(bytes.to_vec())
    }
}

/// Refuses everything.
#[derive(Default)]
pub(crate) struct Unpacker;

impl Unpacker {
    pub(crate) fn unpack(&mut self, codec: Codec, _: &[u8], _: &mut [u8]) -> Result<(), Fault> {
        Err(damaged(format!(
            "it is compressed ({codec:?}), and this build of opine has no feature `parquet`"
        )))
    }
}
