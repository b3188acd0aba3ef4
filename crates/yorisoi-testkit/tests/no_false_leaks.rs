//! No world's honest feature is taken for one that gives the answer away.

use yorisoi_data::{Dataset, DatasetOptions, Roles, Treatment, TreatmentKind};
use yorisoi_testkit::{Size, WorldKind, to_table};

#[test]
fn no_feature_of_any_world_is_called_a_near_leak() {
    for kind in WorldKind::ALL {
        for (n_units, seed) in [(1_000, 1), (1_000, 2), (10_000, 3)] {
            let world = kind.generate(Size::new(n_units, seed));
            let mut options = DatasetOptions::default();
            if matches!(world.treatment, Treatment::Dose(_)) {
                options.treatment = TreatmentKind::Dose;
            }
            let roles = Roles::new("arm", "outcome");
            // The instrument of a world of offers is known to move the treatment, and stays in as a feature.
            let data = Dataset::from_table(&to_table(&world), &roles, &options).expect("a dataset");
            let near = data.notices.iter().find(|one| one.code.starts_with("feature.nearly"));
            assert!(near.is_none(), "{}, {n_units} rows: {near:?}", kind.name());
        }
    }
}
