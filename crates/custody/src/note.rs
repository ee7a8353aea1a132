//! Signed notes as C2SP specifies them: a text, an empty line, signature lines.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::{Signer, Verifier};

/// Most signatures that a note may carry, so that nobody is kept busy with a long one.
const MOST_SIGNATURES: usize = 100;

/// A signed note over a text that ends with a line feed.
pub(crate) fn sign(text: &str, signer: &Signer) -> String {
    let bytes = [&signer.verifier().id_bytes()[..], &signer.sign(text)].concat();
    format!("{text}\n— {} {}\n", signer.name(), STANDARD.encode(bytes))
}

/// The text of a note, if the verifier's key signed it; else what is wrong with the note.
///
/// Signatures of other keys are ignored, as the specification asks.
pub(crate) fn open<'a>(note: &'a [u8], verifier: &Verifier) -> Result<&'a str, &'static str> {
    let note = std::str::from_utf8(note).map_err(|_| "it is no UTF-8 text")?;
    if note.chars().any(|c| c < ' ' && c != '\n') {
        return Err("it holds control characters");
    }
    let blank = note.rfind("\n\n").ok_or("it has no signatures")?;
    let (text, lines) = (&note[..=blank], &note[blank + 2..]);
    let lines = lines.strip_suffix('\n').ok_or("its last line does not end")?;
    if lines.split('\n').count() > MOST_SIGNATURES {
        return Err("it has too many signatures");
    }
    let mut signed = false;
    for line in lines.split('\n') {
        let (name, signature) = signature(line).ok_or("a signature line is damaged")?;
        if name == verifier.name() && signature.starts_with(&verifier.id_bytes()) {
            if !verifier.has_signed(text, &signature[4..]) {
                return Err("the signature is not that of the text");
            }
            signed = true;
        }
    }
    if signed { Ok(text) } else { Err("it is not signed with the log's key") }
}

/// Name of the key and the bytes of a signature line.
fn signature(line: &str) -> Option<(&str, Vec<u8>)> {
    let (name, signature) = line.strip_prefix("— ")?.split_once(' ')?;
    let signature = STANDARD.decode(signature).ok()?;
    (signature.len() > 4 && !name.is_empty()).then_some((name, signature))
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOTE: &str = "If you think cryptography is the answer to your problem,\n\
        then you don't know what your problem is.\n\n\
        — PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n";

    fn peter() -> Verifier {
        "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW".parse().unwrap()
    }

    #[test]
    fn a_published_note_opens_with_its_key() {
        let text = open(NOTE.as_bytes(), &peter()).unwrap();
        assert!(text.ends_with("your problem is.\n"));
    }

    #[test]
    fn no_byte_of_a_note_can_be_changed() {
        for i in 0..NOTE.len() {
            for bit in 0..8 {
                let mut altered = NOTE.as_bytes().to_vec();
                altered[i] ^= 1 << bit;
                assert!(open(&altered, &peter()).is_err(), "byte {i}, bit {bit}");
            }
        }
    }

    #[test]
    fn a_signature_of_somebody_else_changes_nothing_and_alone_does_not_count() {
        let signer = Signer::from_seed("witness.example", [1; 32]).unwrap();
        let (text, peters) = NOTE.split_at(NOTE.find("\n\n").unwrap() + 1);
        let witnessed = sign(text, &signer);
        assert_eq!(open(witnessed.as_bytes(), &peter()), Err("it is not signed with the log's key"));
        let both = format!("{witnessed}{}", &peters[1..]);
        assert_eq!(open(both.as_bytes(), &peter()), Ok(text));
        assert_eq!(open(both.as_bytes(), signer.verifier()), Ok(text));
    }
}
