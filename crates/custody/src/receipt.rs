use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::{Checkpoint, Digest, Error, InclusionProof, Verifier};

/// First line of a proof file.
const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";

/// An entry of a log with its inclusion proof and the checkpoint it leads to: verifies without the log.
///
/// As text it is a C2SP tlog-proof whose extra data is the entry. A receipt can only be had if it proves its entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receipt {
    entry: Vec<u8>,
    proof: InclusionProof,
    checkpoint: Checkpoint,
}

impl Receipt {
    /// None where the proof does not lead from the entry to the checkpoint.
    pub(crate) fn of(entry: Vec<u8>, proof: InclusionProof, checkpoint: Checkpoint) -> Option<Self> {
        proof.proves(&entry, &checkpoint).then_some(Self { entry, proof, checkpoint })
    }

    /// Reads a receipt and checks all of it: the log's signature, and the way from the entry to the root.
    pub fn parse(text: &str, verifier: &Verifier) -> Result<Self, Error> {
        let wrong = |why| Error::BadReceipt { why };
        let (head, checkpoint) = text.split_once("\n\n").ok_or(wrong("it has no checkpoint"))?;
        let checkpoint = Checkpoint::parse(checkpoint.as_bytes(), verifier)?;
        let mut lines = head.split('\n');
        if lines.next() != Some(FIRST_LINE) {
            return Err(wrong("it is no C2SP tlog-proof"));
        }
        let extra = lines.next().and_then(|line| line.strip_prefix("extra "));
        let entry = extra.and_then(|entry| STANDARD.decode(entry).ok()).ok_or(wrong("it has no entry"))?;
        let index = lines.next().and_then(|line| line.strip_prefix("index ")).and_then(number);
        let index = index.ok_or(wrong("it has no index"))?;
        let path = lines.map(hash).collect::<Option<_>>().ok_or(wrong("a hash of its proof is damaged"))?;
        let proof = InclusionProof { index, size: checkpoint.size(), path };
        Self::of(entry, proof, checkpoint).ok_or(wrong("the entry is not at this place of the log"))
    }

    /// The receipt as the text of a `.tlog-proof` file.
    pub fn encode(&self) -> String {
        let path = self.proof.path.iter().map(|hash| STANDARD.encode(hash.as_bytes()) + "\n");
        let (entry, index) = (STANDARD.encode(&self.entry), self.proof.index);
        let path: String = path.collect();
        format!("{FIRST_LINE}\nextra {entry}\nindex {index}\n{path}\n{}", self.checkpoint.as_str())
    }

    /// The entry.
    pub fn entry(&self) -> &[u8] {
        &self.entry
    }

    /// Number of the entry in the log.
    pub fn index(&self) -> u64 {
        self.proof.index
    }

    /// The checkpoint that the entry is proved under.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }
}

fn number(text: &str) -> Option<u64> {
    let number: u64 = text.parse().ok()?;
    (number.to_string() == text).then_some(number)
}

fn hash(line: &str) -> Option<Digest> {
    Some(Digest::from_bytes(STANDARD.decode(line).ok()?.try_into().ok()?))
}
