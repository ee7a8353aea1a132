use std::path::Path;

use crate::chore::{Outcome, read};
use crate::house::{root, rust_files};

/// A file that needs more than this has two subjects.
const FILE_LINES: usize = 450;
/// A function that needs more than this does two things.
const FUNCTION_LINES: usize = 60;

/// Fails on files and functions that outgrew their limits; tests do not count.
pub fn size() -> Outcome {
    let root = root();
    let mut faults = Vec::new();
    let mut files = 0;
    for folder in ["pipeline", "crates", "fixtures", "benches"] {
        for file in rust_files(&root.join(folder))
            .iter()
            .filter(|file| !file.components().any(|c| c.as_os_str() == "tests"))
        {
            files += 1;
            faults.extend(too_long(&root, file)?);
        }
    }
    if faults.is_empty() {
        println!("size: {files} files, none above {FILE_LINES} lines, no function above {FUNCTION_LINES}");
        Ok(())
    } else {
        Err(faults.join("\n"))
    }
}

fn too_long(root: &Path, file: &Path) -> Outcome<Vec<String>> {
    let text = read(file)?;
    let lines: Vec<&str> = text.split("#[cfg(test)]").next().unwrap_or_default().lines().collect();
    let name = file.strip_prefix(root).unwrap_or(file).display();
    let mut faults = Vec::new();
    if lines.len() > FILE_LINES {
        faults.push(format!("{name}: {} lines, at most {FILE_LINES}", lines.len()));
    }
    for (start, line) in lines.iter().enumerate() {
        let Some(indent) = function_indent(line) else { continue };
        let closing = format!("{}}}", " ".repeat(indent));
        let length = lines[start..].iter().position(|line| *line == closing).map_or(1, |end| end + 1);
        if length > FUNCTION_LINES {
            faults.push(format!(
                "{name}:{}: a function of {length} lines, at most {FUNCTION_LINES}",
                start + 1
            ));
        }
    }
    Ok(faults)
}

/// Indentation of a line that begins a function.
fn function_indent(line: &str) -> Option<usize> {
    let code = line.trim_start();
    let head = code.split('(').next()?;
    let is_function = head.split_whitespace().any(|word| word == "fn") && !code.starts_with("//");
    (is_function && line.contains('(') && !line.trim_end().ends_with(';')).then(|| line.len() - code.len())
}
