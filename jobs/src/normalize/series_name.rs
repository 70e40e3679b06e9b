//! What the names of series say.

use super::{RejectCode, row::Fault};
use crate::codes;

/// A series of pay of one occupation in one place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Named {
    /// Our code of the region.
    pub region: String,
    /// The industry, empty for all.
    pub industry: String,
    /// The occupation.
    pub code: String,
    /// What is measured.
    pub measure: String,
}

/// Reads the name of a series of OEWS: `OE`, `U`, the kind of area, seven figures of the area, six of the industry, six
/// of the occupation and two of the datatype. Source: series identifiers of the publisher's public data API.
pub(crate) fn oews(name: &str) -> Result<Named, Fault> {
    let wrong = || (RejectCode::MalformedSeries, format!("`{name}` is not the name of a series of OEWS"));
    let rest =
        name.strip_prefix("OEU").filter(|rest| rest.len() == 22 && rest.is_ascii()).ok_or_else(wrong)?;
    let (kind, figures) = rest.split_at(1);
    if !figures.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(wrong());
    }
    let (area, industry) = (&figures[..7], &figures[7..13]);
    let region = match kind {
        "N" => Some("US".to_owned()),
        "S" => codes::region_of_fips(&area[..2]).map(ToOwned::to_owned),
        "M" => codes::region_of_code(&format!("CBSA:{}", &area[2..])).map(ToOwned::to_owned),
        _ => return Err(wrong()),
    };
    Ok(Named {
        region: region.ok_or_else(|| {
            (RejectCode::UnknownRegion, format!("`{area}` in `{name}` is no region we know"))
        })?,
        industry: if industry == "000000" { String::new() } else { industry.to_owned() },
        code: format!("{}-{}", &figures[13..15], &figures[15..19]),
        measure: figures[19..].to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_place_industry_occupation_and_measure() {
        let read =
            |name: &str| oews(name).map(|named| (named.region, named.industry, named.code, named.measure));
        let of = |parts: [&str; 4]| {
            let [region, industry, code, measure] = parts.map(str::to_owned);
            Ok((region, industry, code, measure))
        };
        assert_eq!(read("OEUN000000000000029102313"), of(["US", "", "29-1023", "13"]));
        assert_eq!(read("OEUS060000000000015125204"), of(["US-CA", "", "15-1252", "04"]));
        assert_eq!(read("OEUM004186023110015125204"), of(["CBSA:41860", "231100", "15-1252", "04"]));
        for wrong in
            ["", "OEUX000000000000029102313", "OEUN00000000000002910231", "OEUN00000000000002910231é"]
        {
            assert_eq!(read(wrong).unwrap_err().0, RejectCode::MalformedSeries, "{wrong}");
        }
        assert_eq!(read("OEUM009999900000015125204").unwrap_err().0, RejectCode::UnknownRegion);
    }
}
