//! What pages say, as it is read: figures, places, facts, and what is not certain enough to be one.

use super::*;

fn read(bytes: &[u8], name: &str) -> Result<Page, PageError> {
    super::read(bytes, name, &[])
}

/// The seed page of the folder beside the project, `../shared/data`; none where that is not at hand.
fn seed() -> Option<String> {
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data");
    if !folder.exists() {
        eprintln!("left out: the seed page is not in {}", folder.display());
        return None;
    }
    Some(std::fs::read_to_string(folder.join("seed/back-end-developer.txt")).expect("the seed page"))
}

/// Region, currency, low, high and mean, in whole units.
type Said<'a> = (&'a str, &'a str, Option<i64>, Option<i64>, Option<i64>);

fn summary(page: &Page) -> Vec<Said<'_>> {
    page.bands
        .iter()
        .map(|band| {
            let whole = |minor: Option<i64>| minor.map(|minor| minor / 100);
            (
                band.region.as_str(),
                band.currency.as_str(),
                whole(band.low),
                whole(band.high),
                whole(band.mean),
            )
        })
        .collect()
}

fn expect_seed(page: &Page) {
    assert_eq!(
        summary(page),
        [
            ("US", "USD", Some(72_000), Some(146_000), Some(100_000)),
            ("US-CITY:san-francisco", "USD", None, None, Some(122_000)),
            ("US-CITY:new-york", "USD", None, None, Some(110_000)),
            ("CA", "CAD", Some(60_000), Some(120_000), Some(85_000)),
            ("GB", "GBP", Some(35_000), Some(85_000), Some(55_000)),
        ]
    );
    assert!(page.bands.iter().all(|band| band.period == PayPeriod::Year));
    let [growth] = page.growth.as_slice() else { panic!("one growth, not {:?}", page.growth) };
    assert_eq!((growth.percent_thousandths, growth.base_year, growth.target_year), (21_000, 2019, 2029));
    assert_eq!(growth.region, "US");
    assert_eq!(growth.authority.as_deref(), Some("Bureau of Labor Statistics"));
    assert_eq!(growth.words.as_deref(), Some("much faster than the average for all occupations"));
    assert_eq!(page.title, "Back End Developer");
    assert_eq!(page.updated, NaiveDate::from_ymd_opt(2023, 7, 19));
    assert_eq!(page.duties.len(), 9);
    assert_eq!(page.faq.len(), 5);
    assert!(page.education.as_ref().is_some_and(|text| text.contains("degree in computer science")));
    assert!(page.experience.as_ref().is_some_and(|text| text.contains("experience")));
    assert_eq!(page.paths.len(), 2);
    assert_eq!(page.citations, ["Glassdoor", "Payscale", "Indeed"]);
    for name in ["Java", "Python", "PHP", "Ruby"] {
        assert!(page.skills.contains(&PageSkill { name: name.into(), kind: SkillKind::Language }), "{name}");
    }
    assert!(page.skills.contains(&PageSkill { name: "PostgreSQL".into(), kind: SkillKind::Technology }));
    assert!(page.skills.contains(&PageSkill { name: "version control".into(), kind: SkillKind::Skill }));
}

/// The same text as a page would have it: paragraphs, headings and lists.
fn as_html(text: &str) -> String {
    let mut html =
        String::from("<!DOCTYPE html><html><head><title>Jobs</title><style>p { x: $1 }</style></head><body>");
    for block in block::document(text).blocks {
        let tag = match block.kind {
            block::Kind::Heading => "h2",
            block::Kind::Paragraph => "p",
            block::Kind::Item => "li",
        };
        html += &["<", tag, "><span>", &block.text.replace('&', "&amp;"), "</span></", tag, ">\n"].concat();
    }
    html + "</body></html>"
}

#[test]
fn the_seed_page_yields_every_figure_and_fact() {
    let Some(seed) = seed() else { return };
    let page = read(seed.as_bytes(), "seed.txt").expect("a page");
    expect_seed(&page);
    let us = &page.bands[0].locator;
    assert!(us.starts_with("paragraph ") && us.contains("$72,000 to $146,000"), "{us}");
    assert!(us.split_whitespace().count() <= 17, "{us}");
}

