//! Runs rsigma over a lane of recorded events, or its correlation over many groups, and prints one line
//! of JSON with what that took. The programs beside it do the same with other engines.

mod correlation;
mod lane;
mod usage;

use std::collections::HashMap;
use std::error::Error;

fn main() -> Result<(), Box<dyn Error>> {
    let options = options(std::env::args().skip(1))?;
    let report = match options.get("groups") {
        Some(groups) => correlation::run(groups.parse()?)?,
        None => lane::run(&options)?,
    };
    println!("{report}");
    Ok(())
}

/// `--name value` pairs.
fn options(mut words: impl Iterator<Item = String>) -> Result<HashMap<String, String>, String> {
    let mut found = HashMap::new();
    while let Some(word) = words.next() {
        let name = word.strip_prefix("--").ok_or(format!("no option: {word}"))?;
        let value = words.next().ok_or(format!("--{name} has no value"))?;
        found.insert(name.to_string(), value);
    }
    Ok(found)
}
