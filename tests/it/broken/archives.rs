//! Zip archives, and bombs in them.

use std::io::{Cursor, Write};

use flate2::{Compress, Compression, FlushCompress, Status};
use zip::{ZipWriter, write::SimpleFileOptions};

use super::{
    Broken,
    End::{Error, Loads},
    tables,
};

/// One member, packed already, under whatever its header says.
struct Member<'a> {
    name: &'a str,
    packed: &'a [u8],
    size: u32,
    crc: u32,
    flags: u16,
}

impl Member<'_> {
    /// What the two headers of a member share.
    fn fields(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        bytes.extend(20_u16.to_le_bytes());
        bytes.extend(self.flags.to_le_bytes());
        bytes.extend(8_u16.to_le_bytes());
        bytes.extend([0; 2]);
        bytes.extend(0x21_u16.to_le_bytes());
        bytes.extend(self.crc.to_le_bytes());
        bytes.extend(u32::try_from(self.packed.len()).unwrap().to_le_bytes());
        bytes.extend(self.size.to_le_bytes());
        bytes.extend(u16::try_from(self.name.len()).unwrap().to_le_bytes());
        bytes.extend(0_u16.to_le_bytes());
        bytes
    }

    fn archive(&self) -> Vec<u8> {
        let local = [b"PK\x03\x04", &self.fields()[..], self.name.as_bytes(), self.packed].concat();
        let entry = [b"PK\x01\x02\x14\0", &self.fields()[..], &[0; 14], self.name.as_bytes()].concat();
        let mut end = b"PK\x05\x06\0\0\0\0\x01\0\x01\0".to_vec();
        end.extend(u32::try_from(entry.len()).unwrap().to_le_bytes());
        end.extend(u32::try_from(local.len()).unwrap().to_le_bytes());
        end.extend([0; 2]);
        [local, entry, end].concat()
    }
}

/// So many megabytes of zeros, packed: the same block again and again, each complete in itself.
fn zeros(megabytes: usize) -> Vec<u8> {
    let mut deflate = Compress::new(Compression::best(), false);
    let mut block = vec![0; 1 << 16];
    let status = deflate.compress(&vec![b'0'; 1 << 20], &mut block, FlushCompress::Full).unwrap();
    assert_eq!(status, Status::Ok);
    block.truncate(usize::try_from(deflate.total_out()).unwrap());
    let mut packed = block.repeat(megabytes);
    packed.extend([0x03, 0x00]);
    packed
}

fn bomb(megabytes: usize) -> Vec<u8> {
    let size = u32::try_from(megabytes << 20).unwrap();
    Member { name: "table.csv", packed: &zeros(megabytes), size, crc: 0, flags: 0 }.archive()
}

fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(bytes).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

/// A list of so many members, none of which is there.
fn list(members: usize) -> Vec<u8> {
    let none = Member { name: "0.csv", packed: &[], size: 0, crc: 0, flags: 0 };
    let entry = [b"PK\x01\x02\x14\0", &none.fields()[..], &[0; 14], none.name.as_bytes()].concat();
    [b"PK\x03\x04", &entry.repeat(members)[..], &long_end(members as u64, 4)].concat()
}

/// So many ends of an archive, each of one member that is not there.
fn ends(count: usize) -> Vec<u8> {
    let end = b"PK\x05\x06\0\0\0\0\x01\0\x01\0\x2E\0\0\0\x04\0\0\0\0\0";
    [b"PK\x03\x04", &end.repeat(count)[..]].concat()
}

/// The end of an archive of more members than its older form can have, whose list begins at `start`.
fn long_end(members: u64, start: u64) -> Vec<u8> {
    let mut end = b"PK\x06\x06\x2C\0\0\0\0\0\0\0\x2D\0\x2D\0\0\0\0\0\0\0\0\0".to_vec();
    end.extend([members, members, 0, start].map(u64::to_le_bytes).concat());
    let at = if members > 1_000_000 { start } else { start + 51 * members };
    end.extend([b"PK\x06\x07\0\0\0\0", &at.to_le_bytes()[..], &[1, 0, 0, 0]].concat());
    end.extend([b"PK\x05\x06\0\0\0\0", &[0xFF; 12][..], &[0, 0]].concat());
    end
}

pub(super) fn all(codes: &[String]) -> Vec<Broken> {
    let table = tables::lines(codes).join("\n");
    let whole = zip(&[("table.csv", table.as_bytes())]);
    let many: Vec<String> = (0..2_500).map(|place| format!("{place}.csv")).collect();
    let many: Vec<(&str, &[u8])> = many.iter().map(|name| (name.as_str(), &b"x"[..])).collect();
    let kilobyte = zip(&[("table.csv", &[b'0'; 1024])]);
    let small = zeros(1);
    let liar = Member { name: "table.csv", packed: &small, size: 10, crc: 0, flags: 0 };
    let locked = Member { name: "table.csv", packed: &[0; 40], size: 28, crc: 7, flags: 1 };
    let mut flipped = whole.clone();
    flipped[60] ^= 0x55;
    let cases = [
        ("a whole archive", whole.clone(), Loads),
        ("an archive cut in half", whole[..whole.len() / 2].to_vec(), Error("broken-archive")),
        ("an archive with a bit flipped", flipped, Error("broken-archive")),
        ("an empty archive", zip(&[]), Error("archive-without-table")),
        (
            "an archive without tables",
            zip(&[("readme.md", b"see the other file")]),
            Error("archive-without-table"),
        ),
        ("an archive in an archive", zip(&[("inner.csv", &whole)]), Error("archive-in-archive")),
        ("names that climb out", zip(&[("../../etc/passwd.csv", b"root:x:0:0")]), Error("no-header-row")),
        ("too many members", zip(&many), Error("too-many-members")),
        ("a list of a hundred thousand members", list(100_000), Error("too-many-members")),
        ("twenty thousand ends of an archive", ends(20_000), Error("broken-archive")),
        (
            "a list that is said to have two billion members",
            [b"PK\x03\x04", &long_end(2_000_000_000, 4)[..]].concat(),
            Error("too-many-members"),
        ),
        ("a member with a password", locked.archive(), Error("encrypted")),
        ("a member larger than it says", liar.archive(), Error("broken-archive")),
        ("a bomb of a kilobyte", kilobyte, Error("no-header-row")),
        ("a bomb of two megabytes", bomb(2), Error("unpacks-too-far")),
        ("a bomb of a hundred megabytes", bomb(100), Error("unpacks-too-far")),
        ("a bomb of a gigabyte", bomb(1024), Error("unpacks-too-far")),
    ];
    cases.into_iter().map(|(what, bytes, end)| Broken(what, "zip", bytes, end)).collect()
}