#[test]
fn the_same_page_as_html_says_the_same() {
    let Some(seed) = seed() else { return };
    expect_seed(&read(as_html(&seed).as_bytes(), "seed.html").expect("a page"));
}

#[test]
fn mojibake_does_not_break_a_number() {
    let seed = seed();
    for (seed, pound) in seed.iter().flat_map(|seed| ["Â£", "¬£"].map(|pound| (seed, pound))) {
        let text = seed.replace('£', pound);
        expect_seed(&read(text.as_bytes(), "seed.txt").expect("a page"));
    }
    let bytes = encoding_rs::WINDOWS_1252
        .encode("Cook\n\nPay\n\nIn the UK the average salary is £23,500 per year.")
        .0
        .into_owned();
    assert_eq!(
        summary(&read(&bytes, "cook.txt").expect("a page")),
        [("GB", "GBP", None, None, Some(23_500))]
    );
}

#[test]
fn structured_records_come_before_prose() {
    let record = serde_json::json!({ "@graph": [{ "@type": "Occupation", "name": "Chef", "occupationLocation": [{ "@type": "City", "name": "Toronto" }],
        "estimatedSalary": [{ "@type": "MonetaryAmountDistribution", "currency": "CAD", "duration": "PT1H", "median": "21.50", "percentile10": 16.25, "percentile90": 30 }] }] });
    let html = format!(
        "<html><head><script type='application/ld+json'>{record}</script></head><body><h1>Chef salary</h1><p>In Toronto a chef earns an average of $22 an hour.</p></body></html>"
    );
    let page = read(html.as_bytes(), "chef.html").expect("a page");
    assert_eq!(page.title, "Chef");
    let [band] = page.bands.as_slice() else { panic!("one band, not {:?}", page.bands) };
    assert_eq!(
        (band.region.as_str(), band.period, band.median, band.mean),
        ("CA-CITY:toronto", PayPeriod::Hour, Some(2150), Some(2200))
    );
    assert_eq!(band.percentiles, [(Cell::P10, 1625), (Cell::P90, 3000)]);
    assert_eq!(band.locator, "JSON-LD /0/@graph/0/estimatedSalary/0");
}

#[test]
fn pay_is_of_the_latest_day_a_record_of_the_place_bears() {
    let posting = |place: &str, day: &str, low: u32| {
        serde_json::json!({ "@type": "JobPosting", "title": "Cooper", "datePosted": day,
            "jobLocation": { "address": { "addressCountry": place } },
            "baseSalary": { "currency": "EUR", "value": { "minValue": low, "maxValue": 90_000, "unitText": "YEAR" } } })
    };
    let read =
        |records: serde_json::Value| read(records.to_string().as_bytes(), "cooper.json").expect("a page");
    let day = |text: &str| Some(text.parse::<NaiveDate>().expect("a day"));
    let days = |page: &Page| -> Vec<(String, Option<i64>, Option<NaiveDate>)> {
        page.bands.iter().map(|band| (band.region.clone(), band.low, band.day)).collect()
    };
    let (german, french) = (posting("DE", "2019-10-09", 40_000), posting("FR", "2021-01-02", 50_000));
    let page = read(serde_json::json!([german, french]));
    let of = |region: &str, low: i64, text: &str| (region.to_owned(), Some(low * 100), day(text));
    let both = [of("DE", 40_000, "2019-10-09"), of("FR", 50_000, "2021-01-02")];
    assert_eq!((days(&page), page.updated, page.older), (both.to_vec(), day("2021-01-02"), 0));
    // The order in which they stand does not matter, and neither gives the other an end of its range.
    for pair in [[20_200, 20_240], [20_240, 20_200]] {
        let of_day = |low: u32| posting("DE", if low == 20_240 { "2024-01-01" } else { "2020-01-01" }, low);
        let page = read(serde_json::json!([of_day(pair[0]), of_day(pair[1])]));
        assert_eq!((days(&page), page.older), (vec![of("DE", 20_240, "2024-01-01")], 1));
    }
    // What bears no day is of no other record's.
    let mut silent = posting("AT", "", 45_000);
    let page = read(serde_json::json!([german, silent]));
    assert_eq!((page.bands[1].day, page.updated), (None, None));
    silent["dateModified"] = "2025-05-05".into();
    let page = read(serde_json::json!([german, silent]));
    assert_eq!((page.bands[0].day, page.bands[1].day), (day("2019-10-09"), day("2025-05-05")));
    assert_eq!(page.updated, day("2025-05-05"));
}

