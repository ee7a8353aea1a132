/// `Content-Disposition` with a name that is plain ASCII, whatever the lead is called.
pub(crate) fn named(project: &str, lead: &str, ending: &str, how: &str) -> String {
    let plain = |text: &str| -> String {
        text.chars().map(|c| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' }).collect()
    };
    format!("{how}; filename=\"{}_{}.{ending}\"", plain(project), plain(lead))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_breaks_out_of_no_header() {
        let header = named("城\"; x=\"", "L-1\r\nSet-Cookie: a", "pdf", "inline");
        assert_eq!(header, "inline; filename=\"____x___L-1__Set-Cookie__a.pdf\"");
    }
}
