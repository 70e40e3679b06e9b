//! The words of the field: closed lists that tables, definitions and the API share.

use sea_orm::{DeriveActiveEnum, EnumIter, prelude::StringLen};
use serde::{Deserialize, Serialize};

macro_rules! kind {
    ($(#[$doc:meta])* $name:ident { $(#[$vdoc:meta] $variant:ident = $text:literal,)+ }) => {
        $(#[$doc])*
        #[derive(
            Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, EnumIter, DeriveActiveEnum, Serialize, Deserialize,
        )]
        #[sea_orm(rs_type = "String", db_type = "String(StringLen::N(20))")]
        #[serde(rename_all = "SCREAMING_SNAKE_CASE")]
        pub enum $name {
            $(#[$vdoc] #[sea_orm(string_value = $text)] #[serde(rename = $text)] $variant,)+
        }

        impl $name {
            /// Every value, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// Returns the name used in tables, definitions and the API.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// Returns the value called `text`.
            pub fn parse(text: &str) -> Option<Self> {
                match text { $($text => Some(Self::$variant),)+ _ => None }
            }
        }
    };
}

kind!(
    /// A classification of occupations.
    Classification {
        /// US Standard Occupational Classification, 2000.
        Soc2000 = "SOC_2000",
        /// US SOC, 2010.
        Soc2010 = "SOC_2010",
        /// US SOC, 2018.
        Soc2018 = "SOC_2018",
        /// O*NET-SOC 2019, SOC 2018 with two more digits.
        OnetSoc2019 = "ONET_SOC_2019",
        /// Canadian NOC, 2021.
        Noc2021 = "NOC_2021",
        /// Canadian NOC, 2016.
        Noc2016 = "NOC_2016",
        /// Canadian NOC, 2011: the codes and, but for a few titles, the groups of 2016.
        Noc2011 = "NOC_2011",
        /// UK SOC, 2020.
        UkSoc2020 = "UK_SOC_2020",
        /// UK SOC, 2010.
        UkSoc2010 = "UK_SOC_2010",
        /// ISCO, 2008.
        Isco08 = "ISCO_08",
        /// European ESCO occupations.
        Esco = "ESCO",
        /// Australian and New Zealand ANZSCO, 2022.
        Anzsco2022 = "ANZSCO_2022",
    }
);

kind!(
    /// How broad an occupation is.
    OccupationLevel {
        /// All occupations together.
        Total = "TOTAL",
        /// A major group.
        Major = "MAJOR",
        /// A minor group.
        Minor = "MINOR",
        /// A broad occupation.
        Broad = "BROAD",
        /// A detailed occupation.
        Detailed = "DETAILED",
        /// Finer than the classification's own detail.
        Extended = "EXTENDED",
    }
);

kind!(
    /// What sort of place a region is.
    RegionKind {
        /// A country.
        Country = "COUNTRY",
        /// Several countries.
        CountryGroup = "COUNTRY_GROUP",
        /// A US state or territory.
        State = "STATE",
        /// A Canadian province or territory.
        Province = "PROVINCE",
        /// A nation or region within a country.
        NationRegion = "NATION_REGION",
        /// A metropolitan area.
        Metro = "METRO",
        /// A nonmetropolitan area.
        Nonmetro = "NONMETRO",
        /// A Canadian economic region.
        EconomicRegion = "ECONOMIC_REGION",
        /// A city that a source names without a code.
        City = "CITY",
    }
);

kind!(
    /// How pay was observed. Figures of different methods are never averaged.
    PayMethod {
        /// A survey of employers or workers.
        Survey = "SURVEY",
        /// An administrative register.
        Register = "REGISTER",
        /// Job advertisements.
        Advert = "ADVERT",
        /// Self-reported by visitors of a site.
        Crowd = "CROWD",
        /// Stated in a filing with an authority.
        Filing = "FILING",
        /// Stated on a page, without data behind it.
        Editorial = "EDITORIAL",
    }
);

kind!(
    /// What the pay includes.
    PayConcept {
        /// Base pay.
        Base = "BASE",
        /// Gross pay, as the publisher defines it.
        Gross = "GROSS",
        /// Base, bonus and equity.
        TotalCompensation = "TOTAL_COMPENSATION",
        /// The source does not say.
        Unstated = "UNSTATED",
    }
);

kind!(
    /// The span one amount of pay is for.
    PayPeriod {
        /// An hour.
        Hour = "HOUR",
        /// A day.
        Day = "DAY",
        /// A week.
        Week = "WEEK",
        /// A month.
        Month = "MONTH",
        /// A year.
        Year = "YEAR",
    }
);

kind!(
    /// Whom a segment counts.
    Sex {
        /// Everybody.
        All = "ALL",
        /// Women.
        Female = "FEMALE",
        /// Men.
        Male = "MALE",
    }
);

kind!(
    /// Which working time a segment counts.
    WorkTime {
        /// All.
        All = "ALL",
        /// Full time.
        FullTime = "FULL_TIME",
        /// Part time.
        PartTime = "PART_TIME",
    }
);

kind!(
    /// Which experience a segment counts.
    Experience {
        /// All.
        All = "ALL",
        /// Entry level.
        Entry = "ENTRY",
        /// Middle.
        Mid = "MID",
        /// Senior.
        Senior = "SENIOR",
        /// Executive.
        Executive = "EXECUTIVE",
    }
);

kind!(
    /// SKOS mapping relation, read from the first side: `Broader` means the other is broader.
    MappingRelation {
        /// The same.
        Exact = "EXACT",
        /// Nearly the same.
        Close = "CLOSE",
        /// The other is broader.
        Broader = "BROADER",
        /// The other is narrower.
        Narrower = "NARROWER",
        /// A stand-in.
        Proxy = "PROXY",
    }
);

kind!(
    /// How employment is expected to change, in the words of one projection cycle.
    GrowthCategory {
        /// Much faster than all occupations together.
        MuchFasterThanAverage = "MUCH_FASTER_THAN_AVERAGE",
        /// Faster than all occupations together.
        FasterThanAverage = "FASTER_THAN_AVERAGE",
        /// About as fast as all occupations together.
        AsFastAsAverage = "AS_FAST_AS_AVERAGE",
        /// Slower than all occupations together.
        SlowerThanAverage = "SLOWER_THAN_AVERAGE",
        /// Hardly at all.
        LittleOrNoChange = "LITTLE_OR_NO_CHANGE",
        /// Fewer jobs.
        Decline = "DECLINE",
    }
);

kind!(
    /// Where a release stands.
    ReleaseStatus {
        /// Being loaded.
        Staged = "STAGED",
        /// Failed a check; not served.
        Held = "HELD",
        /// Served.
        Published = "PUBLISHED",
        /// Replaced by a newer edition or period.
        Superseded = "SUPERSEDED",
        /// Taken back.
        Withdrawn = "WITHDRAWN",
    }
);

kind!(
    /// Where the bytes come from.
    ArtifactOrigin {
        /// The publisher's own file.
        Publisher = "PUBLISHER",
        /// Figures of the publisher in another hand's file.
        Reexport = "REEXPORT",
    }
);

kind!(
    /// What a text about a role is.
    TextKind {
        /// Another name of the role.
        Alias = "alias",
        /// What people in it do.
        Duty = "duty",
        /// A question about it, with its answer.
        Question = "question",
        /// A way into it.
        Path = "path",
        /// A source that a page about it names.
        Citation = "citation",
    }
);

kind!(
    /// What sort of skill it is.
    SkillKind {
        /// A skill.
        Skill = "SKILL",
        /// A field of knowledge.
        Knowledge = "KNOWLEDGE",
        /// A tool or technology.
        Technology = "TECHNOLOGY",
        /// A programming or human language.
        Language = "LANGUAGE",
    }
);

kind!(
    /// What a monthly or quarterly series follows.
    SeriesMeasure {
        /// What consumers pay, as an index.
        ConsumerPrices = "CONSUMER_PRICES",
        /// What employers pay for labour, as an index.
        LabourCost = "LABOUR_COST",
        /// By how much advertised pay grew over twelve months, as a share of one.
        AdvertisedPayGrowth = "ADVERTISED_PAY_GROWTH",
    }
);

kind!(
    /// What a parity compares.
    ParityMeasure {
        /// Purchasing power over the whole economy: units of the currency for one international dollar.
        Ppp = "PPP",
        /// All that households buy in a place, the country being 100.
        RppAll = "RPP_ALL",
        /// Goods, the country being 100.
        RppGoods = "RPP_GOODS",
        /// Rents, the country being 100.
        RppHousing = "RPP_HOUSING",
        /// Utilities, the country being 100.
        RppUtilities = "RPP_UTILITIES",
        /// Other services, the country being 100.
        RppOther = "RPP_OTHER",
    }
);

impl Classification {
    /// Returns the editions of this classification, oldest first and itself among them; none where it has only one.
    pub fn editions(self) -> &'static [Self] {
        match self {
            Self::Soc2000 | Self::Soc2010 | Self::Soc2018 => &[Self::Soc2000, Self::Soc2010, Self::Soc2018],
            Self::Noc2011 | Self::Noc2016 | Self::Noc2021 => &[Self::Noc2011, Self::Noc2016, Self::Noc2021],
            Self::UkSoc2010 | Self::UkSoc2020 => &[Self::UkSoc2010, Self::UkSoc2020],
            Self::OnetSoc2019 | Self::Isco08 | Self::Esco | Self::Anzsco2022 => &[],
        }
    }
}

/// What stands in a cell: a value, a bound, or the reason there is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "SCREAMING_SNAKE_CASE")]
pub enum FigureKind {
    /// A value that may be compared freely.
    Exact,
    /// The value is this or more.
    AtLeast,
    /// The value is this or less.
    AtMost,
    /// Withheld by the publisher.
    Suppressed,
    /// Printed, or withheld, as too uncertain to use.
    Unreliable,
    /// Not collected.
    NotCollected,
    /// Has no meaning for this occupation: annual-only or hourly-only.
    NotApplicable,
    /// Not published at all.
    NotPublished,
}

impl FigureKind {
    const ALL: [Self; 8] = [
        Self::Exact,
        Self::AtLeast,
        Self::AtMost,
        Self::Suppressed,
        Self::Unreliable,
        Self::NotCollected,
        Self::NotApplicable,
        Self::NotPublished,
    ];

    /// Returns the kind as three bits.
    pub fn bits(self) -> i64 {
        self as i64
    }

    /// Returns the kind that the lowest three bits name.
    pub fn from_bits(bits: i64) -> Self {
        Self::ALL[usize::try_from(bits & 7).unwrap_or_default()]
    }
}
