//! Claims that no figure of another place, part of the workers, occupation, year or span may decide.

use entity::Classification;

use crate::{
    app::{App, ask},
    claims::{checked, expect, figure, figure_in, verdicts},
    made,
};

#[tokio::test]
async fn no_figure_of_another_place_part_of_the_workers_or_occupation_decides() {
    let schema = App::start().await.with_starter().await.schema().await;
    let us = figure(&schema, "electricians", "YEAR", "mean").await;
    let california = figure_in(&schema, "US-CA", "electricians", "YEAR", "mean").await;
    let georgia = figure_in(&schema, "US-GA", "electricians", "YEAR", "mean").await;
    for whom in [
        "Electricians in Europe",
        "Electricians in the Midwest",
        "Electricians in Manhattan",
        "Electricians in Cook County",
        "Electricians in Nairobi",
        "Electricians in California and Texas",
        "Entry-level electricians",
        "Female electricians",
        "Part-time electricians",
        "Electricians working for the federal government",
        "Electricians in the construction industry",
    ] {
        let sentence = format!("{whom} earn an average of ${us} a year.");
        expect(&schema, &sentence, &["NOT_CHECKABLE"], "The sentence speaks of ").await;
    }
    let amount =
        |place: &str, amount: f64| format!("Electricians earn an average of ${amount} a year {place}.");
    for (sentence, verdict, why) in [
        (amount("in Seattle, Washington", us), "NOT_CHECKABLE", "Seattle"),
        (amount("in Los Angeles, California", us), "NOT_CHECKABLE", "Los Angeles"),
        (amount("in California, USA", california), "SUPPORTED", "average"),
        (amount("in California, more than in Texas", california), "SUPPORTED", "average"),
        (amount("in California, more than in Texas", us), "CONTRADICTED", "average"),
        (amount("in Georgia", georgia), "SUPPORTED", "average"),
        (format!("Electricians in Georgia earn an average of ${georgia} a year."), "SUPPORTED", "average"),
        (
            "Employment of electricians is projected to grow 10 percent in Europe from 2024 to 2034.".into(),
            "NOT_CHECKABLE",
            "Europe",
        ),
        (
            "Employment of electricians in Georgia is projected to grow 10 percent from 2024 to 2034.".into(),
            "NOT_CHECKABLE",
            "in Georgia",
        ),
    ] {
        expect(&schema, &sentence, &[verdict], why).await;
    }
    let parted = format!("The mean wage of electricians is ${us} a year; in California it is ${california}.");
    expect(&schema, &parted, &["SUPPORTED", "SUPPORTED"], "average").await;
    let lawyers = figure(&schema, "lawyers", "YEAR", "median").await;
    for everybody in [
        "higher than the median annual wage for all occupations of $49,500",
        "more than three times the $49,500 median for all occupations",
        "far above the national median of $49,500",
    ] {
        let sentence = format!("The median annual wage for lawyers was ${lawyers}, {everybody}.");
        let checks = checked(&schema, &sentence).await;
        assert_eq!(checks[0]["verdict"], "SUPPORTED", "{checks:#?}");
        assert!(checks[1..].iter().all(|check| check["verdict"] == "NOT_CHECKABLE"), "{checks:#?}");
    }
    let paralegals = figure(&schema, "paralegals-and-legal-assistants", "YEAR", "median").await;
    let both =
        |whom: &str| format!("The median salary for lawyers is ${lawyers}, and for {whom} ${paralegals}.");
    expect(&schema, &both("paralegals"), &["SUPPORTED", "SUPPORTED"], "Paralegals").await;
    expect(&schema, &both("quidditch seekers"), &["SUPPORTED", "NOT_CHECKABLE"], "no known occupation").await;
}

