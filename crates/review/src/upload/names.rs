use crate::Problem;
use crate::extract::is_invisible;

/// Longest file name, bytes: that of the file systems it will lie on.
const LONGEST_NAME: usize = 200;

/// Longest identifier, characters.
const LONGEST_ID: usize = 64;

/// Names that Windows keeps for devices, whatever their ending: evidence must open anywhere.
const DEVICES: [&str; 22] = [
    "CON", "PRN", "AUX", "NUL", "COM1", "COM2", "COM3", "COM4", "COM5", "COM6", "COM7", "COM8", "COM9",
    "LPT1", "LPT2", "LPT3", "LPT4", "LPT5", "LPT6", "LPT7", "LPT8", "LPT9",
];

/// A file name that is one on every system and looks like what it is; it is taken as it is or not at all, for originals keep their names.
pub(super) fn file_name(name: &str) -> Result<&str, Problem> {
    let odd = |c: char| c.is_control() || is_invisible(c) || "/\\:*?\"<>|".contains(c);
    let fits = (1..=LONGEST_NAME).contains(&name.len())
        && !name.contains(odd)
        && !name.starts_with(['.', ' ', '-', '~'])
        && !name.ends_with(['.', ' '])
        && !is_device(name);
    fits.then_some(name).ok_or_else(|| {
        let zh = "文件名不可用：不得含路径、控制字符或系统保留名";
        let en =
            "the file name cannot be used: no paths, control characters or reserved names, at most 200 bytes";
        Problem::bad_request(zh, en)
    })
}

/// A name of a flight or project, which also names a folder: letters of any script, digits, `-`, `_`, `.`.
pub(crate) fn identifier<'a>(what: &str, id: &'a str) -> Result<&'a str, Problem> {
    let plain = |c: char| c.is_alphanumeric() || "-_.".contains(c);
    let fits = (1..=LONGEST_ID).contains(&id.chars().count())
        && id.chars().all(plain)
        && id.chars().next().is_some_and(char::is_alphanumeric)
        && !id.ends_with('.')
        && !id.contains("..")
        && !is_device(id);
    fits.then_some(id).ok_or_else(|| {
        let zh = format!("{what} 只能由文字、数字和 - _ . 组成，不超过 64 个字符");
        let en = format!("{what} may have letters, digits, - _ and . alone, and at most 64 of them");
        Problem::bad_request(zh, en)
    })
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or_default().trim_end();
    DEVICES.iter().any(|device| device.eq_ignore_ascii_case(stem))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_that_cameras_and_people_give_are_taken() {
        for name in
            ["DJI_0001.JPG", "DJI_20250612_Timestamp.MRK", "照片 1.jpg", "é.tif", "a.b.c.obs", "CONSOLE.jpg"]
        {
            assert_eq!(file_name(name).unwrap(), name);
        }
        for id in ["2025-06-12", "架次01", "P.1_a"] {
            assert_eq!(identifier("flight", id).unwrap(), id);
        }
    }

    #[test]
    fn names_that_lead_elsewhere_or_deceive_are_refused() {
        let long = format!("{}.jpg", "x".repeat(300));
        let names = [
            "",
            ".",
            "..",
            "../a.jpg",
            "..\\a.jpg",
            "/etc/passwd",
            "C:\\a.jpg",
            "a/b.jpg",
            "a\0.jpg",
            "a\n.jpg",
            ".htaccess",
            "nul.jpg",
            "COM1.txt",
            "aux",
            "a.jpg.",
            "a.jpg ",
            "-rf.jpg",
            "gpj.\u{202e}exe.jpg",
            "a\u{200b}.jpg",
            "a?.jpg",
            "a|b.jpg",
            "~.jpg",
            &long,
        ];
        names.iter().for_each(|name| assert!(file_name(name).is_err(), "{name:?}"));
        let ids =
            ["", ".", "..", "a..b", "-a", "a/b", "a b", "a\0", "<b>", "'; DROP TABLE items", "CON", &long];
        ids.iter().for_each(|id| assert!(identifier("flight", id).is_err(), "{id:?}"));
    }
}
