use std::path::Path;

use super::{Error, Source};

pub fn open(path: &Path) -> Result<Box<dyn Source>, Error> {
    Err(Error::Format(path.to_owned()))
}
