//! How large the sheets of an `.xls` are by their own records, before the library makes a place for every cell between the first
//! and the last, and follows a chain of sectors wherever it leads. What is broken in another way it says itself.
//!
//! Sources: MS-CFB (the file as a disk of sectors, 2.1 to 2.6) and MS-XLS (2.4, records).

use super::{DecodeError, Defect, Limits};

/// Names of the stream that holds the workbook.
const WORKBOOK: [&str; 4] = ["Workbook", "Book", "WORKBOOK", "BOOK"];
/// Streams that are shorter stand in the small sectors of the root's own stream.
const SMALL: usize = 4096;
/// Bytes of a small sector.
const SMALL_SECTOR: usize = 64;
/// Numbers from this one on are no sectors.
const NO_SECTOR: u32 = 0xFFFF_FFFA;
/// More numbers of lists than the head of the file and one sector hold beside those of the lists there are.
const HEAD: usize = 2048;
/// Bytes of a directory, and of the small sectors, that are looked through.
const SHORT: usize = 4 << 20;
/// Marks of byte order.
const MARKS: [&[u8]; 3] = [&[0xFF, 0xFE], &[0xFE, 0xFF], &[0xEF, 0xBB, 0xBF]];
/// Bytes of an entry of the directory.
const ENTRY: usize = 128;

/// Refuses a workbook whose sheets together have more cells than they may, or whose sectors follow each other in a circle.
pub(super) fn measure(name: &str, bytes: &[u8], limits: &Limits) -> Result<(), DecodeError> {
    let broken = |what| DecodeError::broken(Defect::Workbook, name, what);
    let told = |Broken(what)| broken(what);
    let Some(disk) = Disk::new(bytes).map_err(told)? else { return Ok(()) };
    let entries: Vec<&[u8]> = WORKBOOK.iter().filter_map(|name| disk.entry(name)).collect();
    if entries.is_empty() {
        return Err(broken("it holds no workbook"));
    }
    for entry in entries {
        let stream = disk.stream(entry).map_err(told)?;
        let (mut cells, mut size) = (0_u64, 0);
        for start in sheets(&stream) {
            let sheet = Sheet::measure(&stream[start..]);
            cells = cells.saturating_add(sheet.cells);
            size += sheet.size;
            if cells > limits.xls_cells {
                let most = format!("{} cells, empty ones between others counted", limits.xls_cells);
                return Err(DecodeError::beyond(Defect::Cells, name, most));
            }
            if size > stream.len() {
                return Err(broken("its sheets stand in each other"));
            }
        }
    }
    Ok(())
}

/// What is wrong with the disk.
struct Broken(&'static str);

/// Sectors follow each other in a circle, or are more than the file has, or than are looked through.
const CIRCLE: Broken = Broken("its sectors follow each other in a circle, or are more than it can have");

fn short(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u16::from_le_bytes(bytes.get(at..at + 2)?.try_into().ok()?).into())
}

fn long(bytes: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(bytes.get(at..at + 4)?.try_into().ok()?))
}

fn longs(bytes: &[u8]) -> impl Iterator<Item = u32> {
    bytes.chunks_exact(4).filter_map(|word| long(word, 0))
}

/// The file as a disk of sectors.
struct Disk<'a> {
    bytes: &'a [u8],
    /// Bytes of a sector.
    sector: usize,
    /// The sector after each.
    next: Vec<u32>,
    directory: Vec<u8>,
    /// The first sector of the list of small ones.
    small: u32,
}

impl<'a> Disk<'a> {
    /// Reads the lists of sectors and the directory; nothing of a file that is too short to have them.
    fn new(bytes: &'a [u8]) -> Result<Option<Self>, Broken> {
        let header = |at| long(bytes, at);
        let (Some(shift), Some(first), Some(small), Some(mut more)) =
            (short(bytes, 30), header(48), header(60), header(68))
        else {
            return Ok(None);
        };
        let sector = if shift == 12 { 4096 } else { 512 };
        if header(44).is_some_and(|lists| lists as usize > bytes.len() / sector + 1) {
            return Err(CIRCLE);
        }
        let mut disk = Self { bytes, sector, next: Vec::new(), directory: Vec::new(), small };
        let mut lists: Vec<u32> = longs(bytes.get(76..512).unwrap_or_default()).collect();
        while more < NO_SECTOR {
            lists.extend(longs(disk.sector(more)));
            if lists.len() > bytes.len() / sector + HEAD {
                return Err(CIRCLE);
            }
            // The last number of a list of lists is the next one.
            more = lists.pop().unwrap_or(NO_SECTOR);
        }
        let lists = lists.into_iter().filter(|list| *list < NO_SECTOR);
        // No more of them than there is room for in the file.
        let lists = lists.take(bytes.len() / sector + 1);
        disk.next = lists.flat_map(|list| longs(disk.sector(list)).collect::<Vec<_>>()).collect();
        disk.directory = disk.whole(first)?;
        // The library takes such a mark for none of the name.
        let is_marked = |entry: &[u8]| MARKS.iter().any(|mark| entry.starts_with(mark));
        if disk.directory.chunks_exact(ENTRY).any(is_marked) {
            return Err(Broken("a name in its directory begins with a mark of byte order"));
        }
        Ok(Some(disk))
    }

