//! Does a model bring the evidence of its quality along?

use yorisoi::data::{Column, Features, Roles, Silent, Table, Values};
use yorisoi::{Study, StudyOptions};
use yorisoi_app::{Evaluation, Settings};
use yorisoi_decision::Attribute;

use crate::common::{House, analyst, house, lead, person, service};

/// A study of one feature, on which help helps the old. Rows are drawn by hash.
fn study() -> Study {
    let n = 800_u32;
    let age: Vec<f64> = (0..n).map(|k| f64::from(20 + k * 7 % 60)).collect();
    let below = |k: u32, purpose: u8, share: u16| {
        let hash = blake3::hash(&[k.to_le_bytes().as_slice(), &[purpose]].concat());
        u16::from(hash.as_bytes()[0]) < share
    };
    let (mut codes, mut stayed) = (Vec::new(), Vec::new());
    for k in 0..n {
        let is_helped = below(k, 1, 128);
        codes.push(u32::from(is_helped));
        let gains = is_helped && age[k as usize] > 50.0;
        stayed.push(f64::from(u8::from(below(k, 2, if gains { 230 } else { 128 }))));
    }
    let levels = vec!["hold".to_owned(), "plan_review".to_owned()];
    let table = Table::new(vec![
        Column { name: "action".to_owned(), values: Values::Category { codes, levels } },
        Column { name: "stayed".to_owned(), values: Values::Numeric(stayed) },
        Column { name: "age".to_owned(), values: Values::Numeric(age) },
    ])
    .unwrap();
    let roles = Roles {
        control: Some("hold".to_owned()),
        features: Features::Only(vec!["age".to_owned()]),
        ..Roles::new("action", "stayed")
    };
    yorisoi::study(&table, &roles, &StudyOptions::default(), &Silent).unwrap()
}

/// Lets a registered model decide.
async fn promote(house: &House, model: &str) {
    let attributes = [("age".to_owned(), Attribute::Number(70.0))].into();
    let input = yorisoi_app::ClientInput { attributes, ..person("old") };
    house.app.add_client(&service(), input).await.unwrap();
    house.app.shadow_model(&analyst(), model).await.unwrap();
    house.app.promote_model(&analyst(), model).await.unwrap();
}

#[tokio::test]
async fn the_model_in_use_shows_the_evaluation_it_was_registered_with() {
    let house = house(|_| {}).await;
    assert_eq!(house.app.live_model(&lead()).await.unwrap(), None);
    let study = study();
    let file = study.model.to_bytes();
    let bare = house.app.register_model(&analyst(), file.clone(), None).await.unwrap();
    promote(&house, &bare.card.model).await;
    let live = house.app.live_model(&lead()).await.unwrap().unwrap();
    assert_eq!(live.evaluation, Evaluation::Missing);

    // Registered again with its summary, it is the same model, now with its evidence.
    house.app.register_study(&analyst(), file, study.summary.clone()).await.unwrap();
    assert_eq!(house.app.models(&analyst()).await.unwrap().len(), 1);
    let live = house.app.live_model(&lead()).await.unwrap().unwrap();
    let Evaluation::Kept(summary) = live.evaluation else {
        panic!("it was registered with its evaluation")
    };
    assert_eq!(summary.verdict, study.summary.verdict);
    assert_eq!(summary.calibration.len(), 1);
    assert!(summary.plan.curve.len() > 1);
    let refused = house.app.live_model(&service()).await.unwrap_err();
    assert_eq!(refused.status(), 403);
}

#[tokio::test]
async fn a_summary_of_another_study_is_refused_with_words() {
    let house = house(|_| {}).await;
    let study = study();
    let mut other = study.summary.clone();
    other.data.features = vec!["income".to_owned()];
    let file = study.model.to_bytes();
    let error = house.app.register_study(&analyst(), file, other).await.unwrap_err();
    assert_eq!(error.code(), "model.unusable");
    assert!(error.to_string().contains("other arms or features"), "{error}");
    assert!(house.app.models(&analyst()).await.unwrap().is_empty(), "nothing was registered");
}

#[tokio::test]
#[expect(clippy::disallowed_methods, reason = "the test changes a file that the house keeps")]
async fn an_evaluation_that_was_changed_on_the_disk_is_not_shown() {
    let folder = tempfile::tempdir().unwrap();
    let settings = Settings { folder: Some(folder.path().to_owned()), ..Settings::default() };
    let house = crate::common::house_with(settings).await;
    let study = study();
    let file = study.model.to_bytes();
    let view = house.app.register_study(&analyst(), file, study.summary.clone()).await.unwrap();
    promote(&house, &view.card.model).await;
    let kept = house.app.live_model(&lead()).await.unwrap().unwrap();
    assert!(matches!(kept.evaluation, Evaluation::Kept(_)));

    let path = folder.path().join(format!("models/{}.summary.json", view.card.model));
    let better = std::fs::read_to_string(&path).unwrap().replacen("\"proven\":", "\"proven\" :", 1);
    std::fs::write(&path, better).unwrap();
    let live = house.app.live_model(&lead()).await.unwrap().unwrap();
    let Evaluation::Lost { why } = live.evaluation else { panic!("a forgery is shown") };
    assert!(why.contains("not the one that was registered"), "{why}");
}
