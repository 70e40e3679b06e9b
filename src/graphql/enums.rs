//! The closed lists of the contract, one to one with the words of the field.

mod codes;
mod figure;
mod order;
mod pay;
mod release;

pub(super) use self::{
    codes::{Classification, MappingRelation, OccupationLevel, RegionKind, SkillKind},
    figure::{ClaimVerdict, Comparability, Exchange, Fallback, FigureBasis, FigureKind, GrowthCategory},
    order::{GrowthProjectionOrderField, OrderDirection, RoleOrderField, SalaryBandOrderField},
    pay::{Experience, PayConcept, PayMethod, PayPeriod, Sex, WorkTime},
    release::{ArtifactOrigin, Freshness, ReleaseChangeKind, ReleaseSelection, ReleaseStatus},
};