    fn sector(&self, number: u32) -> &'a [u8] {
        let start = (number as usize + 1) * self.sector;
        let end = (start + self.sector).min(self.bytes.len());
        self.bytes.get(start..end).unwrap_or_default()
    }

    /// The bytes of a chain of sectors, as many as there should be.
    fn chain(&self, first: u32, size: usize) -> Result<Vec<u8>, Broken> {
        let (mut found, mut number, mut met) = (Vec::with_capacity(size.min(self.bytes.len())), first, 0);
        while number < NO_SECTOR && found.len() < size {
            let sector = self.sector(number);
            if sector.is_empty() {
                break;
            }
            found.extend_from_slice(sector);
            met += 1;
            if met * self.sector > self.bytes.len() {
                return Err(CIRCLE);
            }
            number = self.next.get(number as usize).copied().unwrap_or(NO_SECTOR);
        }
        found.truncate(size);
        Ok(found)
    }

    /// The bytes of a whole chain, which is a short one.
    fn whole(&self, first: u32) -> Result<Vec<u8>, Broken> {
        let found = self.chain(first, SHORT)?;
        if found.len() < SHORT { Ok(found) } else { Err(CIRCLE) }
    }

    /// The bytes of a chain of small sectors.
    fn small_chain(&self, first: u32, size: usize) -> Result<Vec<u8>, Broken> {
        let root = self.directory.get(..ENTRY).and_then(|root| long(root, 116)).unwrap_or(NO_SECTOR);
        let sectors = self.whole(root)?;
        let next: Vec<u32> = longs(&self.whole(self.small)?).collect();
        let (mut found, mut number) = (Vec::new(), first as usize);
        while found.len() < size {
            let start = number * SMALL_SECTOR;
            let Some(sector) = sectors.get(start..start + SMALL_SECTOR) else { break };
            found.extend_from_slice(sector);
            number = next.get(number).map_or(sectors.len(), |next| *next as usize);
        }
        found.truncate(size);
        Ok(found)
    }

    /// The first entry of the directory that is called `name`.
    fn entry(&self, name: &str) -> Option<&[u8]> {
        let name: Vec<u8> = name.encode_utf16().chain([0]).flat_map(u16::to_le_bytes).collect();
        self.directory.chunks_exact(ENTRY).find(|entry| entry.starts_with(&name))
    }

    /// The bytes of the stream of an entry.
    fn stream(&self, entry: &[u8]) -> Result<Vec<u8>, Broken> {
        let first = long(entry, 116).unwrap_or(NO_SECTOR);
        // Four more bytes of the size count where sectors are large.
        let more = long(entry, 124).filter(|more| *more > 0 && self.sector > 512);
        let size = if more.is_some() { usize::MAX } else { long(entry, 120).unwrap_or(0) as usize };
        if size < SMALL { self.small_chain(first, size) } else { self.chain(first, size) }
    }
}

/// The records of a stream: what each is, and its bytes.
fn records(mut stream: &[u8]) -> impl Iterator<Item = (u32, &[u8])> {
    std::iter::from_fn(move || {
        let (kind, size) = (short(stream, 0)?, short(stream, 2)? as usize);
        let data = stream.get(4..4 + size)?;
        stream = &stream[4 + size..];
        Some((kind, data))
    })
}

/// Where the sheets begin, as the head of the workbook says.
fn sheets(stream: &[u8]) -> Vec<usize> {
    let said = records(stream).take_while(|(kind, _)| *kind != END);
    let said = said.filter(|(kind, _)| *kind == SHEET).filter_map(|(_, data)| long(data, 0));
    said.map(|start| start as usize).filter(|start| *start < stream.len()).collect()
}

const END: u32 = 0x000A;
const SHEET: u32 = 0x0085;
/// The extent that a sheet says it has.
const EXTENT: u32 = 0x0200;
/// Several numbers of a row.
const NUMBERS: u32 = 0x00BD;
/// Cells of a sheet with all its rows and columns.
const LARGEST: u64 = 65_536 * 256;
/// Records of one cell: a formula, a text with forms, a text shared with others, a number, a text, a truth value, a short number.
const CELLS: [u32; 7] = [0x0006, 0x00D6, 0x00FD, 0x0203, 0x0204, 0x0205, 0x027E];

/// What one sheet takes.
struct Sheet {
    /// Cells between its first and its last, or more than any limit where it says of itself what no sheet can have.
    cells: u64,
    /// Bytes of its records.
    size: usize,
}

impl Sheet {
    /// Measures the sheet that begins a stream.
    fn measure(stream: &[u8]) -> Self {
        let (mut rows, mut columns) = (Span::default(), Span::default());
        let (mut said, mut size) = (0, 0);
        for (kind, data) in records(stream).take_while(|(kind, _)| *kind != END) {
            size += 4 + data.len();
            if kind == EXTENT {
                let (row, column) = if data.len() == 14 {
                    (long(data, 4), short(data, 10))
                } else {
                    (short(data, 2), short(data, 6))
                };
                said = said.max(u64::from(row.unwrap_or(0)) * u64::from(column.unwrap_or(0)));
            }
            let (Some(row), Some(column)) = (short(data, 0), short(data, 2)) else { continue };
            if kind == NUMBERS {
                // Six bytes each, between the row with its first column and the last one.
                let more = u32::try_from(data.len() / 6).unwrap_or(0).saturating_sub(1);
                columns.take(column + more);
            } else if !CELLS.contains(&kind) {
                continue;
            }
            rows.take(row);
            columns.take(column);
        }
        let cells = if said > LARGEST { u64::MAX } else { rows.length() * columns.length() };
        Self { cells, size }
    }
}

/// From the first to the last.
#[derive(Default)]
struct Span(Option<(u32, u32)>);

impl Span {
    fn take(&mut self, place: u32) {
        let (first, last) = self.0.unwrap_or((place, place));
        self.0 = Some((first.min(place), last.max(place)));
    }

    fn length(&self) -> u64 {
        self.0.map_or(0, |(first, last)| u64::from(last - first) + 1)
    }
}