#[test]
fn a_page_without_numbers_is_a_page_without_figures() {
    let page =
        read(b"Beekeeper\n\nDuties\n\n- Look after bees\n\nPay\n\nPay depends on the harvest.", "bees.txt")
            .expect("a page");
    assert_eq!((page.title.as_str(), page.bands.len(), page.growth.len()), ("Beekeeper", 0, 0));
    assert_eq!(page.duties, ["Look after bees"]);
}

#[test]
fn what_is_not_certain_is_not_a_figure() {
    for text in [
        "You need 5 years of experience, a 401(k) and 24/7 duty in 2023 in the US.",
        "The salary in the US is $72.000 per year on average.",
        "On average they bill 35,000 a year in Canada.",
        "The average budget of a film is $90,000 in Paris.",
        "Salary: $90,000.",
        "Jobs will grow 12 percent soon.",
        "Jobs grew 12 percent, then 14 percent from 2019 to 2029, says the BLS.",
    ] {
        let page = read(format!("Job\n\nOutlook\n\n{text}").as_bytes(), "job.txt").expect("a page");
        assert_eq!((page.bands.len(), page.growth.len()), (0, 0), "{text}: {page:?}");
    }
}

#[test]
fn amounts_are_read_as_people_write_them() {
    for (text, expected) in [
        (
            "Pay in Seattle ranges from $72k to $146k a year.",
            ("US-CITY:seattle", "USD", Some(72_000), Some(146_000), None),
        ),
        ("Pay in the US is $72–146K per year.", ("US", "USD", Some(72_000), Some(146_000), None)),
        ("In Germany the average salary is €52.500 per year.", ("DE", "EUR", None, None, Some(52_500))),
        ("In Canada the average salary is 61,000 CAD annually.", ("CA", "CAD", None, None, Some(61_000))),
        ("Nurses in Australia earn an average of $82 000 per year.", ("AU", "AUD", None, None, Some(82_000))),
        ("Workers in California earn up to $99,000 a year.", ("US-CA", "USD", None, Some(99_000), None)),
        (
            "Workers in New York earn between $50,000 and $60,000 a year.",
            ("US-NY", "USD", Some(50_000), Some(60_000), None),
        ),
    ] {
        let page = read(format!("Job\n\nPay\n\n{text}").as_bytes(), "job.txt").expect("a page");
        assert_eq!(summary(&page), [expected], "{text}");
    }
}

#[test]
fn an_amount_is_of_the_place_beside_it() {
    for (text, known) in [
        ("Electricians earn an average of $71,490 a year in Seattle, Washington.", "US-CITY:seattle"),
        ("The average is $71,490 a year for electricians in Houston, Texas.", "US-CITY:houston"),
        ("Electricians earn an average of $85,780 a year in California, USA.", "US-CA"),
        ("They earn an average of $85,780 a year in California, more than in Texas.", "US-CA"),
        ("Electricians in Georgia earn an average of $61,590 a year.", "US-GA"),
        ("Electricians in Atlanta, Georgia earn an average of $61,590 a year.", "US-CITY:atlanta"),
        ("Electricians in New York, New York earn an average of $61,590 a year.", "US-CITY:new-york"),
        ("They earn an average of $124,590 a year; Californians do well.", "US"),
    ] {
        let page = read(format!("Job\n\nPay\n\n{text}").as_bytes(), "job.txt").expect("a page");
        let regions: Vec<&str> = page.bands.iter().map(|band| band.region.as_str()).collect();
        assert_eq!(regions, [known], "{text}");
    }
    let page = read(b"Job\n\nPay in Texas\n\nThe average is $77,000 a year.", "job.txt").expect("a page");
    assert_eq!(page.bands[0].region, "US-TX");
}