#[tokio::test]
async fn no_figure_of_another_year_or_span_decides() {
    let app = App::start().await.with_starter().await;
    let text = made::national(&app.codes(Classification::Soc2010).await);
    app.take("bls-oews", "oews_national_2016.csv", text.as_bytes()).await.unwrap();
    let schema = app.schema().await;
    for said in [
        "Software developers: median $133,080 (May 2024).",
        "Software developers' median pay of $133,080 a year (BLS, 2024) is high.",
        "The 2024 median wage of software developers was $133,080 a year.",
        "Software developers earned a median of $133,080 a year according to May 2024 data.",
        "In fiscal 2024, software developers earned a median of $133,080 a year.",
        "The median salary of software developers was $133,080 in May 2024, up from $131,000 the year before.",
    ] {
        let checks = checked(&schema, said).await;
        let (verdict, made, now) = verdicts(&checks[0]);
        assert!(
            matches!(verdict, "SUPPORTED" | "STALE") && made == "SUPPORTED" && now == verdict,
            "{checks:#?}"
        );
        assert!(checks[1..].iter().all(|check| check["verdict"] == "NOT_CHECKABLE"), "{checks:#?}");
    }
    // Two years in one sentence, each amount with its own.
    let newest = figure(&schema, "cashiers", "YEAR", "median").await;
    let both = format!("Cashiers earned a median of $31,190 in May 2024 and ${newest} in May 2025.");
    let both = checked(&schema, &both).await;
    assert_eq!(
        (verdicts(&both[0]).1, verdicts(&both[1])),
        ("SUPPORTED", ("SUPPORTED", "SUPPORTED", "SUPPORTED")),
        "{both:#?}"
    );
    // A year of which nothing is here is not checked by another.
    let today = figure(&schema, "registered-nurses", "YEAR", "mean").await;
    for amount in [today, 75_510.0] {
        let said = format!("In May 2015 the mean annual wage of registered nurses was ${amount}.");
        expect(&schema, &said, &["NOT_CHECKABLE"], "no official figure of 2015").await;
    }
    // The code of that year was another edition's.
    let history = "{ role(by: { slug: \"registered-nurses\" }) { salaryHistory { band { reference { label } mean { amount } } } } }";
    let history = &ask(&schema, history).await["role"]["salaryHistory"];
    let first = &history[0]["band"];
    assert_eq!(first["reference"]["label"], "May 2016");
    let elder =
        format!("In May 2016 the mean annual wage of registered nurses was ${}.", first["mean"]["amount"]);
    let elder = checked(&schema, &elder).await;
    assert_eq!(verdicts(&elder[0]), ("STALE", "SUPPORTED", "STALE"), "{elder:#?}");
    for growth in [
        "Employment of cashiers is projected to grow 900 percent from 2023 to 2033.",
        "Employment of cashiers grew 900 percent from 1990 to 2000.",
        "Employment of registered nurses grew 4.9 percent between 2024 and 2025.",
        "Employment of software developers is projected to grow between 8 and 15.8 percent from 2024 to 2034.",
    ] {
        expect(&schema, growth, &["NOT_CHECKABLE"], "").await;
    }
    let words = "Employment of software developers will grow 15.8% (much faster than average) from 2023-33.";
    expect(&schema, words, &["NOT_CHECKABLE", "NOT_CHECKABLE"], "from 2023 to 2033 is loaded").await;
    for yearly in [
        "Employment of electricians is projected to grow 0.9 percent a year from 2024 to 2034.",
        "Employment of electricians is projected to grow at an annual rate of 0.9 percent from 2024 to 2034.",
    ] {
        expect(&schema, yearly, &["SUPPORTED"], "% a year").await;
    }
    let yearly = "Employment of electricians is projected to grow 9.5 percent per year from 2024 to 2034.";
    expect(&schema, yearly, &["CONTRADICTED"], "0.912% a year").await;
    let average = "Employment of software developers is projected to grow 15.8 percent from 2024 to 2034, much faster than the 3 percent average.";
    expect(&schema, average, &["SUPPORTED"], "15.8%").await;
}
