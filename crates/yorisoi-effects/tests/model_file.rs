//! Model files: what is written opens the same, anything else is refused, nothing panics.

use yorisoi_data::{Better, BinnerOptions, Dataset, DatasetOptions, Roles, Silent};
use yorisoi_effects::{
    EffectModel, EffectParams, Effects, ModelError, NuisanceLearner, Trees, fit_effects,
};
use yorisoi_testkit::{Size, World, WorldKind, to_table};

const HEADER: usize = 52;

fn small_model(kind: WorldKind) -> (Dataset, EffectModel) {
    small_model_by(NuisanceLearner::Boosted, kind)
}

fn small_model_by(nuisances: NuisanceLearner, kind: WorldKind) -> (Dataset, EffectModel) {
    let world: World = kind.generate(Size::new(600, 7));
    let roles = Roles { control: None, ..Roles::new(World::TREATMENT, World::OUTCOME) };
    let options = DatasetOptions {
        binner: BinnerOptions { max_bins: 16, ..BinnerOptions::default() },
        ..DatasetOptions::default()
    };
    let data = Dataset::from_table(&to_table(&world), &roles, &options).expect("a usable world");
    let rows: Vec<u32> = (0..data.n_units() as u32).collect();
    let params = EffectParams { n_trees: Trees::Fixed(8), nuisances, ..EffectParams::default() };
    let model = fit_effects(&data, &rows, &params, &Silent).expect("a fit").model;
    (data, model)
}

fn all_rows(data: &Dataset) -> Vec<u32> {
    (0..data.n_units() as u32).collect()
}

#[test]
fn a_written_model_opens_and_answers_the_same() {
    for kind in [WorldKind::SeveralArms, WorldKind::CategoryEffect] {
        let (data, model) = small_model(kind);
        let opened = EffectModel::from_bytes(&model.to_bytes()).unwrap();
        assert_eq!(opened, model);
        let rows = all_rows(&data);
        let answer = |model: &EffectModel| model.effects(&data.features, &rows, &Silent);
        assert_eq!(answer(&opened), answer(&model));
    }
}

#[test]
fn a_model_says_what_it_was_learned_from() {
    let (data, model) = small_model(WorldKind::RandomisedRare);
    let model = model.with_names("offer", "left", Better::Less);
    let opened = EffectModel::from_bytes(&model.to_bytes()).unwrap();
    let origin = opened.origin();
    assert_eq!((origin.treatment.as_str(), origin.outcome.as_str()), ("offer", "left"));
    assert_eq!((origin.better, &origin.fingerprint), (Better::Less, &data.fingerprint));
}

#[test]
fn a_model_of_an_older_format_is_refused_with_both_numbers() {
    let (_, model) = small_model(WorldKind::RandomisedRare);
    let mut bytes = model.to_bytes();
    bytes[8..12].copy_from_slice(&4_u32.to_le_bytes());
    let refused = EffectModel::from_bytes(&bytes).unwrap_err();
    assert_eq!(refused, ModelError::Version { actual: 4, expected: 5 });
    assert!(refused.hint().contains("fit the model again"));
}

#[test]
fn one_changed_byte_is_refused_wherever_it_is() {
    let (_, model) = small_model(WorldKind::RandomisedRare);
    let bytes = model.to_bytes();
    for at in (0..HEADER).chain((HEADER..bytes.len()).step_by(97)) {
        let mut changed = bytes.clone();
        changed[at] ^= 0x10;
        assert!(EffectModel::from_bytes(&changed).is_err(), "byte {at} was changed unnoticed");
    }
}

#[test]
fn every_cut_is_refused() {
    let (_, model) = small_model(WorldKind::RandomisedRare);
    let bytes = model.to_bytes();
    for length in (0..bytes.len()).step_by(61) {
        assert!(EffectModel::from_bytes(&bytes[..length]).is_err(), "{length} bytes opened");
    }
    assert_eq!(EffectModel::from_bytes(b"not a model at all"), Err(ModelError::NotAModel));
}

/// A checksum keeps accidents out, not intent: bodies changed under a fresh checksum must be refused
/// or answer, and never panic or hang.
#[test]
fn a_forged_body_is_refused_or_answers() {
    let (data, model) = small_model(WorldKind::RandomisedRare);
    let bits = (HEADER..model.to_bytes().len())
        .step_by(7)
        .flat_map(|at| [0, 1, 2, 3, 4, 5, 6, 7].map(|bit| (at, bit)));
    forge(&data, &model, bits);
}

/// As above, with forests for nuisances: a longer body, of which fewer places are tried, all kinds among them.
#[test]
fn a_forged_forest_of_nuisances_is_refused_or_answers() {
    let (data, model) = small_model_by(NuisanceLearner::Forest, WorldKind::RandomisedRare);
    let n_bytes = model.to_bytes().len();
    let bits = (HEADER..n_bytes).step_by(n_bytes / 300).zip((0..8).cycle());
    forge(&data, &model, bits);
}

/// Flips one bit of the body at each place under a fresh checksum.
fn forge(data: &Dataset, model: &EffectModel, places: impl Iterator<Item = (usize, u32)>) {
    let (bytes, rows) = (model.to_bytes(), all_rows(data));
    let (mut refused, mut answered) = (0, 0);
    for (at, bit) in places {
        let mut forged = bytes.clone();
        forged[at] ^= 1 << bit;
        let hash = *blake3::hash(&forged[HEADER..]).as_bytes();
        forged[20..HEADER].copy_from_slice(&hash);
        let Ok(model) = EffectModel::from_bytes(&forged) else {
            refused += 1;
            continue;
        };
        if model.binner().names.len() == data.features.n_features() {
            // A row among sixteen walked side by side, and the same row alone.
            let together = model.effects(&data.features, &rows[..16], &Silent);
            let alone = model.effects(&data.features, &rows[3..4], &Silent);
            let of = |effects: &Effects, at| effects.arms[0].tau_hat[at];
            let (together, alone): (f64, f64) = (of(&together, 3), of(&alone, 0));
            assert_eq!(together.to_bits(), alone.to_bits(), "byte {at}, bit {bit}");
            let _ = model.nuisances(&data.features, &rows[..16], None);
        }
        let _ = model.importance();
        answered += 1;
    }
    assert!(refused > 0 && answered > 0, "{refused} refused, {answered} answered");
}