#[test]
fn an_amount_of_no_single_place_or_of_a_part_of_the_workers_is_refused() {
    for (text, code) in [
        ("In the Midwest, the average salary is $77,000.", "unknown-region"),
        ("The average salary is $77,000 in California and Texas.", "unknown-region"),
        ("Data scientists in Nairobi earn an average of $77,000 a year.", "unknown-region"),
        ("Senior data scientists earn an average of $77,000 a year.", "part-of-workers"),
    ] {
        let page = read(format!("Job\n\nPay\n\n{text}").as_bytes(), "job.txt").expect("a page");
        assert!(page.bands.is_empty(), "{text}: {:?}", page.bands);
        let [refused] = page.refused.as_slice() else { panic!("{text}: {:?}", page.refused) };
        assert_eq!((refused.code.code(), refused.raw.as_str()), (code, text));
    }
    let yearly = "In the US jobs will grow 0.9 percent a year from 2024 to 2034, says the BLS.";
    let page = read(format!("Job\n\nOutlook\n\n{yearly}").as_bytes(), "job.txt").expect("a page");
    assert!(page.growth.is_empty(), "{:?}", page.growth);
}

#[test]
fn percentiles_and_their_authority_are_kept() {
    let text = "Nurse\n\nPay\n\nAccording to the Bureau of Labor Statistics, the median annual wage in the US was $86,070, the lowest 10 percent earned less than $63,720, and the highest 10 percent earned more than $132,680.";
    let page = read(text.as_bytes(), "nurse.txt").expect("a page");
    let [band] = page.bands.as_slice() else { panic!("one band, not {:?}", page.bands) };
    assert_eq!(band.median, Some(8_607_000));
    assert_eq!(band.percentiles, [(Cell::P10, 6_372_000), (Cell::P90, 13_268_000)]);
    assert_eq!(band.cited_authority.as_deref(), Some("Bureau of Labor Statistics"));
}

#[test]
fn an_authority_is_whoever_says_it() {
    for (text, name) in [
        ("The BLS projects that jobs will grow 9 percent from 2023 to 2033.", "BLS"),
        (
            "The U.S. Bureau of Labor Statistics (BLS) expects jobs to grow 9 percent from 2023 to 2033.",
            "U.S. Bureau of Labor Statistics",
        ),
        ("Jobs will grow 9 percent from 2023 to 2033, says the BLS.", "BLS"),
    ] {
        let page = read(format!("Job\n\nOutlook\n\n{text}").as_bytes(), "job.txt").expect("a page");
        let [growth] = page.growth.as_slice() else { panic!("{text}: {:?}", page.growth) };
        assert_eq!((growth.authority.as_deref(), growth.region.as_str()), (Some(name), "US"), "{text}");
    }
}

#[test]
fn a_decline_is_negative() {
    let text =
        "Typist\n\nOutlook\n\nIn the US employment is projected to decline 38.5 percent from 2021 to 31.";
    let page = read(text.as_bytes(), "typist.txt").expect("a page");
    let [growth] = page.growth.as_slice() else { panic!("{:?}", page.growth) };
    assert_eq!((growth.percent_thousandths, growth.target_year), (-38_500, 2031));
}

#[test]
fn files_that_are_no_pages_are_refused() {
    let name = || "x".to_owned();
    assert_eq!(read(b"", "x"), Err(PageError::Empty(name())));
    assert_eq!(read(b" \n\t ", "x"), Err(PageError::Empty(name())));
    assert_eq!(read(b"PK\x03\x04rest", "x"), Err(PageError::Binary(name())));
    assert!(matches!(read(&vec![b'a'; LARGEST + 1], "x"), Err(PageError::TooLarge(_))));
    assert_eq!(read("<div>".repeat(100_000).as_bytes(), "x"), Err(PageError::TooDeep(name())));
}
