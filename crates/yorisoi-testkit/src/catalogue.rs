//! The worlds by name.

use std::fmt;
use std::str::FromStr;

use crate::{NieWager, Size, World};

/// A kind of world, with the name it has on a command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WorldKind {
    /// [`crate::randomised_rare`].
    RandomisedRare,
    /// [`crate::confounded`].
    Confounded(NieWager),
    /// [`crate::several_arms`].
    SeveralArms,
    /// [`crate::households`].
    Households,
    /// [`crate::no_effect`].
    NoEffect,
    /// [`crate::constant_effect`], of one half.
    ConstantEffect,
    /// [`crate::heavy_tailed_revenue`].
    HeavyTailedRevenue,
    /// [`crate::continuous_dose`].
    ContinuousDose,
    /// [`crate::noncompliance`].
    Noncompliance,
    /// [`crate::high_dimensional`].
    HighDimensional,
    /// [`crate::category_effect`].
    CategoryEffect,
    /// [`crate::signal_in_missingness`].
    SignalInMissingness,
}

/// No world has this name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("no world is called `{name}`; the worlds are {known}")]
pub struct UnknownWorld {
    /// The name asked for.
    pub name: String,
    /// The names there are.
    pub known: String,
}

impl WorldKind {
    /// Every kind, in the order of the documentation.
    pub const ALL: [Self; 15] = [
        Self::RandomisedRare,
        Self::Confounded(NieWager::A),
        Self::Confounded(NieWager::B),
        Self::Confounded(NieWager::C),
        Self::Confounded(NieWager::D),
        Self::SeveralArms,
        Self::Households,
        Self::NoEffect,
        Self::ConstantEffect,
        Self::HeavyTailedRevenue,
        Self::ContinuousDose,
        Self::Noncompliance,
        Self::HighDimensional,
        Self::CategoryEffect,
        Self::SignalInMissingness,
    ];

    /// Returns the name, as in `yorisoi world NAME`.
    pub fn name(self) -> &'static str {
        match self {
            Self::RandomisedRare => "randomised-rare",
            Self::Confounded(NieWager::A) => "confounded-a",
            Self::Confounded(NieWager::B) => "confounded-b",
            Self::Confounded(NieWager::C) => "confounded-c",
            Self::Confounded(NieWager::D) => "confounded-d",
            Self::SeveralArms => "several-arms",
            Self::Households => "households",
            Self::NoEffect => "no-effect",
            Self::ConstantEffect => "constant-effect",
            Self::HeavyTailedRevenue => "heavy-tailed-revenue",
            Self::ContinuousDose => "continuous-dose",
            Self::Noncompliance => "noncompliance",
            Self::HighDimensional => "high-dimensional",
            Self::CategoryEffect => "category-effect",
            Self::SignalInMissingness => "signal-in-missingness",
        }
    }

    /// Returns the world of this kind and size.
    pub fn generate(self, size: Size) -> World {
        match self {
            Self::RandomisedRare => crate::randomised_rare(size),
            Self::Confounded(setup) => crate::confounded(setup, size),
            Self::SeveralArms => crate::several_arms(size),
            Self::Households => crate::households(size),
            Self::NoEffect => crate::no_effect(size),
            Self::ConstantEffect => crate::constant_effect(size, 0.5),
            Self::HeavyTailedRevenue => crate::heavy_tailed_revenue(size),
            Self::ContinuousDose => crate::continuous_dose(size),
            Self::Noncompliance => crate::noncompliance(size),
            Self::HighDimensional => crate::high_dimensional(size),
            Self::CategoryEffect => crate::category_effect(size),
            Self::SignalInMissingness => crate::signal_in_missingness(size),
        }
    }
}

impl fmt::Display for WorldKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for WorldKind {
    type Err = UnknownWorld;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Self::ALL.into_iter().find(|kind| kind.name() == name).ok_or_else(|| UnknownWorld {
            name: name.to_owned(),
            known: Self::ALL.map(Self::name).join(", "),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_leads_back_to_its_kind() {
        for kind in WorldKind::ALL {
            assert_eq!(kind.name().parse(), Ok(kind));
        }
    }

    #[test]
    fn an_unknown_name_lists_the_known_ones() {
        let err = "atlantis".parse::<WorldKind>().unwrap_err();
        assert!(err.to_string().contains("`atlantis`") && err.to_string().contains("households"));
    }
}
