//! Entry bundles: entries one after the other, each after its length as two bytes, the greater first.

use crate::Error;

/// Bytes of the length before an entry.
const LENGTH: usize = 2;

/// Appends an entry to a bundle. `number` tells the entry in the error.
pub(crate) fn push(bundle: &mut Vec<u8>, entry: &[u8], number: u64) -> Result<(), Error> {
    let length =
        u16::try_from(entry.len()).map_err(|_| Error::EntryTooLong { number, length: entry.len() })?;
    bundle.extend(length.to_be_bytes());
    bundle.extend(entry);
    Ok(())
}

/// The entries of a bundle, as far as it can be read, and whether it could be read to its end.
pub(crate) fn entries(mut bundle: &[u8]) -> (Vec<&[u8]>, bool) {
    let mut entries = Vec::new();
    while let Some((length, rest)) = bundle.split_first_chunk::<LENGTH>() {
        let Some((entry, rest)) = rest.split_at_checked(u16::from_be_bytes(*length) as usize) else {
            return (entries, false);
        };
        entries.push(entry);
        bundle = rest;
    }
    (entries, bundle.is_empty())
}

/// The first `count` entries of a bundle as a bundle; none where it holds fewer.
pub(crate) fn prefix(bundle: &[u8], count: usize) -> Option<&[u8]> {
    let (entries, _) = entries(bundle);
    let bytes = entries.get(..count)?.iter().map(|entry| LENGTH + entry.len()).sum();
    bundle.get(..bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    const LONGEST_ENTRY: usize = u16::MAX as usize;

    #[test]
    fn entries_come_back_as_they_went_in() {
        let mut bundle = Vec::new();
        let longest = vec![9; LONGEST_ENTRY];
        for entry in [&b"ab"[..], b"", &longest] {
            push(&mut bundle, entry, 0).unwrap();
        }
        assert_eq!(bundle[..6], [0, 2, b'a', b'b', 0, 0]);
        assert_eq!(entries(&bundle), (vec![&b"ab"[..], b"", &longest], true));
        assert_eq!(prefix(&bundle, 2), Some(&bundle[..6]));
        assert_eq!(prefix(&bundle, 4), None);
    }

    #[test]
    fn a_cut_bundle_is_read_as_far_as_it_goes() {
        assert_eq!(entries(&[0, 1, 7, 0]), (vec![&[7][..]], false));
        assert_eq!(entries(&[0, 1, 7, 0, 2, 1]), (vec![&[7][..]], false));
        assert_eq!(entries(&[]), (vec![], true));
    }

    #[test]
    fn an_entry_that_is_too_long_is_refused_by_its_number() {
        let error = push(&mut Vec::new(), &vec![0; LONGEST_ENTRY + 1], 17).unwrap_err();
        assert!(matches!(error, Error::EntryTooLong { number: 17, length: 65_536 }));
    }
}
